"""The page on which administrators search what was done: who, when, from where, what, and how many rows it gave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.access.audit import ACTIONS, Entry
from dashboard.access.person import Person
from dashboard.jurisdictions import Jurisdiction
from dashboard.panel import Page
from dashboard.text import Text
from layouts.administration import act, field, form, listing, places, province_names, select
from layouts.day_picker import day_picker
from layouts.marks import icon, marked

ANY = "any"
"""The choice of no action or province in particular."""
FROM, TO = "audit-from", "audit-to"
"""The names of the day pickers."""
_WEEK = timedelta(days=7)


def part(name: str) -> str:
    """The id of a part of the page."""
    return ids.panel("audit", name)


def body(text: Text, jurisdiction: Jurisdiction, person: Person) -> html.Div:  # noqa: ARG001  as every page's body
    """The search and the place of what it finds."""
    today = datetime.now(jurisdiction.timezone).date()
    actions: dict[str, str] = {ANY: text("audit.any")}
    actions |= {key: text(f"audit.action.{key}") for key in ACTIONS}
    provinces = {ANY: text("audit.any"), **province_names(text, jurisdiction)}
    search = [
        html.Div(
            [
                field(part("login"), text("audit.who"), text("audit.beginning")),
                select(part("action"), text("audit.what"), actions),
                field(part("object"), text("audit.object"), text("audit.beginning"), 200),
                select(part("province"), text("filter.province"), provinces),
                day_picker(FROM, text, today - _WEEK),
                day_picker(TO, text, today),
            ],
            className="fields",
        ),
        act(part("search"), text("audit.search"), part("said"), "search"),
        html.Div(
            id=part("table"),
            className="kept",
            tabIndex=0,
            role="region",
            **marked({"aria-label": text("page.audit.title")}),
        ),
        html.Div(
            [
                _turn("newer", "chevron-left", text),
                _turn("older", "chevron-right", text),
                html.A(
                    [icon("filetype-csv", "me-1"), html.Span(text("audit.file"))],
                    id=part("file"),
                    href="/audit.csv",
                    className="btn btn-outline-secondary btn-sm",
                    download="",
                ),
            ],
            className="act",
        ),
        dcc.Store(id=part("place")),
    ]
    return html.Div([form(part("title"), text("audit.title"), text("audit.hint"), search)], className="administration")


def _turn(name: str, sign: str, text: Text) -> dbc.Button:
    return dbc.Button(
        [icon(sign, "turns me-1"), html.Span(text(f"audit.{name}"))],
        id=part(name),
        color="secondary",
        outline=True,
        size="sm",
        disabled=True,
    )


def found(entries: Sequence[Entry], logins: Mapping[str, str], text: Text, jurisdiction: Jurisdiction) -> Component:
    """Entries as a table, the newest first; ``logins`` says whose an account is (``account/7``)."""
    heads = [text(f"audit.{name}") for name in ("when", "who", "what", "object", "rows", "where")]
    rows = [
        [
            text.moment(entry.at, jurisdiction.timezone),
            _who(entry, text),
            text(f"audit.action.{entry.action}") if text.has(f"audit.action.{entry.action}") else entry.action,
            [
                html.Bdi(" ".join([entry.object, logins.get(entry.object, "")])),
                html.Div(_detail(entry.detail, text, jurisdiction), className="beneath"),
            ],
            text.number(entry.rows),
            html.Bdi(entry.address),
        ]
        for entry in entries
    ]
    return listing(text("audit.title"), heads, rows, text("audit.none"))


def _who(entry: Entry, text: Text) -> list[Component]:
    role = next((text(key) for key in (f"role.{entry.role}", f"audit.role.{entry.role}") if text.has(key)), entry.role)
    return [html.Bdi(entry.login or text("audit.nobody")), html.Div(role, className="beneath")]


def _detail(detail: Mapping[str, Any], text: Text, jurisdiction: Jurisdiction) -> list[Component]:
    """What else was kept of an act: names and values as they are kept, provinces by name."""
    parts = []
    for name, value in detail.items():
        if name == "provinces":
            told = places(value, text, jurisdiction)
        elif isinstance(value, Mapping):
            told = " ".join(f"{key}={each}" for key, each in value.items())
        else:
            told = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        if told:
            parts.append(html.Span([html.Bdi(told if name in ("provinces", "filters") else f"{name}: {told}"), " "]))
    return list(parts)


AUDIT = Page(key="audit", path="/audit", icon="journal-text", right="administration", body=body, panels=())
"""The audit: for administrators alone."""
