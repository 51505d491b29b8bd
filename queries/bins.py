"""The bins of a time axis: days brought together by the step of a question."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pandas as pd

from dashboard.claims.database import Database
from dashboard.filters import Filters, Window
from queries.counts import days_of


def step_of(filters: Filters) -> str:
    """The step of a time axis; what is not kept by the hour begins with days."""
    return "day" if filters.step == "hour" else filters.step


def axis_of(filters: Filters) -> dict[str, str]:
    """What a figure must know of a time axis, for a frame's ``attrs``: ``step``, and ``calendar``, which it is cut by."""
    return {"step": step_of(filters), "calendar": filters.cut_by.name}


def official_months(db: Database) -> dict[str, str]:
    """`axis_of` an axis of months of the official calendar, whatever is asked."""
    return {"step": "month", "calendar": db.jurisdiction.calendar}


def bins_of(days: Iterable[date], window: Window, filters: Filters, db: Database) -> list[date]:
    """The bin of each of ``days``, by its first day: that of the window where the bin began before it."""
    calendar, step, week = filters.cut_by, step_of(filters), db.jurisdiction.week_start
    return [max(calendar.bin_start(day, step, week), window.start) for day in days]


def by_bin(by_day: pd.Series[int], window: Window, filters: Filters, db: Database) -> pd.Series[int]:
    """A course by day summed up by bin, every bin of the window there."""
    days = days_of(window)
    whole = by_day.reindex(days, fill_value=0).astype(int)
    return whole.groupby(bins_of(days, window, filters, db)).sum()


def last_by_bin(by_day: pd.Series[int], window: Window, filters: Filters, db: Database) -> pd.Series[int]:
    """A level by day as it stands at the end of each bin."""
    return by_day.groupby(bins_of(by_day.index, window, filters, db)).last()


def not_over(bins: Iterable[date], filters: Filters, db: Database) -> list[bool]:
    """Which bins still run."""
    last = filters.cut_by.bin_start(filters.today, step_of(filters), db.jurisdiction.week_start)
    return [start >= last for start in bins]


def beside(before: Iterable[float], count: int) -> list[float]:
    """The bins of the compared days at the same places as ``count`` bins; NaN where those days have fewer."""
    known = [float(value) for value in before][:count]
    return [*known, *[float("nan")] * (count - len(known))]
