"""The verbs for tokens: made and shown once, listed without being shown, ended at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dashboard.__main__ import main
from dashboard.access.tokens import Token, check
from dashboard.claims.database import Database
from dashboard.claims.subjects import SUBJECTS

KEY = "a key for tests only, of more than thirty-two characters"
Verb = Callable[..., Result]


@pytest.fixture
def token(claims: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Verb:
    """Runs ``python -m dashboard token …`` over a fresh claims database."""
    settings = {"DATABASE_URL": claims.url, "DATA_DIR": str(tmp_path), "DEMO": "true", "SECRET_KEY": KEY}
    for name, value in settings.items():
        monkeypatch.setenv(f"RASAD_{name}", value)
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(main, ["token", *arguments])


def known(claims: Database, secret: str) -> Token | None:
    with claims.write() as connection:
        return check(connection, secret.strip())


def test_a_token_is_made_for_what_is_told(claims: Database, token: Verb) -> None:
    made = token(
        "new", "a ministry", "--subjects", "disputes, registrations", "--provinces", "IR-23,IR-07", "--days", "30"
    )
    assert made.exit_code == 0, made.output
    assert re.fullmatch(r"rasad_[\w-]{43}\n", made.stdout)
    assert known(claims, made.stdout) == Token(1, "a ministry", ("disputes", "registrations"), ("IR-23", "IR-07"))
    everything = token("new", "headquarters").stdout
    assert known(claims, everything) == Token(2, "headquarters", tuple(SUBJECTS), None)
    with claims.write() as connection:
        rows = connection.execute("SELECT expires_at, tokens::text FROM tokens ORDER BY id").fetchall()
    assert (rows[0][0] - datetime.now(UTC)).days in (29, 30)
    assert rows[1][0] is None
    assert made.stdout.strip() not in rows[0][1]


def test_the_list_shows_no_token(token: Verb) -> None:
    secrets = [token("new", f"system {n}", "--provinces", "IR-23", "--days", "9").stdout.strip() for n in range(2)]
    token("revoke", "1")
    listed = token("list")
    assert listed.exit_code == 0
    first, second = listed.stdout.splitlines()
    assert re.search(r"1 +system 0 .*disputes.* IR-23 +revoked \d{4}-\d\d-\d\d$", first)
    assert re.search(r"2 +system 1 .* until \d{4}-\d\d-\d\d$", second)
    assert not any(secret in listed.output for secret in secrets)


def test_an_ended_token_is_good_for_nothing(claims: Database, token: Verb) -> None:
    secret = token("new", "a system").stdout
    assert known(claims, secret) is not None
    assert token("revoke", "1").exit_code == 0
    assert known(claims, secret) is None
    again = token("revoke", "1")
    assert (again.exit_code, again.stderr) == (1, "no token 1 that could be revoked\n")
    assert token("revoke", "7").exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--subjects", "registrations,nothing"), "unknown: nothing"),
        (("--provinces", "IR-23,IR-99"), "unknown: IR-99"),
        (("--subjects", ""), "unknown: an empty name"),
        (("--provinces", ""), "unknown: an empty name"),
        (("--provinces", "IR-23,"), "unknown: an empty name"),
        (("--days", "0"), "--days"),
        (("--days", "-1"), "--days"),
    ],
)
def test_what_cannot_be_made_is_not_made(claims: Database, token: Verb, arguments: tuple[str, str], says: str) -> None:
    made = token("new", "a system", *arguments)
    assert made.exit_code == 2
    assert says in made.stderr
    with claims.write() as connection:
        assert connection.execute("SELECT count(*) FROM tokens").fetchone() == (0,)
