"""How long: medians and other percentiles of days, out of the histograms of durations.

Durations are kept by month, so a question about days is answered for the whole months that its window touches. They
are kept in bins (``AGE_EDGES``), exact for a week and some 15 % wide beyond; within a bin its cases are taken to lie
evenly.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise
from math import ceil

import pandas as pd

from dashboard.claims.cubes import AGE_EDGES, DURATION
from dashboard.claims.database import Database
from dashboard.filters import Filters, Window
from dashboard.scope import Scope
from dashboard.text.calendars import calendar_named
from queries.counts import Restriction
from queries.source import held, source

_ABOVE = dict(pairwise(AGE_EDGES))
"""Lower edge of a bin → lower edge of the next; the last bin is open."""


def whole_months(db: Database, window: Window) -> Window:
    """The months of the official calendar that a window touches, from their first day to their last."""
    calendar = calendar_named(db.jurisdiction.calendar)
    first, last = calendar.month_start(window.start), calendar.month_start(window.end)
    return Window(first, calendar.next_month(last) - timedelta(days=1))


def span_of(db: Database, filters: Filters) -> list[str]:
    """First and last day (ISO) of what is counted where whole months are: up to today, where the last one runs."""
    months = whole_months(db, filters.window)
    end = min(months.end, max(filters.today, filters.window.end))
    return [months.start.isoformat(), end.isoformat()]


def histogram(
    db: Database,
    filters: Filters,
    scope: Scope,
    subject: str,
    milestones: Iterable[str],
    window: Window,
    by: tuple[str, ...] = (),
    only: Restriction | None = None,
) -> pd.DataFrame:
    """How many cases passed each of ``milestones`` after how many days, in the months that ``window`` touches.

    ``by`` names what is told apart: ``province``, ``category`` or ``month``; ``only`` restricts provinces or
    categories. Channels are not told apart. Columns: ``milestone``, those of ``by``, ``age`` (lower edge of the bin, in
    days since filing or since the day that the milestone counts from), ``n``.
    """
    months = whole_months(db, window)
    read = source(DURATION, filters, scope, by, held(only))
    columns = ", ".join(("milestone", *by, "age"))
    conditions = [
        "subject = :subject",
        "milestone = ANY(:milestones)",
        "month BETWEEN :start AND :end",
        *read.conditions,
    ]
    return db.frame(
        f"SELECT {columns}, sum(n)::bigint AS n FROM {read.table} WHERE {' AND '.join(conditions)} "
        f"GROUP BY {columns} HAVING sum(n) > 0 ORDER BY {columns}",
        {
            "subject": subject,
            "milestones": list(milestones),
            "start": months.start,
            "end": months.end,
            **read.parameters,
        },
        scope,
    )


def percentiles(
    db: Database,
    filters: Filters,
    scope: Scope,
    subject: str,
    milestones: Iterable[str],
    window: Window,
    by: tuple[str, ...] = (),
    shares: tuple[float, ...] = (0.5, 0.9),
    only: Restriction | None = None,
) -> pd.DataFrame:
    """The days within which the given shares of the cases of a `histogram` passed each milestone.

    Columns: ``milestone``, those of ``by``, ``n`` and one a share: ``p50``, ``p90`` (days). What nobody passed has no
    row.
    """
    counted = histogram(db, filters, scope, subject, milestones, window, by, only)
    keys = ["milestone", *by]
    names = [f"p{round(share * 100)}" for share in shares]
    rows = [
        [*key, int(cells["n"].sum()), *(percentile(cells, share) for share in shares)]
        for key, cells in counted.groupby(keys, sort=False)
    ]
    return pd.DataFrame(rows, columns=[*keys, "n", *names])


def percentile(cells: pd.DataFrame, share: float) -> float:
    """The days of the case at that share of the cases of ``cells`` (``age``, ``n``), the shortest first."""
    ordered = cells.groupby("age")["n"].sum().sort_index()
    place = max(1, ceil(share * int(ordered.sum()) - 1e-9))
    reached = ordered.cumsum()
    index = int(reached.searchsorted(place))
    edge, inside = int(ordered.index[index]), int(ordered.iloc[index])
    width = _ABOVE.get(edge, edge + 1) - edge
    before = int(reached.iloc[index]) - inside
    return float(edge + int((place - before - 0.5) / inside * width))


def beyond(cells: pd.DataFrame, days: int) -> int | None:
    """How many cases of ``cells`` (``age``, ``n``) took longer than ``days``; ``None`` where a bin spans that day."""
    if days + 1 not in AGE_EDGES:
        return None
    return int(cells.loc[cells["age"] > days, "n"].sum())
