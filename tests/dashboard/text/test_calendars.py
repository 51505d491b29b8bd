from __future__ import annotations

from datetime import date, timedelta

import jdatetime
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.text.calendars import Calendar, calendar_named

JALALI, GREGORIAN = calendar_named("jalali"), calendar_named("gregorian")
DAYS = st.dates(date(1850, 1, 1), date(2200, 12, 31))
CALENDARS = st.sampled_from([JALALI, GREGORIAN])
STEPS = ("day", "week", "month", "quarter", "year")


@given(DAYS)
def test_jalali_days_are_those_of_the_official_rule(day: date) -> None:
    expected = jdatetime.date.fromgregorian(date=day)
    assert JALALI.parts(day) == (expected.year, expected.month, expected.day)


@given(CALENDARS, DAYS)
def test_a_day_survives_its_parts(calendar: Calendar, day: date) -> None:
    assert calendar.from_parts(*calendar.parts(day)) == day


@pytest.mark.parametrize(
    ("parts", "day"),
    [
        ((1399, 1, 1), date(2020, 3, 20)),
        ((1403, 12, 30), date(2025, 3, 20)),
        ((1404, 1, 1), date(2025, 3, 21)),
        ((1405, 9, 1), date(2026, 11, 22)),
    ],
)
def test_known_jalali_days(parts: tuple[int, int, int], day: date) -> None:
    assert JALALI.from_parts(*parts) == day


def test_leap_years() -> None:
    assert [year for year in range(1395, 1413) if JALALI.is_leap(year)] == [1395, 1399, 1403, 1408, 1412]
    assert [year for year in (1900, 2000, 2023, 2024) if GREGORIAN.is_leap(year)] == [2000, 2024]


@pytest.mark.parametrize(
    "parts", [(1404, 12, 30), (1404, 7, 31), (1404, 13, 1), (1404, 0, 1), (1404, 1, 0), (900, 1, 1)]
)
def test_days_that_do_not_exist_are_refused(parts: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="Jalali"):
        JALALI.from_parts(*parts)


def test_days_outside_the_table_are_refused() -> None:
    with pytest.raises(ValueError, match="outside the Jalali years"):
        JALALI.parts(date(1700, 1, 1))


@given(CALENDARS, DAYS, st.integers(-600, 600))
def test_months_added_keep_the_day_or_clip_it(calendar: Calendar, day: date, months: int) -> None:
    if not date(1830, 1, 1) < day + timedelta(days=31 * months) < date(2220, 1, 1):
        return
    year, month, number = calendar.parts(day)
    later = calendar.parts(calendar.add_months(day, months))
    assert later[0] * 12 + later[1] == year * 12 + month + months
    assert later[2] == min(number, calendar.month_length(later[0], later[1]))


@given(CALENDARS, DAYS)
def test_starts_of_month_and_year(calendar: Calendar, day: date) -> None:
    year, month, _ = calendar.parts(day)
    assert calendar.parts(calendar.month_start(day)) == (year, month, 1)
    assert calendar.parts(calendar.year_start(day)) == (year, 1, 1)
    assert calendar.parts(calendar.next_month(day))[1:] == (month % 12 + 1, 1)
    assert (calendar.next_month(day) - calendar.month_start(day)).days == calendar.month_length(year, month)


def test_weeks_begin_where_the_country_begins_them() -> None:
    sunday = date(2026, 11, 22)
    assert JALALI.week_start(sunday, 5) == date(2026, 11, 21)
    assert GREGORIAN.week_start(sunday, 0) == date(2026, 11, 16)


@given(CALENDARS, DAYS, st.integers(0, 500), st.sampled_from(STEPS), st.integers(0, 6))
def test_bins_cover_every_day_once(calendar: Calendar, start: date, days: int, step: str, first: int) -> None:
    end = start + timedelta(days=days)
    bins = calendar.bins(start, end, step, first)
    assert bins == sorted(set(bins))
    assert {calendar.bin_start(start + timedelta(days=n), step, first) for n in range(days + 1)} == set(bins)


def test_an_unknown_step_is_refused() -> None:
    with pytest.raises(ValueError, match="decade"):
        JALALI.bin_start(date(2026, 1, 1), "decade")
