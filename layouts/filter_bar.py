"""The filter bar: subject, period, provinces, channels, comparison; on a telephone the same controls in a sheet."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.filters import COMPARISONS, PERIODS, SUBJECTS, Filters
from dashboard.jurisdictions import Jurisdiction
from dashboard.text import Text
from layouts.day_picker import day_picker
from layouts.marks import icon, marked

_PERSIAN = "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"


def filter_bar(text: Text, jurisdiction: Jurisdiction, today: date) -> html.Div:
    """All controls, each present once; nothing is chosen yet."""
    controls = [
        _one("subject", {name: text(f"show.{name}") for name in SUBJECTS}, text),
        html.Div([_periods(text), _custom(text, today)], className="segments", role="group", **_named(text, "period")),
        _several("province", alphabetical(jurisdiction.names_of("provinces", text.language), text), text),
        _several("channel", jurisdiction.names_of("channels", text.language), text),
        _one("compare", {name: text(f"compare.{name}") for name in COMPARISONS}, text),
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
                    html.P(id=ids.control("period", "window"), className="window"),
                    html.Ul(id=ids.control("chosen", "chips"), className="chips"),
                ],
                className="context",
            ),
        ],
        className="filters",
        role="search",
        **marked({"aria-label": text("filter.title")}),
    )


def _named(text: Text, name: str) -> dict[str, Any]:
    return marked({"aria-label": text(f"filter.{name}")})


def _periods(text: Text) -> dbc.RadioItems:
    return dbc.RadioItems(
        id=ids.control("period"),
        options=[{"label": text(f"period.{name}"), "value": name} for name in PERIODS if name != "custom"],
        class_name="btn-group",
        input_class_name="btn-check",
        label_class_name="btn segment",
        label_checked_class_name="active",
    )


def _custom(text: Text, today: date) -> html.Details:
    return html.Details(
        [
            html.Summary(text("period.custom"), id=ids.control("custom", "label"), className="btn segment"),
            html.Div(
                [
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
    inside.append(
        dbc.Checklist(
            id=ids.control(name),
            options=[{"label": label, "value": code} for code, label in options.items()],
            class_name="ticks",
        )
    )
    inside.append(
        html.Button(
            text("filter.all"),
            className="btn btn-link btn-sm",
            type="button",
            **marked({"data-pick": name, "data-value": "", "data-mode": "clear"}),
        )
    )
    return _box(name, text, html.Div(inside, className="drop", role="group", **_named(text, name)))


def _one(name: str, options: dict[str, str], text: Text) -> html.Details:
    """A short list of which one is chosen."""
    choices = dbc.RadioItems(
        id=ids.control(name),
        options=[{"label": label, "value": value} for value, label in options.items()],
        class_name="ticks",
    )
    return _box(name, text, html.Div(choices, className="drop", role="group", **_named(text, name)))


def _box(name: str, text: Text, drop: html.Div) -> html.Details:
    return html.Details(
        id=ids.control(name, "box"),
        children=[
            html.Summary(
                [
                    html.Span(text(f"filter.{name}"), className="name"),
                    html.Span(id=ids.control(name, "label"), className="choice"),
                    icon("chevron-down"),
                ],
                className="btn pill",
            ),
            drop,
        ],
        className="dropdown-box",
    )


def choice(name: str, filters: Filters, text: Text, jurisdiction: Jurisdiction) -> str:
    """What a control shows as its present choice."""
    if name == "subject":
        return text(f"show.{filters.subject}")
    if name == "compare":
        return text(f"compare.{filters.compare}")
    if name == "custom":
        window = filters.window
        return text.span(window.start, window.end) if filters.period == "custom" else text("period.custom")
    chosen, names = _chosen(name, filters, text, jurisdiction)
    if not chosen:
        return text("filter.all_n", n=len(names)) if name == "province" else text("filter.all")
    return names.get(chosen[0], chosen[0]) if len(chosen) == 1 else text("filter.chosen_n", n=len(chosen))


def chips(filters: Filters, text: Text, jurisdiction: Jurisdiction) -> list[html.Li]:
    """A button for every filter that is set, which clears it, and one that clears them all."""
    found = []
    for name in ("province", "channel"):
        chosen, names = _chosen(name, filters, text, jurisdiction)
        found += [(name, code, names.get(code, code)) for code in chosen]
    buttons = [_chip(label, text("filter.remove", name=label), "drop", name, code) for name, code, label in found]
    if buttons or filters.to_query():
        buttons.append(_chip(text("filter.clear_all"), text("filter.clear_all"), "clear", "all", ""))
    return [html.Li(button) for button in buttons]


def _chip(label: str, spoken: str, mode: str, name: str, code: str) -> html.Button:
    cross = [icon("x")] if mode == "drop" else []
    return html.Button(
        [html.Span(label), *cross],
        className="chip" if mode == "drop" else "chip all",
        type="button",
        **marked({"aria-label": spoken, "data-pick": name, "data-value": code, "data-mode": mode}),
    )


def _chosen(
    name: str, filters: Filters, text: Text, jurisdiction: Jurisdiction
) -> tuple[tuple[str, ...], dict[str, str]]:
    if name == "province":
        return filters.provinces, jurisdiction.names_of("provinces", text.language)
    return filters.channels, jurisdiction.names_of("channels", text.language)


def alphabetical(names: dict[str, str], text: Text) -> dict[str, str]:
    """Names in the order of the language's alphabet; code points sort neither Persian nor Vietnamese."""

    def place(name: str) -> tuple[object, ...]:
        if text.rtl:
            return tuple(_PERSIAN.find(letter) for letter in name)
        plain = unicodedata.normalize("NFD", name.casefold().replace("đ", "d\u0300"))
        return ("".join(letter for letter in plain if not unicodedata.combining(letter)), plain)

    return dict(sorted(names.items(), key=lambda item: place(item[1])))
