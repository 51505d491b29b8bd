"""What is answered instead of what was asked: a page that helps for people, a problem in JSON for programs."""

from __future__ import annotations

import logging
import traceback
from http import HTTPStatus
from textwrap import shorten
from urllib.parse import quote, urlsplit

import orjson
from dash import Dash
from dash.exceptions import DependencyException
from flask import Flask, Response, request
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from callbacks.asking import language_of
from callbacks.index import LANGUAGE_COOKIE, THEME_COOKIE
from callbacks.origin import StaleToken, is_under
from dashboard.deployment import Deployment
from dashboard.figures.theme import THEMES
from dashboard.intake.person import masked
from layouts.document import document
from layouts.refusal import kind_of, refusal

_PROGRAMS = ("/api", "/live", "/livez", "/readyz", "/metrics", "/_dash-update-component", "/_dash-layout")
"""Asked by programs and scripts, which read no page."""
_RETRY_SECONDS = "5"
_LONGEST = 160
"""Characters of the sentence for programs that a page repeats: some name all there is."""

log = logging.getLogger(__name__)


def register(app: Dash, deployment: Deployment) -> None:
    """Answer every refusal and every fault, whichever module or library it comes from."""
    server: Flask = app.server

    @server.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        status = error.code or 500
        if error.response is not None or status < 400:  # a redirect, or an answer that was made already
            return error.get_response(request.environ)  # type: ignore[return-value]
        kind = "stale" if isinstance(error, StaleToken) else kind_of(status)
        answer = answered(status, error.description or HTTPStatus(status).phrase, deployment, kind)
        for name, value in error.get_headers(request.environ):
            if name not in ("Content-Type", "Content-Length"):
                answer.headers[name] = value
        return answer

    @server.errorhandler(DependencyException)
    def unknown(_error: DependencyException) -> Response:
        return answered(404, "there is no such script", deployment)  # which Dash raises for whoever mistypes it

    @server.errorhandler(OperationalError)
    @server.errorhandler(PoolTimeout)
    def silent(error: Exception) -> Response:
        log.error("%s could not be answered: %s", _rule(), masked(str(error).partition("\n")[0]))
        answer = answered(503, "the database does not answer; try again in a moment", deployment)
        answer.headers["Retry-After"] = _RETRY_SECONDS
        return answer

    @server.errorhandler(Exception)
    def failed(error: Exception) -> Response:
        # A fault may repeat what was typed, or a row: whatever in it could be the number of a person is blotted out.
        log.error("%s failed: %s", _rule(), masked("".join(traceback.format_exception(error))))
        return answered(500, "something went wrong here; it was written down", deployment)


def for_people() -> bool:
    """Whether the present request is a browser's that shows what is answered as a page."""
    return "text/html" in request.headers.get("Accept", "") and not is_under(request.path, _PROGRAMS)


def answered(status: int, detail: str, deployment: Deployment, kind: str = "") -> Response:
    """An answer of a status: a document in the reader's language, or a problem (RFC 9457) with ``detail``.

    ``kind`` is one of `layouts.refusal.KINDS`, that of the status unless it is given; programs find it too.
    """
    kind = kind or kind_of(status)
    if not for_people():
        title = HTTPStatus(status).phrase
        content = {"type": "about:blank", "title": title, "status": status, "detail": detail, "kind": kind}
        return Response(orjson.dumps(content), status, content_type="application/problem+json")
    text = language_of(request.cookies.get(LANGUAGE_COOKIE), deployment)
    theme = request.cookies.get(THEME_COOKIE, "")
    body = refusal(kind, text, sign_in_address(), _back(), shorten(detail, _LONGEST))
    page = document(text(f"refusal.{kind}"), body, text, theme if theme in THEMES else "light")
    return Response(page, status, content_type="text/html; charset=utf-8")


def sign_in_address() -> str:
    """Where one signs in, and comes back from to what was asked for; what was not a look at a page is not repeated."""
    if request.method not in ("GET", "HEAD"):
        return "/sign-in"
    return f"/sign-in?next={quote(request.full_path.rstrip('?'))}"


def _back() -> str:
    """The page of ours that the reader comes from, unless it is this very one."""
    try:
        came = urlsplit(request.headers.get("Referer", ""))
    except ValueError:  # no address at all
        return ""
    if came.netloc.lower() != request.host.lower() or not came.path.startswith("/") or came.path.startswith("//"):
        return ""
    return "" if came.path == request.path else f"{came.path}?{came.query}".rstrip("?")


def _rule() -> str:
    """What was asked, without what was asked about: addresses may hold anything."""
    return f"{request.method} {request.url_rule.rule if request.url_rule else 'an unknown address'}"
