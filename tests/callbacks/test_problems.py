"""The forms of problem reports: what is sent is kept and shown, what cannot be kept is refused in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from callbacks.index import Rasad
from dashboard.claims.database import Database
from dashboard.text import text
from tests.pages import application, body_of, client, signed_in


@pytest.fixture
def made(claims: Database) -> Iterator[Rasad]:
    with application(claims) as app:
        yield app


def posted(made: Rasad, output: str, role: str = "province", **values: Any) -> dict[str, Any]:
    who = client(made, signed_in(made, role, ["IR-07", "IR-23"] if role == "province" else None))
    answer = who.post("/_dash-update-component", json=body_of(made, output, **values))
    assert answer.status_code == 200, answer.text
    response: dict[str, Any] = answer.json["response"]
    return response


def sent(made: Rasad, language: str = "en", **changes: Any) -> dict[str, Any]:
    given = {
        "province": "IR-23",
        "subject": "none",
        "title": "Uploads fail",
        "body": "",
        "urgent": True,
    }
    fields = {f"panel_problem_report_{name}__value": value for name, value in {**given, **changes}.items()}
    clicked = {"panel_problem_report_send__n_clicks": 1}
    return posted(made, "panel-problem-report-said.children", **clicked, **fields, shell_language__data=language)


def replied(made: Rasad, **changes: Any) -> dict[str, Any]:
    given = {"number": "1", "answer": "Put right.", "publish": True, **changes}
    clicked = {"panel_problem_answer_send__n_clicks": 1}
    body = body_of(made, "panel-problem-answer-said.children", **clicked, shell_language__data="en")
    for state in body["state"]:
        name = state["id"].removeprefix("panel-problem-answer-").replace("_", "-")
        state["value"] = given.get(name, state["value"])
    answer = made.server.test_client().post("/_dash-update-component", json=body)
    assert answer.status_code == 200, answer.text
    response: dict[str, Any] = answer.json["response"]
    return response


def reports(claims: Database) -> list[tuple[Any, ...]]:
    with claims.write() as connection:
        return connection.execute(
            "SELECT province, reporter, title, urgent, answer, answered_by, published FROM problem_reports ORDER BY id"
        ).fetchall()


def test_a_report_and_its_answer(made: Rasad, claims: Database) -> None:
    said = sent(made)
    assert said["panel-problem-report-said"] == {
        "children": text("en")("problem.report.sent", n="1"),
        "className": "said good",
    }
    assert said["panel-problem-report-title"] == {"value": ""}
    choices = posted(made, "panel-problem-answer-number.options", "hq", data_version__data=1, shell_language__data="fa")
    listed = choices["panel-problem-answer-number"]["options"]
    assert listed == [{"label": "۱ · تهران · Uploads fail", "value": "1"}]
    assert replied(made)["panel-problem-answer-said"]["children"] == text("en")("problem.answer.sent")
    assert reports(claims) == [
        ("IR-23", "test-province-ir-07-ir-23", "Uploads fail", True, "Put right.", "test-hq", True)
    ]


@pytest.mark.parametrize("language", ["en", "fa", "vi"])
def test_a_refusal_says_which_field_and_keeps_what_was_typed(made: Rasad, claims: Database, language: str) -> None:
    t = text(language)
    said = sent(made, language, title=" ")
    assert said == {
        "panel-problem-report-said": {
            "children": t("problem.refused.empty", field=t("problem.title"), n=120),
            "className": "said bad",
        }
    }
    assert reports(claims) == []


@pytest.mark.parametrize(
    "wrong", [{"province": None}, {"province": ["IR-23"]}, {"title": {"a": 1}}, {"province": "IR-00"}]
)
def test_what_no_form_sends_is_refused(made: Rasad, claims: Database, wrong: dict[str, Any]) -> None:
    assert sent(made, **wrong)["panel-problem-report-said"]["className"] == "said bad"
    assert reports(claims) == []


@pytest.mark.parametrize("number", ["", "1", "-1", "1e3", "9" * 40, None])
def test_only_an_open_report_can_be_answered(made: Rasad, number: Any) -> None:
    assert replied(made, number=number)["panel-problem-answer-said"]["className"] == "said bad"


@pytest.mark.parametrize(("role", "output"), [("hq", "report"), ("province", "answer"), ("sso", "answer")])
def test_who_has_not_the_right_is_refused(made: Rasad, claims: Database, role: str, output: str) -> None:
    body = body_of(made, f"panel-problem-{output}-said.children", **{f"panel_problem_{output}_send__n_clicks": 1})
    who = client(made, signed_in(made, role, ["IR-23"] if role == "province" else None))
    assert who.post("/_dash-update-component", json=body).status_code == 403
    assert reports(claims) == []
