"""What goes wrong at a door, told as ``application/problem+json`` (RFC 9457): a status, a sentence, what to do.

Nothing of a request is repeated in a problem but what was checked and masked: anything can stand anywhere.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

import orjson
import psycopg
from flask import Response, request

from dashboard.access.audit import Unwritten

_MOST_UNHEARD: Final = 32 << 20
RETRY_SECONDS: Final = 5
"""When to try again while the claims database cannot be reached."""

log = logging.getLogger(__name__)


class Problem(Exception):
    """A request that is not answered as asked: ``status``, a sentence, headers, and what else the body says."""

    def __init__(self, status: int, sentence: str, headers: Mapping[str, str] | None = None, **more: object) -> None:
        super().__init__(sentence)
        self.status = status
        self.headers = dict(headers or {})
        self.more = more

    def response(self) -> Response:
        """The problem as an answer."""
        title = HTTPStatus(self.status).phrase
        content = {"type": "about:blank", "title": title, "status": self.status, "detail": str(self), **self.more}
        return _response(content, self.status, "application/problem+json", self.headers)


def answer(content: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    """A request answered as asked."""
    return _response(content, 200, "application/json", headers or {})


def answering(view: Callable[..., Response]) -> Callable[..., Response]:
    """A view that answers POST only, and tells every problem in the one way there is."""

    def answered(**values: str) -> Response:
        try:
            return view(**values) if request.method == "POST" else _not_allowed().response()
        except Problem as problem:
            _read_on()
            return problem.response()
        except (psycopg.OperationalError, psycopg.InterfaceError, Unwritten) as error:
            _read_on()
            log.warning("a request could not be answered: %s", str(error).partition("\n")[0])
            return unavailable().response()

    return answered


def _read_on() -> None:
    """Take in what is still being sent: most senders hear an answer only when they have said all they had to say."""
    left = _MOST_UNHEARD
    while left > 0 and (piece := request.stream.read(min(left, 1 << 16))):
        left -= len(piece)


def _not_allowed() -> Problem:
    return Problem(405, f"{request.method} is not answered here; send a POST", {"Allow": "POST"})


def unavailable() -> Problem:
    """The claims database cannot be used at the moment."""
    sentence = "the claims database cannot be used at the moment; send the request again, nothing counts twice"
    return Problem(503, sentence, {"Retry-After": str(RETRY_SECONDS)})


def _response(content: Mapping[str, Any], status: int, kind: str, headers: Mapping[str, str]) -> Response:
    return Response(orjson.dumps(content), status, {"Cache-Control": "no-store", **headers}, content_type=kind)
