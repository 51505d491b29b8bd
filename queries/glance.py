"""The kinds of a subject's cases at a glance: what comes in, what is closed, how much of it in time, what is open."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dashboard.claims.database import Database
from dashboard.claims.flows import CLOSED, OPENED
from dashboard.filters import Filters
from dashboard.scope import Scope
from queries.counts import IN_TIME, LIMITED, backlog, counts, working_days
from queries.subjects import one_total


def glance(db: Database, filters: Filters, scope: Scope, subject: str, keys: Sequence[str]) -> pd.DataFrame:
    """The categories ``keys`` of a subject, in that order.

    Columns: ``category``, ``opened`` and ``closed`` per working day, ``on_time`` (share of those closed under a limit,
    None where no limit is set), ``n_limit``, ``received`` and ``finished`` (cases in the period), ``backlog``.
    ``attrs["n"]`` is how many were received of those that may stand in one total.
    """
    window = filters.window
    opened = counts(db, filters, scope, subject, (OPENED,), window, ("category",))
    closed = counts(db, filters, scope, subject, (CLOSED,), window, ("category", "timing"))
    stock = backlog(db, filters, scope, subject, window.end, ("category",))
    frame = pd.DataFrame({"category": list(keys)})

    def told(counted: pd.DataFrame) -> pd.Series[int]:
        return frame["category"].map(counted.groupby("category")["n"].sum()).fillna(0).astype(int)

    frame["received"] = told(opened)
    frame["finished"] = told(closed)
    worked = working_days(db, window)
    frame["opened"] = frame["received"] / worked if worked else np.nan
    frame["closed"] = frame["finished"] / worked if worked else np.nan
    frame["n_limit"] = told(closed[closed["timing"].isin(LIMITED)])
    frame["on_time"] = told(closed[closed["timing"].isin(IN_TIME)]) / frame["n_limit"].where(frame["n_limit"] > 0)
    frame["backlog"] = told(stock)
    together = (one_total(db, subject, filters.categories) or {}).get("category", keys)
    frame.attrs["n"] = int(frame.loc[frame["category"].isin(together), "received"].sum())
    return frame
