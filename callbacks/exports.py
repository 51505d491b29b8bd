"""A panel's data taken away: as files, and as JSON for programs, under the caller's own scope."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import numpy as np
import orjson
from dash import Dash
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from callbacks.asking import current_person, current_scope, language_of, read
from callbacks.audited import audited, filtered
from dashboard.access.audit import Unwritten
from dashboard.answers import Answer, Unavailable, Withheld
from dashboard.deployment import Deployment
from dashboard.exports.kinds import KINDS
from dashboard.exports.taken import Taken
from dashboard.exports.words import format_of, heading, is_withheld, missing
from dashboard.figures.look import Look
from dashboard.filters import NAMES, Filters
from dashboard.panel import Panel
from dashboard.text import LANGUAGES, Text
from layouts.pages import page_of, panels, panels_for
from layouts.trail import scope_name

_KNOWN = frozenset({"subject", "from", "to", "lang", *NAMES})


class Refusal(HTTPException):
    """A request that cannot be answered: a status and a sentence that says what to do."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = status


def register(app: Dash, deployment: Deployment) -> None:
    """Serve ``/export/<key>.<kind>`` and ``/api/v1/panels/<key>``."""
    server: Flask = app.server

    @server.get("/export/<key>.<kind>")
    def export(key: str, kind: str) -> Response:
        if kind not in KINDS:
            raise Refusal(404, f"there is no kind {kind!r} of file; there are: {', '.join(KINDS)}")
        panel, filters, text = _asked(key, deployment)
        answer = _answered(panel, filters, deployment)
        _taken(panel, filters, answer, kind, deployment)
        look = Look(text, "light", deployment.jurisdiction)
        whose = scope_name(current_scope(), text, deployment.jurisdiction)
        taken = Taken(panel, answer, filters, look, whose, deployment.settings.demo)
        disposition = f'attachment; filename="{taken.stem}.{kind}"'
        headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
        return Response(KINDS[kind].write(taken), content_type=KINDS[kind].content_type, headers=headers)

    @server.get("/api/v1/panels/<key>")
    def panel_as_json(key: str) -> Response:
        panel, filters, text = _asked(key, deployment)
        answer = _answered(panel, filters, deployment)
        _taken(panel, filters, answer, "json", deployment)
        return _json(200, as_json(panel, answer, filters, text, demo=deployment.settings.demo))


def as_json(panel: Panel, answer: Answer, filters: Filters, text: Text, demo: bool) -> dict[str, Any]:
    """A panel's answer for programs: what was asked, what the columns are, and the rows."""
    heeded = panel.heeded(filters)
    window, compared = heeded.window, heeded.compared
    names = [column.name for column in panel.columns]
    return {
        "panel": panel.key,
        "title": text(f"panel.{panel.key}.title"),
        "version": answer.version,
        "as_of": answer.as_of,
        "stale": answer.stale,
        "demo": demo,
        "subject": panel.subject or filters.subject,
        "filters": filters.to_query(),
        "unheeded": panel.unheeded(filters),
        "window": {"start": window.start, "end": window.end},
        "compared": {"start": compared.start, "end": compared.end} if compared else None,
        "columns": [
            {"name": column.name, "label": heading(column, text, answer.frame.attrs), "format": format_of(column)}
            for column in panel.columns
        ],
        "rows": [
            {name: _value(answer.frame.attrs, name, place, row[name]) for name in names}
            for place, row in enumerate(answer.frame.to_dict("records"))
        ],
    }


def _value(attrs: Mapping[Any, Any], name: str, place: int, value: Any) -> Any:
    """A value for programs: null where there is none, and an object that says so where it is withheld."""
    if is_withheld(attrs, name, place):
        return {"value": None, "suppressed": True}
    return None if missing(value) else value


def _asked(key: str, deployment: Deployment) -> tuple[Panel, Filters, Text]:
    """The panel, filters and language of a request; Refusal when one of them is not understood."""
    panel = panels(deployment.jurisdiction).get(key)
    own = panels_for(current_person(), deployment.jurisdiction)
    if panel is None:
        raise Refusal(404, f"there is no panel {key!r}; there are: {', '.join(own)}")
    if key not in own:
        raise Refusal(403, f"the panel {key!r} is not open to you; there are: {', '.join(own)}")
    panel = own[key]
    query = request.args.to_dict()
    strange = sorted(set(query) - _KNOWN)
    if strange:
        raise Refusal(400, f"{strange[0]}: no such parameter; there are: {', '.join(sorted(_KNOWN))}")
    language = query.pop("lang", "")
    if language and language not in LANGUAGES:
        raise Refusal(400, f"lang: {language!r} is none of {', '.join(LANGUAGES)}")
    text = language_of(language, deployment)
    calendar = text.calendar_name if language else deployment.jurisdiction.calendar
    filters, bad = read(query, deployment, calendar, page_of(panel))
    if bad:
        raise Refusal(400, bad[0].why)
    return panel.about(filters.subject), filters, text


def _answered(panel: Panel, filters: Filters, deployment: Deployment) -> Answer:
    try:
        return deployment.answers.of(panel, filters, current_scope())
    except Unavailable as error:
        raise Refusal(503, f"{error}; try again in a moment") from error
    except Withheld as error:
        raise Refusal(403, str(error)) from error


def _taken(panel: Panel, filters: Filters, answer: Answer, form: str, deployment: Deployment) -> None:
    """Write into the audit what is taken away; Refusal where that cannot be."""
    detail = {"format": form, **filtered(filters, current_person())}
    try:
        audited(deployment, "export", f"panel/{panel.key}", detail, len(answer.frame))
    except Unwritten as error:
        raise Refusal(503, f"{error}, so nothing is given out; try again in a moment") from error


def _json(status: int, content: dict[str, Any]) -> Response:
    body = orjson.dumps(content, default=_plain, option=orjson.OPT_SERIALIZE_NUMPY)
    return Response(body, status, mimetype="application/json", headers={"Cache-Control": "no-store"})


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")
