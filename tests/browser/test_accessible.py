"""Every page is held to WCAG 2.2 AA by axe, each in another language and appearance by turns."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe

from dashboard.panel import Page
from layouts.pages import PAGES
from tests.browser.conftest import Open
from tests.pages import session_at

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


LOOKS = (("en", "light"), ("fa", "dark"), ("vi", "light"))


@pytest.mark.parametrize(
    ("page", "look"),
    [(page, LOOKS[place % len(LOOKS)]) for place, page in enumerate(PAGES)],
    ids=[page.key for page in PAGES],
)
def test_a_page_breaks_no_rule(
    addresses: Callable[[str], str], opened: Open, page: Page, look: tuple[str, str]
) -> None:
    language, theme = look
    base = addresses("vn" if page.needs else "ir")
    shown = opened(base, page.path, language=language, theme=theme, session=session_at(base, page))
    found = Axe().run(shown, options=RULES).response["violations"]
    told = [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]]
    assert told == []
