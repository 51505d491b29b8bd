"""``python app.py``: the way every Dash user tries first."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from dashboard.claims.database import Database
from dashboard.commands.serving import first_look, first_settings
from dashboard.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
KEY = "a key for tests only, of more than thirty-two characters"


@pytest.mark.parametrize(
    ("said", "demo"),
    [
        ({}, True),
        ({"RASAD_PORT": "8051", "RASAD_JURISDICTION": "vn"}, True),
        ({"RASAD_SECRET_KEY": KEY}, False),
        ({"RASAD_DATABASE_URL": "postgresql://somewhere/claims"}, False),
        ({"RASAD_DEMO": "false"}, False),
    ],
)
def test_whose_data_are_shown(
    said: dict[str, str],
    demo: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in [name for name in os.environ if name.startswith("RASAD_")]:
        monkeypatch.delenv(name)
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)  # no .env here
    assert first_settings().demo == demo
    printed = capsys.readouterr().out
    assert printed.count("\n") == demo
    assert ("RASAD_SECRET_KEY" in printed) == demo


@pytest.fixture
def shown(claims: Database) -> Database:
    """A claims database that counts as loaded with a demo."""
    with claims.write() as connection:
        connection.execute("INSERT INTO deployment VALUES ('demo_loaded', 'true')")
    return claims


def test_cases_go_on_arriving_as_long_as_one_looks(shown: Database, tmp_path: Path) -> None:
    settings = Settings(database_url=shown.url, demo=True, secret_key=KEY, data_dir=tmp_path)
    with first_look(settings, rate=20):
        _wait_for_batch(shown)
    assert not any(thread.name == "rasad-simulator" for thread in threading.enumerate())


def test_a_page_until_it_is_asked_to_end(shown: Database, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {"DATABASE_URL": shown.url, "DEMO": "true", "SECRET_KEY": KEY, "PORT": str(port)}
    environment = {**os.environ, **{f"RASAD_{name}": value for name, value in settings.items()}}
    page = subprocess.Popen(
        [sys.executable, str(ROOT / "app.py")],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/readyz", page)
    finally:
        page.terminate()  # what runs in the background of a shell would not heed an interrupt
        try:
            said, _ = page.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            page.kill()
            page.communicate()
            raise
    assert page.returncode == 128 + signal.SIGTERM, said
    assert "Traceback" not in said


def _wait_for(address: str, page: subprocess.Popen[str]) -> None:
    for _ in range(600):
        assert page.poll() is None, page.communicate()[0]
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310  (our own address)
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"nothing at {address}")


def _wait_for_batch(claims: Database) -> None:
    for _ in range(600):
        with claims.write() as connection:
            if connection.execute("SELECT 1 FROM batches WHERE source = 'simulator' AND accepted > 0").fetchone():
                return
        time.sleep(0.1)
    raise AssertionError("no case arrived")
