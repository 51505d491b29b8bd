"""How long a request may be: whatever is longer is refused before anything reads it."""

from __future__ import annotations

from typing import Any

import orjson
from dash import Dash
from flask import Flask, request
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, RequestURITooLarge

from callbacks.origin import BEARERS, FORMS, is_under
from dashboard.deployment import Deployment

MOST_BYTES = 2_000_000
"""Of a body: what a page with every filter set sends is a hundredth of it."""
_MOST_FORM_BYTES = 200_000
_MOST_FIELDS = 200
_LONGEST_ADDRESS = 4_000
_MOST_PARAMETERS = 64


class _Strict(DefaultJSONProvider):
    """JSON as its standard has it: no NaN, no half of a character, nothing nested without end."""

    def loads(self, s: str | bytes, **_: Any) -> Any:
        """The value; ValueError where there is none."""
        return orjson.loads(s)


def register(app: Dash, deployment: Deployment) -> None:  # noqa: ARG001  every module registers alike
    """Bound bodies, forms and addresses. Records have bounds of their own, where what is packed in them is unpacked."""
    server: Flask = app.server
    server.json = _Strict(server)
    server.config.update(
        MAX_CONTENT_LENGTH=MOST_BYTES, MAX_FORM_MEMORY_SIZE=_MOST_FORM_BYTES, MAX_FORM_PARTS=_MOST_FIELDS
    )

    @server.before_request
    def bounded() -> None:
        if is_under(request.path, BEARERS):
            request.max_content_length = None
        elif (request.content_length or 0) > MOST_BYTES:
            raise RequestEntityTooLarge(f"the body is longer than {MOST_BYTES:,} bytes")
        query = request.environ.get("QUERY_STRING", "")
        if len(query) + len(request.path) > _LONGEST_ADDRESS:
            raise RequestURITooLarge(f"the address is longer than {_LONGEST_ADDRESS:,} characters")
        if request.mimetype in FORMS and any("\0" in value for value in request.form.values()):
            raise BadRequest("a field of the form holds what no text does")
        if query.count("&") >= _MOST_PARAMETERS:
            raise BadRequest(f"the address has more than {_MOST_PARAMETERS} parameters")
