"""How a case stands against its limit: the days that are left or over, in the unit in which the limit is set."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from dashboard.jurisdictions import Jurisdiction
from dashboard.jurisdictions.model import Limit
from dashboard.jurisdictions.workdays import FIRST, LAST

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
    told = [_told(row, subject, jurisdiction, today) for row in cases.to_dict("records")]
    columns = pd.DataFrame(told, columns=["left", "unit", "stopped"], index=cases.index, dtype=object)
    return pd.concat([cases, columns], axis=1)


def _told(case: dict[Any, Any], subject: str, jurisdiction: Jurisdiction, today: date) -> tuple[int | None, str, bool]:
    opened = case["opened_at"].astimezone(jurisdiction.timezone).date()
    limit = limit_of(subject, case["category"], opened, jurisdiction)
    unit = limit.unit if limit else "day"
    closed, due = case["closed_at"], case["due_on"]
    if subject in UNLIMITED:
        return None, unit, False
    if pd.isna(due):
        waits = pd.notna(case.get("returned_at")) and pd.isna(case.get("resubmitted_at")) and pd.isna(closed)
        return None, unit, bool(limit and waits)
    day = today if pd.isna(closed) else closed.astimezone(jurisdiction.timezone).date()
    if unit == "day":
        return (due - day).days, unit, False
    return jurisdiction.workdays.between(_known(day), _known(due)), unit, False


def _known(day: date) -> date:
    """The day, or the nearest of which it is known whether it is worked: a record may name any day as its due one."""
    return min(max(day, FIRST), LAST)
