"""Signing in, and one's own account: plain HTML that needs no script, for it is what stands before everything else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from urllib.parse import urlencode

from dashboard.access import passwords
from dashboard.access.people import Account
from dashboard.access.person import Person
from dashboard.access.sessions import Sitting
from dashboard.jurisdictions import Jurisdiction
from dashboard.text import LANGUAGES, Text
from layouts.marks import icon
from layouts.markup import Html, markup
from layouts.trail import scope_name

_ICONS = {"hq": "bank", "sso": "umbrella", "province": "geo-alt", "analyst": "bar-chart", "admin": "person-gear"}
_ORDER = tuple(_ICONS)
_BROWSERS = (
    *(("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari")),
    *(("curl", "curl"), ("python", "Python")),
)
_SYSTEMS = (
    *(("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS")),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Form:
    """What every form of these documents carries: the token that proves whose page it is, and where to go on to."""

    token: str
    next: str = ""


@dataclass(frozen=True)
class Told:
    """A sentence above a form, and whether it is bad news."""

    sentence: str
    bad: bool = True


def sign_in(
    text: Text,
    jurisdiction: Jurisdiction,
    outline: Html,
    form: Form,
    identities: Sequence[Account] = (),
    told: Told | None = None,
    login: str = "",
    elsewhere: str = "",
    elsewhere_name: str = "",
) -> Html:
    """The body of the sign-in document.

    ``outline`` is the country's. ``identities`` are offered with one click: the demo's, none outside it. ``login`` is
    what was typed before; ``elsewhere`` the address where a directory signs people in, empty where there is none, and
    ``elsewhere_name`` what people call it.
    """
    title = text("sign_in.demo.title") if identities else text("sign_in.title")
    lead = text("sign_in.demo.lead") if identities else text("sign_in.lead")
    own = _own(text, form, login)
    if elsewhere:
        address = f"{elsewhere}?{urlencode({'next': form.next})}"
        called = text("sign_in.directory.named", name=elsewhere_name) if elsewhere_name else text("sign_in.directory")
        own = Html(_button_link(address, "building-lock", called) + _or(text) + own)
    if identities:
        is_open = " open" if told is not None else ""
        own = Html(
            f'<details class="own"{is_open}><summary>{escape(text("sign_in.demo.own"))}</summary>{own}</details>'
        )
    said = _told(told)
    offered = _identities(text, jurisdiction, form, identities)
    return _around(text, jurisdiction, outline, form, Html(f"{_heading(title, lead)}{said}{offered}{own}"), identities)


def account(
    text: Text,
    jurisdiction: Jurisdiction,
    person: Person,
    form: Form,
    sittings: Sequence[Sitting],
    this: bytes,
    *,
    with_password: bool,
    must_change: bool,
    told: Told | None = None,
) -> Html:
    """The body of the document about one's own account: password, sessions, the ways out.

    Who ``must_change`` sees nothing but the form for that.
    """
    role = text(f"role.{person.role.key}")
    about = " · ".join([role, scope_name(person.scope, text, jurisdiction)]) if person.role.subjects != () else role
    top = (
        f'<header class="own-top"><a class="brand" href="/">{escape(text("app.name"))}</a>'
        f"{_posting('/sign-out', form, _button('btn btn-outline-secondary', 'box-arrow-right', text('account.out')))}"
        "</header>"
    )
    parts = [_told(told)]
    if must_change:
        parts.append(f'<p class="told">{escape(text("account.password.must"))}</p>')
    if with_password:
        parts.append(_password(text, form))
    if not must_change:
        parts.append(_sessions(text, jurisdiction, form, sittings, this))
    back = "" if must_change else f'<p><a href="/">{escape(text("account.back"))}</a></p>'
    return Html(
        f'<main class="own-account">{top}<h1>{escape(person.name)}</h1>'
        f'<p class="lead">{escape(about)} · <bdi>{escape(person.login)}</bdi></p>{"".join(parts)}{back}</main>'
    )


def _around(
    text: Text, jurisdiction: Jurisdiction, outline: Html, form: Form, content: Html, identities: Sequence[Account]
) -> Html:
    here = text.language
    languages = "".join(
        f'<a href="{_again(form, lang=name)}" lang="{name}" hreflang="{name}"{_current(name == here)}>'
        f"{escape(text('language.' + name))}</a>"
        for name in LANGUAGES
    )
    looks = "".join(
        f'<a class="icon-button {when}" href="{_again(form, theme=name)}" title="{escape(text("theme." + name))}"'
        f' aria-label="{escape(text("theme." + name))}">{markup(icon(sign))}</a>'
        for name, sign, when in (("dark", "moon", "when-light"), ("light", "sun", "when-dark"))
    )
    demo = f'<span class="demo">{escape(text("demo.badge"))}</span>' if identities else ""
    return Html(
        '<div class="gate">'
        f'<aside class="gate-side"><p class="gate-brand">{escape(text("app.name"))}</p>'
        f'<p class="gate-tagline">{escape(text("app.tagline"))}</p>'
        f'<p class="gate-place">{escape(jurisdiction.names[here])}{demo}</p>{outline}</aside>'
        f'<div class="gate-main"><nav class="gate-languages" aria-label="{escape(text("language.choose"))}">'
        f"{languages}{looks}</nav><main>{content}</main></div></div>"
    )


def _current(this: bool) -> str:
    return ' aria-current="true"' if this else ""


def _heading(title: str, lead: str) -> str:
    return f'<h1>{escape(title)}</h1><p class="lead">{escape(lead)}</p>'


def _own(text: Text, form: Form, login: str) -> Html:
    focus = " autofocus" if not login else ""
    return Html(
        _posting(
            "/sign-in",
            form,
            f'<label for="login">{escape(text("sign_in.login"))}</label>'
            f'<input class="form-control" id="login" name="login" type="text" dir="ltr" autocomplete="username"'
            f' autocapitalize="none" spellcheck="false" maxlength="64" required value="{escape(login)}"{focus}>'
            f'<label for="password">{escape(text("sign_in.password"))}</label>'
            f'<input class="form-control" id="password" name="password" type="password" dir="ltr"'
            f' autocomplete="current-password" maxlength="{passwords.MOST}" required{" autofocus" if login else ""}>'
            f'<button class="btn btn-primary" type="submit">{escape(text("sign_in.submit"))}</button>',
            "fields",
        )
        + f'<p class="hint">{escape(text("sign_in.help"))}</p>'
    )


def _identities(text: Text, jurisdiction: Jurisdiction, form: Form, identities: Sequence[Account]) -> str:
    ordered = sorted(identities, key=lambda each: (_ORDER.index(each.person.role.key), each.person.id))
    buttons = "".join(_identity(text, jurisdiction, account.person) for account in ordered)
    return _posting("/sign-in/as", form, buttons, "identities") if identities else ""


def _identity(text: Text, jurisdiction: Jurisdiction, person: Person) -> str:
    key = person.role.key
    places = scope_name(person.scope, text, jurisdiction)
    name = text("person.demo.director", province=places) if person.scope.provinces else text(f"role.{key}")
    sees = text(f"sign_in.demo.sees.{key}", province=places) if key == "province" else text(f"sign_in.demo.sees.{key}")
    return (
        f'<button class="identity" type="submit" name="as" value="{escape(person.login)}">{markup(icon(_ICONS[key]))}'
        f"<span><strong>{escape(name)}</strong><span>{escape(sees)}</span></span></button>"
    )


def _password(text: Text, form: Form) -> str:
    fields = "".join(
        f'<label for="{name}">{escape(text("account.password." + name))}</label>'
        f'<input class="form-control" id="{name}" name="{name}" type="password" dir="ltr" required'
        f' autocomplete="{fill}" maxlength="{passwords.MOST}"{least}>'
        for name, fill, least in (
            ("now", "current-password", ""),
            ("new", "new-password", f' minlength="{passwords.LEAST}" aria-describedby="rule"'),
            ("again", "new-password", f' minlength="{passwords.LEAST}"'),
        )
    )
    rule = text("account.password.rule", n=passwords.LEAST)
    return (
        f'<section class="card-like"><h2>{escape(text("account.password"))}</h2>'
        f'<p class="hint" id="rule">{escape(rule)}</p>'
        + _posting(
            "/account/password",
            form,
            f'{fields}<button class="btn btn-primary" type="submit">{escape(text("account.password.save"))}</button>',
            "fields",
        )
        + "</section>"
    )


def _sessions(text: Text, jurisdiction: Jurisdiction, form: Form, sittings: Sequence[Sitting], this: bytes) -> str:
    def moment(at: datetime) -> str:
        return text.moment(at, jurisdiction.timezone)

    def row(sitting: Sitting) -> str:
        since = text("account.session.since", time=moment(sitting.started_at), address=sitting.address)
        name = escape(_browser(sitting.agent) or text("account.session.unknown"))
        if sitting.key == this:
            name, way = f"{name} <em>{escape(text('account.session.this'))}</em>", ""
        else:
            way = _posting(
                "/account/sessions",
                form,
                '<button class="btn btn-outline-secondary btn-sm" type="submit" name="end"'
                f' value="{sitting.key.hex()}">'
                f"{escape(text('account.session.end'))}</button>",
            )
        return f"<li><span><strong>{name}</strong><span>{escape(since)}</span></span>{way}</li>"

    rows = "".join(map(row, sittings))
    everywhere = (
        f'<button class="btn btn-outline-secondary" type="submit" name="end" value="all">'
        f"{escape(text('account.sessions.everywhere'))}</button>"
    )
    return (
        f'<section class="card-like"><h2>{escape(text("account.sessions"))}</h2><ul class="sittings">{rows}</ul>'
        f"{_posting('/account/sessions', form, everywhere)}</section>"
    )


def _posting(to: str, form: Form, content: str, kind: str = "") -> str:
    onward = f'<input type="hidden" name="next" value="{escape(form.next)}">' if form.next else ""
    named = f' class="{kind}"' if kind else ""
    return (
        f'<form method="post" action="{to}"{named}>'
        f'<input type="hidden" name="token" value="{escape(form.token)}">{onward}{content}</form>'
    )


def _button(kind: str, sign: str, words: str) -> str:
    return f'<button class="{kind}" type="submit">{markup(icon(sign))} {escape(words)}</button>'


def _button_link(to: str, sign: str, words: str) -> str:
    return f'<a class="btn btn-primary wide" href="{escape(to)}">{markup(icon(sign))} {escape(words)}</a>'


def _or(text: Text) -> str:
    return f'<p class="or"><span>{escape(text("sign_in.or"))}</span></p>'


def _told(told: Told | None) -> str:
    if told is None:
        return ""
    kind, sign = ("bad", "exclamation-circle") if told.bad else ("good", "check-circle")
    role = "alert" if told.bad else "status"
    return f'<p class="told {kind}" role="{role}">{markup(icon(sign))} {escape(told.sentence)}</p>'


def _again(form: Form, **more: str) -> str:
    return escape(f"/sign-in?{urlencode({**({'next': form.next} if form.next else {}), **more})}")


def _browser(agent: str) -> str:
    """A browser and its system as people call them; empty where neither is recognised."""
    found = [next((name for mark, name in known if mark in agent), "") for known in (_BROWSERS, _SYSTEMS)]
    return " · ".join(filter(None, found))
