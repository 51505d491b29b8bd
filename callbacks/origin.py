"""Where a request comes from: through which proxies, under which name, and whether a page of ours sent it.

A browser sends the session's cookie with whatever any site makes it send (SameSite keeps most of that away, not what a
neighbour of the same site sends). So a request that may change something has to bring two things more, which no other
site can make: the origin of our own pages, and the token of the session (`access.csrf`).
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from dash import Dash
from flask import Flask, request
from werkzeug.exceptions import BadRequest, Forbidden
from werkzeug.middleware.proxy_fix import ProxyFix

from callbacks.session import cookie_name, session_of_request
from dashboard.access import csrf
from dashboard.access.keys import secret_key
from dashboard.deployment import Deployment
from dashboard.settings import Settings

_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_PROBES = ("/livez", "/readyz", "/metrics")
"""Asked by the name of a machine, not by that of the page; they know no person."""
BEARERS = ("/api/v1/records", "/api/v1/eligibility")
"""Asked by programs with a token of their own in a header. No browser adds it, no cookie is read there: nothing that
another site could borrow.
"""


class StaleToken(Forbidden):
    """The page was made for another session than the present one: it has to be loaded anew."""


def register(app: Dash, deployment: Deployment) -> None:
    """Refuse what comes under another name, or from another site."""
    server: Flask = app.server
    settings = deployment.settings
    if settings.proxies:
        # Not without the setting: anybody can write these headers, and only a proxy takes away what others wrote.
        number = settings.proxies
        server.wsgi_app = ProxyFix(server.wsgi_app, x_for=number, x_proto=number, x_host=number)  # type: ignore[method-assign]

    @server.before_request
    def check() -> None:
        if not _named_rightly(settings):
            raise BadRequest("this is not the name of this page")
        if request.method in _SAFE or is_under(request.path, BEARERS):
            return
        if not _from_ours(settings):
            raise Forbidden("another site sent this, or a program that does not say where it comes from")
        if session_of_request() is not None and not csrf.matches(_brought(), _cookie(settings), secret_key(settings)):
            raise StaleToken("the token of the session is missing, or that of another session")


def page_token(settings: Settings) -> str:
    """The token that the present session's page and forms bring back; empty when nobody is signed in."""
    return csrf.token(_cookie(settings), secret_key(settings)) if session_of_request() is not None else ""


def is_under(path: str, prefixes: Iterable[str]) -> bool:
    """Whether a path lies below one of the prefixes, or is one that does not end with a slash."""
    return any(path == prefix or path.startswith(prefix.rstrip("/") + "/") for prefix in prefixes)


def _named_rightly(settings: Settings) -> bool:
    """Whether the request is for the host that people use, where one is set."""
    return (
        not settings.public_url
        or request.path in _PROBES
        or request.host.lower() in _names(urlsplit(settings.public_url).netloc, settings)
    )


def _names(host: str, settings: Settings) -> set[str]:
    """The host with and without the port that goes without saying."""
    return {host, f"{host}:{443 if settings.secure else 80}"} if ":" not in host else {host}


def _from_ours(settings: Settings) -> bool:
    """Whether the browser says that a page of ours sent it. What says nothing is refused: every browser does."""
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    if origin is None and site is None:
        return False
    if site is not None and site != "same-origin":
        return False
    if origin is None:
        return True
    if settings.public_url:
        return origin.lower() == settings.public_url
    # Where no address is set, the name that was asked for: TLS may have ended before, so the scheme says nothing.
    return origin.lower() in {f"{scheme}://{request.host.lower()}" for scheme in ("http", "https")}


def _cookie(settings: Settings) -> str:
    return request.cookies.get(cookie_name(settings), "")


def _brought() -> str | None:
    """The token as scripts or forms send it."""
    return request.headers.get(csrf.HEADER) or (request.form.get(csrf.FIELD) if request.mimetype in FORMS else None)
