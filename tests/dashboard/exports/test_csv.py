"""Files that spreadsheets open and programs read."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.exports.csv import jalali_day, safe
from dashboard.exports.words import cell, heading, is_number, sentence
from dashboard.filters import SUBJECTS
from dashboard.jurisdictions import load
from dashboard.panel import Column
from dashboard.text import LANGUAGES, text
from dashboard.text.bidi import plain

IRAN = load("ir")


@given(st.text())
def test_no_text_begins_like_a_formula(content: str) -> None:
    assert not safe(content).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert safe(content).removeprefix("'") == content.removeprefix("'")


def test_jalali_days_sort_and_need_no_persian_digits() -> None:
    assert jalali_day(date(2026, 3, 20)) == "1404-12-29"
    assert jalali_day(date(2026, 3, 21)) == "1405-01-01"
    assert jalali_day(None) == ""


@pytest.mark.parametrize(
    ("column", "value", "english"),
    [
        (Column("n"), 1284, "1,284"),
        (Column("n"), 12.44, "12.4"),
        (Column("n"), 1234.4, "1,234"),
        (Column("n"), None, "–"),
        (Column("n"), float("nan"), "–"),
        (Column("x", "share"), 0.838, "83.8\u00a0%"),
        (Column("x", "change"), -0.041, "−4.1\u00a0%"),
        (Column("x", "points"), 0.012, "+1.2 pt"),
        (Column("x", "days"), 34.0, "34 days"),
        (Column("x", "day"), date(2026, 11, 21), "Sat 21 Nov"),
        (Column("x", "day"), 9, "09:00"),
        (Column("x", "moment"), datetime(2026, 11, 21, 11, 0, tzinfo=UTC), "21 Nov 2026, 14:30"),
        (Column("x", "province"), "IR-23", "Tehran"),
        (Column("x", "province"), "IR-99", "IR-99"),
        (Column("x", "text"), "free text", "free text"),
        (Column("x", measure="on_time_rate"), 0.5, "50.0\u00a0%"),
        (Column("category", "category"), "disputes:individual", "Individual dispute"),
        (Column("actor", "text", labels="due.actor"), "social_security", "Social security"),
        (Column("office", "text", codes="offices", labels="due.place"), "none", "Office not stated"),
    ],
)
def test_cells_are_written_as_readers_write_them(column: Column, value: Any, english: str) -> None:
    assert cell(column, value, text("en"), IRAN) == english


def test_a_time_axis_is_named_after_its_step() -> None:
    column = Column("bin", "day")
    assert [heading(column, text("en"), {"step": step}) for step in ("hour", "day", "week", "month")] == [
        "Hour",
        "Day",
        "Week",
        "Month",
    ]


@pytest.mark.parametrize(
    ("language", "step", "calendar", "day", "written"),
    [
        ("en", "day", "", date(2026, 11, 21), "Sat 21 Nov"),
        ("en", "week", "", date(2026, 11, 21), "Week of 21 Nov 2026"),
        ("en", "month", "gregorian", date(2026, 11, 1), "November 2026"),
        ("en", "month", "jalali", date(2026, 10, 23), "Aban 1405 (23 Oct – 21 Nov 2026)"),
        ("fa", "month", "jalali", date(2026, 10, 23), "آبان ۱۴۰۵"),
        ("en", "year", "gregorian", date(2026, 1, 1), "2026"),
    ],
)
def test_a_bin_is_called_as_its_figure_calls_it(
    language: str, step: str, calendar: str, day: date, written: str
) -> None:
    attrs = {"step": step, "calendar": calendar}
    assert plain(cell(Column("bin", "day"), day, text(language), IRAN, attrs)) == written


def test_numbers_are_told_from_words() -> None:
    assert is_number(Column("n"))
    assert is_number(Column("n", measure="on_time_rate"))
    assert not is_number(Column("p", "province"))
    assert not is_number(Column("r", "reasons", measure="attention"))


REASONS: list[dict[str, Any]] = [
    {"code": "feed_silent", "values": {"hours": 30}},
    {"code": "feed_silent", "values": {"hours": 300}},
    *({"code": "backlog_grows", "values": {"subject": subject, "growth": 0.3}} for subject in SUBJECTS),
    *({"code": "backlog_late", "values": {"subject": subject, "share": 0.3, "n": 12}} for subject in SUBJECTS),
    {"code": "filed_above", "values": {"subject": "registrations", "change": 0.4}},
    {"code": "filed_below", "values": {"subject": "disputes", "change": -0.4}},
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", REASONS, ids=str)
def test_every_reason_has_a_sentence(reason: dict[str, Any], language: str) -> None:
    said = sentence(reason, text(language), IRAN)
    assert said
    assert "{" not in said
