"""The page of cases as its callbacks answer: lists, one case, look-ups; and nothing of a person in what is said."""

from __future__ import annotations

import dataclasses
import json
import logging
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest
from werkzeug.test import TestResponse

from callbacks import cases as wiring
from callbacks.index import Rasad
from dashboard.claims.database import Database
from dashboard.claims.subjects import SUBJECTS
from dashboard.deployment import Deployment
from dashboard.filters import Filters
from dashboard.scope import NATION, Scope
from dashboard.text import LANGUAGES, text
from queries import timeline
from queries.cases import LISTED, ROWS, Asked
from queries.cases import page as page_of
from tests.pages import HEADQUARTERS, SPAN, TODAY, application, body_of, components, words
from tests.pair import OTHER, WORKSHOP, code, load_pairs

Make = Callable[[str], Rasad]
LONG = {"period": "custom", "from": "2020-01-01", "to": "2026-11-22"}
COUNTS_ONLY = Scope(None)


def sent(made: Rasad, output: str, **values: Any) -> TestResponse:
    return made.server.test_client().post("/_dash-update-component", json=body_of(made, output, **values))


def answered(made: Rasad, key: str, asked: dict[str, Any], language: str = "en", held: Any = None) -> dict[str, Any]:
    ask = {"filters": asked, "theme": "light", "version": 1, "serial": 1}
    name = f"panel_{key.replace('-', '_')}"
    values = {f"{name}_ask__data": ask, "shell_language__data": language, f"{name}_held__data": held}
    answer = sent(made, f"panel-{key}-body.className", **values)
    assert answer.status_code == 200, answer.text
    assert answer.json is not None
    return {
        f"{id_.removeprefix(f'panel-{key}-')}.{prop}": value
        for id_, properties in answer.json["response"].items()
        for prop, value in properties.items()
    }


def listed(made: Rasad, language: str = "en", held: Any = None, **own: Any) -> dict[str, Any]:
    return answered(made, "cases-list", {**LONG, "list": {"subject": "disputes", **own}}, language, held)


def links(content: Any) -> list[str]:
    """The addresses in components as they are sent."""
    return re.findall(r"'href': '([^']+)'", repr(content))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("subject", LISTED)
@pytest.mark.parametrize("jurisdiction", ["ir", "vn"])
def test_lists_and_cases_are_told_in_every_language(
    rasad: Make, jurisdiction: str, subject: str, language: str
) -> None:
    made = rasad(jurisdiction)
    shown = listed(made, language, subject=subject, state="open" if subject == "benefits" else "all")
    assert shown["body.className"] == "panel-body"
    addresses = links(shown["table.children"])
    assert len(addresses) == ROWS
    for address in addresses[:4]:
        _, _, _, number = address.split("/")
        case = answered(made, "cases-case", {"case": {"subject": subject, "number": number}}, language)
        assert case["body.className"] == "panel-body"
        said = repr(case["table.children"])
        assert number in said
        assert text(language)("cases.course") in said
        assert "person_hash" not in said


def test_pages_turn_and_a_page_that_is_the_same_is_not_sent_again(rasad: Make) -> None:
    made = rasad("ir")
    first = listed(made)
    assert (first["previous.disabled"], first["next.disabled"]) == (True, False)
    second = listed(made, cursor={"after": first["held.data"]["next"]}, page=2)
    assert (second["held.data"]["page"], second["page.children"]) == (2, "Page 2")
    assert not set(links(first["table.children"])) & set(links(second["table.children"]))
    again = listed(made, held=second["held.data"], cursor={"after": first["held.data"]["next"]}, page=2)
    assert "table.children" not in again
    back = listed(made, cursor={"before": second["held.data"]["previous"]}, page=1)
    assert links(back["table.children"]) == links(first["table.children"])
    assert back["previous.disabled"] is True


@pytest.mark.parametrize(
    "own",
    [
        {"subject": "premiums", "state": "x", "sort": 7, "cursor": [], "page": "x"},
        {"cursor": {"after": ["yesterday", "D-1"]}},
        {"cursor": {"after": ["2026-11-01", "D-1"]}},
        {"cursor": {"before": ["2026-11-01T00:00:00+00:00", "\0"]}},
        {"cursor": {"after": "x"}, "subject": {"a": 1}},
    ],
)
def test_what_a_list_cannot_be_asked_is_left_out(rasad: Make, own: dict[str, Any]) -> None:
    assert listed(rasad("ir"), **own)["body.className"] == "panel-body"


@pytest.mark.parametrize(
    "wanted",
    [
        None,
        7,
        {},
        {"subject": "premiums", "number": "x"},
        {"subject": "disputes"},
        {"subject": "disputes", "number": "no such"},
        {"subject": [], "number": "\0"},
    ],
)
def test_a_case_that_is_not_there_says_so_and_leads_back(rasad: Make, wanted: Any) -> None:
    shown = answered(rasad("ir"), "cases-case", {"case": wanted})
    assert shown["body.className"] == "panel-body is-empty"
    assert links(shown["empty.children"]) == ["/cases"]


def test_filters_that_a_list_does_not_heed_are_named(rasad: Make) -> None:
    shown = answered(rasad("ir"), "cases-list", {**SPAN, "trait": "cause:closure", "list": {"subject": "benefits"}})
    assert "Not narrowed by" in repr(shown["note.children"])


def test_a_silent_database_is_an_error_state(demo_claims: Callable[[str], Database]) -> None:
    with application(demo_claims("ir")) as made:
        deployment: Deployment = made.server.extensions["rasad"]
        listed(made)  # the subjects at hand are known
        nobody = dataclasses.replace(deployment.database, url="postgresql://nobody@127.0.0.1:9/none?connect_timeout=1")
        answer = wiring.found_by_number(dataclasses.replace(deployment, database=nobody), NATION, "x", text("en"))
        assert text("en")("cases.find.silent") in words(answer)
        with pytest.raises(wiring.SILENT):
            wiring.case_shown(dataclasses.replace(deployment, database=nobody), NATION, "disputes", "x", text("en"))
        nobody.close()


def test_who_sees_only_counts_is_told_so(rasad: Make) -> None:
    made = rasad("ir")
    deployment: Deployment = made.server.extensions["rasad"]
    t, filters = text("en"), Filters(TODAY, "gregorian")
    shown, page = wiring.list_shown(deployment, COUNTS_ONLY, filters, Asked("disputes"), t)
    assert page.rows.empty
    assert shown.state == "panel-body is-empty"
    assert t("cases.denied") in words(shown.empty)
    one = wiring.case_shown(deployment, COUNTS_ONLY, "disputes", "D-000000-1", t)
    assert t("cases.denied") in words(one.empty)
    for answer in (
        wiring.found_by_number(deployment, COUNTS_ONLY, "D-000000-1", t),
        wiring.found_by_pair(deployment, COUNTS_ONLY, code(7), WORKSHOP, t),
    ):
        assert t("cases.find.denied") in words(answer)


@pytest.fixture
def with_pairs(new_claims: Callable[..., Database]) -> Iterator[Rasad]:
    with application(load_pairs(new_claims("ir"))) as made:
        yield made


def found(made: Rasad, button: str, **typed: str) -> TestResponse:
    values = {f"panel_cases_find_{button}__n_clicks": 1, "shell_language__data": "en"}
    values |= {f"panel_cases_find_{name}__value": value for name, value in typed.items()}  # type: ignore[dict-item]
    return sent(made, "panel-cases-find-found.children", **values)


def words_of(answer: TestResponse) -> str:
    """What an answer says, its letters as they are read."""
    return json.dumps(answer.json, ensure_ascii=False)


def test_a_look_up_finds_and_says_nothing_of_the_person(with_pairs: Rasad, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        for person in (code(7), "۰۰۰۰۰۰۰۰۰۷"):
            answer = found(with_pairs, "by_pair", person=person, workshop=WORKSHOP)
            assert answer.status_code == 200
            own = {"/cases/benefits/paid", "/cases/registrations/away", "/cases/registrations/mine"}
            assert set(links(answer.json)) == own
            assert text("en")("cases.coverage.covered") in answer.text
            assert answer.json is not None
            cleared = answer.json["response"]
            assert all(cleared[f"panel-cases-find-{name}"]["value"] == "" for name in ("number", "person", "workshop"))
            assert person not in words_of(answer)
            assert WORKSHOP not in answer.text
        jurisdiction = with_pairs.server.extensions["rasad"].jurisdiction
        rule = next(rule for rule in jurisdiction.eligibility if rule.check == "workshop_matches")
        refused = words_of(found(with_pairs, "by_pair", person=code(7), workshop=OTHER))
        assert all(said in refused for said in (rule.explanations["en"], rule.names["en"], rule.source))
        nobody = "1234567890"  # its check digit does not agree
        for person, workshop in ((nobody, WORKSHOP), ("12", OTHER), (code(7), "not a code"), ("#" + "0" * 32, OTHER)):
            wrong = found(with_pairs, "by_pair", person=person, workshop=workshop)
            assert wrong.status_code == 200
            assert "Nothing was looked up" in wrong.text
            assert not {person, workshop} & set(re.split(r"[^\w# ]", wrong.text))
    assert code(7) not in caplog.text
    assert nobody not in caplog.text


def test_a_look_up_by_number(with_pairs: Rasad) -> None:
    assert links(found(with_pairs, "by_number", number=" mine ").json) == ["/cases/registrations/mine"]
    none = found(with_pairs, "by_number", number=code(7))
    assert text("en")("cases.find.nothing") in none.text
    assert code(7) not in none.text
    assert text("en")("cases.find.no_number") in found(with_pairs, "by_number", number=" ").text
    assert text("en")("cases.find.no_pair") in found(with_pairs, "by_pair", person=code(7)).text


def test_without_a_secret_key_no_person_is_looked_up(with_pairs: Rasad) -> None:
    deployment: Deployment = with_pairs.server.extensions["rasad"]
    keyless = dataclasses.replace(
        deployment, settings=deployment.settings.model_copy(update={"secret_key": "", "demo": False})
    )
    answer = wiring.found_by_pair(keyless, NATION, code(7), WORKSHOP, text("en"))
    assert text("en")("cases.find.no_key") in words(answer)


@pytest.mark.parametrize("subject", LISTED)
def test_the_course_of_a_case_is_its_fact_in_order(rasad: Make, subject: str) -> None:
    deployment: Deployment = rasad("ir").server.extensions["rasad"]
    db = deployment.database
    filters = Filters(TODAY, "gregorian", "12m")
    zone = db.jurisdiction.timezone
    rows = page_of(db, filters, NATION, Asked(subject)).rows
    with db.write() as connection:
        for number in rows["id"].head(8):
            cursor = connection.execute(f"SELECT * FROM {subject} WHERE id = %s", (number,))  # type: ignore[arg-type]
            names = [column.name for column in cursor.description or ()]
            fact = dict(zip(names, cursor.fetchone() or (), strict=True))
            moments = {
                name: value
                for name, value in fact.items()
                if value is not None and ((name.endswith("_at") and name != "updated_at") or name == "job_lost_on")
            }
            case = wiring.cases.case(db, NATION, subject, number)
            assert case is not None
            steps = timeline.timeline(case, subject, db.jurisdiction)
            assert {step.column for step in steps} == set(moments)
            days = [step.day for step in steps]
            assert days == sorted(days)
            for step in steps:
                value = moments[step.column]
                assert step.day == (value.astimezone(zone).date() if step.at else value)
                assert step.at is None or step.at == value
            assert [step.after for step in steps[1:]] == [(b - a).days for a, b in pairwise(days)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_a_case_may_hold_has_a_name(language: str) -> None:
    t = text(language)
    for subject in LISTED:
        assert t.has(f"cases.one.{subject}")
        steps = set(timeline.columns(subject))
        assert all(t.has(f"cases.step.{column}") for column in steps)
        shown = {field.name for field in SUBJECTS[subject].columns if field.kind != "person"}
        shown -= {*steps, "id", "province", "office", "category", "timing", "due_on"}
        assert [name for name in shown if not t.has(f"cases.field.{name}")] == []


def test_inputs_of_a_person_are_not_kept_by_the_browser(rasad: Make) -> None:
    from layouts.cases import body

    jurisdiction = rasad("ir").server.extensions["rasad"].jurisdiction
    for each in components(body(text("en"), jurisdiction, HEADQUARTERS)):
        if type(each).__name__ == "Input":
            props = each.to_plotly_json()["props"]
            assert props["autoComplete"] == "off"
            assert not props.get("persistence")
        assert type(each).__name__ != "Form", "a form would put what is typed into the address"
