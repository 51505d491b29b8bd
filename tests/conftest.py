"""What the tests share: one embedded PostgreSQL for all of them, and a fresh, migrated claims database for each."""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from dashboard.claims import server
from dashboard.claims.database import Database, connect
from dashboard.intake.demo.loading import load_demo
from dashboard.jurisdictions import Jurisdiction, load

KEY = "a key for tests only, of more than thirty-two characters"
UNTIL = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
"""The present of generated data, fixed so that a failing test fails again."""

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def cluster() -> Iterator[server.Cluster]:
    """One running server for the whole session.

    Its folder is not below pytest's own, which every session of the same person closes to others again: for root the
    server runs under another account and must pass through.
    """
    with tempfile.TemporaryDirectory(prefix="rasad-tests-") as folder:
        running = server.ensure_running(Path(folder))
        yield running
        server.release(running)


@pytest.fixture(scope="session")
def templates(cluster: server.Cluster) -> Callable[[Jurisdiction, bool], str]:
    """The name of a migrated, empty database of a jurisdiction, made once, to be copied."""
    made: dict[tuple[str, bool], str] = {}

    def template(jurisdiction: Jurisdiction, demo: bool) -> str:
        key = (jurisdiction.key, demo)
        if key not in made:
            name = f"template_{len(made)}"
            _run(cluster, f"CREATE DATABASE {name}")
            connect(_url(cluster, name), Path(os.devnull), jurisdiction, demo).close()
            made[key] = name
        return made[key]

    return template


NewClaims = Callable[..., Database]


@pytest.fixture
def new_claims(cluster: server.Cluster, templates: Callable[[Jurisdiction, bool], str]) -> Iterator[NewClaims]:
    """Makes fresh claims databases: ``new_claims("vn")``, ``new_claims(jurisdiction, demo=False)``."""
    made: list[tuple[str, Database]] = []

    def new(jurisdiction: str | Jurisdiction = "ir", demo: bool = True) -> Database:
        loaded = load(jurisdiction) if isinstance(jurisdiction, str) else jurisdiction
        name = f"claims_{next(_numbers)}"
        _run(cluster, f"CREATE DATABASE {name} TEMPLATE {templates(loaded, demo)}")
        database = Database(_url(cluster, name), loaded, demo)
        made.append((name, database))
        return database

    yield new
    for name, database in made:
        database.close()
        _run(cluster, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def claims(new_claims: NewClaims) -> Database:
    """A fresh claims database of Iran in demo mode."""
    return new_claims()


@pytest.fixture(scope="session")
def demo_claims(
    cluster: server.Cluster, templates: Callable[[Jurisdiction, bool], str]
) -> Iterator[Callable[[str], Database]]:
    """Databases with a small demo (6,000 cases) loaded once; for tests that only read."""
    made: dict[str, Database] = {}

    def of(jurisdiction: str) -> Database:
        if jurisdiction not in made:
            loaded = load(jurisdiction)
            name = f"demo_{jurisdiction}"
            _run(cluster, f"CREATE DATABASE {name} TEMPLATE {templates(loaded, True)}")
            made[jurisdiction] = Database(_url(cluster, name), loaded, True)
            load_demo(made[jurisdiction], KEY, cases=6_000, until=UNTIL)
        return made[jurisdiction]

    yield of
    for database in made.values():
        database.close()


def _url(cluster: server.Cluster, name: str) -> str:
    return cluster.url.replace(f"/{server.DATABASE}?", f"/{name}?")


def _run(cluster: server.Cluster, statement: str) -> None:
    with psycopg.connect(cluster.url, autocommit=True) as connection:
        connection.execute(statement)
