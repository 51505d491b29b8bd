"""People with accounts: who they are, in which role, for which provinces. Kept under the role ``rasad_gate``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from dashboard.access import passwords
from dashboard.access.person import Person
from dashboard.access.roles import ROLES
from dashboard.claims.database import Database
from dashboard.jurisdictions import Jurisdiction

_COLUMNS = (
    "id, login, name, role, provinces, password_hash, must_change, issuer, external_id, demo, created_at, changed_at, "
    "disabled_at"
)
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,63}")
_NAME_LENGTH = 80


Noted = Callable[[Connection, int], None]
"""Writes what belongs into the transaction of a change, called with its connection and the number of the account."""


class PeopleError(ValueError):
    """An account that cannot be made or changed so; ``why`` is a word for it, the message a sentence.

    ``login``, ``taken``, ``name``, ``role``, ``no_provinces``, ``provinces``, ``unknown``, ``last``.
    """

    def __init__(self, why: str, sentence: str) -> None:
        super().__init__(sentence)
        self.why = why


@dataclass(frozen=True)
class Account:
    """A person and what is kept of the account. ``issuer`` names the directory that vouches for the person, if any."""

    person: Person
    password_hash: str | None
    must_change: bool
    issuer: str | None
    external_id: str | None
    demo: bool
    created_at: datetime
    changed_at: datetime
    disabled_at: datetime | None


def make(
    database: Database,
    login: str,
    name: str,
    role: str,
    provinces: Sequence[str] | None = None,
    password: str | None = None,
    must_change: bool = True,
    issuer: str | None = None,
    external_id: str | None = None,
    demo: bool = False,
    noted: Noted | None = None,
) -> Person:
    """Make an account. PeopleError or WeakPassword where it cannot be so.

    Without a password nobody signs in with one: the person comes from a directory (``issuer``, ``external_id``), or
    one is set later. A password that somebody else chose has to be changed at the first sign-in (``must_change``).
    """
    login, name = plain_login(login), plain_name(name)
    places = checked(role, provinces, database.jurisdiction)
    if password is not None:
        passwords.check(password, login, name)
    kept = None if password is None else passwords.hashed(password)
    try:
        with database.gate.begin() as connection:
            number = connection.execute(
                text(
                    "INSERT INTO people"
                    " (login, name, role, provinces, password_hash, must_change, issuer, external_id, demo)"
                    " VALUES (:login, :name, :role, :provinces, :kept, :must_change, :issuer, :external_id, :demo)"
                    " RETURNING id"
                ),
                {
                    "login": login,
                    "name": name,
                    "role": role,
                    "provinces": places,
                    "kept": kept,
                    "must_change": must_change and kept is not None,
                    "issuer": issuer,
                    "external_id": external_id,
                    "demo": demo,
                },
            ).scalar_one()
            if noted:
                noted(connection, number)
    except IntegrityError as error:
        raise PeopleError("taken", f"there is an account {login!r} already") from error
    return Person(number, login, name, ROLES[role], None if places is None else tuple(places))


def listed(database: Database) -> list[Account]:
    """All accounts, by login."""
    return _accounts(database, "", {})


def by_id(database: Database, person_id: int) -> Account | None:
    """The account of a number; ``None`` when there is none."""
    return next(iter(_accounts(database, "WHERE id = :id", {"id": person_id})), None)


def by_login(database: Database, login: str) -> Account | None:
    """The account of a login; ``None`` when there is none."""
    return next(iter(_accounts(database, "WHERE login = :login", {"login": folded(login)})), None)


def by_directory(database: Database, issuer: str, external_id: str) -> Account | None:
    """The account that a directory vouches for; ``None`` when there is none."""
    given = {"issuer": issuer, "external": external_id}
    return next(iter(_accounts(database, "WHERE issuer = :issuer AND external_id = :external", given)), None)


def none_yet(database: Database) -> bool:
    """Whether nobody can sign in: there is no account that is not disabled."""
    with database.gate.connect() as connection:
        return not connection.execute(text("SELECT EXISTS (SELECT FROM people WHERE disabled_at IS NULL)")).scalar_one()


def set_role(
    database: Database,
    person_id: int,
    role: str,
    provinces: Sequence[str] | None,
    last_may_go: bool = False,
    noted: Noted | None = None,
) -> Person:
    """Give a person a role and its provinces, which hold at the next request. PeopleError where it cannot be so.

    ``last_may_go`` takes the role of administrator from the last one too: where a directory says who has it.
    """
    places = checked(role, provinces, database.jurisdiction)
    with database.gate.begin() as connection:
        if role != "admin" and not last_may_go:
            _not_the_last(connection, person_id)
        _change(connection, person_id, "role = :role, provinces = :provinces", {"role": role, "provinces": places})
        if noted:
            noted(connection, person_id)
    return _found(database, person_id).person


def set_name(database: Database, person_id: int, name: str) -> None:
    """Change the name that is shown."""
    with database.gate.begin() as connection:
        _change(connection, person_id, "name = :name", {"name": plain_name(name)})


def set_password(
    database: Database,
    person_id: int,
    password: str,
    must_change: bool = False,
    but: bytes | None = None,
    noted: Noted | None = None,
) -> None:
    """Change a password, and end every session of the person but the one it is changed in (``but``, its key).

    WeakPassword where it is too weak. ``must_change`` when somebody else chose it.
    """
    account = _found(database, person_id)
    passwords.check(password, account.person.login, account.person.name)
    given = {"kept": passwords.hashed(password), "must_change": must_change}
    with database.gate.begin() as connection:
        _change(connection, person_id, "password_hash = :kept, must_change = :must_change", given)
        _end_sessions(connection, person_id, but)
        if noted:
            noted(connection, person_id)


def renew_hash(database: Database, person_id: int, password: str) -> None:
    """Keep a password that was just found right under today's parameters."""
    with database.gate.begin() as connection:
        connection.execute(
            text("UPDATE people SET password_hash = :kept WHERE id = :id"),
            {"kept": passwords.hashed(password), "id": person_id},
        )


def disable(database: Database, person_id: int, noted: Noted | None = None) -> None:
    """Close an account and end its sessions, all at once; nothing of it is lost."""
    with database.gate.begin() as connection:
        _not_the_last(connection, person_id)
        _change(connection, person_id, "disabled_at = coalesce(disabled_at, now())", {})
        _end_sessions(connection, person_id, None)
        if noted:
            noted(connection, person_id)


def end_sessions(database: Database, person_id: int, noted: Noted | None = None) -> None:
    """End the sessions of a person, who may sign in again."""
    _found(database, person_id)
    with database.gate.begin() as connection:
        _end_sessions(connection, person_id, None)
        if noted:
            noted(connection, person_id)


def enable(database: Database, person_id: int, noted: Noted | None = None) -> None:
    """Open an account again; who it is signs in anew."""
    with database.gate.begin() as connection:
        _change(connection, person_id, "disabled_at = NULL", {})
        if noted:
            noted(connection, person_id)


def checked(role: str, provinces: Sequence[str] | None, jurisdiction: Jurisdiction) -> list[str] | None:
    """The provinces as they are kept for a role; PeopleError when the role, or one of them, is none here."""
    known = ROLES.get(role)
    if known is None:
        raise PeopleError("role", f"{role!r} is no role; there are: {', '.join(ROLES)}")
    codes = {province.code for province in jurisdiction.provinces}
    given = sorted(set(provinces or ()))
    strange = [code for code in given if code not in codes]
    if strange:
        raise PeopleError("provinces", f"there is no province {strange[0]!r} in {jurisdiction.key}")
    if known.bound == "nation" and given:
        raise PeopleError("provinces", f"the role {role} is for the whole nation and has no provinces")
    if known.bound == "provinces" and not given:
        raise PeopleError("no_provinces", f"the role {role} needs at least one province")
    return given or None


def folded(login: str) -> str:
    """A login as it is kept: one spelling, without capitals and spaces around."""
    return unicodedata.normalize("NFKC", login).strip().lower()


def plain_login(login: str) -> str:
    """A login as it is kept; PeopleError when it is none."""
    kept = folded(login)
    if not _LOGIN.fullmatch(kept):
        raise PeopleError("login", "a login has 2 to 64 of: a-z, 0-9 and . _ @ + -")
    return kept


def plain_name(name: str) -> str:
    """A name as it is kept; PeopleError when there is none of it."""
    kept = " ".join(unicodedata.normalize("NFC", name).split())
    if not kept or len(kept) > _NAME_LENGTH or any(unicodedata.category(character) == "Cc" for character in kept):
        raise PeopleError("name", f"a name has 1 to {_NAME_LENGTH} characters")
    return kept


def person_of(row: Any) -> Person:
    """The person of a row with ``id, login, name, role, provinces``.

    A role that this version does not know is one without rights: KeyError would tell nothing to who can do nothing.
    """
    places = None if row.provinces is None else tuple(row.provinces)
    return Person(row.id, row.login, row.name, ROLES[row.role], places)


def _accounts(database: Database, where: str, given: dict[str, Any]) -> list[Account]:
    with database.gate.connect() as connection:
        rows = connection.execute(text(f"SELECT {_COLUMNS} FROM people {where} ORDER BY login"), given).all()
    return [
        Account(
            person_of(row),
            *(row.password_hash, row.must_change, row.issuer, row.external_id, row.demo),
            *(row.created_at, row.changed_at, row.disabled_at),
        )
        for row in rows
        if row.role in ROLES
    ]


def _found(database: Database, person_id: int) -> Account:
    account = by_id(database, person_id)
    if account is None:
        raise PeopleError("unknown", f"there is no account of number {person_id}")
    return account


def _change(connection: Connection, person_id: int, what: str, given: dict[str, Any]) -> None:
    done = connection.execute(
        text(f"UPDATE people SET {what}, changed_at = now() WHERE id = :id"),
        {**given, "id": person_id},
    ).rowcount
    if not done:
        raise PeopleError("unknown", f"there is no account of number {person_id}")


def _end_sessions(connection: Connection, person_id: int, but: bytes | None) -> None:
    connection.execute(
        text(
            "UPDATE sessions SET ended_at = now() WHERE person_id = :id AND ended_at IS NULL"
            " AND (CAST(:but AS bytea) IS NULL OR token_hash <> :but)"
        ),
        {"id": person_id, "but": but},
    )


def _not_the_last(connection: Connection, person_id: int) -> None:
    """Refuse to take the last administrator away, after which nobody could let anybody in from a page."""
    admins = connection.execute(
        text("SELECT id FROM people WHERE role = 'admin' AND disabled_at IS NULL ORDER BY id FOR UPDATE")
    ).scalars()
    if list(admins) == [person_id]:
        raise PeopleError("last", "this is the last administrator: make another one first")
