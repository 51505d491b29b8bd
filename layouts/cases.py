"""The page of single cases: finding one, the list, and the case in view."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.access.person import Person
from dashboard.filters import SUBJECTS
from dashboard.jurisdictions import Jurisdiction
from dashboard.panel import Page
from dashboard.scope import Scope
from dashboard.text import Text
from layouts.empty import nothing_found
from layouts.marks import icon, marked
from queries.cases import GAPS, LISTED, SORTS, STATES, TURNS

LIST, CASE, FIND = "cases-list", "cases-case", "cases-find"
"""The keys of the page's three cards."""
FILED = ("period", "ever")
_FIRST = ("of", "state")
"""The choices that a telephone shows at once; of the others only what differs from the usual, which stands first."""
FILE = "/export/cases.csv"
"""Where a whole list is to be had."""
OWN = ids.panel(LIST, "own")
"""Store: what the list is asked beside the filters: subject, state, order, and the place of its page."""


def body(text: Text, _: Jurisdiction, person: Person) -> html.Div:
    """The page, empty as yet: its callbacks fill the list and, at the address of a case, that case."""
    return html.Div(
        [_find(text), _list(text, person.scope), _case(text)],
        id=ids.panel("cases", "page"),
        className="cases",
        **marked({"data-shows": "list"}),
    )


def _list(text: Text, scope: Scope) -> html.Section:
    listed = [name for name in LISTED if scope.covers(name)]
    controls = html.Div(
        [
            _choice(
                "of", {name: text(f"show.{name}" if name in SUBJECTS else f"cases.of.{name}") for name in listed}, text
            ),
            _choice("state", {name: text(f"cases.state.{name}") for name in STATES}, text, STATES[0]),
            html.Button(
                [icon("sliders"), html.Span(text("cases.further"))],
                className="btn btn-outline-secondary btn-sm folds",
                type="button",
                **marked({"data-folds": "", "aria-expanded": "false"}),
            ),
            _choice("turn", {name: text(f"cases.actor.{name}") for name in ("anyone", *TURNS)}, text, "anyone"),
            _choice("filed", {name: text(f"cases.filed.{name}") for name in FILED}, text, FILED[0]),
            _choice("sort", {name: text(f"cases.sort.{name}") for name in SORTS}, text, SORTS[0]),
            _choice("gap", {name: text(f"cases.gap.{name}") for name in ("any", *GAPS["registrations"])}, text, "any"),
        ],
        className="case-choices",
    )
    turning = html.Nav(
        [
            _turn("previous", "chevron-left", text),
            html.Span(id=ids.panel(LIST, "page"), className="page-number", role="status"),
            _turn("next", "chevron-right", text),
        ],
        className="turning",
        **marked({"aria-label": text("cases.pages")}),
    )
    table = html.Div(id=ids.panel(LIST, "table"), className="case-rows")
    return _card(LIST, [controls, html.P(text("cases.list.hint"), className="hint")], [table, turning], text)


def _case(text: Text) -> html.Section:
    return _card(CASE, [], [html.Div(id=ids.panel(CASE, "table"))], text)


def _card(key: str, head: list[Component], answer: list[Component], text: Text) -> html.Section:
    """A card with the states of every card: loading, empty, error; its callback and the gate know it by its ids."""
    heading = ids.panel(key, "title")
    tools = [html.Div(_whole(text), className="tools")] if key == LIST else []
    stores = [dcc.Store(id=ids.panel(key, "ask")), dcc.Store(id=ids.panel(key, "held"))]
    if key == LIST:
        stores.append(dcc.Store(id=OWN))
    return html.Section(
        [
            html.Header(
                [html.Div(html.H2(text(f"panel.{key}.title"), id=heading, tabIndex=-1), className="titles"), *tools],
            ),
            *head,
            html.Div(
                [
                    html.Div(className="skeleton", **marked({"aria-hidden": "true"})),
                    html.Div(answer, className="answer"),
                    html.Div([_nothing(key, text), _error(key, text)], className="trouble"),
                ],
                id=ids.panel(key, "body"),
                className="panel-body is-loading" if key == LIST else "panel-body",  # no case is asked for as yet
            ),
            html.Footer(id=ids.panel(key, "note"), className="note"),
            *stores,
        ],
        id=ids.panel(key, "card"),
        className="panel panel-cases",
        **marked({"aria-labelledby": heading, "data-panel": key}),
    )


def _whole(text: Text) -> html.A:
    """The way to the whole list as a file; the page's script says which list."""
    label = text("cases.file")
    return html.A(
        [icon("filetype-csv"), html.Span(label)],
        href=FILE,
        className="btn btn-outline-secondary btn-sm",
        **marked({"data-list-file": FILE}),
    )


def _nothing(key: str, text: Text) -> html.Div:
    return html.Div(nothing_found(text), id=ids.panel(key, "empty"), className="when-empty")


def _error(key: str, text: Text) -> html.Div:
    again = dbc.Button(
        text("action.retry"), id=ids.panel(key, "retry"), outline=True, color="secondary", size="sm", type="button"
    )
    return html.Div(
        [
            icon("cloud-slash"),
            html.P(text("state.error"), className="what"),
            html.P(text("cases.error.hint")),
            again,
        ],
        className="when-error",
        role="alert",
    )


def _choice(name: str, options: Mapping[str, str], text: Text, value: str | None = None) -> html.Div:
    label = ids.panel(LIST, f"{name}-label")
    return html.Div(
        [
            html.Span(text(f"cases.choose.{name}"), id=label, className="name"),
            html.Div(
                dbc.RadioItems(
                    id=ids.panel(LIST, name),
                    options=[{"label": label, "value": key} for key, label in options.items()],
                    value=value,
                    class_name="btn-group",
                    input_class_name="btn-check",
                    label_class_name="btn segment",
                    label_checked_class_name="active",
                ),
                className="segments",
                role="group",
                **marked({"aria-labelledby": label}),
            ),
        ],
        className=f"choose choose-{name}" + ("" if name in _FIRST else " seldom"),
    )


def _turn(way: str, sign: str, text: Text) -> html.Button:
    word = html.Span(text(f"cases.{way}"))
    return html.Button(
        [icon(sign), word] if way == "previous" else [word, icon(sign)],
        id=ids.panel(LIST, way),
        className="btn btn-outline-secondary btn-sm",
        type="button",
        disabled=True,
    )


def _find(text: Text) -> html.Section:
    """Two ways to find a case. What is typed is sent once, in the body of a request, and cleared."""
    heading = ids.panel(FIND, "title")
    return html.Section(
        [
            html.Header(html.Div(html.H2(text(f"panel.{FIND}.title"), id=heading), className="titles")),
            html.Div(
                [
                    html.Div([_field("number", text), _button("by-number", text)], className="find-by", role="group"),
                    html.Div(
                        [
                            _field("person", text, "numeric"),
                            _field("workshop", text, "numeric"),
                            _button("by-pair", text),
                        ],
                        className="find-by",
                        role="group",
                    ),
                ],
                className="finding",
            ),
            html.P(text("cases.find.hint"), className="hint"),
            html.Div(id=ids.panel(FIND, "found"), className="found", role="status"),
        ],
        className="panel panel-cases-find",
        **marked({"aria-labelledby": heading}),
    )


def _field(name: str, text: Text, mode: Any = "text") -> html.Label:
    return html.Label(
        [
            html.Span(text(f"cases.find.{name}")),
            dcc.Input(
                id=ids.panel(FIND, name),
                value="",
                type="text",
                inputMode=mode,
                autoComplete="off",
                spellCheck="false",
                maxLength=64,
                className="form-control",
            ),
        ]
    )


def _button(name: str, text: Text) -> html.Button:
    return html.Button(
        [icon("search"), html.Span(text("cases.find.button"))],
        id=ids.panel(FIND, name),
        className="btn btn-outline-secondary",
        type="button",
        **marked({"aria-label": text(f"cases.find.{name}")}),
    )


CASES = Page(
    key="cases",
    path="/cases",
    icon="folder2-open",
    right="cases",
    panels=(),
    body=body,
    choosing=True,
    beneath=True,
    answers=frozenset({"period", "province", "office", "channel", "category", "trait"}),
)
"""Single cases; everything on the page is asked under the reader's own scope."""
