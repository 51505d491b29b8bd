"""Recounting the rollups from the facts: reports every cell that differs, and puts them right on request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import psycopg

from dashboard.claims import cells
from dashboard.claims.cubes import CUBES, Cube
from dashboard.claims.dimensions import Setting
from dashboard.claims.ledger import announce
from dashboard.claims.merge import lock_subjects
from dashboard.claims.rollup import contributions
from dashboard.claims.subjects import SUBJECTS

Connection = psycopg.Connection[tuple[Any, ...]]

_RECOUNT = "_recounted"


@dataclass(frozen=True)
class Difference:
    """A cube with cells that are not what the facts say: how many, and by how much in all."""

    cube: str
    cells: int
    cases: int


def reconcile(connection: Connection, setting: Setting, repair: bool = False) -> list[Difference]:
    """Compare every cube with a recount, and with ``repair`` replace the cells that differ.

    Loading waits meanwhile. Each source is recounted from its own facts: cells of tallies from the tallies a province
    sent, cells of cases from the cases.
    """
    lock_subjects(connection)
    for cube in CUBES:
        table = f"{cube.table}{_RECOUNT}"
        _run(connection, f"DROP TABLE IF EXISTS {table}")
        _run(connection, f"CREATE TEMP TABLE {table} (LIKE {cube.table} INCLUDING INDEXES) ON COMMIT DROP")
    # Facts stream in over a connection of their own: one that is still sending cannot take anything up.
    with psycopg.connect(connection.info.dsn, password=connection.info.password) as reading:
        for subject in SUBJECTS.values():
            if "province" in {field.name for field in subject.fields}:
                for block in cells.facts(reading, subject, subject.key):
                    ones = np.ones(len(next(iter(block.values()))), dtype=np.int64)
                    counted = cells.written(contributions(subject, block, ones, setting))
                    cells.add(connection, cells.stage(connection, counted, anew=True), _RECOUNT)
    found = [difference for cube in CUBES if (difference := _compare(connection, cube, repair))]
    _note(connection, found, repair)
    announce(connection)
    connection.commit()
    return found


def _note(connection: Connection, found: list[Difference], repair: bool) -> None:
    """Record the recount, so that pages can say when the rollups were last held against the facts."""
    connection.execute(
        "INSERT INTO reconciliations (cubes, differing, cells, cases, repaired) VALUES (%s, %s, %s, %s, %s)",
        (
            len(CUBES),
            [difference.cube for difference in found],
            sum(difference.cells for difference in found),
            sum(difference.cases for difference in found),
            repair and bool(found),
        ),
    )


def prune(connection: Connection, today: date) -> None:
    """Let cubes of limited memory forget the days before their horizon, once a week; loading waits meanwhile."""
    horizons: dict[str, date] = dict(connection.execute("SELECT cube, day FROM cube_horizons").fetchall())
    due = {cube: today - timedelta(days=cube.keep_days) for cube in CUBES if cube.keep_days}
    due = {cube: day for cube, day in due.items() if day - horizons[cube.table] >= timedelta(days=7)}
    if due:
        lock_subjects(connection)
        for cube, day in due.items():
            connection.execute(f"DELETE FROM {cube.table} WHERE {cube.time} < %s", (day,))
            connection.execute("UPDATE cube_horizons SET day = %s WHERE cube = %s", (day, cube.table))
    connection.commit()


def _compare(connection: Connection, cube: Cube, repair: bool) -> Difference | None:
    key = ", ".join(cube.key)
    _run(connection, "DROP TABLE IF EXISTS wrong")
    _run(
        connection,
        f"CREATE TEMP TABLE wrong AS SELECT {key}, coalesce(t.n, 0)::bigint AS right_n, coalesce(c.n, 0) AS had "
        f"FROM {cube.table}{_RECOUNT} t FULL JOIN {cube.table} c USING ({key}) "
        "WHERE coalesce(t.n, 0) <> coalesce(c.n, 0)",
    )
    counted = "SELECT count(*), coalesce(sum(abs(right_n - had)), 0)::bigint FROM wrong"
    differing, cases = _run(connection, counted).fetchall()[0]
    if not differing:
        return None
    if repair:
        _run(
            connection,
            f"INSERT INTO {cube.table} ({key}, n) SELECT {key}, right_n FROM wrong "
            f"ON CONFLICT ({key}) DO UPDATE SET n = excluded.n",
        )
    return Difference(cube.table, differing, cases)


def _run(connection: Connection, statement: str) -> psycopg.Cursor[tuple[Any, ...]]:
    # Generated from the declarations of this package, no values inside.
    return connection.execute(statement)
