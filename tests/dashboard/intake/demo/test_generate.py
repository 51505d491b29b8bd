"""The records of the demo: repeatable, streamed, in order, and such that the intake accepts each of them."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.claims.subjects import CASES, PREMIUMS, SUBJECTS
from dashboard.intake.demo.arrays import Columns
from dashboard.intake.demo.generate import generate, plan
from dashboard.intake.demo.loading import chunk_of
from dashboard.intake.demo.volumes import ORDER, STANDING
from dashboard.intake.validate import validate
from dashboard.jurisdictions import Jurisdiction
from tests.demo import UNTIL, joined, moments

Demo = dict[str, Columns]


def _same(one: Demo, other: Demo) -> bool:
    return list(one) == list(other) and all(
        list(one[s]) == list(other[s]) and all(np.array_equal(one[s][c], other[s][c]) for c in one[s]) for s in one
    )


def test_every_subject_has_exactly_its_columns_and_as_many_rows_as_planned(
    jurisdiction: Jurisdiction, demo: Demo
) -> None:
    staffed = STANDING if jurisdiction.offices else ("readiness",)
    assert tuple(demo) == (*ORDER, *staffed)
    for subject, columns in demo.items():
        assert sorted(columns) == sorted(field.name for field in SUBJECTS[subject].fields)
    rows = {subject: len(columns["updated_at"]) for subject, columns in demo.items()}
    planned = plan(jurisdiction, cases=24_000, until=UNTIL)
    assert {subject: n for subject, n in planned.items() if n} == rows
    assert tuple(planned) == (*ORDER, *STANDING)
    assert abs(sum(rows[subject.key] for subject in CASES) / 24_000 - 1) < 0.06


def test_what_stands_by_itself_grows_with_offices_and_months_and_not_with_cases(jurisdiction: Jurisdiction) -> None:
    one, ten = (plan(jurisdiction, cases=cases, until=UNTIL, subjects=STANDING) for cases in (1_000, 10_000))
    assert one == ten
    assert len(jurisdiction.offices) <= ten["staffing"] <= 2 * len(jurisdiction.offices)
    assert ten["readiness"] == 18 * len(jurisdiction.provinces)


def test_no_more_is_ready_than_there_is(demo: Demo) -> None:
    columns = demo["readiness"]
    for whole, part in (
        ("staff", "staff_trained"),
        ("accounts", "accounts_delegated"),
        ("systems", "systems_integrated"),
    ):
        assert (columns[part].astype(int) <= columns[whole].astype(int)).all()
    assert (columns["day"] < f"{UNTIL:%Y-%m-%d}").all()


def test_chunks_do_not_change_the_content_and_keep_their_size(jurisdiction: Jurisdiction) -> None:
    whole = joined(generate(jurisdiction, cases=900, until=UNTIL))
    parts = list(generate(jurisdiction, cases=900, until=UNTIL, chunk=70))
    assert max(len(columns["updated_at"]) for subject, columns in parts if subject not in STANDING) <= 70
    assert _same(whole, joined(iter(parts)))


def test_a_seed_repeats_and_another_differs(iran: Jurisdiction) -> None:
    first, again, other = (joined(generate(iran, cases=600, until=UNTIL, seed=seed)) for seed in (5, 5, 6))
    assert _same(first, again)
    assert not np.array_equal(first["registrations"]["opened_at"], other["registrations"]["opened_at"])


def test_the_intake_accepts_every_record(jurisdiction: Jurisdiction, demo: Demo) -> None:
    for subject, columns in demo.items():
        chunk = chunk_of(columns, SUBJECTS[subject])
        found = validate(chunk, SUBJECTS[subject], jurisdiction, True, b"k" * 32, UNTIL)
        assert found.rejected == []


def test_codes_are_those_of_the_jurisdiction(jurisdiction: Jurisdiction, demo: Demo) -> None:
    offices = {"", *(office.code for office in jurisdiction.offices)}
    for subject in (*CASES, PREMIUMS):
        for field in subject.fields:
            if field.codes and field.codes != "provinces":
                listed = offices if field.codes == "offices" else {c.key for c in jurisdiction.codes[field.codes]}
                written = {part for value in set(demo[subject.key][field.name].tolist()) for part in value.split("|")}
                assert written <= listed | {""}, (subject.key, field.name)


def test_provinces_are_those_of_the_day(jurisdiction: Jurisdiction, demo: Demo) -> None:
    for subject in CASES:
        columns = demo[subject.key]
        pairs = {
            (code, day[:10])
            for code, day in zip(columns["province"].tolist(), columns["opened_at"].tolist(), strict=True)
        }
        for code, day in pairs:
            assert isinstance(jurisdiction.resolve_province(code, np.datetime64(day).astype(object)), str)


def test_nothing_lies_ahead_and_the_newest_moment_is_the_update(jurisdiction: Jurisdiction, demo: Demo) -> None:
    now = np.datetime64(UNTIL.astimezone(jurisdiction.timezone).replace(tzinfo=None), "s")
    for subject in CASES:
        columns = demo[subject.key]
        steps = [moments(columns[f.name]) for f in subject.fields if f.kind == "moment" and f.name != "updated_at"]
        newest = np.fmax.reduce(steps)
        updated = moments(columns["updated_at"])
        assert (updated <= now).all()
        assert (updated >= newest).all()
        if subject.key != "benefits":
            assert (updated == newest).all()


@pytest.mark.parametrize(
    ("subject", "steps"),
    [
        ("registrations", "opened returned resubmitted decided referred established account paid"),
        ("registrations", "opened review decided"),
        ("disputes", "opened conciliation hearing ruling served appealed appeal_ruling closed enforcement"),
        ("procedures", "opened returned resubmitted closed"),
        ("service_requests", "opened returned resubmitted closed"),
        ("benefits", "opened suspended resumed closed"),
    ],
)
def test_milestones_follow_one_another(demo: Demo, subject: str, steps: str) -> None:
    first, *others = (f"{step}_at" for step in steps.split())
    reached = moments(demo[subject][first])
    for step in others:
        moment = moments(demo[subject][step])
        assert not (moment < reached).any(), step
        reached = np.fmax(reached, moment)


def test_subjects_arrive_in_the_order_of_time(demo: Demo) -> None:
    for subject in ("registrations", "disputes", "service_requests"):
        opened = moments(demo[subject]["opened_at"])
        assert (opened[1:] >= opened[:-1]).all()


def test_ids_are_unique_and_the_register_has_one_row_a_person_and_workshop(demo: Demo) -> None:
    for subject in CASES:
        assert len(set(demo[subject.key]["id"].tolist())) == len(demo[subject.key]["id"])
    register = demo["premiums"]
    keys = list(zip(register["national_code"].tolist(), register["workshop_code"].tolist(), strict=True))
    assert len(set(keys)) == len(keys)


def test_persons_are_plainly_synthetic_and_some_file_again(demo: Demo) -> None:
    codes = demo["registrations"]["national_code"].tolist()
    assert all(code.startswith("000") and len(set(code)) > 1 for code in codes)
    assert 0.01 < 1 - len(set(codes)) / len(codes) < 0.06


def test_benefits_are_those_of_the_established_registrations(demo: Demo) -> None:
    registrations, benefits = demo["registrations"], demo["benefits"]
    established = registrations["established_at"] != ""
    assert benefits["registration_id"].tolist() == registrations["id"][established].tolist()
    assert benefits["opened_at"].tolist() == registrations["established_at"][established].tolist()
    assert benefits["national_code"].tolist() == registrations["national_code"][established].tolist()


def test_only_asked_subjects_share_the_cases(iran: Jurisdiction) -> None:
    found = joined(generate(iran, cases=500, until=UNTIL, subjects=("registrations", "premiums")))
    assert list(found) == ["premiums", "registrations"]
    assert len(found["registrations"]["id"]) == 500
    assert len(joined(generate(iran, cases=300, until=UNTIL, subjects=("disputes",)))["disputes"]["id"]) == 300


def test_what_makes_no_sense_is_refused(iran: Jurisdiction) -> None:
    for wrong in ({"subjects": ("weather",)}, {"cases": -1}, {"years": 0.0}, {"scenario": "summer-1399"}):
        with pytest.raises(ValueError, match=r"weather|-1|years|summer-1399"):
            list(generate(iran, until=UNTIL, **wrong))
    with pytest.raises(ValueError, match="time zone"):
        list(generate(iran, until=UNTIL.replace(tzinfo=None)))
    assert [subject for subject, _ in generate(iran, cases=0, until=UNTIL)] == list(STANDING)
