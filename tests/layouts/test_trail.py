"""Where one stands, and the way back to every place above."""

from __future__ import annotations

from typing import Any

import pytest

from dashboard.filters import Filters
from dashboard.jurisdictions import load
from dashboard.text import LANGUAGES, text
from layouts.cases import CASES
from layouts.disputes import DISPUTES
from layouts.overview import OVERVIEW
from layouts.trail import trail
from tests.pages import TODAY, components, words

IRAN = load("ir")


def shown(page: Any, path: str, language: str = "en", **filters: Any) -> list[tuple[str, str]]:
    """Each place with its address; none for the one in view."""
    items = trail(page, path, Filters(TODAY, "jalali", **filters), text(language), IRAN)
    links = [[each for each in components(item) if type(each).__name__ == "A"] for item in items]
    return [(words(item), link[0].href if link else "") for item, link in zip(items, links, strict=True)]


def test_from_the_nation_to_the_cases_of_an_office() -> None:
    chosen = {"provinces": ("IR-23",), "offices": ("IR-23-01",), "period": "7d"}
    assert shown(OVERVIEW, "/") == [("Whole country", ""), ("Cases", "/cases?subject=registrations")]
    assert shown(DISPUTES, "/disputes", **chosen) == [
        ("Whole country", "/disputes?period=7d"),
        ("Tehran", "/disputes?period=7d&province=IR-23"),
        ("Labour office – Tehran", ""),
        ("Cases", "/cases?period=7d&province=IR-23&office=IR-23-01&subject=disputes"),
    ]
    assert shown(CASES, "/cases/disputes/D%2F1", **chosen) == [
        ("Whole country", "/?period=7d"),
        ("Tehran", "/?period=7d&province=IR-23"),
        ("Labour office – Tehran", "/?period=7d&province=IR-23&office=IR-23-01"),
        ("Cases", "/cases"),
        ("D/1", ""),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_several_places_are_counted(language: str) -> None:
    names = [name for name, _ in shown(OVERVIEW, "/", language, provinces=("IR-23", "IR-07"))]
    assert names[1] == text(language).counted("trail.province", 2)


def test_where_there_is_no_page_the_way_leads_to_the_overview() -> None:
    assert shown(None, "/nowhere", provinces=("IR-23",)) == [("Whole country", "/"), ("Tehran", "")]
