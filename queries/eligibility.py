"""Who is found eligible, how the register and the experts decide, and how far those found eligible have come.

Rates, reasons and steps are of the insured schemes: premiums of the others were never due, so they fail the match by
rule. What stands between ministry and social security is counted for all schemes.

Traits and durations are kept by month, so what rests on them is answered for the whole months that the period touches.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import numpy as np
import pandas as pd

from dashboard.claims.database import Database
from dashboard.claims.flows import DECIDED, OPENED, UNPAID
from dashboard.filters import Filters, Window
from dashboard.scope import Scope
from dashboard.text.calendars import calendar_named
from queries.ages import BANDS
from queries.bins import beside, official_months
from queries.counts import BEGINNING, counts, total
from queries.durations import histogram, percentiles, whole_months
from queries.headlines import headline, share
from queries.overview import DECISIONS, ELIGIBLE, MOST_DAYS, eligible_over_time
from queries.subjects import insured
from queries.traits import by_trait

SUBJECT = "registrations"
COVERED = "covered"
"""The answer of the register to an application that passes every rule."""
REACHED = ("referred", "established", "account", "paid")
"""The steps after an application was found eligible."""
STEPS = (OPENED, "matched", DECIDED, "eligible", *REACHED)
SPEEDS = {"at_once": (0, 0), "in_week": (1, 7), "in_month": (8, 30), "later": (31, 10_000)}
"""Days from filing to the decision, both ends included."""
_ELIGIBLE_OR_LATER = {"outcome": (*ELIGIBLE, "")}
"""Decisions that found somebody eligible, and the steps after them, which have no outcome."""
GAPS = {"to_refer": "referred", "to_establish": "established", "to_announce": "account", "to_pay": "paid"}
"""What those found eligible still wait for → the step that ends the wait."""


def over_time(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The eligibility rate over time, by day of decision; by official month over more than MOST_DAYS days.

    Columns: ``bin``, ``n`` (the rate, None where nothing was decided), ``decided`` (what it rests on), ``compared``
    (the rate at the same place of the compared days), ``provisional``.
    """
    window = filters.window
    course = eligible_over_time(db, filters, scope, window)
    frame = pd.DataFrame({"bin": course.index, "n": _rate(course), "decided": course["decided"].to_numpy()})
    frame["compared"] = np.nan
    if filters.compared:
        frame["compared"] = beside(_rate(eligible_over_time(db, filters, scope, filters.compared)), len(frame))
    step = "month" if window.days > MOST_DAYS else "day"
    running = calendar_named(db.jurisdiction.calendar).bin_start(filters.today, step)
    frame["provisional"] = frame["bin"] >= running
    frame.attrs |= official_months(db) if step == "month" else {"step": step}
    return frame


def provinces(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The eligibility rate of each province in view. Columns: ``province``, ``eligibility_rate``, ``decided``."""
    found = counts(db, filters, scope, SUBJECT, (DECIDED,), filters.window, ("province", "outcome"), insured(db))
    decided = found[found["outcome"].isin(DECISIONS)].groupby("province")["n"].sum()
    eligible = found[found["outcome"].isin(ELIGIBLE)].groupby("province")["n"].sum()
    frame = pd.DataFrame({"province": [p.code for p in db.jurisdiction.provinces if p.code in decided]})
    frame["decided"] = frame["province"].map(decided).astype("int64")
    frame["eligibility_rate"] = frame["province"].map(eligible).fillna(0) / frame["decided"]
    if len(frame):
        frame.attrs["mean"] = float(eligible.sum() / decided.sum())
    return frame


def reasons(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Refusals by reason, in the whole months that the period touches, the most first.

    Columns: ``reason``, ``refused``, ``share`` (of all refused).
    """
    months = whole_months(db, filters.window)
    of_refused = {**_insured(db), "outcome": ("not_eligible",)}
    found = counts(db, filters, scope, SUBJECT, (DECIDED,), months, ("reason",), of_refused)
    refused = found.groupby("reason")["n"].sum().sort_values(ascending=False, kind="stable")
    frame = pd.DataFrame({"reason": refused.index, "refused": refused.to_numpy(dtype="int64")})
    frame["share"] = frame["refused"] / max(1, int(frame["refused"].sum()))
    frame.attrs |= {"key": "reason", "codes": "registrations.reason"}
    frame.attrs |= {"columns": ["refused"], "parts": "eligibility.part"}
    return frame


def at_once(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Decided on the day of filing ÷ decided, in whole months; ``n`` is how many were decided."""
    found = histogram(db, filters, scope, SUBJECT, (DECIDED,), filters.window, (), insured(db))
    n = int(found["n"].sum())
    return headline("decided_at_once", share(int(found.loc[found["age"] == 0, "n"].sum()), n), None, n)


def speed(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """How soon after filing it was decided, by province, in whole months; the most decided first.

    Columns: ``province``, those of ``SPEEDS``.
    """
    found = histogram(db, filters, scope, SUBJECT, (DECIDED,), filters.window, ("province",), insured(db))
    order = found.groupby("province")["n"].sum().sort_values(ascending=False, kind="stable").index
    frame = pd.DataFrame({"province": order})
    for name, (least, most) in SPEEDS.items():
        counted = found[found["age"].between(least, most)].groupby("province")["n"].sum()
        frame[name] = frame["province"].map(counted).fillna(0).astype("int64")
    frame.attrs |= {"key": "province", "codes": "provinces", "columns": list(SPEEDS), "parts": "eligibility.speed"}
    return frame


def overridden(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Decided by hand otherwise than the register says ÷ decided and known to the register, in whole months."""
    found = register_and_decision(db, filters, scope)
    n = int(found[list(DECISIONS)].sum().sum())
    return headline("overridden", share(int(found["by_hand"].sum()), n), None, n)


def register_and_decision(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """What the register says of an application and what was decided, in whole months.

    Columns: ``match`` (covered, or why not), ``said`` (yes, no), ``eligible``, ``not_eligible`` (decisions) and
    ``by_hand``, those of them against the register.
    """
    only = _insured(db)
    decided = {}
    for outcome in DECISIONS:
        of_outcome = {**only, "outcome": (outcome,)}
        found = by_trait(db, filters, scope, SUBJECT, DECIDED, "match", filters.window, of_outcome)
        decided[outcome] = found.set_index("match")["n"] if len(found) else pd.Series(dtype="int64")
    frame = pd.DataFrame(decided).fillna(0).astype("int64").rename_axis("match").reset_index()
    yes = frame["match"] == COVERED
    frame["said"] = np.where(yes, "yes", "no")
    frame["by_hand"] = np.where(yes, frame["not_eligible"], frame["eligible"]).astype("int64")
    frame["whole"] = frame["eligible"] + frame["not_eligible"]
    frame = frame.sort_values(["said", "whole"], ascending=False, ignore_index=True).drop(columns="whole")
    frame.attrs |= {"key": "match", "codes": "registrations.reason", "labels": "eligibility.match"}
    frame.attrs |= {"columns": list(DECISIONS), "part_codes": "registrations.outcome"}
    return frame


def steps(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """How many passed each step in the whole months that the period touches: not the same cases from step to step.

    Columns: ``step`` (of ``STEPS``), ``n``, ``share`` (of those filed), ``lost`` (fewer than at the step before),
    ``median`` and ``p90`` (days since filing, None where they are not kept). ``attrs["n"]`` is how many were filed.
    """
    months = whole_months(db, filters.window)
    only = insured(db)
    asked = (db, filters, scope, SUBJECT)
    filed = counts(*asked, (OPENED, DECIDED), months, ("outcome",), only)
    passed = percentiles(*asked, (DECIDED, *REACHED), months, only=only).set_index("milestone")
    n = {
        OPENED: total(filed, OPENED),
        "matched": int(by_trait(*asked, OPENED, "match", months, only)["n"].sum()),
        "eligible": total(filed, DECIDED, outcome=ELIGIBLE),
        **{step: int(passed["n"].get(step, 0)) for step in (DECIDED, *REACHED)},
    }
    frame = pd.DataFrame({"step": STEPS, "n": [n[step] for step in STEPS]})
    frame["share"] = frame["n"] / n[OPENED] if n[OPENED] else np.nan
    frame["lost"] = -frame["n"].diff()
    frame["median"] = frame["step"].map(passed["p50"]).astype(float)
    frame["p90"] = frame["step"].map(passed["p90"]).astype(float)
    frame.attrs |= {"labels": "eligibility.step", "n": n[OPENED]}
    return frame


def between(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Those found eligible and not paid yet, by province and what they wait for: all schemes, as of today.

    The steps of all days so far are held against each other: who passed a later one has passed those before. Columns:
    ``province``, those of ``GAPS``; the most waiting first.
    """
    ever = Window(BEGINNING, filters.today)
    found = counts(db, filters, scope, SUBJECT, (DECIDED, *REACHED), ever, ("province",), _ELIGIBLE_OR_LATER)
    passed = found.pivot_table(index="province", columns="milestone", values="n", aggfunc="sum", fill_value=0)
    passed = passed.reindex(columns=[DECIDED, *REACHED], fill_value=0).astype("int64")
    passed = passed.iloc[:, ::-1].cummax(axis=1).iloc[:, ::-1]
    waiting = pd.DataFrame(
        {gap: passed.iloc[:, place] - passed[step] for place, (gap, step) in enumerate(GAPS.items())}
    )
    waiting = waiting[waiting.sum(axis=1) > 0]
    order = waiting.sum(axis=1).sort_values(ascending=False, kind="stable").index
    frame = waiting.loc[order].rename_axis("province").reset_index()
    frame.attrs |= {"key": "province", "codes": "provinces", "columns": list(GAPS), "parts": "eligibility.gap"}
    return frame


def unpaid(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Registrations found eligible and not paid yet, all schemes."""
    n = int(_unpaid(db, filters, scope).sum())
    return headline("eligible_unpaid", n, None, n)


def unpaid_ages(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Those found eligible and not paid yet by province and days since filing, the most first.

    Columns: ``province`` and the bands of `queries.ages`, the oldest first. Filing days are looked at as far back as
    the last band begins; who filed before is the rest.
    """
    whole = _unpaid(db, filters, scope)
    frame = pd.DataFrame(index=whole.index)
    for (_, above), (band, least) in pairwise(BANDS.items()):
        filed = Window(filters.today - timedelta(days=above - 1), filters.today - timedelta(days=least))
        found = counts(db, filters, scope, SUBJECT, (UNPAID,), filed, ("province",))
        frame[band] = found.set_index("province")["n"].reindex(whole.index, fill_value=0).astype("int64")
    frame.insert(0, next(iter(BANDS)), whole - frame.sum(axis=1))
    frame = frame.rename_axis("province").reset_index()
    frame.attrs |= {"key": "province", "codes": "provinces", "columns": list(BANDS), "parts": "eligibility.band"}
    frame.attrs["graded"] = True
    return frame


def _unpaid(db: Database, filters: Filters, scope: Scope) -> pd.Series[int]:
    """Found eligible less paid over all days so far, by province; the most first."""
    ever = Window(BEGINNING, filters.today)
    found = counts(db, filters, scope, SUBJECT, (DECIDED, "paid"), ever, ("province",), _ELIGIBLE_OR_LATER)
    passed = found.pivot_table(index="province", columns="milestone", values="n", aggfunc="sum", fill_value=0)
    passed = passed.reindex(columns=[DECIDED, "paid"], fill_value=0).astype("int64")
    waiting = passed[DECIDED] - passed["paid"]
    return waiting[waiting > 0].sort_values(ascending=False, kind="stable")


def _insured(db: Database) -> dict[str, tuple[str, ...]]:
    return dict(insured(db) or {})


def _rate(course: pd.DataFrame) -> pd.Series[float]:
    return (course["eligible"] / course["decided"].where(course["decided"] > 0)).reset_index(drop=True)
