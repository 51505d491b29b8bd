"""Where one stands, and the way back to every place above."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dashboard.access.person import Person
from dashboard.access.roles import ROLES
from dashboard.filters import Filters
from dashboard.jurisdictions import load
from dashboard.text import LANGUAGES, text
from layouts.cases import CASES
from layouts.disputes import DISPUTES
from layouts.overview import OVERVIEW
from layouts.trail import trail
from tests.pages import DIRECTOR, HEADQUARTERS, TODAY, components, words

IRAN = load("ir")


def shown(
    page: Any, path: str, language: str = "en", person: Person = HEADQUARTERS, **filters: Any
) -> list[tuple[str, str]]:
    """Each place with its address; none for the one in view."""
    items = trail(page, path, Filters(TODAY, "jalali", **filters), text(language), IRAN, person)
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


def test_who_is_bound_to_a_province_begins_there() -> None:
    own = {"own": "IR-23", "provinces": ("IR-23",)}
    assert shown(DISPUTES, "/disputes", person=DIRECTOR, **own, period="7d") == [
        ("Tehran", ""),
        ("Cases", "/cases?period=7d&subject=disputes"),
    ]
    assert shown(DISPUTES, "/disputes", person=DIRECTOR, **own, offices=("IR-23-01",))[:2] == [
        ("Tehran", "/disputes"),
        ("Labour office – Tehran", ""),
    ]


def test_of_several_provinces_each_can_be_gone_to() -> None:
    both = replace(DIRECTOR, provinces=("IR-07", "IR-23"))
    names = [name for name, _ in shown(DISPUTES, "/disputes", person=both, provinces=("IR-23",))]
    assert names == ["Fars, Tehran", "Tehran", "Cases"]


def test_no_way_leads_to_cases_that_may_not_be_seen() -> None:
    analyst = Person(3, "analyst", "An analyst", ROLES["analyst"])
    assert shown(DISPUTES, "/disputes", person=analyst) == [("Whole country", "")]
