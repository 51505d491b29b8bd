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
    for part, wanted in (("inputs", known["inputs"]), ("state", known["state"])):
        if not _same(body.get(part, []), wanted):
            return f"{part}: not what this callback takes"
    if not isinstance(body.get("changedPropIds"), list) or not all(isinstance(i, str) for i in body["changedPropIds"]):
        return "changedPropIds: not a list of names"
    return None if isinstance(body.get("outputs"), list | dict) else "outputs: missing"


def _same(given: Any, wanted: list[dict[str, str]]) -> bool:
    """Whether a body's inputs or states are those of the callback, one by one; lists within are taken apart."""
    if not isinstance(given, list):
        return False
    flat: list[Any] = []
    for entry in given:
        flat += entry if isinstance(entry, list) else [entry]
    return len(flat) == len(wanted) and all(
        isinstance(entry, dict) and (entry.get("id"), entry.get("property")) == (want["id"], want["property"])
        for entry, want in zip(flat, wanted, strict=True)
    )
