"""What is late and what becomes late next, where, and by whose turn.

All of it is about the cases open now, of the subjects whose cases an office works off; the day a benefit's entitlement
ends is no time limit. A case is late from the day after the one it is due: it "becomes late in three working days" when
it will be late on the third working day from today, if nothing is done. Procedures that are kept apart
(`queries.subjects.one_total`) have rows of their own and are in no total.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pandas as pd

from dashboard.claims.database import Database
from dashboard.filters import SUBJECTS, Filters
from dashboard.scope import Scope
from queries.counts import pending
from queries.places import of_offices, place_of
from queries.subjects import one_total

STEPS = {"one": 1, "three": 3, "seven": 7}
"""Working days within which cases become late."""
PARTS = ("late", "in_one", "in_three", "in_seven")
"""Open cases by how soon: late already, then those that become late in one, in two or three, in four to seven days."""
BANDS = {"week": 7, "fortnight": 14, "month": 30, "quarter": 90}
"""How many days past its limit a late case is at most; any that is later is beyond them all."""
BEYOND = "beyond"
NOWHERE = "none"
"""Stands for the office of cases that name none."""
_FOREVER = date(9999, 12, 31)


def late(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Cases open now past the day they are due; ``n`` is how many are open under a limit."""
    return _headline(db, filters, scope, "overdue", "overdue")


def late_in_one(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Cases not yet late that will be on the next working day; ``n`` as for `late`."""
    return _headline(db, filters, scope, "due_in_one", "one")


def late_in_three(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Cases not yet late that will be within three working days; ``n`` as for `late`."""
    return _headline(db, filters, scope, "due_in_three", "three")


def late_in_seven(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Cases not yet late that will be within seven working days; ``n`` as for `late`."""
    return _headline(db, filters, scope, "due_in_seven", "seven")


def by_category(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """What becomes late, by subject and category, in the order of the lists; only those with cases under a limit.

    Columns: ``subject``, ``category`` (``<subject>:<key>``, for keys of one list stand in another), `PARTS`, ``later``
    (due after that), ``free`` (open without a limit); ``group`` and ``codes`` for the figure. ``attrs["n"]`` is how
    many are open under a limit, of what may stand in one total.
    """
    frame = _soon(_open(db, filters, scope, (), apart=True), ["subject", "category"])
    limited = frame.loc[_together(db, frame), [*PARTS, "later"]].to_numpy()
    known = [
        f"{subject}:{code.key}" for subject in SUBJECTS for code in db.jurisdiction.codes.get(f"{subject}.category", ())
    ]
    frame["codes"] = frame["subject"] + ".category"
    frame["category"] = frame["subject"] + ":" + frame["category"]
    order = {key: place for place, key in enumerate(known)}
    frame = frame.sort_values("category", key=lambda keys: keys.map(order), ignore_index=True)
    frame["group"] = frame["subject"]
    frame.attrs |= {"key": "category", "groups": "show", "n": int(limited.sum())}
    return _drawable(frame)


def by_place(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """What becomes late, by province, or by office where one province is in view; the most late first.

    Columns: ``province``, ``office`` (None by province, `NOWHERE` for cases that name none), `PARTS`, ``later``,
    ``free``.
    """
    place = place_of(filters, scope)
    frame = _soon(_open(db, filters, scope, ("province", "office")[: 1 + (place == "office")]), [place])
    seen = scope.narrow(filters.provinces)
    if place == "office" and seen:
        frame["office"] = frame["office"].replace("", NOWHERE)
        frame.insert(0, "province", seen[0])
    else:
        frame["office"] = None
    frame["due"] = frame[list(PARTS)].sum(axis=1)
    frame = frame.sort_values(["late", "due"], ascending=False, ignore_index=True).drop(columns="due")
    frame.attrs |= {"key": place, "codes": f"{place}s", "labels": "due.place"}
    return _drawable(frame)


def by_actor(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """What becomes late, by who must act next, the most first. Columns: ``actor``, `PARTS`, ``later``, ``free``."""
    frame = _soon(_open(db, filters, scope, ("actor",)), ["actor"])
    frame["due"] = frame[list(PARTS)].sum(axis=1)
    frame = frame.sort_values("due", ascending=False, ignore_index=True).drop(columns="due")
    frame.attrs |= {"key": "actor", "labels": "due.actor"}
    return _drawable(frame)


def how_late(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """How long ago the late cases were due, in bands of days, by subject.

    Columns: ``band`` (keys of `BANDS`, then `BEYOND`), one a subject that has late cases, ``overdue`` (all of them).
    """
    terms = {band: filters.today - timedelta(days=days) for band, days in BANDS.items()}
    found = _open(db, filters, scope, (), terms)
    late_by = found.groupby("subject")[["overdue", *BANDS]].sum().to_dict("index")
    subjects = [subject for subject in SUBJECTS if subject in late_by and late_by[subject]["overdue"]]
    frame = pd.DataFrame({"band": [*BANDS, BEYOND]})
    for subject in subjects:
        reached = [int(late_by[subject][name]) for name in ("overdue", *BANDS)]
        frame[subject] = [*(above - below for above, below in pairwise(reached)), reached[-1]]
    frame["overdue"] = frame[subjects].sum(axis=1).astype(int)
    for subject in SUBJECTS:
        if subject not in frame:
            frame[subject] = None
    frame.attrs |= {"key": "band", "labels": "due.band", "columns": subjects, "parts": "show"}
    return _calm(frame if subjects else frame.iloc[:0], int(found["limited"].sum()))


def _headline(db: Database, filters: Filters, scope: Scope, measure: str, part: str) -> pd.DataFrame:
    found = _open(db, filters, scope)
    value = int(found[part].sum()) - (0 if part == "overdue" else int(found["overdue"].sum()))
    limited = int(found["limited"].sum())
    return pd.DataFrame(
        {
            "measure": [measure],
            "value": [value if limited else None],
            "compared": [None],
            "n": [limited],
            "spark": [[]],
        }
    )


def _open(
    db: Database,
    filters: Filters,
    scope: Scope,
    by: tuple[str, ...] = (),
    terms: dict[str, date] | None = None,
    apart: bool = False,
) -> pd.DataFrame:
    """The cases open now by subject, category and ``by``, with what is due before each term.

    Columns: those, ``n``, ``overdue``, ``one``, ``three``, ``seven`` (late by then), ``limited`` (has a day it is due),
    ``terms``. ``apart`` leaves the procedures in that are kept apart.
    """
    workdays = db.jurisdiction.workdays
    days = {step: workdays.add(filters.today, n) for step, n in STEPS.items()}
    told = ("subject", "category", *by)
    asked = {**days, "limited": _FOREVER, **(terms or {})}
    frame = pending(db, filters, scope, SUBJECTS, told, of_offices(filters), asked)
    return frame if apart else frame[_together(db, frame)]


def _together(db: Database, frame: pd.DataFrame) -> pd.Series[bool]:
    """Which rows of a subject and category may stand in one total."""
    kept = one_total(db, "procedures")
    return (frame["subject"] != "procedures") | (True if kept is None else frame["category"].isin(kept["category"]))


def _soon(found: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """`_open` by fewer dimensions: `PARTS`, ``later``, ``free``; without rows in which nothing has a limit."""
    frame = found.groupby(by, as_index=False)[["n", "overdue", *STEPS, "limited"]].sum()
    frame["late"] = frame["overdue"]
    before = "overdue"
    for part, step in zip(PARTS[1:], STEPS, strict=True):
        frame[part] = frame[step] - frame[before]
        before = step
    frame["later"] = frame["limited"] - frame[before]
    frame["free"] = frame["n"] - frame["limited"]
    return frame[frame["limited"] > 0][[*by, *PARTS, "later", "free"]].reset_index(drop=True)


def _drawable(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with what its figure must know; nothing due is a calm answer, which says whether anything can be."""
    frame.attrs |= {"columns": list(PARTS), "parts": "due.part", "graded": True}
    return _calm(frame, int(frame[[*PARTS, "later"]].to_numpy().sum()))


def _calm(frame: pd.DataFrame, limited: int) -> pd.DataFrame:
    """The frame with what is said where nothing is due: of ``limited`` open cases, or of none that could be late."""
    frame.attrs["observed"] = True
    if not limited:
        frame.attrs["calm"] = "due-unlimited"
    return frame
