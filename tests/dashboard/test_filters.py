"""The question of a page: its days in both calendars, the way through an address, and what a panel heeds of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.filters import COMPARISONS, HEEDED, NAMES, PERIODS, STEPS, SUBJECTS, BadFilter, Filters, Window
from dashboard.panel import Column, Panel
from dashboard.text.calendars import calendar_named

TODAY = date(2026, 11, 22)
FULL = Filters(
    TODAY,
    "gregorian",
    period="quarter",
    provinces=("IR-23",),
    channels=("online",),
    compare="year",
    offices=("IR-23-01",),
    categories=("individual",),
    trait="sector:construction",
    chosen_step="week",
    subject="disputes",
    official="jalali",
)


def nothing(*_: object) -> pd.DataFrame:
    return pd.DataFrame()


def panel(answers: frozenset[str], subject: str = "disputes", column: str = "bin") -> Panel:
    return Panel("any", nothing, (Column(column),), ("opened",), answers=answers, subject=subject)


@pytest.mark.parametrize(
    ("calendar", "period", "start", "before"),
    [
        ("gregorian", "90d", date(2026, 8, 25), date(2026, 5, 27)),
        ("gregorian", "month", date(2026, 11, 1), date(2026, 10, 1)),
        ("jalali", "month", date(2026, 11, 22), date(2026, 10, 23)),
        ("gregorian", "quarter", date(2026, 10, 1), date(2026, 7, 1)),
        ("jalali", "quarter", date(2026, 9, 23), date(2026, 6, 22)),
        ("gregorian", "year", date(2026, 1, 1), date(2025, 1, 1)),
        ("jalali", "year", date(2026, 3, 21), date(2025, 3, 21)),
        ("gregorian", "12m", date(2025, 11, 23), date(2024, 11, 23)),
        ("jalali", "12m", date(2025, 11, 23), date(2024, 11, 22)),
    ],
)
def test_periods_are_those_of_the_readers_calendar(calendar: str, period: str, start: date, before: date) -> None:
    filters = Filters(TODAY, calendar, period=period)
    assert filters.window == Window(start, TODAY)
    assert filters.compared is not None
    assert filters.compared.start == before
    assert filters.compared.end < start


def test_the_last_twelve_months_end_on_the_last_day_of_esfand_in_a_leap_year() -> None:
    leap_day = date(2025, 3, 20)  # 30 Esfand 1403
    filters = Filters(leap_day, "jalali", period="12m")
    assert filters.window == Window(date(2024, 3, 20), leap_day)
    assert filters.compared is not None
    assert filters.compared.end < filters.window.start


@given(
    st.sampled_from(["jalali", "gregorian"]),
    st.sampled_from(["jalali", "gregorian"]),
    st.dates(date(2015, 1, 1), TODAY),
    st.integers(0, 900),
    st.sampled_from(COMPARISONS),
)
def test_traits_are_asked_about_in_whole_months(
    calendar: str, official: str, end: date, days: int, compare: str
) -> None:
    start = end - timedelta(days=days)
    filters = Filters(
        TODAY, calendar, period="custom", start=start, end=end, compare=compare, trait="sex:female", official=official
    )
    months, window = calendar_named(official), filters.window
    assert window.start == months.month_start(start)
    assert window.end == min(months.next_month(end) - timedelta(days=1), TODAY)
    assert filters.step in ("month", "quarter", "year")
    if filters.compared is not None:
        after = filters.compared.end + timedelta(days=1)
        assert months.month_start(filters.compared.start) == filters.compared.start
        assert months.month_start(after) == after
        assert compare == "year" or after == window.start
        assert len(months.bins(filters.compared.start, filters.compared.end, "month")) == filters.months
    runs = months.month_start(window.end + timedelta(days=1)) != window.end + timedelta(days=1)
    assert (filters.compared is None) == (compare == "none" or runs)


def test_offices_are_asked_about_in_days_as_long_as_these_are_remembered() -> None:
    near = replace(FULL, trait="", period="30d", compare="previous")
    assert not near.whole_months
    assert replace(near, compare="year").whole_months
    assert replace(near, period="90d").whole_months
    assert replace(near, compare="year", offices=()).window == near.window


@pytest.mark.parametrize("days", [1, 30, 92, 93, 400, 401, 2000])
def test_a_step_that_is_chosen_is_taken_and_one_too_fine_refused(days: int) -> None:
    query = {"period": "custom", "from": (TODAY - timedelta(days=days - 1)).isoformat(), "to": TODAY.isoformat()}
    usual = Filters.from_query(query, TODAY, "gregorian").step
    assert usual == ("hour" if days == 1 else "day" if days <= 92 else "week" if days <= 400 else "month")
    for step in STEPS:
        fine = (step == "hour" and days > 1) or (step == "day" and days > 400)
        if fine:
            with pytest.raises(BadFilter, match="too fine"):
                Filters.from_query({**query, "step": step}, TODAY, "gregorian")
        else:
            assert Filters.from_query({**query, "step": step}, TODAY, "gregorian").step == step


def test_offices_are_those_of_one_province() -> None:
    for provinces in ({}, {"province": "IR-07,IR-23"}):
        with pytest.raises(BadFilter, match="one province"):
            Filters.from_query({**provinces, "office": "IR-23-01"}, TODAY, "gregorian")


@given(
    st.sampled_from([period for period in PERIODS if period not in ("custom", "today")]),
    st.sampled_from(COMPARISONS),
    st.sampled_from(SUBJECTS),
    st.lists(st.sampled_from(["a", "b"]), unique=True),
    st.booleans(),
    st.sampled_from(["", "day", "quarter"]),
)
def test_an_address_says_all_of_a_question(
    period: str, compare: str, subject: str, codes: list[str], one: bool, step: str
) -> None:
    several = tuple(sorted(codes))
    filters = Filters(
        TODAY,
        "jalali",
        period=period,
        compare=compare,
        subject=subject,
        provinces=("IR-23",) if one else (),
        offices=several if one else (),
        channels=several,
        categories=several,
        trait="sex:male" if one else "",
        chosen_step=step,
    )
    assert Filters.from_query(filters.to_query(), TODAY, "jalali") == filters


def test_a_panel_sees_what_it_heeds_and_nothing_else() -> None:
    heeded = panel(frozenset({"province"})).heeded(FULL)
    assert heeded.provinces == ("IR-23",)
    assert (heeded.offices, heeded.channels, heeded.categories, heeded.trait, heeded.chosen_step) == (
        (),
        (),
        (),
        "",
        "",
    )
    assert (heeded.period, heeded.compared) == ("30d", None)
    assert panel(frozenset(NAMES)).heeded(replace(FULL, trait="", offices=())).channels == ("online",)


def test_every_filter_that_is_set_is_either_heeded_or_named() -> None:
    for answers in (frozenset[str](), HEEDED, frozenset(NAMES), frozenset({"office", "trait"})):
        for subject in ("disputes", "registrations", ""):
            of = panel(answers, subject)
            heeded = {name for name in of.heeded(FULL).chosen if name != "compare" or "compare" in answers}
            assert heeded.isdisjoint(of.unheeded(FULL))
            assert heeded | set(of.unheeded(FULL)) == set(FULL.chosen)


def test_what_is_not_counted_together_is_heeded_one_at_a_time() -> None:
    of = panel(frozenset(NAMES))
    assert of.unheeded(FULL) == ("office", "channel")
    assert of.unheeded(replace(FULL, trait="")) == ("channel",)
    assert of.unheeded(replace(FULL, trait="", offices=())) == ()
    assert panel(HEEDED | {"office"}).unheeded(FULL) == ("channel", "category", "trait", "step")


def test_categories_and_traits_mean_something_only_for_their_subject() -> None:
    of = panel(frozenset(NAMES), "procedures")
    assert "category" in of.unheeded(FULL)
    assert "trait" not in of.unheeded(FULL), "sectors are the same everywhere"
    assert "trait" in panel(frozenset(NAMES), "disputes").unheeded(replace(FULL, trait="sex:female"))


def test_a_step_concerns_only_what_has_an_axis_of_time() -> None:
    assert "step" in panel(HEEDED).unheeded(FULL)
    assert "step" not in panel(HEEDED, column="province").unheeded(FULL)


def test_the_subject_chosen_is_no_part_of_a_question_about_another() -> None:
    of = panel(frozenset(NAMES), "procedures")
    assert of.heeded(replace(FULL, categories=())) == of.heeded(replace(FULL, categories=(), subject="registrations"))
    assert panel(HEEDED, "").heeded(FULL).subject == "disputes"
