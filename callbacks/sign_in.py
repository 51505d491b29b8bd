"""Signing in and out, and one's own account: forms that need no script."""

from __future__ import annotations

import secrets
from functools import cache
from typing import Any
from urllib.parse import urlencode, urlsplit

from dash import Dash
from flask import Flask, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from callbacks import directory
from callbacks.asking import language_of
from callbacks.audited import account_noted
from callbacks.index import LANGUAGE_COOKIE, THEME_COOKIE
from callbacks.origin import page_token
from callbacks.session import cookie_name, current_session, give, session_of_request, take
from dashboard.access import audit, csrf, failures, passwords, people, sessions
from dashboard.access.keys import secret_key
from dashboard.access.people import Account
from dashboard.access.person import Person
from dashboard.deployment import Deployment
from dashboard.figures.theme import THEMES, Name
from dashboard.settings import Settings
from dashboard.text import LANGUAGES, Text
from layouts import sign_in as layout
from layouts.document import document
from layouts.markup import Html
from layouts.outline import outline
from layouts.sign_in import Form, Told

_YEAR = 31_536_000
_DEVICE_SECONDS = 180 * 86_400
_HEADERS = {"Cache-Control": "no-store"}
_LONGEST = 2_000


def register(app: Dash, deployment: Deployment) -> None:
    """Serve ``/sign-in``, ``/sign-out`` and ``/account``."""
    door = Door(deployment)
    _outside(app.server, door, deployment)
    directory.register(app.server, door, deployment)
    _inside(app.server, door, deployment)


def _outside(server: Flask, door: Door, deployment: Deployment) -> None:
    """What is there for who is not signed in."""
    settings = deployment.settings

    @server.get("/sign-in")
    def sign_in() -> AnyResponse:
        chosen = _chosen()
        if chosen is not None:
            return chosen
        if session_of_request() is not None and not settings.demo:
            return redirect(_onward(request.args.get("next")))
        told = Told(door.text("sign_in.signed_out"), bad=False) if "out" in request.args else None
        return door.form(200, told)

    @server.post("/sign-in")
    def signed_in() -> AnyResponse:
        if not door.form_is_ours():
            return door.form(400, Told(door.text("sign_in.stale")))
        return door.try_password(_field("login"), request.form.get("password", ""))

    @server.post("/sign-in/as")
    def signed_in_as() -> AnyResponse:
        """One of the demo's identities, for whoever asks: in demo mode alone."""
        if not door.form_is_ours():
            return door.form(400, Told(door.text("sign_in.stale")))
        account = people.by_login(deployment.database, _field("as")) if settings.demo else None
        if account is None or not account.demo or account.disabled_at is not None:
            return door.form(403, Told(door.text("sign_in.wrong")))
        return door.let_in(account.person, how="demo")


def _inside(server: Flask, door: Door, deployment: Deployment) -> None:
    """What is there for who is signed in."""
    settings = deployment.settings

    @server.post("/sign-out")
    def sign_out() -> AnyResponse:
        session = current_session()
        audit.record(deployment.database, session.person, "sign_out", _address())
        sessions.end(deployment.database, session.key)
        return _gone(settings)

    @server.get("/account")
    def account() -> Response:
        return door.account(200)

    @server.post("/account/password")
    def password() -> AnyResponse:
        return door.change_password()

    @server.post("/account/sessions")
    def end_sessions() -> AnyResponse:
        session, which = current_session(), _field("end")
        if which == "all":
            ended = sessions.end_all(deployment.database, session.person.id)
            _audit_ended(deployment, session.person, ended)
            return _gone(settings)
        for sitting in sessions.listed(deployment.database, session.person.id, settings.session_idle):
            if sitting.key.hex() == which:
                sessions.end(deployment.database, sitting.key)
                _audit_ended(deployment, session.person, 1)
        return redirect("/account")


class Door:
    """What the forms of one deployment share."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment, self._settings = deployment, deployment.settings
        self._key = secret_key(deployment.settings)
        self._outline = cache(lambda: outline(deployment.jurisdiction))

    @property
    def text(self) -> Text:
        """The texts of the reader's language."""
        return language_of(request.cookies.get(LANGUAGE_COOKIE), self._deployment)

    def form(self, status: int, told: Told | None = None, login: str = "") -> Response:
        """The sign-in document, and with it the cookie that its form is held against."""
        text, settings = self.text, self._settings
        cookie = request.cookies.get(_form_cookie(settings)) or secrets.token_urlsafe(32)
        token = page_token(settings) or csrf.token(cookie, self._key)
        form = Form(token, _onward(request.values.get("next"), ""))
        identities = self._identities()
        body = layout.sign_in(
            *(text, self._deployment.jurisdiction, self._outline(), form, identities, told, login),
            elsewhere=directory.BEGIN if settings.oidc_issuer else "",
            elsewhere_name=settings.oidc_name,
        )
        answer = self._document(status, text("sign_in.title"), body, text)
        answer.set_cookie(
            *(_form_cookie(settings), cookie), httponly=True, samesite="Lax", secure=settings.secure, path="/"
        )
        return answer

    def form_is_ours(self) -> bool:
        """Whether a form was sent from a document of ours. Who is signed in was asked for that already."""
        if session_of_request() is not None:
            return True
        cookie = request.cookies.get(_form_cookie(self._settings), "")
        return bool(cookie) and csrf.matches(request.form.get(csrf.FIELD), cookie, self._key)

    def try_password(self, login: str, password: str) -> AnyResponse:
        """Let in who knows the password; what is said otherwise is the same whatever is wrong."""
        database, key = self._deployment.database, self._key
        login = people.folded(login)
        account = people.by_login(database, login)
        known = account is not None and sessions.known_address(database, account.person.id, _address(), failures.KNOWN)
        device = request.cookies.get(_device_cookie(self._settings), "")
        tried = failures.attempt(key, login, _address(), device, known)
        seconds = failures.wait(database, tried)
        if seconds > 0:
            self._refuse(account, "waiting", once=True)
            answer = self.form(429, Told(_waiting(seconds, self.text)), login)
            answer.headers["Retry-After"] = str(round(seconds) + 1)
            return answer
        is_open = account is not None and account.disabled_at is None
        right = passwords.matches(
            account.password_hash if account and is_open else None, password[: passwords.MOST + 1]
        )
        if account is None or not right:
            self._refuse(account, "password" if is_open else "account")
            return self.form(401, Told(self.text("sign_in.wrong")), login)
        failures.forgive(database, tried)
        if passwords.outdated(account.password_hash or ""):
            people.renew_hash(database, account.person.id, password)
        inside = self.let_in(account.person, how="password", must_change=account.must_change)
        inside.set_cookie(
            _device_cookie(self._settings),
            failures.device_cookie(key, login, device),
            max_age=_DEVICE_SECONDS,
            httponly=True,
            samesite="Strict",
            secure=self._settings.secure,
            path="/sign-in",
        )
        return inside

    def onward(self) -> str:
        """Where whoever signs in wants to go on to; empty where that is not said."""
        return _onward(request.values.get("next"), "")

    def let_in(self, person: Person, how: str, must_change: bool = False, onward: str = "") -> AnyResponse:
        """Begin a session, end the one this browser had, and go on to where the person wanted to be."""
        database, settings = self._deployment.database, self._settings
        audit.record(database, person, "sign_in", _address(), detail={"how": how})
        before = request.cookies.get(cookie_name(settings))
        if before:
            sessions.end(database, sessions.key_of(before))
        agent = request.headers.get("User-Agent", "")
        cookie = sessions.start(database, person.id, _address(), agent, settings.session_hours)
        answer = redirect("/account" if must_change else _onward(onward or request.form.get("next")), 303)
        give(answer, cookie, settings)
        answer.delete_cookie(_form_cookie(settings), path="/", secure=settings.secure, httponly=True, samesite="Lax")
        return answer

    def account(self, status: int, told: Told | None = None) -> Response:
        """The document of the own account."""
        text, session, database = self.text, current_session(), self._deployment.database
        kept = people.by_id(database, session.person.id)
        body = layout.account(
            text,
            self._deployment.jurisdiction,
            session.person,
            Form(page_token(self._settings)),
            sessions.listed(database, session.person.id, self._settings.session_idle),
            session.key,
            with_password=kept is not None and kept.password_hash is not None,
            must_change=session.must_change,
            told=told,
        )
        return self._document(status, text("account.title"), body, text)

    def change_password(self) -> AnyResponse:
        """Change the password of who is signed in; the other sessions end, and this one goes on."""
        text, session, database = self.text, current_session(), self._deployment.database
        kept = people.by_id(database, session.person.id)
        if kept is None or kept.password_hash is None:
            return self.account(400, Told(text("account.password.none")))
        now, new, again = (request.form.get(name, "") for name in ("now", "new", "again"))
        tried = failures.attempt(self._key, kept.person.login, _address(), "", known_address=True)
        seconds = failures.wait(database, tried)
        if seconds > 0:
            return self.account(429, Told(_waiting(seconds, text)))
        if not passwords.matches(kept.password_hash, now[: passwords.MOST + 1]):
            return self.account(400, Told(text("account.password.wrong")))
        failures.forgive(database, tried)
        if new != again:
            return self.account(400, Told(text("account.password.differ")))
        if new == now:
            return self.account(400, Told(text("account.password.same")))
        try:
            noted = account_noted(self._deployment, "password_set")
            people.set_password(database, session.person.id, new, but=session.key, noted=noted)
        except passwords.WeakPassword as weak:
            return self.account(400, Told(text(f"account.password.{weak.why}", n=passwords.LEAST, most=passwords.MOST)))
        if session.must_change:
            return redirect("/", 303)
        return self.account(200, Told(text("account.password.saved"), bad=False))

    def _identities(self) -> list[Account]:
        if not self._settings.demo:
            return []
        there = people.listed(self._deployment.database)
        return [account for account in there if account.demo and not account.disabled_at]

    def _refuse(self, account: Account | None, why: str, once: bool = False) -> None:
        """Write that somebody was not let in. What was typed is not written: it may be a password by mistake."""
        known = f"account/{account.person.id}" if account else ""
        audit.record(self._deployment.database, None, "sign_in_refused", _address(), known, {"why": why}, once=once)

    def _document(self, status: int, title: str, body: Html, text: Text) -> Response:
        chosen: Any = request.cookies.get(THEME_COOKIE, "")
        theme: Name = chosen if chosen in THEMES else "light"
        return Response(document(title, body, text, theme), status, _HEADERS, content_type="text/html; charset=utf-8")


def _chosen() -> AnyResponse | None:
    """A language or an appearance chosen by a link: kept in its cookie, as the page's own script does."""
    for parameter, cookie, known in (("lang", LANGUAGE_COOKIE, LANGUAGES), ("theme", THEME_COOKIE, tuple(THEMES))):
        wanted = request.args.get(parameter)
        if wanted is not None and wanted in known:
            onward = _onward(request.args.get("next"), "")
            answer = redirect(f"/sign-in?{urlencode({'next': onward})}" if onward else "/sign-in")
            answer.set_cookie(cookie, wanted, max_age=_YEAR, samesite="Lax", path="/")
            return answer
    return None


def _onward(wanted: str | None, usual: str = "/") -> str:
    """Where to go on to: a path of our own, never another host, whatever the address says."""
    if not wanted or len(wanted) > _LONGEST or not wanted.startswith("/") or wanted[1:2] in ("/", "\\"):
        return usual
    if any(not character.isprintable() for character in wanted) or "\\" in wanted:
        return usual
    parts = urlsplit(wanted)
    if parts.scheme or parts.netloc or parts.path.startswith(("/sign-", "/_", "/api/")):
        return usual
    return wanted


def _waiting(seconds: float, text: Text) -> str:
    if seconds > 90:
        return text("sign_in.wait.minutes", n=round(seconds / 60))
    return text("sign_in.wait.seconds", n=max(round(seconds), 1))


def _gone(settings: Settings) -> AnyResponse:
    answer = redirect("/sign-in?out=1", 303)
    take(answer, settings)
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


def _audit_ended(deployment: Deployment, person: Person, ended: int) -> None:
    audit.record(deployment.database, person, "sessions_ended", _address(), f"account/{person.id}", rows=ended)


def _form_cookie(settings: Settings) -> str:
    return "__Host-rasad_form" if settings.secure else "rasad_form"


def _device_cookie(settings: Settings) -> str:
    return "__Secure-rasad_device" if settings.secure else "rasad_device"


def _field(name: str) -> str:
    return request.form.get(name, "")[:200]


def _address() -> str:
    return request.remote_addr or ""
