"""Who is let in, and requests that no page of ours sends.

Every address and every callback is closed to who is not signed in, unless `OPEN` says otherwise: what is added tomorrow
is closed. A malformed request is answered with 400 and a sentence, never with a fault of the server.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

import orjson
from dash import Dash
from flask import Flask, Request, Response, redirect, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as AnyResponse

from callbacks.session import session_of_request
from dashboard.deployment import Deployment

OPEN = {
    "/livez": "whether the process lives, for who watches it",
    "/readyz": "whether the database answers, for load balancers",
    "/metrics": "figures of the process, none of the data",
    "/assets/": "styles, fonts and scripts, the same for all",
    "/_dash-component-suites/": "scripts of Dash, the same for all",
    "/theme.css": "colours",
    "/sign-in": "where one signs in",
    "/api/v1/records": "systems that send records, with tokens of their own",
    "/api/v1/eligibility": "systems that ask who is covered, with tokens of their own",
}
"""The beginnings of addresses that nobody has to be signed in for, and why. Without a slash at the end the address
itself and what lies below it.
"""
ACCOUNT = ("/account", "/sign-out")
"""What is open to who has to choose a new password first."""
_MOST_BYTES = 2_000_000

log = logging.getLogger(__name__)


def register(app: Dash, deployment: Deployment) -> None:  # noqa: ARG001  every module registers alike
    """Let in who is signed in, and check the shape of every callback's body before Dash takes it apart."""
    server: Flask = app.server

    @server.before_request
    def closed() -> AnyResponse | None:
        if _below(request.path, OPEN):
            return None
        try:
            session = session_of_request()
        except SQLAlchemyError as error:
            log.error("nobody can be recognised: %s", str(error).splitlines()[0])  # noqa: TRY400  no trace of what was sent
            return _refused(503, "the database does not answer; try again in a moment")
        document = request.method in ("GET", "HEAD") and "text/html" in request.headers.get("Accept", "")
        if session is None:
            wanted = request.full_path.rstrip("?")
            return redirect(f"/sign-in?next={quote(wanted)}") if document else _refused(401, "sign in first")
        if session.must_change and not _below(request.path, ACCOUNT):
            return redirect("/account") if document else _refused(403, "choose a new password first")
        return None

    @server.before_request
    def check() -> Response | None:
        if not request.path.endswith("/_dash-update-component") or request.method != "POST":
            return None
        fault = _fault(request, app)
        return None if fault is None else _refused(400, fault)


def _refused(status: int, why: str) -> Response:
    return Response(orjson.dumps({"error": why}), status, mimetype="application/json")


def _below(path: str, beginnings: Iterable[str]) -> bool:
    return any(
        path.startswith(beginning) if beginning.endswith("/") else path == beginning or path.startswith(f"{beginning}/")
        for beginning in beginnings
    )


def _fault(asked: Request, app: Dash) -> str | None:
    """What is wrong with a callback's body; ``None`` when it names one of the callbacks and brings what that takes."""
    if (asked.content_length or 0) > _MOST_BYTES:
        return "the body is too long"
    body = asked.get_json(silent=True)
    if not isinstance(body, dict):
        return "the body is no JSON object"
    output = body.get("output")
    known = app.callback_map.get(output) if isinstance(output, str) else None
    if known is None:
        return "output: there is no such callback"
    for part, wanted in (("inputs", known["inputs"]), ("state", known["state"]), ("outputs", _outputs(str(output)))):
        if not _same(body.get(part, []), wanted):
            return f"{part}: not what this callback takes"
    if isinstance(body.get("outputs"), list) != str(output).startswith(".."):
        return "outputs: one where there is one, a list where there are several"
    names = {f"{entry['id']}.{entry['property']}" for entry in known["inputs"]}
    changed = body.get("changedPropIds")
    if not isinstance(changed, list) or not all(isinstance(name, str) and name in names for name in changed):
        return "changedPropIds: not a list of this callback's inputs"
    return None


def _outputs(key: str) -> list[dict[str, str]]:
    """The outputs that a callback's key names: ``id.property``, or ``..id.property...id.property..``."""
    parts = (part.rpartition(".") for part in key.strip(".").split("..."))
    return [{"id": name, "property": prop} for name, _, prop in parts]


def _same(given: Any, wanted: list[dict[str, str]]) -> bool:
    """Whether a body's inputs, states or outputs are those of the callback, one by one."""
    entries = [given] if isinstance(given, dict) else given
    return (
        isinstance(entries, list)
        and len(entries) == len(wanted)
        and all(
            isinstance(entry, dict) and (entry.get("id"), entry.get("property")) == (want["id"], want["property"])
            for entry, want in zip(entries, wanted, strict=True)
        )
    )
