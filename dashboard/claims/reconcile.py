"""Recounting the rollups from the facts: reports every cell that differs, and puts them right on request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, LiteralString, cast

import psycopg

from dashboard.claims import rollup
from dashboard.claims.cubes import CUBES, Cube
from dashboard.claims.flows import FLOWS
from dashboard.claims.ledger import announce
from dashboard.claims.merge import lock_subjects

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class Difference:
    """A cube with cells that are not what the facts say: how many, and by how much in all."""

    cube: str
    cells: int
    cases: int


def reconcile(connection: Connection, time_zone: str, repair: bool = False) -> list[Difference]:
    """Compare every cube with a recount, and with ``repair`` replace the cells that differ.

    Loading waits meanwhile. Each source is recounted from its own facts: cells of tallies from the tallies a province
    sent, cells of cases from the cases.
    """
    lock_subjects(connection)
    _run(connection, rollup.create_events())
    _run(connection, "TRUNCATE events")
    for flow in FLOWS.values():
        _run(connection, f"INSERT INTO events {rollup.select_events(flow, flow.table, 1, time_zone)}")
    _run(connection, f"INSERT INTO events {rollup.select_tally_events('aggregates', 1)}")
    _run(connection, "ANALYZE events")
    found = [difference for cube in CUBES if (difference := _compare(connection, cube, repair))]
    if repair and found:
        announce(connection)
    connection.commit()
    return found


def _compare(connection: Connection, cube: Cube, repair: bool) -> Difference | None:
    key = ", ".join(cube.key)
    _run(connection, "DROP TABLE IF EXISTS wrong")
    _run(
        connection,
        f"CREATE TEMP TABLE wrong AS SELECT {key}, coalesce(t.n, 0)::bigint AS right_n, coalesce(c.n, 0) AS had "
        f"FROM ({rollup.count_events(cube, 'events')}) t FULL JOIN {cube.table} c USING ({key}) "
        "WHERE coalesce(t.n, 0) <> coalesce(c.n, 0)",
    )
    cells, cases = _run(connection, "SELECT count(*), coalesce(sum(abs(right_n - had)), 0)::bigint FROM wrong").fetchall()[0]
    if not cells:
        return None
    if repair:
        _run(
            connection,
            f"INSERT INTO {cube.table} ({key}, n) SELECT {key}, right_n FROM wrong ORDER BY {key} "
            f"ON CONFLICT ({key}) DO UPDATE SET n = excluded.n",
        )
    return Difference(cube.table, cells, cases)


def _run(connection: Connection, statement: str) -> psycopg.Cursor[tuple[Any, ...]]:
    # Generated from the declarations of this package, no values inside.
    return connection.execute(cast(LiteralString, statement))
