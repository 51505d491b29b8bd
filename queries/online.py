"""How much applicants file online: one measure for every subject, whatever its cases are called.

The whole are the cases that applicants opened. What an office opens by itself had no channel to choose, and what is
kept apart (`queries.subjects.one_total`) would drown everything else: both stay out of numerator and denominator.
"""

from __future__ import annotations

import pandas as pd

from dashboard.claims.database import Database
from dashboard.claims.flows import OPENED
from dashboard.filters import Filters, Window
from dashboard.panel import Query
from dashboard.scope import Scope
from queries.bins import by_bin, over_time
from queries.counts import Restriction, counts, total
from queries.headlines import headline, share

ONLINE = "online"


def of(subject: str) -> Query:
    """The question for the online share of a subject."""

    def online(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
        """Opened online ÷ opened by an applicant in the period; ``n`` is how many applicants opened.

        The measure is judged where moving online is the jurisdiction's aim, and nowhere else.
        """
        asked = (db, filters, scope, subject, (OPENED,))
        only = applied(db, subject)

        def rate(window: Window) -> tuple[float | None, int]:
            frame = counts(*asked, window, ("channel",), only)
            n = total(frame, OPENED)
            return share(total(frame, OPENED, channel=ONLINE), n), n

        value, n = rate(filters.window)
        before = rate(filters.compared)[0] if filters.compared else None
        opened = over_time(*asked, filters.window, ("channel",), only)
        whole, part = (
            by_bin(found.groupby("day")["n"].sum(), filters.window, filters, db)
            for found in (opened, opened[opened["channel"] == ONLINE])
        )
        course = (part / whole)[whole > 0]
        measure = "online_share" if db.jurisdiction.online_is_aim else "online_share_chosen"
        return headline(measure, value, before, n, course)

    return online


def shares(found: pd.DataFrame, key: str) -> pd.DataFrame:
    """The online share by ``key``, out of counts of cases that applicants opened, told apart by it and by channel.

    Index: the keys found. Columns: ``opened``, ``online_share``.
    """
    opened = found.groupby(key)["n"].sum()
    by_net = found[found["channel"] == ONLINE].groupby(key)["n"].sum().reindex(opened.index, fill_value=0)
    return pd.DataFrame({"opened": opened.astype("int64"), "online_share": by_net / opened})


def applied(db: Database, subject: str) -> Restriction:
    """The categories that applicants open and that may stand in one total; nothing where that is all of them."""
    if subject != "procedures":
        return {}
    filed = tuple(p.key for p in db.jurisdiction.procedures if not (p.ex_officio or p.kept_apart))
    return {"category": filed or ("",)}  # an empty restriction would restrict nothing
