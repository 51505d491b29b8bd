"""Schedules on the page of briefings: made, sent at once, paused and thrown away, each with its entry in the audit."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Final

from dash import Dash, Input, Output, State, no_update
from dash.exceptions import PreventUpdate
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from callbacks.asking import current_person, language_of
from callbacks.audited import own_noted
from callbacks.composing import FORMS, ready_id
from dashboard import ids
from dashboard.access.audit import Unwritten
from dashboard.access.person import Person
from dashboard.briefings import kept as briefings
from dashboard.briefings.ready import ready_for
from dashboard.deployment import Deployment
from dashboard.schedules import kept
from dashboard.schedules.kept import BadSchedule, Unknown
from dashboard.schedules.rule import BadRule, Rule
from dashboard.text import LANGUAGES, Text
from layouts.briefings import part as briefings_part
from layouts.schedules import FIELDS, MINUTES, RHYTHMS, asking, listed, part, shown
from layouts.shell import LANGUAGE

_SILENT: Final = (DBAPIError, PoolTimeout)
_LISTS: Final = "/briefings"

log = logging.getLogger(__name__)


def register(app: Dash, deployment: Deployment) -> None:
    """Wire the list and the form."""
    _place(app, deployment)
    _list(app, deployment)
    _fields(app)
    _make(app, deployment)
    _act(app, deployment)


def _place(app: Dash, deployment: Deployment) -> None:
    @app.callback(
        Output(part("shown"), "children"),
        Output(part("whole"), "hidden"),
        Input(briefings_part("shown"), "children"),
        State(ids.ADDRESS, "data"),
        State(LANGUAGE, "data"),
        prevent_initial_call=True,
        right="counts",
    )
    def fill(_lists: Any, address: Any, language: Any) -> tuple[Any, bool]:
        if not isinstance(address, dict) or str(address.get("path", "")).rstrip("/") != _LISTS:
            return [], True
        text = language_of(language, deployment)
        try:
            names = _offered(deployment, current_person(), text)
        except _SILENT as silent:
            raise PreventUpdate from silent
        return shown(names, _ways(deployment), text, deployment.jurisdiction), False


def _list(app: Dash, deployment: Deployment) -> None:
    @app.callback(
        Output(part("list"), "children"),
        Output(part("tick"), "disabled"),
        Input(part("list"), "id"),
        *(Input(part(name), "data") for name in ("make-done", "act-done")),
        Input(part("tick"), "n_intervals"),
        State(LANGUAGE, "data"),
        right="counts",
    )
    def show(*given: Any) -> tuple[Any, bool]:
        text, person = language_of(given[-1], deployment), current_person()
        try:
            there = kept.listed(deployment.database, person.id)
            named = {each.id: each.name for each, _ in briefings.listed(deployment.database, person.id)}
        except _SILENT as silent:
            raise PreventUpdate from silent
        names = named | {key: text(f"briefings.ready.{key}") for each in there if (key := each.ready)}
        under_way = any(each.last is not None and each.last.open for each in there)
        return listed(there, names, text, deployment.jurisdiction), not under_way


def _fields(app: Dash) -> None:
    @app.callback(
        Output(part("fields"), "className"),
        Input(part("rhythm"), "value"),
        Input(part("way"), "value"),
        right="counts",
    )
    def fields(rhythm: Any, way: Any) -> str:
        return asking(str(rhythm), str(way))


def _make(app: Dash, deployment: Deployment) -> None:
    @app.callback(
        Output(part("make-said"), "children"),
        Output(part("make-done"), "data"),
        Input(part("make"), "n_clicks"),
        *(State(part(name), "value") for name in FIELDS),
        State(LANGUAGE, "data"),
        prevent_initial_call=True,
        right="counts",
    )
    def make(clicks: Any, *given: Any) -> tuple[Any, Any]:
        if not clicks:
            raise PreventUpdate
        text = language_of(given[-1], deployment)
        told = {name: value if isinstance(value, str) else "" for name, value in zip(FIELDS, given, strict=False)}
        bad = _tried(lambda: _made(deployment, current_person(), told), text)
        return (bad, no_update) if bad else (text("schedules.made"), clicks)


def _act(app: Dash, deployment: Deployment) -> None:
    ways: dict[str, Callable[..., None]] = {
        "now": kept.send_now,
        "pause": kept.pause,
        "resume": kept.resume,
        "drop": kept.drop,
    }

    @app.callback(
        Output(part("act-said"), "children"),
        Output(part("act-done"), "data"),
        Input(part("act"), "data"),
        State(LANGUAGE, "data"),
        prevent_initial_call=True,
        right="counts",
    )
    def act(wanted: Any, language: Any) -> tuple[Any, Any]:
        what, _, number = str(wanted.get("key", "") if isinstance(wanted, dict) else "").partition(":")
        if what not in ways:
            raise PreventUpdate
        text = language_of(language, deployment)
        action: Any = "schedule_dropped" if what == "drop" else "schedule_changed"
        noted = own_noted(deployment, action, "schedule", {"act": what})
        bad = _tried(lambda: ways[what](deployment.database, current_person().id, number, noted), text)
        return (bad or text(f"schedules.{what}.done")), wanted


def _made(deployment: Deployment, person: Person, told: dict[str, str]) -> None:
    """Make the schedule that the form asks for. BadSchedule, Unknown."""
    settings, code = deployment.settings, deployment.jurisdiction.person_code
    if told["kind"] not in FORMS or told["language"] not in LANGUAGES:
        raise BadSchedule("field")
    if told["way"] not in _ways(deployment):
        raise BadSchedule("way")
    ready = next((each.key for each in ready_for(person) if ready_id(each) == told["what"]), None)
    to: tuple[str, ...] = ()
    folder = ""
    if told["way"] == "mail":
        to = kept.addresses_in(told["addresses"], settings.domains, code)
    else:
        folder = kept.folder_named(told["folder"], code)
    rule = _rule(told)
    where = {"to": list(to)} if to else {"folder": folder}
    detail = {"briefing": ready or told["what"], "kind": told["kind"], "rule": rule.told(), **where}
    kept.make(
        *(deployment.database, person.id, told["kind"], told["language"], rule),
        briefing=None if ready else told["what"],
        ready=ready,
        addresses=to,
        folder=folder,
        noted=own_noted(deployment, "schedule_made", "schedule", detail),
    )


def _rule(told: dict[str, str]) -> Rule:
    """The rule that the form asks for. BadSchedule."""

    def number(name: str) -> int:
        value = told[name]
        if not (value.isascii() and value.isdecimal() and len(value) < 3):
            raise BadSchedule("field")
        return int(value)

    rhythm = told["rhythm"]
    if rhythm not in RHYTHMS or number("minute") not in MINUTES:
        raise BadSchedule("field")
    clock = (number("hour"), number("minute"))
    try:
        match rhythm:
            case "day":
                return Rule("day", *clock)
            case "week":
                return Rule("week", *clock, weekday=number("weekday"))
        return Rule("month", *clock, day=number("day"), calendar=rhythm)
    except BadRule as bad:
        raise BadSchedule("field") from bad


def _offered(deployment: Deployment, person: Person, text: Text) -> dict[str, str]:
    """The briefings a person can have sent, by id: the ready ones of the role, and the person's own."""
    ready = {ready_id(each): text(f"briefings.ready.{each.key}") for each in ready_for(person)}
    return ready | {each.id: each.name for each, _ in briefings.listed(deployment.database, person.id)}


def _ways(deployment: Deployment) -> list[str]:
    """The ways of sending that are set up."""
    settings = deployment.settings
    return [way for way, there in (("mail", settings.smtp_url), ("folder", settings.delivery_dir)) if there]


def _tried(do: Callable[[], None], text: Text) -> str:
    """What went wrong, as a sentence; empty when it was done."""
    try:
        do()
    except BadSchedule as bad:
        return text(f"schedules.bad.{bad.why}")
    except Unknown:
        return text("schedules.bad.gone")
    except Unwritten:
        return text("audit.unwritten")
    except _SILENT as error:
        log.warning("a schedule was not changed: %s", type(error).__name__)
        return text("schedules.bad.silent")
    return ""
