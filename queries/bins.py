"""The bins of a time axis: days brought together by the step of a question."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np
import pandas as pd

from dashboard.claims.database import Database
from dashboard.claims.flows import CLOSED, OPENED
from dashboard.filters import Filters, Window
from dashboard.scope import Scope
from queries.counts import Restriction, backlog, counts


def step_of(filters: Filters) -> str:
    """The step of a time axis; what is not kept by the hour begins with days."""
    return "day" if filters.step == "hour" else filters.step


def axis_of(filters: Filters) -> dict[str, str]:
    """What a figure must know of a time axis, for a frame's ``attrs``: ``step``, and the ``calendar`` that cuts it."""
    return {"step": step_of(filters), "calendar": filters.cut_by.name}


def official_months(db: Database) -> dict[str, str]:
    """`axis_of` an axis of months of the official calendar, whatever is asked."""
    return {"step": "month", "calendar": db.jurisdiction.calendar}


def over_time(
    db: Database,
    filters: Filters,
    scope: Scope,
    subject: str,
    milestones: Iterable[str],
    window: Window,
    by: tuple[str, ...] = (),
    only: Restriction | None = None,
) -> pd.DataFrame:
    """`counts` for a time axis: by ``day``, which is the first of a month where the bins are made of official months.

    Months cost far less than their days. Columns: ``milestone``, ``day``, those of ``by``, ``n``.
    """
    of_months = step_of(filters) in ("month", "quarter", "year") and filters.cut_by.name == db.jurisdiction.calendar
    time = "month" if of_months else "day"
    found = counts(db, filters, scope, subject, milestones, window, (time, *by), only)
    return found.rename(columns={time: "day"})


def bins_of(window: Window, filters: Filters, db: Database) -> list[date]:
    """The bins of the window, each by its first day: that of the window where the bin began before it."""
    starts = filters.cut_by.bins(window.start, window.end, step_of(filters), db.jurisdiction.week_start)
    return [window.start, *starts[1:]]


def by_bin(by_day: pd.Series[int], window: Window, filters: Filters, db: Database) -> pd.Series[int]:
    """A course by the days of `over_time` summed up by bin, every bin of the window there."""
    bins = bins_of(window, filters, db)
    days = np.array([day.toordinal() for day in by_day.index], dtype=np.int64)
    within = (days >= window.start.toordinal()) & (days <= window.end.toordinal())
    places = np.searchsorted([start.toordinal() for start in bins], days[within], side="right") - 1
    sums = np.zeros(len(bins), dtype=np.int64)
    np.add.at(sums, places, by_day.to_numpy(dtype=np.int64)[within])
    return pd.Series(sums, index=pd.Index(bins, dtype=object))


def stock_by_bin(db: Database, filters: Filters, scope: Scope, subject: str, window: Window) -> pd.Series[int]:
    """The backlog at the end of each bin of the window."""
    before = int(backlog(db, filters, scope, subject, window.start - timedelta(days=1))["n"].iloc[0])
    change = over_time(db, filters, scope, subject, (OPENED, CLOSED), window)
    change["n"] = change["n"].where(change["milestone"] == OPENED, -change["n"])
    return before + by_bin(change.groupby("day")["n"].sum(), window, filters, db).cumsum()


def not_over(bins: Iterable[date], filters: Filters, db: Database) -> list[bool]:
    """Which bins still run."""
    last = filters.cut_by.bin_start(filters.today, step_of(filters), db.jurisdiction.week_start)
    return [start >= last for start in bins]


def beside(before: Iterable[float], count: int) -> list[float]:
    """The bins of the compared days at the same places as ``count`` bins; NaN where those days have fewer."""
    known = [float(value) for value in before][:count]
    return [*known, *[float("nan")] * (count - len(known))]
