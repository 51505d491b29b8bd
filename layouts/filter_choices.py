"""What the controls of the filter bar offer, and how what is chosen is said: options, labels and chips."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from dash import html

from dashboard.choices import chosen
from dashboard.filters import STEPS, Filters, too_fine
from dashboard.jurisdictions import Jurisdiction
from dashboard.text import Text
from layouts.marks import icon, marked

USUAL = ("today", "7d", "30d", "90d")
"""The periods that stand in the bar itself."""
FURTHER = ("month", "quarter", "year", "12m")
"""The periods that stand behind a button, beside one of the reader's own."""
MORE = ("office", "category", "trait", "step")
"""The filters that stand behind the button for more."""
ALL = "all"
"""The value of a select that restricts nothing: an empty one is for it no choice."""
_PERSIAN = "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"


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


def choice(name: str, filters: Filters, text: Text, jurisdiction: Jurisdiction, provinces: int) -> str:
    """What a control shows as its present choice; ``provinces`` is how many there are to choose from."""
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
        return text("filter.all_n", n=provinces) if name == "province" else text("filter.all")
    return next(iter(names.values())) if len(names) == 1 else text("filter.chosen_n", n=len(names))


def chips(filters: Filters, text: Text, jurisdiction: Jurisdiction) -> list[html.Li]:
    """A button for every filter that is set, which clears it, and one that clears them all."""
    found: list[tuple[str, str, str]] = [
        (name, code, label)
        for name in ("province", "office", "channel", "category", "trait")
        if name in filters.chosen
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
