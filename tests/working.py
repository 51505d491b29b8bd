"""A real worker process over a claims database, for tests of what is made beside the pages."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from dashboard.claims.database import Database
from dashboard.jobs import files
from dashboard.jobs.files import File
from dashboard.settings import ROOT

KEY = "a key for tests only, of more than thirty-two characters"
PATIENCE = 90
"""Seconds within which a worker that lives has done what a test waits for, on a busy machine too."""


def environment(claims: Database, **changes: str) -> dict[str, str]:
    """The settings of a process over a claims database, as environment variables."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RASAD_")}
    given = {
        "DATABASE_URL": claims.url,
        "JURISDICTION": claims.jurisdiction.key,
        "DATA_DIR": os.devnull,
        "DEMO": str(claims.demo).lower(),
        "SECRET_KEY": KEY,
        **changes,
    }
    return kept | {f"RASAD_{name}": value for name, value in given.items()}


class Worker:
    """``python -m dashboard worker`` as a process, whose log goes to a file. ``changes`` are settings of its own."""

    def __init__(self, claims: Database, log: Path, **changes: str) -> None:
        self.log = log
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "dashboard", "worker"],
                cwd=ROOT,
                env=environment(claims, **changes),
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    def kill(self) -> None:
        """End it on the spot, as the kernel does where memory runs out."""
        self.process.kill()
        self.process.wait()

    def end(self) -> int:
        """End it in order; its status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


@contextmanager
def worker(claims: Database, folder: Path, **changes: str) -> Iterator[Worker]:
    """A worker as long as the block lasts."""
    running = Worker(claims, folder / "worker.log", **changes)
    try:
        yield running
    finally:
        running.end()


def awaited(claims: Database, person: int, number: str, state: Callable[[File], bool]) -> File:
    """The file as soon as it is in a state. AssertionError when it does not come to that in time."""
    deadline = time.monotonic() + PATIENCE
    while True:
        found = files.of(claims, person, number)
        assert found is not None
        if state(found):
            return found
        assert time.monotonic() < deadline, f"it is {found.state} {found.step} {found.error}"
        time.sleep(0.1)


@contextmanager
def held(claims: Database) -> Iterator[None]:
    """All cubes locked: whatever asks them waits, and fails when its statement has taken too long."""
    with psycopg.connect(claims.url) as connection:
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ '_cells$' ORDER BY relname"
        ).fetchall()
        connection.execute(f"LOCK TABLE {', '.join(name for (name,) in tables)} IN ACCESS EXCLUSIVE MODE")
        yield
