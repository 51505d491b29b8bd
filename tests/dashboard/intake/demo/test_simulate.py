"""The simulator: new cases, progress, corrections, late and bad rows, at the rhythm of the hour."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from dashboard.claims.subjects import CASES, SUBJECTS
from dashboard.intake.demo.arrays import Columns
from dashboard.intake.demo.generate import generate
from dashboard.intake.demo.loading import chunk_of
from dashboard.intake.demo.pool import Record
from dashboard.intake.demo.progress import is_open
from dashboard.intake.demo.simulate import simulate
from dashboard.intake.eligibility import decide
from dashboard.intake.validate import validate
from dashboard.jurisdictions import Jurisdiction, load
from tests.demo import UNTIL, joined

MORNING = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)


class Clock:
    """A clock that goes on only when somebody waits."""

    def __init__(self, start: datetime) -> None:
        self.now = start

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def read(self) -> datetime:
        return self.now


def _parts(
    jurisdiction: Jurisdiction,
    minutes: float,
    rate: float = 12.0,
    start: datetime = MORNING,
    open_cases: dict[str, list[Record]] | None = None,
) -> Iterator[tuple[datetime, str, Columns]]:
    clock = Clock(start)
    running = simulate(jurisdiction, seed=1, rate=rate, clock=clock.read, wait=clock.wait, open_cases=open_cases)
    for subject, columns in running:
        if clock.now > start + timedelta(minutes=minutes):
            return
        yield clock.now, subject, columns


def _records(columns: Columns) -> list[Record]:
    return [dict(zip(columns, map(str, row), strict=True)) for row in zip(*columns.values(), strict=True)]


def _of_cases(parts: Iterator[tuple[datetime, str, Columns]]) -> list[tuple[datetime, str, Record]]:
    return [
        (now, subject, row) for now, subject, columns in parts if subject != "premiums" for row in _records(columns)
    ]


def test_every_kind_of_record_comes_and_no_case_twice_at_one_time(jurisdiction: Jurisdiction) -> None:
    latest: dict[str, Record] = {}
    kinds = {"new": 0, "late": 0, "progress": 0, "corrected": 0}
    for now, subject, row in _of_cases(_parts(jurisdiction, minutes=2, rate=40)):
        assert sorted(row) == sorted(field.name for field in SUBJECTS[subject].fields)
        local = now.astimezone(jurisdiction.timezone).replace(tzinfo=None)
        assert row["updated_at"] == local.isoformat(timespec="seconds")
        before = latest.get(row["id"])
        if before is None:
            kinds["late" if row["opened_at"][:10] < row["updated_at"][:10] else "new"] += 1
        else:
            assert row["updated_at"] > before["updated_at"]
            changed = {name for name in row if row[name] != before[name]} - {"updated_at"}
            personal = {"cause", "sector", "skill", "age", "claim_types", "filer"}
            kinds["corrected" if changed <= personal else "progress"] += 1
        latest[row["id"]] = row
    assert all(n > 10 for n in kinds.values()), kinds


def test_the_intake_accepts_all_but_the_spoilt(jurisdiction: Jurisdiction) -> None:
    accepted, codes = 0, set()
    for subject, columns in joined((s, c) for _, s, c in _parts(jurisdiction, minutes=2, rate=40)).items():
        chunk = chunk_of(columns, SUBJECTS[subject])
        found = validate(chunk, SUBJECTS[subject], jurisdiction, True, b"k" * 32, MORNING + timedelta(minutes=2))
        accepted += len(found.frame)
        codes |= {(rejected.code, rejected.column) for rejected in found.rejected}
    assert accepted > 1_000
    assert codes <= {
        ("unknown_code", "category"),
        ("unknown_province", "province"),
        ("closed_before_opened", "closed_at"),
        ("bad_moment", "opened_at"),
        ("in_the_future", "opened_at"),
        ("milestone_before_opened", "review_at"),
        ("missing_value", "category"),
    }
    assert len(codes) >= 4


def test_the_rate_is_the_mean_and_the_night_has_a_floor(iran: Jurisdiction) -> None:
    midday = len(_of_cases(_parts(iran, minutes=0.5, rate=60)))
    night = len(_of_cases(_parts(iran, minutes=0.5, rate=60, start=MORNING + timedelta(hours=17))))
    assert midday > 60 * 30
    assert 0.2 * 60 * 30 < night < 0.6 * 60 * 30


def test_open_cases_of_the_demo_go_on(iran: Jurisdiction) -> None:
    demo = joined(generate(iran, cases=1_500, until=UNTIL))
    waiting = {
        s: [r for r in _records(c) if is_open(s, r)] for s, c in demo.items() if s in {subject.key for subject in CASES}
    }
    waiting["registrations"] = [r for r in waiting["registrations"] if r["review_at"] or r["referred_at"]]
    for rows in waiting.values():
        for row in rows[::2]:  # as a database gives moments
            row["updated_at"] = f"{row['updated_at']}+03:30"
    known = {row["id"]: subject for subject, rows in waiting.items() for row in rows}
    moved = [
        (subject, row)
        for _, subject, row in _of_cases(_parts(iran, minutes=1, rate=40, open_cases=waiting))
        if row["id"] in known
    ]
    assert len(moved) > 30
    assert {subject for subject, _ in moved} == set(waiting)
    assert all(known[row["id"]] == subject for subject, row in moved)
    assert any(not is_open(subject, row) for subject, row in moved)


def test_what_the_match_refuses_is_not_referred(iran: Jurisdiction) -> None:
    found = joined((s, c) for _, s, c in _parts(iran, minutes=2, rate=60) if s in ("premiums", "registrations"))
    now = MORNING + timedelta(minutes=2)
    register, registrations = (
        validate(chunk_of(found[s], SUBJECTS[s]), SUBJECTS[s], iran, True, b"k" * 32, now).frame
        for s in ("premiums", "registrations")
    )
    refused = decide(registrations, register, iran)["match"] != "covered"
    unseen = registrations["review_at"].isna()
    assert (refused & unseen).sum() > 20
    assert (registrations["referred_at"].notna() & unseen).sum() > 5
    assert not (registrations["referred_at"].notna() & refused & unseen).any()


def test_a_rate_is_needed() -> None:
    with pytest.raises(ValueError, match="above zero"):
        next(simulate(load("ir"), seed=1, rate=0))


def test_a_benefit_is_paid_its_month_of_what_was_granted(jurisdiction: Jurisdiction) -> None:
    paid = 0
    for _, subject, row in _of_cases(_parts(jurisdiction, minutes=2, rate=40)):
        if subject == "benefits" and row["amount_granted"]:
            granted, months = int(row["amount_granted"]), int(row["months_granted"])
            assert int(row["amount_paid"]) == granted // months * int(row["months_paid"])
            paid += int(row["months_paid"]) > 0
    assert paid
