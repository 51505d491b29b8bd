"""From a mark to a filter and back, from the nation to a case and back; by mouse, by finger and by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, ready
from tests.browser.test_overview import after
from tests.pages import SPAN_QUERY

Address = Callable[[str], str]
YEAR = "period=custom&from=2025-11-23&to=2026-11-22"
MARK = """(key) => {
  const graph = document.querySelector('#panel-' + key + '-graph');
  const bars = graph._fullData.find((trace) => trace.customdata);
  const middle = Math.floor(bars.customdata.length / 2);
  const box = graph.querySelector('.nsewdrag').getBoundingClientRect();
  const x = box.left + graph._fullLayout.xaxis.d2p(bars.x[middle]);
  return [x, box.bottom - 12, bars.customdata[middle][1].period];
}"""
"""Where on the screen the middle bin of a figure stands, and what it asks for."""


def bin_of(page: Page, key: str) -> tuple[float, float, str]:
    page.locator(f"#panel-{key}-graph").scroll_into_view_if_needed()
    x, y, asked = page.evaluate(MARK, key)
    return x, y, asked


def from_and_to(days: str) -> str:
    start, _, end = days.partition("..")
    return f"from={start}&to={end}"


def test_a_bin_becomes_the_period_and_back_restores_it(addresses: Address, opened: Open) -> None:
    page = opened(addresses("ir"), f"/?{YEAR}")
    x, y, days = bin_of(page, "overview-trend")
    page.mouse.move(x, y)
    expect(page.locator("#panel-overview-trend-graph .hovertext")).to_contain_text("Click to look at these days alone")
    expect(page.locator("#panel-overview-trend-graph.can-pick")).to_have_count(1)
    after(page, lambda: page.mouse.click(x, y))
    page.wait_for_url(re.compile(re.escape(from_and_to(days))))
    ready(page)
    after(page, page.go_back)
    assert YEAR in page.url


def test_a_cell_of_several_filters_is_one_step_of_history(addresses: Address, opened: Open) -> None:
    page = opened(addresses("ir"), f"/registrations?{SPAN_QUERY}")
    steps = page.evaluate("history.length")
    ask: Any = {"curveNumber": 0, "customdata": ["x", {"province": "IR-23", "category": "special_support"}]}
    after(page, lambda: page.evaluate("point => dash_clientside.rasad.picked('any', point)", ask))
    assert "province=IR-23&category=special_support" in page.url
    assert page.evaluate("history.length") == steps + 1
    expect(page.locator(".chip")).to_have_count(3)
    expect(page.locator(".trail")).to_contain_text("Tehran")
    after(page, page.go_back)
    expect(page.locator(".trail")).not_to_contain_text("Tehran")
    assert page.url.endswith(f"/registrations?{SPAN_QUERY}")


def test_a_row_asks_for_the_same_by_keyboard(addresses: Address, opened: Open) -> None:
    page = opened(addresses("ir"), f"/registrations?{SPAN_QUERY}")
    page.locator('[data-table="registrations-sector"]').click()
    row = page.locator("#panel-registrations-sector-table .pick").first
    row.focus()
    after(page, lambda: page.keyboard.press("Enter"))
    assert "trait=sector:" in page.url
    chip = page.locator(".chip").first
    expect(chip).to_contain_text("Sector")
    after(page, chip.click)
    assert "trait=" not in page.url


def test_one_goes_down_to_a_case_and_up_again(addresses: Address, opened: Open) -> None:
    page = opened(addresses("ir"), f"/disputes?{YEAR}&province=IR-23")
    page.locator(".trail .down").click()
    page.wait_for_url(re.compile(r"/cases\?.*subject=disputes"))
    expect(page.locator(".case-rows .col-id a").first).to_have_attribute("href", re.compile("/cases/disputes/"))
    ready(page)
    page.locator(".case-rows .col-id a").first.click()
    expect(page.locator(".case-course")).to_be_visible()
    expect(page.locator(".trail li")).to_have_count(4)
    page.locator(".trail a", has_text="Cases").click()
    expect(page.locator(".case-rows .col-id a").first).to_be_visible()
    page.locator(".trail a", has_text="Whole country").click()
    page.wait_for_function("() => window.location.pathname === '/disputes'")
    ready(page)
    assert "province=" not in page.url
    assert "subject=" not in page.url
    assert page.locator("#notice").inner_text() == ""
    after(page, page.go_back)
    page.wait_for_function("() => window.location.pathname === '/cases'")
    assert "province=IR-23" in page.url


def test_a_finger_points_first_and_then_clicks(addresses: Address, opened: Open) -> None:
    page = opened(addresses("ir"), f"/?{YEAR}", has_touch=True)
    x, y, days = bin_of(page, "overview-trend")
    page.touchscreen.tap(x, y)
    expect(page.locator("#panel-overview-trend-graph .hovertext")).to_contain_text("Click to look")
    assert YEAR in page.url
    page.touchscreen.tap(x, y)
    page.wait_for_url(re.compile(re.escape(from_and_to(days))))
    ready(page)


def test_the_list_asks_for_what_becomes_late_and_for_whom_it_waits(addresses: Address, opened: Open) -> None:
    page = opened(addresses("ir"), "/cases?subject=disputes&filed=ever&state=open&turn=board")
    expect(page.locator(".choose-turn input:checked")).to_have_value("board")
    expect(page.locator(".choose-filed input:checked")).to_have_value("ever")
    expect(page.locator(".case-rows .turn").first).to_contain_text("Board")
    page.locator("#filter-more-box > summary").click()
    expect(page.locator("#filter-category-choice input").first).to_be_visible()
    page.keyboard.press("Escape")
    page.locator(".choose-turn").get_by_text("Claimant", exact=True).click()
    page.wait_for_url(re.compile("turn=claimant"))
    expect(page.locator("#panel-cases-list-body.is-empty")).to_be_visible()
