"""Files that are made for people beside the pages: asked for, worked on, kept for a while, and only for who asked.

Who asks from a page acts under ``rasad_gate``, which sees the files of one person at a time; a worker acts as the
owner. A file is made once: every beginning of the work has a number (`Work.attempt`), and only the last of them may say
what came of it.
"""

from __future__ import annotations

import secrets
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal

import orjson
from psycopg.types.json import Jsonb
from sqlalchemy import Connection, text

from dashboard.access.own import own
from dashboard.access.person import Person
from dashboard.claims.database import Database
from dashboard.jobs.queue import defer

State = Literal["waiting", "working", "done", "failed", "cancelled", "expired"]

TASK: Final = "files.make"
MOST_UNMADE: Final = 20
"""Files that one person may have waiting and in work."""

LARGEST: Final = 200 * 1024**2
"""Bytes of the largest file."""

REMEMBERED: Final = timedelta(days=30)
"""How long the list still shows what is not there any more."""

_PART: Final = 1024**2
_LETTERS: Final = 24
_COLUMNS: Final = (
    "id, person_id, maker, kind, title, language, ask, state, progress, step, error, asked_at, started_at, ended_at, "
    "expires_at, name, content_type, rows, detail, seen_as, bytes"
)
_UNMADE: Final = "state IN ('waiting', 'working')"


class TooMany(RuntimeError):
    """A person has as many files waiting as one may have."""


class Ended(RuntimeError):
    """Work that nobody wants any more: the file was cancelled, or begun anew elsewhere."""


@dataclass(frozen=True)
class File:
    """A file as its person may see it. ``progress`` is between 0 and 1, ``bytes`` its size once it is there.

    ``maker`` is what makes it (`callbacks.making.MAKERS`), ``kind`` the ending of its name, ``ask`` what was asked:
    ``ask[maker]`` names what it is about. ``detail`` is what the audit is told when it is taken.
    ``step`` and ``error`` are parts of the keys ``file.step.<step>`` and ``file.error.<error>``.
    """

    id: str
    person_id: int
    maker: str
    kind: str
    title: str
    language: str
    ask: dict[str, Any]
    state: State
    progress: float
    step: str
    error: str
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    expires_at: datetime | None
    name: str | None
    content_type: str | None
    rows: int | None
    detail: dict[str, Any]
    seen_as: str
    bytes: int | None

    @property
    def about(self) -> str:
        """What it shows, as the audit names it: ``panel/registrations-trend``."""
        return f"{self.maker}/{self.ask.get(self.maker, '')}"

    def open_to(self, person: Person) -> bool:
        """Whether it is there, and shows no more than its person may still see."""
        return self.state == "done" and self.seen_as == seen_as(person)

    @property
    def unmade(self) -> bool:
        """Whether it is still to come."""
        return self.state in ("waiting", "working")


@dataclass(frozen=True)
class Made:
    """What a maker has made: the content, its type for browsers, its name, the rows it tells of.

    ``detail`` is what the audit is told whenever it is taken: the filters and the provinces it is about.
    """

    content: bytes
    content_type: str
    name: str
    rows: int | None = None
    detail: dict[str, Any] = field(default_factory=dict)


def seen_as(person: Person) -> str:
    """As whom a person sees what is made: a file made for another role or other provinces is closed to the same one."""
    return f"{person.role.key} {','.join(person.provinces) if person.provinces is not None else '*'}"


def ask(
    database: Database,
    person_id: int,
    maker: str,
    kind: str,
    title: str,
    language: str,
    asked: Mapping[str, Any],
) -> str:
    """Queue a file for a person; its id. TooMany where too many are waiting.

    What is asked again while it is still to come is the same file. ``asked`` must hold no national code.
    """
    told = orjson.dumps(dict(asked), option=orjson.OPT_SORT_KEYS).decode()
    given = {"person": person_id, "maker": maker, "kind": kind, "language": language, "ask": told}
    with own(database, person_id) as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('files', :person))"), given)
        same = connection.execute(
            text(
                f"SELECT id FROM files WHERE {_UNMADE} AND maker = :maker AND kind = :kind AND language = :language"
                " AND ask = CAST(:ask AS jsonb)"
            ),
            given,
        ).scalar()
        if same is not None:
            return str(same)
        _not_too_many(connection)
        number = "".join(secrets.choice(string.ascii_letters) for _ in range(_LETTERS))
        connection.execute(
            text(
                "INSERT INTO files (id, person_id, maker, kind, title, language, ask)"
                " VALUES (:id, :person, :maker, :kind, :title, :language, CAST(:ask AS jsonb))"
            ),
            {**given, "id": number, "title": title},
        )
        _queue(connection, number)
    return number


def listed(database: Database, person_id: int, most: int = 100) -> list[File]:
    """The files of a person, the newest first."""
    with own(database, person_id) as connection:
        rows = connection.execute(
            text(f"SELECT {_COLUMNS} FROM files ORDER BY asked_at DESC, id LIMIT :most"), {"most": most}
        )
        return [File(*row) for row in rows]


def of(database: Database, person_id: int, number: str) -> File | None:
    """A file of a person; ``None`` where the person has none such, whoever else may."""
    with own(database, person_id) as connection:
        row = connection.execute(text(f"SELECT {_COLUMNS} FROM files WHERE id = :id"), {"id": number}).one_or_none()
    return None if row is None else File(*row)


def content(database: Database, person_id: int, file: File) -> Iterator[bytes]:
    """What a file that is done holds, in parts: it is never held as a whole. Ends early where it has gone meanwhile."""
    place = 1
    while place <= (file.bytes or 0):
        with own(database, person_id) as connection:
            part = connection.execute(
                text("SELECT substring(data FROM :place FOR :most) FROM files WHERE id = :id AND data IS NOT NULL"),
                {"place": place, "most": _PART, "id": file.id},
            ).scalar()
        if not part:
            raise Ended("the file has gone meanwhile")
        yield bytes(part)
        place += len(part)


def cancel(database: Database, person_id: int, number: str) -> bool:
    """Give up a file that is still to come: the work ends at its next step. Whether there was anything to give up."""
    with own(database, person_id) as connection:
        statement = f"UPDATE files SET state = 'cancelled', step = '' WHERE id = :id AND {_UNMADE}"
        return bool(connection.execute(text(statement), {"id": number}).rowcount)


def again(database: Database, person_id: int, number: str) -> bool:
    """Queue a file anew that failed, was given up or has expired; whether it could be. TooMany as for `ask`."""
    with own(database, person_id) as connection:
        _not_too_many(connection)
        statement = (
            "UPDATE files SET state = 'waiting', progress = 0, step = '', error = '', asked_at = now()"
            " WHERE id = :id AND state IN ('failed', 'cancelled', 'expired')"
        )
        found = bool(connection.execute(text(statement), {"id": number}).rowcount)
        if found:
            _queue(connection, number)
    return found


def remove(database: Database, person_id: int, number: str) -> bool:
    """Take a file off the list, and its content away; not while it is still to come."""
    with own(database, person_id) as connection:
        statement = f"DELETE FROM files WHERE id = :id AND NOT {_UNMADE}"
        return bool(connection.execute(text(statement), {"id": number}).rowcount)


def _not_too_many(connection: Connection) -> None:
    if connection.execute(text(f"SELECT count(*) FROM files WHERE {_UNMADE}")).scalar_one() >= MOST_UNMADE:
        raise TooMany(f"{MOST_UNMADE} files are waiting already")


def _queue(connection: Connection, number: str) -> None:
    """Add the job that makes a file; of the same file one runs at a time."""
    job = defer(connection, TASK, lock=f"file/{number}", number=number)
    connection.execute(text("UPDATE files SET job_id = :job WHERE id = :id"), {"job": job, "id": number})


@dataclass(frozen=True)
class Work:
    """A file in work: what a worker says of it. Nothing is heard of it once it is given up, done or begun anew."""

    database: Database
    file: File
    attempt: int

    @classmethod
    def begun(cls, database: Database, number: str, job: int) -> Work | None:
        """Begin to make a file, or begin anew where a worker died over it; ``None`` where there is nothing to do."""
        with database.write() as connection:
            row = connection.execute(
                "UPDATE files SET state = 'working', attempt = attempt + 1, started_at = now(), progress = 0, step = ''"
                f" WHERE id = %s AND job_id = %s AND {_UNMADE} RETURNING {_COLUMNS}, attempt",
                (number, job),
            ).fetchone()
        return None if row is None else cls(database, File(*row[:-1]), row[-1])

    def at(self, step: str, progress: float) -> None:
        """Say what is being done, and how much of all is behind. Ended where nobody wants it any more."""
        self._said("step = %(step)s, progress = %(progress)s", {"step": step, "progress": progress})

    def done(self, made: Made, person: Person, kept: timedelta) -> None:
        """Keep what was made as for this person, for so long. Ended where nobody wants it any more."""
        if len(made.content) > LARGEST:
            self.failed("large")
            return
        self._said(
            "state = 'done', progress = 1, step = '', error = '', ended_at = now(), expires_at = now() + %(kept)s,"
            " name = %(name)s, content_type = %(type)s, rows = %(rows)s, bytes = %(bytes)s, data = %(data)s,"
            " detail = %(detail)s, seen_as = %(seen_as)s",
            {
                "kept": kept,
                "name": made.name,
                "type": made.content_type,
                "rows": made.rows,
                "bytes": len(made.content),
                "data": made.content,
                "detail": Jsonb(made.detail),
                "seen_as": seen_as(person),
            },
        )

    def failed(self, error: str) -> None:
        """Say that there will be none, and why: ``file.error.<error>``."""
        self._said("state = 'failed', step = '', ended_at = now(), error = %(error)s", {"error": error})

    def waits(self, error: str) -> None:
        """Say that it will be tried again, and what went wrong."""
        self._said("state = 'waiting', progress = 0, step = '', error = %(error)s", {"error": error})

    def _said(self, what: str, given: dict[str, Any]) -> None:
        with self.database.write() as connection:
            heard = connection.execute(
                f"UPDATE files SET {what} WHERE id = %(id)s AND attempt = %(attempt)s AND state = 'working'",
                {**given, "id": self.file.id, "attempt": self.attempt},
            ).rowcount
        if not heard:
            raise Ended("nobody wants this file any more")


def tidy(database: Database) -> tuple[int, int]:
    """Take away what has expired and forget what went long ago; fail what no job works on. How many expired and failed.

    A job can be lost where somebody empties the queue, or where a version that knew its task is gone.
    """
    with database.write() as connection:
        expired = connection.execute(
            "UPDATE files SET state = 'expired', data = NULL WHERE state = 'done' AND expires_at < now()"
        ).rowcount
        connection.execute(
            f"DELETE FROM files WHERE NOT {_UNMADE} AND state <> 'done'"
            " AND greatest(asked_at, ended_at, expires_at) < now() - %s",
            (REMEMBERED,),
        )
        lost = connection.execute(
            f"UPDATE files SET state = 'failed', error = 'lost', step = '', ended_at = now() WHERE {_UNMADE}"
            " AND NOT EXISTS (SELECT FROM jobs.procrastinate_jobs job"
            " WHERE job.id = files.job_id AND job.status IN ('todo', 'doing'))"
        ).rowcount
    return expired, lost
