"""What somebody who is not signed in is answered: every address and callback, by every method, in several disguises.

What may be open is said here a second time, by name: an entry that is added to `callbacks.guard.OPEN` alone is found.
"""

from __future__ import annotations

import itertools
import random
import secrets
from collections.abc import Iterator
from typing import Any, Final

from dash import Input, Output
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from benchmarks.security import Findings
from benchmarks.security._ground import applied
from callbacks import guard
from callbacks.index import Rasad
from callbacks.session import cookie_name
from dashboard.access import sessions
from dashboard.claims.database import Database
from layouts.pages import PAGES, panels
from tests.pages import body_of, signed_in
from tests.pages import client as signed_client

TRIES: Final = 20_000
MOST_OPEN: Final = 10
METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
MAY_BE_OPEN: Final = (
    *("/livez", "/readyz", "/metrics", "/assets", "/_dash-component-suites", "/theme.css", "/sign-in"),
    *("/api/v1/records", "/api/v1/eligibility"),
)
_BEARERS: Final = ("/api/v1/records", "/api/v1/eligibility")
_LATE: Final = "/of-tomorrow"
_LATE_OUTPUT: Final = "of-tomorrow.children"
_CALLBACK: Final = "/_dash-update-component"
_BASE: Final = "http://localhost"
_TRICKS: Final = (
    *(
        "{}",
        "{}/",
        "{}?next=/assets/",
        "/{}",
        "/assets/..{}",
        "/sign-in/..{}",
        "/./{}",
        "{};/assets/x",
        "{}%00",
        "{}%2f",
    ),
    *("/%2e%2e{}", "/assets/%2e%2e{}", "/assets%2f..{}", "/assets/..%2f..{}", "{}#/sign-in", "{}/../sign-in"),
)
_DISGUISES: Final[tuple[dict[str, str], ...]] = (
    {},
    {"Accept": "text/html,application/xhtml+xml", "Sec-Fetch-Mode": "navigate"},
    {"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "https", "X-Forwarded-Prefix": "/assets", "X-Real-IP": "::1"},
    {"X-Original-URL": "/assets/icon.svg", "X-Rewrite-URL": "/livez", "X-Forwarded-Host": "localhost"},
    {"Authorization": "Bearer rasad_" + "x" * 43},
    {"Authorization": "Basic YWRtaW46YWRtaW4="},
    {"X-Remote-User": "admin", "X-Forwarded-User": "admin", "Remote-User": "admin"},
    {"X-HTTP-Method-Override": "GET", "X-Requested-With": "XMLHttpRequest", "Sec-Fetch-Site": "same-origin"},
    {"Origin": "http://localhost", "Referer": "http://localhost/", "X-Rasad-Token": "0" * 64},
)


def run(tries: int = TRIES, claims: Database | None = None, seed: int = 1, most_found: int = 100) -> Findings:
    """Ask for everything there is, plainly first, then in disguises, until ``tries`` requests were sent, or so much was
    found that more would say nothing new.
    """
    findings = Findings("routes × methods for an anonymous visitor", 0, "all refused but ≤ 10 named prefixes")
    with applied(claims) as (_, made):
        _tomorrow(made)
        too_many = len(guard.OPEN) - MOST_OPEN
        if too_many > 0:
            findings.found.append(f"{too_many} prefixes too many are open")
        findings.found += [f"{prefix} is open without a reason" for prefix, why in guard.OPEN.items() if not why]
        plain = list(itertools.product(_addresses(made), METHODS, [""], _DISGUISES[:2]))
        chance = random.Random(seed)
        cookies = _cookies(made)
        disguised = _disguised(made, chance, cookies)
        addresses = {address for address, *_ in plain}
        findings.figures = {
            "addresses": f"{len(addresses):,} of {len(list(made.server.url_map.iter_rules()))} rules",
            "callbacks": f"{len(_called(made)):,}",
            "prefixes open": str(len(guard.OPEN)),
        }
        bodies = ((_CALLBACK, "POST", "", {}, body) for body in _called(made).values())
        asked = itertools.chain(bodies, ((*each, None) for each in plain), disguised)
        enough = max(tries, len(plain) + len(_called(made)))
        if not _is_closed(made):
            findings.found.append("a callback that nobody declared open answers who is signed in")
        for address, method, cookie, headers, body in itertools.islice(asked, enough):
            if len(findings.found) >= most_found:
                break
            findings.tries += 1
            with _client(made, cookie) as client:
                # Named, or the client takes what stands behind two slashes for the host.
                answer = client.open(address, base_url=_BASE, method=method, headers=headers, json=body)
            found = _wrong(address, method, answer)
            if found:
                findings.found.append(found)
    return findings


def _wrong(address: str, method: str, answer: TestResponse) -> str:
    """What is wrong with the answer; empty when it is a refusal, or the address may be open."""
    path = answer.request.path
    if any(path == prefix or path.startswith(f"{prefix}/") for prefix in _BEARERS):
        refused = answer.status_code in (401, 405)
    elif any(path == prefix or path.startswith(f"{prefix}/") for prefix in MAY_BE_OPEN):
        return "" if answer.status_code < 500 else f"{method} {address}: {answer.status}"
    else:
        to_sign_in = answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in?next=")
        refused = to_sign_in or answer.status_code in (400, 401, 403, 405, 413, 414)
    return "" if refused else f"{method} {address} was answered: {answer.status}"


def _addresses(made: Rasad) -> list[str]:
    """An address for every rule, and every page and panel by name."""
    named = [_filled(rule) for rule in made.server.url_map.iter_rules()]
    keys = list(panels())
    pages = [page.path for page in PAGES] + ["/cases/registrations/1", "/nowhere", "/account", "/sign-out", "/live"]
    taken = [f"/export/{key}.csv" for key in keys] + [f"/api/v1/panels/{key}" for key in keys]
    return sorted({*named, *pages, *taken})


def _filled(rule: Rule) -> str:
    values = dict.fromkeys(rule.arguments, "overview-map")
    address = rule.rule
    for name, value in values.items():
        for converter in ("", "path:", "string:", "int:"):
            address = address.replace(f"<{converter}{name}>", "1" if converter == "int:" else value)
    return address


def _called(made: Rasad) -> dict[str, dict[str, Any]]:
    """A well-formed body for every callback that runs here."""
    there = [key for key, entry in made.callback_map.items() if "callback" in entry]
    return {key: body_of(made, key.strip(".").split("...")[0]) for key in there}


def _cookies(made: Rasad) -> list[str]:
    """Cookies that open nothing: none, invented ones, and one of a session that was ended."""
    ended = signed_in(made)
    sessions.end(made.server.extensions["rasad"].database, sessions.key_of(ended))
    strange = ["x", "'; DROP TABLE sessions; --", "0" * 5000, "null", sessions.key_of(ended).hex()]
    return ["", secrets.token_urlsafe(32), ended, *strange]


def _disguised(
    made: Rasad, chance: random.Random, cookies: list[str]
) -> Iterator[tuple[str, str, str, dict[str, str], Any]]:
    addresses, bodies = _addresses(made), list(_called(made).values())
    while True:
        address = chance.choice(_TRICKS).format(chance.choice(addresses))
        headers = dict(chance.choice(_DISGUISES)) | dict(chance.choice(_DISGUISES))
        method = chance.choice(METHODS)
        body = chance.choice([None, *bodies]) if method in ("POST", "PUT", "PATCH") else None
        yield address, method, chance.choice(cookies), headers, body


def _client(made: Rasad, cookie: str) -> FlaskClient:
    client = FlaskClient(made.server, made.server.response_class)
    if cookie:
        client.set_cookie(cookie_name(made.server.extensions["rasad"].settings), cookie)
    return client


def _is_closed(made: Rasad) -> bool:
    """Whether the callback that somebody forgot about is closed to headquarters too."""
    return signed_client(made, signed_in(made)).post(_CALLBACK, json=_called(made)[_LATE_OUTPUT]).status_code == 403


def _tomorrow(made: Rasad) -> None:
    """An address and a callback that somebody adds and forgets about."""

    @made.server.route(_LATE, methods=[method for method in METHODS if method not in ("HEAD", "OPTIONS")])
    def late() -> str:
        return "what nobody should see"

    @made.callback(Output("of-tomorrow", "children"), Input("of-today", "children"))
    def answered(_given: Any) -> str:
        return "what nobody should see"
