"""One loop wires every panel of every page: filters, data version and theme in, card out."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any, get_args
from urllib.parse import urlencode

from dash import ClientsideFunction, Dash, Input, Output, State, no_update
from dash.exceptions import PreventUpdate

from callbacks.asking import current_scope, language_of, loaded, read
from callbacks.drawing import Drawings, note
from callbacks.filters import strings
from callbacks.judging import judged
from callbacks.timing import timed
from dashboard import ids
from dashboard.answers import Unavailable
from dashboard.deployment import Deployment
from dashboard.figures.look import Look
from dashboard.figures.theme import Name
from dashboard.panel import Panel
from layouts.pages import page_of, panels
from layouts.shell import LANGUAGE

log = logging.getLogger(__name__)


def register(app: Dash, deployment: Deployment) -> None:
    """Wire every panel."""
    drawings = Drawings()
    for panel in panels().values():
        _gate(app, panel)
        _answer(app, panel, deployment, drawings)
        if panel.picks and panel.figure is not None:
            _pick(app, panel)


def _gate(app: Dash, panel: Panel) -> None:
    """Let one request of a panel through at a time; what is asked meanwhile waits for its answer."""
    app.clientside_callback(
        ClientsideFunction("rasad", "ask"),
        Output(ids.panel(panel.key, "ask"), "data"),
        Input(ids.FILTERS, "data"),
        Input(ids.VERSION, "data"),
        Input(ids.THEME, "data"),
        Input(ids.panel(panel.key, "retry"), "n_clicks"),
        Input(ids.panel(panel.key, "held"), "data"),
        State(ids.panel(panel.key, "card"), "data-panel"),
    )


def _pick(app: Dash, panel: Panel) -> None:
    app.clientside_callback(
        ClientsideFunction("rasad", "pick"),
        Output(ids.panel(panel.key, "graph"), "clickData"),
        Input(ids.panel(panel.key, "graph"), "clickData"),
        State(ids.panel(panel.key, "card"), "data-panel"),
        prevent_initial_call=True,
    )


def _answer(app: Dash, panel: Panel, deployment: Deployment, drawings: Drawings) -> None:
    parts = [
        Output(ids.panel(panel.key, "body"), "className"),
        Output(ids.panel(panel.key, "note"), "children"),
        Output(ids.panel(panel.key, "held"), "data"),
        Output(ids.panel(panel.key, "download"), "href"),
        Output(ids.panel(panel.key, "table"), "children"),
        Output(ids.panel(panel.key, "title"), "children"),
        Output(ids.panel(panel.key, "empty"), "children"),
    ]
    named = panel.follows and panel.kind != "number"  # a headline has no subtitle
    if named:
        parts += [
            Output(ids.panel(panel.key, "subtitle"), "children"),
            Output(ids.panel(panel.key, "definition"), "children"),
        ]
    if panel.figure is not None:
        parts.append(Output(ids.panel(panel.key, "graph"), "figure"))

    page = page_of(panel)

    @app.callback(
        *parts,
        Input(ids.panel(panel.key, "ask"), "data"),
        State(LANGUAGE, "data"),
        State(ids.panel(panel.key, "held"), "data"),
        prevent_initial_call=True,
    )
    def answer(ask: Any, language: Any, held: Any) -> list[Any]:
        if not isinstance(ask, dict):
            raise PreventUpdate
        text = language_of(language, deployment)
        theme: Name = ask["theme"] if ask.get("theme") in get_args(Name) else "light"
        look = Look(text, theme, deployment.jurisdiction)
        filters, _ = read(strings(ask.get("filters")), deployment, text.calendar_name, page)
        asked = panel.about(filters.subject)
        try:
            with timed("query"):
                found = judged(deployment, asked, deployment.answers.of(asked, filters, current_scope()), filters)
        except Unavailable:
            failed = {"digest": "", "version": 0, "serial": ask.get("serial")}
            return ["panel-body is-error", [], failed, *[no_update] * (len(parts) - 3)]
        now = datetime.now(UTC)
        hour = text.clock(now, deployment.jurisdiction.timezone)
        with timed("figure"):
            drawn = drawings.of(asked, found, asked.heeded(filters), loaded(deployment), look, hour)
        same = isinstance(held, dict) and held.get("digest") == drawn.digest
        address = urlencode({**filters.to_query(), "lang": text.language})
        return [
            drawn.state,
            note(asked, found, filters, look, now),
            {"digest": drawn.digest, "version": found.version, "serial": ask.get("serial")},
            f"/export/{panel.key}.csv?{address}",
            no_update if same else drawn.content,
            drawn.title if drawn.title and not same else no_update,
            drawn.empty if drawn.empty and not same else no_update,
            *([no_update if same else part for part in (drawn.subtitle, drawn.definition)] if named else []),
            *([no_update if same else drawn.figure] if panel.figure is not None else []),
        ]
