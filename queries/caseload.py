"""The headline numbers that every subject has: how many came in, how fast they are closed, how many wait."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from dashboard.claims.database import Database
from dashboard.claims.flows import CLOSED, OPENED
from dashboard.filters import Filters, Window
from dashboard.scope import Scope
from queries.bins import by_bin, over_time
from queries.counts import Restriction, backlog, counts, days_of, median_age, pending, total, working_days
from queries.headlines import headline, share


def received(
    db: Database, filters: Filters, scope: Scope, subject: str, only: Restriction | None = None
) -> pd.DataFrame:
    """Cases of a subject opened in the period."""
    asked = (db, filters, scope, subject, (OPENED,))
    by_day = over_time(*asked, filters.window, (), only)
    n = int(by_day["n"].sum())
    before = total(counts(*asked, filters.compared, (), only), OPENED) if filters.compared else None
    return headline("opened", n, before, n, by_bin(by_day.groupby("day")["n"].sum(), filters.window, filters, db))


def closed_per_day(
    db: Database, filters: Filters, scope: Scope, subject: str, only: Restriction | None = None
) -> pd.DataFrame:
    """Cases closed per working day of the period; ``n`` is how many were closed."""

    def pace(window: Window) -> tuple[float | None, int]:
        n = total(counts(db, filters, scope, subject, (CLOSED,), window, (), only), CLOSED)
        return share(n, working_days(db, window)), n

    value, n = pace(filters.window)
    return headline("closed_per_working_day", value, pace(filters.compared)[0] if filters.compared else None, n)


def waiting(
    db: Database, filters: Filters, scope: Scope, subject: str, only: Restriction | None = None
) -> pd.DataFrame:
    """Cases open at the end of the period, with median age and overdue ones of those open now."""
    asked = (db, filters, scope, subject)
    before = int(backlog(*asked, filters.window.start - timedelta(days=1), (), only)["n"].iloc[0])
    change = counts(*asked, (OPENED, CLOSED), filters.window, ("day",), only)
    change["n"] = change["n"].where(change["milestone"] == OPENED, -change["n"])
    course = before + change.groupby("day")["n"].sum().reindex(days_of(filters.window), fill_value=0).cumsum()
    compared = int(backlog(*asked, filters.compared.end, (), only)["n"].iloc[0]) if filters.compared else None
    now = pending(*asked, ("opened_day",), only)
    answer = headline("backlog", int(course.iloc[-1]), compared, int(course.iloc[-1]), course)
    answer["age"] = median_age(now, filters.today)
    answer["overdue"] = int(now["overdue"].sum())
    return answer
