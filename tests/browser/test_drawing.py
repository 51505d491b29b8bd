"""What keeps a page quick: a card is drawn without touching the rest, and asked for before Dash has told all."""

from __future__ import annotations

import json
from collections.abc import Callable

from playwright.sync_api import Browser

from tests.browser.conftest import Open, ready
from tests.pages import SPAN_QUERY

VALUES = "() => Array.from(document.querySelectorAll('.value'), (value) => value.innerText).join()"
Address = Callable[[str], str]
DRAW = """() => {
  const drawing = document.querySelector(".js-plotly-plot .main-svg");
  const mark = drawing.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "g"));
  mark.setAttribute("class", "point");
  mark.getBoundingClientRect();
  return document.querySelectorAll("*").length;
}"""


def test_a_mark_that_is_drawn_makes_nothing_else_be_styled_anew(
    addresses: Address, opened: Open, browser: Browser
) -> None:
    page = opened(addresses("ir"), f"/?{SPAN_QUERY}")
    page.wait_for_timeout(500)
    browser.start_tracing(page=page, categories=["devtools.timeline"])
    elements = page.evaluate(DRAW)
    events = json.loads(browser.stop_tracing())["traceEvents"]
    styled = [event["args"]["elementCount"] for event in events if event["name"] == "UpdateLayoutTree" if event["args"]]
    assert styled
    assert max(styled) < elements / 10


def test_cards_follow_a_filter_before_dash_has_told_its_components(addresses: Address, opened: Open) -> None:
    page = opened(addresses("ir"), f"/?{SPAN_QUERY}")
    asked: list[str] = []
    page.on(
        "request",
        lambda r: asked.append(r.post_data or "") if '"changedPropIds":["lane-' in (r.post_data or "") else None,
    )
    page.evaluate("() => { dash_clientside.rasad.show = () => undefined; }")
    before = page.evaluate(VALUES)
    page.evaluate("() => document.querySelector('#filter-period-choice input').click()")
    page.wait_for_function(f"before => ({VALUES})() !== before", arg=before)
    ready(page)
    cards = [key for body in asked for key in json.loads(body)["inputs"][0]["value"]["panels"]]
    assert len(cards) == len(set(cards)) > 1
