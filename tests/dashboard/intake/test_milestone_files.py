"""Milestone files: dated steps, a row each, completed into the cases they belong to."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from dashboard.claims import quarantine
from dashboard.claims.database import Database
from dashboard.claims.reconcile import reconcile
from dashboard.claims.subjects import DISPUTES, PROCEDURES, REGISTRATIONS, SUBJECTS, Subject
from dashboard.intake.load import Loaded, Loader
from dashboard.intake.mapping import MappingError, load_mapping, plain
from dashboard.intake.reading import read
from dashboard.intake.steps import milestone_columns
from tests.conftest import KEY

CASES_HEADER = "id,province,channel,category,opened_at,closed_at,outcome,national_code,claim_types,updated_at"
STEPS_HEADER = "case,action,day"
MAPPING = """
subject = "disputes"
as_of = 2024-12-31

[columns]
id = "case"
step = "action"
at = "day"

[milestones]
hearing_at = "Hearing"
ruling_at = ["Decision", "Dismissal"]
"""
WORDS = {"Hearing": "hearing", "Decision": "ruling", "Dismissal": "ruling"}


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str, Sequence[str]], Path]:
    def written(name: str, header: str, lines: Sequence[str]) -> Path:
        path = tmp_path / name
        path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
        return path

    return written


Write = Callable[[str, str, Sequence[str]], Path]


@pytest.fixture
def steps_mapping(tmp_path: Path) -> Path:
    path = tmp_path / "steps.toml"
    path.write_text(MAPPING, encoding="utf-8")
    return path


def case(number: int, opened: str = "2024-05-10", closed: str = "") -> str:
    outcome = "settled" if closed else ""
    return f"D{number},IR-23,office,individual,{opened},{closed},{outcome},,bonus|overtime,2024-06-01"


def load_cases(database: Database, path: Path, subject: Subject = DISPUTES) -> Loaded:
    return Loader(database, subject, KEY).file(path, plain(subject))


def load_steps(database: Database, path: Path, mapping: Path, chunk_rows: int = 50_000) -> Loaded:
    chosen = load_mapping(mapping, DISPUTES)
    loader = Loader(database, DISPUTES, KEY)
    return loader.chunks(path.name, lambda: read(path, chosen, database.jurisdiction, chunk_rows))


def account(loaded: Loaded) -> tuple[int, int, int, int]:
    counted = loaded.account
    assert loaded.status == "complete"
    assert counted.received == counted.accepted + counted.unchanged + counted.quarantined
    return counted.received, counted.accepted, counted.unchanged, counted.quarantined


def fetch(database: Database, statement: str) -> list[tuple[Any, ...]]:
    with database.write() as connection:
        return connection.execute(statement.encode()).fetchall()


def milestones(database: Database) -> dict[str, tuple[str | None, ...]]:
    """For each case the local days of its hearing and its ruling."""
    day = "to_char({} AT TIME ZONE 'Asia/Tehran', 'YYYY-MM-DD')"
    statement = f"SELECT id, {day.format('hearing_at')}, {day.format('ruling_at')} FROM disputes"
    return {id_: days for id_, *days in fetch(database, statement)}


def whole(database: Database, without: Sequence[str] = ("updated_at",)) -> list[tuple[Any, ...]]:
    columns = [field.column for field in DISPUTES.columns if field.column not in without]
    return fetch(database, f"SELECT {', '.join(columns)} FROM disputes ORDER BY id")


def differences(database: Database) -> list[Any]:
    with database.write() as connection:
        return list(reconcile(connection, database.setting(connection)))


def test_each_row_is_accounted_for(claims: Database, write: Write, steps_mapping: Path) -> None:
    load_cases(claims, write("cases.csv", CASES_HEADER, [case(1), case(2)]))
    rows = {
        "D1,Hearing,2024-06-20": "accepted",
        "D1,Hearing,2024-06-18": "accepted",
        "D1,Hearing,2024-06-19": "unchanged",
        "D1,Hearing,2024-06-18 00:00": "unchanged",
        "D1,Party added,2024-99-99": "unchanged",
        "nobody,Party added,2024-06-18": "unchanged",
        "D1,Decision,2024-08-01": "accepted",
        "D1,Dismissal,2024-07-30": "accepted",
        "D3,Hearing,2024-06-20": "unknown_case",
        "D2,Hearing,2024-06-31": "bad_moment",
        "D2,Decision,2024-05-09": "milestone_before_opened",
        "D2,Hearing,2025-01-01": "after_as_of",
        "D2,Hearing,": "missing_value",
        "D2,,2024-06-01": "missing_value",
        ",Hearing,2024-06-01": "missing_value",
        "D2,Hearing": "wrong_column_count",
    }
    path = write("steps.csv", STEPS_HEADER, list(rows))
    wanted = Counter(rows.values())
    bad = [(line, code) for line, code in enumerate(rows.values(), start=2) if code not in ("accepted", "unchanged")]

    loaded = load_steps(claims, path, steps_mapping)
    assert account(loaded) == (len(rows), wanted["accepted"], wanted["unchanged"], len(bad))
    assert milestones(claims) == {"D1": ["2024-06-18", "2024-07-30"], "D2": [None, None]}
    with claims.write() as connection:
        kept = list(quarantine.listed(connection))
    assert [(one.line, one.code) for one in kept] == bad
    assert [one.raw for one in kept] == [list(rows)[line - 2] for line, _ in bad]
    assert {one.header for one in kept} == {STEPS_HEADER}
    assert [(one.field, one.value, one.detail[:10]) for one in kept if one.code == "milestone_before_opened"] == [
        ("ruling_at", "2024-05-09T00:00:00+03:30", "2024-05-10")
    ]
    assert differences(claims) == []

    again = load_steps(claims, path, steps_mapping)
    assert account(again) == (len(rows), 0, wanted["accepted"] + wanted["unchanged"], len(bad))


def test_order_and_splitting_change_nothing_but_the_time_of_update(
    new_claims: Callable[..., Database], write: Write, steps_mapping: Path
) -> None:
    dice = random.Random(7)
    cases = [case(n, closed="2024-11-01" if n % 3 else "") for n in range(30)]
    days = [f"2024-{month:02}-{day:02}" for month in range(6, 13) for day in range(1, 29)]
    rows = [f"D{dice.randrange(30)},{dice.choice([*WORDS, 'Party added'])},{dice.choice(days)}" for _ in range(400)]
    first: dict[str, dict[str, str]] = {f"D{n}": {} for n in range(30)}
    for row in rows:
        id_, word, day = row.split(",")
        if word in WORDS:
            first[id_][WORDS[word]] = min(day, first[id_].get(WORDS[word], day))
    expected = {id_: [of_case.get("hearing"), of_case.get("ruling")] for id_, of_case in first.items()}

    states = []
    for chunk_rows, parts in ((50_000, 1), (7, 1), (50_000, 5)):
        database = new_claims()
        load_cases(database, write("cases.csv", CASES_HEADER, cases))
        for part in range(parts):
            path = write(f"steps{part}.csv", STEPS_HEADER, rows[part::parts])
            account(load_steps(database, path, steps_mapping, chunk_rows))
        assert milestones(database) == expected
        assert differences(database) == []
        of_disputes = "FROM day_cells WHERE n <> 0 AND subject = 'disputes'"
        cells = fetch(database, f"SELECT milestone, day, outcome, n {of_disputes} ORDER BY 1, 2, 3")
        counted = Counter((step, day) for of_case in first.values() for step, day in of_case.items())
        assert {(step, day.isoformat()): n for step, day, _, n in cells if step in ("hearing", "ruling")} == counted
        states.append((whole(database), cells))
        dice.shuffle(rows)
    assert states[0] == states[1] == states[2]


def test_two_loaders_at_once_lose_none_of_each_others_milestones(
    claims: Database, write: Write, steps_mapping: Path
) -> None:
    load_cases(claims, write("cases.csv", CASES_HEADER, [case(n) for n in range(200)]))
    hearings = write("hearings.csv", STEPS_HEADER, [f"D{n},Hearing,2024-06-20" for n in range(200)])
    rulings = write("rulings.csv", STEPS_HEADER, [f"D{n},Decision,2024-07-20" for n in reversed(range(200))])
    threads = [
        threading.Thread(target=load_steps, args=(claims, path, steps_mapping, 10)) for path in (hearings, rulings)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert milestones(claims) == {f"D{n}": ["2024-06-20", "2024-07-20"] for n in range(200)}
    assert differences(claims) == []


def test_the_rest_of_a_case_stays_as_it_was(claims: Database, write: Write, steps_mapping: Path) -> None:
    line = "D1,IR-23,online,individual,2024-05-10 09:41:07.5,2024-09-01,partly,0001234567,bonus|overtime,2024-10-01"
    path = write("cases.csv", CASES_HEADER, [line])
    load_cases(claims, path)
    before = whole(claims, without=("updated_at", "hearing_at"))
    assert fetch(claims, "SELECT person_hash IS NOT NULL FROM disputes") == [(True,)]
    account(load_steps(claims, write("steps.csv", STEPS_HEADER, ["D1,Hearing,2024-06-20"]), steps_mapping))
    assert whole(claims, without=("updated_at", "hearing_at")) == before
    assert milestones(claims) == {"D1": ["2024-06-20", None]}


def test_the_case_loaded_again_takes_nothing_back_and_a_later_version_of_it_does(
    claims: Database, write: Write, steps_mapping: Path
) -> None:
    path = write("cases.csv", CASES_HEADER, [case(1)])
    load_cases(claims, path)
    steps = write("steps.csv", STEPS_HEADER, ["D1,Hearing,2024-06-20"])
    account(load_steps(claims, steps, steps_mapping))
    assert account(load_cases(claims, path)) == (1, 0, 1, 0)
    assert milestones(claims) == {"D1": ["2024-06-20", None]}
    assert fetch(claims, "SELECT updated_at FROM disputes")[0][0].isoformat() == "2024-05-31T20:30:00.000001+00:00"

    later = case(1).replace("2024-06-01", "2024-06-01 00:01")
    assert account(load_cases(claims, write("later.csv", CASES_HEADER, [later]))) == (1, 1, 0, 0)
    assert milestones(claims) == {"D1": [None, None]}
    assert account(load_steps(claims, steps, steps_mapping)) == (1, 1, 0, 0)
    assert milestones(claims) == {"D1": ["2024-06-20", None]}
    assert differences(claims) == []


def test_a_registration_keeps_what_the_register_answered(claims: Database, write: Write, tmp_path: Path) -> None:
    header = "id,province,channel,category,opened_at,national_code,workshop_code,job_lost_on,cause,updated_at"
    line = "R1,IR-23,online,unemployment_insurance,2024-05-10,0001234567,0183630045,2024-05-01,contract_end,2024-05-10"
    load_cases(claims, write("cases.csv", header, [line]), REGISTRATIONS)
    answered = "SELECT match, outcome, reason, decided_at, closed_at, timing FROM registrations"
    before = fetch(claims, answered)
    assert before[0][0]
    mapping = tmp_path / "referred.toml"
    mapping.write_text('subject = "registrations"\n[milestones]\nreferred_at = "sent"\n', encoding="utf-8")
    chosen = load_mapping(mapping, REGISTRATIONS)
    loaded = Loader(claims, REGISTRATIONS, KEY).file(write("steps.csv", "id,step,at", ["R1,sent,2024-05-20"]), chosen)
    assert account(loaded) == (1, 1, 0, 0)
    assert fetch(claims, answered) == before
    assert fetch(claims, "SELECT referred_at IS NOT NULL FROM registrations") == [(True,)]
    assert differences(claims) == []


def test_a_case_said_to_have_ended_after_the_source_was_drawn_is_a_mistake(
    claims: Database, write: Write, tmp_path: Path
) -> None:
    mapping = tmp_path / "cases.toml"
    mapping.write_text('subject = "disputes"\nas_of = 2024-12-31\n', encoding="utf-8")
    lines = [case(1, closed="2024-12-31 23:59"), case(2, closed="2025-01-01")]
    path = write("cases.csv", CASES_HEADER, lines)
    loaded = Loader(claims, DISPUTES, KEY).file(path, load_mapping(mapping, DISPUTES))
    assert account(loaded) == (2, 1, 0, 1)
    assert [(one.line, one.code, one.detail) for one in loaded.rejected] == [(3, "after_as_of", "2024-12-31")]


def test_steps_are_not_taken_from_a_sender_of_some_provinces(
    claims: Database, write: Write, steps_mapping: Path
) -> None:
    path = write("steps.csv", STEPS_HEADER, ["D1,Hearing,2024-06-20"])
    loader = Loader(claims, DISPUTES, KEY, provinces=("IR-23",))
    with pytest.raises(ValueError, match="whole jurisdiction"):
        loader.file(path, load_mapping(steps_mapping, DISPUTES))


def test_milestones_others_follow_from_come_with_the_case() -> None:
    assert milestone_columns(REGISTRATIONS) == ("review_at", "referred_at", "established_at", "account_at")
    assert milestone_columns(PROCEDURES) == ()
    assert {subject for subject in SUBJECTS if milestone_columns(SUBJECTS[subject])} == {
        "registrations",
        "disputes",
        "service_requests",
        "benefits",
    }


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[milestones]\nclosed_at = "Closed"', "milestones.closed_at"),
        ('[milestones]\nopened_on = "Filed"', "milestones.opened_on"),
        ('[milestones]\nhearing_at = "Act"\nruling_at = ["Act"]', "milestones.ruling_at"),
        ("[milestones]\nhearing_at = 3", "milestones.hearing_at"),
        ("[milestones]\nhearing_at = []", "milestones"),
        ('[milestones]\nhearing_at = "Act"\n[columns]\nprovince = "office"', "columns.province"),
        ('as_of = "2024-12-31"', "as_of"),
        ("as_of = 2024-12-31T10:00:00", "as_of"),
    ],
)
def test_what_is_wrong_with_a_mapping_is_said_by_key(tmp_path: Path, text: str, key: str) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(f'subject = "disputes"\n{text}\n', encoding="utf-8")
    with pytest.raises(MappingError) as wrong:
        load_mapping(path)
    assert wrong.value.key == key
