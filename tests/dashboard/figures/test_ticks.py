from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.figures.ticks import bin_title, nice, time_ticks, value_ticks
from dashboard.text import LANGUAGES, text


@given(st.floats(1e-6, 1e9), st.booleans())
def test_value_ticks_reach_over_the_greatest_in_even_steps(most: float, whole: bool) -> None:
    ticks = value_ticks(most, whole)
    assert ticks[0] == 0
    assert ticks[-1] >= most * (1 - 1e-6)
    assert 2 <= len(ticks) <= 6
    assert not whole or all(tick == int(tick) for tick in ticks)


def test_value_ticks_are_round() -> None:
    assert value_ticks(1667) == [0, 500, 1000, 1500, 2000]
    assert value_ticks(3) == [0, 1, 2, 3]
    assert value_ticks(0.87, whole=False) == [0, 0.25, 0.5, 0.75, 1]
    assert value_ticks(0) == value_ticks(float("nan")) == [0, 1]


@pytest.mark.parametrize(("value", "found"), [(0.21, 0.25), (1, 1), (1.01, 2), (26, 50), (5000, 5000)])
def test_nice_numbers(value: float, found: float) -> None:
    assert nice(value) == pytest.approx(found)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(1, 120), st.sampled_from(LANGUAGES))
def test_day_ticks_fit_and_end_with_the_last_day(first: date, count: int, language: str) -> None:
    places, labels = time_ticks([first + timedelta(days=n) for n in range(count)], "day", text(language))
    assert len(places) == len(labels) <= 7
    assert places[-1] == count - 1
    assert sum(len(label.split("<br>")[0]) + 2 for label in labels) <= 60


def test_a_change_of_year_is_told_once() -> None:
    days = [date(2025, 12, 1) + timedelta(days=7 * n) for n in range(12)]
    _, labels = time_ticks(days, "week", text("en"))
    assert [label.partition("<br>")[2] for label in labels if "<br>" in label] == ["2025", "2026"]


def test_no_bins_no_ticks() -> None:
    assert time_ticks([], "day", text("en")) == ([], [])


def test_quarters_and_years_have_names_and_a_part_of_one_its_first_day() -> None:
    english, persian = text("en"), text("fa")
    quarters = [date(2026, 4, 1), date(2026, 7, 1)]
    assert time_ticks(quarters, "quarter", english)[1] == ["Q2", "Q3"]
    assert time_ticks([date(2026, 3, 21)], "quarter", persian)[1] == ["فصل ۱"]
    assert bin_title(date(2026, 3, 21), "quarter", persian) == "فصل ۱ ۱۴۰۵"
    assert bin_title(date(2026, 1, 1), "year", english) == "2026"
    assert time_ticks([date(2025, 1, 1), date(2026, 1, 1)], "year", english)[1] == ["2025", "2026"]
    part = date(2026, 5, 5)
    assert time_ticks([part], "quarter", english)[1] == time_ticks([part], "month", english)[1] == ["5 May"]
    assert bin_title(part, "quarter", english) == bin_title(part, "month", english) == "From 5 May 2026"


def test_months_of_another_calendar_are_called_by_its_names() -> None:
    english, persian = text("en"), text("fa")
    aban = date(2026, 10, 23)
    assert time_ticks([aban], "month", english, "jalali")[1] == ["Aban"]
    assert bin_title(aban, "month", english, "jalali") == "Aban 1405 (23 Oct – 21 Nov 2026)"
    assert bin_title(aban, "month", persian, "jalali") == "آبان ۱۴۰۵"
    assert bin_title(date(2026, 9, 23), "quarter", english, "jalali") == "Q3 1405"
    assert time_ticks([date(2026, 2, 20), date(2026, 3, 21)], "month", english, "jalali")[1] == [
        "Esfand<br>1404",
        "Farvardin<br>1405",
    ]
    assert time_ticks([date(2026, 11, 1)], "month", persian, "gregorian")[1] == ["نوامبر"]
    part = date(2026, 10, 25)
    assert time_ticks([part], "month", english, "jalali")[1] == ["25 Oct"]
    assert time_ticks([aban], "day", english, "jalali")[1] == ["23 Oct"]
