"""What is answered instead of what was asked, and what every answer says to the browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from werkzeug.test import TestResponse

from callbacks.headers import ALWAYS
from callbacks.index import Rasad
from dashboard.claims.database import Database
from dashboard.text import LANGUAGES, text
from layouts.refusal import KINDS, kind_of
from tests.pages import application, client, signed_in

Make = Callable[[str], Rasad]
PAGE = {"Accept": "text/html,application/xhtml+xml"}


def asked(made: Rasad, address: str, language: str = "en", method: str = "GET", **more: object) -> TestResponse:
    asking = made.server.test_client()
    asking.set_cookie("rasad_language", language)
    return asking.open(address, method=method, headers=PAGE, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("address", "method", "status"),
    [
        ("/export/nothing.csv", "GET", 404),
        ("/export/overview-map.csv?period=decade", "GET", 400),
        ("/", "DELETE", 405),
        (f"/?{'x' * 5000}", "GET", 414),
        ("/_dash-component-suites/nobody/x.js", "GET", 404),
    ],
)
def test_people_get_a_page_that_helps(rasad: Make, address: str, method: str, status: int, language: str) -> None:
    answer = asked(rasad("ir"), address, language, method)
    words = text(language)
    assert answer.status_code == status
    assert answer.content_type == "text/html; charset=utf-8"
    assert f'<html lang="{language}" dir="{words.direction}"' in answer.text
    assert words(f"refusal.{kind_of(status)}") in answer.text
    assert f'<a class="btn btn-primary" href="/">{words("shell.home")}' in answer.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_refusal_has_its_words(kind: str, language: str) -> None:
    assert text(language)(f"refusal.{kind}")
    assert text(language)(f"refusal.{kind}.why")


def test_a_page_leads_back_to_where_one_was_and_nowhere_else(rasad: Make) -> None:
    made = rasad("ir")

    def back(referer: str) -> list[str]:
        answer = made.server.test_client().get("/export/nothing.csv", headers={**PAGE, "Referer": referer})
        return re.findall(r'class="btn btn-outline-secondary" href="([^"]+)"', answer.text)

    assert back("http://localhost/due?province=IR-23") == ["/due?province=IR-23"]
    for elsewhere in ("http://evil.example/", "http://localhost//evil.example", "javascript:alert(1)", "http://[", ""):
        assert back(elsewhere) == []


def test_who_is_not_signed_in_is_led_to_where_one_signs_in(rasad: Make) -> None:
    nobody = client(rasad("ir"))
    answer = nobody.get("/due?province=IR-23", headers=PAGE)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in?next=/due%3Fprovince%3DIR-23")
    told = nobody.get("/api/v1/panels/overview-map").json
    assert told is not None
    assert (told["status"], told["kind"]) == (401, "401")
    assert nobody.get("/live").status_code == 401


def test_programs_get_a_problem(rasad: Make) -> None:
    answer = rasad("ir").server.test_client().get("/api/v1/panels/nothing", headers=PAGE)
    assert answer.content_type == "application/problem+json"
    assert answer.json is not None
    assert answer.json["status"] == 404
    assert "no panel 'nothing'" in answer.json["detail"]


def test_a_callback_is_open_to_whom_it_is_declared(rasad: Make) -> None:
    made = rasad("ir")
    served = {key for key, entry in made.callback_map.items() if "callback" in entry}
    assert {key for key in served if made.rights.get(key) is None} == set()
    admin = client(made, signed_in(made, "admin"))
    body = {"output": "panel-problem-answer-number.options"}
    assert admin.post("/_dash-update-component", json=body).status_code == 403
    assert made.server.test_client().post("/_dash-update-component", json=body).status_code == 400


def test_a_body_that_is_too_long_is_refused_before_it_is_read(rasad: Make) -> None:
    long = b"x" * 2_000_001
    answer = rasad("ir").server.test_client().post("/_dash-update-component", data=long)
    assert answer.status_code == 413
    assert asked(rasad("ir"), "/", method="POST", data=long).status_code == 413
    many = "&".join(f"a{n}=1" for n in range(70))
    assert asked(rasad("ir"), f"/?{many}").status_code == 400


@pytest.fixture
def faulty(demo_claims: Callable[[str], Database], monkeypatch: pytest.MonkeyPatch) -> Iterator[Rasad]:
    """An application with a fault at ``/live``."""

    def broken(_: object) -> object:
        raise RuntimeError("no such person: 0012345679")

    monkeypatch.setattr("callbacks.live.datetime", type("Clock", (), {"now": staticmethod(broken)}))
    with application(demo_claims("ir")) as made:
        yield made


def test_a_fault_is_written_down_without_persons_and_told_without_a_trace(
    faulty: Rasad, caplog: pytest.LogCaptureFixture
) -> None:
    answer = faulty.server.test_client().get("/live")
    assert (answer.status_code, answer.content_type) == (500, "application/problem+json")
    assert "RuntimeError" not in answer.text
    assert "RuntimeError: no such person: ••••••••••" in caplog.text


@pytest.mark.parametrize(
    "address", ["/", "/live", "/assets/gate.js", "/theme.css", "/nowhere", "/export/nothing.csv", "/livez"]
)
def test_every_answer_says_what_may_be_done_with_it(rasad: Make, address: str) -> None:
    with rasad("ir").server.test_client().get(address) as answer:
        headers = answer.headers
    for name in ALWAYS:
        assert headers[name]
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert re.fullmatch(r"'self' 'sha256-[A-Za-z0-9+/=]{44}'", policy["script-src"])
    assert policy["default-src"] == policy["connect-src"] == policy["form-action"] == policy["font-src"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    open_to_all = address in ("/assets/gate.js", "/theme.css")
    assert (headers["Cache-Control"] == "no-store") is not open_to_all
