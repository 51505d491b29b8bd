"""Where a country sets no limit, or keeps nothing apart, cards say so in words and show no empty chart."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from callbacks.index import Rasad
from dashboard.text import text
from layouts.pages import panels
from tests.callbacks.test_panels import asked, words_of

Make = Callable[[str], Rasad]


@pytest.mark.parametrize(
    ("jurisdiction", "key"), [("ir", "procedures-promptness"), ("ir", "procedures-apart"), ("vn", "disputes-limits")]
)
def test_a_card_says_that_there_is_no_rule(rasad: Make, jurisdiction: str, key: str) -> None:
    shown = asked(rasad(jurisdiction), panels()[key])
    assert shown["state"] == "panel-body is-calm"
    assert words_of(shown["content"]) == text("en")(f"panel.{key}.calm")
    assert "n = " not in words_of(shown["note"])


def test_the_number_of_procedures_on_time_says_so_too(rasad: Make) -> None:
    panel = panels()["procedures-on-time"]
    assert asked(rasad("ir"), panel)["title"] == "Closed: the law sets no time limit"
    assert asked(rasad("vn"), panel)["title"] == "On time, by day of filing"


def test_the_online_share_is_judged_only_where_it_is_an_aim(rasad: Make) -> None:
    panel = panels()["procedures-online"]
    judged = {"change good", "change bad"}
    for jurisdiction, aim in (("ir", True), ("vn", False)):
        sent = asked(rasad(jurisdiction), panel, period="year")["content"]
        assert any(f'class="{tone}"' in sent for tone in judged) is aim
