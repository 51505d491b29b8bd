"""Benefit procedures: received and closed, on time under the named rule, waiting for whom, moving, and how filed.

Procedures that are kept apart (`queries.subjects.one_total`) stay out of every total here and have a question of their
own. What an office opens by itself has no channel and stays out of every online share.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from dashboard.claims.database import Database
from dashboard.claims.flows import CLOSED, OPENED
from dashboard.filters import Filters, Window
from dashboard.scope import Scope
from queries import caseload
from queries.ages import banded
from queries.bins import axis_of, beside, by_bin, not_over, over_time
from queries.cohorts import cohort
from queries.counts import (
    IN_TIME,
    LIMITED,
    Restriction,
    counts,
    pending,
    total,
)
from queries.durations import span_of
from queries.headlines import headline, share
from queries.online import applied, shares
from queries.subjects import one_total
from queries.traits import by_trait

SUBJECT = "procedures"
TRANSFER = "benefit_transfer"
"""The procedure by which a benefit moves to another province."""
OPEN_LATE = "open_overdue"
JUDGED = (OPEN_LATE, "late", "on_time", "early")
"""What a case filed under a limit has come to, the gravest first."""
MOVEMENTS = {"granted": OPENED, "suspended": "suspended", "resumed": "resumed", "ended": CLOSED}
"""How recipients move between the states of a benefit, and the milestone of benefits that says so."""
_BUSIEST = 12
"""Provinces whose transfers are drawn; all of them stand in the table of both legs."""


def received(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Procedures opened in the period."""
    return caseload.received(db, filters, scope, SUBJECT, one_total(db, SUBJECT, filters.categories))


def closed_per_day(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Procedures closed per working day of the period; ``n`` is how many were closed."""
    return caseload.closed_per_day(db, filters, scope, SUBJECT, one_total(db, SUBJECT, filters.categories))


def waiting(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Procedures open at the end of the period, with median age and overdue ones of those open now."""
    return caseload.waiting(db, filters, scope, SUBJECT, one_total(db, SUBJECT, filters.categories))


def on_time(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Of the procedures filed in the period, those closed in time ÷ closed under a limit or open past their due day.

    The due day is that of the limit in force on the day of filing, the claimant's supplement not counted. Where the
    jurisdiction sets procedures no limit, nothing can be late: the answer is how many were closed in the period.
    """
    only = one_total(db, SUBJECT)
    if not _limited(db):
        n = total(counts(db, filters, scope, SUBJECT, (CLOSED,), filters.window, (), only), CLOSED)
        before = None
        if filters.compared:
            before = total(counts(db, filters, scope, SUBJECT, (CLOSED,), filters.compared, (), only), CLOSED)
        return headline("closed_unlimited", n, before, n)

    def rate(window: Window) -> tuple[float | None, int]:
        frame = _judged(db, filters, scope, window)
        n = int(frame["n"].sum())
        return share(int(frame.loc[frame["part"].isin(IN_TIME), "n"].sum()), n), n

    value, n = rate(filters.window)
    return headline("cohort_on_time_rate", value, rate(filters.compared)[0] if filters.compared else None, n)


def promptness(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """What the procedures filed in the period have come to: early, on time, late, or open past their due day.

    Columns: ``category``, ``part`` (of ``JUDGED``), ``n``, ``share`` (of the procedure's judged cases). Nothing where
    the jurisdiction sets no limit (``attrs["observed"]`` then says that this is no lack of data).
    """
    if not _limited(db):
        frame = pd.DataFrame({"category": [], "part": [], "n": [], "share": []})
        frame.attrs["observed"] = True
        return frame
    found = _judged(db, filters, scope, filters.window).set_index(["category", "part"])["n"]
    kept = (one_total(db, SUBJECT) or {}).get("category", ())
    keys = [p.key for p in sorted(db.jurisdiction.procedures, key=lambda p: p.order) if not kept or p.key in kept]
    rows = [(key, part, int(found.get((key, part), 0))) for key in keys for part in JUDGED]
    frame = pd.DataFrame(rows, columns=["category", "part", "n"])
    whole = frame.groupby("category")["n"].transform("sum")
    frame["share"] = frame["n"] / whole.where(whole > 0)
    frame = frame[whole > 0].reset_index(drop=True)
    frame.attrs |= {"key": "category", "codes": "procedures.category", "parts": "procedures.part", "graded": True}
    return frame


def backlog_by_turn(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Procedures open now by who must act next, and age. Columns: ``actor``, ``part`` (band), ``n``, ``overdue``."""
    together = one_total(db, SUBJECT, filters.categories)
    now = pending(db, filters, scope, SUBJECT, ("actor", "opened_day"), together)
    frame = banded(now, filters.today, ("actor",))
    frame.attrs |= {"key": "actor", "labels": "procedures.actor", "parts": "stock.age", "graded": True}
    return frame


def apart(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The procedures that are kept apart (job-search notices), received over time.

    Columns: ``bin``, ``n``, ``compared`` (of the compared days, at the same place), ``provisional``. Nothing where the
    jurisdiction keeps none apart (``attrs["observed"]`` then says that this is no lack of data).
    """
    keys = tuple(procedure.key for procedure in db.jurisdiction.procedures if procedure.kept_apart)
    if not keys:
        frame = pd.DataFrame({"bin": [], "n": [], "compared": [], "provisional": []})
        frame.attrs["observed"] = True
        return frame

    def course(window: Window) -> pd.Series[int]:
        found = over_time(db, filters, scope, SUBJECT, (OPENED,), window, (), {"category": keys})
        return by_bin(found.groupby("day")["n"].sum(), window, filters, db)

    n = course(filters.window)
    frame = pd.DataFrame({"bin": n.index, "n": n.to_numpy(), "compared": float("nan")})
    if filters.compared:
        frame["compared"] = beside(course(filters.compared), len(frame))
    frame["provisional"] = not_over(frame["bin"], filters, db)
    frame.attrs |= axis_of(filters)
    return frame


def movement(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Recipients who came in, were suspended, resumed or left, over time.

    Columns: ``bin``, ``series`` (of ``MOVEMENTS``), ``value``, ``provisional``.
    """
    window = filters.window
    found = over_time(db, filters, scope, "benefits", MOVEMENTS.values(), window)
    parts = []
    for series, milestone in MOVEMENTS.items():
        course = by_bin(found[found["milestone"] == milestone].groupby("day")["n"].sum(), window, filters, db)
        parts.append(pd.DataFrame({"bin": course.index, "series": series, "value": course.to_numpy()}))
    frame = pd.concat(parts, ignore_index=True)
    frame["provisional"] = not_over(frame["bin"], filters, db)
    frame.attrs |= {**axis_of(filters), "labels": "procedures.movement"}
    return frame


def legs(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Transfers filed in the period by province: both legs of each.

    Columns: ``province``, ``sent``, ``received``, ``net`` (received less sent). A transfer without a province to go to
    counts as sent only. ``attrs["observed"]`` says that nobody moved while other procedures were opened.
    """
    window = filters.window
    only = {"category": (TRANSFER,)}
    sent = counts(db, filters, scope, SUBJECT, (OPENED,), window, ("province",), only).set_index("province")["n"]
    came = counts(db, filters, scope, "transfers", (OPENED,), window, ("province",)).set_index("province")["n"]
    codes = [p.code for p in db.jurisdiction.provinces if p.code in sent or p.code in came]
    frame = pd.DataFrame({"province": codes})
    for name, found in (("sent", sent), ("received", came)):
        frame[name] = frame["province"].map(found).fillna(0).astype("int64")
    frame["net"] = frame["received"] - frame["sent"]
    frame = frame.sort_values(["net", "sent"], ascending=[True, False], ignore_index=True)
    frame.attrs["observed"] = frame.empty and _any(db, filters, scope)
    return frame


def routes(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Transfers filed in the period from where to where, among the provinces with most of them.

    Columns: ``from_province``, ``province`` (where they go), ``transfers``. ``attrs`` as of `legs`.
    """
    asked = (db, filters, scope, "transfers", (OPENED,), filters.window)
    # The ends of all transfers rest on far fewer cells than the routes between them, of which few are drawn.
    sent, came = (counts(*asked, (end,)).set_index(end)["n"] for end in ("category", "province"))
    busiest = sent.add(came, fill_value=0).sort_index().sort_values(ascending=False, kind="stable").index[:_BUSIEST]
    among = {"category": tuple(busiest), "province": tuple(busiest)}
    found = counts(*asked, ("category", "province"), among)
    frame = found.rename(columns={"category": "from_province", "n": "transfers"})
    frame = frame[["from_province", "province", "transfers"]]
    frame = frame.sort_values("transfers", ascending=False, ignore_index=True)
    frame.attrs |= {"row": "from_province", "rows": "provinces", "column": "province", "columns": "provinces"}
    frame.attrs["observed"] = frame.empty and _any(db, filters, scope)
    return frame


def online_by_procedure(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The online share of each procedure; of those an office opens by itself only their number.

    Columns: ``category``, ``online_share`` (None without an applicant), ``opened``. ``attrs["n"]`` is how many
    applicants opened, of the procedures that may stand in one total.
    """
    found = counts(db, filters, scope, SUBJECT, (OPENED,), filters.window, ("category", "channel"))
    by_category = shares(found, "category")
    listed = [p for p in sorted(db.jurisdiction.procedures, key=lambda p: p.order) if p.key in by_category.index]
    frame = by_category.loc[[p.key for p in listed]].rename_axis("category").reset_index()
    frame["online_share"] = frame["online_share"].where(np.array([not p.ex_officio for p in listed], dtype=bool))
    together = frame["category"].isin(applied(db, SUBJECT)["category"])
    frame.attrs |= {"key": "category", "codes": "procedures.category", "n": int(frame.loc[together, "opened"].sum())}
    return frame


def online_by_skill(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The online share by the applicant's skill level, in whole months.

    Columns: ``skill``, ``online_share``, ``opened``; levels in the order of the jurisdiction's list.
    """
    only = applied(db, SUBJECT)
    found = by_trait(db, filters, scope, SUBJECT, OPENED, "skill+channel", filters.window, only)
    by_skill = shares(found, "skill")
    keys = [code.key for code in db.jurisdiction.codes["skills"] if code.key in by_skill.index]
    frame = by_skill.loc[keys].rename_axis("skill").reset_index()
    frame.attrs |= {"key": "skill", "codes": "skills", "span": span_of(db, filters)}
    return frame


def _any(db: Database, filters: Filters, scope: Scope) -> bool:
    """Whether any procedure was opened in the period."""
    return total(counts(db, filters, scope, SUBJECT, (OPENED,), filters.window), OPENED) > 0


def _limited(db: Database) -> bool:
    return any(limit.subject == SUBJECT for limit in db.jurisdiction.limits)


def _judged(db: Database, filters: Filters, scope: Scope, window: Window) -> pd.DataFrame:
    """What the procedures filed in ``window`` under a limit have come to. Columns: ``category``, ``part``, ``n``."""
    only = one_total(db, SUBJECT)
    timed: Restriction = {**(only or {}), "timing": LIMITED}
    closed = cohort(db, filters, scope, SUBJECT, CLOSED, window, ("category", "timing"), timed)
    now = pending(db, filters, scope, SUBJECT, ("category", "opened_day"), only)
    filed = now["opened_day"].map(lambda day: window.start <= day <= window.end).astype(bool)
    late = now[filed].groupby("category")["overdue"].sum()
    still = pd.DataFrame({"category": late.index, "part": OPEN_LATE, "n": late.to_numpy()})
    return pd.concat([closed.rename(columns={"timing": "part"}), still], ignore_index=True)
