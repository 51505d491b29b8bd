"""Cases by the hour of their filing, which is remembered for some weeks."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd

from dashboard.claims.cubes import HOUR
from dashboard.claims.database import Database
from dashboard.claims.walls import SUBJECT_IN_SCOPE
from dashboard.filters import Filters
from dashboard.scope import Scope
from queries.source import IN_VIEW
from queries.subjects import one_total

USUAL_WEEKS = 4
"""What is usual at a day: the mean of the same weekday of the last so many weeks."""


def filed_by_hour(db: Database, filters: Filters, scope: Scope, subject: str, days: Collection[date]) -> pd.DataFrame:
    """Cases of a subject filed in each hour of some days. Columns: ``day``, ``hour_of_day`` (local), ``n``."""
    seen = scope.narrow(filters.provinces)
    zone = db.jurisdiction.timezone
    frame = db.frame(
        "SELECT hour AT TIME ZONE :zone AS local, sum(n)::bigint AS n "
        "FROM unnest(CAST(:starts AS timestamptz[]), CAST(:ends AS timestamptz[])) AS d (start, after) "
        "JOIN hour_cells ON hour >= d.start AND hour < d.after "
        "WHERE subject = :subject AND milestone = 'opened' "
        f"AND {IN_VIEW} AND {SUBJECT_IN_SCOPE} "
        "AND (CAST(:channels AS text[]) IS NULL OR channel = ANY(CAST(:channels AS text[]))) GROUP BY 1",
        {
            "zone": str(zone),
            "subject": subject,
            "starts": [datetime.combine(day, datetime.min.time(), zone) for day in days],
            "ends": [datetime.combine(day + timedelta(days=1), datetime.min.time(), zone) for day in days],
            "provinces": None if seen is None else list(seen),
            "channels": list(filters.channels) or None,
        },
        scope,
    )
    local = pd.to_datetime(frame["local"])
    return pd.DataFrame({"day": local.dt.date, "hour_of_day": local.dt.hour, "n": frame["n"]})


def hours_known(db: Database, filters: Filters, day: date) -> bool:
    """Whether the hours of a day are held: not for long, and neither by category, which one total may need, nor by
    office.
    """
    if filters.categories or filters.offices or one_total(db, filters.subject) is not None:
        return False
    return day > filters.today - timedelta(days=HOUR.keep_days)


def today_and_usual(db: Database, filters: Filters, scope: Scope, subject: str) -> pd.DataFrame:
    """Today's cases by hour beside the usual ones, 24 rows.

    Columns: ``hour`` (0 to 23), ``today`` (NaN for hours to come), ``usual`` (mean over `USUAL_WEEKS`), ``running``
    (the hour is not over).
    """
    today = filters.today
    before = [today - timedelta(weeks=week) for week in range(1, USUAL_WEEKS + 1)]
    found = filed_by_hour(db, filters, scope, subject, [today, *before])
    frame = pd.DataFrame({"hour": range(24)})
    frame["today"] = _of(found[found["day"] == today])
    frame["usual"] = _of(found[found["day"].isin(before)]) / USUAL_WEEKS
    now = datetime.now(db.jurisdiction.timezone)
    last = now.hour if now.date() == today else 23
    frame.loc[frame["hour"] > last, "today"] = np.nan
    frame["running"] = (frame["hour"] == last) & (now.date() == today)
    return frame


def _of(found: pd.DataFrame) -> pd.Series[float]:
    return found.groupby("hour_of_day")["n"].sum().reindex(range(24), fill_value=0).astype(float)
