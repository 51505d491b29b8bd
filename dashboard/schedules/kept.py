"""Schedules as they are kept, each for its owner alone, and what came of every time that one was due.

A time that was due is there once, whoever finds that it has come; it is worked on by one job at a time, and every
beginning of that has a number (`Run.attempt`): only the last may hand anything over. An address is written down as
handed, or as about to be, before anything is done that cannot be taken back: so nobody is sent the same twice.

Functions raise what SQLAlchemy raises when the database is silent.
"""

from __future__ import annotations

import re
import secrets
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

import orjson
from sqlalchemy import Connection, text

from dashboard.access.own import own
from dashboard.claims.database import Database
from dashboard.intake.characters import normalised
from dashboard.intake.person import names_person
from dashboard.jobs.queue import defer
from dashboard.schedules.rule import Rule
from dashboard.text import LANGUAGES

State = Literal["waiting", "working", "done", "failed", "refused"]

TASK: Final = "schedules.run"
MOST: Final = 30
"""Schedules of one person."""
MOST_ADDRESSES: Final = 10
MOST_ASKED: Final = 6
"""Times in an hour that somebody may want the same at once."""
LONGEST_FOLDER: Final = 60
LATE: Final = timedelta(minutes=15)
"""How long after it was due something counts as late."""
WAITS: Final = tuple(
    timedelta(seconds=seconds) for seconds in (10, 60, 5 * 60, 15 * 60, 30 * 60, 3600, 2 * 3600, 4 * 3600)
)
"""How long it is put off each time that it cannot be sent; after the last it has failed."""
REMEMBERED: Final = timedelta(days=400)
"""How long it is known what came of a time that was due."""

_LETTERS: Final = 24
_ADDRESS: Final = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9-]{1,63}"
)
_LONGEST_ADDRESS: Final = 254
_FOLDER: Final = re.compile(r"[^\W_](?:[\w -]*[^\W_])?")
_OPEN: Final = "state IN ('waiting', 'working')"
_SCHEDULE: Final = (
    "schedules.id, person_id, briefing, ready, kind, language, rule, addresses, folder, next_at, paused_at"
)
_RUN: Final = (
    "schedule_runs.id, due_at, asked, state, error, attempt, tries, again_at, began_at, ended_at, "
    "handed, unsure, refused"
)


class BadSchedule(ValueError):
    """What cannot be kept so; ``why`` is the end of the text ``schedules.bad.<why>`` that says why."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Unknown(LookupError):
    """A schedule that is not the person's, or is not there."""


class Ended(RuntimeError):
    """Work that is no longer wanted: it was begun anew elsewhere, or its schedule is gone."""


@dataclass(frozen=True)
class Run:
    """A time that a schedule was due, or wanted at once (``asked``), and what came of it."""

    id: int
    due_at: datetime
    asked: bool
    state: State
    error: str
    attempt: int
    tries: int
    again_at: datetime | None
    began_at: datetime | None
    ended_at: datetime | None
    handed: tuple[str, ...]
    unsure: tuple[str, ...]
    refused: tuple[str, ...]

    @property
    def open(self) -> bool:
        """Whether it is still to come."""
        return self.state in ("waiting", "working")

    @property
    def late(self) -> bool:
        """Whether it came, or comes, well after it was due."""
        return not self.asked and (self.ended_at or datetime.now(UTC)) - self.due_at > LATE


@dataclass(frozen=True)
class Schedule:
    """A briefing of a person (``briefing``: its id) or a ready one (``ready``: its key), and when to send it where.

    Either to ``addresses`` by e-mail, or into a ``folder``.
    """

    id: str
    person_id: int
    briefing: str | None
    ready: str | None
    kind: str
    language: str
    rule: Rule
    addresses: tuple[str, ...]
    folder: str
    next_at: datetime
    paused_at: datetime | None
    last: Run | None = None


Noted = Callable[[Connection, str], None]
"""Writes what belongs into the transaction of a change, called with its connection and the schedule's id."""


def addresses_in(written: str, domains: Sequence[str], person_code: str) -> tuple[str, ...]:
    """The addresses in what somebody typed, parted by commas, semicolons or spaces; each once. BadSchedule.

    ``domains`` are those that may be written to; all where none is named. ``person_code`` is the jurisdiction's: an
    address that holds a national code is none that may be kept.
    """
    found = []
    for part in re.split(r"[\s,;،؛]+", written.strip()):
        local, _, domain = part.rpartition("@")
        address = f"{local}@{domain.lower()}"
        if not _ADDRESS.fullmatch(address) or len(address) > _LONGEST_ADDRESS or ".." in address or local.endswith("."):
            raise BadSchedule("address")
        if domains and domain.lower() not in domains:
            raise BadSchedule("domain")
        if names_person(normalised(address), person_code):
            raise BadSchedule("person")
        found.append(address)
    if len(set(found)) > MOST_ADDRESSES:
        raise BadSchedule("addresses")
    return tuple(dict.fromkeys(found))


def folder_named(written: str, person_code: str) -> str:
    """A plain name of a folder: letters, digits, spaces, hyphens and underscores. BadSchedule where it is none."""
    name = re.sub(" +", " ", written).strip(" ")
    if not _FOLDER.fullmatch(name) or len(name) > LONGEST_FOLDER:
        raise BadSchedule("folder")
    if names_person(normalised(name), person_code):
        raise BadSchedule("person")
    return name


def make(
    database: Database,
    person_id: int,
    kind: str,
    language: str,
    rule: Rule,
    briefing: str | None = None,
    ready: str | None = None,
    addresses: Sequence[str] = (),
    folder: str = "",
    noted: Noted | None = None,
) -> str:
    """Make a schedule, due for the first time at its next time from now; its id. BadSchedule, Unknown.

    Kinds and ready briefings are checked by who offers them.
    """
    if language not in LANGUAGES:
        raise BadSchedule("field")
    made = "".join(secrets.choice(string.ascii_letters) for _ in range(_LETTERS))
    with own(database, person_id) as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('schedules'), :person)"), {"person": person_id})
        if connection.execute(text("SELECT count(*) FROM schedules")).scalar_one() >= MOST:
            raise BadSchedule("many")
        if briefing is not None:
            mine = text("SELECT EXISTS (SELECT FROM briefings WHERE id = :id AND person_id = :person)")
            if not connection.execute(mine, {"id": briefing, "person": person_id}).scalar_one():
                raise Unknown(briefing)
        connection.execute(
            text(
                "INSERT INTO schedules"
                " (id, person_id, briefing, ready, kind, language, rule, addresses, folder, next_at) VALUES"
                " (:id, :person, :briefing, :ready, :kind, :language, CAST(:rule AS jsonb), :addresses, :folder, :next)"
            ),
            {
                "id": made,
                "person": person_id,
                "briefing": briefing,
                "ready": ready,
                "kind": kind,
                "language": language,
                "rule": orjson.dumps(rule.told()).decode(),
                "addresses": list(addresses),
                "folder": folder,
                "next": rule.next(datetime.now(UTC), database.jurisdiction.timezone),
            },
        )
        if noted:
            noted(connection, made)
    return made


def listed(database: Database, person_id: int) -> list[Schedule]:
    """The schedules of a person with what came of the last time, the soonest first, those that rest last."""
    with own(database, person_id) as connection:
        rows = connection.execute(
            text(
                f"SELECT {_SCHEDULE}, {_RUN} FROM schedules LEFT JOIN LATERAL (SELECT * FROM schedule_runs"
                " WHERE schedule = schedules.id ORDER BY due_at DESC LIMIT 1) schedule_runs ON true"
                " ORDER BY paused_at IS NOT NULL, next_at, schedules.id"
            )
        ).all()
    return [_schedule(row) for row in rows]


def runs(database: Database, person_id: int, schedule: str) -> list[Run]:
    """Every time that a schedule was due, the latest first."""
    with own(database, person_id) as connection:
        statement = f"SELECT {_RUN} FROM schedule_runs WHERE schedule = :id ORDER BY due_at DESC"
        return [_run(row) for row in connection.execute(text(statement), {"id": schedule})]


def pause(database: Database, person_id: int, schedule: str, noted: Noted | None = None) -> None:
    """Let a schedule rest; what waits to be tried again is given up. Unknown."""
    with own(database, person_id) as connection:
        _change(connection, schedule, "paused_at = coalesce(paused_at, now())", {})
        connection.execute(
            text(
                "UPDATE schedule_runs SET state = 'refused', error = 'paused', ended_at = now()"
                " WHERE schedule = :id AND state = 'waiting' AND NOT asked"
            ),
            {"id": schedule},
        )
        if noted:
            noted(connection, schedule)


def resume(database: Database, person_id: int, schedule: str, noted: Noted | None = None) -> None:
    """Let a schedule go on from now: what was due while it rested is not made up for. Unknown."""
    with own(database, person_id) as connection:
        kept = text("SELECT rule FROM schedules WHERE id = :id FOR UPDATE")
        rule = connection.execute(kept, {"id": schedule}).scalar_one_or_none()
        if rule is None:
            raise Unknown(schedule)
        after = Rule.of(rule).next(datetime.now(UTC), database.jurisdiction.timezone)
        _change(connection, schedule, "paused_at = NULL, next_at = :next", {"next": after})
        if noted:
            noted(connection, schedule)


def drop(database: Database, person_id: int, schedule: str, noted: Noted | None = None) -> None:
    """Throw a schedule away with what is known of it. Unknown."""
    with own(database, person_id) as connection:
        if not connection.execute(text("DELETE FROM schedules WHERE id = :id"), {"id": schedule}).rowcount:
            raise Unknown(schedule)
        if noted:
            noted(connection, schedule)


def send_now(database: Database, person_id: int, schedule: str, noted: Noted | None = None) -> None:
    """Send at once, also what waits to be tried again. Unknown; BadSchedule where it is wanted too often."""
    with own(database, person_id) as connection:
        held = text("SELECT id FROM schedules WHERE id = :id FOR UPDATE")
        if connection.execute(held, {"id": schedule}).scalar_one_or_none() is None:
            raise Unknown(schedule)
        unsent = text(
            f"SELECT id, state FROM schedule_runs WHERE schedule = :id AND {_OPEN} ORDER BY due_at DESC LIMIT 1"
        )
        there = connection.execute(unsent, {"id": schedule}).one_or_none()
        if there is None:
            often = text(
                "SELECT count(*) FROM schedule_runs WHERE schedule = :id AND asked"
                " AND due_at > now() - interval '1 hour'"
            )
            if connection.execute(often, {"id": schedule}).scalar_one() >= MOST_ASKED:
                raise BadSchedule("often")
            _begin(connection, person_id, schedule, datetime.now(UTC), asked=True)
        elif there.state == "waiting":
            _queue(connection, person_id, there.id)
        if noted:
            noted(connection, schedule)


def due(database: Database) -> int:
    """Queue whatever is due, and set when it is due next; how many. What was missed meanwhile is sent once."""
    with database.write() as connection:
        found = connection.execute(
            "SELECT person_id, id FROM schedules WHERE paused_at IS NULL AND next_at <= now() ORDER BY next_at"
        ).fetchall()
    return sum(_due(database, person_id, schedule) for person_id, schedule in found)


def tidy(database: Database) -> int:
    """Fail what no job works on any more, and forget what was long ago; how many failed."""
    with database.write() as connection:
        connection.execute("DELETE FROM schedule_runs WHERE ended_at < now() - %s", (REMEMBERED,))
        return connection.execute(
            f"UPDATE schedule_runs SET state = 'failed', error = 'lost', ended_at = now() WHERE {_OPEN} AND NOT EXISTS"
            " (SELECT FROM jobs.procrastinate_jobs job WHERE job.id = job_id AND job.status IN ('todo', 'doing'))"
        ).rowcount


@dataclass(frozen=True)
class Sending:
    """A time that is being worked on: what a worker says of it. Ended once it was begun anew elsewhere, or is gone."""

    database: Database
    schedule: Schedule
    run: Run

    @classmethod
    def begun(cls, database: Database, person_id: int, run: int, job: int) -> Sending | None:
        """Begin, or begin anew where a worker died over it; ``None`` where there is nothing to do.

        An address that a dead worker was handing the message over for is one nobody can be sure of.
        """
        with own(database, person_id) as connection:
            begun = connection.execute(
                text(
                    "UPDATE schedule_runs SET state = 'working', attempt = attempt + 1, again_at = NULL,"
                    " began_at = coalesce(began_at, now()), handing = NULL,"
                    " unsure = CASE WHEN handing IS NULL THEN unsure ELSE unsure || handing END"
                    f" WHERE id = :id AND job_id = :job AND {_OPEN} RETURNING {_RUN}, schedule"
                ),
                {"id": run, "job": job},
            ).one_or_none()
            if begun is None:
                return None
            kept = text(f"SELECT {_SCHEDULE} FROM schedules WHERE id = :id")
            row = connection.execute(kept, {"id": begun.schedule}).one()
        return cls(database, _schedule(row), _run(begun))

    @property
    def unsent(self) -> tuple[str, ...]:
        """The addresses for which it is still to be handed over."""
        run = self.run
        return tuple(a for a in self.schedule.addresses if a not in (*run.handed, *run.unsure, *run.refused))

    def handing(self, address: str) -> None:
        """Say that the next thing done sends it to an address, for good or ill."""
        self._said("handing = :address", address=address)

    def handed(self, address: str) -> None:
        """Say that the mail server has taken it over for an address."""
        self._said("handing = NULL, handed = array_append(handed, :address)", address=address)

    def not_taken(self, address: str) -> None:
        """Say that the mail server did not take it over for the address it was about to be handed to."""
        self._said("handing = NULL", address=address)

    def refused(self, address: str) -> None:
        """Say that the mail server does not take it for an address, now or later."""
        self._said("handing = NULL, refused = array_append(refused, :address)", address=address)

    def unsure(self, address: str) -> None:
        """Say that nobody heard whether it was taken over for an address."""
        self._said("handing = NULL, unsure = array_append(unsure, :address)", address=address)

    def ended(self, state: Literal["done", "failed", "refused"], error: str = "") -> None:
        """Say what came of it in the end; of what is done ``error`` says what is not as it should be."""
        self._said("state = :state, error = :error, ended_at = now(), again_at = NULL", state=state, error=error)

    def again(self, error: str) -> bool:
        """Put it off, for longer each time, and say why; whether there is another try. After the last it has failed."""
        if self.run.tries >= len(WAITS):
            self.ended("failed", error)
            return False
        at = datetime.now(UTC) + WAITS[self.run.tries]
        with own(self.database, self.schedule.person_id) as connection:
            self._say(
                connection, "state = 'waiting', error = :error, tries = tries + 1, again_at = :at", error=error, at=at
            )
            _queue(connection, self.schedule.person_id, self.run.id, at)
        return True

    def _said(self, what: str, **given: Any) -> None:
        with own(self.database, self.schedule.person_id) as connection:
            self._say(connection, what, **given)

    def _say(self, connection: Connection, what: str, **given: Any) -> None:
        statement = f"UPDATE schedule_runs SET {what} WHERE id = :id AND attempt = :attempt AND state = 'working'"
        values = {**given, "id": self.run.id, "attempt": self.run.attempt}
        if not connection.execute(text(statement), values).rowcount:
            raise Ended("it was begun anew, or is gone")


def _due(database: Database, person_id: int, schedule: str) -> bool:
    """Queue what is due, unless somebody else just did."""
    with own(database, person_id) as connection:
        kept = text(
            "SELECT rule, next_at FROM schedules WHERE id = :id AND paused_at IS NULL AND next_at <= now()"
            " FOR UPDATE SKIP LOCKED"
        )
        found = connection.execute(kept, {"id": schedule}).one_or_none()
        if found is None:
            return False
        after = Rule.of(found.rule).next(datetime.now(UTC), database.jurisdiction.timezone)
        _change(connection, schedule, "next_at = :next", {"next": after})
        return _begin(connection, person_id, schedule, found.next_at, asked=False)


def _begin(connection: Connection, person_id: int, schedule: str, at: datetime, *, asked: bool) -> bool:
    """Write down that a schedule was due at a moment and queue it; False where that was done before."""
    insert = (
        "INSERT INTO schedule_runs (schedule, due_at, asked) VALUES (:id, :at, :asked)"
        " ON CONFLICT DO NOTHING RETURNING id"
    )
    run = connection.execute(text(insert), {"id": schedule, "at": at, "asked": asked}).scalar_one_or_none()
    if run is not None:
        _queue(connection, person_id, run)
    return run is not None


def _queue(connection: Connection, person_id: int, run: int, at: datetime | None = None) -> None:
    """Add the job that works on it; any earlier one finds nothing to do."""
    job = defer(connection, TASK, at=at, person=person_id, run=run)
    connection.execute(text("UPDATE schedule_runs SET job_id = :job WHERE id = :id"), {"job": job, "id": run})


def _change(connection: Connection, schedule: str, what: str, given: dict[str, Any]) -> None:
    if not connection.execute(text(f"UPDATE schedules SET {what} WHERE id = :id"), {**given, "id": schedule}).rowcount:
        raise Unknown(schedule)


def _schedule(row: Sequence[Any]) -> Schedule:
    number, person_id, briefing, ready, kind, language, rule, addresses, folder, next_at, paused_at, *run = row
    to = tuple(addresses)
    made = Schedule(number, person_id, briefing, ready, kind, language, Rule.of(rule), to, folder, next_at, paused_at)
    return replace(made, last=_run(run)) if run and run[0] is not None else made


def _run(row: Sequence[Any]) -> Run:
    return Run(*row[:10], *map(tuple, row[10:13]))
