"""The overview as people meet it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dashboard import ids
from dashboard.claims.database import Database
from dashboard.claims.subjects import SUBJECTS
from dashboard.intake.load import Loader
from dashboard.intake.mapping import plain
from dashboard.jurisdictions import load
from layouts.overview import OVERVIEW
from tests.browser.conftest import Open, ready
from tests.conftest import KEY
from tests.pages import SPAN_QUERY, application, served

Address = Callable[[str], str]
PATH = f"/?{SPAN_QUERY}"
CARD = "#panel-overview-{}-card"


def after(page: Page, act: Callable[[], object]) -> None:
    """Do something that filters and wait until all cards have answered."""
    before = page.evaluate("window.location.search")
    act()
    page.wait_for_function("before => window.location.search !== before", arg=before)
    ready(page)


def figure(page: Page, key: str) -> str:
    return page.locator(CARD.format(key)).locator(".value").inner_text()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("jurisdiction", "language"), [("ir", "en"), ("ir", "fa"), ("vn", "vi")])
def test_page_is_whole_in_every_language_theme_and_width(
    addresses: Address, opened: Open, jurisdiction: str, language: str, theme: str
) -> None:
    page = opened(addresses(jurisdiction), PATH, language=language, theme=theme)
    html = page.locator("html")
    assert html.get_attribute("lang") == language
    assert html.get_attribute("dir") == ("rtl" if language == "fa" else "ltr")
    assert html.get_attribute("data-bs-theme") == theme
    assert page.locator(".panel").count() == len(OVERVIEW.panels)
    assert page.locator(".panel-body.is-error, [data-failed]").count() == 0
    for width in (1440, 768, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.locator(".value").first.is_visible()
        page.wait_for_function(  # nothing needs scrolling sideways
            "() => document.documentElement.scrollWidth === document.documentElement.clientWidth"
        )


def test_persian_is_mirrored(addresses: Address, opened: Open) -> None:
    places = {}
    for language in ("en", "fa"):
        page = opened(addresses("ir"), PATH, language=language)
        side, card = page.locator(".side").bounding_box(), page.locator(CARD.format("map")).bounding_box()
        assert side is not None
        assert card is not None
        places[language] = (side["x"], card["x"] + card["width"] / 2)
    assert places["en"][0] < 10 < 1000 < places["fa"][0]
    assert places["en"][1] > 720 > places["fa"][1]


def test_filters_live_in_the_address_and_back_restores_them(addresses: Address, opened: Open) -> None:
    page = opened(addresses("ir"), PATH)
    whole = figure(page, "registered")
    page.get_by_text("Provinces", exact=True).click()
    page.get_by_label("Search").fill("teh")
    assert page.locator("#filter-province-choice .form-check:visible").count() == 1
    after(page, lambda: page.get_by_label("Tehran").check())
    assert "province=IR-23" in page.url
    part = figure(page, "registered")
    assert part != whole
    page.reload()
    ready(page)
    assert figure(page, "registered") == part
    expect(page.locator("#filter-province-label")).to_have_text("Tehran")
    after(page, lambda: page.locator(".chip").first.click())
    assert figure(page, "registered") == whole
    value = page.locator(CARD.format("registered")).locator(".value")
    page.go_back()
    expect(value).to_have_text(part)
    expect(page.locator("#filter-province-label")).to_have_text("Tehran")
    page.go_forward()
    expect(value).to_have_text(whole)


def test_a_change_of_filters_asks_once_for_each_panel(addresses: Address, opened: Open) -> None:
    page = opened(addresses("ir"), PATH)
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.post_data or "") if "_dash-update-component" in r.url else None)
    after(page, lambda: page.get_by_text("7 days", exact=True).click())
    asks = [json.loads(body)["inputs"][0]["value"]["panels"] for body in asked if '"lane-' in body]
    assert len(asked) == 1 + len(asks)
    assert len(asks) <= ids.LANES
    assert sorted(key for keys in asks for key in keys) == sorted(panel.key for panel in OVERVIEW.panels)


def test_a_figure_turns_into_its_table_and_back(addresses: Address, opened: Open) -> None:
    page = opened(addresses("ir"), PATH)
    card = page.locator("#panel-overview-trend-card")
    assert card.locator("table").count() == 0
    card.locator("[data-table]").click()
    expect(card.locator("tbody tr").first).to_be_visible()
    expect(card.locator(".graph")).not_to_be_visible()
    rows = card.locator("tbody").inner_text()
    after(page, lambda: page.get_by_text("7 days", exact=True).click())
    expect(card.locator("tbody tr")).to_have_count(7)
    assert card.locator("tbody").inner_text() != rows
    card.locator("[data-table]").click()
    expect(card.locator(".graph .bars, .graph .barlayer").first).to_be_visible()


def test_several_figures_turned_at_once_all_show_their_tables(addresses: Address, opened: Open) -> None:
    """An answer that is not drawn yet is not lost to the next question of its lane."""
    page = opened(addresses("ir"), f"/eligibility?{SPAN_QUERY}")
    page.evaluate("document.querySelectorAll('[data-table]').forEach(button => button.click())")
    for card in page.locator("[data-panel]:has([data-table])").all():
        expect(card.locator("table, .calm, .when-empty:visible").first).to_be_attached()


@pytest.mark.parametrize("width", [1440, 2560, 3840])
def test_figures_fill_their_cards_and_know_where_one_points(addresses: Address, opened: Open, width: int) -> None:
    """On a wall all is larger, and plotly measures and hears as it does elsewhere."""
    page = opened(addresses("ir"), PATH, language="fa", width=width)
    trend = page.locator("#panel-overview-trend-graph")
    bars = trend.locator(".barlayer .point path")
    middle = bars.count() // 2
    bars.nth(middle).scroll_into_view_if_needed()
    card, plot, bar = trend.bounding_box(), trend.locator(".nsewdrag").bounding_box(), bars.nth(middle).bounding_box()
    assert card is not None
    assert plot is not None
    assert bar is not None
    assert plot["width"] > 0.9 * card["width"]
    page.mouse.move(bar["x"] + bar["width"] / 2, bar["y"] + bar["height"] / 2)
    expect(trend.locator(".hoverlayer .hovertext").first).to_be_visible()
    assert trend.evaluate("graph => graph._hoverdata[0].pointNumber") == middle


def test_a_click_on_the_map_filters(addresses: Address, opened: Open) -> None:
    page = opened(addresses("ir"), PATH)
    box = page.locator("#panel-overview-map-graph").bounding_box()
    assert box is not None
    after(page, lambda: page.mouse.click(box["x"] + box["width"] * 0.62, box["y"] + box["height"] * 0.42))
    assert re.search(r"province=IR-\d\d", page.url)
    assert page.locator(".chip").count() == 2
    after(page, lambda: page.mouse.click(box["x"] + box["width"] * 0.62, box["y"] + box["height"] * 0.42))
    assert "province=" not in page.url


def test_a_custom_period_is_picked_in_the_calendar_of_the_language(addresses: Address, opened: Open) -> None:
    page = opened(addresses("ir"), "/", language="fa")
    page.locator("#filter-custom-label").click()
    for name, value in {"from-day": "2", "from-month": "8", "from-year": "1405"}.items():
        page.select_option(f"#filter-{name}", value)
    for name, value in {"to-day": "1", "to-month": "9", "to-year": "1405"}.items():
        page.select_option(f"#filter-{name}", value)
    after(page, lambda: page.locator("#filter-custom-apply").click())
    assert SPAN_QUERY in page.url
    expect(page.locator("#filter-custom-label")).to_contain_text("۱ آذر ۱۴۰۵")


@pytest.mark.parametrize(("language", "named"), [("en", "Labour disputes"), ("fa", "اختلافات"), ("vi", "Tranh chấp")])
def test_another_subject_is_shown_where_it_is_chosen(
    addresses: Address, opened: Open, language: str, named: str
) -> None:
    page = opened(addresses("ir"), PATH, language=language)
    cards = [page.locator(CARD.format(key)) for key in ("trend", "map")]
    before = [card.locator(".titles p").inner_text() for card in cards]
    headline = figure(page, "registered")
    page.locator("#filter-subject-label").click()
    after(page, lambda: page.locator("#filter-subject-choice input[value=disputes]").check())
    assert "subject=disputes" in page.url
    for card, said in zip(cards, before, strict=True):
        assert named in card.locator(".titles p").inner_text() != said
        card.locator(".definition summary").click()
        expect(card.locator(".definition .pop")).to_contain_text(named)
        page.keyboard.press("Escape")
    assert figure(page, "registered") == headline, "a headline keeps to its own subject"
    page.reload()
    ready(page)
    expect(cards[0].locator(".titles p")).to_contain_text(named)
    expect(page.locator("#filter-subject-choice input[value=disputes]")).to_be_checked()
    page.go_back()
    expect(cards[0].locator(".titles p")).to_have_text(before[0])


def test_an_address_that_names_no_subject_shows_what_there_is(
    new_claims: Callable[..., Database], opened: Open, tmp_path: Path
) -> None:
    claims = new_claims(load("docs/examples/nlrb"), demo=False)
    cases = [f"c{n},{n % 20 + 1:02},not_recorded,RC,2010-03-{n % 28 + 1:02}T15:00:00Z" for n in range(400)]
    path = tmp_path / "cases.csv"
    path.write_text(
        "\n".join(["id,province,channel,category,opened_at,updated_at", *(f"{c},2010-06-01T15:00:00Z" for c in cases)])
    )
    assert Loader(claims, SUBJECTS["disputes"], KEY).file(path, plain(SUBJECTS["disputes"])).account.accepted == 400
    with application(claims, jurisdiction="docs/examples/nlrb") as made, served(made) as base:
        page = opened(base, "/?period=custom&from=2010-01-01&to=2010-12-31")
        expect(page.locator("#filter-subject-label")).to_have_text("Disputes")
        assert "subject" not in page.url
        trend, areas = (page.locator(CARD.format(key)) for key in ("trend", "map"))
        expect(trend.locator(".note")).to_contain_text("n = 400")
        expect(areas.locator(".titles p")).to_have_text("Labour disputes")
        expect(areas).to_contain_text("and 23 more, in the table")
        assert page.get_by_text("inhabitants").count() == 0
        graph, body = areas.locator(".graph").bounding_box(), areas.bounding_box()
        assert graph is not None
        assert body is not None
        assert graph["y"] + graph["height"] < body["y"] + body["height"]
        for key in ("registered", "eligibility", "backlog", "procedures-on-time", "procedures"):
            expect(page.locator(CARD.format(key))).to_contain_text("have been loaded yet")
        assert page.locator(CARD.format("registered")).locator(".value").count() == 0
        page.context.close()


def test_a_bad_filter_is_named_and_only_that_one_left_out(addresses: Address, opened: Open) -> None:
    page = opened(addresses("ir"), f"{PATH}&province=XX,IR-23&compare=never")
    expect(page.locator("#notice p")).to_have_count(2)
    expect(page.locator("#notice")).to_contain_text("XX")
    expect(page.locator("#filter-province-label")).to_have_text("Tehran")
    assert "XX" not in page.url


def test_every_chart_has_a_table_and_a_definition(addresses: Address, opened: Open) -> None:
    page = opened(addresses("ir"), PATH)
    for panel in OVERVIEW.panels:
        card = page.locator(f"#panel-{panel.key}-card")
        summary = card.locator(".definition summary")
        summary.click()
        expect(card.locator(".definition .pop")).to_be_visible()
        page.keyboard.press("Escape")
        expect(card.locator(".definition .pop")).to_be_hidden()
        if panel.figure is not None:
            button = card.locator("[data-table]")
            expect(card.locator("table")).to_be_hidden()
            button.click()
            expect(card.locator("table")).to_be_visible()
            expect(button).to_have_attribute("aria-pressed", "true")
            button.click()
            expect(card.locator("table")).to_be_hidden()


def test_every_card_can_be_received_as_it_is_filtered(addresses: Address, opened: Open) -> None:
    page = opened(addresses("ir"), f"{PATH}&province=IR-23")
    page.locator(f"{CARD.format('map')} .taking summary").click()
    with page.expect_download() as download:
        page.locator(f"{CARD.format('map')} [data-file=csv]").click()
    assert download.value.suggested_filename == "rasad-overview-map-2026-10-24-2026-11-22.csv"
    lines = Path(download.value.path()).read_text("utf-8-sig").splitlines()
    assert lines[1].startswith("Tehran,")
    assert lines[2] == ""


def test_theme_changes_without_a_reload_and_is_remembered(addresses: Address, opened: Open) -> None:
    page = opened(addresses("ir"), PATH)
    page.evaluate("window.untouched = true")
    light = page.locator(".panel").first.evaluate("e => getComputedStyle(e).backgroundColor")
    page.locator("#shell-choose-theme").click()
    ready(page)
    assert page.evaluate("window.untouched")
    assert page.locator(".panel").first.evaluate("e => getComputedStyle(e).backgroundColor") != light
    page.reload()
    ready(page)
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"


def test_language_changes_and_keeps_the_filters(addresses: Address, opened: Open) -> None:
    page = opened(addresses("ir"), f"{PATH}&province=IR-23")
    with page.expect_navigation():
        page.select_option("#shell-choose-language", "vi")
    ready(page)
    assert page.locator("html").get_attribute("lang") == "vi"
    assert "province=IR-23" in page.url
    assert "Tổng quan" in page.title()


def test_all_can_be_done_by_keyboard(addresses: Address, opened: Open) -> None:
    page = opened(addresses("ir"), PATH)
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to content")
    page.locator("#filter-province-label").locator("xpath=ancestor::summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#filter-province-search")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.type("teh")
    page.keyboard.press("Tab")
    after(page, lambda: page.keyboard.press("Space"))
    assert "province=IR-23" in page.url
    page.keyboard.press("Escape")
    expect(page.locator("#filter-province-search")).to_be_hidden()


def test_on_a_telephone_filters_and_navigation_stand_behind_buttons(addresses: Address, opened: Open) -> None:
    page = opened(addresses("ir"), PATH, width=390)
    expect(page.locator("#shell-filters")).to_be_hidden()
    page.locator(".opens-filters").click()
    expect(page.locator("#shell-filters")).to_be_visible()
    after(page, lambda: page.get_by_text("7 days", exact=True).click())
    page.locator(".sheet-foot").click()
    expect(page.locator("#shell-filters")).to_be_hidden()
    page.locator(".opens-navigation").click()
    expect(page.locator(".side a").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".side a").first).to_be_hidden()


def test_where_there_is_no_page_there_is_a_way_back(addresses: Address, opened: Open) -> None:
    page = opened(addresses("ir"), PATH)
    page.evaluate("history.pushState(null, '', '/nowhere'); dispatchEvent(new PopStateEvent('popstate'))")
    page.get_by_role("link", name="Back to the overview").click()
    ready(page)
    assert page.locator(".panel").count() == len(OVERVIEW.panels)


def test_a_committed_record_changes_the_figure_and_nothing_else_moves(
    new_claims: Callable[..., Database], opened: Open, tmp_path: Path
) -> None:
    claims = new_claims()

    def bring(number: int) -> None:
        now = datetime.now(UTC).isoformat()
        rows = [f"case-{number}-{each},IR-23,online,individual,{now},{now}" for each in range(number)]
        path = tmp_path / f"{number}.csv"
        path.write_text("\n".join(["id,province,channel,category,opened_at,updated_at", *rows]) + "\n")
        loaded = Loader(claims, SUBJECTS["disputes"], KEY).file(path, plain(SUBJECTS["disputes"]))
        assert loaded.account.accepted == number, loaded

    bring(40)
    with application(claims) as made, served(made) as base:
        page = opened(base, "/?period=7d")
        assert figure(page, "disputes-open") == "40"
        page.locator(f"{CARD.format('trend')} [data-table]").click()
        page.evaluate("window.scrollTo({top: 150, behavior: 'instant'}); window.untouched = true")
        assert page.evaluate("window.scrollY") == 150
        bring(3)
        expect(page.locator(CARD.format("disputes-open")).locator(".value")).to_have_text("43")
        assert page.locator(CARD.format("disputes-open")).locator(".value.has-changed").count() == 1
        assert page.evaluate("[window.scrollY, window.untouched]") == [150, True]
        assert page.locator(CARD.format("trend")).get_attribute("data-view") == "table"
        page.context.close()


def test_updates_can_be_paused(new_claims: Callable[..., Database], opened: Open) -> None:
    with application(new_claims()) as made, served(made) as base:
        page = opened(base)
        page.locator("#live").click()
        expect(page.locator("#live")).to_have_attribute("data-state", "paused")
        asked: list[str] = []
        page.on("request", lambda r: asked.append(r.url) if r.url.endswith("/live") else None)
        page.wait_for_timeout(2000)
        assert asked == []
        page.locator("#live").click()
        expect(page.locator("#live")).to_have_attribute("data-state", "on")
        page.context.close()
