"""HTML of components: escaped, plain, and refused where it would need more than HTML."""

from __future__ import annotations

from typing import Any

import pytest
from dash import dcc, html

from layouts.marks import icon, marked
from layouts.markup import markup

HOSTILE = "<img src=x onerror=alert(1)>\"'&"


def test_a_component_is_the_element_it_stands_for() -> None:
    inside = [html.Strong("a"), " & ", 3, None, icon("x")]
    shown = markup(html.Div(inside, className="c d"))
    assert shown.startswith('<div class="c d"><strong>a</strong> &amp; 3<i ')
    assert shown.endswith("></i></div>")
    assert 'class="bi bi-x"' in shown


@pytest.mark.parametrize(
    ("made", "shown"),
    [
        (html.P(id="i"), '<p id="i"></p>'),
        (html.P(tabIndex=0), '<p tabindex="0"></p>'),
        (html.P(hidden=True), "<p hidden></p>"),
        (html.P(hidden=False), "<p></p>"),
        (html.P(style={"--height": "3px"}), '<p style="--height:3px"></p>'),
        (html.P(**marked({"data-k": "v"})), '<p data-k="v"></p>'),
        (html.P(**marked({"aria-label": "l"})), '<p aria-label="l"></p>'),
    ],
)
def test_attributes_are_called_as_html_calls_them(made: Any, shown: str) -> None:
    assert markup(made) == shown


def test_an_element_without_an_end_has_none() -> None:
    assert markup(html.Img(src="data:,")) == '<img src="data:,">'


@pytest.mark.parametrize("made", [HOSTILE, html.P(HOSTILE), html.P(title=HOSTILE), html.A(href=HOSTILE)])
def test_no_text_becomes_an_element_or_leaves_its_attribute(made: Any) -> None:
    written = markup(made)
    assert "<img" not in written
    assert written.count('"') in (0, 2)
    assert "&lt;img" in written


@pytest.mark.parametrize(
    "made",
    [dcc.Store(id="s"), html.Div(html.Div(dcc.Graph())), html.Button(n_clicks=1), {"a": 1}],
)
def test_what_needs_more_than_html_is_refused(made: Any) -> None:
    with pytest.raises(TypeError):
        markup(made)
