"""The audit: who did what, when, from where, with which filters, and how many rows it gave.

Entries are only ever added, under the role that may do nothing else to them. What is to be audited calls `record`
before it hands anything out, or `entry` in the transaction that changes something: where the entry cannot be written,
the act does not happen. No entry holds a national code: `Unfit` is raised for what passes for one.
"""

from __future__ import annotations

import getpass
import re
import socket
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, get_args

import orjson
import psycopg
from psycopg import Error as DriverError
from sqlalchemy import Connection as GateConnection
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from dashboard.access.keys import secret_key
from dashboard.access.person import Person
from dashboard.access.tokens import Token
from dashboard.claims.database import GATE_ROLE, Database
from dashboard.intake.characters import normalised
from dashboard.intake.person import names_person, person_hash
from dashboard.settings import Settings

Connection = psycopg.Connection[tuple[Any, ...]]

Action = Literal[
    "sign_in",
    "sign_in_refused",
    "sign_out",
    "sessions_ended",
    "case_view",
    "case_list",
    "look_up",
    "eligibility",
    "export",
    "export_ended",
    "export_asked",
    "schedule_made",
    "schedule_changed",
    "schedule_dropped",
    "briefing_sent",
    "audit_view",
    "audit_export",
    "target_set",
    "target_dropped",
    "annotation_made",
    "annotation_dropped",
    "problem_reported",
    "problem_answered",
    "account_made",
    "account_changed",
    "role_changed",
    "provinces_changed",
    "password_set",
    "account_disabled",
    "account_enabled",
    "token_made",
    "token_revoked",
    "load",
    "load_ended",
    "replay",
    "quarantine_download",
    "reconcile",
]
"""What is audited; the text of each is ``audit.action.<name>``."""

ACTIONS: Final[tuple[Action, ...]] = get_args(Action)

OPENING: Final = 30
"""Minutes for which a case or list that is open is one view: a page in view asks again whenever data come in."""

PAGE: Final = 50
"""Entries of a page."""

_LONGEST_OBJECT: Final = 200
_MOST_DETAIL: Final = 16_384
_WRITTEN: Final = re.compile(r"\b\d{3}-\d{6}-\d\b")
_LONG: Final = 10
"""Digits of a number that may be a national code without its leading zeros: no count has as many."""

_INSERT: Final = (
    "INSERT INTO audit (action, person_id, login, role, address, object, detail, rows) "
    "SELECT {action}, CAST({person_id} AS bigint), {login}, {role}, {address}, {object}, CAST({detail} AS jsonb), "
    "CAST({rows} AS bigint)"
)
_NAMES: Final = ("action", "person_id", "login", "role", "address", "object", "detail", "rows")


class Unwritten(RuntimeError):
    """The audit cannot be written, so what was to be audited must not happen."""


class Unfit(ValueError):
    """An entry that the audit does not take: an unknown action, too much of it, or what passes for a national code."""


@dataclass(frozen=True)
class Actor:
    """Who acts without an account: a sending system, or somebody at the command line."""

    login: str
    role: str
    id: None = None


Who = Person | Actor | None
"""``None``: nobody is known, as in a sign-in that is refused."""


@dataclass(frozen=True)
class By:
    """Whose doing a load is, from where, and whether it is one of what was rejected before."""

    who: Who
    address: str
    action: Literal["load", "replay"] = "load"


def by_token(token: Token) -> Actor:
    """The system that a token was given to."""
    return Actor(f"{token.id} {token.name}", "token")


def at_command_line() -> Actor:
    """The account of the operating system that runs a verb."""
    try:
        return Actor(getpass.getuser(), "command")
    except (KeyError, OSError):  # an account without a name, as in some containers
        return Actor("", "command")


def this_host() -> str:
    """Where a verb runs."""
    return socket.gethostname()


@dataclass(frozen=True)
class Entry:
    """One line of the audit, as it is kept; ``at`` is in UTC."""

    id: int
    at: datetime
    action: str
    person_id: int | None
    login: str
    role: str
    address: str
    object: str
    detail: Mapping[str, Any]
    rows: int | None


@dataclass(frozen=True)
class Search:
    """Which entries are wanted; what is empty asks nothing.

    ``login`` and ``object`` are whole, or beginnings where they end with ``*``. ``start`` and ``end`` bound the moment,
    the end left out. ``province`` asks for entries that are about a province.
    """

    login: str = ""
    actions: tuple[str, ...] = ()
    object: str = ""
    province: str = ""
    start: datetime | None = None
    end: datetime | None = None


def record(
    database: Database,
    person: Who,
    action: Action,
    address: str,
    object: str = "",  # noqa: A002  the column's name
    detail: Mapping[str, Any] | None = None,
    rows: int | None = None,
    *,
    once: bool = False,
) -> None:
    """Write an entry, committed when this returns. Unwritten where it cannot be, Unfit where it must not be.

    ``address`` is where the request comes from. ``detail`` is small JSON: filters, and as ``provinces`` a list of those
    that it is about. ``once`` writes nothing where the same person did the same from the same address within `OPENING`
    minutes, however many rows there were: the page in view asks again by itself. The audit alone is asked whether that
    is so, for a browser could say anything.
    """
    values = _values(database, person, action, address, object, detail, rows)
    statement = _INSERT.format(**{name: f":{name}" for name in _NAMES})
    if once:
        statement += (
            " WHERE NOT EXISTS (SELECT FROM audit WHERE person_id IS NOT DISTINCT FROM :person_id AND action = :action "
            "AND login = :login AND address = :address AND object = :object AND detail = CAST(:detail AS jsonb) "
            f"AND at > now() - interval '{OPENING} minutes')"
        )
    try:
        with database.gate.begin() as connection:
            if once:  # two requests at the same time must not both find nothing
                same = "|".join(str(values[name]) for name in _NAMES if name != "rows")
                connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:same, 0))"), {"same": same})
            connection.execute(text(statement), values)
    except (DBAPIError, PoolTimeout) as error:
        raise Unwritten("the audit cannot be written") from error


def entry(
    connection: Connection,
    database: Database,
    person: Who,
    action: Action,
    address: str,
    object: str = "",  # noqa: A002  the column's name
    detail: Mapping[str, Any] | None = None,
    rows: int | None = None,
) -> None:
    """`record` in the transaction of a change: both are committed together, or neither. The caller commits."""
    values = _values(database, person, action, address, object, detail, rows)
    try:
        connection.execute(f"SET LOCAL ROLE {GATE_ROLE}")
        connection.execute(_INSERT.format(**{name: f"%({name})s" for name in _NAMES}), values)
        connection.execute("RESET ROLE")
    except DriverError as error:
        raise Unwritten("the audit cannot be written") from error


def add(
    connection: GateConnection,
    database: Database,
    person: Who,
    action: Action,
    address: str,
    object: str = "",  # noqa: A002  the column's name
    detail: Mapping[str, Any] | None = None,
    rows: int | None = None,
) -> None:
    """`entry` for a change of people, which has a connection of `Database.gate`."""
    values = _values(database, person, action, address, object, detail, rows)
    try:
        connection.execute(text(_INSERT.format(**{name: f":{name}" for name in _NAMES})), values)
    except DBAPIError as error:
        raise Unwritten("the audit cannot be written") from error


def case_object(subject: str, number: str, database: Database, settings: Settings) -> str:
    """How a case is named in the audit: by its number, or by a keyed hash where that passes for a national code.

    KeyMissing where there is no key to hash it with.
    """
    if _names_person(number, database.jurisdiction.person_code):
        number = f"#{person_hash(number, secret_key(settings).encode()).hex()}"
    return f"{subject}/{number}"[:_LONGEST_OBJECT]


def entries(
    database: Database, search: Search, after: tuple[datetime, int] | None = None, limit: int = PAGE
) -> list[Entry]:
    """A page of the entries that are wanted, the newest first, beginning behind the moment and number ``after``."""
    statement, values = _wanted(search, after)
    with database.gate.connect() as connection:
        found = connection.execute(text(f"{statement} LIMIT :most"), {**values, "most": limit})
        return [Entry(*row) for row in found]


def number(database: Database, search: Search) -> int:
    """How many entries are wanted."""
    statement, values = _wanted(search, None)
    with database.gate.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM ({statement}) found"), values).scalar_one())


def every(database: Database, search: Search) -> Iterator[Entry]:
    """All entries that are wanted, the newest first, without holding them all."""
    statement, values = _wanted(search, None)
    with database.gate.connect().execution_options(stream_results=True, yield_per=1000) as connection:
        for row in connection.execute(text(statement), values):
            yield Entry(*row)


def _wanted(search: Search, after: tuple[datetime, int] | None) -> tuple[str, dict[str, Any]]:
    conditions, values = [], {}
    for name in ("login", "object"):
        if wanted := getattr(search, name):
            begins = wanted.endswith("*")
            conditions.append(f"{name} LIKE :{name}" if begins else f"{name} = :{name}")
            values[name] = _beginning(wanted) if begins else wanted
    if search.actions:
        conditions.append("action = ANY(:actions)")
        values["actions"] = list(search.actions)
    if search.province:
        conditions.append("detail -> 'provinces' @> to_jsonb(CAST(:province AS text))")
        values["province"] = search.province
    for name, bound, sign in (("start", search.start, ">="), ("end", search.end, "<")):
        if bound:
            conditions.append(f"at {sign} :{name}")
            values[name] = bound
    if after:
        conditions.append("(at, id) < (:at, :id)")
        values |= {"at": after[0], "id": after[1]}
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    columns = "id, at, action, person_id, login, role, address, object, detail, rows"
    return f"SELECT {columns} FROM audit{where} ORDER BY at DESC, id DESC", values


def _beginning(wanted: str) -> str:
    escaped = re.sub(r"([\\%_])", r"\\\1", wanted.rstrip("*"))
    return f"{escaped}%"


def _values(
    database: Database,
    person: Who,
    action: Action,
    address: str,
    object: str,  # noqa: A002
    detail: Mapping[str, Any] | None,
    rows: int | None,
) -> dict[str, Any]:
    """The columns of an entry; Unfit where there may be none such."""
    if action not in ACTIONS:
        raise Unfit(f"the audit knows no action {action!r}")
    told = orjson.dumps(detail or {}, option=orjson.OPT_SORT_KEYS).decode()
    if len(object) > _LONGEST_OBJECT or len(told) > _MOST_DETAIL:
        raise Unfit(f"an entry of {action} is too long")
    algorithm = database.jurisdiction.person_code
    # A hash is told from a code by its mark, and is not looked at: sixteen random bytes may hold any run of digits.
    if any(_names_person(part, algorithm) for part in (_unhashed(object), *_parts(detail or {}))):
        raise Unfit(f"an entry of {action} would hold what passes for a national code")
    return {
        "action": action,
        "person_id": person.id if person else None,
        "login": person.login if person else "",
        "role": _role(person),
        "address": address or "",
        "object": object,
        "detail": told,
        "rows": rows,
    }


def _role(person: Who) -> str:
    if isinstance(person, Person):
        return person.role.key
    return person.role if person else ""


def _parts(value: Any) -> Iterator[str]:
    """Every text in a piece of JSON, names included, and every long number."""
    if isinstance(value, str):
        yield _unhashed(value)
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield str(name)
            yield from _parts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _parts(each)
    elif isinstance(value, int | float) and len(str(value)) >= _LONG:
        yield str(value)


def _unhashed(part: str) -> str:
    return re.sub(r"#[0-9a-f]{32}", "#", part)


def _names_person(part: str, algorithm: str) -> bool:
    """Whether a text holds what passes for a national code, in any digits, also as people write it in groups."""
    plain = "".join(str(unicodedata.decimal(sign, sign)) for sign in normalised(part))
    return names_person(_WRITTEN.sub(lambda run: run.group().replace("-", ""), plain), algorithm)
