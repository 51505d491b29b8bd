"""A worker: does jobs, also those that dead workers left, and outlasts a database that goes away.

It ends in order when it is told to (SIGTERM, SIGINT), and when the process ends that it was started beside.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Callable

import procrastinate
from procrastinate.exceptions import ConnectorException, NoResult
from procrastinate.jobs import DeleteJobCondition, Status
from psycopg import OperationalError

from dashboard.claims.database import Database
from dashboard.jobs.queue import HEARTBEAT, MOST_TRIES, SILENT, app_of

Register = Callable[[procrastinate.App], None]
"""Adds the tasks to a queue."""

GRACE = 20.0
"""Seconds that work in hand may still take when the worker is told to end; then it is broken off, to be done anew."""

_LONGEST_WAIT = 30.0
_NICE = 10

log = logging.getLogger(__name__)


def work(database: Database, register: Register, concurrency: int, beside: int | None = None) -> None:
    """Do jobs until told to end. ``beside`` is the number of the process that it ends with."""
    os.nice(_NICE)
    asyncio.run(_until_told(database, register, concurrency, beside))


async def _until_told(database: Database, register: Register, concurrency: int, beside: int | None) -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    watching = asyncio.create_task(_beside(beside, told)) if beside is not None else None
    wait = 1.0
    while not told.is_set():
        began = loop.time()
        try:
            await _once(database, register, concurrency, told)
        except (ConnectorException, NoResult, OperationalError, OSError) as error:
            log.warning("the queue does not answer: %s", type(error.__cause__ or error).__name__)
        if told.is_set():
            break
        wait = 1.0 if loop.time() - began > _LONGEST_WAIT else min(wait * 2, _LONGEST_WAIT)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(told.wait(), wait)
    if watching is not None:
        watching.cancel()
    log.info("the worker has ended")


async def _once(database: Database, register: Register, concurrency: int, told: asyncio.Event) -> None:
    """Work as long as the database answers, or until told to end."""
    app = app_of(database, size=concurrency + 3)
    register(app)
    async with app.open_async():
        log.info("the worker takes jobs, %s at a time", concurrency)
        working = asyncio.create_task(
            app.run_worker_async(
                concurrency=concurrency,
                install_signal_handlers=False,
                shutdown_graceful_timeout=GRACE,
                delete_jobs=DeleteJobCondition.SUCCESSFUL,
                update_heartbeat_interval=HEARTBEAT,
                stalled_worker_timeout=SILENT,
                fetch_job_polling_interval=HEARTBEAT,
            )
        )
        reviving = asyncio.create_task(_revive(app))
        ending = asyncio.create_task(told.wait())
        try:
            await asyncio.wait({working, reviving, ending}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (reviving, ending, working):
                task.cancel()
            ended = await asyncio.gather(working, reviving, ending, return_exceptions=True)
        for outcome in ended:
            if isinstance(outcome, Exception):
                raise outcome


async def _revive(app: procrastinate.App) -> None:
    """Queue again, every few seconds, what workers left that have died; what has killed several is given up."""
    while True:
        jobs = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT)
        for job in jobs:
            if job.attempts + 1 >= MOST_TRIES:
                log.error("job %s, %s: %s workers have died over it", job.id, job.task_name, MOST_TRIES)
                await app.job_manager.finish_job(job, Status.FAILED, delete_job=False)
            else:
                log.warning("job %s, %s: its worker has died, it is begun anew", job.id, job.task_name)
                await app.job_manager.retry_job(job)
        await asyncio.sleep(HEARTBEAT)


async def _beside(process: int, told: asyncio.Event) -> None:
    """Tell the worker to end when the process is gone that it was started by."""
    while os.getppid() == process:
        await asyncio.sleep(1)
    told.set()
