"""The queue: its tables follow the package, a job comes with what it is about or not at all, a worker is kept alive."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from procrastinate.jobs import Job
from procrastinate.schema import SchemaManager
from sqlalchemy import create_engine, text

from dashboard.claims.database import Database
from dashboard.commands.working import beside
from dashboard.jobs import schema
from dashboard.jobs.queue import MOST_TRIES, Growing, Passing, defer, works
from dashboard.settings import Settings
from tests.working import PATIENCE, environment


def number_of(claims: Database, statement: str) -> int:
    with claims.write() as connection:
        row = connection.execute(statement).fetchone()
    assert row is not None
    return int(row[0])


def test_newer_steps_of_the_package_are_applied_once(
    claims: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = sorted(path.name for path in Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    (tmp_path / known[-1]).write_text("SELECT 1 / 0")  # was applied already, and must not be again
    for place, name in enumerate(("98.10.00_50_post.sql", "98.02.00_01_pre.sql", "98.10.00_01_pre.sql")):
        earlier = ("98.02.00_01_pre.sql", "98.10.00_01_pre.sql", "98.10.00_50_post.sql").index(name)
        check = f"SELECT 1 / (count(*) = {earlier})::int FROM steps;" if earlier else "CREATE TABLE steps (n int);"
        (tmp_path / name).write_text(f"{check} INSERT INTO steps VALUES ({place});")
    monkeypatch.setattr(SchemaManager, "get_migrations_path", staticmethod(lambda: str(tmp_path)))
    owner = create_engine(claims.url.replace("postgresql://", "postgresql+psycopg://", 1))
    for _ in range(2):
        with owner.connect() as connection:
            schema.bring_up(connection)
    owner.dispose()
    assert number_of(claims, "SELECT count(*) FROM jobs.steps") == 3


def test_a_job_comes_with_what_it_is_about_or_not_at_all(claims: Database) -> None:
    jobs = "SELECT count(*) FROM jobs.procrastinate_jobs"
    with claims.gate.connect() as connection:
        assert defer(connection, "a.task", number="x")
        connection.rollback()
    assert number_of(claims, jobs) == 0
    with claims.gate.begin() as connection:
        assert defer(connection, "a.task", once="this", number="x")
        assert defer(connection, "a.task", once="this", number="x") is None, "one waits already"
        path = connection.execute(text("SHOW search_path")).scalar_one()
        assert "jobs" not in path
    assert number_of(claims, jobs) == 1


def test_waits_grow_and_end() -> None:
    def wait(attempts: int, error: Exception) -> float | None:
        job = Job(id=1, queue="default", lock=None, queueing_lock=None, task_name="a.task", attempts=attempts)
        decision = Growing().get_retry_decision(exception=error, job=job)
        return None if decision is None or decision.retry_at is None else decision.retry_at.timestamp() - time.time()

    waits = [wait(attempts, Passing()) for attempts in range(MOST_TRIES - 1)]
    assert [round(each) for each in waits if each is not None] == [4, 16, 64, 256]
    assert wait(MOST_TRIES - 1, Passing()) is None
    assert wait(0, ValueError()) is None


def test_a_worker_beside_a_server_is_begun_anew_and_ends_with_it(new_claims: Callable[..., Database]) -> None:
    claims = new_claims()
    settings = Settings(database_url=claims.url, demo=True, data_dir=Path(os.devnull))

    def until(done: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not done():
            assert time.monotonic() < deadline
            time.sleep(0.2)

    def children() -> list[psutil.Process]:
        found = psutil.Process().children()
        return [each for each in found if each.status() != psutil.STATUS_ZOMBIE and "worker" in each.cmdline()]

    assert not works(claims)
    with beside(settings, environment(claims)):
        until(lambda: len(children()) == 1)
        first = children()[0]
        first.kill()
        until(lambda: [each.pid for each in children()] not in ([], [first.pid]))
        until(lambda: works(claims))
    assert not children()
    with beside(Settings(**{**settings.model_dump(), "jobs": 0})):
        time.sleep(1)
        assert not children()
