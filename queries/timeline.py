"""A case's course: every step it has passed, in the order of time, with the days between them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

import pandas as pd

from dashboard.claims.flows import FLOWS
from dashboard.claims.subjects import SUBJECTS
from dashboard.jurisdictions import Jurisdiction


@dataclass(frozen=True)
class Step:
    """A step of a case: the column that holds it, its day, its moment where that is known, and the days since the step
    before (``None`` for the first).
    """

    column: str
    day: date
    at: datetime | None
    after: int | None


def columns(subject: str) -> tuple[str, ...]:
    """The columns of a subject's steps, in the order in which the law has them: its milestones, and what its turns
    wait for.
    """
    flow = FLOWS[subject]
    known = [milestone.at for milestone in flow.milestones]
    known += [turn.until for turn in flow.turns if turn.until]
    known += [milestone.since for milestone in flow.milestones if milestone.since]
    fields = [field.column for field in SUBJECTS[subject].columns]
    return tuple(sorted(set(known), key=fields.index))


def timeline(case: pd.Series[Any], subject: str, jurisdiction: Jurisdiction) -> list[Step]:
    """The steps that a case (`cases.case`) has passed. A day without a time comes before the moments of that day."""
    passed: list[tuple[date, datetime | None, str]] = []
    for column in columns(subject):
        value = case[column]
        if pd.isna(value):
            continue
        if isinstance(value, datetime):
            local = value.astimezone(jurisdiction.timezone)
            passed.append((local.date(), local, column))
        else:
            passed.append((value, None, column))
    passed.sort(key=_place)
    days = [day for day, _, _ in passed]
    between = [None, *((later - earlier).days for earlier, later in pairwise(days))]
    return [Step(column, day, at, after) for (day, at, column), after in zip(passed, between, strict=True)]


def _place(step: tuple[date, datetime | None, str]) -> tuple[date, float, bool]:
    """Of steps at one moment, that of closing is the last."""
    day, at, column = step
    return day, at.timestamp() if at else float("-inf"), column == "closed_at"
