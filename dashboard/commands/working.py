"""The verb ``worker``, and the worker beside a server: begun with it, begun anew when it dies, ended with it."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Annotated

import typer

from dashboard import logs
from dashboard.commands import above
from dashboard.commands.opening import one_sentence, settings_with
from dashboard.jobs.worker import GRACE, work
from dashboard.settings import ROOT, Settings

_LONGEST_WAIT = 60.0

log = logging.getLogger(__name__)


def worker(
    jobs: Annotated[int | None, typer.Option(min=1, help="Jobs at a time; RASAD_JOBS unless told")] = None,
    beside: Annotated[int | None, typer.Option(help="Number of a process that it ends with: its parent")] = None,
) -> None:
    """Do the work that nobody waits for in front of a page: long files, schedules. SIGTERM ends it in order."""
    with one_sentence():
        settings = settings_with()
        logs.begin(settings.log_level)
        deployment = above.deployment_of(settings)
        register = partial(above.register_tasks, deployment=deployment)
        try:
            work(deployment.database, register, jobs or settings.jobs or 1, beside)
        finally:
            above.end(deployment)


@contextmanager
def beside(settings: Settings, environment: dict[str, str] | None = None) -> Iterator[None]:
    """A worker process as long as the block lasts; none where ``RASAD_JOBS`` is 0."""
    if not settings.jobs:
        yield
        return
    told = threading.Event()
    running = threading.Thread(target=_keep, args=(environment, told), name="rasad-worker", daemon=True)
    running.start()
    try:
        yield
    finally:
        told.set()
        running.join(GRACE + 10)


def _keep(environment: dict[str, str] | None, told: threading.Event) -> None:
    """Begin a worker anew whenever it dies, after waits that grow while it does so at once."""
    wait = 1.0
    while not told.is_set():
        began = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "dashboard", "worker", "--beside", str(os.getpid())],
            cwd=ROOT,
            env=environment,
            process_group=0,  # a Ctrl-C is for the server, which ends it in order
        )
        while process.poll() is None and not told.wait(0.5):
            pass
        if told.is_set():
            _end(process)
            return
        wait = 1.0 if time.monotonic() - began > _LONGEST_WAIT else min(wait * 2, _LONGEST_WAIT)
        log.warning("the worker has ended with status %s; another begins in %.0f s", process.returncode, wait)
        told.wait(wait)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(GRACE + 5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
