"""The filter bar: subject, period, provinces, channels, comparison, and behind a button what is asked for less often.

On a telephone the same controls stand in a sheet.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.choices import chosen
from dashboard.filters import COMPARISONS, STEPS, SUBJECTS, Filters, too_fine
from dashboard.jurisdictions import Jurisdiction
from dashboard.text import Text
from layouts.day_picker import day_picker
from layouts.marks import icon, marked

USUAL = ("today", "7d", "30d", "90d")
"""The periods that stand in the bar itself."""
FURTHER = ("month", "quarter", "year", "12m")
"""The periods that stand behind a button, beside one of the reader's own."""
MORE = ("office", "category", "trait", "step")
"""The filters that stand behind the button for more."""
ALL = "all"
"""The value of a select that restricts nothing: an empty one is for it no choice."""
_ICONS = {"compare": "arrow-left-right"}
_PERSIAN = "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"


def filter_bar(text: Text, jurisdiction: Jurisdiction, today: date) -> html.Div:
    """All controls, each present once; nothing is chosen yet."""
    controls = [
        _one("subject", {name: text(f"show.{name}") for name in SUBJECTS}, text),
        html.Div([_periods(text), _custom(text, today)], className="segments", role="group", **_named(text, "period")),
        _several("province", alphabetical(jurisdiction.names_of("provinces", text.language), text), text),
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
                ]
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
                ]
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


def options(names: Mapping[str, str], present: frozenset[str] | None, text: Text) -> list[dict[str, Any]]:
    """What can be ticked; what no case of the period has says so. ``present`` is what some has (``None``: unknown)."""
    return [
        {
            "label": label
            if present is None or code in present
            else [html.Span(label), html.Small(text("filter.nothing"), className="nothing")],
            "value": code,
        }
        for code, label in names.items()
    ]


def trait_options(names: Mapping[str, str], present: frozenset[str] | None, text: Text) -> list[dict[str, Any]]:
    """The traits to choose one of, each after its kind; what no case of the period has says so."""
    found: list[dict[str, Any]] = [{"label": text("filter.trait.all"), "value": ALL}]
    for code, name in names.items():
        label = text("figure.line", label=text(f"trait.{code.partition(':')[0]}"), value=name)
        if present is not None and code not in present:
            label = text("filter.nothing_of", name=label)
        found.append({"label": label, "value": code})
    return found


def step_options(filters: Filters, text: Text) -> list[dict[str, Any]]:
    """The steps of a time axis; one too fine for the period cannot be chosen."""
    days = filters.asked.days
    return [
        {"label": text("step.automatic"), "value": ALL},
        *({"label": text(f"step.{step}"), "value": step, "disabled": too_fine(step, days)} for step in STEPS),
    ]


def choice(name: str, filters: Filters, text: Text, jurisdiction: Jurisdiction) -> str:
    """What a control shows as its present choice."""
    match name:
        case "subject":
            return text(f"show.{filters.subject}")
        case "compare":
            return text(f"compare.{filters.compare}")
        case "custom":
            if filters.period == "custom":
                return text.span(filters.asked.start, filters.asked.end)
            return text(f"period.{filters.period if filters.period in FURTHER else 'other'}")
        case "more":
            number = sum(name in filters.chosen for name in MORE)
            return text.number(number) if number else ""
    names = chosen(name, filters, filters.subject, jurisdiction, text)
    if not names:
        every = len(jurisdiction.provinces)
        return text("filter.all_n", n=every) if name == "province" else text("filter.all")
    return next(iter(names.values())) if len(names) == 1 else text("filter.chosen_n", n=len(names))


def chips(filters: Filters, text: Text, jurisdiction: Jurisdiction) -> list[html.Li]:
    """A button for every filter that is set, which clears it, and one that clears them all."""
    found = [
        (name, code, label)
        for name in ("province", "office", "channel", "category", "trait")
        for code, label in chosen(name, filters, filters.subject, jurisdiction, text).items()
    ]
    if filters.chosen_step:
        label = text("figure.line", label=text("filter.step"), value=text(f"step.{filters.chosen_step}"))
        found.append(("step", filters.chosen_step, label))
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


def alphabetical(names: dict[str, str], text: Text) -> dict[str, str]:
    """Names in the order of the language's alphabet; code points sort neither Persian nor Vietnamese."""

    def place(name: str) -> tuple[object, ...]:
        if text.rtl:
            return tuple(_PERSIAN.find(letter) for letter in name)
        plain = unicodedata.normalize("NFD", name.casefold().replace("đ", "d\u0300"))
        return ("".join(letter for letter in plain if not unicodedata.combining(letter)), plain)

    return dict(sorted(names.items(), key=lambda item: place(item[1])))
