"""Who is behind the present request: the session of its cookie, read anew for every request and for no longer."""

from __future__ import annotations

from flask import current_app, g, has_request_context, request
from werkzeug.wrappers import Response

from dashboard.access import sessions
from dashboard.access.person import Person
from dashboard.access.sessions import Session
from dashboard.deployment import Deployment
from dashboard.settings import Settings

_UNUSED = frozenset({"/live", "/files.json"})
"""What pages ask by themselves, which keeps no session from ending for being idle."""


class NotSignedIn(RuntimeError):
    """Something was asked for a person where there is none. It must not happen: the guard lets nobody so far."""


def session_of_request() -> Session | None:
    """The session of the present request; ``None`` when nobody is signed in.

    Looked up when it is first asked for, so that a style sheet costs nothing, and kept for this request alone: what
    becomes of a person holds at the next one. Raises what SQLAlchemy raises when the database is silent.
    """
    if not has_request_context():
        return None
    if "session" not in g:
        g.session = _looked_up()
    found: Session | None = g.session
    return found


def person_of_request() -> Person | None:
    """The person behind the present request; ``None`` when nobody is signed in, and outside of any request."""
    session = session_of_request()
    return None if session is None else session.person


def current_session() -> Session:
    """The session of the present request. NotSignedIn when there is none."""
    found = session_of_request()
    if found is None:
        raise NotSignedIn("a request without a person reached what needs one")
    return found


def cookie_name(settings: Settings) -> str:
    """The session cookie's name. Over TLS with the prefix that binds it to this very host and its root."""
    return "__Host-rasad_session" if settings.secure else "rasad_session"


def give(response: Response, cookie: str, settings: Settings) -> None:
    """Put a session's cookie on a response. It ends with the browser, and on the server before."""
    response.set_cookie(cookie_name(settings), cookie, httponly=True, samesite="Lax", secure=settings.secure, path="/")


def take(response: Response, settings: Settings) -> None:
    """Take a session's cookie away."""
    name = cookie_name(settings)
    response.delete_cookie(name, httponly=True, samesite="Lax", secure=settings.secure, path="/")


def _looked_up() -> Session | None:
    deployment: Deployment | None = current_app.extensions.get("rasad")
    if deployment is None:  # Dash asks for a document while the application is made
        return None
    settings = deployment.settings
    cookie = request.cookies.get(cookie_name(settings))
    if not cookie:
        return None
    return sessions.find(deployment.database, cookie, settings.session_idle, used=request.path not in _UNUSED)
