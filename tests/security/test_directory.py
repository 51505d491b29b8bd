"""Signing in with a directory, tried against a provider that runs as a process of its own (`provider.py`)."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from callbacks.index import Rasad
from dashboard.access import audit, people
from dashboard.access.people import Account
from dashboard.claims.database import Database
from dashboard.settings import Settings
from dashboard.text import LANGUAGES, text
from tests.pages import application, client
from tests.security.provider import CLIENT, FAULTS, SECRET

HTML = {"Accept": "text/html"}
BACK = "http://localhost/sign-in/directory/back"
ROLES = {"rasad-admins": "admin", "rasad-hq": "hq", "rasad-sso": "sso", "rasad-province": "province"}
PROVINCES = {"Tehran": "IR-23", "Gilan": "IR-01", "All": "*"}


@dataclass(frozen=True)
class Provider:
    """The provider's process and its address."""

    address: str
    process: subprocess.Popen[str]

    def knows(self, user: str, **claims: Any) -> None:
        person = {"sub": f"sub-{user}", "preferred_username": user, "name": user.title(), **claims}
        assert requests.put(f"{self.address}/people/{user}", json=person, timeout=5).ok


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def running() -> Iterator[Provider]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", Path(__file__).with_name("provider.py"), str(port)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline().strip() == "ready"
        there = Provider(f"http://127.0.0.1:{port}", process)
        requests.put(f"{there.address}/backs", data=BACK, timeout=5)
        yield there
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running() as provider:
        yield provider


@pytest.fixture
def made(claims: Database, provider: Provider) -> Iterator[Rasad]:
    with application(claims, **settings(provider)) as made:
        yield made


@pytest.fixture
def mortal(claims: Database) -> Iterator[tuple[Rasad, Provider]]:
    """An application and a provider of its own, which may come to an end."""
    with running() as provider, application(claims, **settings(provider)) as made:
        yield made, provider


def settings(provider: Provider) -> dict[str, Any]:
    return {
        "oidc_issuer": provider.address,
        "oidc_client_id": CLIENT,
        "oidc_client_secret": SECRET,
        "oidc_name": "Ministry ID",
        "oidc_role_claim": "realm.roles",
        "oidc_roles": ROLES,
        "oidc_provinces": PROVINCES,
    }


def sent_off(browser: FlaskClient, onward: str = "/due") -> str:
    """Where the page sends a browser that wants to sign in with the directory."""
    answer = browser.get(f"/sign-in/directory?next={onward}", headers=HTML)
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"])


def at_directory(there: str, user: str, fault: str = "") -> str:
    """Sign in at the directory; the address that it sends the browser back to, without the host."""
    answer = requests.post(there, data={"user": user, "fault": fault}, allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text
    back = answer.headers["Location"]
    assert back.startswith(BACK)
    return back.removeprefix("http://localhost")


def signed_in(made: Rasad, user: str, fault: str = "") -> tuple[FlaskClient, TestResponse]:
    browser = client(made)
    back = at_directory(sent_off(browser), user, fault)
    return browser, browser.get(back, headers=HTML)


def account(claims: Database, login: str) -> Account:
    found = people.by_login(claims, login)
    assert found is not None
    return found


def nobody_is_in(browser: FlaskClient) -> bool:
    return browser.get("/api/v1/panels/overview-trend").status_code == 401


def refusals(claims: Database) -> list[str]:
    return [entry.detail["why"] for entry in audit.entries(claims, audit.Search(actions=("sign_in_refused",)))]


def test_a_person_of_the_directory_is_let_in_with_role_and_provinces(
    made: Rasad, claims: Database, provider: Provider
) -> None:
    provider.knows("mina", realm={"roles": ["staff", "rasad-province"]}, provinces=["Tehran", "Gilan", "Nowhere"])
    browser, answer = signed_in(made, "mina")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/due")
    kept = account(claims, "mina")
    assert (kept.person.role.key, kept.person.provinces) == ("province", ("IR-01", "IR-23"))
    assert (kept.person.name, kept.issuer, kept.password_hash) == ("Mina", provider.address, None)
    assert "sub-mina" not in repr(kept)
    assert browser.get("/api/v1/panels/overview-trend").status_code == 200
    done = [(entry.action, entry.login) for entry in audit.entries(claims, audit.Search(login="mina"))]
    assert ("sign_in", "mina") in done
    assert ("account_made", "mina") in done


def test_a_sign_in_proves_itself(made: Rasad) -> None:
    asked = parse_qs(urlsplit(sent_off(client(made))).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert all(len(asked[name][0]) >= 32 for name in ("state", "nonce", "code_challenge"))
    again = parse_qs(urlsplit(sent_off(client(made))).query)
    assert not {asked[name][0] for name in ("state", "nonce", "code_challenge")} & {
        again[name][0] for name in ("state", "nonce", "code_challenge")
    }


def test_an_id_token_that_cannot_be_trusted_lets_nobody_in(made: Rasad, claims: Database, provider: Provider) -> None:
    provider.knows("mina", realm={"roles": ["rasad-hq"]})
    for number, fault in enumerate(FAULTS, start=1):
        browser, answer = signed_in(made, "mina", fault)
        assert answer.status_code == 403, fault
        assert text("fa")("sign_in.directory.token") in answer.text, fault
        assert people.by_login(claims, "mina") is None, fault
        assert nobody_is_in(browser), fault
        assert refusals(claims) == ["token"] * number
    assert signed_in(made, "mina")[1].status_code == 303  # it was the token alone


def test_an_answer_belongs_to_the_browser_that_asked(made: Rasad, provider: Provider) -> None:
    provider.knows("mina", realm={"roles": ["rasad-hq"]})
    browser, other = client(made), client(made)
    back = at_directory(sent_off(browser), "mina")
    sent_off(other)
    for strange, address in ((other, back), (client(made), back), (browser, back.replace("state=", "state=x"))):
        answer = strange.get(address, headers=HTML)
        assert (answer.status_code, text("fa")("sign_in.directory.lost") in answer.text) == (400, True)
        assert nobody_is_in(strange)
    assert browser.get(back, headers=HTML).status_code == 400  # the journey ended with the wrong answer


def test_a_cookie_of_somebody_else_is_no_journey(made: Rasad, provider: Provider) -> None:
    provider.knows("mina", realm={"roles": ["rasad-hq"]})
    browser = client(made)
    back = at_directory(sent_off(browser), "mina")
    cookie = browser.get_cookie("rasad_directory")
    assert cookie is not None
    content, _, seal = cookie.value.partition(".")
    for forged in ("", "x", f"{content}.", f".{seal}", f"{content[:-2]}5d.{seal}x", f"00.{seal}"):
        browser.set_cookie("rasad_directory", forged)
        assert browser.get(back, headers=HTML).status_code == 400


def test_a_code_is_good_for_once(made: Rasad, provider: Provider) -> None:
    provider.knows("mina", realm={"roles": ["rasad-hq"]})
    browser = client(made)
    back = at_directory(sent_off(browser), "mina")
    cookie = browser.get_cookie("rasad_directory")
    assert cookie is not None
    assert browser.get(back, headers=HTML).status_code == 303
    thief = client(made)
    thief.set_cookie("rasad_directory", cookie.value)
    assert thief.get(back, headers=HTML).status_code == 403
    assert nobody_is_in(thief)


def test_a_journey_ends(made: Rasad, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    provider.knows("mina", realm={"roles": ["rasad-hq"]})
    monkeypatch.setattr("dashboard.access.directory.SECONDS", -1)
    browser = client(made)
    back = at_directory(sent_off(browser), "mina")
    browser.set_cookie("rasad_directory", _last_cookie(browser))
    assert browser.get(back, headers=HTML).status_code == 400


def _last_cookie(browser: FlaskClient) -> str:
    cookie = browser.get_cookie("rasad_directory")
    assert cookie is not None
    return str(cookie.value)


NOTHING_HERE: list[tuple[dict[str, Any], str]] = [
    ({}, "role"),
    ({"realm": {"roles": ["staff"]}}, "role"),
    ({"realm": {"roles": "rasad-hq-not"}}, "role"),
    ({"realm": {"roles": [{"rasad-hq": 1}, 7]}}, "role"),
    ({"realm": ["rasad-hq"]}, "role"),
    ({"realm": {"roles": ["rasad-province"]}}, "provinces"),
    ({"realm": {"roles": ["rasad-province"]}, "provinces": ["All"]}, "provinces"),
    ({"realm": {"roles": ["rasad-province"]}, "provinces": ["IR-23"]}, "provinces"),
    ({"realm": {"roles": ["rasad-sso"]}}, "provinces"),
]
"""What a directory may say of somebody who has nothing to do here, and what is wrong with it."""


def test_who_has_no_role_there_has_none_here(made: Rasad, claims: Database, provider: Provider) -> None:
    for told, why in NOTHING_HERE:
        provider.knows("mina", **told)
        browser, answer = signed_in(made, "mina")
        assert answer.status_code == 403, told
        assert text("fa")(f"sign_in.directory.{why}") in answer.text, told
        assert people.by_login(claims, "mina") is None
        assert nobody_is_in(browser)
        assert refusals(claims)[0] == why


def test_the_nation_is_said_and_never_supposed(made: Rasad, claims: Database, provider: Provider) -> None:
    provider.knows("mina", realm={"roles": ["rasad-sso"]}, provinces=["All"])
    signed_in(made, "mina")
    assert account(claims, "mina").person.provinces is None
    provider.knows("mina", realm={"roles": ["rasad-sso"]}, provinces="Gilan")
    signed_in(made, "mina")
    assert account(claims, "mina").person.provinces == ("IR-01",)


def test_role_and_provinces_are_taken_anew_at_every_sign_in(made: Rasad, claims: Database, provider: Provider) -> None:
    provider.knows("mina", realm={"roles": ["rasad-admins", "rasad-hq"]})
    signed_in(made, "mina")
    number = account(claims, "mina").person.id
    assert account(claims, "mina").person.role.key == "admin"  # the first that the setting names
    provider.knows("mina", realm={"roles": ["rasad-province"]}, provinces=["Gilan"], name="Mina R.")
    before = client(made)
    at_directory(sent_off(before), "mina")
    browser, _ = signed_in(made, "mina")
    now = account(claims, "mina").person
    assert (now.id, now.role.key, now.provinces, now.name) == (number, "province", ("IR-01",), "Mina R.")
    changed = audit.entries(claims, audit.Search(actions=("role_changed",)))
    assert [(entry.object, entry.detail["role"]) for entry in changed] == [(f"account/{number}", ["admin", "province"])]
    provider.knows("mina", realm={"roles": []})
    _, refused = signed_in(made, "mina")
    assert refused.status_code == 403
    assert nobody_is_in(browser)  # what was open from before is closed


def test_a_closed_account_stays_out(made: Rasad, claims: Database, provider: Provider) -> None:
    provider.knows("mina", realm={"roles": ["rasad-hq"]})
    signed_in(made, "mina")
    people.disable(claims, account(claims, "mina").person.id)
    browser, answer = signed_in(made, "mina")
    assert (answer.status_code, text("fa")("sign_in.directory.disabled") in answer.text) == (403, True)
    assert nobody_is_in(browser)


def test_no_password_opens_an_account_of_the_directory(made: Rasad, provider: Provider) -> None:
    provider.knows("mina", realm={"roles": ["rasad-hq"]})
    signed_in(made, "mina")
    browser = client(made)
    form = browser.get("/sign-in", headers=HTML).text
    token = form.partition('name="token" value="')[2].partition('"')[0]
    for password in ("", "None", "null"):
        sent = {"token": token, "login": "mina", "password": password}
        answer = browser.post("/sign-in", data=sent, headers={**HTML, "Origin": "http://localhost"})
        assert answer.status_code in (401, 429)
    assert nobody_is_in(browser)


def test_a_login_that_is_taken_is_not_taken_over(made: Rasad, claims: Database, provider: Provider) -> None:
    own = people.make(claims, "mina", "Another Mina", "admin", password="a long enough password, never used")
    provider.knows("mina", realm={"roles": ["rasad-hq"]})
    _, answer = signed_in(made, "mina")
    assert answer.status_code == 303
    assert account(claims, "mina").person == own
    assert account(claims, "mina@127.0.0.1").person.role.key == "hq"


def test_a_login_that_says_too_much_or_nothing_is_replaced(made: Rasad, claims: Database, provider: Provider) -> None:
    logins = ["0012345679", "۰۰۱۲۳۴۵۶۷۹", "مینا", "x", "-", "a b", "A" * 200]
    for number, login in enumerate(logins):
        told = {"preferred_username": login, "sub": f"{number} 0012345679", "name": f" {'ا' * 500}\n"}
        provider.knows("mina", realm={"roles": ["rasad-hq"]}, **told)
        assert signed_in(made, "mina")[1].status_code == 303
    kept = [each for each in people.listed(claims) if each.issuer]
    assert [each.person.login.startswith("directory-") for each in kept] == [True] * len(logins)
    assert "0012345679" not in repr(kept) + repr(audit.entries(claims, audit.Search()))


def test_a_role_that_only_userinfo_tells(made: Rasad, claims: Database, provider: Provider) -> None:
    provider.knows("mina", asked={"realm": {"roles": ["rasad-hq"]}})
    _, answer = signed_in(made, "mina")
    assert answer.status_code == 303
    provider.knows("mina", asked={"realm": {"roles": ["rasad-admins"]}, "sub": "sub-somebody"})
    _, strange = signed_in(made, "mina")
    assert (strange.status_code, text("fa")("sign_in.directory.token") in strange.text) == (403, True)
    assert account(claims, "mina").person.role.key == "hq"


def test_the_directory_turns_its_key(made: Rasad, provider: Provider) -> None:
    provider.knows("mina", realm={"roles": ["rasad-hq"]})
    assert signed_in(made, "mina")[1].status_code == 303
    requests.post(f"{provider.address}/turn-key", timeout=5)
    assert signed_in(made, "mina")[1].status_code == 303


def test_who_gives_up_at_the_directory_comes_back_to_the_form(made: Rasad) -> None:
    browser = client(made)
    answer = browser.get(at_directory(sent_off(browser), "nobody the directory knows"), headers=HTML)
    assert answer.status_code == 403
    assert text("fa")("sign_in.directory.refused") in answer.text
    assert 'name="password"' in answer.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_directory_that_is_down_is_said_and_another_way_in_is_there(
    mortal: tuple[Rasad, Provider], language: str
) -> None:
    made, provider = mortal
    provider.process.kill()
    browser = client(made)
    browser.set_cookie("rasad_language", language)
    answer = browser.get("/sign-in/directory?next=/due", headers=HTML)
    assert answer.status_code == 503
    assert text(language)("sign_in.directory.down") in answer.text
    assert 'name="password"' in answer.text
    assert "/sign-in/directory?next=%2Fdue" in answer.text


def test_a_directory_that_goes_down_meanwhile(mortal: tuple[Rasad, Provider]) -> None:
    made, provider = mortal
    provider.knows("mina", realm={"roles": ["rasad-hq"]})
    browser = client(made)
    back = at_directory(sent_off(browser), "mina")
    provider.process.kill()
    assert browser.get(back, headers=HTML).status_code == 503


def test_a_directory_by_another_name_is_not_trusted(claims: Database, provider: Provider) -> None:
    other = {**settings(provider), "oidc_issuer": f"{provider.address}/"}
    with application(claims, **other) as made:
        assert client(made).get("/sign-in/directory", headers=HTML).status_code == 503


def test_nothing_leads_on_to_another_host(made: Rasad, provider: Provider) -> None:
    provider.knows("mina", realm={"roles": ["rasad-hq"]})
    for onward in ("https://evil.example", "//evil.example", "/\\evil.example", "/sign-out"):
        browser = client(made)
        answer = browser.get(at_directory(sent_off(browser, onward), "mina"), headers=HTML)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/")


def test_without_a_directory_there_is_no_such_way(claims: Database) -> None:
    with application(claims) as made:
        browser = client(made)
        assert "/sign-in/directory" not in browser.get("/sign-in", headers=HTML).text
        assert browser.get("/sign-in/directory").status_code == 404


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"oidc_issuer": "http://directory.example"}, "https"),
        ({"oidc_client_secret": ""}, "RASAD_OIDC_CLIENT_SECRET"),
        ({"oidc_roles": {}}, "RASAD_OIDC_ROLES"),
        ({"oidc_roles": {"x": "king"}}, "king"),
        ({"oidc_scope": "profile"}, "RASAD_OIDC_SCOPE"),
    ],
)
def test_a_directory_that_is_set_by_half_stops_the_start(changes: dict[str, Any], said: str) -> None:
    given = {"oidc_issuer": "https://directory.example", "oidc_client_id": "x", "oidc_client_secret": "y"}
    with pytest.raises(ValueError, match=said):
        Settings(**{**given, "oidc_roles": {"a": "hq"}, **changes})
