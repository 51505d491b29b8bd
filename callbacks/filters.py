"""The one writer of the filters: address, controls, marks and chips ask, this answers for all of them at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from dash import Dash, Input, Output, State, ctx, html, no_update
from dash.exceptions import PreventUpdate

from callbacks.asking import Refused, language_of, read
from dashboard import ids
from dashboard.deployment import Deployment
from dashboard.filters import NAMES, Filters
from dashboard.text import Text
from layouts.day_picker import PARTS, chosen, picked
from layouts.filter_bar import chips, choice
from layouts.marks import icon, marked
from layouts.pages import page_at
from layouts.shell import LANGUAGE, PICK

_DAYS = [(name, part) for name in ("from", "to") for part in PARTS]
_LABELS = ("subject", "custom", "province", "channel", "compare")
_KEYS = frozenset({"subject", "from", "to", *NAMES})


def register(app: Dash, deployment: Deployment) -> None:
    """Wire the filters of the shell."""

    @app.callback(
        Output(ids.FILTERS, "data"),
        Output(ids.NOTICE, "children"),
        Output(ids.control("subject"), "value"),
        Output(ids.control("period"), "value"),
        Output(ids.control("province"), "value"),
        Output(ids.control("channel"), "value"),
        Output(ids.control("compare"), "value"),
        Output(ids.control("period", "window"), "children"),
        Output(ids.control("chosen", "chips"), "children"),
        *(Output(ids.control(name, "label"), "children") for name in _LABELS),
        Output(ids.control("subject", "box"), "className"),
        Output(ids.control("custom", "box"), "className"),
        *(Output(ids.control(name, part), "value") for name, part in _DAYS),
        Input(ids.ADDRESS, "data"),
        Input(ids.control("subject"), "value"),
        Input(ids.control("period"), "value"),
        Input(ids.control("province"), "value"),
        Input(ids.control("channel"), "value"),
        Input(ids.control("compare"), "value"),
        Input(ids.control("custom", "apply"), "n_clicks"),
        Input(PICK, "data"),
        State(ids.FILTERS, "data"),
        State(LANGUAGE, "data"),
        *(State(ids.control(name, part), "value") for name, part in _DAYS),
        prevent_initial_call=True,
    )
    def write(
        address: Any,
        subject: Any,
        period: Any,
        provinces: Any,
        channels: Any,
        compare: Any,
        _applied: Any,
        pick: Any,
        current: Any,
        language: Any,
        *days: Any,
    ) -> tuple[Any, ...]:
        text = language_of(language, deployment)
        before, moved = strings(current), False
        path = str(address.get("path", "")) if isinstance(address, dict) else None
        page = None if path is None else page_at(path, deployment.jurisdiction)
        match ctx.triggered_id:
            case ids.ADDRESS:
                query = dict(parse_qsl(str(address.get("query", "")).lstrip("?"))) if isinstance(address, dict) else {}
                moved = isinstance(address, dict) and bool(address.get("moved"))
            case _ if address is None:
                raise PreventUpdate
            case "filter-subject-choice":
                query = changed(before, subject=str(subject or ""))
            case "filter-period-choice":
                query = changed(before, period=str(period or ""), **marked({"from": "", "to": ""}))
            case "filter-province-choice":
                query = changed(before, province=joined(provinces))
            case "filter-channel-choice":
                query = changed(before, channel=joined(channels))
            case "filter-compare-choice":
                query = changed(before, compare=str(compare or ""))
            case "filter-custom-apply":
                query = changed(before, **custom(days, text))
            case _:
                query = with_pick(before, pick)
        filters, refused = read(query, deployment, text.calendar_name, page)
        asked = filters.to_query()
        first, last = filters.window.start, filters.window.end
        return (
            # An address that was read is always answered: the script waits for it to mirror the next choice.
            no_update if current is not None and asked == before and ctx.triggered_id != ids.ADDRESS else asked,
            # What the page before had and this one has not is no mistake of an address.
            [] if moved else notice(refused, text),
            filters.subject,
            None if filters.period == "custom" else filters.period,
            list(filters.provinces),
            list(filters.channels),
            filters.compare,
            described(filters, text),
            chips(filters, text, deployment.jurisdiction),
            *(choice(name, filters, text, deployment.jurisdiction) for name in _LABELS),
            "dropdown-box" if page is None or page.chooses else "dropdown-box is-absent",
            "dropdown-box custom active" if filters.period == "custom" else "dropdown-box custom",
            *chosen(first, text),
            *chosen(last, text),
        )


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


def with_pick(query: Mapping[str, str], pick: Any) -> dict[str, str]:
    """The parameters after a click on a mark, a row or a chip.

    ``{"filter": "province", "value": "IR-07", "mode": "toggle"}``; mode "drop" takes a value out, "clear" the whole
    filter; filter "all" clears everything.
    """
    if not isinstance(pick, dict):
        raise PreventUpdate
    name, value, mode = pick.get("filter"), str(pick.get("value") or ""), pick.get("mode")
    if name == "all":
        return {}
    if name not in ("province", "channel"):
        raise PreventUpdate
    codes = [code for code in query.get(name, "").split(",") if code]
    if mode == "clear":
        codes = []
    elif value in codes:
        codes.remove(value)
    elif mode == "toggle":
        codes.append(value)
    return changed(query, **marked({name: ",".join(codes)}))


def described(filters: Filters, text: Text) -> str:
    """The period in words, and what it is compared with."""
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
