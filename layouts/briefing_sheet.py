"""What stands before and after the cards of a briefing on paper: title page, contents, definitions and sources."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.exports.briefing import Leaf, Whole


def before(whole: Whole) -> list[Component]:
    """The title page, and the contents with what the figures say."""
    text = whole.text
    lines = [html.P(html.Bdi(line)) for line in whole.front]
    said = [html.H2(text("briefing.summary")), html.Ul(_items(whole.summary))] if whole.summary else []
    contents = html.Ol([html.Li(html.Bdi(leaf.heading)) for leaf in whole.leaves])
    return [
        html.Section([html.H1(html.Bdi(whole.name)), *lines], className="sheet-title"),
        html.Section([html.H2(text("briefing.contents")), contents, *said], className="sheet-contents"),
    ]


def unanswered(leaf: Leaf) -> html.Article:
    """The page of a question that has no answer: it says why, and shows nothing."""
    return html.Article(
        [
            html.Header(html.Div(html.H1(html.Bdi(leaf.heading)), className="titles")),
            *([html.P(html.Bdi(leaf.note), className="sheet-remark")] if leaf.note else []),
            html.Div(html.P(leaf.refused), className="calm"),
        ],
        className="panel fills",
    )


def after(whole: Whole) -> list[Component]:
    """Definitions and sources."""
    defined = [html.P([html.Strong(f"{label}: "), words] if label else words) for label, words in whole.definitions]
    sources = [html.P(html.Bdi(line)) for line in whole.sources]
    title = html.H2(whole.text("briefing.definitions"))
    return [html.Section([title, *defined, *sources], className="sheet-definitions")]


def _items(lines: Sequence[str]) -> list[html.Li]:
    return [html.Li(html.Bdi(line)) for line in lines]
