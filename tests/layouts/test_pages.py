"""Every page and card in every language, built without a database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
from dash.development.base_component import Component

from dashboard.exports.words import format_of, heading
from dashboard.jurisdictions import Jurisdiction, load
from dashboard.measures import MEASURES
from dashboard.panel import Page, Panel
from dashboard.text import LANGUAGES, Text, text
from layouts.card import card
from layouts.pages import PAGES, page_at, pages_of, panels
from layouts.services import SERVICES
from layouts.shell import cards, no_page, page, shell
from tests.pages import HEADQUARTERS, TODAY, components, words

PANELS = list(panels().values())
REPORTER = replace(HEADQUARTERS, role=replace(HEADQUARTERS.role, rights=HEADQUARTERS.role.rights | {"reports"}))
"""Somebody who has every form of every page."""


def built_of(spec: Page, t: Text, jurisdiction: Jurisdiction) -> Iterator[Component]:
    """The components of a page and of its cards."""
    yield from components(page(spec, t, jurisdiction, REPORTER))
    yield from components([card(panel, t) for panel in spec.panels])


@pytest.mark.parametrize("country", ["ir", "vn"])
@pytest.mark.parametrize("spec", PAGES, ids=lambda spec: spec.key)
def test_every_row_of_cards_is_full(spec: Page, country: str) -> None:
    jurisdiction, used = load(country), 0
    for panel in spec.panels:
        if panel.there(jurisdiction):
            used += panel.width
            assert used <= 12, f"{panel.key} does not fit into its row"
            used %= 12
    assert used == 0, "the last row has a gap"


def test_a_card_about_what_a_country_lacks_is_not_there() -> None:
    assert 'data-panel="services-contracts"' in cards(SERVICES, text("en"), load("ir"))
    without = cards(SERVICES, text("en"), load("vn"))
    assert 'data-panel="services-contracts"' not in without
    assert 'data-panel="services-trend"' in without


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.key)
def test_card_speaks_the_language(panel: Panel, language: str) -> None:
    t = text(language)
    built = words(card(panel, t))
    assert t(f"panel.{panel.key}.title") in built
    for key in panel.measures:
        assert t(f"measure.{key}.definition") in built, "a reader must be able to look up what is counted"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.key)
def test_columns_have_headings_of_their_own(panel: Panel, language: str) -> None:
    headings = [heading(column, text(language)) for column in panel.columns]
    assert len(set(headings)) == len(headings)
    assert all(headings)


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.key)
def test_panel_is_declared_consistently(panel: Panel) -> None:
    assert set(panel.measures) <= set(MEASURES)
    assert {column.measure for column in panel.columns if column.measure} <= set(MEASURES)
    assert (panel.figure is None) == (panel.kind != "figure")
    assert all(format_of(column) for column in panel.columns)


@pytest.mark.parametrize("spec", PAGES, ids=lambda spec: spec.key)
def test_a_click_asks_for_nothing_that_its_page_does_not_heed(spec: Page) -> None:
    """A gap is no filter: it leads to the list of its cases."""
    heeded = {name for panel in spec.panels for name in panel.answers}
    picked = {column.picks.partition(":")[0] for panel in spec.panels for column in panel.columns} - {"", "gap"}
    assert picked <= heeded


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("jurisdiction", ["ir", "vn"])
def test_every_id_is_there_once(jurisdiction: str, language: str) -> None:
    around = shell(text(language), load(jurisdiction), HEADQUARTERS, TODAY, 1, demo=True)
    for spec in PAGES:
        built = [*components(around), *built_of(spec, text(language), load(jurisdiction))]
        ids = Counter(str(each.id) for each in built if getattr(each, "id", None))
        assert [name for name, count in ids.items() if count > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_demo_data_are_labelled(language: str) -> None:
    t = text(language)
    for demo in (True, False):
        built = words(shell(t, load("ir"), HEADQUARTERS, TODAY, 1, demo=demo))
        assert (t("demo.badge") in built) is demo
        assert (t("demo.notice") in built) is demo


def test_every_control_can_be_named_by_a_screen_reader() -> None:
    """A button or link holds words or carries a label; an icon alone says nothing."""
    t = text("en")
    built = components(shell(t, load("ir"), HEADQUARTERS, TODAY, 1, demo=True))
    built = [*built, *(each for spec in PAGES for each in built_of(spec, t, load("ir")))]
    for each in built:
        if type(each).__name__ in ("Button", "A", "Summary"):
            named = words(each) or each.to_plotly_json()["props"].get("aria-label") or getattr(each, "id", "")
            assert named, each


def test_pages_are_found_by_address() -> None:
    assert page_at("/", load("ir")) is PAGES[0]
    assert page_at("/nowhere", load("ir")) is None
    assert text("en")("shell.home") in words(no_page("404", text("en")))


def test_a_page_is_there_only_where_the_jurisdiction_defines_what_it_needs() -> None:
    iran, vietnam = load("ir"), load("vn")
    assert [page.key for page in pages_of(vietnam)] == [page.key for page in PAGES]
    assert {page.key for page in PAGES} - {page.key for page in pages_of(iran)} == {"index"}
    assert page_at("/index", iran) is None
    found = page_at("/index", vietnam)
    assert found is not None
    assert found.key == "index"
