"""What workers do with schedules: find what is due, put it together as its owner may see it now, and send it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

import procrastinate
import psycopg
from procrastinate.exceptions import JobAborted
from procrastinate.job_context import JobContext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from callbacks.composing import Composed, Step, composed, found, ready_id
from callbacks.taking import Refusal
from dashboard.access import audit, people
from dashboard.access.audit import Unwritten
from dashboard.access.person import Person
from dashboard.briefings.kept import Briefing
from dashboard.briefings.ready import READY
from dashboard.deployment import Deployment
from dashboard.exports.kinds import KINDS
from dashboard.jobs.queue import Growing, Passing
from dashboard.schedules import kept, mail
from dashboard.schedules.folder import FolderDown, put
from dashboard.schedules.kept import Ended, Schedule, Sending
from dashboard.schedules.mail import MailDown, Server
from dashboard.text import text
from layouts.letter import letter

LARGEST: Final = 20 * 1024**2
"""Bytes of the largest file that goes by e-mail: few servers take more."""

_SILENT: Final = (DBAPIError, PoolTimeout, psycopg.OperationalError)

log = logging.getLogger(__name__)


class NotSent(Exception):
    """It is not sent, for the reason ``schedules.error.<why>``; and it is never by trying again."""

    def __init__(self, why: str, state: Literal["failed", "refused"] = "failed") -> None:
        super().__init__(why)
        self.why = why
        self.state = state


class Later(Exception):
    """It cannot be sent now, for the reason ``schedules.error.<why>``; it may be in a while."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def register(app: procrastinate.App, deployment: Deployment) -> None:
    """Add the tasks to a worker's queue."""
    database = deployment.database

    @app.periodic(cron="* * * * *")
    @app.task(name="schedules.due", queueing_lock="schedules.due")
    def due(timestamp: int) -> None:  # noqa: ARG001  when it was deferred
        queued, lost = kept.due(database), kept.tidy(database)
        if queued or lost:
            log.info("schedules: %s are due, %s were lost", queued, lost)

    @app.task(name=kept.TASK, pass_context=True, retry=Growing())
    def run(context: JobContext, person: int, run: int) -> None:
        assert context.job.id is not None
        try:
            sending = Sending.begun(database, person, run, context.job.id)
            if sending is not None:
                _run(deployment, sending, context.should_abort)
        except Ended:
            log.info("schedule run %s: begun anew elsewhere, or gone", run)
        except _SILENT as error:
            raise Passing("the database does not answer") from error


def _run(deployment: Deployment, sending: Sending, told_to_end: Callable[[], bool]) -> None:
    """Send it and say what came of it."""

    def at(_step: str, _progress: float) -> None:
        if told_to_end():  # another worker begins anew
            raise JobAborted

    try:
        error = _sent(deployment, sending, at)
    except NotSent as not_sent:
        sending.ended(not_sent.state, not_sent.why)
    except Later as later:
        again = sending.again(later.why)
        log.warning("schedule %s: %s; %s", sending.schedule.id, later.why, "tried again" if again else "given up")
    except (Ended, JobAborted, *_SILENT):
        raise
    except Exception:  # the queue keeps it as failed, and writes it down
        sending.ended("failed", "fault")
        raise
    else:
        sending.ended("done", error)
        log.info("schedule %s: sent", sending.schedule.id)


def _sent(deployment: Deployment, sending: Sending, at: Step) -> str:
    """Put it together and send it; what is not as it should be, or nothing. NotSent, Later."""
    try:
        person = _person(deployment, sending.schedule)
        whole = composed(deployment, person, _briefing(deployment, person, sending.schedule), at)
        content = whole.file(sending.schedule.kind, at)
        at("sending", 1.0)
        return _delivered(deployment, person, sending, whole, content)
    except Refusal as refusal:
        raise (Later("figures") if refusal.code == 503 else NotSent("gone")) from refusal
    except Unwritten as unwritten:
        raise Later("audit") from unwritten


def _person(deployment: Deployment, schedule: Schedule) -> Person:
    """Whose schedule it is, as they are now. NotSent where the account is closed, or may not see figures any more."""
    account = people.by_id(deployment.database, schedule.person_id)
    if account is None or account.disabled_at is not None:
        raise NotSent("disabled", "refused")
    if not account.person.may("counts"):
        raise NotSent("not_entitled", "refused")
    return account.person


def _briefing(deployment: Deployment, person: Person, schedule: Schedule) -> Briefing:
    """What is to be sent, in the schedule's language. NotSent where it is not the person's any more."""
    ready = {each.key: ready_id(each) for each in READY}
    number = schedule.briefing or ready.get(schedule.ready or "", "")
    try:
        of = found(deployment, person, number, schedule.language)
    except Refusal as refusal:
        if refusal.code == 503:
            raise
        raise NotSent("not_entitled" if schedule.ready else "gone", "refused") from refusal
    return replace(of, language=schedule.language)


def _delivered(deployment: Deployment, person: Person, sending: Sending, whole: Composed, content: bytes) -> str:
    """Send it where the schedule says; what is not as it should be, or nothing. NotSent, Later."""
    if sending.schedule.folder:
        return _to_folder(deployment, person, sending, whole, content)
    return _by_mail(deployment, person, sending, whole, content)


def _to_folder(deployment: Deployment, person: Person, sending: Sending, whole: Composed, content: bytes) -> str:
    schedule, root = sending.schedule, deployment.settings.delivery_dir
    if not root:
        raise NotSent("folder_off")
    due = sending.run.due_at.astimezone(deployment.jurisdiction.timezone)
    name = f"rasad-briefing-{due:%Y-%m-%d-%H%M}-{schedule.id[:6]}.{schedule.kind}"
    _audited(deployment, person, schedule, whole, {"folder": schedule.folder, "file": name})
    try:
        put(Path(root).resolve(), schedule.folder, name, content)
    except FolderDown as error:
        log.warning("a briefing cannot be put into its folder: %s", error)
        raise Later("folder_down") from error
    return ""


def _by_mail(deployment: Deployment, person: Person, sending: Sending, whole: Composed, content: bytes) -> str:
    settings, schedule = deployment.settings, sending.schedule
    if not settings.smtp_url:
        raise NotSent("mail_off")
    if settings.domains and any(address.rpartition("@")[2] not in settings.domains for address in schedule.addresses):
        raise NotSent("domain")
    if len(content) > LARGEST:
        raise NotSent("large")
    if not sending.unsent:
        return _outcome(deployment, sending)
    words = text(schedule.language).reckoned(whole.whole.text.calendar_name)
    message = letter(
        words,
        whole.whole,
        None if schedule.briefing else f"briefings.ready.{schedule.ready}",
        person.name,
        sending.run.due_at if sending.run.late else None,
        settings.public_url,
    )
    message["From"] = settings.smtp_from
    message["Message-ID"] = f"<{schedule.id}.{sending.run.id}@{settings.smtp_from.rpartition('@')[2]}>"
    message["Date"] = datetime.now(UTC)
    kind, _, sub = KINDS[schedule.kind].content_type.partition(";")[0].partition("/")
    message.add_attachment(content, maintype=kind, subtype=sub, filename=f"{whole.stem}.{schedule.kind}")
    message["Content-Language"] = schedule.language  # added last: a part added takes such headers along
    message["To"] = ", ".join(schedule.addresses)
    try:
        with mail.connected(Server.of(settings.smtp_url)) as connection:
            _audited(deployment, person, schedule, whole, {"to": list(sending.unsent)})
            later = [
                address
                for address in sending.unsent
                if not _to_one(
                    sending, address, lambda to, mark: mail.hand(connection, settings.smtp_from, to, message, mark)
                )
            ]
    except MailDown as error:
        log.warning("schedule %s: %s", schedule.id, error)
        raise Later("mail_down") from error
    if later:
        raise Later("mail_later")
    return _outcome(deployment, sending)


def _to_one(sending: Sending, address: str, hand: Callable[[str, Callable[[], None]], mail.Outcome]) -> bool:
    """Hand the message over for one address and write down what came of it; False where it is wanted later."""
    outcome = hand(address, lambda: sending.handing(address))
    if outcome == "handed":
        sending.handed(address)
    elif outcome == "unsure":
        sending.unsure(address)
    elif outcome == "later":
        sending.not_taken(address)
        return False
    else:
        sending.refused(address)
        if outcome == "large":
            log.warning("schedule %s: the mail server finds the message too large", sending.schedule.id)
    return True


def _outcome(deployment: Deployment, sending: Sending) -> str:
    """What is not as it should be, now that nothing is left to hand over. NotSent where nobody has it."""
    runs = kept.runs(deployment.database, sending.schedule.person_id, sending.schedule.id)
    run = next((each for each in runs if each.id == sending.run.id), None)
    if run is None:
        raise Ended("its schedule is gone")
    if run.unsure:
        return "unsure"
    if run.refused and not run.handed:
        raise NotSent("mail_refused")
    return "partly" if run.refused else ""


def _audited(
    deployment: Deployment, person: Person, schedule: Schedule, whole: Composed, where: dict[str, object]
) -> None:
    """Write down what is about to be given out, to whom. Unwritten where it cannot be: nothing is given then."""
    detail = {**whole.detail, **where, "kind": schedule.kind, "briefing": schedule.briefing or schedule.ready}
    audit.record(
        *(deployment.database, person, "briefing_sent", audit.this_host()),
        *(f"schedule/{schedule.id}", detail, whole.rows),
    )
