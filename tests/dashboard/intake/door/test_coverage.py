"""Who is covered is answered as registrations are decided on intake, with the rule and its source."""

from __future__ import annotations

from typing import Any

from dashboard.text import LANGUAGES
from tests.dashboard.intake.door.doors import PREMIUM, Doors, Record, case, code, opened, today

PLACE = "0183630045"
PERSONS: list[tuple[Record, Record, bool, str | None]] = [
    # What the register says, what is asked, whether covered, the reason's code.
    ({}, {}, True, None),
    ({}, {"workshop_code": "0183630046"}, False, "wrong_workshop"),
    ({"insurance": "optional"}, {}, False, "optional_insured"),
    ({"standing": "retired"}, {}, False, "retired"),
    ({"standing": "foreign"}, {}, False, "foreign"),
    ({"premium_paid": False}, {}, False, "no_premium"),
    ({"months": 5}, {}, False, "short_history"),
    ({}, {"job_lost_on": "2024-04-05", "opened_on": "2024-05-01"}, True, None),
    ({}, {"job_lost_on": "2020-04-05", "opened_on": "2024-05-01"}, False, "late"),
]


def registered(doors: Doors, token: str, changes: list[Record]) -> None:
    """A row of the register for each person, changed so."""
    rows = [{**PREMIUM, "national_code": code(n), **change} for n, change in enumerate(changes)]
    assert doors.send("premiums", rows, token).get_json()["accepted"] == len(rows)


def test_the_answer_and_its_reason(doors: Doors) -> None:
    token = doors.token()
    registered(doors, token, [person[0] for person in PERSONS])
    rules = {rule.key: rule for rule in doors.database.jurisdiction.eligibility}
    for n, (_, asked, covered, reason) in enumerate(PERSONS):
        said = doors.covered(token, national_code=code(n), **{"workshop_code": PLACE, **asked}).get_json()
        assert (said["covered"], said["code"], said["final"]) == (covered, reason, True), n
        assert said["outcome"] == ("eligible" if covered else "not_eligible")
        if not covered:
            rule = rules[said["rule"]]
            assert (rule.reason, rule.explanations["en"], rule.names["en"]) == (
                reason,
                said["reason"],
                said["rule_name"],
            )
            assert said["source"] == rule.source
        else:
            assert (said["rule"], said["source"]) == (None, None)
    said = doors.covered(token, national_code=code(99), workshop_code=PLACE).get_json()
    assert (said["covered"], said["rule"]) == (False, "registered")


def test_it_is_what_intake_finds(doors: Doors) -> None:
    token = doors.token()
    registered(doors, token, [person[0] for person in PERSONS])
    records, answers = [], {}
    for n, (_, asked, _, _) in enumerate([*PERSONS, ({}, {}, False, None)]):
        days = {"opened_on": "2024-05-01", "job_lost_on": "2024-04-20"} | asked
        question = {"national_code": code(n), "workshop_code": days.pop("workshop_code", PLACE), **days}
        answers[f"r{n}"] = doors.covered(token, **question).get_json()
        question["opened_at"] = f"{question.pop('opened_on')} 23:30"
        records.append(case(n, **question))
    assert doors.send("registrations", records, token).get_json()["accepted"] == len(records)
    found = doors.rows("SELECT id, match, outcome FROM registrations")
    assert {row[0]: row[1:] for row in found} == {
        key: (said["code"] or "covered", said["outcome"]) for key, said in answers.items()
    }
    assert len({row[1] for row in found}) > 6


def test_a_delay_that_may_be_excused_is_left_to_an_expert(doors: Doors) -> None:
    token = doors.token()
    registered(doors, token, [{}])
    rule = next(rule for rule in doors.database.jurisdiction.eligibility if "excused_days" in rule.parameters)
    days, excused = rule.parameters["days"], rule.parameters["excused_days"]
    assert isinstance(days, int)
    assert isinstance(excused, int)
    for late, final, outcome in (
        (days, True, "eligible"),
        (days + 1, False, None),
        (excused + 1, True, "not_eligible"),
    ):
        asked = {"job_lost_on": today(doors.database, -late), "national_code": code(0), "workshop_code": PLACE}
        said = doors.covered(token, **asked).get_json()  # filed today, as nothing else is said
        assert (said["final"], said["outcome"]) == (final, outcome)
        assert ("expert" in said["reason"]) is (not final)


def test_the_reason_is_told_in_three_languages(doors: Doors) -> None:
    token = doors.token()
    rule = doors.database.jurisdiction.eligibility[0]
    for language in LANGUAGES:
        answer = doors.covered(token, language, national_code=code(1), workshop_code=PLACE)
        assert answer.get_json()["reason"] == rule.explanations[language]
        assert answer.headers["Content-Language"] == language


def test_the_rules_of_the_day_of_filing_decide(new_claims: Any) -> None:
    doors = opened(new_claims("vn"))
    jurisdiction, token = doors.database.jurisdiction, doors.token()
    asked = {"national_code": "000123456789", "workshop_code": "AB12345"}
    for day in ("2024-05-01", "2026-05-01"):
        said = doors.covered(token, **asked, opened_on=day).get_json()
        rule = next(
            rule for rule in jurisdiction.eligibility if rule.key == said["rule"] and rule.source == said["source"]
        )
        assert rule.valid_from is not None
        assert rule.valid_from.isoformat() <= day
        assert rule.valid_to is None or day <= rule.valid_to.isoformat()
    said = doors.covered(token, **asked, opened_on="1990-01-01").get_json()
    assert (said["covered"], said["outcome"], said["rule"]) == (False, None, None)


def test_since_when_the_register_says_so(doors: Doors) -> None:
    token = doors.token()
    asked = {"national_code": code(0), "workshop_code": PLACE}
    assert doors.covered(token, **asked).get_json()["as_of"] is None
    registered(doors, token, [{}])
    (at,) = doors.rows("SELECT at FROM data_version")[0]
    assert doors.covered(token, **asked).get_json()["as_of"] == at.isoformat()


def test_what_cannot_be_asked(doors: Doors) -> None:
    token = doors.token()
    changed: list[tuple[Record, str, str | None]] = [
        ({"national_code": "0932833811"}, "bad_national_code_check", "national_code"),
        ({"national_code": "1111111111"}, "bad_national_code_repeated", "national_code"),
        ({"national_code": "93283381"}, "bad_national_code_check", "national_code"),
        ({"national_code": "12"}, "bad_national_code_length", "national_code"),
        ({"national_code": "#" + "0" * 32}, "bad_national_code_length", "national_code"),
        ({"national_code": ""}, "missing_value", "national_code"),
        ({"national_code": None}, "missing_value", "national_code"),
        ({"national_code": {"a": 1}}, "nested_value", None),
        ({"workshop_code": "x"}, "bad_workshop", "workshop_code"),
        ({"workshop_code": None}, "missing_value", "workshop_code"),
        ({"opened_on": "tomorrow"}, "bad_day", "opened_on"),
        ({"opened_on": "2024-02-30"}, "bad_day", "opened_on"),
        ({"job_lost_on": "2090-01-01"}, "in_the_future", "job_lost_on"),
        ({"0932833810": "x"}, "unknown_column", None),
    ]
    for changes, reason, column in changed:
        answer = doors.covered(token, **{"national_code": "0932833810", "workshop_code": PLACE, **changes})
        problem = answer.get_json()
        assert (answer.status_code, problem.get("code"), problem.get("column")) == (400, reason, column), changes
        assert problem["detail"].endswith(".")


def test_people_write_codes_in_many_ways(doors: Doors) -> None:
    token = doors.token()
    registered(doors, token, [{"national_code": "0012345679"}])
    for written in ("0012345679", "001-234567-9", "۰۰۱۲۳۴۵۶۷۹", 12345679, " 0012345679 "):
        asked = {"national_code": written, "workshop_code": PLACE, "opened_on": "1403-02-12"}
        assert doors.covered(token, **asked).get_json().get("covered") is True, written


def test_synthetic_codes_are_for_demo_only(new_claims: Any) -> None:
    doors = opened(new_claims("ir", demo=False))
    answer = doors.covered(doors.token(), national_code="0001234567", workshop_code=PLACE)
    assert answer.get_json()["code"] == "synthetic_code"


def test_the_body_is_one_object(doors: Doors) -> None:
    token = doors.token()
    for body in (b"[]", b"1", b"null", b"{", b'"0932833810"'):
        assert doors.ask("/api/v1/eligibility", body, token).status_code == 400
