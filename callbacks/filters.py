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
from dashboard import ids
from dashboard.choices import called, offered
from dashboard.deployment import Deployment
from dashboard.filters import NAMES, SUBJECTS, Filters
from dashboard.panel import Page
from dashboard.picks import window_of
from dashboard.text import Text
from layouts.day_picker import PARTS, chosen, picked
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
from layouts.marks import icon, marked
from layouts.pages import page_for
from layouts.shell import LANGUAGE, PICK
from layouts.trail import trail

_DAYS = [(name, part) for name in ("from", "to") for part in PARTS]
_LABELS = ("subject", "custom", "province", "channel", "compare", "more")
_SEVERAL = ("province", "channel", "category", "office")
_ONE = ("subject", "compare", "trait", "step")
_CHOICES = ("period", "span", *_ONE, *_SEVERAL)
"""The controls that change a filter as they are changed."""
_BOXES = (*NAMES, "more")
"""The controls that are there only where something heeds them."""
_KEYS = frozenset({"subject", "from", "to", *NAMES})
_OUTPUTS = [
    (ids.FILTERS, "data"),
    (ids.NOTICE, "children"),
    *((ids.control(name), "value") for name in _CHOICES),
    *((ids.control(name), "options") for name in (*_SEVERAL, "trait", "step")),
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
        name: offered(name, filters, subject, jurisdiction, text, scope)
        for name in ("province", *_SEVERAL[1:], "trait")
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
        *(options(names[name], there(name), text) for name in _SEVERAL),
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


def with_choice(query: Mapping[str, str], name: str, values: Mapping[str, Any]) -> dict[str, str]:
    """The parameters after a control was changed."""
    value = values[name]
    if name in ("period", "span"):
        return changed(query, period=str(value or ""), **marked({"from": "", "to": ""}))
    one = "" if value in (None, ALL) else str(value)
    return changed(query, **marked({name: joined(value) if name in _SEVERAL else one}))


def in_its_province(query: Mapping[str, str], deployment: Deployment) -> dict[str, str]:
    """The parameters with the province of an office that was chosen on a card where there is more than one."""
    found = dict(query)
    places = {office.code: office.province for office in deployment.jurisdiction.offices}
    provinces = {places.get(code, "") for code in query.get("office", "").split(",") if code}
    if len(provinces) == 1 and "" not in provinces and "," in query.get("province", ","):
        found["province"] = provinces.pop()
    return found


def strings(query: Any) -> dict[str, str]:
    """The parameters of a filter store that are what they should be."""
    if not isinstance(query, dict):
        return {}
    return {name: value for name, value in query.items() if name in _KEYS and isinstance(value, str)}


def joined(codes: Any) -> str:
    """The ticked values of a list as an address holds them."""
    return ",".join(map(str, codes)) if isinstance(codes, list) else ""


def changed(query: Mapping[str, str], **values: str) -> dict[str, str]:
    """The parameters with some replaced; an empty one goes back to its default."""
    return {name: value for name, value in {**query, **values}.items() if value}


def custom(days: tuple[Any, ...], text: Text) -> dict[str, str]:
    """The parameters of a custom period as picked; days the wrong way round are taken the right way."""
    try:
        start, end = sorted(picked(tuple(days[place : place + 3]), text) for place in (0, 3))
    except ValueError as bad:
        raise PreventUpdate from bad
    return {"period": "custom", "from": start.isoformat(), "to": end.isoformat()}


def with_picks(query: Mapping[str, str], asked: Any) -> dict[str, str]:
    """The parameters after a click on a mark, a row or a chip: all it asks for is one change.

    ``{"picks": [{"filter": "province", "value": "IR-07"}, …], "mode": "toggle"}``: what is in force altogether is
    lifted, else whatever is not is set. Mode "drop" takes values out, "clear" whole filters; filter "all" clears
    everything.
    """
    picks = asked.get("picks") if isinstance(asked, dict) else None
    if not isinstance(picks, list) or not picks or not all(isinstance(pick, dict) for pick in picks):
        raise PreventUpdate
    named = [(str(pick.get("filter") or ""), str(pick.get("value") or "")) for pick in picks]
    if ("all", "") in named:
        return {}
    mode = asked.get("mode")
    if mode == "toggle" and all(_in_force(query, name, value) for name, value in named):
        mode = "drop"
    found = dict(query)
    for name, value in named:
        found = _with_pick(found, name, value, str(mode))
    return found


def _with_pick(query: Mapping[str, str], name: str, value: str, mode: str) -> dict[str, str]:
    """The parameters with one value set, taken out, or its filter cleared."""
    taken = mode in ("drop", "clear")
    match name:
        case "period":
            return _with_period(query, "" if taken else value)
        case "subject":
            # Categories and traits were those of the subject before.
            return changed(query, **marked({name: "" if taken else value, "category": "", "trait": ""}))
        case "trait" | "step":
            return changed(query, **marked({name: "" if taken else value}))
    if name not in _SEVERAL:
        raise PreventUpdate
    codes = [] if mode == "clear" else [code for code in query.get(name, "").split(",") if code and code != value]
    return changed(query, **marked({name: ",".join(codes if taken else [*codes, value])}))


def _with_period(query: Mapping[str, str], days: str) -> dict[str, str]:
    """The parameters with the days of a pick as their period, in the step that fits them; without, the usual one."""
    if not days:
        return changed(query, **marked({"period": "", "from": "", "to": ""}))
    try:
        window = window_of(days)
    except ValueError as bad:
        raise PreventUpdate from bad
    given = {"period": "custom", "from": window.start.isoformat(), "to": window.end.isoformat(), "step": ""}
    return changed(query, **marked(given))


def _in_force(query: Mapping[str, str], name: str, value: str) -> bool:
    return value in query.get(name, "").split(",") if name in _SEVERAL else query.get(name) == value


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
