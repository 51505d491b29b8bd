"""What is accepted and as what, and every reason a record can be rejected under."""

from __future__ import annotations

import json
import re
import string

import pandas as pd
import pytest

from dashboard.claims.subjects import SUBJECTS
from dashboard.intake.person import person_hash
from dashboard.intake.reasons import REASONS
from dashboard.text import text
from tests.dashboard.intake.records import KEY, PERSON, SOUND, checked, jurisdiction, reasons

HASH = person_hash(PERSON, KEY).hex()


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_sound_record_of_every_subject_is_accepted(subject: str) -> None:
    found = checked(subject, {})
    assert reasons(found) == []
    assert found.lines.tolist() == [1]
    assert list(found.frame.columns) == [field.column for field in SUBJECTS[subject].columns]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_no_record_at_all_has_the_same_types(subject: str) -> None:
    assert checked(subject).frame.dtypes.equals(checked(subject, {}).frame.dtypes)


REJECTED = [
    ("registrations", {"id": " "}, "missing_value", "id"),
    ("premiums", {"months": None}, "missing_value", "months"),
    ("registrations", {"id": "x" * 129}, "too_long", "id"),
    ("registrations", {"channel": "telegram"}, "unknown_code", "channel"),
    ("registrations", {"office": "IR-23-999"}, "unknown_code", "office"),
    ("disputes", {"claim_types": "bonus|cake"}, "unknown_code", "claim_types"),
    ("aggregates", {"subject": "cakes"}, "unknown_code", "subject"),
    ("aggregates", {"milestone": "baked"}, "unknown_code", "milestone"),
    ("aggregates", {"category": "individual"}, "unknown_code", "category"),
    ("aggregates", {"outcome": "settled"}, "unknown_code", "outcome"),
    ("registrations", {"decided_at": "1402/12/30", "outcome": "eligible"}, "bad_moment", "decided_at"),
    ("registrations", {"job_lost_on": "2024-02-30"}, "bad_day", "job_lost_on"),
    ("registrations", {"age": "-1"}, "bad_whole", "age"),
    ("registrations", {"age": "121"}, "bad_whole", "age"),
    ("registrations", {"age": "30.5"}, "bad_whole", "age"),
    ("premiums", {"months": 40_000}, "bad_whole", "months"),
    ("premiums", {"months": 99_999_999_999}, "bad_whole", "months"),
    ("premiums", {"premium_paid": "perhaps"}, "bad_flag", "premium_paid"),
    ("registrations", {"workshop_code": "01836300451"}, "bad_workshop", "workshop_code"),
    ("registrations", {"national_code": "093283381"}, "bad_national_code_check", "national_code"),
    ("registrations", {"national_code": "5"}, "bad_national_code_length", "national_code"),
    ("registrations", {"national_code": "4444444444"}, "bad_national_code_repeated", "national_code"),
    ("registrations", {"national_code": "0001234567"}, "synthetic_code", "national_code"),
    ("registrations", {"id": PERSON}, "national_code_in_text", "id"),
    ("registrations", {"province": "IR-77"}, "unknown_province", "province"),
    ("procedures", {"to_province": "IR-77"}, "unknown_province", "to_province"),
    ("registrations", {"office": "IR-07-01"}, "office_not_in_province", "office"),
    ("registrations", {"updated_at": "2026-11-24"}, "in_the_future", "updated_at"),
    ("registrations", {"job_lost_on": "2026-11-25"}, "in_the_future", "job_lost_on"),
    ("aggregates", {"day": "2030-01-01"}, "in_the_future", "day"),
    ("benefits", {"closed_at": "2024-04-30"}, "closed_before_opened", "closed_at"),
    ("disputes", {"hearing_at": "2024-04-30"}, "milestone_before_opened", "hearing_at"),
    (
        "procedures",
        {"returned_at": "2024-05-03", "resubmitted_at": "2024-05-02"},
        "resubmitted_before_returned",
        "resubmitted_at",
    ),
    ("procedures", {"resubmitted_at": "2024-05-02"}, "resubmitted_before_returned", "resubmitted_at"),
    ("registrations", {"outcome": "withdrawn"}, "outcome_without_decision", "outcome"),
    ("registrations", {"outcome": "eligible", "closed_at": "2024-05-09"}, "outcome_without_decision", "outcome"),
    ("disputes", {"outcome": "settled"}, "outcome_without_decision", "outcome"),
    ("registrations", {"decided_at": "2024-05-02"}, "decision_without_outcome", "decided_at"),
]


@pytest.mark.parametrize(("subject", "change", "code", "column"), REJECTED)
def test_each_reason(subject: str, change: dict[str, object], code: str, column: str) -> None:
    found = checked(subject, {}, change, {})
    assert reasons(found) == [(2, code, column)]
    assert found.lines.tolist() == [1, 3]
    (rejected,) = found.rejected
    for language in ("en", "fa", "vi"):
        values = {"column": rejected.column, "value": rejected.value, "detail": rejected.detail}
        assert text(language)(f"intake.reason.{code}", **values)


LINES = {
    "unclosed_quote",
    "stray_quote",
    "stray_line_break",
    "wrong_column_count",
    "nul_byte",
    "undecodable",
    "line_too_long",
    "bad_json",
    "not_an_object",
    "unknown_column",
    "nested_value",
}
"""Reasons against lines that cannot be taken apart; the readers' tests have them."""
SENDERS = {"province_not_allowed", "case_not_allowed"}
"""Reasons against who sent a record; the tests of the HTTP doors have them."""
STEPS = {"after_as_of", "unknown_case"}
"""Reasons of mappings for sources of a certain day and for steps; the tests of milestone files have them."""


def test_every_reason_is_tried() -> None:
    elsewhere = LINES | SENDERS | STEPS | {"province_not_on_day"}
    assert {code for _, _, code, _ in REJECTED} | elsewhere == set(REASONS)


@pytest.mark.parametrize("language", ["en", "fa", "vi"])
@pytest.mark.parametrize("code", REASONS)
def test_every_reason_has_a_sentence_with_its_places(code: str, language: str) -> None:
    sentence = text(language).texts[f"intake.reason.{code}"]
    assert {name for _, name, _, _ in string.Formatter().parse(sentence) if name} == set(REASONS[code].places)


def test_the_first_reason_in_the_order_of_the_columns_counts() -> None:
    found = checked("registrations", {"channel": "x", "province": "y", "age": "z", "updated_at": "2099-01-01"})
    assert reasons(found) == [(1, "unknown_province", "province")]


def test_values_become_what_their_kind_holds() -> None:
    found = checked(
        "disputes",
        {
            "province": " ir-23",
            "claim_types": ["wage_arrears", "bonus", "Bonus"],
            "opened_at": "1403/02/12 10:00",
            "national_code": "932833810",
            "workshop_code": 183630045,
            "due_on": "1403/02/20",
        },
    )
    row = found.frame.iloc[0]
    assert row["province"] == "IR-23"
    assert row["claim_types"] == "{bonus,wage_arrears}"
    assert row["opened_at"] == pd.Timestamp("2024-05-01 06:30", tz="UTC")
    assert row["person_hash"] == f"\\x{HASH}"
    assert row["workshop_code"] == "0183630045"
    assert row["due_on"] == pd.Timestamp("2024-05-09")
    assert pd.isna(row["outcome"])


@pytest.mark.parametrize(("written", "expected"), [("بله", True), ("Yes", True), (1, True), ("خیر", False), (0, False)])
def test_flags_in_several_words(written: object, expected: bool) -> None:
    assert checked("premiums", {"premium_paid": written}).frame["premium_paid"].tolist() == [expected]


def test_keys_of_a_tally_are_never_missing() -> None:
    row = checked("aggregates", {}).frame.iloc[0]
    assert (row["channel"], row["outcome"], row["n"]) == ("", "", 12)


def test_a_tally_of_claim_types_names_one() -> None:
    tally = {"subject": "dispute_claims", "category": "bonus"}
    assert reasons(checked("aggregates", tally, {**tally, "category": "individual"})) == [
        (2, "unknown_code", "category")
    ]


def test_the_code_of_a_former_province_is_that_of_today_until_it_was_given_up() -> None:
    merge = jurisdiction("vn").merges["02"]
    common = {
        "province": "02",
        "national_code": "001095012345",
        "workshop_code": "AB12345",
        "category": jurisdiction("vn").codes["registrations.category"][0].key,
        "updated_at": "2025-09-02",
    }
    found = checked(
        "registrations", {**common, "opened_at": "2025-06-30"}, {**common, "opened_at": "2025-07-01"}, key="vn"
    )
    assert found.frame["province"].tolist() == [merge.new]
    assert [(one.line, one.code, one.detail) for one in found.rejected] == [(2, "province_not_on_day", merge.new)]


def test_what_is_kept_has_the_hash_and_can_be_read_again() -> None:
    (rejected,) = checked("registrations", {"channel": "x", "age": 30}).rejected
    raw = json.loads(rejected.raw)
    assert raw["national_code"] == f"#{HASH}"
    assert raw["workshop_code"] == "0183630045"
    assert PERSON not in f"{rejected}"
    again = checked("registrations", {**raw, "channel": "online"})
    assert again.frame["person_hash"].tolist() == checked("registrations", {}).frame["person_hash"].tolist()


@pytest.mark.parametrize(
    "change",
    [
        {"national_code": "093283381x"},
        {"national_code": "0932833811"},
        {"national_code": "", "workshop_code": PERSON, "age": "x"},
        {"national_code": "", "job_lost_on": PERSON},
        {"national_code": "", "channel": PERSON},
        {"id": PERSON},
        {"id": f"case-{PERSON}", "channel": "x"},
        {"province": PERSON, "national_code": "۰۹۳۲۸۳۳۸۱۰"},
        {"national_code": 932833810, "age": "x"},
    ],
)
def test_no_way_of_going_wrong_lets_a_national_code_through(change: dict[str, object]) -> None:
    (rejected,) = checked("registrations", change).rejected
    kept = f"{rejected.raw} {rejected.value} {rejected.detail}".translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789"))
    assert "93283381" not in re.sub(r"#[0-9a-f]{32}", "", kept)


def test_a_code_at_fault_cannot_come_back_as_a_hash() -> None:
    (rejected,) = checked("registrations", {"national_code": "0932833811"}).rejected
    raw = json.loads(rejected.raw)
    assert set(raw["national_code"]) == {"•"}
    assert reasons(checked("registrations", raw)) == [(1, "bad_national_code_length", "national_code")]


def test_the_sound_record_of_the_tests_is_whole() -> None:
    assert set(SOUND) == set(SUBJECTS)
