"""What each person has: pages, cards, files, options and filters, whatever is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from callbacks.index import Rasad
from dashboard import ids
from dashboard.access.person import Person
from dashboard.access.roles import ROLES
from dashboard.jurisdictions import load
from dashboard.panel import Page
from dashboard.text import text
from layouts.pages import PAGES, pages_for, panels, panels_for
from tests.pages import body_of, client, signed_in

Make = Callable[[str], Rasad]
IRAN = load("ir")
PLACES = {"province": ("IR-23",)}
WHO = {key: Person(number, key, key, ROLES[key], PLACES.get(key)) for number, key in enumerate(ROLES)}
OWN = "briefings files"
"""What is everybody's own who sees figures."""
HAVE = {
    "hq": f"overview due registrations eligibility disputes procedures services alike cases health judgement {OWN}",
    "sso": f"overview due registrations eligibility alike cases health {OWN}",
    "province": f"overview due registrations eligibility disputes procedures services alike cases health {OWN}",
    "admin": "people tokens audit",
}


def of(made: Rasad, role: str, *provinces: str) -> FlaskClient:
    return client(made, signed_in(made, role, provinces or PLACES.get(role)))


def asked(who: FlaskClient, made: Rasad, output: str, **values: Any) -> Any:
    return who.post("/_dash-update-component", json=body_of(made, output, **values))


@pytest.mark.parametrize("role", HAVE)
def test_pages_are_those_of_the_role(rasad: Make, role: str) -> None:
    had = {page.key for page in pages_for(WHO[role], IRAN)}
    assert had == set(HAVE[role].split())
    who = of(rasad("ir"), role)
    for page in PAGES:
        answer = who.get(page.path, headers={"Accept": "text/html"})
        wanted = 200 if page.key in had else 404 if page.needs else 302 if page.path == "/" else 403
        assert answer.status_code == wanted, page.key


def test_nobody_has_a_page_and_everybody_few_of_the_others() -> None:
    assert pages_for(None, IRAN) == ()
    insurance = {panel.subject for panel in panels_for(WHO["sso"], IRAN).values()}
    assert insurance <= {"registrations", "benefits", "cases", "data", ""}
    analyst = {page.key for page in pages_for(WHO["analyst"], IRAN)}
    assert analyst & {"due", "alike", "cases", "health", "judgement"} == set()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("country", ["ir", "vn"])
def test_rows_of_cards_are_full_whoever_looks(role: str, country: str) -> None:
    def rests(page: Page) -> int:
        used = 0
        for panel in page.panels:
            used += panel.width
            assert used <= 12, panel.key
            used %= 12
        return used

    assert [page.key for page in pages_for(WHO[role], load(country)) if rests(page)] == []


@pytest.mark.parametrize("role", ["sso", "analyst", "admin"])
def test_a_card_or_file_of_somebody_else_is_refused(rasad: Make, role: str) -> None:
    made = rasad("ir")
    who, own = of(made, role), panels_for(WHO[role], IRAN)
    foreign = [key for key in panels(IRAN) if key not in own]
    assert foreign
    for key in foreign[:: max(1, len(foreign) // 12)]:
        ask = {"panels": {key: "", **dict.fromkeys(list(own)[:1], "")}, "filters": {}, "serial": 1}
        answer = asked(who, made, "lane-0-answer.data", lane_0_ask__data=ask, shell_language__data="en")
        assert answer.status_code == 403
        for address in (f"/export/{key}.csv", f"/api/v1/panels/{key}"):
            assert who.get(address).status_code == 403


def written(who: FlaskClient, made: Rasad, query: str, path: str = "/") -> dict[str, Any]:
    values = {"address__data": {"path": path, "query": query}, "shell_language__data": "en"}
    answer = asked(who, made, "filters.data", **values)
    assert answer.status_code == 200, answer.text
    response: dict[str, Any] = answer.json["response"]
    return response


def test_who_is_bound_to_a_province_chooses_among_its_offices_alone(rasad: Make) -> None:
    made = rasad("ir")
    who = of(made, "province")
    told = written(who, made, "?province=IR-07&office=IR-07-01")
    assert told[ids.FILTERS]["data"] == {}
    assert [option["value"] for option in told[ids.control("province")]["options"]] == ["IR-23"]
    assert told[ids.control("province", "box")]["hidden"] is True
    offices = {option["value"] for option in told[ids.control("office")]["options"]}
    assert offices == {office.code for office in IRAN.offices if office.province == "IR-23"}
    said = str(told[ids.NOTICE]["children"])
    assert "IR-07" in said
    assert "Fars" not in str(told), "not even a name of what is elsewhere"
    assert "Tehran" in str(told[ids.shell("trail")]["children"])
    assert text("en")("scope.nation") not in str(told)


def test_several_provinces_can_be_chosen_among(rasad: Make) -> None:
    made = rasad("ir")
    told = written(of(made, "province", "IR-07", "IR-23"), made, "?province=IR-07,IR-00")
    assert told[ids.FILTERS]["data"] == {"province": "IR-07"}
    assert {option["value"] for option in told[ids.control("province")]["options"]} == {"IR-07", "IR-23"}


def test_a_subject_outside_is_no_choice(rasad: Make) -> None:
    made = rasad("ir")
    told = written(of(made, "sso"), made, "?subject=disputes")
    assert told[ids.FILTERS]["data"] == {}
    assert "is-absent" in told[ids.control("subject", "box")]["className"]


def test_a_file_says_what_it_is_of(rasad: Make) -> None:
    made = rasad("ir")
    for role, said in (("province", "تهران"), ("hq", "کل کشور")):
        content = of(made, role).get("/export/registrations-trend.csv?lang=fa").text
        assert said in content
