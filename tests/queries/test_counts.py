"""Counting by time: months are those of the official calendar, wherever a window begins and ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from dashboard.claims.database import Database
from dashboard.claims.flows import CLOSED, OPENED
from dashboard.filters import Filters, Window
from dashboard.scope import NATION, Scope
from dashboard.text.calendars import calendar_named
from queries.bins import by_bin, over_time, stock_by_bin
from queries.counts import backlog, counts
from tests.queries.facts import TODAY

SPANS = [(0, 10), (5, 20), (20, 25), (25, 33), (40, 65), (3, 400)]
"""Days before today at which a window ends, and how many it has: within a month, over an edge, whole months."""


@pytest.mark.parametrize("scope", [NATION, Scope(("IR-23", "IR-07"))], ids=["nation", "two provinces"])
@pytest.mark.parametrize("span", SPANS)
def test_by_month_is_by_day_summed_up(
    demo_claims: Callable[[str], Database], span: tuple[int, int], scope: Scope
) -> None:
    db = demo_claims("ir")
    end = TODAY - timedelta(days=span[0])
    window = Window(end - timedelta(days=span[1] - 1), end)
    asked = (db, Filters(TODAY, "jalali"), scope, "registrations", (OPENED, CLOSED), window)
    calendar = calendar_named("jalali")
    by_day = counts(*asked, ("day", "outcome"))
    by_day["month"] = [max(calendar.month_start(day), window.start) for day in by_day["day"]]
    expected = by_day.groupby(["milestone", "month", "outcome"])["n"].sum()
    by_month = counts(*asked, ("month", "outcome")).set_index(["milestone", "month", "outcome"])["n"].sort_index()
    assert len(expected)
    assert by_month.to_dict() == expected.to_dict()


@pytest.mark.parametrize("calendar", ["jalali", "gregorian"])
@pytest.mark.parametrize("step", ["day", "week", "month", "quarter", "year"])
@pytest.mark.parametrize("span", SPANS)
def test_bins_hold_the_cases_of_their_days(
    demo_claims: Callable[[str], Database], span: tuple[int, int], step: str, calendar: str
) -> None:
    db = demo_claims("ir")
    end = TODAY - timedelta(days=span[0])
    window = Window(end - timedelta(days=span[1] - 1), end)
    filters = Filters(TODAY, calendar, "custom", window.start, window.end, chosen_step=step, official="jalali")
    found = over_time(db, filters, NATION, "registrations", (OPENED,), window)
    course = by_bin(found.groupby("day")["n"].sum(), window, filters, db)
    by_day = counts(db, filters, NATION, "registrations", (OPENED,), window, ("day",)).set_index("day")["n"]
    expected = dict.fromkeys(
        (filters.cut_by.bin_start(window.start + timedelta(days=n), step, db.jurisdiction.week_start))
        for n in range(window.days)
    )
    for start in expected:
        inside = [filters.cut_by.bin_start(day, step, db.jurisdiction.week_start) == start for day in by_day.index]
        expected[start] = int(by_day[inside].sum())
    assert list(course.index) == [max(start, window.start) for start in expected]
    assert course.tolist() == list(expected.values())

    stock = stock_by_bin(db, filters, NATION, "registrations", window)
    ends = [*(start - timedelta(days=1) for start in stock.index[1:]), window.end]
    levels = [int(backlog(db, filters, NATION, "registrations", day)["n"].iloc[0]) for day in ends[-3:]]
    assert stock.tolist()[-3:] == levels
