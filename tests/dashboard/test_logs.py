"""The log: ours from the level that is set, on standard error."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
_SAYING = """
import logging
from dashboard.logs import begin
begin({least!r})
for name in ("dashboard.intake.door", "callbacks.panels", "alembic"):
    logging.getLogger(name).info("news")
    logging.getLogger(name).warning("trouble")
"""


@pytest.mark.parametrize(("least", "ours"), [("INFO", ["news", "trouble"]), ("WARNING", ["trouble"]), ("ERROR", [])])
def test_the_least_level_is_heeded(least: str, ours: list[str]) -> None:
    said = subprocess.run(
        [sys.executable, "-c", _SAYING.format(least=least)], capture_output=True, text=True, check=True
    )
    lines = [line.partition(" INFO ")[2] or line.partition(" WARNING ")[2] for line in said.stderr.splitlines()]
    expected = [f"{name}: {word}" for name in ("dashboard.intake.door", "callbacks.panels") for word in ours]
    assert lines == [*expected, "alembic: trouble"]
    assert said.stdout == ""


_REPEATING = """
import logging
from dashboard.logs import begin
begin("INFO")
try:
    raise ValueError("no such person: {probe}")
except ValueError:
    logging.getLogger("callbacks.cases").exception("looking up %s failed", "{probe}")
    logging.getLogger("werkzeug").info("GET /?code={probe}")
    logging.getLogger("alembic").warning("beside {probe}")
"""


@pytest.mark.parametrize("probe", ["0012345679", "001-234567-9", "۰۰۱۲۳۴۵۶۷۹", "079099001234"])
def test_the_number_of_a_person_is_blotted_out(probe: str) -> None:
    said = subprocess.run(
        [sys.executable, "-c", _REPEATING.format(probe=probe)], capture_output=True, text=True, check=True
    )
    assert probe not in said.stderr
    assert [("•••" in line) for line in said.stderr.splitlines()].count(True) == 3  # the sentence, its trace, others


def test_gunicorn_blots_out_what_it_repeats(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (tmp_path / "nothing.py").write_text("def app(environ, start): start('200 OK', []); return []")
    command = [*(sys.executable, "-m", "gunicorn", "nothing:app", "--bind", f"127.0.0.1:{port}", "--no-control-socket")]
    named = ["--logger-class", "dashboard.logs.ServerLog", "--log-level", "debug"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    server = subprocess.Popen([*command, *named], cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        for _ in range(100):
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=2) as asking:
                    asking.sendall(b"GET /?code=0012345679 nonsense 0012345679\r\n\r\n")
                    asking.recv(100)
                break
            except ConnectionRefusedError:
                time.sleep(0.1)
    finally:
        server.terminate()
        _, said = server.communicate(timeout=30)
    assert "0012345679" not in said
    assert "•" * 10 in said
