"""Tokens of the systems that send records: made, shown once, and revoked."""

from __future__ import annotations

import logging
from typing import Any

import psycopg
from dash import Dash, Input, Output, State, no_update
from dash.exceptions import PreventUpdate

from callbacks.asking import language_of
from callbacks.audited import numbered
from dashboard.access import tokens
from dashboard.access.audit import Unwritten
from dashboard.claims.subjects import SUBJECTS
from dashboard.deployment import Deployment
from dashboard.intake.characters import normalised
from dashboard.intake.person import masked
from layouts.administration import secret
from layouts.shell import LANGUAGE
from layouts.tokens import DAYS, LONGEST, NEVER, listed, part

log = logging.getLogger(__name__)


def register(app: Dash, deployment: Deployment) -> None:
    """Wire the list and the form."""
    _list(app, deployment)
    _make(app, deployment)
    _revoke(app, deployment)


def _list(app: Dash, deployment: Deployment) -> None:
    @app.callback(
        Output(part("list"), "children"),
        Input(part("list"), "id"),
        Input(part("make-done"), "data"),
        Input(part("act-done"), "data"),
        State(LANGUAGE, "data"),
        right="administration",
    )
    def show(_there: Any, _made: Any, _acted: Any, language: Any) -> Any:
        try:
            with deployment.database.write() as connection:
                kept = tokens.listed(connection)
        except psycopg.OperationalError as silent:
            raise PreventUpdate from silent
        return listed(kept, language_of(language, deployment), deployment.jurisdiction)


def _make(app: Dash, deployment: Deployment) -> None:
    @app.callback(
        Output(part("make-said"), "children"),
        Output(part("make-secret"), "children"),
        Output(part("make-done"), "data"),
        Output(part("name"), "value"),
        Input(part("make"), "n_clicks"),
        *(State(part(name), "value") for name in ("name", "days", "subjects", "provinces")),
        State(LANGUAGE, "data"),
        prevent_initial_call=True,
        right="administration",
    )
    def make(
        clicks: Any, name: Any, days: Any, subjects: Any, provinces: Any, language: Any
    ) -> tuple[Any, Any, Any, Any]:
        if not clicks:
            raise PreventUpdate
        text = language_of(language, deployment)
        told = " ".join(str(name or "").split())[:LONGEST]
        of = {province.code for province in deployment.jurisdiction.provinces}
        chosen, places = _several(subjects), _several(provinces)
        bad = (
            "name"
            if not told or masked(normalised(told)) != normalised(told)
            else "subjects"
            if not chosen or not set(chosen) <= set(SUBJECTS)
            else "provinces"
            if not set(places) <= of
            else "days"
            if days not in DAYS
            else ""
        )
        if bad:
            return text(f"tokens.bad.{bad}"), [], no_update, no_update
        last = None if days == NEVER else int(days)
        detail = {"name": told, "subjects": chosen, "days": last, **({"provinces": places} if places else {})}
        try:
            with deployment.database.write() as connection:
                noted = numbered(connection, deployment, "token_made", "token", detail)
                made = tokens.issue(connection, told, tuple(chosen), tuple(places) or None, last, noted)
        except Unwritten:
            return text("audit.unwritten"), [], no_update, no_update
        except psycopg.OperationalError as error:
            log.warning("a token was not made: %s", type(error).__name__)
            return text("people.bad.silent"), [], no_update, no_update
        return text("tokens.made"), secret(text("tokens.once"), made), clicks, ""


def _revoke(app: Dash, deployment: Deployment) -> None:
    @app.callback(
        Output(part("act-said"), "children"),
        Output(part("act-done"), "data"),
        Input(part("act"), "data"),
        State(LANGUAGE, "data"),
        prevent_initial_call=True,
        right="administration",
    )
    def revoke(wanted: Any, language: Any) -> tuple[Any, Any]:
        key = str(wanted.get("key", "") if isinstance(wanted, dict) else "")
        if not (key.isascii() and key.isdecimal() and len(key) < 10):
            raise PreventUpdate
        text = language_of(language, deployment)
        try:
            with deployment.database.write() as connection:
                done = tokens.revoke(connection, int(key), numbered(connection, deployment, "token_revoked", "token"))
        except Unwritten:
            return text("audit.unwritten"), no_update
        except psycopg.OperationalError as error:
            log.warning("a token was not revoked: %s", type(error).__name__)
            return text("people.bad.silent"), no_update
        return (text("tokens.revoke.done"), wanted) if done else (text("tokens.bad.gone"), wanted)


def _several(given: Any) -> list[str]:
    return [str(code) for code in given] if isinstance(given, list) else []
