"""Schedules on the page: what its form and buttons do, what they refuse, and to whom they are closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from callbacks.index import Rasad
from dashboard.access.audit import Search, entries
from dashboard.claims.database import Database
from dashboard.schedules import kept
from dashboard.schedules.rule import Rule
from dashboard.text import LANGUAGES, text
from layouts.schedules import FIELDS, told
from tests.conftest import NewClaims
from tests.pages import application, body_of, client, components, signed_in, words

FORM = {
    "what": "ready-week",
    "kind": "pdf",
    "language": "fa",
    "rhythm": "jalali",
    "weekday": "5",
    "day": "31",
    "hour": "7",
    "minute": "30",
    "way": "mail",
    "addresses": "a@ministry.example",
    "folder": "",
}


@pytest.fixture(scope="module")
def made(demo_claims: Callable[[str], Database], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rasad]:
    settings = {
        "smtp_url": "smtp://127.0.0.1:9",
        "smtp_from": "rasad@ministry.example",
        "mail_domains": "ministry.example, Partner.example",
        "delivery_dir": str(tmp_path_factory.mktemp("deliveries")),
    }
    with application(demo_claims("ir"), **settings) as app:
        yield app


@pytest.fixture
def claims(made: Rasad) -> Iterator[Database]:
    found: Database = made.server.extensions["rasad"].database
    yield found
    with found.write() as connection:
        connection.execute("DELETE FROM schedules")


@pytest.fixture
def who(made: Rasad) -> FlaskClient:
    return client(made, signed_in(made))


def asked(who: FlaskClient, made: Rasad, output: str, **values: Any) -> Any:
    return who.post("/_dash-update-component", json=body_of(made, output, **values))


def sent(who: FlaskClient, made: Rasad, **changes: Any) -> str:
    """What the page says when the form is sent."""
    fields = {f"panel_schedules_{name}__value": value for name, value in {**FORM, **changes}.items()}
    answer = asked(who, made, "panel-schedules-make-said.children", panel_schedules_make__n_clicks=1, **fields)
    assert answer.status_code == 200, answer.text
    said: str = answer.json["response"]["panel-schedules-make-said"]["children"]
    return said


def done(who: FlaskClient, made: Rasad, key: str) -> str:
    given = {"panel_schedules_act__data": {"key": key, "at": 1}}
    said: str = asked(who, made, "panel-schedules-act-said.children", **given).json["response"][
        "panel-schedules-act-said"
    ]["children"]
    return said


def person(claims: Database) -> int:
    with claims.write() as connection:
        row = connection.execute("SELECT id FROM people WHERE login = 'test-hq'").fetchone()
    assert row is not None
    return int(row[0])


def test_what_the_form_asks_is_kept_and_audited(who: FlaskClient, made: Rasad, claims: Database) -> None:
    assert sent(who, made) == text("fa")("schedules.made")
    [schedule] = kept.listed(claims, person(claims))
    assert (schedule.ready, schedule.kind, schedule.language) == ("week", "pdf", "fa")
    assert schedule.rule == Rule("month", 7, 30, day=31, calendar="jalali")
    assert schedule.addresses == ("a@ministry.example",)
    [told_of] = entries(claims, Search(object=f"schedule/{schedule.id}"))
    assert (told_of.action, told_of.detail["to"], told_of.detail["briefing"]) == (
        "schedule_made",
        ["a@ministry.example"],
        "week",
    )


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"kind": "exe"}, "field"),
        ({"language": "tlh"}, "field"),
        ({"rhythm": "hour"}, "field"),
        ({"hour": "24"}, "field"),
        ({"hour": "-1"}, "field"),
        ({"hour": None}, "field"),
        ({"minute": "7"}, "field"),
        ({"rhythm": "week", "weekday": "7"}, "field"),
        ({"day": "32"}, "field"),
        ({"day": {"$ne": 1}}, "field"),
        ({"way": "fax"}, "way"),
        ({"addresses": "nobody"}, "address"),
        ({"addresses": "a@elsewhere.example"}, "domain"),
        ({"addresses": "0499370899@ministry.example"}, "person"),
        ({"way": "folder", "folder": "../../etc"}, "folder"),
        ({"what": "ready-morning"}, "gone"),
        ({"what": "A" * 24}, "gone"),
    ],
)
def test_every_field_is_checked(
    who: FlaskClient, made: Rasad, claims: Database, changes: dict[str, Any], why: str
) -> None:
    assert sent(who, made, **changes) == text("fa")(f"schedules.bad.{why}")
    assert kept.listed(claims, person(claims)) == []


def test_buttons_do_what_they_say_to_ones_own_alone(who: FlaskClient, made: Rasad, claims: Database) -> None:
    fa = text("fa")
    sent(who, made, way="folder", folder="صبح")
    [schedule] = kept.listed(claims, person(claims))
    stranger = client(made, signed_in(made, "province", ["IR-23"]))
    for what in ("now", "pause", "resume", "drop"):
        assert done(stranger, made, f"{what}:{schedule.id}") == fa("schedules.bad.gone")
    assert kept.listed(claims, person(claims)) == [schedule]
    assert done(who, made, f"pause:{schedule.id}") == fa("schedules.pause.done")
    assert kept.listed(claims, person(claims))[0].paused_at is not None
    assert done(who, made, f"resume:{schedule.id}") == fa("schedules.resume.done")
    assert done(who, made, f"now:{schedule.id}") == fa("schedules.now.done")
    [run] = kept.runs(claims, person(claims), schedule.id)
    assert (run.state, run.asked) == ("waiting", True)
    assert done(who, made, f"drop:{schedule.id}") == fa("schedules.drop.done")
    assert kept.listed(claims, person(claims)) == []
    acts = [each.detail["act"] for each in entries(claims, Search(actions=("schedule_changed", "schedule_dropped")))]
    assert acts[:4] == ["drop", "now", "resume", "pause"]


def test_the_list_says_when_where_and_what_came_of_it(who: FlaskClient, made: Rasad, claims: Database) -> None:
    sent(who, made)
    [schedule] = kept.listed(claims, person(claims))
    kept.send_now(claims, person(claims), schedule.id)
    for language in LANGUAGES:
        t = text(language)
        given = {"panel_schedules_list__id": "panel-schedules-list", "shell_language__data": language}
        answer = asked(who, made, "panel-schedules-list.children", **given).json["response"]
        shown = str(answer["panel-schedules-list"]["children"])
        for said in (t("briefings.ready.week"), told(schedule.rule, t), "a@ministry.example"):
            assert said in shown
        assert t("schedules.state.waiting") in shown
        assert answer["panel-schedules-tick"]["disabled"] is False  # it looks again until that is over


def test_to_who_sees_no_figures_it_is_closed(made: Rasad) -> None:
    admin = client(made, signed_in(made, "admin"))
    fields = {f"panel_schedules_{name}__value": value for name, value in FORM.items()}
    for output, values in (
        ("panel-schedules-make-said.children", {"panel_schedules_make__n_clicks": 1, **fields}),
        ("panel-schedules-act-said.children", {"panel_schedules_act__data": {"key": "now:x"}}),
        ("panel-schedules-list.children", {"panel_schedules_list__id": ""}),
    ):
        assert asked(admin, made, output, **values).status_code == 403


def test_where_nothing_is_set_up_there_is_no_form(new_claims: NewClaims) -> None:
    from layouts.schedules import part, shown

    claims = new_claims("vn")
    t = text("vi")
    without = shown({"x": "y"}, [], t, claims.jurisdiction)
    assert t("schedules.off") in words(without)
    whole = list(components(shown({"x": "y"}, ["mail"], t, claims.jurisdiction)))
    ids = {getattr(each, "id", None) for each in whole}
    assert {part(name) for name in FIELDS} <= ids
    assert t("schedules.off") not in words(whole)


def test_settings_that_cannot_send_stop_the_start() -> None:
    from dashboard.settings import Settings

    for wrong in ({"smtp_url": "http://mail.example"}, {"smtp_url": "smtps://mail.example"}):
        with pytest.raises(ValueError, match="RASAD_SMTP"):
            Settings(data_dir=Path("/nowhere"), **wrong)  # type: ignore[arg-type]
