"""The register's answer to a registration, rule by rule, and what becomes of the registration."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from dashboard.intake.eligibility import apply, decide
from tests.dashboard.intake.records import PERSON, checked, jurisdiction

IR = jurisdiction("ir")
WORKSHOP = "0183630045"
FILED = {"national_code": PERSON, "workshop_code": WORKSHOP, "opened_at": "2024-05-01", "job_lost_on": "2024-04-20"}


def registrations(*changes: dict[str, object]) -> pd.DataFrame:
    found = checked("registrations", *({**FILED, "id": f"r{n}", **change} for n, change in enumerate(changes)))
    assert not found.rejected
    return found.frame


def register(*changes: dict[str, object]) -> pd.DataFrame:
    return checked("premiums", *changes).frame


def answer(change: dict[str, object] | None = None, *rows: dict[str, object]) -> tuple[object, object]:
    found = decide(registrations(change or {}), register(*rows), IR)
    return found["match"].iloc[0], found["rule"].iloc[0]


@pytest.mark.parametrize(
    ("filed", "rows", "match", "rule"),
    [
        ({}, [{}], "covered", None),
        ({}, [], "no_premium", "registered"),
        ({}, [{"workshop_code": "0000000001"}], "wrong_workshop", "workshop"),
        ({}, [{"insurance": "optional"}], "optional_insured", "compulsory_insurance"),
        ({}, [{"standing": "retired"}], "retired", "not_retired"),
        ({}, [{"standing": "foreign"}], "foreign", "not_foreign"),
        ({}, [{"premium_paid": False}], "no_premium", "premium"),
        ({}, [{"months": 5}], "short_history", "six_months"),
        ({}, [{"months": 6}], "covered", None),
        ({}, [{"months": 4}, {"workshop_code": "0000000001", "months": 2}], "covered", None),
        (
            {},
            [{"months": 4}, {"workshop_code": "0000000001", "months": 9, "premium_paid": False}],
            "short_history",
            "six_months",
        ),
        ({"job_lost_on": "2024-04-01"}, [{}], "covered", None),
        ({"job_lost_on": "2024-03-31"}, [{}], "late", "in_time"),
        ({"job_lost_on": ""}, [{}], "covered", None),
        ({"job_lost_on": "2024-01-01"}, [{"months": 2}], "short_history", "six_months"),
    ],
)
def test_the_first_rule_that_fails_gives_the_reason(
    filed: dict[str, object], rows: list[dict[str, object]], match: str, rule: str | None
) -> None:
    found = answer(filed, *rows)
    assert found[0] == match
    assert found[1] == rule or (rule is None and pd.isna(found[1]))


@pytest.mark.parametrize("lacking", ["national_code", "workshop_code"])
def test_there_is_no_answer_without_a_person_or_a_workshop(lacking: str) -> None:
    assert pd.isna(answer({lacking: ""}, {})[0])


def test_a_rule_holds_for_those_who_filed_while_it_was_in_force() -> None:
    rules = [replace(rule, valid_from=date(2024, 1, 1), valid_to=date(2024, 5, 1)) for rule in IR.eligibility]
    place = replace(IR, eligibility=tuple(rules))
    filed = registrations(
        *({"opened_at": f"{day} 23:00"} for day in ("2023-12-31", "2024-01-01", "2024-05-01", "2024-05-02"))
    )
    found = decide(filed, register({"premium_paid": False}), place)["match"]
    assert [None if pd.isna(one) else one for one in found] == [None, "no_premium", "no_premium", None]


def test_the_answer_becomes_the_decision_at_the_moment_of_filing() -> None:
    filed = registrations({}, {"workshop_code": "0000000009"})
    found = apply(filed, decide(filed, register({}), IR), IR)
    assert found["match"].tolist() == ["covered", "wrong_workshop"]
    assert found["outcome"].tolist() == ["eligible", "not_eligible"]
    assert found["decided_at"].tolist() == filed["opened_at"].tolist()
    assert found["closed_at"].isna().tolist() == [True, False]
    assert found["reason"].isna().tolist() == [True, False]
    assert found["reason"].iloc[1] == "wrong_workshop"
    assert found.dtypes.equals(filed.dtypes)


def test_what_a_province_decided_stands_and_so_does_what_an_expert_looks_at() -> None:
    own = {"outcome": "eligible", "decided_at": "2024-05-09"}
    filed = registrations(own, {"review_at": "2024-05-03"}, {"referred_at": "2024-05-09"}, {"closed_at": "2024-05-09"})
    found = apply(filed, decide(filed, register(), IR), IR)
    assert found["match"].tolist() == ["no_premium"] * 4
    pd.testing.assert_frame_equal(found.drop(columns="match"), filed.drop(columns="match"))


def test_who_was_paid_is_confirmed_by_the_register() -> None:
    filed = registrations({"paid_at": "2024-05-20"})
    found = apply(filed, decide(filed, register({}), IR), IR)
    assert found["outcome"].tolist() == ["eligible"]
    assert found["closed_at"].tolist() == filed["paid_at"].tolist()


@pytest.mark.parametrize(("lost", "outcome"), [("2024-03-20", None), ("2024-01-20", "not_eligible")])
def test_a_late_filing_that_may_be_excused_is_left_to_the_board(lost: str, outcome: str | None) -> None:
    filed = registrations({"job_lost_on": lost})
    found = apply(filed, decide(filed, register({}), IR), IR)
    assert found["match"].tolist() == ["late"]
    assert [None if pd.isna(one) else one for one in found["outcome"]] == [outcome]


def test_one_registration_and_an_empty_register() -> None:
    found = decide(registrations({}), register(), IR)
    assert found["match"].tolist() == ["no_premium"]


def test_the_order_of_the_register_does_not_matter() -> None:
    rows = [{"workshop_code": f"000000000{n}", "months": n} for n in range(1, 6)] + [{"months": 1}]
    filed = registrations({}, {"workshop_code": "0000000003"})
    found = [decide(filed, register(*order), IR)["match"].tolist() for order in (rows, rows[::-1])]
    assert found[0] == found[1] == ["covered", "covered"]
