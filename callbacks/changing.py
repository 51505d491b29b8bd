"""How the parameters of an address change: by a control, by the days picked, by a click on a mark, a row or a chip."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash.exceptions import PreventUpdate

from dashboard.deployment import Deployment
from dashboard.filters import NAMES
from dashboard.picks import window_of
from dashboard.text import Text
from layouts.day_picker import picked
from layouts.filter_choices import ALL
from layouts.marks import marked

SEVERAL = ("province", "channel", "category", "office")
"""The filters that take several values."""
_KEYS = frozenset({"subject", "from", "to", *NAMES})


def with_choice(query: Mapping[str, str], name: str, values: Mapping[str, Any]) -> dict[str, str]:
    """The parameters after a control was changed."""
    value = values[name]
    if name in ("period", "span"):
        return changed(query, period=str(value or ""), **marked({"from": "", "to": ""}))
    one = "" if value in (None, ALL) else str(value)
    return changed(query, **marked({name: joined(value) if name in SEVERAL else one}))


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
    if name not in SEVERAL:
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
    return value in query.get(name, "").split(",") if name in SEVERAL else query.get(name) == value
