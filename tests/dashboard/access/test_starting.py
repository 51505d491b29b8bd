"""What stops the start outside demo mode, each with one sentence; and what is said where nobody can sign in."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from dashboard.access import people
from dashboard.access.keys import KeyMissing
from dashboard.access.starting import UnsafeStart, check_server, check_settings, first_account
from dashboard.claims.database import Database
from dashboard.settings import ROOT, Settings

KEY = secrets.token_urlsafe(48)


def settings(**said: object) -> Settings:
    return Settings(_env_file=None, **said)  # type: ignore[arg-type,call-arg]


@pytest.mark.parametrize(
    "key", ["changeme" * 6, "A" * 40, "0123" * 12, "my-default-key-for-now-please-ignore-it-2026", "x-Secret_Key-" * 4]
)
def test_a_key_that_is_no_secret_stops_the_start(key: str) -> None:
    with pytest.raises(UnsafeStart, match="RASAD_SECRET_KEY"):
        check_settings(settings(secret_key=key))
    check_settings(settings(secret_key=key, demo=True))


def test_a_missing_and_a_short_key_stop_the_start() -> None:
    with pytest.raises(KeyMissing, match="RASAD_SECRET_KEY"):
        check_settings(settings(secret_key=""))
    with pytest.raises(ValueError, match="at least 32"):
        settings(secret_key=KEY[:31])
    for _ in range(200):
        check_settings(settings(secret_key=secrets.token_urlsafe(48)))


@pytest.mark.parametrize("name", ["FLASK_DEBUG", "DASH_DEBUG", "DASH_MCP_ENABLED"])
def test_debugging_stops_the_start(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "1")
    with pytest.raises(UnsafeStart, match=name):
        check_settings(settings(secret_key=KEY))
    monkeypatch.setenv(name, "0")
    check_settings(settings(secret_key=KEY))


@pytest.mark.parametrize("rule", ["/_mcp", "/_dash-dev-tools", "/console"])
def test_an_address_for_tools_stops_the_start(rule: str) -> None:
    server = Flask("rasad")
    check_server(settings(secret_key=KEY), server)
    server.add_url_rule(rule, rule, lambda: "")
    with pytest.raises(UnsafeStart, match=rule):
        check_server(settings(secret_key=KEY), server)
    debugged = Flask("rasad")
    debugged.debug = True
    with pytest.raises(UnsafeStart, match="debug"):
        check_server(settings(secret_key=KEY), debugged)


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ({}, "RASAD_SECRET_KEY"),
        ({"RASAD_SECRET_KEY": "changeme" * 6}, "RASAD_SECRET_KEY"),
        ({"RASAD_SECRET_KEY": KEY, "FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
    ],
)
@pytest.mark.parametrize("door", [("-m", "dashboard", "serve"), (str(ROOT / "app.py"),)])
def test_the_doors_refuse_in_one_sentence(
    tmp_path: Path, door: tuple[str, ...], said: dict[str, str], word: str
) -> None:
    clean = {name: os.environ[name] for name in os.environ if not name.startswith(("RASAD_", "FLASK_", "DASH_"))}
    environment = {**clean, "PYTHONPATH": str(ROOT), "RASAD_DEMO": "false", "RASAD_DATA_DIR": str(tmp_path), **said}
    ended = subprocess.run(
        [sys.executable, *door], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 1
    assert word in ended.stderr
    assert "Traceback" not in ended.stderr
    assert list(tmp_path.iterdir()) == [], "nothing was begun"


def test_who_is_first_is_told_how(claims: Database) -> None:
    real = settings(secret_key=KEY)
    assert "user add" in first_account(real, claims)
    assert first_account(settings(demo=True), claims) == ""
    people.make(claims, "sara", "Sara", "admin", password="the tea has gone cold again")
    assert first_account(real, claims) == ""
