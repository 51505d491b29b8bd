"""What the pages of administrators are built of: forms, choices to tick, and lists whose rows have buttons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from dashboard.access.roles import ROLES
from dashboard.jurisdictions import Jurisdiction
from dashboard.text import Text
from layouts.filter_choices import alphabetical
from layouts.marks import icon, marked


def form(name: str, title: str, hint: str, parts: Sequence[Component]) -> html.Section:
    """A card with a form; ``name`` is the id of its title."""
    titles = html.Div([html.H2(title, id=name), html.P(hint)], className="titles")
    return html.Section([html.Header(titles), *parts], className="panel form", **marked({"aria-labelledby": name}))


def act(button: str, words: str, said: str, sign: str = "check-lg") -> html.Div:
    """The button of a form, and the place that says what came of it."""
    return html.Div(
        [
            dbc.Button([icon(sign, "me-1"), html.Span(words)], id=button, color="primary", size="sm", type="button"),
            html.P(id=said, className="said", role="status"),
        ],
        className="act",
    )


def select(name: str, label: str, options: Mapping[str, str], value: str = "") -> html.Label:
    """One of several; the first of them unless told."""
    listed = [{"label": words, "value": key} for key, words in options.items()]
    chosen = value or next(iter(options), "")
    return html.Label([html.Span(label), dbc.Select(id=name, options=listed, value=chosen, size="sm")])


def field(name: str, label: str, hint: str = "", longest: int = 80) -> html.Label:
    """A line to type."""
    box = dbc.Input(id=name, type="text", size="sm", placeholder=hint, maxlength=longest, autocomplete="off")
    return html.Label([html.Span(label), box])


def ticks(name: str, label: str, options: Mapping[str, str]) -> html.Details:
    """Several of many, behind their name."""
    listed = [{"label": words, "value": key} for key, words in options.items()]
    box = dbc.Checklist(id=name, options=listed, value=[], class_name="ticks")
    return html.Details(
        [
            html.Summary([html.Span(label), icon("chevron-down")]),
            html.Div(box, role="group", **marked({"aria-label": label})),
        ],
        className="ticked",
    )


def button(sign: str, words: str, store: str, key: str, confirm: str = "") -> html.Button:
    """A button of a row: it writes ``key`` to a store, after a question where one is to be answered first."""
    marks = {"aria-label": words, "data-drop": store, "data-key": key}
    if confirm:
        marks["data-confirm"] = confirm
    return html.Button(icon(sign), className="tool", type="button", title=words, **marked(marks))


def listing(caption: str, heads: Sequence[str], rows: Sequence[Sequence[Any]], none: str) -> Component:
    """Rows of cells under their heads, the last cell for buttons; a sentence where there is none."""
    if not rows:
        return html.P(none, className="hint")
    return html.Table(
        [
            html.Caption(caption, className="visually-hidden"),
            html.Thead(html.Tr([html.Th(head, scope="col") for head in heads])),
            html.Tbody([html.Tr([html.Th(row[0], scope="row"), *map(html.Td, row[1:])]) for row in rows]),
        ],
        className="table",
    )


def secret(words: str, value: str) -> list[Component]:
    """Something that is shown this once: a password, a token."""
    return [html.P(words), html.Code(value, dir="ltr", tabIndex=0)]


def role_names(text: Text) -> dict[str, str]:
    """The roles by key, as readers call them."""
    return {key: text(f"role.{key}") for key in ROLES}


def province_names(text: Text, jurisdiction: Jurisdiction) -> dict[str, str]:
    """The provinces by code, in the order of the language."""
    return alphabetical(dict(jurisdiction.names_of("provinces", text.language)), text)


def places(provinces: Sequence[str] | None, text: Text, jurisdiction: Jurisdiction) -> str:
    """Provinces by name; the whole nation where none is named."""
    names = jurisdiction.names_of("provinces", text.language)
    if not provinces:
        return text("people.nation")
    return text("note.and").join(names.get(code, code) for code in provinces)
