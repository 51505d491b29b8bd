"""The pages of administrators: what they change, whom they are open to, and what each change leaves in the audit."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from callbacks.index import Rasad
from dashboard.access import audit, passwords, people, tokens
from dashboard.access.audit import Search
from dashboard.claims.database import Database
from dashboard.text import text
from tests.pages import application, body_of, client, signed_in

EN = text("en")


@pytest.fixture
def made(claims: Database) -> Iterator[Rasad]:
    with application(claims) as made:
        yield made


def sent(made: Rasad, cookie: str, output: str, **values: Any) -> tuple[int, str]:
    values = {f"panel_{name}": value for name, value in values.items()}
    body = body_of(made, output, **values, shell_language__data="en")
    answer = client(made, cookie).post("/_dash-update-component", json=body)
    return answer.status_code, json.dumps(answer.json, ensure_ascii=False)


def entries(claims: Database) -> list[tuple[str, str]]:
    found = audit.entries(claims, Search())
    return [(entry.action, entry.object) for entry in found if entry.role == "admin" and entry.action != "audit_view"]


def make(made: Rasad, cookie: str, login: str, role: str = "province", provinces: Any = ("IR-23",)) -> tuple[int, str]:
    fields = {"login": login, "name": "Sara", "role": role, "provinces": list(provinces)}
    values = {f"people_{name}__value": value for name, value in fields.items()}
    return sent(made, cookie, "panel-people-make-said.children", people_make__n_clicks=1, **values)


def act(made: Rasad, cookie: str, name: str, number: int) -> tuple[int, str]:
    return sent(made, cookie, "panel-people-act-said.children", people_act__data={"key": f"{name}|{number}", "at": 1})


def test_an_account_is_made_changed_closed_and_opened(made: Rasad, claims: Database) -> None:
    admin = signed_in(made, "admin")
    status, said = make(made, admin, "Sara")
    assert (status, EN("people.made") in said) == (200, True)
    account = people.by_login(claims, "sara")
    assert account is not None
    assert (account.person.role.key, account.person.provinces, account.must_change) == ("province", ("IR-23",), True)
    shown = re.search(r"(?:[a-z0-9]{5}-){3}[a-z0-9]{5}", said)
    assert shown is not None
    assert passwords.matches(account.password_hash, shown.group())
    number = account.person.id
    theirs = signed_in(made, "province", ["IR-01"])
    other = people.by_login(claims, "test-province-ir-01")
    assert other is not None
    values: dict[str, Any] = {"people_who__value": str(other.person.id), "people_new_role__value": "hq"}
    values |= {"people_new_provinces__value": []}
    _, said = sent(made, admin, "panel-people-change-said.children", people_change__n_clicks=1, **values)
    assert EN("people.changed") in said
    changed = people.by_id(claims, other.person.id)
    assert changed is not None
    assert changed.person.role.key == "hq"
    assert client(made, theirs).get("/api/v1/panels/overview-trend").status_code == 200
    act(made, admin, "disable", other.person.id)
    assert client(made, theirs).get("/api/v1/panels/overview-trend").status_code == 401  # at the next request
    for name in ("enable", "end", "password"):
        assert EN(f"people.{name}.done") in act(made, admin, name, other.person.id)[1]
    account = people.by_id(claims, other.person.id)
    assert account is not None
    assert account.must_change
    of = f"account/{other.person.id}"
    assert entries(claims)[::-1] == [
        ("account_made", f"account/{number}"),
        *(("role_changed", of), ("account_disabled", of), ("account_enabled", of)),
        *(("sessions_ended", of), ("password_set", of)),
    ]


def test_what_cannot_be_is_said_and_changes_nothing(made: Rasad, claims: Database) -> None:
    admin = signed_in(made, "admin")
    me = people.by_login(claims, "test-admin")
    assert me is not None
    for account in people.listed(claims):  # the demo has an administrator of its own
        if account.person.role.key == "admin" and account.person != me.person:
            people.disable(claims, account.person.id)
    before = [account.person for account in people.listed(claims)]
    for given, why in (
        (("0012345679",), "person"),
        (("s",), "login"),
        (("test-admin",), "taken"),
        (("sara", "king"), "role"),
        (("sara", "province", ()), "no_provinces"),
        (("sara", "province", ("IR-99",)), "provinces"),
        (("sara", "hq", ("IR-23",)), "provinces"),
    ):
        assert EN(f"people.bad.{why}") in make(made, admin, *given)[1], given
    assert EN("people.bad.last") in act(made, admin, "disable", me.person.id)[1]
    values = {"people_who__value": str(me.person.id), "people_new_role__value": "hq", "people_new_provinces__value": []}
    _, said = sent(made, admin, "panel-people-change-said.children", people_change__n_clicks=1, **values)
    assert EN("people.bad.last") in said
    for number in (0, 99_999, me.person.id * 1_000):
        assert EN("people.bad.unknown") in act(made, admin, "end", number)[1]
    kept = people.make(claims, "mina", "Mina", "hq", issuer="https://directory.example", external_id="x")
    assert EN("people.bad.directory") in act(made, admin, "password", kept.id)[1]
    assert [account.person for account in people.listed(claims) if account.person != kept] == before
    assert entries(claims) == []
    with claims.write() as connection:
        connection.execute("REVOKE INSERT ON audit FROM rasad_gate")
        connection.commit()
    assert EN("audit.unwritten") in make(made, admin, "sara")[1]
    assert people.by_login(claims, "sara") is None


def test_a_token_is_made_and_revoked(made: Rasad, claims: Database) -> None:
    admin = signed_in(made, "admin")
    fields = {"name": "feed", "days": "30", "subjects": ["disputes"], "provinces": ["IR-23"]}
    values = {f"tokens_{name}__value": value for name, value in fields.items()}
    _, said = sent(made, admin, "panel-tokens-make-said.children", tokens_make__n_clicks=1, **values)
    shown = re.search(r"rasad_[A-Za-z0-9_-]{43}", said)
    assert shown is not None
    with claims.write() as connection:
        token = tokens.check(connection, shown.group())
    assert token is not None
    assert (token.name, token.subjects, token.provinces) == ("feed", ("disputes",), ("IR-23",))
    for name, bad in (("name", ""), ("name", "0012345679"), ("subjects", ["x"]), ("provinces", ["x"]), ("days", "7")):
        given = {**values, f"tokens_{name}__value": bad}
        _, said = sent(made, admin, "panel-tokens-make-said.children", tokens_make__n_clicks=2, **given)
        assert EN(f"tokens.bad.{name}") in said
    for _ in range(2):
        sent(made, admin, "panel-tokens-act-said.children", tokens_act__data={"key": str(token.id), "at": 1})
    with claims.write() as connection:
        assert tokens.check(connection, shown.group()) is None
    assert entries(claims) == [("token_revoked", f"token/{token.id}"), ("token_made", f"token/{token.id}")]


def test_the_audit_is_searched_on_its_page(made: Rasad, claims: Database) -> None:
    admin = signed_in(made, "admin")
    for number in range(audit.PAGE + 10):
        audit.record(claims, None, "sign_in_refused", f"10.0.0.{number}", detail={"why": "password"})
    today = claims.today()
    days = {f"filter_audit_{name}_{part}__value": str(value) for name in ("from", "to") for part, value in (
        ("day", today.day), ("month", today.month), ("year", today.year)
    )}  # fmt: skip
    body = body_of(
        made,
        "panel-audit-table.children",
        panel_audit_search__n_clicks=1,
        panel_audit_action__value="sign_in_refused",
        panel_audit_province__value="any",
        shell_language__data="en",
        **days,
    )
    first = client(made, admin).post("/_dash-update-component", json=body)
    assert first.status_code == 200
    assert "10.0.0.59" in first.text
    assert '10.0.0.9"' not in first.text
    [seen] = [entry for entry in audit.entries(claims, Search()) if entry.action == "audit_view"]
    assert (seen.role, seen.rows) == ("admin", audit.PAGE)


@pytest.mark.parametrize("role", ["hq", "sso", "analyst"])
def test_nobody_else_administers(made: Rasad, claims: Database, role: str) -> None:
    cookie = signed_in(made, role)
    assert make(made, cookie, "sara")[0] == 403
    assert act(made, cookie, "end", 1)[0] == 403
    assert sent(made, cookie, "panel-people-list.children", people_list__id="x")[0] == 403
    assert sent(made, cookie, "panel-tokens-list.children", tokens_list__id="x")[0] == 403
    assert sent(made, cookie, "panel-audit-table.children", audit_search__n_clicks=1)[0] == 403
    assert people.by_login(claims, "sara") is None
