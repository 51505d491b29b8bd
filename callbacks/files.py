"""Files made beside the pages: asked for from a card, listed, given up, tried again, taken; by who asked alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import orjson
from dash import Dash
from flask import Flask, Response, request
from werkzeug.exceptions import BadRequest, NotFound, ServiceUnavailable, TooManyRequests

from callbacks.asking import current_person, language_of
from callbacks.audited import audited, filtered
from callbacks.taking import Refusal, asked
from dashboard.access.audit import Unwritten
from dashboard.claims.database import Database
from dashboard.deployment import Deployment
from dashboard.exports.kinds import KINDS
from dashboard.jobs import files
from dashboard.jobs.queue import works
from layouts.files import FILES, listed
from layouts.markup import markup
from layouts.sheet import STYLES

_SOON, _LATER = 1.5, 10.0
"""Seconds after which a page asks again: while something is still to come, and else."""


def register(app: Dash, deployment: Deployment) -> None:
    """Serve what asks for a file (``POST /export/<key>.<kind>``), ``/files.json`` and the files."""
    server: Flask = app.server

    @server.post("/export/<key>.<kind>")
    def ask_for(key: str, kind: str) -> Response:
        return _asked_for(deployment, key, kind)

    @server.get("/files.json")
    def own_files() -> Response:
        person, database = current_person(), deployment.database
        text = language_of(request.args.get("lang"), deployment)
        found = files.listed(database, person.id)
        unmade = any(file.unmade for file in found)
        shown = listed(found, person, not unmade or works(database), text, deployment.jurisdiction)
        return _json(200, {"html": markup(shown), "again": _SOON if unmade else _LATER})

    @server.get("/files/<number>/<name>")
    def take(number: str, name: str) -> Response:
        return _taken(deployment, number, name)

    @server.post("/files/<number>/<way>")
    def do(number: str, way: str) -> Response:
        return _done(deployment, number, way)


def _asked_for(deployment: Deployment, key: str, kind: str) -> Response:
    """Queue what a card shows as a file; whether it can be asked at all is told at once."""
    person, query = current_person(), request.args.to_dict()
    style = query.pop("style", "light")
    if style not in STYLES:
        raise Refusal(400, f"style: {style!r} is none of {', '.join(STYLES)}")
    if kind not in KINDS:
        raise Refusal(404, f"there is no kind {kind!r} of file; there are: {', '.join(KINDS)}")
    panel, filters, text = asked(deployment, person, key, dict(query))
    with _told():
        audited(deployment, "export_asked", f"panel/{key}", {"format": kind, **filtered(filters, person)})
        title = text(f"panel.{panel.key}.title")
        asking = {"panel": key, "query": query, "style": style}
        number = files.ask(deployment.database, person.id, "panel", kind, title, text.language, asking)
    return _json(202, {"id": number, "list": FILES.path})


def _taken(deployment: Deployment, number: str, name: str) -> Response:
    """Give a file out, part by part."""
    person, database = current_person(), deployment.database
    found = files.of(database, person.id, number)
    if found is None or not found.open_to(person) or found.name != name:
        raise NotFound("there is no such file, or not any more, or not for you")
    with _told():
        audited(deployment, "export", found.about, {"format": found.kind, **found.detail}, found.rows)
    response = Response(files.content(database, person.id, found), content_type=found.content_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Content-Length"] = str(found.bytes)
    response.headers["Cache-Control"] = "no-store"
    return response


_WAYS: dict[str, Callable[[Database, int, str], bool]] = {
    "cancel": files.cancel,
    "again": files.again,
    "remove": files.remove,
}


def _done(deployment: Deployment, number: str, way: str) -> Response:
    """Give a file up, try it again or take it off the list."""
    person, database = current_person(), deployment.database
    if way not in _WAYS:
        raise NotFound(f"there is nothing {way!r} to do; there are: {', '.join(_WAYS)}")
    found = files.of(database, person.id, number)
    if found is None:
        raise NotFound("there is no such file, or not for you")
    with _told():
        if way == "again":
            audited(deployment, "export_asked", found.about, {"format": found.kind})
        done = _WAYS[way](database, person.id, number)
    if not done:
        raise BadRequest(f"of a file that is {found.state} there is nothing to {way}")
    return _json(200, {"id": number})


@contextmanager
def _told() -> Iterator[None]:
    """Refuse with what helps: the audit must be written, and nobody fills the queue alone."""
    try:
        yield
    except Unwritten as error:
        raise ServiceUnavailable(f"{error}, so nothing is made or given out; try again in a moment") from error
    except files.TooMany as error:
        raise TooManyRequests(f"{error}; wait for one of them, or give one up") from error


def _json(status: int, content: dict[str, object]) -> Response:
    return Response(orjson.dumps(content), status, mimetype="application/json", headers={"Cache-Control": "no-store"})
