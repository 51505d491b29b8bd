"""Where requests come from: the token, the origin, the host and the proxies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import request
from flask.testing import FlaskClient

from callbacks.index import Rasad
from callbacks.session import cookie_name
from dashboard.access import csrf
from dashboard.claims.database import Database
from dashboard.settings import Settings
from tests.pages import KEY, application, body_of, signed_in

PUBLIC = "https://rasad.example"
CALLBACK = "/_dash-update-component"


def bare(made: Rasad, cookie: str = "") -> FlaskClient:
    """A client that says nothing of itself but a cookie."""
    client = FlaskClient(made.server, made.server.response_class)
    if cookie:
        client.set_cookie(cookie_name(made.server.extensions["rasad"].settings), cookie)
    return client


def status(made: Rasad, cookie: str, base: str = "http://localhost", **headers: str) -> int:
    """What a callback is answered with these headers."""
    body = body_of(made, "page.children", shell_path__data="/", shell_language__data="en")
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    secure = base.startswith("https")
    client = bare(made)
    client.set_cookie(
        cookie_name(made.server.extensions["rasad"].settings), cookie, domain=base.partition("//")[2], secure=secure
    )
    return client.post(CALLBACK, json=body, headers=named, base_url=base).status_code


@pytest.fixture
def hq(rasad: Callable[[str], Rasad]) -> str:
    return signed_in(rasad("ir"))


@pytest.mark.parametrize(
    ("headers", "answered"),
    [
        ({"Sec_Fetch_Site": "same-origin"}, 200),
        ({"Origin": "http://localhost"}, 200),
        ({"Origin": "https://localhost"}, 200),  # TLS may end before
        ({"Origin": "http://localhost", "Sec_Fetch_Site": "same-origin"}, 200),
        ({}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost.evil.example"}, 403),
        ({"Origin": "http://evil.example", "Sec_Fetch_Site": "same-origin"}, 403),
        ({"Origin": "http://localhost", "Sec_Fetch_Site": "cross-site"}, 403),
        ({"Sec_Fetch_Site": "same-site"}, 403),
        ({"Sec_Fetch_Site": "none"}, 403),
        ({"Origin": "http://[::1"}, 403),
    ],
    ids=str,
)
def test_only_our_own_pages_change_anything(
    rasad: Callable[[str], Rasad], hq: str, headers: dict[str, str], answered: int
) -> None:
    assert status(rasad("ir"), hq, X_Rasad_Token=csrf.token(hq, KEY), **headers) == answered


def test_the_token_is_that_of_the_session(rasad: Callable[[str], Rasad], hq: str) -> None:
    made = rasad("ir")
    other = signed_in(made)
    same = {"Sec_Fetch_Site": "same-origin"}
    assert status(made, hq, **same) == 403
    assert status(made, hq, X_Rasad_Token="", **same) == 403
    assert status(made, hq, X_Rasad_Token=csrf.token(other, KEY), **same) == 403
    assert status(made, hq, X_Rasad_Token=csrf.token(hq, KEY), **same) == 200


def test_the_document_brings_the_token(rasad: Callable[[str], Rasad], hq: str) -> None:
    document = bare(rasad("ir"), hq).get("/").text
    assert f'<meta name="rasad-token" content="{csrf.token(hq, KEY)}">' in document
    assert hq not in document


def test_a_form_brings_it_as_a_field(rasad: Callable[[str], Rasad], hq: str) -> None:
    made = rasad("ir")
    headers = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
    refused = bare(made, hq).post("/sign-out", headers=headers, data={"token": "0" * 64})
    assert refused.status_code == 403
    done = bare(made, hq).post("/sign-out", headers=headers, data={"token": csrf.token(hq, KEY)})
    assert done.status_code == 303


def test_programs_with_a_token_of_their_own_need_no_origin(rasad: Callable[[str], Rasad]) -> None:
    assert bare(rasad("ir")).post("/api/v1/records/disputes", json=[]).status_code == 401


@pytest.fixture
def public(demo_claims: Callable[[str], Database]) -> Iterator[Rasad]:
    with application(demo_claims("ir"), public_url=f"{PUBLIC}/") as made:
        yield made


def test_with_an_address_only_it_is_answered(public: Rasad) -> None:
    cookie = signed_in(public)
    token = {"X_Rasad_Token": csrf.token(cookie, KEY)}
    assert status(public, cookie, PUBLIC, Origin=PUBLIC, **token) == 200
    assert status(public, cookie, PUBLIC, Origin="http://rasad.example", **token) == 403
    assert status(public, cookie, "https://other.example", Origin="https://other.example", **token) == 400
    client = bare(public)
    assert client.get("/sign-in", base_url="http://10.0.0.1:8050").status_code == 400
    assert client.get("/sign-in", base_url="https://rasad.example:443").status_code == 200
    assert client.get("/livez", base_url="http://10.0.0.1:8050").status_code == 200


def test_with_tls_cookies_and_browsers_stay_with_it(public: Rasad, rasad: Callable[[str], Rasad]) -> None:
    answer = bare(public).get("/sign-in", base_url=PUBLIC)
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    cookies = answer.headers.getlist("Set-Cookie")
    assert cookies
    assert all("Secure" in cookie and "HttpOnly" in cookie and "SameSite" in cookie for cookie in cookies)
    assert "Strict-Transport-Security" not in bare(rasad("ir")).get("/sign-in").headers


@pytest.mark.parametrize(
    ("proxies", "address"), [(0, "127.0.0.1"), (1, "10.0.0.3"), (2, "10.0.0.2")], ids=["none", "one", "two"]
)
def test_what_proxies_say_counts_only_where_there_are_any(
    demo_claims: Callable[[str], Database], proxies: int, address: str
) -> None:
    with application(demo_claims("ir"), proxies=proxies) as made:
        seen: list[Any] = []
        made.server.before_request_funcs[None].insert(0, lambda: seen.append((request.remote_addr, request.scheme)))
        headers = {"X-Forwarded-For": "10.0.0.1, 10.0.0.2, 10.0.0.3", "X-Forwarded-Proto": "https,https"}
        bare(made).get("/livez", headers=headers)
    assert seen == [(address, "https" if proxies else "http")]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://rasad.example", "https://rasad.example"),
        ("HTTPS://Rasad.Example:443/", "https://rasad.example"),
        ("http://10.1.2.3:8050", "http://10.1.2.3:8050"),
        ("", ""),
    ],
)
def test_the_address_is_written_as_browsers_write_it(given: str, kept: str) -> None:
    assert Settings(public_url=given).public_url == kept
    assert Settings(public_url=given).secure == kept.startswith("https")


@pytest.mark.parametrize("given", ["rasad.example", "ftp://rasad.example", "https://a@b", "https://a/b", "https://a?b"])
def test_an_address_that_is_none_stops_the_start(given: str) -> None:
    with pytest.raises(ValueError, match="RASAD_PUBLIC_URL"):
        Settings(public_url=given)
