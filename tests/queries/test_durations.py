"""Durations out of their histograms, against every case's own days."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

import pandas as pd
import pytest

from dashboard.claims.cubes import AGE_EDGES
from dashboard.claims.database import Database
from dashboard.filters import Filters
from dashboard.scope import NATION, Scope
from dashboard.text.calendars import calendar_named
from queries import durations
from tests.queries.facts import CASES, TODAY, facts, question, within

Claims = Callable[[str], Database]
STEPS = {"conciliation": "conciliation_at", "ruling": "ruling_at", "closed": "closed_at"}


def days_to(db: Database, filters: Filters, scope: Scope, column: str) -> pd.DataFrame:
    """Days from filing to a moment, with the official month of that moment."""
    frame = facts(db, "disputes", filters, scope)
    frame = frame[frame[column].notna()]
    at = pd.to_datetime(frame[column], utc=True).dt.tz_convert(db.jurisdiction.timezone).dt.date
    calendar = calendar_named(db.jurisdiction.calendar)
    days = [max((day - opened).days, 0) for day, opened in zip(at, frame["opened"], strict=True)]
    return frame.assign(days=days, month=[calendar.month_start(day) for day in at])


def bin_of(days: float) -> int:
    return max(edge for edge in AGE_EDGES if edge <= days)


@pytest.mark.parametrize(("jurisdiction", "seed"), CASES)
def test_percentiles_lie_in_the_bin_of_the_case_at_their_place(
    demo_claims: Claims, jurisdiction: str, seed: int
) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = question(db, seed, channels=())
    answer = durations.percentiles(db, filters, scope, "disputes", STEPS, filters.window, shares=(0.5, 0.9))
    answer = answer.set_index("milestone")
    months = durations.whole_months(db, filters.window)
    assert months.start <= filters.window.start <= filters.window.end <= months.end
    for milestone, column in STEPS.items():
        cases = days_to(db, filters, scope, column)
        cases = cases[within(cases["month"], months.start, months.end)]
        days = sorted(cases["days"])
        if not days:
            assert milestone not in answer.index
            continue
        assert answer.loc[milestone, "n"] == len(days)
        for share in (0.5, 0.9):
            told = answer.loc[milestone, f"p{round(share * 100)}"]
            exact = days[ceil(share * len(days)) - 1]
            assert bin_of(told) == bin_of(exact)
            assert exact > 7 or told == exact


def test_a_histogram_is_told_apart_by_month_and_restricted(demo_claims: Claims) -> None:
    db = demo_claims("ir")
    filters = Filters(TODAY, "jalali", "year")
    only = {"category": ("individual",)}
    answer = durations.histogram(db, filters, NATION, "disputes", ("closed",), filters.window, ("month",), only)
    cases = days_to(db, filters, NATION, "closed_at")
    cases = cases[(cases["category"] == "individual") & (cases["month"] >= filters.window.start)]
    counted = cases.groupby(["month", cases["days"].map(bin_of)]).size()
    assert answer.set_index(["month", "age"])["n"].to_dict() == counted.to_dict()


def test_cases_beyond_a_day_are_counted_exactly_or_not_at_all() -> None:
    cells = pd.DataFrame({"age": [0, 7, 8, 15, 31], "n": [1, 2, 4, 8, 16]})
    assert durations.beyond(cells, 7) == 4 + 8 + 16
    assert durations.beyond(cells, 30) == 16
    assert durations.beyond(cells, 28) is None


def test_a_wide_bin_is_taken_to_be_evenly_filled() -> None:
    cells = pd.DataFrame({"age": [22], "n": [4]})
    assert [durations.percentile(cells, share) for share in (0.25, 0.5, 0.75, 1.0)] == [22, 23, 24, 25]
    assert durations.percentile(pd.DataFrame({"age": [3, 1096], "n": [1, 1]}), 1.0) == 1096
