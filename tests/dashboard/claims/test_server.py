"""The embedded server: shared by processes, found again after a kill, never mistaken for another program."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from dashboard.claims import server

_CHILD = """
import sys, time
from pathlib import Path
from dashboard.claims import server
server.ensure_running(Path(sys.argv[1]))
print("up", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not below pytest's own folder, see ``cluster`` in tests/conftest.py."""
    with tempfile.TemporaryDirectory(prefix="rasad-tests-") as made:
        yield Path(made) / "var"


def test_server_runs_while_somebody_uses_it_and_stops_with_the_last(folder: Path) -> None:
    first = server.ensure_running(folder)
    second = server.ensure_running(folder)
    server.release(first)
    with psycopg.connect(second.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    server.release(second)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(second.url)
    assert not second.sockets.exists()


def test_another_process_keeps_the_server(folder: Path) -> None:
    child = _child(folder)
    ours = server.ensure_running(folder)
    server.release(ours)
    with psycopg.connect(ours.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    child.communicate("", timeout=30)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(ours.url)


def test_a_server_left_by_a_killed_process_is_used_again_and_stopped(folder: Path) -> None:
    child = _child(folder)
    child.send_signal(signal.SIGKILL)
    child.communicate(timeout=30)
    ours = server.ensure_running(folder)
    with psycopg.connect(ours.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    server.release(ours)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(ours.url)


def test_a_pid_used_again_by_another_program_does_not_count_as_running(folder: Path) -> None:
    cluster = server.ensure_running(folder)
    pid_file = cluster.data / "postmaster.pid"
    lines = pid_file.read_text().split("\n")
    os.kill(int(lines[0]), signal.SIGKILL)  # a crash leaves the file behind
    _wait_until_gone(int(lines[0]))
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    again = server.ensure_running(folder)
    with psycopg.connect(again.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    server.release(again)
    server.release(cluster)


def test_a_password_is_needed(folder: Path) -> None:
    cluster = server.ensure_running(folder)
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(host=str(cluster.sockets), user=server.OWNER, dbname=server.DATABASE)
    assert (folder / "secrets.json").stat().st_mode & 0o077 == 0
    server.release(cluster)


def _child(folder: Path) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", _CHILD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "up\n"
    return child


def _wait_until_gone(pid: int) -> None:
    import time

    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    raise AssertionError("the killed server is still there")
