"""Editions of the published figures: once a day, at a fixed hour, what has become fit for publication is added.

A month is published when it is over since `SETTLE_DAYS`, so that what came late is in it; then it stays as it is
(`dashboard.disclosure.release`).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import numpy as np
import pandas as pd
import psycopg
from sqlalchemy.exc import SQLAlchemyError

from dashboard.claims.database import Database
from dashboard.disclosure.release import NotTheSame, Shown, released
from dashboard.disclosure.suppression import Counts, Flags
from dashboard.disclosure.tables import ALL, IN_TIME, LATE, TABLES, UNLIMITED, Table
from dashboard.jurisdictions import Jurisdiction
from dashboard.jurisdictions.model import CLOSING
from dashboard.scope import NOTHING
from dashboard.text.calendars import calendar_named

log = logging.getLogger(__name__)

SETTLE_DAYS: Final = 7
"""Days after the end of a month for late records to come in."""
_LOOK_SECONDS: Final = 60.0
_LOCK: Final = 0x5245_4C45

Counted = Callable[[Database, Table, date], pd.DataFrame]
"""Counts a table over the months up to a day, masked by nobody. Columns: ``month``, ``key``, ``part``, ``n``."""


@dataclass(frozen=True)
class Edition:
    """An edition: its number, the moment whose data it was made of, and the last day that may be published."""

    number: int
    at: datetime | None
    through: date


def latest(db: Database) -> Edition:
    """The last edition; number 0 where there was none."""
    frame = db.frame("SELECT number, at, through FROM published_editions ORDER BY number DESC LIMIT 1", {}, NOTHING)
    if frame.empty:
        return none_yet(db)
    row = frame.iloc[0]
    return Edition(int(row["number"]), row["at"].to_pydatetime(), row["through"])


def none_yet(db: Database) -> Edition:
    """What stands for the last edition while none is known."""
    return Edition(0, None, through(db.jurisdiction, db.today()))


def through(jurisdiction: Jurisdiction, day: date) -> date:
    """The last day of the last month of the official calendar that is settled on a day."""
    return calendar_named(jurisdiction.calendar).month_start(day - timedelta(days=SETTLE_DAYS)) - timedelta(days=1)


def take(db: Database, counted: Counted, now: datetime | None = None) -> Edition:
    """Make an edition of the data as they are: release what is settled and was not released before.

    A milestone's tables of a month of which nothing could be shown are tried again in the next edition.
    """
    at = now or datetime.now(UTC)
    until = through(db.jurisdiction, at.astimezone(db.jurisdiction.timezone).date())
    with db.write() as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        row = connection.execute(
            "INSERT INTO published_editions (at, through) VALUES (%s, %s) RETURNING number", (at, until)
        ).fetchone()
        if row is None:
            raise psycopg.DataError("an edition without a number")
        rows = list(_released(db, connection, counted, until, row[0]))
        with connection.cursor().copy(
            "COPY published_figures (subject, milestone, told_by, month, key, part, n, edition) FROM STDIN"
        ) as stream:
            for figure in rows:
                stream.write_row(figure)
        connection.commit()
    log.info("edition %d of the published figures: %d of months up to %s", row[0], len(rows), until)
    return Edition(row[0], at, until)


def withdraw(db: Database) -> int:
    """Take back all that was published; how many figures that were. Who has both can tell them apart."""
    with db.write() as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        gone = connection.execute("DELETE FROM published_figures").rowcount
        connection.commit()
    return gone


def _released(
    db: Database, connection: psycopg.Connection[tuple[Any, ...]], counted: Counted, until: date, number: int
) -> Iterator[tuple[object, ...]]:
    """The rows of the figures that this edition adds."""
    found = connection.execute("SELECT DISTINCT subject, milestone, month FROM published_figures").fetchall()
    done = {tuple(row) for row in found}
    for subject, milestone in dict.fromkeys((table.subject, table.milestone) for table in TABLES):
        tables = {t.told_by: t for t in TABLES if (t.subject, t.milestone) == (subject, milestone)}
        counts = {name: counted(db, table, until) for name, table in tables.items()}
        keys = {name: sorted(frame["key"].unique()) for name, frame in counts.items()}
        barred = {name: _barred(db.jurisdiction, table, keys[name]) for name, table in tables.items()}
        before: dict[str, Shown] = {}
        months = sorted({day for frame in counts.values() for day in frame["month"]})
        inside = {name: _inside(counts[name], months, keys[name], table) for name, table in tables.items()}
        for place, month in enumerate(months):
            if (subject, milestone, month) in done:
                continue
            inner = {name: every[place] for name, every in inside.items()}
            known = {name: flags for name, flags in barred.items() if flags is not None}
            try:
                before = released(inner, None, before, known)
            except NotTheSame as error:  # something came in while they were counted: the next edition has the month
                log.warning("%s %s of %s is not published yet: %s", subject, milestone, month, error)
                continue
            for name, shown in before.items():
                parts = (*tables[name].part_names, ALL)
                for key, line in zip((*keys[name], ALL), shown, strict=True):
                    cells = zip(parts, line, strict=True) if shown.ndim == 2 else ((ALL, line),)
                    for part, n in cells:
                        shown_n = None if np.isnan(n) else int(n)
                        yield subject, milestone, name, month, key, part, shown_n, number


def _inside(counts: pd.DataFrame, months: list[date], keys: list[str], table: Table) -> Counts:
    """The inside of a table, month by month: its keys down, and its parts across where it has some."""
    parts = table.part_names or ("",)
    found = np.zeros((len(months), len(keys), len(parts)), dtype=np.int64)
    places = [
        pd.Index(names).get_indexer(pd.Index(counts[of]))
        for names, of in ((months, "month"), (keys, "key"), (parts, "part"))
    ]
    np.add.at(found, tuple(places), counts["n"].to_numpy(dtype=np.int64))
    return found if table.split else found[:, :, 0]


def _barred(jurisdiction: Jurisdiction, table: Table, keys: list[str]) -> Flags | None:
    """What can be none by rule alone: in time or late of what no limit was ever set for, unlimited of what always had
    one. ``None`` for a table without timings.
    """
    if table.split != "timing":
        return None
    flags = np.zeros((len(keys), len(table.part_names)), dtype=np.bool_)
    for line, key in enumerate(keys):
        limits = [
            limit
            for limit in jurisdiction.limits
            if limit.subject == table.subject and limit.step == CLOSING and limit.category in ("", key)
        ]
        always = any(limit.valid_from is None and limit.valid_to is None for limit in limits)
        by_rule = {IN_TIME: not limits, LATE: not limits, UNLIMITED: always}
        flags[line] = [by_rule[part] for part in table.part_names]
    return flags


@dataclass
class Publisher:
    """Takes an edition a day at ``hour`` of the jurisdiction's clock, on a thread; at once where one was missed.

    Every server process has one; a lock and a second look see to it that one of them does it.
    """

    database: Database
    counted: Counted
    hour: int
    _stopping: threading.Event = field(default_factory=threading.Event)

    def start(self) -> Publisher:
        """Begin."""
        threading.Thread(target=self._run, name="rasad-publisher", daemon=True).start()
        return self

    def stop(self) -> None:
        """End after the edition that is being taken."""
        self._stopping.set()

    def due(self, now: datetime) -> datetime:
        """The last moment up to now at which an edition was to be taken."""
        zone = self.database.jurisdiction.timezone
        local = now.astimezone(zone)
        moment = datetime.combine(local.date(), time(self.hour), zone)
        return moment if moment <= local else moment - timedelta(days=1)

    def publish(self, now: datetime) -> Edition | None:
        """Take the edition that is due; ``None`` where there is it already."""
        with self.database.write() as connection:
            mine = connection.execute("SELECT pg_try_advisory_lock(%s)", (_LOCK + 1,)).fetchone()
            if mine != (True,):  # another process is at it
                return None
            known = latest(self.database)
            if known.at is not None and known.at >= self.due(now):
                return None
            return take(self.database, self.counted, now)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.publish(datetime.now(UTC))
            except (psycopg.Error, SQLAlchemyError, OSError) as error:
                log.warning("no edition was taken, trying again: %s", str(error).splitlines()[0])
            self._stopping.wait(_LOOK_SECONDS)
