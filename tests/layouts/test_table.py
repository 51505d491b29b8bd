"""Frames as tables."""

from __future__ import annotations

import json

import pandas as pd

from dashboard.figures.look import Look
from dashboard.jurisdictions import load
from dashboard.text import text
from layouts.pages import panels
from layouts.table import table
from tests.pages import components, words

LOOK = Look(text("en"), "light", load("ir"))


def attention() -> pd.DataFrame:
    reasons = [
        {"code": "backlog_grows", "values": {"subject": "disputes", "growth": 0.18}},
        {"code": "filed_above", "values": {"subject": "registrations", "change": 0.4}},
    ]
    return pd.DataFrame(
        {
            "province": ["IR-06", "IR-07"],
            "severity": ["bad", "attention"],
            "reasons": [reasons, reasons[1:]],
            "since_days": [None, None],
            "backlog": [4210, 30],
            "backlog_change": [0.18, None],
            "on_time": [0.78, None],
            "spark": [[1.0, 2.0], [2.0, 1.0]],
        }
    )


def test_reasons_are_sentences_and_severity_is_a_word() -> None:
    built = table(panels()["overview-attention"], attention(), LOOK)
    shown = words(built)
    assert "Backlog of disputes grows: +18 % in 30 days" in shown
    assert "More registrations than usual: +40 %" in shown
    assert "Grave:" in shown
    assert "To be watched:" in shown


def test_a_column_without_any_value_is_left_out_and_a_change_joins_its_number() -> None:
    built = table(panels()["overview-attention"], attention(), LOOK)
    heads = [words(each) for each in components(built) if type(each).__name__ == "Th" and each.scope == "col"]
    assert heads == ["Province", "Why", "Backlog", "Closed on time", "Course"]
    assert "4,210 +18.0 %" in words(built)


def test_what_a_mark_asks_for_can_be_asked_from_the_table_by_keyboard() -> None:
    frame = attention()
    frame.attrs["picks"] = {"province": {"IR-07": {"province": "IR-07"}}}
    built = table(panels()["overview-attention"], frame, LOOK)
    buttons = [each.to_plotly_json()["props"] for each in components(built) if type(each).__name__ == "Button"]
    assert [json.loads(button["data-picks"]) for button in buttons] == [{"province": "IR-07"}]


def test_the_button_of_a_gap_says_that_it_leads_to_the_cases() -> None:
    for asked, said in (({"gap": "to_pay"}, "See these cases: Fars"), ({"province": "IR-07"}, "Show only or no")):
        frame = attention()
        frame.attrs["picks"] = {"province": {"IR-07": asked}}
        built = table(panels()["overview-attention"], frame, LOOK)
        (button,) = [each.to_plotly_json()["props"] for each in components(built) if type(each).__name__ == "Button"]
        assert button["title"].startswith(said)


def test_each_row_is_headed_by_its_first_cell() -> None:
    frame = pd.DataFrame({"bin": [9, 10], "n": [1, 2], "mean": [None, None], "compared": [3.0, None]})
    frame.attrs["step"] = "hour"
    built = table(panels()["overview-trend"], frame, LOOK)
    heads = [words(each) for each in components(built) if type(each).__name__ == "Th" and each.scope == "row"]
    assert heads == ["09:00", "10:00"]
    assert words(built).startswith("How many come in? Hour")


def test_what_is_read_together_stands_together() -> None:
    frame = pd.DataFrame(
        {
            "title": ["Codes do not arrive", "Lines"],
            "body": ["Nobody can log in.", None],
            "answer": ["Restart.", "None yet."],
            "answered_at": [pd.Timestamp("2026-11-21T11:00Z"), pd.Timestamp("2026-11-22T11:00Z")],
        }
    )
    built = table(panels()["health-known"], frame, LOOK)
    heads = [words(each) for each in components(built) if type(each).__name__ == "Th" and each.scope == "row"]
    assert heads == ["Codes do not arrive What happened Nobody can log in.", "Lines"]
    columns = [words(each) for each in components(built) if type(each).__name__ == "Th" and each.scope == "col"]
    assert columns == ["Problem", "Answer", "Published"]


def test_a_number_that_is_a_name_is_written_in_the_digits_of_the_language() -> None:
    frame = pd.DataFrame({"subject": ["disputes"], "reasons": [[]], "n": [1], "source": ["a1.csv"], "line": ["1204"]})
    frame["reasons"] = [[{"code": "intake.reason.bad_day", "values": {"column": "x", "value": "y"}}]]
    frame["newest"] = pd.Timestamp("2026-11-21T11:00Z")
    shown = words(table(panels()["health-quarantine"], frame, Look(text("fa"), "light", load("ir"))))
    assert "۱۲۰۴" in shown
    assert "a1.csv" in shown
