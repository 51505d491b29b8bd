"""The declarations of subjects, flows and cubes, held against the migrated database."""

from __future__ import annotations

import pytest

from dashboard.claims.cubes import CUBES, Cube
from dashboard.claims.database import Database
from dashboard.claims.flows import CLOSED, FLOWS, OPENED, Flow
from dashboard.claims.subjects import SUBJECTS, Subject

KEPT = {"content_hash", "batch_id"}


def _columns(database: Database, table: str) -> set[str]:
    with database.write() as connection:
        rows = connection.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s", (table,)
        ).fetchall()
    return {row[0] for row in rows}


def _primary_key(database: Database, table: str) -> tuple[str, ...]:
    with database.write() as connection:
        rows = connection.execute(
            "SELECT a.attname FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY k(attnum, place) "
            "JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum "
            "WHERE i.indrelid = %s::regclass AND i.indisprimary ORDER BY k.place",
            (table,),
        ).fetchall()
    return tuple(row[0] for row in rows)


@pytest.mark.parametrize("subject", SUBJECTS.values(), ids=list(SUBJECTS))
def test_a_fact_table_holds_what_its_subject_declares(claims: Database, subject: Subject) -> None:
    assert _columns(claims, subject.key) == {field.column for field in subject.columns} | KEPT
    assert _primary_key(claims, subject.key) == subject.identity


@pytest.mark.parametrize("cube", CUBES, ids=[cube.table for cube in CUBES])
def test_a_cube_is_the_table_it_declares(claims: Database, cube: Cube) -> None:
    assert _columns(claims, cube.table) == {*cube.key, "n"}
    assert _primary_key(claims, cube.table) == cube.key


@pytest.mark.parametrize("flow", FLOWS.values(), ids=list(FLOWS))
def test_a_flow_reads_columns_of_its_facts(claims: Database, flow: Flow) -> None:
    columns = _columns(claims, flow.table)
    for milestone in flow.milestones:
        for name in (milestone.at, milestone.outcome, milestone.reason, milestone.timing):
            assert not name or name in columns
    assert flow.milestone(OPENED).at == "opened_at"
    assert flow.milestone(CLOSED).at == "closed_at"


def test_every_code_list_a_field_names_exists_in_the_jurisdictions(claims: Database) -> None:
    lists = {*claims.jurisdiction.codes, "provinces", "offices"}
    for subject in SUBJECTS.values():
        for field in subject.fields:
            assert (field.kind in ("code", "codes")) == bool(field.codes)
            assert not field.codes or field.codes in lists, field
