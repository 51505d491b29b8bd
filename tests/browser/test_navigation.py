"""From page to page and back: the filters stay, each can be cleared, and a view can be kept by name."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from layouts.disputes import DISPUTES
from layouts.overview import OVERVIEW
from tests.browser.conftest import Open, ready
from tests.browser.test_overview import after, figure
from tests.pages import SPAN_QUERY

Address = Callable[[str], str]
PATH = f"/?{SPAN_QUERY}"


def go(page: Page, path: str) -> None:
    """To another page by its link in the navigation."""
    page.locator(f'.side a[data-page="{path}"]').click()
    page.wait_for_function("path => window.location.pathname === path", arg=path)
    page.wait_for_function(
        "n => document.querySelectorAll('.panel').length === n",
        arg=len((OVERVIEW if path == "/" else DISPUTES).panels),
    )
    ready(page)


def test_filters_stay_when_the_page_changes_and_back_restores_both(addresses: Address, opened: Open) -> None:
    page = opened(addresses("ir"), f"{PATH}&subject=procedures&province=IR-23")
    page.evaluate("window.untouched = true")
    part = figure(page, "registered")
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.post_data or "") if "_dash-update-component" in r.url else None)
    go(page, DISPUTES.path)
    assert "province=IR-23" in page.url
    assert SPAN_QUERY in page.url
    assert "subject=" not in page.url, "this page is about disputes"
    expect(page.locator("#filter-subject-box")).to_be_hidden()
    expect(page.locator('.side a[aria-current="page"]')).to_have_attribute("data-page", DISPUTES.path)
    assert "Disputes" in page.title()
    assert not [body for body in asked if "panel-overview" in body], "only what is in view is asked for"
    assert page.locator("#notice").inner_text() == ""
    after(page, lambda: page.locator(".chip").first.click())
    assert "province=" not in page.url
    page.go_back()
    expect(page.locator("#filter-province-label")).to_have_text("Tehran")
    ready(page)
    page.go_back()
    expect(page.locator("#panel-overview-registered-card .value")).to_have_text(part, timeout=20_000)
    assert "subject=procedures" in page.url
    ready(page)
    go(page, DISPUTES.path)
    go(page, "/")
    assert "subject=procedures" in page.url, "the choice is there again where it can be made"
    assert page.evaluate("window.untouched"), "nothing was loaded anew"


def test_everything_is_cleared_at_once(addresses: Address, opened: Open) -> None:
    page = opened(addresses("ir"), f"{PATH}&province=IR-23&office=IR-23-01&category=special_support&trait=sex:female")
    assert page.locator(".chip").count() == 5
    expect(page.locator("#panel-overview-disputes-open-card .note")).to_contain_text("Not narrowed by: Scheme, Applic")
    after(page, lambda: page.locator(".chip.all").click())
    assert "?" not in page.url
    assert page.locator(".chip").count() == 0


def test_further_filters_can_be_set_by_keyboard(addresses: Address, opened: Open) -> None:
    page = opened(addresses("ir"), f"{PATH}&province=IR-23")
    page.locator("#filter-more-box > summary").focus()
    page.keyboard.press("Enter")
    first = page.locator("#filter-category-choice input").first
    expect(first).to_be_visible()
    page.keyboard.press("Tab")
    after(page, lambda: page.keyboard.press("Space"))
    assert "category=" in page.url
    after(page, lambda: page.get_by_label("Labour office – Tehran").check())
    assert "office=IR-23-01" in page.url
    after(page, lambda: page.select_option("#filter-step-choice", "week"))
    assert "step=week" in page.url
    expect(page.locator("#filter-more-label")).to_have_text("3")
    page.keyboard.press("Escape")
    expect(first).to_be_hidden()


def test_the_bar_is_one_row_on_a_wide_screen(addresses: Address, opened: Open) -> None:
    for language in ("en", "fa", "vi"):
        page = opened(addresses("ir"), f"{PATH}&province=IR-23&compare=year", language=language)
        tall = page.locator("#shell-filters").evaluate("bar => bar.offsetHeight")
        assert tall < 50, (language, tall)


def test_a_view_is_kept_by_name_and_can_be_deleted(addresses: Address, opened: Open) -> None:
    page = opened(addresses("ir"), f"{PATH}&province=IR-23")
    page.locator(".saved > summary").click()
    expect(page.locator(".saved .when-none")).to_be_visible()
    page.locator("#filter-views-name").fill("Tehran, my days")
    page.keyboard.press("Enter")
    expect(page.locator(".views a")).to_have_text("Tehran, my days")
    page.keyboard.press("Escape")
    go(page, DISPUTES.path)
    after(page, lambda: page.locator(".chip").first.click())
    page.reload()
    ready(page)
    page.locator(".saved > summary").click()
    page.locator(".views a").click()
    expect(page.locator("#filter-province-label")).to_have_text("Tehran")
    assert page.url.endswith(f"{PATH}&province=IR-23")
    page.locator(".saved > summary").click()
    page.locator(".views button").click()
    expect(page.locator(".saved .when-none")).to_be_visible()
