"""How soon after losing the job people file, whether in time, and what becomes of those who do not.

Days since the loss of the job are counted in whole months; ``attrs["span"]`` is the days counted. Only insured schemes
are under a limit: the eligibility rule ``filed_within`` in force in the month of filing.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd

from dashboard.claims.cubes import AGE_EDGES
from dashboard.claims.database import Database
from dashboard.claims.flows import DECIDED, FILING
from dashboard.filters import Filters, Window
from dashboard.jurisdictions import Jurisdiction
from dashboard.scope import Scope
from dashboard.text.calendars import calendar_named
from queries.counts import counts, narrowed, working_days
from queries.durations import histogram, span_of, whole_months
from queries.headlines import headline, share
from queries.overview import ELIGIBLE
from queries.subjects import insured
from queries.traits import by_trait

SUBJECT = "registrations"
BANDS = (0, 8, 15, 31, 61, 91, 181)
"""Least days from the loss of the job to filing of each band; its key is that number."""

_PARTS = ("within", "late", "unlimited")


def in_time(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Registrations filed within the legal limit after the loss of the job ÷ those with a limit, in whole months.

    ``n`` is those under a limit whose day of job loss is known; insured schemes only. Nothing is compared: the months
    of a period and of the one before it may be the same.
    """
    by_month = _timed(db, filters, scope).groupby("month")[["within", "late"]].sum()
    within, late = int(by_month["within"].sum()), int(by_month["late"].sum())
    known = by_month[by_month.sum(axis=1) > 0]
    frame = headline(
        "filed_in_time", share(within, within + late), None, within + late, known["within"] / known.sum(axis=1)
    )
    frame.attrs["span"] = span_of(db, filters)
    return frame


def days_to_filing(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Days from the loss of the job to filing in `BANDS`, in whole months, insured schemes only.

    Columns: ``band``, ``within`` and ``late`` (of the legal limit of their month), ``unlimited`` (no limit was in
    force), ``registered`` (all of them).
    """
    found = _timed(db, filters, scope)
    frame = pd.DataFrame({"band": [str(band) for band in BANDS]})
    for part in _PARTS:
        by_band = found.groupby("band")[part].sum()
        frame[part] = frame["band"].map(by_band).fillna(0).astype(int)
    frame["registered"] = frame[list(_PARTS)].sum(axis=1)
    used = [part for part in _PARTS if frame[part].any()]
    for part in set(_PARTS).difference(used):
        frame[part] = np.nan  # a column without a value is not shown
    frame.attrs |= {"key": "band", "labels": "registrations.band", "columns": used, "parts": "registrations.filed"}
    frame.attrs["span"] = span_of(db, filters)
    return frame if frame["registered"].any() else frame.iloc[:0]


def lateness(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Filing in time and what became of those who did not, month by month, beside the days offices were closed.

    Columns: ``month`` (first day of the month), ``registered`` (with a known day of job loss and a limit, insured
    schemes), ``filed_in_time`` (share of them), ``late``, ``limit`` (days), ``refused_late`` (decided not eligible for
    lateness alone), ``excused`` (found eligible with an excuse on record), ``closed_days`` (days on which the country,
    or the one province in view, does not work, up to today). Those refused and excused count in the month of the
    decision.
    """
    timed = _timed(db, filters, scope).groupby("month")[["within", "late"]].sum()
    months = whole_months(db, filters.window)
    only = {"outcome": ("not_eligible",), "reason": _late_reasons(db.jurisdiction)}
    span = Window(months.start, min(months.end, filters.today))
    refused = counts(db, filters, scope, SUBJECT, (DECIDED,), span, ("month",), only).groupby("month")["n"].sum()
    found = by_trait(db, filters, scope, SUBJECT, DECIDED, "excuse", months, {"outcome": ELIGIBLE}, ("month",))
    excused = found.groupby("month")["n"].sum()
    seen = scope.narrow(filters.provinces)
    place = seen[0] if seen is not None and len(seen) == 1 else None
    rows = []
    for month in _months(db, months):
        within, late = (int(timed[name].get(month.start, 0)) for name in ("within", "late"))
        worked = Window(month.start, min(month.end, filters.today))
        rows.append(
            {
                "month": month.start,
                "registered": within + late,
                "filed_in_time": share(within, within + late),
                "late": late,
                "limit": _limit(db.jurisdiction, month),
                "refused_late": int(refused.get(month.start, 0)),
                "excused": int(excused.get(month.start, 0)),
                "closed_days": worked.days - working_days(db, worked, place),
            }
        )
    frame = pd.DataFrame(rows).sort_values("month", ascending=False, ignore_index=True)
    frame["filed_in_time"] = frame["filed_in_time"].astype(float)
    frame.attrs["span"] = span_of(db, filters)
    return frame


def _timed(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Filing as it is timed from the loss of the job, by month. Columns: ``month``, ``band`` (key), ``within``,
    ``late``, ``unlimited``.
    """
    only = {name: values for name, values in narrowed(filters, SUBJECT, insured(db)).items() if name == "category"}
    columns = ["month", "band", "within", "late", "unlimited"]
    if () in only.values():  # none but the support scheme is chosen
        return pd.DataFrame(columns=columns)
    found = histogram(db, filters, scope, SUBJECT, (FILING,), filters.window, ("month",), only)
    limits = {month.start: _limit(db.jurisdiction, month) for month in _months(db, whole_months(db, filters.window))}
    # A limit within a bin of ages cannot be judged by, as if there were none.
    judged = {month: limit for month, limit in limits.items() if limit is not None and limit + 1 in AGE_EDGES}
    limit = found["month"].map(judged)
    found["unlimited"] = found["n"].where(limit.isna(), 0)
    found["late"] = found["n"].where(found["age"] > limit, 0)
    found["within"] = found["n"] - found["unlimited"] - found["late"]
    found["band"] = np.array(BANDS)[np.searchsorted(BANDS, found["age"], side="right") - 1].astype(str)
    every = pd.MultiIndex.from_product([limits, map(str, BANDS)], names=["month", "band"])
    summed = found.groupby(["month", "band"])[["within", "late", "unlimited"]].sum()
    return summed.reindex(every, fill_value=0).reset_index()[columns]


def _limit(jurisdiction: Jurisdiction, month: Window) -> int | None:
    """The days after the loss of the job within which to file; ``None`` in a month without a rule or with two."""
    found = [
        {rule.parameters["days"] for rule in jurisdiction.rules_on(day) if rule.check == "filed_within"}
        for day in (month.start, month.end)
    ]
    days = found[0] | found[1]
    limit = next(iter(days)) if len(days) == 1 and found[0] == found[1] else None
    return limit if isinstance(limit, int) else None


def _late_reasons(jurisdiction: Jurisdiction) -> tuple[str, ...]:
    """The reasons for which those are refused who filed late and pass every other rule."""
    return tuple({rule.reason for rule in jurisdiction.eligibility if rule.check == "filed_within"})


def _months(db: Database, span: Window) -> list[Window]:
    """The months of the official calendar in a span of whole ones."""
    calendar = calendar_named(db.jurisdiction.calendar)
    months, start = [], span.start
    while start <= span.end:
        after = calendar.next_month(start)
        months.append(Window(start, after - timedelta(days=1)))
        start = after
    return months
