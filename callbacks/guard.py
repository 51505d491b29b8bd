"""Requests that no page of ours sends: answered with 400 and a sentence, never with a fault of the server."""

from __future__ import annotations

from typing import Any

import orjson
from dash import Dash
from flask import Flask, Request, Response, request

from dashboard.deployment import Deployment

_MOST_BYTES = 2_000_000


def register(app: Dash, deployment: Deployment) -> None:  # noqa: ARG001  every module registers alike
    """Check the shape of every callback's body before Dash takes it apart."""
    server: Flask = app.server

    @server.before_request
    def check() -> Response | None:
        if not request.path.endswith("/_dash-update-component") or request.method != "POST":
            return None
        fault = _fault(request, app)
        return None if fault is None else Response(orjson.dumps({"error": fault}), 400, mimetype="application/json")


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
