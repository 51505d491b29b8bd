"""The questions of registrations: who files, how and where.

Answers about what claimants are count whole months: ``attrs["span"]`` is the days counted where those are not the ones
asked for.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from dashboard.claims.database import Database
from dashboard.claims.flows import CLOSED, DECIDED, OPENED, SUPPORT_SCHEME
from dashboard.filters import Filters, Window
from dashboard.panel import Query
from dashboard.scope import Scope
from queries.alike import countable
from queries.bins import axis_of, by_bin, not_over, over_time
from queries.counts import backlog, counts, total
from queries.durations import span_of
from queries.headlines import share
from queries.hours import today_and_usual
from queries.overview import DECISIONS, ELIGIBLE
from queries.traits import by_trait

SUBJECT = "registrations"
NOWHERE = "none"
"""Stands for the office of registrations that name none."""


def hours(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Registrations of today by hour, beside the mean of the same weekday in the last four weeks.

    Columns: ``bin`` (hour), ``today`` (NaN for hours to come), ``usual``, ``provisional``.
    """
    frame = today_and_usual(db, filters, scope, SUBJECT).rename(columns={"hour": "bin", "running": "provisional"})
    frame.attrs |= {
        "step": "hour",
        "columns": ["today", "usual"],
        "settled": ["usual"],
        "labels": "registrations.hours",
    }
    return frame


def places(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Registrations by province, or by office where one province is in view.

    Columns: ``province``, ``office`` (None by province, `NOWHERE` for those that name none), ``registered``,
    ``change`` (against the compared days; None by office).
    """
    seen = scope.narrow(filters.provinces)
    if seen is not None and len(seen) == 1:
        window = countable(db, filters)
        found = counts(db, filters, scope, SUBJECT, (OPENED,), window, ("office",)).groupby("office")["n"].sum()
        codes = [office.code for office in db.jurisdiction.offices if office.province == seen[0]]
        if filters.offices:
            codes = [code for code in codes if code in filters.offices]
        codes += [code for code in found.index if code not in codes]
        frame = pd.DataFrame({"province": seen[0], "office": [code or NOWHERE for code in codes]})
        frame["registered"] = [int(found.get(code, 0)) for code in codes]
        frame["change"] = np.nan
        frame.attrs |= {"key": "office", "codes": "offices", "labels": "registrations.place"}
        if window != filters.window:
            frame.attrs["span"] = [window.start.isoformat(), window.end.isoformat()]
        return frame.sort_values("registered", ascending=False, ignore_index=True)

    def of(window: Window) -> pd.Series[int]:
        found = counts(db, filters, scope, SUBJECT, (OPENED,), window, ("province",))
        return frame["province"].map(found.groupby("province")["n"].sum()).fillna(0).astype(int)

    codes = [p.code for p in db.jurisdiction.provinces if seen is None or p.code in seen]
    frame = pd.DataFrame({"province": codes})
    frame["office"] = None
    frame["registered"] = of(filters.window)
    before = of(filters.compared).astype(float) if filters.compared else pd.Series(np.nan, frame.index)
    frame["change"] = frame["registered"] / before.where(before > 0) - 1
    frame.attrs |= {"key": "province", "codes": "provinces"}
    return frame.sort_values("registered", ascending=False, ignore_index=True)


def channels(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Registrations by channel over time, in the order of the jurisdiction's list; channels never used are left out.

    Columns: ``bin``, ``series`` (channel), ``value``, ``provisional``. ``attrs["step"]`` is the step.
    """
    found = over_time(db, filters, scope, SUBJECT, (OPENED,), filters.window, ("channel",))
    used = set(found["channel"])
    listed = [code.key for code in db.jurisdiction.codes["channels"]]
    parts = []
    for channel in [*(key for key in listed if key in used), *sorted(used - set(listed))]:
        by_day = found[found["channel"] == channel].groupby("day")["n"].sum()
        course = by_bin(by_day, filters.window, filters, db)
        part = pd.DataFrame({"bin": course.index, "series": channel, "value": course.to_numpy()})
        part["provisional"] = not_over(part["bin"], filters, db)
        parts.append(part)
    frame = pd.concat(parts) if parts else pd.DataFrame(columns=["bin", "series", "value", "provisional"])
    frame = frame.sort_values("bin", kind="stable", ignore_index=True)
    frame.attrs |= {**axis_of(filters), "codes": "channels"}
    return frame


def schemes(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Every scheme with any cases by itself, the uninsured support scheme last.

    Columns: ``category``, ``registered``, ``decided`` and ``eligibility_rate`` (None for the support scheme, whose
    applicants no premium was paid for), ``closed``, ``backlog``.
    """
    asked = (db, filters, scope, SUBJECT)
    filed = counts(*asked, (OPENED, CLOSED), filters.window, ("category",))
    decided = counts(*asked, (DECIDED,), filters.window, ("category", "outcome"))
    stock = backlog(*asked, filters.window.end, ("category",)).groupby("category")["n"].sum()
    keys = [code.key for code in db.jurisdiction.codes[f"{SUBJECT}.category"]]
    keys = [key for key in keys if not filters.categories or key in filters.categories]
    rows = []
    for key in sorted(keys, key=lambda key: key == SUPPORT_SCHEME):
        n = total(decided, DECIDED, category=key, outcome=DECISIONS)
        rate = share(total(decided, DECIDED, category=key, outcome=ELIGIBLE), n)
        judged = key != SUPPORT_SCHEME
        counted = (total(filed, OPENED, category=key), n, total(filed, CLOSED, category=key), int(stock.get(key, 0)))
        rows.append((key, *counted, rate if judged else None))
    frame = pd.DataFrame(rows, columns=["category", "registered", "decided", "closed", "backlog", "eligibility_rate"])
    frame["eligibility_rate"] = frame["eligibility_rate"].astype(float)
    used = (frame[["registered", "decided", "closed", "backlog"]] != 0).any(axis=1)
    return frame[used].reset_index(drop=True)


def of(kind: str) -> Query:
    """The question how many registrations there are by a trait of claimants, in whole months, the most first.

    Columns: ``key`` (of the trait), ``registered``, ``registered_share`` (of those whose trait is known).
    """

    def question(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
        found = by_trait(db, filters, scope, SUBJECT, OPENED, kind, filters.window, {"category": filters.categories})
        frame = found.rename(columns={kind: "key", "n": "registered"})
        frame = frame.sort_values("registered", ascending=False, ignore_index=True)
        frame["registered_share"] = frame["registered"] / frame["registered"].sum()
        frame.attrs |= {"key": "key", "codes": _LISTS.get(kind, ""), "labels": f"registrations.{kind}"}
        frame.attrs["span"] = span_of(db, filters)
        return frame

    return question


_LISTS = {kind: f"{kind}s" for kind in ("sex", "sector", "skill", "cause", "filer", "device")} | {"sex": "sexes"}
