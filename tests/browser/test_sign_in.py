"""Signing in with a real browser: without scripts, on a telephone, and a page that becomes another person's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from dashboard.text import LANGUAGES, text
from tests.browser.conftest import Open, ready
from tests.pages import cookies


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_any_script_one_is_let_in(addresses: Callable[[str], str], browser: Browser, language: str) -> None:
    base, t = addresses("ir"), text(language)
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(f"{base}/sign-in?lang={language}&next=/account")
    assert page.locator("h1").inner_text() == t("sign_in.demo.title")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("details.own summary").click()
    page.locator("#login").fill("nobody")
    page.locator("#password").fill("not the password")
    page.get_by_role("button", name=t("sign_in.submit"), exact=True).click()
    assert t("sign_in.wrong") in page.locator("[role=alert]").inner_text()
    page.locator("button[value=demo-ir-23]").click()
    assert page.url == f"{base}/account"
    page.get_by_role("button", name=t("account.out"), exact=True).click()
    assert t("sign_in.signed_out") in page.locator("[role=status]").inner_text()
    context.close()


def test_a_page_becomes_that_of_who_signed_in_meanwhile(addresses: Callable[[str], str], opened: Open) -> None:
    base = addresses("ir")
    page = opened(base, "/")
    assert "Headquarters" in page.locator(".of-person summary").inner_text()
    other = page.context.new_page()
    other.goto(f"{base}/sign-in")
    other.locator("button[value=demo-ir-23]").click()
    other.close()
    page.bring_to_front()
    page.locator(".of-person summary", has_text="Tehran").wait_for()
    ready(page)
    assert page.locator("#filter-province-box").is_hidden()
    page.context.add_cookies(cookies(base))
