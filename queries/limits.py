"""How a case stands against its limit: the days that are left or over, in the unit in which the limit is set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.jurisdictions import Jurisdiction
from dashboard.jurisdictions.model import Limit
from dashboard.jurisdictions.workdays import FIRST, LAST, Days

Flags = npt.NDArray[np.bool_]

UNLIMITED = frozenset({"benefits"})
"""Subjects whose day due is no limit on anybody's work: a benefit's is the end of its entitlement."""


def limit_of(subject: str, category: str, opened: date, jurisdiction: Jurisdiction) -> Limit | None:
    """The limit from filing to closing that a case filed on ``opened`` is under."""
    return None if subject in UNLIMITED else jurisdiction.limit(subject, category, opened)


def against(cases: pd.DataFrame, subject: str, jurisdiction: Jurisdiction, today: date) -> pd.DataFrame:
    """Cases with how they stand against their limit, closed ones on the day they closed.

    ``cases`` needs ``category``, ``opened_at``, ``closed_at``, ``due_on``. Added are

    - ``left``: days until the day due, below zero past it (missing: no limit, or it stands still),
    - ``unit``: ``working_day`` or ``day``, as the limit is set; ``day`` where only the record names a day due,
    - ``stopped``: the file lies with the claimant, for which the limit waits (`intake.derive`).
    """
    zone = jurisdiction.timezone
    opened, closed = (
        np.array([None if pd.isna(at) else at.astimezone(zone).date() for at in cases[name]], dtype="datetime64[D]")
        for name in ("opened_at", "closed_at")
    )
    due = np.array([None if pd.isna(day) else day for day in cases["due_on"]], dtype="datetime64[D]")
    waits = np.zeros(len(cases), dtype=np.bool_)
    if "returned_at" in cases:
        waits = (cases["returned_at"].notna() & cases["resubmitted_at"].isna()).to_numpy()
    found = standings(cases["category"].to_numpy(), opened, closed, due, waits, subject, jurisdiction, today)
    left = found.left.astype(object)
    left[~found.has_day] = None
    columns = {"left": left, "unit": np.where(found.in_working_days, "working_day", "day"), "stopped": found.stopped}
    return pd.concat([cases, pd.DataFrame(columns, index=cases.index, dtype=object)], axis=1)


@dataclass(frozen=True)
class Standings:
    """How cases stand against their limits, an array of each: ``left`` says nothing where not ``has_day``."""

    left: npt.NDArray[np.int64]
    has_day: Flags
    in_working_days: Flags
    stopped: Flags


def standings(
    category: npt.NDArray[Any],
    opened: Days,
    closed: Days,
    due: Days,
    waits: Flags,
    subject: str,
    jurisdiction: Jurisdiction,
    today: date,
) -> Standings:
    """`against` for columns: days are local, NaT where there is none; ``waits``: returned and not come back."""
    limited, working = _limits(category, opened, subject, jurisdiction)
    is_open, has_day = np.isnat(closed), ~np.isnat(due)
    if subject in UNLIMITED:
        has_day = np.zeros_like(has_day)
    day = np.where(is_open, np.datetime64(today, "D"), closed)
    until = np.where(has_day, due, day)
    # Working days are known of some years only, and a record may name any day as its due one.
    known = [np.clip(days, np.datetime64(FIRST, "D"), np.datetime64(LAST, "D")) for days in (day, until)]
    worked = jurisdiction.workdays.between_many(known[0], known[1])
    left = np.where(working, worked, (until - day).astype(np.int64))
    stopped = waits & is_open & np.isnat(due) & limited & (subject not in UNLIMITED)
    return Standings(left, has_day, working, stopped)


def _limits(category: npt.NDArray[Any], opened: Days, subject: str, jurisdiction: Jurisdiction) -> tuple[Flags, Flags]:
    """Whether cases are under a limit, and whether it is in working days: looked up once a category and day."""
    codes, names = pd.factorize(category)
    number = opened.astype(np.int64)
    both, places = np.unique(number * (len(names) + 1) + codes, return_inverse=True)
    limits = [
        limit_of(subject, str(names[code]), np.datetime64(int(day), "D").item(), jurisdiction)
        for day, code in zip(*np.divmod(both, len(names) + 1), strict=True)
    ]
    limited = np.array([limit is not None for limit in limits], dtype=np.bool_)
    working = np.array([limit is not None and limit.unit != "day" for limit in limits], dtype=np.bool_)
    return limited[places], working[places]
