"""What workers do: the tasks, and the makers of files, each under what its person may see at the time it runs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import procrastinate
import psycopg
from procrastinate.exceptions import JobAborted
from procrastinate.job_context import JobContext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from callbacks.audited import filtered
from callbacks.composing import CONTENT_TYPES, composed, found
from callbacks.taking import Refusal, file, taken
from dashboard.access import people
from dashboard.access.person import Person
from dashboard.deployment import Deployment
from dashboard.exports.kinds import KINDS
from dashboard.jobs import files
from dashboard.jobs.files import Ended, File, Made, Work
from dashboard.jobs.queue import Growing, Passing, last
from layouts.sheet import STYLES, Style

_KEPT_HOURS: Final = 24 * 7
_SILENT = (DBAPIError, PoolTimeout, psycopg.OperationalError)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Making:
    """What a maker is told: the deployment, who asked as they are now, the file, and how to say how far it is.

    ``at(step, progress)`` is to be called before each part of the work that takes long: there the work ends where
    nobody wants it any more. ``step`` is one of the texts ``file.step.<step>``.
    """

    deployment: Deployment
    person: Person
    file: File
    at: Callable[[str, float], None]


Maker = Callable[[Making], Made]
"""Makes a file. A `Refusal` of status 503 is tried again later; any other is told to who asked."""


def panel(making: Making) -> Made:
    """A panel's answer as a file; ``ask`` holds the panel's key, the query of an address and the style."""
    ask, kind = making.file.ask, making.file.kind
    return shown(making.deployment, making.person, ask["panel"], kind, ask["query"], ask["style"], making.at)


def shown(
    deployment: Deployment,
    person: Person,
    key: str,
    kind: str,
    query: Mapping[str, str],
    style: Style = "light",
    at: Callable[[str, float], None] = lambda _step, _progress: None,
) -> Made:
    """What a panel shows to a person, as a file of a kind. Refusal where there is none; ``at`` as in `Making`."""
    if style not in STYLES:
        raise Refusal(400, f"style: {style!r} is none of {', '.join(STYLES)}")
    at("asking", 0.1)
    of = taken(deployment, person, key, query)
    at("drawing", 0.4)
    content = file(deployment, person, of, kind, style)
    at("keeping", 0.9)
    name = f"{of.stem}.{kind}"
    return Made(content, KINDS[kind].content_type, name, len(of.answer.frame), filtered(of.filters, person))


def briefing(making: Making) -> Made:
    """A briefing as a file; ``ask`` holds its id."""
    deployment, person, kind = making.deployment, making.person, making.file.kind
    of = composed(
        deployment, person, found(deployment, person, making.file.ask["briefing"], making.file.language), making.at
    )
    content = of.file(kind, making.at)
    making.at("keeping", 0.9)
    return Made(content, CONTENT_TYPES[kind], f"{of.stem}.{kind}", of.rows, of.detail)


MAKERS: Final[dict[str, Maker]] = {"briefing": briefing, "panel": panel}
"""By the name under which files are asked for (`files.ask`)."""


def register(app: procrastinate.App, deployment: Deployment) -> None:
    """Add the tasks to a worker's queue."""
    kept = timedelta(days=deployment.settings.files_days)

    @app.task(name=files.TASK, pass_context=True, retry=Growing())
    def make(context: JobContext, number: str) -> None:
        assert context.job.id is not None
        try:
            work = Work.begun(deployment.database, number, context.job.id)
            if work is not None:
                _make(deployment, context, work, kept)
        except Ended:
            log.info("file %s: given up by who asked, or begun anew", number)
        except _SILENT as error:
            raise Passing("the database does not answer") from error

    @app.periodic(cron="*/5 * * * *")
    @app.task(name="files.tidy", queueing_lock="files.tidy")
    def tidy(timestamp: int) -> None:  # noqa: ARG001  when it was due
        expired, lost = files.tidy(deployment.database)
        if expired or lost:
            log.info("files: %s have expired, %s were lost", expired, lost)

    @app.periodic(cron="17 * * * *")
    @app.task(name="jobs.tidy", queueing_lock="jobs.tidy")
    async def forget(timestamp: int) -> None:  # noqa: ARG001
        await app.job_manager.delete_old_jobs(
            nb_hours=_KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
        )


def _make(deployment: Deployment, context: JobContext, work: Work, kept: timedelta) -> None:
    """Make a file and say what came of it. Passing where it may come of another try."""

    def at(step: str, progress: float) -> None:
        if context.should_abort():
            work.waits("")
            raise JobAborted
        work.at(step, progress)

    account = people.by_id(deployment.database, work.file.person_id)
    maker = MAKERS.get(work.file.maker)
    if account is None or account.disabled_at is not None or maker is None:
        work.failed("disabled" if maker else "fault")
        return
    try:
        made = maker(Making(deployment, account.person, work.file, at))
        work.done(made, account.person, kept)
    except Refusal as refusal:
        if refusal.code != 503:
            work.failed("not_open" if refusal.code == 403 else "refused")
        else:
            _again(context, work, refusal)
    except _SILENT as error:
        _again(context, work, error)
    except (Ended, JobAborted):
        raise
    except Exception:  # the queue keeps it as failed, and writes it down
        work.failed("fault")
        raise
    else:
        log.info("file %s is made: %s", work.file.id, _called(work.file))


def _again(context: JobContext, work: Work, error: Exception) -> None:
    """Leave it to another try, or fail after the last."""
    if last(context.job):
        work.failed("passing")
        return
    work.waits("passing")
    raise Passing(str(error)) from error


def _called(of: File) -> str:
    told: dict[str, Any] = of.ask
    return f"{of.maker} {told.get('panel', '')}.{of.kind}"
