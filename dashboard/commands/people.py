"""Verbs for accounts: ``user add``, ``list``, ``role``, ``provinces``, ``password``, ``disable`` and so on."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated

import typer
from sqlalchemy import Connection

from dashboard.access import audit, people, sessions
from dashboard.access.audit import Action, Unwritten
from dashboard.access.passwords import LEAST, WeakPassword
from dashboard.access.people import Account, PeopleError
from dashboard.access.roles import ROLES
from dashboard.claims.database import Database
from dashboard.commands.opening import Opened, one_sentence, opened, settings_with

user = typer.Typer(help="Accounts: who may sign in, in which role, for which provinces.", no_args_is_help=True)

Login = Annotated[str, typer.Argument(help="The name that is typed to sign in")]
Provinces = Annotated[str | None, typer.Option(help="Codes separated by commas, where the role has provinces")]
FromInput = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input instead of asking for it")
]


@user.command("add")
def add(
    login: Login,
    name: Annotated[str, typer.Option(help="The name that is shown")],
    role: Annotated[str, typer.Option(help=f"One of: {', '.join(ROLES)}")],
    provinces: Provinces = None,
    password_stdin: FromInput = False,
) -> None:
    """Make an account. The password is asked for, and has to be changed at the first sign-in."""
    with _deployment() as deployment:
        database = deployment.database
        places = _parts(provinces)
        people.checked(role, places, database.jurisdiction)  # before anybody types a password for nothing
        people.plain_login(login)
        password = _password(password_stdin)
        detail = {"role": role, **({"provinces": sorted(places)} if places else {})}
        made = people.make(
            database, login, name, role, places, password, noted=_noted(database, "account_made", detail)
        )
        print(f"{made.login} can sign in as {role}{f' of {provinces}' if places else ''}")


@user.command("list")
def list_accounts() -> None:
    """List accounts: login, role, provinces, name, and whether they are closed."""
    with _deployment() as deployment:
        for account in people.listed(deployment.database):
            person = account.person
            places = ",".join(person.provinces or ["-"])
            way = "password" if account.password_hash else f"directory {account.issuer}" if account.issuer else "none"
            way = "demo" if account.demo else way
            state = f"closed {account.disabled_at:%Y-%m-%d}" if account.disabled_at else "open"
            print(f"{person.login:<28} {person.role.key:<9} {places:<14} {way:<10} {state:<18} {person.name}")


@user.command("role")
def role_of(
    login: Login, role: Annotated[str, typer.Argument(help="The new role")], provinces: Provinces = None
) -> None:
    """Give another role, with the provinces that go with it; it holds at the person's next request."""
    with _deployment() as deployment:
        database = deployment.database
        person = _account(database, login).person
        places = _parts(provinces)
        detail = {"role": role, "before": person.role.key, **({"provinces": sorted(places)} if places else {})}
        people.set_role(database, person.id, role, places, noted=_noted(database, "role_changed", detail))
        print(f"{person.login} is {role}{f' of {provinces}' if places else ''}")


@user.command("provinces")
def provinces_of(
    login: Login,
    codes: Annotated[str, typer.Argument(help="Codes separated by commas; an empty text for the whole nation")],
) -> None:
    """Give other provinces; it holds at the person's next request."""
    with _deployment() as deployment:
        database = deployment.database
        person = _account(database, login).person
        places = _parts(codes or None)
        detail = {"provinces": sorted(places or ()), "before": sorted(person.provinces or ())}
        noted = _noted(database, "provinces_changed", detail)
        changed = people.set_role(database, person.id, person.role.key, places, noted=noted)
        print(f"{person.login} is {changed.role.key} of {','.join(changed.provinces or ['the whole nation'])}")


@user.command("password")
def password_of(login: Login, password_stdin: FromInput = False) -> None:
    """Set a password, which has to be changed at the next sign-in; every session of the person ends."""
    with _deployment() as deployment:
        database = deployment.database
        person = _account(database, login).person
        new = _password(password_stdin)
        people.set_password(database, person.id, new, must_change=True, noted=_noted(database, "password_set", {}))
        print(f"{person.login} has a new password")


@user.command("disable")
def disable(login: Login) -> None:
    """Close an account and end its sessions at once."""
    with _deployment() as deployment:
        database = deployment.database
        person = _account(database, login).person
        people.disable(database, person.id, noted=_noted(database, "account_disabled", {}))
        print(f"{person.login} is closed")


@user.command("enable")
def enable(login: Login) -> None:
    """Open an account again."""
    with _deployment() as deployment:
        database = deployment.database
        person = _account(database, login).person
        people.enable(database, person.id, noted=_noted(database, "account_enabled", {}))
        print(f"{person.login} is open")


@user.command("sessions")
def sessions_of(login: Login) -> None:
    """List where a person is signed in: since when, last used, from where, with which program."""
    with _deployment() as deployment:
        person = _account(deployment.database, login).person
        for sitting in sessions.listed(deployment.database, person.id, deployment.settings.session_idle):
            since, used = (f"{moment:%Y-%m-%d %H:%M}" for moment in (sitting.started_at, sitting.seen_at))
            print(f"since {since}  used {used}  {sitting.address:<20} {sitting.agent}")


@user.command("sign-out")
def sign_out(login: Login) -> None:
    """End every session of a person, who may sign in again."""
    with _deployment() as deployment:
        database = deployment.database
        person = _account(database, login).person
        people.end_sessions(database, person.id, noted=_noted(database, "sessions_ended", {}))
        print(f"{person.login} is signed out everywhere")


@contextmanager
def _deployment() -> Iterator[Opened]:
    """A deployment for one verb; it ends with `one_sentence`, also for what can be wrong with an account."""
    with one_sentence():
        deployment = opened(settings_with())
        try:
            yield deployment
        except (PeopleError, WeakPassword, Unwritten) as error:
            print(str(error), file=sys.stderr)
            raise SystemExit(1) from None
        finally:
            deployment.database.close()


def _account(database: Database, login: str) -> Account:
    account = people.by_login(database, login)
    if account is None:
        raise PeopleError("unknown", f"there is no account {login!r}")
    return account


def _noted(database: Database, action: Action, detail: Mapping[str, object]) -> Callable[[Connection, int], None]:
    """Writes a change into the audit, in the transaction that makes it."""

    def noted(connection: Connection, number: int) -> None:
        who = audit.at_command_line()
        audit.add(connection, database, who, action, audit.this_host(), f"account/{number}", detail)

    return noted


def _parts(listed: str | None) -> tuple[str, ...] | None:
    """What stands between commas; an empty part is a province that nobody knows, and is refused as such."""
    return None if listed is None else tuple(part.strip() for part in listed.split(","))


def _password(from_input: bool) -> str:
    """A password typed twice, or from standard input; never from the command line, which others can see."""
    if from_input or not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass(f"Password (at least {LEAST} characters): ")
    if getpass.getpass("Once more: ") != first:
        raise PeopleError("differ", "the two passwords differ")
    return first
