"""When cases are due, when they closed, and whether that was in time, against the calendar asked day by day."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from tests.dashboard.intake.records import checked, jurisdiction, reasons

GRANT = "benefit_grant"
COMMON = {"province": "01", "national_code": "001095012345", "category": GRANT, "updated_at": "2025-12-30"}


def row(subject: str = "procedures", key: str = "vn", **values: object) -> pd.Series:
    found = checked(subject, {**(COMMON if key == "vn" else {}), **values}, key=key)
    assert reasons(found) == []
    return found.frame.iloc[0]


def working_days_after(day: date, n: int) -> date:
    while n:
        day += timedelta(days=1)
        n -= jurisdiction("vn").workdays.is_working(day)
    return day


def limit_days() -> int:
    limit = jurisdiction("vn").limit("procedures", GRANT, date(2025, 3, 3))
    assert limit is not None
    assert limit.unit == "working_day"
    return limit.days


def test_due_after_the_working_days_of_the_limit() -> None:
    due = row(opened_at="2025-03-03 09:00")["due_on"]
    assert due.date() == working_days_after(date(2025, 3, 3), limit_days())


def test_a_limit_holds_while_it_is_in_force() -> None:
    place = jurisdiction("vn")
    for day in (date(2025, 12, 29), date(2026, 1, 5)):
        limit = place.limit("procedures", GRANT, day)
        due = row(opened_at=f"{day} 09:00", updated_at=f"{day} 09:00")["due_on"]
        assert (limit is None) == pd.isna(due)
        if limit is not None and limit.unit == "working_day":
            assert due.date() == place.workdays.add(day, limit.days)


def test_the_wait_for_the_claimant_is_added_once() -> None:
    place = jurisdiction("vn").workdays
    due = row(opened_at="2025-03-03", returned_at="2025-03-10", resubmitted_at="2025-03-20")["due_on"]
    wait = place.between(date(2025, 3, 10), date(2025, 3, 20))
    assert due.date() == working_days_after(date(2025, 3, 3), limit_days() + wait)


def test_nothing_is_due_while_the_file_lies_with_the_claimant() -> None:
    assert pd.isna(row(opened_at="2025-03-03", returned_at="2025-03-10")["due_on"])


def test_closing_ends_the_wait() -> None:
    found = row(opened_at="2025-03-03", returned_at="2025-03-10", closed_at="2025-03-12", outcome="withdrawn")
    assert found["timing"] == "early"


@pytest.mark.parametrize(("days", "timing"), [(-1, "early"), (0, "on_time"), (1, "late")])
def test_timing_by_the_local_day_of_closing(days: int, timing: str) -> None:
    due = row(opened_at="2025-03-03 09:00")["due_on"].date()
    closed = f"{due + timedelta(days=days)} 23:30"
    assert row(opened_at="2025-03-03 09:00", closed_at=closed, outcome="approved")["timing"] == timing


def test_an_open_case_and_one_without_limit_have_no_timing() -> None:
    assert row(opened_at="2025-03-03")["timing"] == ""
    found = row("registrations", "ir", closed_at="2024-05-03", decided_at="2024-05-03", outcome="not_eligible")
    assert (found["timing"], pd.isna(found["due_on"])) == ("", True)


def test_a_day_due_that_the_province_gave_stands() -> None:
    found = row("registrations", "ir", due_on="2024-05-02", decided_at="2024-05-03", outcome="not_eligible")
    assert (found["due_on"].date(), found["timing"]) == (date(2024, 5, 2), "late")


@pytest.mark.parametrize(
    ("values", "closed"),
    [
        ({"decided_at": "2024-05-03", "outcome": "not_eligible"}, "2024-05-03"),
        ({"decided_at": "2024-05-03", "outcome": "withdrawn"}, "2024-05-03"),
        ({"decided_at": "2024-05-03", "outcome": "eligible"}, None),
        ({"decided_at": "2024-05-03", "outcome": "eligible", "paid_at": "2024-05-20"}, "2024-05-20"),
        ({"decided_at": "2024-05-03", "outcome": "not_eligible", "closed_at": "2024-05-09"}, "2024-05-09"),
        ({}, None),
    ],
)
def test_when_a_registration_was_over(values: dict[str, str], closed: str | None) -> None:
    found = row("registrations", "ir", **values)["closed_at"]
    assert (None if pd.isna(found) else str(found.tz_convert("Asia/Tehran").date())) == closed


@pytest.mark.parametrize(
    ("values", "ends"),
    [
        ({"months_granted": 6}, "2024-11-01"),
        ({"months_granted": 0}, "2024-05-01"),
        ({"months_granted": 6, "due_on": "2024-10-15"}, "2024-10-15"),
        ({"opened_at": "2024-10-31 09:00", "months_granted": 4}, "2025-02-28"),
        ({"opened_at": "2023-10-31 09:00", "months_granted": 4}, "2024-02-29"),
        ({"opened_at": "2024-05-31 23:30", "months_granted": 1}, "2024-06-30"),
        ({}, None),
    ],
)
def test_a_benefit_ends_with_the_months_granted(values: dict[str, object], ends: str | None) -> None:
    found = row("benefits", "ir", updated_at="2024-12-01", **values)["due_on"]
    assert (None if pd.isna(found) else str(found.date())) == ends


def test_cases_older_than_the_calendar_have_no_day_due() -> None:
    assert pd.isna(row(opened_at="1985-03-03")["due_on"])


def test_an_open_dispute_is_due_by_the_limit_of_the_step_it_is_in() -> None:
    steps = {limit.step: limit for limit in jurisdiction("ir").limits if limit.subject == "disputes"}
    course = {"opened_at": "2026-05-02 09:00", "updated_at": "2026-08-01"}

    def due(**moments: str) -> object:
        found = row("disputes", "ir", province="IR-07", category="individual", **{**course, **moments})["due_on"]
        return None if pd.isna(found) else found.date()

    assert due() is None, "before the hearing no limit runs"
    course["hearing_at"] = "2026-05-20 10:00"
    assert due() == date(2026, 5, 20) + timedelta(days=steps["ruling"].days)
    course["ruling_at"] = "2026-05-24 10:00"
    assert due() is None, "the ruling is there and not served yet"
    course["served_at"] = "2026-05-30 10:00"
    assert due() == date(2026, 5, 30) + timedelta(days=steps["appeal"].days)
    course["appealed_at"] = "2026-06-08 10:00"
    assert due() == date(2026, 6, 8) + timedelta(days=steps["settlement_ruling"].days)
    course["appeal_ruling_at"] = "2026-07-01 10:00"
    assert due() is None
    closed = row(
        "disputes",
        "ir",
        province="IR-07",
        category="individual",
        outcome="partly",
        closed_at="2026-07-01 10:00",
        **course,
    )
    assert pd.isna(closed["due_on"])
    assert not closed["timing"]
