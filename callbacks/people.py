"""Accounts as administrators keep them: made, changed, closed; each change and its entry in the audit are one."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from dash import Dash, Input, Output, State, no_update
from dash.exceptions import PreventUpdate
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from callbacks.asking import language_of
from callbacks.audited import account_noted
from dashboard.access import passwords, people, sessions
from dashboard.access.audit import Unwritten
from dashboard.access.people import PeopleError
from dashboard.deployment import Deployment
from dashboard.intake.characters import normalised
from dashboard.intake.person import names_person
from dashboard.text import Text
from layouts.administration import secret
from layouts.people import listed, part
from layouts.shell import LANGUAGE

_SILENT = (DBAPIError, PoolTimeout)
_DONE = ("make-done", "change-done", "act-done")

log = logging.getLogger(__name__)


def register(app: Dash, deployment: Deployment) -> None:
    """Wire the list and the forms."""
    _list(app, deployment)
    _make(app, deployment)
    _change(app, deployment)
    _act(app, deployment)


def _list(app: Dash, deployment: Deployment) -> None:
    @app.callback(
        Output(part("list"), "children"),
        Output(part("who"), "options"),
        Input(part("list"), "id"),
        *(Input(part(name), "data") for name in _DONE),
        State(LANGUAGE, "data"),
        right="administration",
    )
    def show(_there: Any, *given: Any) -> tuple[Any, Any]:
        text = language_of(given[-1], deployment)
        try:
            accounts = people.listed(deployment.database)
            open_now = sessions.numbers(deployment.database, deployment.settings.session_idle)
        except _SILENT as silent:
            raise PreventUpdate from silent
        options = [
            {"label": f"{account.person.login} · {account.person.name}", "value": str(account.person.id)}
            for account in accounts
        ]
        return listed(accounts, open_now, text, deployment.jurisdiction), options

    @app.callback(
        Output(part("new-role"), "value"),
        Output(part("new-provinces"), "value"),
        Input(part("who"), "value"),
        prevent_initial_call=True,
        right="administration",
    )
    def chosen(who: Any) -> tuple[Any, Any]:
        account = people.by_id(deployment.database, _number(who)) if _number(who) else None
        if account is None:
            raise PreventUpdate
        return account.person.role.key, list(account.person.provinces or ())


def _make(app: Dash, deployment: Deployment) -> None:
    @app.callback(
        Output(part("make-said"), "children"),
        Output(part("make-secret"), "children"),
        Output(part("make-done"), "data"),
        Output(part("login"), "value"),
        Output(part("name"), "value"),
        Input(part("make"), "n_clicks"),
        *(State(part(name), "value") for name in ("login", "name", "role", "provinces")),
        State(LANGUAGE, "data"),
        prevent_initial_call=True,
        right="administration",
    )
    def make(clicks: Any, login: Any, name: Any, role: Any, provinces: Any, language: Any) -> tuple[Any, ...]:
        if not clicks:
            raise PreventUpdate
        text = language_of(language, deployment)
        password = passwords.fresh()

        def make_it() -> None:
            if names_person(normalised(str(login or "")), deployment.jurisdiction.person_code):
                raise PeopleError("person", "a national code is no login")
            of = _several(provinces)
            noted = account_noted(deployment, "account_made", {"role": str(role), "provinces": of})
            people.make(*(deployment.database, str(login or ""), str(name or ""), str(role), of, password), noted=noted)

        bad = _tried(make_it, text)
        if bad:
            return bad, [], no_update, no_update, no_update
        shown = secret(text("people.password.once"), password)
        return text("people.made"), shown, clicks, "", ""


def _change(app: Dash, deployment: Deployment) -> None:
    @app.callback(
        Output(part("change-said"), "children"),
        Output(part("change-done"), "data"),
        Input(part("change"), "n_clicks"),
        *(State(part(name), "value") for name in ("who", "new-role", "new-provinces")),
        State(LANGUAGE, "data"),
        prevent_initial_call=True,
        right="administration",
    )
    def change(clicks: Any, who: Any, role: Any, provinces: Any, language: Any) -> tuple[Any, Any]:
        if not clicks:
            raise PreventUpdate
        text = language_of(language, deployment)

        def change_it() -> None:
            account = people.by_id(deployment.database, _number(who))
            if account is None:
                raise PeopleError("unknown", "there is no such account")
            before, of = account.person, _several(provinces)
            detail = {"role": [before.role.key, str(role)], "provinces": sorted({*(before.provinces or ()), *of})}
            noted = account_noted(deployment, "role_changed", detail)
            people.set_role(deployment.database, before.id, str(role), of, noted=noted)

        bad = _tried(change_it, text)
        return (bad, no_update) if bad else (text("people.changed"), clicks)


def _act(app: Dash, deployment: Deployment) -> None:
    database = deployment.database

    @app.callback(
        Output(part("act-said"), "children"),
        Output(part("act-secret"), "children"),
        Output(part("act-done"), "data"),
        Input(part("act"), "data"),
        State(LANGUAGE, "data"),
        prevent_initial_call=True,
        right="administration",
    )
    def act(wanted: Any, language: Any) -> tuple[Any, Any, Any]:
        name, _, number = str(wanted.get("key", "") if isinstance(wanted, dict) else "").partition("|")
        text = language_of(language, deployment)
        password = passwords.fresh()

        def end(person_id: int) -> None:
            people.end_sessions(database, person_id, account_noted(deployment, "sessions_ended"))

        def renew(person_id: int) -> None:
            account = people.by_id(database, person_id)
            if account is not None and account.issuer:
                raise PeopleError("directory", "an account of a directory has no password")
            noted = account_noted(deployment, "password_set")
            people.set_password(database, person_id, password, must_change=True, noted=noted)

        def disable(person_id: int) -> None:
            people.disable(database, person_id, account_noted(deployment, "account_disabled"))

        def enable(person_id: int) -> None:
            people.enable(database, person_id, account_noted(deployment, "account_enabled"))

        ways = {"password": renew, "end": end, "disable": disable, "enable": enable}
        if name not in ways:
            raise PreventUpdate
        bad = _tried(lambda: ways[name](_number(number)), text)
        if bad:
            return bad, [], no_update
        shown = secret(text("people.password.once"), password) if name == "password" else []
        return text(f"people.{name}.done"), shown, wanted


def _tried(do: Callable[[], Any], text: Text) -> str:
    """What went wrong, as a sentence; empty when it was done."""
    try:
        do()
    except PeopleError as bad:
        return text(f"people.bad.{bad.why}")
    except Unwritten:
        return text("audit.unwritten")
    except _SILENT as error:
        log.warning("an account was not changed: %s", type(error).__name__)
        return text("people.bad.silent")
    return ""


def _number(given: Any) -> int:
    """The number of an account; 0, which none has, where it is none."""
    told = str(given or "")
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 10 else 0


def _several(given: Any) -> list[str]:
    return [str(code) for code in given] if isinstance(given, list) else []
