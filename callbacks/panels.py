"""The cards of a page: asked for together, answered with what the page's script has to draw.

One request brings several cards. A callback a card would be what Dash offers; on a page of twenty cards it takes the
browser seconds, most of them within Dash's own store (docs/adr/0008-one-request-for-the-cards-of-a-page.md).
"""

from __future__ import annotations

import logging
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, get_args
from urllib.parse import urlencode

from dash import ClientsideFunction, Dash, Input, Output, State, html
from dash.exceptions import PreventUpdate
from werkzeug.exceptions import Forbidden

from callbacks.asking import current_person, current_scope, language_of, loaded, read
from callbacks.changing import strings
from callbacks.drawing import Drawings, note
from callbacks.judging import Judging
from callbacks.timing import timed
from dashboard import ids
from dashboard.answers import Unavailable
from dashboard.deployment import Deployment
from dashboard.figures.look import Look
from dashboard.figures.theme import Name
from dashboard.filters import Filters
from dashboard.panel import Panel
from layouts.drill import to_cases
from layouts.markup import markup
from layouts.pages import page_of, panels, panels_for
from layouts.shell import LANGUAGE

log = logging.getLogger(__name__)


def register(app: Dash, deployment: Deployment) -> None:
    """Wire the lanes that bring the cards of the page in view."""
    drawings = Drawings()
    app.clientside_callback(
        ClientsideFunction("rasad", "show"),
        Input(ids.FILTERS, "data"),
        Input(ids.VERSION, "data"),
        Input(ids.THEME, "data"),
        Input(ids.SHOWN, "data"),
    )
    for number in range(ids.LANES):
        _lane(app, number, deployment, drawings)


def _lane(app: Dash, number: int, deployment: Deployment, drawings: Drawings) -> None:
    known = panels(deployment.jurisdiction)
    app.clientside_callback(
        ClientsideFunction("rasad", "answered"),
        Input(ids.lane(number, "answer"), "data"),
        prevent_initial_call=True,
    )

    @app.callback(
        Output(ids.lane(number, "answer"), "data"),
        Input(ids.lane(number, "ask"), "data"),
        State(LANGUAGE, "data"),
        prevent_initial_call=True,
        right="signed in",
    )
    def answer(ask: Any, language: Any) -> dict[str, Any]:
        """Answer for every card that is asked for.

        ``ask`` is ``{"panels": {key: digest of what the card shows}, "tables": [keys of the cards that show their
        table instead of their figure], "filters": …, "theme": …, "serial": …}``.
        """
        held = ask.get("panels") if isinstance(ask, dict) else None
        if not isinstance(held, dict):
            raise PreventUpdate
        text = language_of(language, deployment)
        theme: Name = ask["theme"] if ask.get("theme") in get_args(Name) else "light"
        asking = _Asking(deployment, drawings, Look(text, theme, deployment.jurisdiction), strings(ask.get("filters")))
        tables = ask["tables"] if isinstance(ask.get("tables"), list) else []
        own = panels_for(current_person(), deployment.jurisdiction)
        if foreign := sorted(key for key in held if key in known and key not in own):
            raise Forbidden(f"the card {foreign[0]} is not open to you")
        shown = [asking.card(own[key], digest, key in tables) for key, digest in held.items() if key in own]
        return {"serial": ask.get("serial"), "panels": shown}


class _Asking:
    """One request: what all its cards are asked under."""

    def __init__(self, deployment: Deployment, drawings: Drawings, look: Look, query: dict[str, str]) -> None:
        self._deployment, self._drawings, self._look, self._query = deployment, drawings, look, query
        self._judging = Judging(deployment)
        self._loaded = loaded(deployment, current_scope())
        self._now = datetime.now(UTC)
        self._read: dict[str, Filters] = {}

    def card(self, panel: Panel, held: Any, tabled: bool) -> dict[str, Any]:
        """What a card has to show: state, digest, version, note and the address of its files; and, unless it is what it
        shows already, what is drawn. A fault of one card is the fault of that card alone.
        """
        try:
            return self._card(panel, held, tabled)
        except Exception as error:  # whatever it is, the neighbours have their answers; it is logged with its trace
            if not isinstance(error, Unavailable):  # which was told already
                log.exception("the card %s could not be made", panel.key)
            return {"key": panel.key, "state": "panel-body is-error"}

    def _card(self, panel: Panel, held: Any, tabled: bool) -> dict[str, Any]:
        deployment, look = self._deployment, self._look
        filters = self._filters(panel)
        asked = panel.about(filters.subject)
        with timed("query"):
            found = self._judging.of(asked, deployment.answers.of(asked, filters, current_scope()), filters)
        hour = look.text.clock(self._now, deployment.jurisdiction.timezone)
        with timed("figure"):
            drawn = self._drawings.of(asked, found, asked.heeded(filters), self._loaded, look, hour, tabled)
        links = to_cases(asked, filters, look.text, deployment.jurisdiction, current_scope())
        beside = [html.Span(links)] if len(links) == 1 and panel.kind != "number" else []
        address = urlencode({**filters.to_query(), "lang": look.text.language})
        shown = {
            "key": panel.key,
            "state": drawn.state,
            "digest": drawn.digest,
            "version": found.version,
            "note": markup([*note(asked, found, filters, look, self._now), *beside]),
            "links": markup(links),
            "files": address,
        }
        return shown if held == drawn.digest else {**shown, "drawn": asdict(drawn)}

    def _filters(self, panel: Panel) -> Filters:
        """The filters as the panel's page reads them."""
        page = page_of(panel)
        key = page.key if page else ""
        if key not in self._read:
            text = self._look.text
            self._read[key], _ = read(self._query, self._deployment, text.calendar_name, page)
        return self._read[key]
