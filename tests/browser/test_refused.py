"""What people see when the server refuses: the session is over, the page is of an earlier one, it is not for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from callbacks.index import Rasad
from dashboard.access import sessions
from dashboard.claims.database import Database
from dashboard.text import LANGUAGES, text
from layouts.pages import PAGES
from tests.browser.conftest import ready
from tests.pages import application, cookies, served, signed_in

_INLINE = """() => {
  const script = document.createElement("script");
  script.textContent = "window.__made = true";
  document.body.append(script);
}"""
_STOPPED = (
    "document.addEventListener('securitypolicyviolation', (e) => (window.__stopped ??= []).push(e.violatedDirective))"
)


@pytest.fixture
def made(demo_claims: Callable[[str], Database]) -> Iterator[Rasad]:
    with application(demo_claims("ir")) as rasad:
        yield rasad


@pytest.fixture
def opened(browser: Browser, made: Rasad) -> Iterator[Callable[[str, str], Page]]:
    """Opens the overview with a session and in a language; here the console may complain of what is refused."""
    with served(made) as base:
        contexts = []

        def open_page(session: str, language: str = "en", path: str = "/") -> Page:
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            contexts.append(context)
            context.add_init_script(_STOPPED)
            context.add_cookies([*cookies(base, session), {"name": "rasad_language", "value": language, "url": base}])
            page = context.new_page()
            page.goto(base + path)
            ready(page)
            return page

        yield open_page
        for context in contexts:
            context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_session_that_ended_covers_the_page_and_leads_back_in(
    made: Rasad, opened: Callable[..., Page], language: str
) -> None:
    session = signed_in(made)
    page = opened(session, language, "/due?province=IR-23")
    sessions.end(made.server.extensions["rasad"].database, sessions.key_of(session))
    dialog = page.locator("#ended")
    expect(dialog).to_be_visible(timeout=8_000)
    expect(dialog).to_contain_text(text(language)("refusal.ended"))
    page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    assert page.locator("#ended a").get_attribute("href") == "/sign-in?next=%2Fdue%3Fprovince%3DIR-23"
    page.locator("#ended a").click()
    page.wait_for_url("**/sign-in?next=*")


def test_who_signs_in_again_in_another_tab_goes_on(made: Rasad, opened: Callable[..., Page]) -> None:
    session = signed_in(made)
    page = opened(session)
    sessions.end(made.server.extensions["rasad"].database, sessions.key_of(session))
    expect(page.locator("#ended")).to_be_visible(timeout=8_000)
    base = page.url.rstrip("/")
    page.context.add_cookies(cookies(base, signed_in(made)))
    expect(page.locator("#ended")).to_be_hidden(timeout=8_000)
    ready(page)


def test_a_page_of_an_earlier_session_says_so(made: Rasad, opened: Callable[..., Page]) -> None:
    page = opened(signed_in(made))
    page.context.add_cookies(cookies(page.url.rstrip("/"), signed_in(made)))
    page.locator("#filter-period-choice input").first.dispatch_event("click")
    expect(page.locator("#said")).to_contain_text(text("en")("refusal.stale"))
    page.locator("#said [data-reload]").click()
    expect(page.locator("#said")).to_be_hidden()
    ready(page)


def test_what_is_refused_is_said(made: Rasad, opened: Callable[..., Page]) -> None:
    page = opened(signed_in(made))
    page.evaluate("() => fetch('/_dash-update-component', {method: 'POST', body: '{}'})")
    said = page.locator("#said")
    expect(said).to_contain_text(text("en")("refusal.400"))
    said.locator("[data-close]").click()
    expect(said).to_be_hidden()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_needs_what_its_policy_forbids(made: Rasad, opened: Callable[..., Page], language: str) -> None:
    page = opened(signed_in(made), language)
    for spec in PAGES:
        page.goto(f"{page.url.split('/', 3)[0]}//{page.url.split('/')[2]}{spec.path}")
        page.wait_for_timeout(400)
        page.wait_for_function("() => !document.querySelector('.panel-body.is-loading')")
        assert page.evaluate("() => window.__stopped || []") == [], spec.path
    page.evaluate(_INLINE)
    assert page.evaluate("() => [window.__made, window.__stopped.length]") == [None, 1]  # and it does forbid
