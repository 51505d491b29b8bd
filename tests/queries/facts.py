"""The facts of a claims database as plain frames, to count in by hand what queries answer from rollups."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pandas as pd

from dashboard.claims.database import Database
from dashboard.filters import SUBJECTS, Filters, Window
from dashboard.scope import NATION, Scope
from dashboard.text.calendars import calendar_named

TODAY = date(2026, 11, 22)
"""The day on which the demo data of the tests end."""
Case = tuple[str, int]
CASES: list[Case] = [(jurisdiction, seed) for jurisdiction in ("ir", "vn") for seed in range(5)]
"""A jurisdiction and the seed of a question about it."""


def question(db: Database, seed: int, **fixed: Any) -> tuple[Filters, Scope]:
    """Any question and any reader's scope, the same for the same seed."""
    chance = random.Random(seed)
    codes = [province.code for province in db.jurisdiction.provinces]
    channels = [code.key for code in db.jurisdiction.codes["channels"]]
    end = TODAY - timedelta(days=chance.choice([0, 0, chance.randrange(600)]))
    start = end - timedelta(days=chance.choice([2, 6, 29, 200, 500]))
    chosen: dict[str, Any] = {
        "period": "custom",
        "start": start,
        "end": end,
        "provinces": tuple(sorted(chance.sample(codes, chance.choice([0, 0, 4])))),
        "channels": tuple(sorted(chance.sample(channels, chance.choice([0, 0, 2])))),
        "compare": chance.choice(["previous", "year", "none"]),
        "subject": chance.choice(SUBJECTS),
    }
    seen = chance.choice([NATION, Scope(tuple(sorted(chance.sample(codes, 8))))])
    return Filters(TODAY, db.jurisdiction.calendar, **{**chosen, **fixed}), seen


def facts(db: Database, subject: str, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The cases that a question is about, every moment as a local day: ``opened``, ``decided``, ``closed``."""
    with db.write() as connection:
        cursor = connection.execute(f"SELECT * FROM {subject}")  # type: ignore[call-overload]
        names = [column.name for column in cursor.description or ()]
        frame = pd.DataFrame(cursor.fetchall(), columns=names)
    for name in ("opened", "decided", "closed"):
        if f"{name}_at" in frame:
            local = pd.to_datetime(frame[f"{name}_at"], utc=True).dt.tz_convert(db.jurisdiction.timezone)
            frame[name] = [None if pd.isna(moment) else moment.date() for moment in local]
    for column, wanted in (("province", filters.provinces), ("channel", filters.channels)):
        if wanted:
            frame = frame[frame[column].isin(wanted)]
    return frame if scope.provinces is None else frame[frame["province"].isin(scope.provinces)]


def together(db: Database, frame: pd.DataFrame, subject: str) -> pd.DataFrame:
    """The cases that may stand in one total."""
    apart = [p.key for p in db.jurisdiction.procedures if p.kept_apart] if subject == "procedures" else []
    return frame[~frame["category"].isin(apart)]


def within(days: pd.Series[Any], start: date, end: date) -> pd.Series[bool]:
    """Which of ``days`` lie in a window; none that is missing."""
    return days.map(lambda day: day is not None and start <= day <= end).astype(bool)


def open_on(frame: pd.DataFrame, day: date) -> pd.DataFrame:
    """The cases open at the end of ``day``."""
    opened = frame["opened"].map(lambda at: at <= day).astype(bool)
    return frame[opened & ~within(frame["closed"], date.min, day)]


def months_of(db: Database, window: Window) -> Window:
    """The whole months of the official calendar that a window touches."""
    calendar = calendar_named(db.jurisdiction.calendar)
    after = calendar.add_months(calendar.month_start(window.end), 1)
    return Window(calendar.month_start(window.start), after - timedelta(days=1))
