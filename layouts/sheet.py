"""A card as a document of its own, to be pictured or printed: the question, its answer, and all it rests on.

What stands on it is what the card shows (`Face`), without anything to click. A sheet is 16:9 like a slide; a table has
A4 on its side, and goes on over pages as PDF. Several cards make one document with a page each (`pages`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

import orjson
from dash import html
from dash.development.base_component import Component

from dashboard.exports.notes import context, narrowed
from dashboard.exports.pictures import Sheet
from dashboard.exports.taken import Taken
from dashboard.figures.theme import FONTS, LIGHT
from dashboard.measures import MEASURES
from dashboard.text import Text
from layouts.marks import marked
from layouts.markup import Html, markup

Style = Literal["light", "print"]
STYLES: Final[tuple[Style, ...]] = get_args(Style)
"""As on screen in the light appearance, or for paper: white, without the ground of a card."""
LEAST: Final = 340
TALLER: Final = 460
"""Pixels that a figure without a height of its own has on a sheet, and a map."""

_WIDE: Final = (960, 540)
_SMALL: Final = (640, 360)
_PAPER: Final = (1123, 794)
"""Pixels of a slide, of a headline number's sheet, and of A4 on its side, at 96 an inch."""
_EDGES: Final = (42, 40)
"""Pixels that paper keeps free at its sides, and above and below."""
_ALONE: Final = (920, 420)
_SLIDE: Final = 2.2
"""How much wider than high the place of a figure on a slide is."""
_WIDEST: Final = 1980
"""From 2,000 pixels on the styles are those of walls."""


@dataclass(frozen=True)
class Face:
    """What a card shows: HTML, plotly's JSON of a ``figure`` where it has one, and the ``state`` class of its body."""

    title: str
    subtitle: str
    state: str
    content: str
    figure: str
    note: str


@dataclass(frozen=True)
class Page:
    """A card in a document of several: under ``words`` and with a ``remark``, where there are any."""

    taken: Taken
    face: Face
    words: str = ""
    remark: str = ""


def card(taken: Taken, face: Face, style: Style = "light") -> Sheet:
    """The sheet of one card."""
    text, table = taken.look.text, _is_table(taken, face)
    width, height = _PAPER if table else _SMALL if taken.panel.kind == "number" else _WIDE
    main = html.Main(_article(Page(taken, face), 1, text), className=f"sheet is-{style}")
    return Sheet(
        title=taken.title,
        language=text.language,
        direction=text.direction,
        body=markup([*([_paper(text, taken.title, taken.demo)] if table else []), main]),
        figures={"figure-1": face.figure} if face.figure else {},
        width=width,
        height=height,
        flows=table,
        more=lambda rows: text("sheet.more", n=rows),
    )


def figure_alone(taken: Taken, face: Face) -> Sheet:
    """The sheet of a figure without any words around it, on white: as wide as a slide is beside its height."""
    text = taken.look.text
    width, height = _ALONE
    width = min(max(width, round(orjson.loads(face.figure)["layout"]["height"] * _SLIDE)), _WIDEST)
    graph = html.Div(id="figure-1", className="graph")
    body = markup(html.Main(html.Div(graph, className="alone"), className="sheet is-print is-alone"))
    return Sheet(taken.title, text.language, text.direction, body, {"figure-1": face.figure}, width, height)


def pages(
    text: Text,
    title: str,
    shown: Sequence[Page | Component],
    style: Style,
    before: Sequence[Component],
    after: Sequence[Component],
) -> Sheet:
    """One document on A4: what comes ``before``, a page a card, what comes ``after``; long tables go on over pages.

    What is shown is cards, and pages made elsewhere.
    """
    cards = {number: page for number, page in enumerate(shown, 1) if isinstance(page, Page)}
    articles = [
        _article(page, number, text, paged=True) if isinstance(page, Page) else page
        for number, page in enumerate(shown, 1)
    ]
    demo = any(page.taken.demo for page in cards.values())
    body = [_paper(text, title, demo), html.Main([*before, *articles, *after], className=f"sheet is-{style} is-whole")]
    figures = {f"figure-{number}": page.face.figure for number, page in cards.items() if page.face.figure}
    return Sheet(title, text.language, text.direction, markup(body), figures, *_PAPER, flows=True)


def _paper(text: Text, title: str, demo: bool) -> Html:
    """The style of the pages: their size, and at the foot of each what the document is and which page of how many."""
    start, end = ("right", "left") if text.rtl else ("left", "right")
    said = " · ".join([title, *([text("demo.badge")] if demo else [])])
    digits = ", persian" if text.language == "fa" else ""
    across, down = _EDGES
    width, height = _PAPER
    small = f"font: 10px {FONTS[text.language]}; color: {LIGHT.muted};"
    return Html(
        f"<style>:root {{ --page: {height - 2 * down}px; --line: {width - 2 * across}px; }} "
        f"@page {{ size: {width}px {height}px; margin: {down}px {across}px; "
        f"@bottom-{start} {{ content: {_quoted(said)}; {small} }} "
        f"@bottom-{end} {{ content: counter(page{digits}) ' / ' counter(pages{digits}); {small} }} }}</style>"
    )


def _quoted(words: str) -> str:
    """A string of CSS within an element ``style``: letters that could end either are written by their numbers."""
    return '"' + "".join(c if c.isalnum() or c in " ·.,:;?!" else f"\\{ord(c):x} " for c in words) + '"'


def _is_table(taken: Taken, face: Face) -> bool:
    return taken.panel.kind == "table" and face.state == "panel-body"


def _article(page: Page, number: int, text: Text, paged: bool = False) -> html.Article:
    """A card: what it asks, what it answers, what that rests on."""
    taken, face = page.taken, page.face
    flows = _is_table(taken, face)
    kinds = ["panel", f"panel-{taken.panel.kind}", *(["goes-on"] if flows else ["fills"] if paged else [])]
    return html.Article(
        [
            _head(page, text),
            *([html.P(page.remark, className="sheet-remark")] if page.remark else []),
            html.Div(_answer(face, number, paged), className=face.state),
            html.P(className="sheet-more"),
            _foot(taken, face, text),
        ],
        className=" ".join(kinds),
    )


def _head(page: Page, text: Text) -> html.Header:
    taken, face = page.taken, page.face
    title = Html(face.title)
    lines: list[Component] = [html.H1(page.words or title)]
    lines += [html.P(title, className="sheet-question")] if page.words else []
    subtitle = f"panel.{taken.panel.key}.subtitle"
    said: str = Html(face.subtitle) or (text(subtitle) if text.has(subtitle) else "")
    lines += [html.P(said, className="sheet-subtitle")] if said else []
    lines.append(html.P(_parts([*context(taken), *narrowed(taken)]), className="sheet-context"))
    badge = [html.Span(text("demo.badge"), className="sheet-demo")] if taken.demo else []
    return html.Header([html.Div(lines, className="titles"), *badge])


def _answer(face: Face, number: int, paged: bool) -> Component:
    if face.figure:
        return html.Div(id=f"figure-{number}", className="graph", **marked({"data-room": "page"} if paged else {}))
    if face.state != "panel-body":
        return html.Div(Html(face.content), className="calm")
    return html.Div(Html(face.content), className="sheet-content")


def _foot(taken: Taken, face: Face, text: Text) -> html.Footer:
    """The note of the card, the definitions of what is counted, whose program it is from."""
    measures = taken.panel.measures
    basis = sorted({MEASURES[key].basis for key in measures})
    defined = [
        html.P([html.Strong(text(f"measure.{key}.label")), ": ", text(f"measure.{key}.definition")]) for key in measures
    ]
    return html.Footer(
        [
            html.P(Html(face.note), className="sheet-note"),
            *defined,
            *(html.P(text(f"basis.{name}")) for name in basis),
            html.P([html.Strong(text("app.name")), *([" · ", text("demo.notice")] if taken.demo else [])]),
        ]
    )


def _parts(parts: Sequence[str]) -> list[Component]:
    """Phrases side by side, each in its own direction."""
    return [html.Bdi(part) for part in parts]
