"""The filter bar: subject, period, provinces, channels, comparison, and behind a button what is asked for less often.

On a telephone the same controls stand in a sheet. What the controls offer and say is in `layouts.filter_choices`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.filters import COMPARISONS, SUBJECTS
from dashboard.jurisdictions import Jurisdiction
from dashboard.scope import Scope
from dashboard.text import Text
from layouts.day_picker import day_picker
from layouts.filter_choices import FURTHER, USUAL, alphabetical, options
from layouts.marks import icon, marked

_ICONS = {"compare": "arrow-left-right"}


def filter_bar(text: Text, jurisdiction: Jurisdiction, today: date, scope: Scope) -> html.Div:
    """All controls, each present once; nothing is chosen yet. What the ``scope`` does not hold is not offered."""
    provinces = jurisdiction.names_of("provinces", text.language)
    if scope.provinces is not None:
        provinces = {code: name for code, name in provinces.items() if code in scope.provinces}
    controls = [
        _one("subject", {name: text(f"show.{name}") for name in SUBJECTS if scope.covers(name)}, text),
        html.Div(
            [_periods(text), _custom(text, today)],
            id=ids.control("period", "box"),
            className="segments",
            role="group",
            **_named(text, "period"),
        ),
        _several("province", alphabetical(provinces, text), text),
        _several("channel", jurisdiction.names_of("channels", text.language), text),
        _one("compare", {name: text(f"compare.{name}") for name in COMPARISONS}, text),
        _more(text),
        _views(text),
    ]
    head = html.Div(
        [
            html.H2(text("filter.title")),
            html.Button(
                icon("x-lg"),
                className="tool",
                type="button",
                **marked({"aria-label": text("filter.close"), "data-closes": "filters"}),
            ),
        ],
        className="sheet-head",
    )
    foot = html.Button(
        text("filter.done"), className="btn btn-primary sheet-foot", type="button", **marked({"data-closes": "filters"})
    )
    return html.Div(
        [
            html.Div(
                [
                    html.Button(
                        [
                            icon("sliders"),
                            html.Span(text("filter.title")),
                        ],
                        className="opens-filters",
                        type="button",
                        **marked(
                            {"data-opens": "filters", "aria-expanded": "false", "aria-controls": ids.shell("filters")}
                        ),
                    ),
                    html.Div([head, *controls, foot], id=ids.shell("filters"), className="controls"),
                ],
                className="bar",
            ),
            html.Div(
                [
                    html.Nav(
                        html.Ol(id=ids.shell("trail")), className="trail", **marked({"aria-label": text("trail.title")})
                    ),
                    html.P(id=ids.control("period", "window"), className="window"),
                    html.P(id=ids.control("unused", "names"), className="window"),
                    html.Ul(id=ids.control("chosen", "chips"), className="chips"),
                ],
                className="context",
            ),
        ],
        id=ids.shell("filter-bar"),
        className="filters",
        role="search",
        **marked({"aria-label": text("filter.title")}),
    )


def _named(text: Text, name: str) -> dict[str, Any]:
    return marked({"aria-label": text(f"filter.{name}")})


def _periods(text: Text) -> dbc.RadioItems:
    return dbc.RadioItems(
        id=ids.control("period"),
        options=[{"label": text(f"period.{name}"), "value": name} for name in USUAL],
        class_name="btn-group",
        input_class_name="btn-check",
        label_class_name="btn segment",
        label_checked_class_name="active",
    )


def _custom(text: Text, today: date) -> html.Details:
    """The periods of the calendar, and two days of the reader's own."""
    return html.Details(
        [
            html.Summary(
                [html.Span(text("period.other"), id=ids.control("custom", "label")), icon("chevron-down")],
                className="btn segment",
            ),
            html.Div(
                [
                    dbc.RadioItems(
                        id=ids.control("span"),
                        options=[{"label": text(f"period.{name}"), "value": name} for name in FURTHER],
                        class_name="ticks spans",
                    ),
                    day_picker("from", text, today),
                    day_picker("to", text, today),
                    html.Button(
                        text("filter.apply"),
                        id=ids.control("custom", "apply"),
                        className="btn btn-primary btn-sm",
                        type="button",
                        **marked({"data-closes": "details"}),
                    ),
                ],
                className="drop",
            ),
        ],
        id=ids.control("custom", "box"),
        className="dropdown-box custom",
    )


def _several(name: str, options: dict[str, str], text: Text) -> html.Details:
    """A list of many to tick; one that is long can be searched."""
    search = dbc.Input(
        type="search",
        size="sm",
        placeholder=text("filter.search"),
        autocomplete="off",
        class_name="search",
        id=ids.control(name, "search"),
    )
    label = html.Label(text("filter.search"), htmlFor=ids.control(name, "search"), className="visually-hidden")
    inside: list[Component] = [label, search] if len(options) > 10 else []
    inside.append(_ticks(name, options, text))
    inside.append(_all(name, text))
    return _box(name, text, html.Div(inside, className="drop", role="group", **_named(text, name)))


def _ticks(name: str, names: Mapping[str, str], text: Text) -> dbc.Checklist:
    return dbc.Checklist(id=ids.control(name), options=options(names, None, text), class_name="ticks")


def _all(name: str, text: Text) -> html.Button:
    return html.Button(
        text("filter.all"),
        className="btn btn-link btn-sm",
        type="button",
        **marked({"data-pick": name, "data-value": "", "data-mode": "clear"}),
    )


def _one(name: str, options: dict[str, str], text: Text) -> html.Details:
    """A short list of which one is chosen."""
    choices = dbc.RadioItems(
        id=ids.control(name),
        options=[{"label": label, "value": value} for value, label in options.items()],
        class_name="ticks",
    )
    return _box(name, text, html.Div(choices, className="drop", role="group", **_named(text, name)))


def _more(text: Text) -> html.Details:
    """What is asked for less often. The answer to an address fills in what can be chosen and what it is called."""
    drop = html.Div(
        [
            html.Fieldset(
                [
                    html.Legend(text("filter.category"), id=ids.control("category", "name")),
                    _ticks("category", {}, text),
                ],
                id=ids.control("category", "box"),
            ),
            html.Fieldset(
                [
                    html.Legend(text("filter.office")),
                    _ticks("office", {}, text),
                    html.P(text("filter.office.hint"), id=ids.control("office", "hint"), className="hint"),
                ],
                id=ids.control("office", "box"),
            ),
            html.Div(
                [
                    html.Label(text("filter.trait"), htmlFor=ids.control("trait")),
                    dbc.Select(id=ids.control("trait"), options=[], size="sm"),
                    html.P(text("filter.trait.hint"), className="hint"),
                ],
                id=ids.control("trait", "box"),
            ),
            html.Div(
                [
                    html.Label(text("filter.step"), htmlFor=ids.control("step")),
                    dbc.Select(id=ids.control("step"), options=[], size="sm"),
                ],
                id=ids.control("step", "box"),
            ),
        ],
        className="drop more",
        role="group",
        **_named(text, "more"),
    )
    return _box("more", text, drop)


def _views(text: Text) -> html.Details:
    """Pages and filters saved by name. The script keeps them in the browser and fills the list."""
    name = ids.control("views", "name")
    return html.Details(
        [
            html.Summary(
                [icon("bookmark"), html.Span(text("view.title"), className="beside-icon")],
                className="btn pill",
                title=text("view.title"),
                **marked({"aria-label": text("view.title")}),
            ),
            html.Div(
                [
                    html.Ul(
                        id=ids.control("views", "list"),
                        className="views",
                        **marked({"data-delete": text("view.delete", name="{name}")}),
                    ),
                    html.P(text("view.none"), className="hint when-none"),
                    html.Label(text("view.name"), htmlFor=name),
                    html.Div(
                        [
                            dbc.Input(id=name, size="sm", maxlength=60, autocomplete="off"),
                            html.Button(
                                text("view.save"),
                                className="btn btn-primary btn-sm",
                                type="button",
                                **marked({"data-view": "save"}),
                            ),
                        ],
                        className="named",
                    ),
                    html.P(text("view.hint"), className="hint"),
                ],
                className="drop",
                role="group",
                **marked({"aria-label": text("view.title")}),
            ),
        ],
        className="dropdown-box saved",
    )


def _box(name: str, text: Text, drop: html.Div) -> html.Details:
    return html.Details(
        id=ids.control(name, "box"),
        children=[
            html.Summary(
                [
                    *([icon(_ICONS[name])] if name in _ICONS else []),
                    html.Span(text(f"filter.{name}"), className="name"),
                    html.Span(id=ids.control(name, "label"), className="choice"),
                    icon("chevron-down"),
                ],
                className="btn pill",
            ),
            drop,
        ],
        className=f"dropdown-box of-{name}",
    )
