"""A panel's data taken away: as files, and as JSON for programs, under the caller's own scope."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import numpy as np
import orjson
from dash import Dash
from flask import Flask, Response, request

from callbacks.asking import current_person
from callbacks.audited import audited, filtered
from callbacks.taking import Refusal, file, taken
from dashboard.access.audit import Unwritten
from dashboard.deployment import Deployment
from dashboard.exports.kinds import KINDS
from dashboard.exports.taken import Taken
from dashboard.exports.words import format_of, heading, is_withheld, missing
from layouts.sheet import STYLES


def register(app: Dash, deployment: Deployment) -> None:
    """Serve ``/export/<key>.<kind>`` and ``/api/v1/panels/<key>``."""
    server: Flask = app.server

    @server.get("/export/<key>.<kind>")
    def export(key: str, kind: str) -> Response:
        person, query = current_person(), request.args.to_dict()
        style = query.pop("style", "light")
        if style not in STYLES:
            raise Refusal(400, f"style: {style!r} is none of {', '.join(STYLES)}")
        of = taken(deployment, person, key, query)
        content = file(deployment, person, of, kind, style)
        _audited(of, kind, deployment)
        disposition = f'attachment; filename="{of.stem}.{kind}"'
        headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
        return Response(content, content_type=KINDS[kind].content_type, headers=headers)

    @server.get("/api/v1/panels/<key>")
    def panel_as_json(key: str) -> Response:
        of = taken(deployment, current_person(), key, request.args.to_dict())
        _audited(of, "json", deployment)
        return _json(200, as_json(of))


def as_json(of: Taken) -> dict[str, Any]:
    """A panel's answer for programs: what was asked, what the columns are, and the rows."""
    panel, answer, filters, text = of.panel, of.answer, of.filters, of.look.text
    heeded = panel.heeded(filters)
    window, compared = heeded.window, heeded.compared
    names = [column.name for column in panel.columns]
    return {
        "panel": panel.key,
        "title": text(f"panel.{panel.key}.title"),
        "version": answer.version,
        "as_of": answer.as_of,
        "stale": answer.stale,
        "demo": of.demo,
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


def _audited(of: Taken, form: str, deployment: Deployment) -> None:
    """Write into the audit what is taken away; Refusal where that cannot be."""
    detail = {"format": form, **filtered(of.filters, current_person())}
    try:
        audited(deployment, "export", f"panel/{of.panel.key}", detail, len(of.answer.frame))
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
