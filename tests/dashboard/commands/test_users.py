"""The verbs for accounts: made, changed, closed, signed out, and all of it in the audit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dashboard.__main__ import main
from dashboard.access import passwords, people, sessions
from dashboard.access.audit import Search, entries
from dashboard.claims.database import Database

KEY = "a key for tests only, of more than thirty-two characters"
PASSWORD = "a quiet sentence of mine"
Verb = Callable[..., Result]


@pytest.fixture
def user(claims: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Verb:
    """Runs ``python -m dashboard user …`` over a fresh claims database; ``typed`` is its standard input."""
    settings = {"DATABASE_URL": claims.url, "DATA_DIR": str(tmp_path), "DEMO": "true", "SECRET_KEY": KEY}
    for name, value in settings.items():
        monkeypatch.setenv(f"RASAD_{name}", value)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, typed: str = "") -> Result:
        return CliRunner().invoke(main, ["user", *arguments], input=typed)

    return run


def made(user: Verb, *more: str, login: str = "sara", role: str = "province") -> Result:
    given = ("add", login, "--name", "Sara", "--role", role, "--password-stdin", *more)
    return user(*given, typed=f"{PASSWORD}\n")


def test_an_account_is_made_and_changed(claims: Database, user: Verb) -> None:
    assert made(user, "--provinces", "IR-23,IR-07").exit_code == 0
    account = people.by_login(claims, "SARA ")
    assert account is not None
    assert (account.person.role.key, account.person.provinces) == ("province", ("IR-07", "IR-23"))
    assert account.must_change
    assert passwords.matches(account.password_hash, PASSWORD)
    cookie = sessions.start(claims, account.person.id, "127.0.0.1", "a browser", 1)
    assert "a browser" in user("sessions", "sara").output
    assert user("provinces", "sara", "IR-23").exit_code == 0
    session = sessions.find(claims, cookie, timedelta(minutes=1))
    assert session is not None
    assert session.person.scope.provinces == ("IR-23",), "it holds at the next request"
    assert user("role", "sara", "hq").exit_code == 0
    session = sessions.find(claims, cookie, timedelta(minutes=1))
    assert session is not None
    assert session.person.scope.provinces is None
    assert user("password", "sara", "--password-stdin", typed="another quiet sentence\n").exit_code == 0
    assert sessions.find(claims, cookie, timedelta(minutes=1)) is None
    assert (
        user("disable", "sara").exit_code == user("enable", "sara").exit_code == user("sign-out", "sara").exit_code == 0
    )
    actions = [entry.action for entry in entries(claims, Search())]
    assert actions == [
        *("sessions_ended", "account_enabled", "account_disabled", "password_set"),
        *("role_changed", "provinces_changed", "account_made"),
    ]
    listed = user("list").output
    assert "sara" in listed
    assert PASSWORD not in listed


@pytest.mark.parametrize(
    ("role", "more", "typed", "said"),
    [
        ("province", (), PASSWORD, "needs at least one province"),
        ("hq", ("--provinces", "IR-23"), PASSWORD, "whole nation"),
        ("province", ("--provinces", "IR-99"), PASSWORD, "no province"),
        ("province", ("--provinces", ""), PASSWORD, "no province"),
        ("king", (), PASSWORD, "no role"),
        ("hq", (), "short", "at least 12"),
        ("hq", (), "sara sara sara", "login or the name"),
        ("hq", (), "password12345", "guessed first"),
    ],
)
def test_what_is_no_account_is_refused(
    claims: Database, user: Verb, role: str, more: tuple[str, ...], typed: str, said: str
) -> None:
    refused = user("add", "sara", "--name", "Sara", "--role", role, "--password-stdin", *more, typed=f"{typed}\n")
    assert refused.exit_code == 1
    assert said in refused.output
    assert people.none_yet(claims)


def test_nobody_is_made_twice_and_the_last_administrator_stays(user: Verb) -> None:
    assert made(user, role="admin").exit_code == 0
    assert "already" in made(user, role="admin").output
    for verb in (("disable", "sara"), ("role", "sara", "hq")):
        refused = user(*verb)
        assert (refused.exit_code, "last administrator" in refused.output) == (1, True)
    assert made(user, login="reza", role="admin").exit_code == 0
    assert user("disable", "sara").exit_code == 0
    assert user("role", "nobody", "hq").exit_code == 1
