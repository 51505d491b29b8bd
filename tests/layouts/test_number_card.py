"""A headline's words: sign, direction and judgement agree with the numbers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pandas as pd
import pytest

from dashboard.exports.words import titled
from dashboard.figures.look import Look
from dashboard.filters import Filters
from dashboard.jurisdictions import load
from dashboard.text import text
from layouts.number_card import body
from layouts.pages import panels
from tests.pages import TODAY, words

FILTERS = Filters(TODAY, "gregorian")


def said(
    panel: str, measure: str, value: float | None, compared: float | None, filters: Filters = FILTERS, **more: Any
) -> str:
    frame = pd.DataFrame(
        {"measure": [measure], "value": [value], "compared": [compared], "n": [500], "spark": [[1.0, 2.0]]}
        | {name: [each] for name, each in more.items()}
    )
    return words(body(panels()[panel], frame, filters, Look(text("en"), "light", load("ir")), "14:30"))


@pytest.mark.parametrize(
    ("panel", "measure", "value", "compared", "expected"),
    [
        ("overview-registered", "registered", 110, 100, "+10.0 % more than the 30 days before"),
        ("overview-registered", "registered", 90, 100, "−10.0 % fewer than the 30 days before"),
        ("overview-registered", "registered", 100, 100, "0.0 % as the 30 days before"),
        ("overview-eligibility", "eligibility_rate", 0.84, 0.85, "−1.0 pt lower than the 30 days before"),
        ("overview-backlog", "backlog", 110, 100, "+10.0 % worse than the 30 days before"),
        ("overview-backlog", "backlog", 90, 100, "−10.0 % better than the 30 days before"),
        ("overview-procedures-on-time", "on_time_rate", 0.9, 0.8, "+10.0 pt better than the 30 days before"),
        ("overview-registered", "registered", 5, 0, "+5 more than the 30 days before"),
        ("overview-registered-today", "registered", 120, 100, "+20.0 % more than usual by 14:30"),
    ],
)
def test_change_is_told_by_sign_and_word(
    panel: str, measure: str, value: float, compared: float, expected: str
) -> None:
    assert expected in said(panel, measure, value, compared)


def test_a_rate_of_nothing_is_a_dash_and_claims_no_change() -> None:
    shown = said("overview-eligibility", "eligibility_rate", None, 0.8)
    assert shown.startswith("–")
    assert "than" not in shown


def test_without_comparison_only_the_usual_is_compared_with() -> None:
    alone = Filters(TODAY, "gregorian", compare="none")
    assert "than" not in said("overview-registered", "registered", 110, None, alone)
    assert "than usual" in said("overview-registered-today", "registered", 110, 100, alone)


def test_age_and_overdue_stand_with_a_backlog() -> None:
    shown = said("overview-backlog", "backlog", 110, 100, age=34.0, overdue=7)
    assert "median age 34 days" in shown
    assert "7 overdue" in shown
    assert "overdue" not in said("overview-backlog", "backlog", 110, 100, age=None, overdue=0)


def test_age_of_those_open_now_is_no_part_of_an_earlier_number() -> None:
    earlier = Filters(TODAY, "gregorian", "custom", TODAY - timedelta(days=40), TODAY - timedelta(days=10))
    shown = said("overview-backlog", "backlog", 110, 100, earlier, age=34.0, overdue=7)
    assert "Of those open now: median age 34 days 7 overdue" in shown
    assert "Of those open now" not in said("overview-backlog", "backlog", 110, 100, age=34.0, overdue=7)
    assert "Of those open now" not in said("overview-backlog", "backlog", 110, 100, earlier, age=None, overdue=0)


def test_title_follows_the_measure_a_country_answers_with() -> None:
    panel = panels()["overview-procedures-on-time"]
    assert titled(panel, "on_time_rate", text("en")) == "Procedures on time"
    assert titled(panel, "closed", text("en")) == "Procedures closed"


def test_a_long_course_is_thinned_without_losing_its_level() -> None:
    """Three years of days are no smear: a steady course stays level, however long."""
    frame = {"measure": ["registered"], "value": [5], "compared": [5], "n": [5]}
    look = Look(text("en"), "light", load("ir"))

    def picture(course: list[float]) -> str:
        built = body(panels()["overview-registered"], pd.DataFrame(frame | {"spark": [course]}), FILTERS, look, "14:30")
        return str(built[-1].src)

    assert picture([5.0] * 1095) == picture([5.0] * 40)
    assert len(picture([float(n % 7) for n in range(1095)])) < 2 * len(picture([5.0] * 40))
