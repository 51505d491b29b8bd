"""Labour disputes: what comes in and is closed, what waits and how long, how it ends, and the limits it is under."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd

from dashboard.claims.database import Database
from dashboard.claims.flows import CLOSED, OPENED, UNRULED
from dashboard.filters import Filters, Window
from dashboard.jurisdictions.model import CLOSING, Limit
from dashboard.scope import Scope
from queries.ages import banded
from queries.bins import axis_of, beside, by_bin, not_over, over_time, stock_by_bin
from queries.counts import LIMITED, Restriction, counts, pending, total
from queries.durations import beyond, histogram, percentiles, span_of, whole_months
from queries.headlines import headline, share

SUBJECT = "disputes"
SETTLED = "settled"
"""The outcome of a petition that ends in an agreement."""
STAGES = (
    "conciliation",
    "hearing",
    "ruling_after_hearing",
    "service_after_ruling",
    "appeal_after_service",
    "ruling_after_appeal",
    "enforcement_after_end",
    "review_after_end",
    "ruling_after_review",
    CLOSED,
)
"""The stages in order. Conciliation, hearing and closing are timed from filing, the others from the step they name."""
_STAGE_OF = {
    CLOSING: CLOSED,
    "ruling": "ruling_after_hearing",
    "appeal": "appeal_after_service",
    "settlement_ruling": "ruling_after_appeal",
    "judicial_review": "review_after_end",
}
"""The step of a limit → the stage that it limits. The time for judicial review runs from the service of the final
ruling, which no record dates: the closing stands for it."""


def opened(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Petitions filed in the period."""
    by_day = over_time(db, filters, scope, SUBJECT, (OPENED,), filters.window)
    n = int(by_day["n"].sum())
    before = None
    if filters.compared:
        before = total(counts(db, filters, scope, SUBJECT, (OPENED,), filters.compared), OPENED)
    course = by_bin(by_day.groupby("day")["n"].sum(), filters.window, filters, db)
    return headline("opened", n, before, n, course)


def clearance(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Petitions closed ÷ filed in the period; ``n`` is how many were filed."""

    def rate(window: Window) -> tuple[float | None, int]:
        frame = counts(db, filters, scope, SUBJECT, (OPENED, CLOSED), window)
        n = total(frame, OPENED)
        return share(total(frame, CLOSED), n), n

    value, n = rate(filters.window)
    return headline("clearance", value, rate(filters.compared)[0] if filters.compared else None, n)


def appealed(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Appeals lodged ÷ rulings served in the period; ``n`` is how many were served."""

    def rate(window: Window) -> tuple[float | None, int]:
        frame = counts(db, filters, scope, SUBJECT, ("served", "appealed"), window)
        n = total(frame, "served")
        return share(total(frame, "appealed"), n), n

    value, n = rate(filters.window)
    return headline("appeal_ratio", value, rate(filters.compared)[0] if filters.compared else None, n)


def agreed(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Conciliations held in the period that led to an agreement ÷ held; ``n`` is how many were held.

    The agreement is that of the petition as it stands now: a conciliation of late may still lead to one.
    """

    def rate(window: Window) -> tuple[float | None, int]:
        frame = counts(db, filters, scope, SUBJECT, ("conciliation",), window, ("outcome",))
        n = total(frame, "conciliation")
        return share(total(frame, "conciliation", outcome=SETTLED), n) if _tells_settled(db) else None, n

    value, n = rate(filters.window)
    return headline("conciliation_success", value, rate(filters.compared)[0] if filters.compared else None, n)


def settled_unruled(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Petitions closed by agreement before any ruling ÷ closed in the period; ``n`` is how many were closed."""

    def rate(window: Window) -> tuple[float | None, int]:
        n = total(counts(db, filters, scope, SUBJECT, (CLOSED,), window), CLOSED)
        early = counts(db, filters, scope, SUBJECT, (UNRULED,), window, ("outcome",))
        return share(total(early, UNRULED, outcome=SETTLED), n) if _tells_settled(db) else None, n

    value, n = rate(filters.window)
    return headline("settled_unruled", value, rate(filters.compared)[0] if filters.compared else None, n)


def _tells_settled(db: Database) -> bool:
    """Whether the records tell a settlement from other outcomes: where they do not, none of them is no share of 0."""
    return any(code.key == SETTLED for code in db.jurisdiction.codes["disputes.outcome"])


def reviewed(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Judicial reviews sought ÷ petitions closed with a ruling in the period; ``n`` is how many were."""

    def rate(window: Window) -> tuple[float | None, int]:
        frame = counts(db, filters, scope, SUBJECT, (CLOSED, UNRULED, "judicial_review"), window)
        n = total(frame, CLOSED) - total(frame, UNRULED)
        return share(total(frame, "judicial_review"), n), n

    value, n = rate(filters.window)
    return headline("judicial_ratio", value, rate(filters.compared)[0] if filters.compared else None, n)


def flow(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Petitions filed and closed over time.

    Columns: ``bin``, ``series`` (opened, closed), ``value``, ``clearance`` (closed ÷ opened of the bin, on the row of
    what was closed), ``provisional``. ``attrs["n"]`` is how many were filed.
    """
    window = filters.window
    frame = over_time(db, filters, scope, SUBJECT, (OPENED, CLOSED), window)
    courses = {
        series: by_bin(frame[frame["milestone"] == series].groupby("day")["n"].sum(), window, filters, db)
        for series in (OPENED, CLOSED)
    }
    rows = pd.concat(
        [
            pd.DataFrame({"bin": course.index, "series": series, "value": course.to_numpy()})
            for series, course in courses.items()
        ],
        ignore_index=True,
    )
    of_bin = courses[CLOSED] / courses[OPENED].where(courses[OPENED] > 0)
    rows["clearance"] = rows["bin"].map(of_bin).where(rows["series"] == CLOSED)
    rows["provisional"] = not_over(rows["bin"], filters, db)
    n = total(frame, OPENED)
    rows.attrs |= {**axis_of(filters), "labels": "disputes.series", "n": n}
    return rows


def stock(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Petitions open at the end of each bin.

    Columns: ``bin``, ``n``, ``compared`` (the same of the compared days, at the same place), ``provisional``.
    ``attrs["n"]`` is how many are open at the end of the last.
    """
    course = stock_by_bin(db, filters, scope, SUBJECT, filters.window)
    frame = pd.DataFrame({"bin": course.index, "n": course.to_numpy()})
    frame["compared"] = float("nan")
    if filters.compared:
        frame["compared"] = beside(stock_by_bin(db, filters, scope, SUBJECT, filters.compared), len(frame))
    frame["provisional"] = not_over(frame["bin"], filters, db)
    frame.attrs |= {**axis_of(filters), "n": int(course.iloc[-1])}
    return frame


def backlog_age(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Petitions open now, by kind of dispute and age. Columns: ``category``, ``part`` (band), ``n``, ``overdue``."""
    frame = banded(pending(db, filters, scope, SUBJECT, ("category", "opened_day")), filters.today, ("category",))
    frame.attrs |= {"key": "category", "codes": "disputes.category", "parts": "stock.age", "graded": True}
    return frame


def claims(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Of the petitions filed in the period in each province, the share that carries each type of claim.

    Where one type is asked about, that alone. One petition carries several types: shares add up to more than the whole,
    claims to more than the petitions.
    Columns: ``province``, ``claim_type``, ``claim_share``, ``claims``, ``n`` (petitions of the province).
    ``attrs["n"]`` is how many petitions there are in all.
    """
    window, of_all = filters.window, replace(filters, trait="")
    petitions = counts(db, of_all, scope, SUBJECT, (OPENED,), window, ("province",)).set_index("province")["n"]
    found = counts(db, of_all, scope, "dispute_claims", (OPENED,), window, ("province", "category"))
    of_type = found.set_index(["province", "category"])["n"]
    types = [code.key for code in db.jurisdiction.codes["claim_types"] if filters.claim in ("", code.key)]
    provinces = [p.code for p in db.jurisdiction.provinces if p.code in petitions]
    frame = pd.DataFrame(
        [(province, key) for province in provinces for key in types], columns=["province", "claim_type"]
    )
    frame["claims"] = [int(of_type.get((row.province, row.claim_type), 0)) for row in frame.itertuples()]
    frame["n"] = frame["province"].map(petitions).astype("int64")
    frame["claim_share"] = frame["claims"] / frame["n"]
    if not frame["claims"].any():  # where no claims are recorded, a share of none would say something
        frame, petitions = frame.iloc[:0], petitions.iloc[:0]
    frame.attrs |= {"row": "province", "rows": "provinces", "column": "claim_type", "columns": "claim_types"}
    frame.attrs["n"] = int(petitions.sum())
    return frame


def filers(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Petitions filed in the period by who files them. Columns: ``filer``, ``opened``, ``share``."""
    return _shares(db, filters, scope, OPENED, "reason", "filer", "filers")


def outcomes(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Petitions closed in the period by how they ended. Columns: ``outcome``, ``closed``, ``share``."""
    return _shares(db, filters, scope, CLOSED, "outcome", "outcome", "disputes.outcome")


def stages(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """How long each stage took for the petitions that passed it in the months of the period.

    Columns: ``stage``, ``n``, ``median``, ``p90``, ``limit`` (days, None without a limit in days).
    """
    found = percentiles(db, filters, scope, SUBJECT, STAGES, filters.window)
    limits = {_STAGE_OF.get(limit.step): limit.days for limit in limits_on(db, filters.today) if limit.unit == "day"}
    frame = found.rename(columns={"milestone": "stage", "p50": "median"})
    frame["limit"] = frame["stage"].map(limits).astype(float)
    frame["place"] = frame["stage"].map(STAGES.index)
    frame = frame.sort_values("place", ignore_index=True).drop(columns="place")
    span = span_of(db, filters)
    frame.attrs |= {"key": "stage", "labels": "disputes.stage", "span": span}
    return frame


def limits(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Every time limit of disputes in force, and how many stages ended after it in the months of the period.

    Columns: ``step``, ``category`` (None where it holds for all), ``days``, ``unit``, ``kind`` (law, by_law, target),
    ``source``, ``sure`` (verified, unverified), ``n`` (stages that ended), ``late`` and ``share`` of them, None where
    the stage is not recorded or its limit counts working days.
    """
    rows = []
    for limit in limits_on(db, filters.today):
        late, n = _late(db, filters, scope, limit)
        rows.append(
            {
                "step": limit.step,
                "category": limit.category or None,
                "days": limit.days,
                "unit": limit.unit,
                "kind": limit.kind,
                "source": limit.source,
                "sure": "verified" if limit.confidence.startswith("verified") else "unverified",
                "n": n,
                "late": late,
                "share": late / n if late is not None and n else None,
            }
        )
    columns = ["step", "category", "days", "unit", "kind", "source", "sure", "n", "late", "share"]
    frame = pd.DataFrame(rows, columns=columns).astype({"n": float, "late": float, "share": float})
    frame.attrs |= {"observed": not rows, "span": span_of(db, filters)}
    return frame


def limits_on(db: Database, day: date) -> list[Limit]:
    """The limits of disputes in force on a day, in the order of the jurisdiction's file."""
    return [
        limit
        for limit in db.jurisdiction.limits
        if limit.subject == SUBJECT and (limit.valid_from or day) <= day <= (limit.valid_to or day)
    ]


def _late(db: Database, filters: Filters, scope: Scope, limit: Limit) -> tuple[int | None, int | None]:
    """How many ended after a limit, of how many that ended; ``None`` where that is not known."""
    only: Restriction | None = {"category": (limit.category,)} if limit.category else None
    if limit.step == CLOSING:
        months = whole_months(db, filters.window)
        frame = counts(db, filters, scope, SUBJECT, (CLOSED,), months, ("timing",), only)
        return total(frame, CLOSED, timing="late"), total(frame, CLOSED, timing=LIMITED)
    if limit.step not in _STAGE_OF or limit.unit != "day":
        return None, None
    cells = histogram(db, filters, scope, SUBJECT, (_STAGE_OF[limit.step],), filters.window, only=only)
    return beyond(cells, limit.days), int(cells["n"].sum())


def _shares(
    db: Database, filters: Filters, scope: Scope, milestone: str, by: str, key: str, codes: str
) -> pd.DataFrame:
    found = counts(db, filters, scope, SUBJECT, (milestone,), filters.window, (by,))
    found = found[found[by] != ""]
    frame = pd.DataFrame({key: found[by].to_numpy(), milestone: found["n"].to_numpy(dtype="int64")})
    whole = int(frame[milestone].sum())
    frame["share"] = frame[milestone] / whole if whole else float("nan")
    frame.attrs |= {"key": key, "codes": codes}
    return frame.sort_values(milestone, ascending=False, ignore_index=True)
