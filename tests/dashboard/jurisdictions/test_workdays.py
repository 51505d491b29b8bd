"""Working days: week-ends, holidays, days worked in exchange, exceptions by province, single and in arrays."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.jurisdictions import WorkCalendar, WorkdayException, load

IRAN, VIETNAM = load("ir").workdays, load("vn").workdays
DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))


def _month(first: date, days: int, calendar: WorkCalendar) -> list[date]:
    every = (first + timedelta(days=n) for n in range(days))
    return [day for day in every if calendar.is_working(day)]


def test_friday_is_off_in_iran_and_thursday_and_sunday_are_not():
    assert not IRAN.is_working(date(2025, 10, 17))
    assert IRAN.is_working(date(2025, 10, 16))
    assert IRAN.is_working(date(2025, 10, 19))


def test_saturday_and_sunday_are_off_in_vietnam():
    assert [VIETNAM.is_working(date(2025, 10, day)) for day in (17, 18, 19, 20)] == [True, False, False, True]


def test_nowruz():
    # From 29 Esfand 1403 to 13 Farvardin 1404, a leap year that ends on 30 Esfand.
    first_days = _month(date(2025, 3, 17), 18, IRAN)
    assert first_days == [
        date(2025, 3, 17),
        date(2025, 3, 18),
        *(date(2025, 3, day) for day in (25, 26, 27, 29, 30)),
        date(2025, 4, 3),
    ]
    assert IRAN.holiday_name(date(2025, 3, 21), "en") == "Nowruz"
    assert IRAN.holiday_name(date(2025, 3, 21), "fa") == "جشن نوروز"
    assert IRAN.holiday_name(date(2025, 3, 21), "vi") == "Tết Nowruz"


@pytest.mark.parametrize("last", [date(2021, 3, 20), date(2025, 3, 20)], ids=["1399", "1403"])
def test_a_leap_year_ends_on_30_esfand_which_is_off(last: date):
    assert not IRAN.is_working(last)
    assert IRAN.holiday_name(last, "fa") == "آخرین روز سال"
    assert IRAN.add(last - timedelta(days=2), 1) > last


def test_a_common_year_ends_on_29_esfand():
    assert IRAN.holiday_name(date(2024, 3, 19), "en") == "Iranian Oil Industry Nationalization Day"
    assert IRAN.holiday_name(date(2024, 3, 20), "en") == "Nowruz"


def test_tet():
    assert _month(date(2026, 2, 13), 11, VIETNAM) == [date(2026, 2, 13), date(2026, 2, 23)]
    assert VIETNAM.holiday_name(date(2026, 2, 17), "vi") == "Tết Nguyên Đán"
    assert VIETNAM.holiday_name(date(2026, 2, 17), "fa") == "سال نو قمری (تت)"


def test_a_saturday_worked_in_exchange_is_a_working_day():
    assert VIETNAM.is_working(date(2025, 4, 26))
    assert not VIETNAM.is_working(date(2025, 5, 2))
    assert VIETNAM.holiday_name(date(2025, 5, 2), "fa") == "روز تعطیل جایگزین"


def test_twenty_working_days_across_tet():
    assert VIETNAM.add(date(2026, 2, 2), 20) == date(2026, 3, 9)


def test_adding_nothing_stays_or_goes_to_the_next_working_day():
    assert VIETNAM.add(date(2025, 10, 17), 0) == date(2025, 10, 17)
    assert VIETNAM.add(date(2025, 10, 18), 0) == date(2025, 10, 20)


def test_from_a_day_off_the_first_working_day_counts_one():
    assert VIETNAM.add(date(2025, 10, 18), 1) == date(2025, 10, 20)
    assert VIETNAM.add(date(2025, 10, 19), -1) == date(2025, 10, 17)


def test_between_counts_after_the_first_up_to_and_with_the_second():
    assert VIETNAM.between(date(2025, 10, 17), date(2025, 10, 20)) == 1
    assert VIETNAM.between(date(2025, 10, 20), date(2025, 10, 20)) == 0
    assert VIETNAM.between(date(2025, 10, 20), date(2025, 10, 17)) == -1


@given(DAYS, st.integers(1, 60))
def test_add_and_between_agree(day: date, n: int):
    for calendar in (IRAN, VIETNAM):
        due = calendar.add(day, n)
        assert calendar.is_working(due)
        assert calendar.between(day, due) == n
        assert sum(calendar.is_working(day + timedelta(days=k)) for k in range(1, (due - day).days + 1)) == n


@given(st.lists(st.tuples(DAYS, st.integers(-30, 30)), min_size=1, max_size=20))
def test_arrays_answer_as_single_days_do(asked: list[tuple[date, int]]):
    days = np.array([day for day, _ in asked], dtype="datetime64[D]")
    n = np.array([count for _, count in asked])
    added = IRAN.add_many(days, n)
    assert added.dtype == np.dtype("datetime64[D]")
    assert added.tolist() == [IRAN.add(day, count) for day, count in asked]
    between = IRAN.between_many(days, added).tolist()
    assert between == [IRAN.between(day, end) for day, end in zip(days.tolist(), added.tolist(), strict=True)]


def test_a_missing_day_stays_missing():
    days = np.array(["2025-10-17", "NaT"], dtype="datetime64[D]")
    assert np.isnat(VIETNAM.add_many(days, 5)).tolist() == [False, True]


def test_days_out_of_reach_are_an_error():
    with pytest.raises(ValueError, match="1990-01-01"):
        IRAN.is_working(date(1989, 12, 31))
    with pytest.raises(ValueError, match="2100-12-31"):
        IRAN.add(date(2100, 12, 30), 20)
    with pytest.raises(ValueError, match="known from"):
        IRAN.between_many(np.array(["NaT"], dtype="datetime64[D]"), np.array(["2025-01-01"], dtype="datetime64[D]"))


def test_exceptions_by_day_by_weekday_and_by_province():
    thursdays = WorkdayException(date(2025, 6, 1), date(2025, 8, 31), working=False, weekday=3, province="IR-06")
    heat = WorkdayException(
        date(2025, 7, 23), date(2025, 7, 23), working=False, names={"en": "Heat", "fa": "گرما", "vi": "Nắng nóng"}
    )
    worked = WorkdayException(
        date(2025, 3, 20), date(2025, 3, 20), working=True, names={"en": "x", "fa": "x", "vi": "x"}
    )
    calendar = WorkCalendar("IR", (4,), (thursdays, heat, worked))
    thursday = date(2025, 7, 17)
    assert calendar.is_working(thursday)
    assert not calendar.is_working(thursday, "IR-06")
    assert calendar.is_working(thursday, "IR-23")
    assert calendar.is_working(date(2025, 9, 4), "IR-06")
    assert calendar.add(date(2025, 7, 16), 1, "IR-06") == date(2025, 7, 19)
    assert not calendar.is_working(date(2025, 7, 23))
    assert calendar.holiday_name(date(2025, 7, 23), "vi") == "Nắng nóng"
    assert calendar.is_working(date(2025, 3, 20))
    assert calendar.holiday_name(date(2025, 3, 20), "en") is None


def test_without_public_holidays_only_the_week_end_is_off():
    calendar = WorkCalendar("", (6,))
    assert calendar.is_working(date(2025, 1, 1))
    assert not calendar.is_working(date(2025, 1, 5))
    assert calendar.holiday_name(date(2025, 1, 1), "en") is None
