"""Signing in and out: what lets in, what does not, what is told, and what the browser is given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from callbacks.index import Rasad
from dashboard.access import people
from dashboard.access.audit import Search, entries
from dashboard.claims.database import Database
from dashboard.text import LANGUAGES, text
from tests.conftest import NewClaims
from tests.pages import application, client, signed_in

PASSWORD = "the tea has gone cold again"


@pytest.fixture
def made(claims: Database) -> Iterator[Rasad]:
    """A demo, with an account of a director besides."""
    people.make(claims, "sara", "Sara", "province", ["IR-23"], PASSWORD, must_change=False)
    with application(claims) as app:
        yield app


def token(page: str) -> str:
    return re.findall(r'name="token" value="([^"]+)"', page)[0]


def posted(who: FlaskClient, to: str = "/sign-in", page: str = "/sign-in", **fields: str) -> tuple[int, str, str]:
    """Status, address and content of the answer to a form that was opened before."""
    opened = who.get(page)
    answer = who.post(to, data={"token": token(opened.text), **fields})
    return answer.status_code, answer.headers.get("Location", ""), answer.text


def test_who_knows_the_password_is_let_in_and_out_again(made: Rasad, claims: Database) -> None:
    who = client(made)
    assert who.get("/live").status_code == 401
    sent = posted(who, login=" SARA", password=PASSWORD, next="/due?period=7d")
    assert sent[:2] == (303, "/due?period=7d")
    cookie = who.get_cookie("rasad_session")
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site, cookie.path, cookie.max_age) == (True, "Lax", "/", None)
    assert who.get("/live").status_code == 200
    out = who.post("/sign-out", data={"token": token(who.get("/account").text)})
    assert (out.status_code, out.headers["Location"]) == (303, "/sign-in?out=1")
    assert who.get("/live").status_code == 401
    who.set_cookie("rasad_session", cookie.value)
    assert who.get("/live").status_code == 401, "the session is over, whatever the browser keeps"
    assert [entry.action for entry in entries(claims, Search(login="sara"))] == ["sign_out", "sign_in"]


def test_a_session_begins_anew_at_each_sign_in(made: Rasad) -> None:
    who = client(made)
    posted(who, login="sara", password=PASSWORD)
    first = who.get_cookie("rasad_session")
    posted(who, "/sign-in/as", **{"as": "demo-hq"})
    second = who.get_cookie("rasad_session")
    assert first is not None
    assert second is not None
    assert first.value != second.value
    assert client(made, first.value).get("/live").status_code == 401
    fixed = client(made, "chosen-by-somebody-else")
    posted(fixed, login="sara", password=PASSWORD)
    after = fixed.get_cookie("rasad_session")
    assert after is not None
    assert after.value != "chosen-by-somebody-else"


def test_nothing_tells_whether_there_is_an_account(made: Rasad, claims: Database) -> None:
    people.make(claims, "reza", "Reza", "hq", password=PASSWORD, must_change=False)
    reza = people.by_login(claims, "reza")
    assert reza is not None
    people.disable(claims, reza.person.id)
    tries = (("sara", "another sentence"), ("nobody", PASSWORD), ("reza", PASSWORD), ("demo-hq", PASSWORD))
    answers = set()
    for login, typed in tries:
        status, _, page = posted(client(made), login=login, password=typed)
        assert status == 401
        field = f'required value="{login}"'
        assert page.count(field) == 1, "what was typed is shown again"
        answers.add(page.replace(token(page), "").replace(field, ""))
    assert len(answers) == 1, "and is the only difference"
    whys = [entry.detail["why"] for entry in entries(claims, Search(actions=("sign_in_refused",)))]
    assert sorted(whys) == ["account", "account", "password", "password"]


def test_guessing_is_slowed_and_said(made: Rasad) -> None:
    who = client(made)
    answers = [posted(who, login="sara", password="another sentence") for _ in range(6)]
    assert [status for status, _, _ in answers] == [401] * 5 + [429]
    assert text("fa")("sign_in.wait.seconds", n=2)[:20] in answers[-1][2]
    assert posted(who, login="sara", password=PASSWORD)[0] == 429, "not even the right one passes meanwhile"


@pytest.mark.parametrize("fields", [{}, {"token": ""}, {"token": "0" * 64}])
def test_a_form_of_another_site_is_refused(made: Rasad, fields: dict[str, str]) -> None:
    who = client(made)
    who.get("/sign-in")
    for to, more in (("/sign-in", {"login": "sara", "password": PASSWORD}), ("/sign-in/as", {"as": "demo-hq"})):
        answer = who.post(to, data={**fields, **more})
        assert answer.status_code == 400
        assert who.get_cookie("rasad_session") is None
    without = client(made)
    opened = token(client(made).get("/sign-in").text)
    assert without.post("/sign-in", data={"token": opened, "login": "sara", "password": PASSWORD}).status_code == 400


@pytest.mark.parametrize(
    "elsewhere",
    [
        *("https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)"),
        *(
            "/\t/evil.example",
            "/a\r\nSet-Cookie: x=1",
            " //evil.example",
            "evil",
            "",
            "/sign-in",
            "/sign-out",
            "/api/v1/x",
        ),
    ],
)
def test_the_way_on_leads_to_pages_of_ours_alone(made: Rasad, elsewhere: str) -> None:
    assert posted(client(made), login="sara", password=PASSWORD, next=elsewhere)[:2] == (303, "/")
    shown = client(made).get(f"/sign-in?{urlencode({'next': elsewhere})}").text
    assert "evil.example" not in shown


def test_whoever_somebody_else_chose_a_password_for_chooses_another_first(made: Rasad, claims: Database) -> None:
    people.make(claims, "reza", "Reza", "hq", password=PASSWORD)
    who = client(made)
    assert posted(who, login="reza", password=PASSWORD, next="/due")[:2] == (303, "/account")
    assert who.get("/", headers={"Accept": "text/html"}).headers["Location"] == "/account"
    assert who.get("/live").status_code == 403
    page, to = "/account", "/account/password"
    for now, new, again in (
        ("wrong sentence", "a new sentence of tea", "a new sentence of tea"),
        (PASSWORD, "a new sentence of tea", "another sentence of tea"),
        (PASSWORD, "password2026", "password2026"),
        (PASSWORD, PASSWORD, PASSWORD),
    ):
        assert posted(who, to, page, now=now, new=new, again=again)[0] == 400
    sent = posted(who, to, page, now=PASSWORD, new="a new sentence of tea", again="a new sentence of tea")
    assert sent[:2] == (303, "/")
    assert who.get("/live").status_code == 200
    assert posted(client(made), login="reza", password=PASSWORD)[0] == 401


def test_ones_own_sessions_can_be_ended(made: Rasad) -> None:
    here, there, third = (client(made) for _ in range(3))
    for each in (here, there, third):
        posted(each, login="sara", password=PASSWORD)
    listed = here.get("/account").text
    keys = re.findall(r'name="end" value="([0-9a-f]{64})"', listed)
    assert len(keys) == 2
    posted(here, "/account/sessions", "/account", end=keys[0])
    assert sorted(each.get("/live").status_code for each in (there, third)) == [200, 401]
    assert posted(here, "/account/sessions", "/account", end="all")[:2] == (303, "/sign-in?out=1")
    assert {each.get("/live").status_code for each in (here, there, third)} == {401}
    other = client(made, signed_in(made, "hq"))
    posted(other, "/account/sessions", "/account", end=keys[1])
    assert "test-hq" in other.get("/account").text


def test_a_demo_offers_its_people_and_nothing_else_does(made: Rasad, new_claims: NewClaims) -> None:
    page = client(made).get("/sign-in").text
    offered = re.findall(r'name="as" value="([^"]+)"', page)
    assert len(offered) == 7
    for login in offered:
        who = client(made)
        assert posted(who, "/sign-in/as", **{"as": login})[0] == 303
        assert who.get("/account").status_code == 200
    assert posted(client(made), "/sign-in/as", **{"as": "sara"})[0] == 403
    with application(new_claims("ir", demo=False)) as real:
        people.make(real.server.extensions["rasad"].database, "demo-hq", "x", "hq", demo=True)
        assert 'name="as"' not in client(real).get("/sign-in").text
        assert posted(client(real), "/sign-in/as", **{"as": "demo-hq"})[0] == 403


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_the_language_and_needs_no_script(made: Rasad, language: str) -> None:
    who = client(made)
    chosen = who.get(f"/sign-in?lang={language}&next=%2Fdue")
    assert chosen.headers["Location"] == "/sign-in?next=%2Fdue"
    page = who.get("/sign-in").text
    t = text(language)
    assert f'<html lang="{language}" dir="{t.direction}"' in page
    for key in ("sign_in.demo.title", "sign_in.login", "sign_in.password", "demo.badge", "sign_in.demo.sees.admin"):
        assert t(key) in page
    assert re.findall(r"<script(?! src=)|\son\w+=|javascript:", page) == []
