"""The rule of departures on numbers made by hand, and its answers against the facts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from statistics import mean, stdev

import numpy as np
import pytest

from dashboard.claims.database import Database
from dashboard.filters import Filters, Window
from dashboard.scope import NATION
from queries import departures
from queries.departures import judge
from tests.queries.facts import TODAY, facts, months_of, within

Claims = Callable[[str], Database]
EIGHT = [100] * 8
WORKED = [5] * 9


def one(counted: list[int], worked: list[int]) -> departures.Departure | None:
    return judge(np.array([counted]), worked)[0]


def test_a_quiet_holiday_is_no_alarm() -> None:
    quiet = one([*EIGHT, 60], [*WORKED[:8], 3])
    assert quiet is not None
    assert quiet.expected == pytest.approx(60)
    assert not quiet.outside
    same = one([*EIGHT, 60], WORKED)
    assert same is not None
    assert same.outside, "as few in a week worked in full are an alarm"


def test_a_holiday_before_does_not_lower_what_is_expected() -> None:
    after = one([100] * 7 + [60, 100], [*[5] * 7, 3, 5])
    assert after is not None
    assert after.expected == pytest.approx(100)


def test_chance_is_no_alarm() -> None:
    """Of 100 expected, chance varies by 10: 130 is three of that, 131 more."""
    assert [bool(found and found.outside) for found in (one([*EIGHT, 130], WORKED), one([*EIGHT, 131], WORKED))] == [
        False,
        True,
    ]


def test_what_varies_anyway_is_no_alarm() -> None:
    restless = one([60, 140, 60, 140, 60, 140, 60, 140, 180], WORKED)
    assert restless is not None
    assert restless.deviation == pytest.approx(stdev([60, 140] * 4))
    assert not restless.outside


def test_nothing_is_said_of_few_cases_or_few_working_days() -> None:
    assert one([29] * 8 + [90], WORKED) is None
    assert one([*EIGHT, 500], [*WORKED[:8], 2]) is None
    assert one([*EIGHT, 500], [*[2] * 5, *[5] * 4]) is None


@pytest.fixture
def least(monkeypatch: pytest.MonkeyPatch) -> float:
    """The small demo has few cases of each: so many are enough to be judged here."""
    monkeypatch.setattr(departures, "LEAST_EXPECTED", 0.2)
    return 0.2


@pytest.mark.parametrize("jurisdiction", ["ir", "vn"])
def test_provinces(demo_claims: Claims, jurisdiction: str, least: float) -> None:
    db = demo_claims(jurisdiction)
    filters = Filters(TODAY, db.jurisdiction.calendar)
    cases = facts(db, "registrations", filters, NATION)
    workdays = db.jurisdiction.workdays
    weeks = [[TODAY - timedelta(days=63 - 7 * week - day) for day in range(7)] for week in range(9)]
    worked = [sum(workdays.is_working(day) for day in week) for week in weeks]
    outside, judged = {}, 0
    for province, mine in cases.groupby("province"):
        counted = [int(mine["opened"].isin(week).sum()) for week in weeks]
        rates = [n / days for n, days in zip(counted[:-1], worked[:-1], strict=True) if days >= 3]
        expected = mean(rates) * worked[-1]
        if worked[-1] < 3 or expected < least:
            continue
        judged += 1
        deviation = max(stdev(rates) * worked[-1], expected**0.5)
        if abs(counted[-1] - expected) > 3 * deviation:
            outside[province] = (counted[-1], pytest.approx(counted[-1] / expected - 1))
    answer = departures.provinces(db, filters, NATION)
    assert judged > 0
    assert {row.province: (row.registered, row.change) for row in answer.itertuples()} == outside
    assert (
        answer.attrs["observed"] == cases.loc[within(cases["opened"], weeks[0][0], weeks[-1][-1]), "province"].nunique()
    )
    assert answer.attrs["span"] == [(TODAY - timedelta(days=back)).isoformat() for back in (7, 1)]


@pytest.mark.parametrize("jurisdiction", ["ir", "vn"])
def test_sectors(demo_claims: Claims, jurisdiction: str, least: float) -> None:
    db = demo_claims(jurisdiction)
    filters = Filters(TODAY, db.jurisdiction.calendar)
    cases = facts(db, "registrations", filters, NATION)
    months, day = [], TODAY
    for _ in range(9):
        day = months_of(db, Window(day, day)).start - timedelta(days=1)
        months.insert(0, months_of(db, Window(day, day)))
    worked = [
        sum(db.jurisdiction.workdays.is_working(month.start + timedelta(n)) for n in range(month.days))
        for month in months
    ]
    outside, judged = {}, 0
    for sector, mine in cases.groupby("sector"):
        counted = [int(within(mine["opened"], month.start, month.end).sum()) for month in months]
        rates = [n / days for n, days in zip(counted[:-1], worked[:-1], strict=True)]
        expected = mean(rates) * worked[-1]
        if expected < least:
            continue
        judged += 1
        if abs(counted[-1] - expected) > 3 * max(stdev(rates) * worked[-1], expected**0.5):
            outside[sector] = counted[-1]
    answer = departures.sectors(db, filters, NATION)
    assert judged > 0
    assert dict(zip(answer["sector"], answer["registered"], strict=True)) == outside
    assert (
        answer.attrs["observed"]
        == cases.loc[within(cases["opened"], months[0].start, months[-1].end), "sector"].nunique()
    )
