"""The page of cases as people meet it: list, one case, the way back, and finding one."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from dashboard.claims.database import Database
from dashboard.claims.subjects import SUBJECTS
from dashboard.intake.load import Loader
from dashboard.intake.mapping import plain
from dashboard.intake.reading import from_objects
from tests.browser.conftest import Open, ready
from tests.conftest import KEY
from tests.pages import SPAN_QUERY, application, served
from tests.pair import WORKSHOP, code, load_pairs

Address = Callable[[str], str]
PATH = f"/cases?{SPAN_QUERY}"
LINKS = ".case-rows a"


def numbers(page: Page) -> list[str]:
    return page.locator(LINKS).all_inner_texts()


def test_from_the_list_to_a_case_and_back_to_where_it_was(addresses: Address, opened: Open) -> None:
    page = opened(addresses("ir"), PATH)
    first = numbers(page)
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.locator(".page-number")).to_have_text("Page 2")
    ready(page)
    second = numbers(page)
    assert not set(first) & set(second)
    link = page.locator(LINKS).nth(9)
    number = link.inner_text()
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".case-number")).to_contain_text(number)
    assert page.url.endswith(f"/cases/registrations/{number}?{SPAN_QUERY}")
    expect(page.locator("#panel-cases-case-title")).to_be_focused()
    assert page.locator(".case-course li").count() > 0
    expect(page.locator(".case-rows")).to_be_hidden()
    page.go_back()
    expect(page.locator(".case-rows")).to_be_visible()
    assert numbers(page) == second
    expect(page.locator(LINKS).nth(9)).to_be_focused()
    page.go_forward()
    expect(page.locator(".case-number")).to_contain_text(number)
    page.get_by_role("link", name="Back to the list").click()
    assert numbers(page) == second
    page.get_by_role("button", name="Previous", exact=True).click()
    expect(page.locator(".page-number")).to_have_text("Page 1")
    expect(page.locator(LINKS).first).to_have_text(first[0])


def test_from_a_gap_between_ministry_and_social_security_to_its_cases(addresses: Address, opened: Open) -> None:
    page = opened(addresses("ir"), f"/eligibility?{SPAN_QUERY}")
    row = page.locator("#panel-eligibility-gaps-card tbody tr").first
    waiting = int(row.locator(".col-waiting").inner_text())
    assert 0 < waiting <= 25
    row.locator("button").click()
    expect(page.locator(LINKS)).to_have_count(waiting)
    assert page.url.endswith(f"/cases?{SPAN_QUERY}&filed=ever&gap=to_establish")
    expect(page.locator(".choose-gap input:checked")).to_have_value("to_establish")
    page.locator(".choose-gap label", has_text="Anywhere").click()
    expect(page.locator(LINKS)).to_have_count(25)
    page.go_back()
    expect(row).to_be_visible()


def test_the_address_of_a_case_opens_it(addresses: Address, opened: Open) -> None:
    page = opened(addresses("vn"), f"{PATH}&subject=procedures", language="vi")
    number = numbers(page)[0]
    page.goto(f"{addresses('vn')}/cases/procedures/{number}")
    expect(page.locator(".case-number")).to_contain_text(number)
    page.goto(f"{addresses('vn')}/cases/procedures/nothing")
    expect(page.locator("#panel-cases-case-body .when-empty .what")).to_be_visible()
    page.locator("#panel-cases-case-body .trouble .back").click()
    expect(page.locator(LINKS).first).to_be_visible()


def test_choices_live_in_the_address_beside_the_filters(addresses: Address, opened: Open) -> None:
    page = opened(addresses("ir"), PATH)
    page.get_by_text("Disputes", exact=True).and_(page.locator(".choose-of label")).click()
    page.wait_for_url(re.compile("subject=disputes"))
    page.locator(".choose-state").get_by_text("Open", exact=True).click()
    page.wait_for_url(re.compile("state=open"))
    page.locator(".choose-sort").get_by_text("Due first").click()
    page.wait_for_url(re.compile("sort=due"))
    ready(page)
    shown = numbers(page)
    assert all(number.startswith("D") for number in shown)
    page.reload()
    ready(page)
    assert numbers(page) == shown
    page.locator(".choose-of").get_by_text("Benefits", exact=True).click()
    page.wait_for_url(re.compile("of=benefits"))
    expect(page.locator(LINKS).first).to_have_attribute("href", re.compile("/cases/benefits/"))
    page.locator(".side a").first.click()
    ready(page)
    assert not re.search("of=|state=|sort=", page.url)


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("fa", "dark")])
def test_list_and_case_fit_every_width(addresses: Address, opened: Open, language: str, theme: str) -> None:
    page = opened(addresses("ir"), PATH, language=language, theme=theme)
    fits = "() => document.documentElement.scrollWidth === document.documentElement.clientWidth"
    for width in (1440, 1024, 768, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function(fits)
    page.locator(LINKS).first.click()
    expect(page.locator(".case-course")).to_be_visible()
    for width in (390, 768, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function(fits)


def test_a_person_is_found_and_leaves_no_trace(new_claims: Callable[..., Database], opened: Open) -> None:
    with application(load_pairs(new_claims("ir"))) as made, served(made) as base:
        page = opened(base, "/cases?period=12m")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.get_by_role("textbox", name="National code").fill(code(7))
        page.get_by_role("textbox", name="Workshop code").fill(WORKSHOP)
        page.keyboard.press("Enter")
        expect(page.locator(".found-cases li")).to_have_count(3)
        expect(page.locator(".coverage")).to_contain_text("Covered if filed today")
        expect(page.get_by_role("textbox", name="National code")).to_have_value("")
        expect(page.get_by_role("textbox", name="Workshop code")).to_have_value("")
        assert not [url for url in [*asked, page.url] if code(7) in url or WORKSHOP in url]
        assert code(7) not in page.content()
        kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, history.state])")
        assert code(7) not in kept
        page.locator(".found-cases a", has_text="mine").click()
        expect(page.locator(".case-number")).to_contain_text("mine")
        page.close()


def test_new_cases_come_into_the_list_and_a_later_page_stays(new_claims: Callable[..., Database], opened: Open) -> None:
    database = new_claims("ir")
    common = {"channel": "online", "category": "unemployment_insurance", "province": "IR-23"}

    def load(*names: str, minute: int) -> None:
        opened_at = database.today().isoformat()
        rows = [
            {**common, "id": name, "opened_at": f"{opened_at} 00:00:{minute:02}", "updated_at": f"{opened_at} 00:00:59"}
            for name in names
        ]
        Loader(database, SUBJECTS["registrations"], KEY).chunks(
            "test", lambda: [from_objects(rows, plain(SUBJECTS["registrations"]))]
        )

    load(*(f"old-{n:02}" for n in range(30)), minute=1)
    with application(database) as made, served(made) as base:
        page = opened(base, "/cases")
        assert numbers(page)[0] == "old-29"
        load("new", minute=2)
        expect(page.locator(LINKS).first).to_have_text("new", timeout=10_000)
        page.get_by_role("button", name="Next", exact=True).click()
        expect(page.locator(".page-number")).to_have_text("Page 2")
        expect(page.locator(LINKS)).to_have_count(6)
        before = numbers(page)
        load("newer", minute=3)
        page.wait_for_function("() => document.querySelector('#live .as-of').textContent !== ''")
        page.wait_for_timeout(2500)
        assert numbers(page) == before
        page.get_by_role("button", name="Previous", exact=True).click()
        expect(page.locator(LINKS).first).to_have_text("newer")
        page.close()
