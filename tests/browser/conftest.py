"""A real Chromium on applications over demo data."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from dashboard.claims.database import Database
from tests.pages import application, cookies, served

FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
Open = Callable[..., Page]


_LAUNCHED: list[Browser] = []
"""The browser that is there: Playwright steers no second one on the same thread."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium: the system's where there is one, else Playwright's own. One for all that import this fixture."""
    if _LAUNCHED:
        yield _LAUNCHED[0]
        return
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=FLAGS)
        _LAUNCHED.append(launched)
        yield launched
        _LAUNCHED.clear()
        launched.close()


@pytest.fixture(scope="session")
def addresses(demo_claims: Callable[[str], Database]) -> Iterator[Callable[[str], str]]:
    """The address of a served application of a jurisdiction, made once; tests that use it only read."""
    made: dict[str, str] = {}
    with ExitStack() as stack:

        def of(jurisdiction: str) -> str:
            if jurisdiction not in made:
                rasad = stack.enter_context(application(demo_claims(jurisdiction)))
                made[jurisdiction] = stack.enter_context(served(rasad))
            return made[jurisdiction]

        yield of


@pytest.fixture
def opened(browser: Browser) -> Iterator[Open]:
    """Opens a page in a language, theme and width, signed in as headquarters unless told, and waits for its cards.

    When the test ends, anything the console complained of and any request to another host fails it.
    """
    complaints: list[str] = []
    contexts = []

    def open_page(
        base: str,
        path: str = "/",
        *,
        language: str = "en",
        theme: str = "light",
        width: int = 1440,
        session: str | None = None,
        **options: Any,
    ) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        for name, value in (("rasad_language", language), ("rasad_theme", theme)):
            context.add_cookies([{"name": name, "value": value, "url": base}])
        context.add_cookies(cookies(base, session))
        page = context.new_page()
        page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda r: None if r.url.startswith((base, "data:", "blob:")) else complaints.append(r.url))
        page.goto(base + path)
        ready(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def ready(page: Page) -> None:
    """Wait until every card has its answer: what was just clicked may have asked for nothing as yet."""
    page.wait_for_timeout(150)
    page.wait_for_function(
        # An expression would be made into code on the page, which its policy refuses; a function is not.
        "() => document.querySelectorAll('.panel').length && !document.querySelector('.panel-body.is-loading')"
        " && dash_clientside.rasad.idle() && !document.documentElement.dataset.asking"
        " && !document.getAnimations().some((each) => each instanceof CSSTransition)"  # what fades is not legible yet
    )
