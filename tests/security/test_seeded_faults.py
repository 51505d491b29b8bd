"""Faults of the kinds that happen, each switched on here: every one turns its gate red."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from benchmarks.security import interleaved
from benchmarks.security import walls as gate
from benchmarks.security.ground import Ground
from dashboard import answers
from dashboard.access import sessions
from dashboard.claims import walls
from dashboard.claims.database import Database
from dashboard.scope import NATION, NOTHING, Scope
from queries import attention, cases, problems, source

Grounds = Callable[[str], Ground]
Patch = pytest.MonkeyPatch
ANY_PLACE = "(CAST(:scope AS text[]) IS NULL OR true)"
ANY_SUBJECT = "(CAST(:scope_subjects AS text[]) IS NULL OR true)"

pytestmark = pytest.mark.timeout(300)


def red(patch: Patch, on: Ground, person: str, *asked: str, tries: int = 24) -> set[str]:
    """The ways in which the gate of the walls finds fault, asked these questions alone."""
    questions = [each for each in gate._questions(on.whole) if each[0] in asked]
    assert len(questions) == len(asked)
    patch.setattr(gate, "_questions", lambda _: questions)
    found = gate.run(tries, on, (person,)).found
    return {way for way in gate.WAYS if any(way in sentence for sentence in found)}


def test_without_a_fault_both_ways_are_held(monkeypatch: Patch, grounds: Grounds) -> None:
    asked = ("overview-registered", "feeds that are silent", "reports that wait", "list of registrations")
    assert red(monkeypatch, grounds("ir"), "one province", *asked) == set()


def test_a_statement_that_drops_its_provinces(monkeypatch: Patch, grounds: Grounds) -> None:
    monkeypatch.setattr(source, "IN_VIEW", ANY_PLACE)
    assert red(monkeypatch, grounds("ir"), "one province", "overview-registered") == {"statements alone"}


def test_a_list_that_drops_its_provinces(monkeypatch: Patch, grounds: Grounds) -> None:
    monkeypatch.setattr(problems, "IN_SCOPE", ANY_PLACE)
    monkeypatch.setattr(attention, "IN_SCOPE", ANY_PLACE)
    asked = ("reports that wait", "feeds that are silent")
    assert red(monkeypatch, grounds("ir"), "one province", *asked) == {"statements alone"}


def test_a_statement_that_drops_its_subjects(monkeypatch: Patch, grounds: Grounds) -> None:
    monkeypatch.setattr(source, "SUBJECT_IN_SCOPE", ANY_SUBJECT)
    assert red(monkeypatch, grounds("ir"), "social security", "overview-disputes-open") == {"statements alone"}


def test_cases_of_a_subject_that_is_not_open(monkeypatch: Patch, grounds: Grounds) -> None:
    monkeypatch.setattr(cases, "entitled", lambda *_: None)
    monkeypatch.setattr(walls, "OF_ONE_SUBJECT", frozenset())
    monkeypatch.setattr(walls, "OF_NO_SUBJECT", walls.OF_NO_SUBJECT | set(cases.LISTED))
    asked = ("list of disputes", "cases of disputes by number")
    assert red(monkeypatch, grounds("ir"), "social security", *asked) == {"statements alone"}


def test_cells_of_the_nation_read_by_a_province(monkeypatch: Patch, grounds: Grounds) -> None:
    monkeypatch.setattr(source, "is_national", lambda filters, _: not filters.provinces)
    monkeypatch.setattr(source, "NATION_ONLY", ANY_PLACE)
    monkeypatch.setattr(walls, "_OF_NATION", frozenset())
    assert red(monkeypatch, grounds("ir"), "one province", "overview-registered") == {"statements alone"}


@pytest.mark.parametrize(
    ("fault", "asked"),
    [
        ("ALTER TABLE nation_month_cells DISABLE ROW LEVEL SECURITY", "overview-registered"),
        ("ALTER POLICY walls ON due_cells USING (true)", "due-place"),
        ("CREATE POLICY more ON problem_reports FOR SELECT USING (true)", "reports that wait"),
        ("ALTER TABLE registrations DISABLE ROW LEVEL SECURITY", "list of registrations"),
        ("CREATE OR REPLACE FUNCTION rasad_nation() RETURNS boolean LANGUAGE sql RETURN true", "overview-registered"),
    ],
)
def test_a_policy_that_does_not_hold(monkeypatch: Patch, grounds: Grounds, fault: str, asked: str) -> None:
    planted = Ground.planted

    @contextmanager
    def faulty(self: Ground, scope: Scope, *more: Any) -> Iterator[Database]:
        with planted(self, scope, *more) as made:
            with made.write() as owner:
                owner.execute(fault)  # type: ignore[call-overload]  # of the list above
                owner.commit()
            yield made

    monkeypatch.setattr(Ground, "planted", faulty)
    assert red(monkeypatch, grounds("ir"), "one province", asked) == {"policies alone"}


def test_a_scope_that_is_not_set_in_the_transaction(monkeypatch: Patch, grounds: Grounds) -> None:
    settings = walls.settings
    monkeypatch.setattr(walls, "settings", lambda _: settings(NATION))
    assert red(monkeypatch, grounds("ir"), "one province", "overview-registered") == {"policies alone"}


def test_an_answer_kept_without_its_scope(monkeypatch: Patch, grounds: Grounds) -> None:
    question = answers._question
    monkeypatch.setattr(answers, "_question", lambda panel, filters, _: question(panel, filters, NOTHING))
    assert not interleaved.run(180, grounds("ir"), different=20).held


def test_a_person_kept_beyond_the_request(monkeypatch: Patch, grounds: Grounds) -> None:
    find = functools.lru_cache(sessions.find)
    monkeypatch.setattr(sessions, "find", lambda database, cookie, idle, used=True: find(database, cookie, idle, used))
    assert not interleaved.run(240, grounds("ir"), different=20).held
