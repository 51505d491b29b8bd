"""How soon those who filed in a month were decided and paid, held against the jurisdiction's own limit.

All of it is by month of filing, whenever the decision came. A month counts once all its cases are old enough for the
number of days: of younger ones only the quick are known, and they would flatter.
"""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from dashboard.claims.database import Database
from dashboard.claims.flows import CLOSED, DECIDED, OPENED
from dashboard.filters import Filters, Window
from dashboard.jurisdictions.model import Limit
from dashboard.scope import Scope
from dashboard.text.calendars import calendar_named
from queries.bins import official_months
from queries.cohorts import cohort, soon
from queries.counts import IN_TIME, LIMITED, counts, pending
from queries.subjects import insured

SUBJECT = "registrations"
DECIDED_IN = (7, 30)
PAID_IN = (21, 35)
"""Days by which comparable systems judge a first payment."""
IN_LIMIT = "in_limit"
_MONTHS = 13
"""Months shown: the same month of the year before is among them."""


def promptness(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Of those who filed in a month, the share decided and paid within some days; in time where there is a limit.

    Columns: ``bin`` (first day of the official month of filing), ``series`` (``decided_7`` …: of all filed; ``paid_21``
    …: of those found eligible; ``in_limit``: closed in time, of those closed under a limit or open past the day they
    are due), ``value`` (None for a month that is too young), ``n`` (what it rests on), ``provisional`` (the month is
    too young for one of the series). Insured schemes, the thirteen months up to the period's end. ``attrs["n"]`` is how
    many were filed in them.
    """
    months = _months(db, filters.window.end)
    window = Window(next(iter(months)), max(months.values()))
    filed = _filed(db, filters, scope, window)
    courses = [*_within_days(db, filters, scope, window, filed, months), *_in_limit(db, filters, scope, window, months)]
    frame = pd.DataFrame(courses, columns=["bin", "series", "value", "n"])
    frame["provisional"] = frame["bin"].isin(frame.loc[frame["value"].isna() & (frame["n"] > 0), "bin"])
    frame.attrs |= {**official_months(db), "labels": "eligibility.prompt", "n": int(filed.sum())}
    return frame[frame["bin"].isin(filed.index[filed > 0])].reset_index(drop=True)


Course = list[tuple[date, str, float | None, int]]


def _within_days(
    db: Database, filters: Filters, scope: Scope, window: Window, filed: pd.Series[int], months: dict[date, date]
) -> Course:
    """The rows of the shares within so many days."""
    only = dict(insured(db) or {})
    decided = _by_month(soon(db, filters, scope, SUBJECT, DECIDED, window, DECIDED_IN, only), months)
    of_eligible = {**only, "outcome": ("eligible",)}
    eligible = _by_month(soon(db, filters, scope, SUBJECT, DECIDED, window, (), of_eligible), months)["n"]
    paid = _by_month(soon(db, filters, scope, SUBJECT, "paid", window, PAID_IN, only), months)
    rows: Course = []
    for name, days, part, whole in (
        *(("decided", days, decided, filed) for days in DECIDED_IN),
        *(("paid", days, paid, eligible) for days in PAID_IN),
    ):
        for start, end in months.items():
            n = int(whole.get(start, 0))
            old = end + timedelta(days=days) < filters.today
            rows.append(
                (start, f"{name}_{days}", int(part[f"within_{days}"].get(start, 0)) / n if old and n else None, n)
            )
    return rows


def _in_limit(db: Database, filters: Filters, scope: Scope, window: Window, months: dict[date, date]) -> Course:
    """The rows of the share closed in time; none where the jurisdiction limits no registration."""
    only = dict(insured(db) or {})
    limits = [limit for limit in db.jurisdiction.limits if (limit.subject, limit.step) == (SUBJECT, "closing")]
    if not limits:
        return []
    closed = cohort(db, filters, scope, SUBJECT, CLOSED, window, ("opened_day", "timing"), {**only, "timing": LIMITED})
    now = pending(db, filters, scope, SUBJECT, ("opened_day",), only)
    late = now.rename(columns={"overdue": "late"})[["opened_day", "late"]]
    days = pd.DataFrame(
        {
            "closed": closed.groupby("opened_day")["n"].sum(),
            "in_time": closed[closed["timing"].isin(IN_TIME)].groupby("opened_day")["n"].sum(),
        }
    )
    days = days.join(late.groupby("opened_day")["late"].sum(), how="outer").fillna(0)
    summed = _by_month(days.rename_axis("opened_day").reset_index(), months)
    rows: Course = []
    for start, end in months.items():
        met, done, overdue = (int(summed[name].get(start, 0)) for name in ("in_time", "closed", "late"))
        n = done + overdue
        old = max(_due(db, limit, end) for limit in limits) < filters.today
        rows.append((start, IN_LIMIT, met / n if old and n else None, n))
    return rows


def _filed(db: Database, filters: Filters, scope: Scope, window: Window) -> pd.Series[int]:
    """Cases filed by month."""
    found = counts(db, filters, scope, SUBJECT, (OPENED,), window, ("month",), insured(db))
    return found.groupby("month")["n"].sum()


def _due(db: Database, limit: Limit, day: date) -> date:
    """The last day on which a case filed on ``day`` is in time."""
    if limit.unit == "day":
        return day + timedelta(days=limit.days)
    return db.jurisdiction.workdays.add(day, limit.days)


def _months(db: Database, end: date) -> dict[date, date]:
    """First day → last day of the official months up to that of ``end``."""
    calendar = calendar_named(db.jurisdiction.calendar)
    starts = [calendar.add_months(calendar.month_start(end), back - _MONTHS + 1) for back in range(_MONTHS)]
    return {start: calendar.next_month(start) - timedelta(days=1) for start in starts}


def _by_month(by_day: pd.DataFrame, months: dict[date, date]) -> pd.DataFrame:
    """Counts by filing day as counts by month; every month there."""
    places = [
        next((start for start, end in months.items() if start <= day <= end), None) for day in by_day["opened_day"]
    ]
    summed = by_day.drop(columns="opened_day").groupby(pd.Series(places, index=by_day.index, dtype=object)).sum()
    return summed.reindex(list(months), fill_value=0)
