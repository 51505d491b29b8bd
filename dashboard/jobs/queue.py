"""The queue: jobs are added in the transaction of what they are about, and taken by workers.

Procrastinate keeps them in the claims database (`dashboard.jobs.schema`). A job holds the name of what it is about, and
no data. Tasks are registered by whoever composes them (`callbacks.making`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import procrastinate
from procrastinate.exceptions import AlreadyEnqueued, JobAborted
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from sqlalchemy import Connection, text

from dashboard.claims.database import Database
from dashboard.jobs.schema import PATH, SCHEMA

HEARTBEAT: Final = 5.0
"""Seconds between two signs of life of a worker."""

SILENT: Final = 20.0
"""Seconds without one, after which a worker is taken for dead and its jobs are given to another."""

MOST_TRIES: Final = 5
_WAIT: Final = 4
"""Seconds before the second try; each wait is as many times longer than the one before: 4, 16, 64, 256."""


class Passing(RuntimeError):
    """A fault that may be gone in a while: the job is tried again, after waits that grow."""


class Growing(BaseRetryStrategy):
    """Try again what failed by a `Passing` fault, and at once what was broken off because its worker was ended."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again; ``None``: never."""
        if isinstance(exception, JobAborted):
            return RetryDecision(retry_in={"seconds": 0})
        if isinstance(exception, Passing) and not last(job):
            return RetryDecision(retry_in={"seconds": _WAIT ** (job.attempts + 1)})
        return None


def last(job: Job) -> bool:
    """Whether no try is left after the present one."""
    return job.attempts + 1 >= MOST_TRIES


def app_of(database: Database, size: int = 4) -> procrastinate.App:
    """The queue as a worker has it: under the owner of the database, with up to ``size`` connections."""
    connector = procrastinate.PsycopgConnector(
        conninfo=database.url,
        min_size=1,
        max_size=size,
        kwargs={"options": f"-c search_path={PATH.replace(' ', '')}", "connect_timeout": 5, "keepalives_idle": 5},
    )
    return procrastinate.App(connector=connector)


_ADDING = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())
"""Adds jobs over the connections it is handed; it has none of its own."""


def defer(
    connection: Connection,
    task: str,
    lock: str | None = None,
    once: str | None = None,
    at: datetime | None = None,
    **arguments: Any,
) -> int | None:
    """Add a job in the transaction of a change: both are committed together, or neither. The job's number.

    Of the jobs with the same ``lock`` one runs at a time. With ``once`` no second job of that name waits: ``None`` when
    one does. The connection is one of `Database.gate`, or the owner's.
    """
    driver = connection.connection.driver_connection
    before = connection.execute(text("SELECT current_setting('search_path')")).scalar_one()
    setting = text("SELECT set_config('search_path', :path, true)")
    connection.execute(setting, {"path": PATH})
    job = _ADDING.configure_task(
        task, allow_unknown=True, lock=lock, queueing_lock=once, schedule_at=at, connection=driver
    )
    try:
        assert driver is not None
        with driver.transaction():
            number: int | None = job.defer(**arguments)
    except AlreadyEnqueued:
        number = None
    connection.execute(setting, {"path": before})
    return number


def works(database: Database) -> bool:
    """Whether any worker has given a sign of life of late."""
    statement = f"SELECT EXISTS (SELECT FROM {SCHEMA}.procrastinate_workers WHERE last_heartbeat > now() - :silent)"
    with database.gate.connect() as connection:
        found: bool = connection.execute(text(statement), {"silent": timedelta(seconds=SILENT)}).scalar_one()
    return found
