"""The one writer of the filters: address, controls, marks and chips ask, this answers for all of them at once."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from dash import Dash, Input, Output, State, ctx, html, no_update
from dash.exceptions import PreventUpdate
from plotly.io.json import to_json_plotly

from callbacks.asking import Refused, current_person, current_scope, language_of, present, read, subject_of
from callbacks.changing import SEVERAL, changed, custom, in_its_province, strings, with_choice, with_picks
from dashboard import ids
from dashboard.choices import called, offered
from dashboard.deployment import Deployment
from dashboard.filters import NAMES, SUBJECTS, Filters
from dashboard.panel import Page
from dashboard.text import Text
from layouts.day_picker import PARTS, chosen
from layouts.filter_choices import (
    ALL,
    FURTHER,
    MORE,
    USUAL,
    alphabetical,
    chips,
    choice,
    options,
    step_options,
    trait_options,
)
from layouts.marks import icon
from layouts.pages import page_for
from layouts.shell import LANGUAGE, PICK
from layouts.trail import trail

_DAYS = [(name, part) for name in ("from", "to") for part in PARTS]
_LABELS = ("subject", "custom", "province", "channel", "compare", "more")
_ONE = ("subject", "compare", "trait", "step")
_CHOICES = ("period", "span", *_ONE, *SEVERAL)
"""The controls that change a filter as they are changed."""
_BOXES = (*NAMES, "more")
"""The controls that are there only where something heeds them."""
_OUTPUTS = [
    (ids.FILTERS, "data"),
    (ids.NOTICE, "children"),
    *((ids.control(name), "value") for name in _CHOICES),
    *((ids.control(name), "options") for name in (*SEVERAL, "trait", "step")),
    *((ids.control(name, "label"), "children") for name in _LABELS),
    *((ids.control(name, part), "value") for name, part in _DAYS),
    (ids.control("period", "window"), "children"),
    (ids.control("chosen", "chips"), "children"),
    (ids.control("subject", "box"), "className"),
    (ids.control("custom", "box"), "className"),
    (ids.control("category", "name"), "children"),
    (ids.control("office", "hint"), "hidden"),
    (ids.shell("filter-bar"), "hidden"),
    *((ids.control(name, "box"), "hidden") for name in _BOXES),
    (ids.control("unused", "names"), "children"),
    (ids.shell("trail"), "children"),
]
"""What the filters in force are shown by."""
_MARKS = ids.shell("filter-marks")
"""Store: a mark of what each of those shows, where the browser does not send that itself."""


def register(app: Dash, deployment: Deployment) -> None:
    """Wire the filters of the shell."""

    @app.callback(
        *(Output(*output) for output in _OUTPUTS),
        Output(_MARKS, "data"),
        Input(ids.ADDRESS, "data"),
        Input(ids.control("custom", "apply"), "n_clicks"),
        Input(PICK, "data"),
        *(Input(ids.control(name), "value") for name in _CHOICES),
        State(ids.FILTERS, "data"),
        State(LANGUAGE, "data"),
        *(State(ids.control(name, part), "value") for name, part in _DAYS),
        State(_MARKS, "data"),
        prevent_initial_call=True,
        right="signed in",
    )
    def write(address: Any, _applied: Any, pick: Any, *given: Any) -> list[Any]:
        values = dict(zip(_CHOICES, given, strict=False))
        current, language, *days, marks = given[len(_CHOICES) :]
        text = language_of(language, deployment)
        if not isinstance(address, dict):
            raise PreventUpdate
        page = page_for(str(address.get("path", "")), current_person(), deployment.jurisdiction)
        before, changing = strings(current), str(ctx.triggered_id)
        if changing == ids.ADDRESS:
            query = dict(parse_qsl(str(address.get("query", "")).lstrip("?")))
        elif changing == ids.control("custom", "apply"):
            query = changed(before, **custom(tuple(days), text))
        elif changing == PICK:
            query = with_picks(before, pick)
        else:
            query = with_choice(before, next(name for name in _CHOICES if ids.control(name) == changing), values)
        if query.get("province") != before.get("province") and changing != ids.ADDRESS:
            query.pop("office", None)  # the offices were those of the province before
        filters, refused = read(in_its_province(query, deployment), deployment, text.calendar_name, page)
        asked = filters.to_query()
        moved = changing == ids.ADDRESS and bool(address.get("moved"))
        told = [
            # What the page before had and this one has not is no mistake of an address.
            [] if moved else notice(refused, text),
            *shown(filters, page, text, deployment),
            trail(page, str(address.get("path", "")), filters, text, deployment.jurisdiction, current_person()),
        ]
        return [
            # An address that was read is always answered: the script waits for it to mirror the next choice.
            no_update if current is not None and asked == before and changing != ids.ADDRESS else asked,
            *spared(told, {**ctx.inputs, **ctx.states}, marks if isinstance(marks, dict) else {}),
        ]


def spared(told: Sequence[Any], given: Mapping[str, Any], marks: Mapping[str, str]) -> list[Any]:
    """The values of all outputs but the first, without what the page shows already, and their marks.

    Each change of a component costs the browser a walk through all of them. ``given`` is what the browser sent, by
    ``id.property``: a control may show something else than it was told.
    """
    answered, known = [], dict(marks)
    for (name, part), value in zip(_OUTPUTS[1:], told, strict=True):
        output = f"{name}.{part}"
        if output in given:
            answered.append(no_update if given[output] == value else value)
            continue
        mark = hashlib.blake2b(to_json_plotly(value).encode(), digest_size=6).hexdigest()
        answered.append(no_update if marks.get(output) == mark else value)
        known[output] = mark
    return [*answered, known]


def shown(filters: Filters, page: Page | None, text: Text, deployment: Deployment) -> list[Any]:
    """What the controls show of the filters in force: choices, options, words, and what is there at all."""
    jurisdiction, subject, scope = deployment.jurisdiction, subject_of(page, filters), current_scope()
    known = present(filters, deployment) if subject else None
    names = {
        name: offered(name, filters, subject, jurisdiction, text, scope) for name in ("province", *SEVERAL[1:], "trait")
    }
    names["province"] = alphabetical(names["province"], text)

    def there(name: str) -> frozenset[str] | None:
        return None if known is None else known[name]

    asked, heeds = filters.asked, page.heeds if page is not None else frozenset[str]()
    there_is = {name for name in heeds if name not in ("category", "trait") or names[name]}
    if filters.own:
        there_is.discard("province")  # there is one, and it is said where one stands
    one_subject = sum(scope.covers(name) for name in SUBJECTS) < 2
    if not there_is.isdisjoint(MORE):
        there_is.add("more")
    return [
        filters.period if filters.period in USUAL else None,
        filters.period if filters.period in FURTHER else None,
        *(filters.subject, filters.compare, filters.trait or ALL, filters.chosen_step or ALL),
        *(list(codes) for codes in (filters.provinces, filters.channels, filters.categories, filters.offices)),
        *(options(names[name], there(name), text) for name in SEVERAL),
        trait_options(names["trait"], there("trait"), text),
        step_options(filters, text),
        *(choice(name, filters, text, jurisdiction, len(names["province"])) for name in _LABELS),
        *chosen(asked.start, text),
        *chosen(asked.end, text),
        described(filters.only({"period", "compare"} & heeds), text) if "period" in heeds else "",
        chips(filters, text, jurisdiction),
        "dropdown-box is-absent"
        if one_subject or (page and (page.choosing or not page.chooses))
        else "dropdown-box of-subject",
        "dropdown-box custom" if filters.period in USUAL else "dropdown-box custom active",
        called("category", subject, text),
        bool(names["office"]),
        not heeds,
        *(name not in there_is for name in _BOXES),
        unused(heeds | ({"province"} if filters.own else set()), subject, text),
    ]


def unused(heeds: Collection[str], subject: str, text: Text) -> str:
    """Why some controls are not there: what nothing on the page can be narrowed by."""
    names = text("note.and").join(called(name, subject, text) for name in NAMES if name not in heeds)
    return text("filter.unused", names=names) if names else ""


def described(filters: Filters, text: Text) -> str:
    """The period in words, and what it is compared with: as asked for, whatever a card can answer."""
    window, compared = filters.window, filters.compared
    span = text.span(window.start, window.end)
    return (
        span
        if compared is None
        else text("window.compared", span=span, compared=text.span(compared.start, compared.end))
    )


def notice(refused: tuple[Refused, ...], text: Text) -> list[html.P]:
    """A line for every filter that was left out."""
    return [
        html.P(
            [
                icon("exclamation-triangle"),
                html.Span(text("notice.bad_filter", name=text(f"filter.{bad.name}"), value=bad.value or "–")),
            ]
        )
        for bad in refused
    ]
