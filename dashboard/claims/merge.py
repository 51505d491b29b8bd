"""Merging a chunk of validated records into facts and rollups, in one transaction that can be repeated harmlessly.

Steps: COPY into a staging table, in parallel with other loaders; then, one merge of a subject at a time (an advisory
lock: two loaders that bring the same new case at once would otherwise both count it as new), find what is newer than
the facts, count the old rows of those cases with -1 and the new ones with +1, write the facts, add the difference to
every cube and note which provinces were heard.

The rule between two versions of a record does not depend on their order: the later ``updated_at`` wins, at equal times
the greater content hash. Equal time and equal content is *unchanged*; equal time and different content is a *conflict*,
which is recorded whichever side wins.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, LiteralString, cast

import pandas as pd
import psycopg
import pyarrow as pa
from pyarrow import csv as arrow_csv

from dashboard.claims import rollup
from dashboard.claims.content import content_hashes, to_arrow
from dashboard.claims.cubes import CUBES
from dashboard.claims.subjects import AGGREGATES, SUBJECTS, Subject

_LOCKS = 726_173_100
"""Base of the advisory locks, one a fact table."""

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class Merged:
    """What became of the rows of a chunk: ``accepted + unchanged`` is their number."""

    accepted: int
    unchanged: int
    conflicts: int


def prepare(subject: Subject, frame: pd.DataFrame, reported: pd.DataFrame | None = None) -> memoryview:
    """The frame (columns as ``subject.columns``) as COPY reads it, with the hash of each record's content.

    ``reported`` is the frame as the province sent it, where the intake has added findings of its own since: two
    versions of a record are compared by what was sent.
    """
    names = [field.column for field in subject.columns]
    arrays = to_arrow(subject, frame)
    hashes = content_hashes(subject, arrays if reported is None else to_arrow(subject, reported))
    # Written without a zone, moments print ten times faster; loading sessions read them in UTC.
    plain = [array.cast(pa.timestamp("us")) if pa.types.is_timestamp(array.type) else array for array in arrays]
    table = pa.table([*plain, hashes], names=[*names, "content_hash"])
    out = io.BytesIO()
    arrow_csv.write_csv(table, out, arrow_csv.WriteOptions(include_header=False))
    return out.getbuffer()


def stage(connection: Connection, subject: Subject, rows: memoryview) -> None:
    """COPY prepared rows into the session's staging table of that subject, emptied by the next commit."""
    for statement in _statements(subject, "UTC").create:
        _run(connection, statement)
    names = ", ".join(field.column for field in subject.columns)
    copy = f"COPY stage_{subject.key} ({names}, content_hash) FROM STDIN (FORMAT csv)"
    with connection.cursor().copy(cast(LiteralString, copy)) as stream:
        stream.write(rows)


def merge(connection: Connection, subject: Subject, batch_id: int, time_zone: str) -> Merged:
    """Merge the staged rows. Runs inside the caller's transaction, which should commit soon: others wait for it."""
    do = _statements(subject, time_zone)
    lock(connection, subject)
    # Nothing is known of the temporary tables' values, and the planner would sort hundreds of thousands of texts where
    # hashing them takes a fifth of the time.
    connection.execute("SET LOCAL enable_sort = off")
    _run(connection, do.find_changed)
    _run(connection, f"ANALYZE changed_{subject.key} ({subject.identity[0]})")  # else the planner takes it for empty
    received, accepted, existed = _run(connection, do.count).fetchall()[0]
    conflicts = 0
    if existed or received > accepted:
        conflicts = _run(connection, do.conflicts, batch=batch_id).rowcount
    if existed:
        for statement in do.subtract:
            _run(connection, statement)
    if accepted:
        for statement in do.add:
            _run(connection, statement)
        if existed:
            _run(connection, do.update, batch=batch_id)
        if accepted > existed:
            _run(connection, do.insert, batch=batch_id)
        # Cells are looked up one by one by their key, however many a cube has by now.
        connection.execute("SET LOCAL enable_hashjoin = off")
        connection.execute("SET LOCAL enable_mergejoin = off")
        for statement in do.count_up:
            _run(connection, statement)
    return Merged(accepted, received - accepted, conflicts)


def lock(connection: Connection, subject: Subject) -> None:
    """Keep other merges of the subject waiting until the transaction ends. ``merge`` does so itself; who reads facts
    in order to change them does so before.
    """
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCKS + list(SUBJECTS).index(subject.key),))


def lock_subjects(connection: Connection) -> None:
    """Keep every merge waiting until the transaction ends; in the order of the locks, so that nobody waits in a ring."""
    for number in range(len(SUBJECTS)):
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCKS + number,))


def _run(connection: Connection, statement: str, **parameters: object) -> psycopg.Cursor[tuple[Any, ...]]:
    # Statements are generated from the declarations in this package; values are always bound.
    return connection.execute(cast(LiteralString, statement), parameters or None)


@dataclass(frozen=True)
class _Statements:
    create: tuple[str, ...]
    find_changed: str
    count: str
    conflicts: str
    subtract: tuple[str, ...]
    add: tuple[str, ...]
    update: str
    insert: str
    count_up: tuple[str, ...]


@lru_cache
def _statements(subject: Subject, time_zone: str) -> _Statements:
    facts, staged, changed = subject.key, f"stage_{subject.key}", f"changed_{subject.key}"
    columns = [field.column for field in subject.columns]
    listed = ", ".join([*columns, "content_hash"])
    key = ", ".join(subject.identity)
    staged_key = ", ".join(f"s.{name}" for name in subject.identity)
    one = subject.identity[0]
    same = " AND ".join(f"f.{name} = s.{name}" for name in subject.identity)
    empty = f"FROM {facts} WITH NO DATA"
    temporary = "CREATE TEMP TABLE IF NOT EXISTS"
    create = (
        f"{temporary} {staged} ON COMMIT DELETE ROWS AS SELECT {listed} {empty}",
        f"{temporary} {changed} ON COMMIT DELETE ROWS AS SELECT {listed}, false AS existed {empty}",
        rollup.create_events(),
    )
    find_changed = (
        f"INSERT INTO {changed} SELECT DISTINCT ON ({staged_key}) s.*, f.{one} IS NOT NULL "
        f"FROM {staged} s LEFT JOIN {facts} f ON {same} "
        f"WHERE f.{one} IS NULL OR (s.updated_at, s.content_hash) > (f.updated_at, f.content_hash) "
        f"ORDER BY {staged_key}, s.updated_at DESC, s.content_hash DESC"
    )
    count = f"SELECT (SELECT count(*) FROM {staged}), count(*), count(*) FILTER (WHERE existed) FROM {changed}"
    record = " || '|' || ".join(f"s.{name}::text" for name in subject.identity)
    versions = f"{key}, updated_at, content_hash"
    conflicts = (
        "INSERT INTO conflicts (batch_id, subject, record, updated_at, kept, other) "
        f"SELECT DISTINCT %(batch)s::bigint, '{facts}', {record}, s.updated_at, "
        f"greatest(s.content_hash, f.content_hash), least(s.content_hash, f.content_hash) FROM {staged} s JOIN "
        f"(SELECT {versions} FROM {facts} WHERE ({key}) IN (SELECT {key} FROM {staged}) "
        f"UNION ALL SELECT {versions} FROM {staged}) f "
        f"ON {same} AND f.updated_at = s.updated_at AND f.content_hash <> s.content_hash"
    )
    old = f"(SELECT f.* FROM {changed} s JOIN {facts} f ON {same} WHERE s.existed)"
    written = [*columns, "content_hash"]
    update = (
        f"UPDATE {facts} f SET {', '.join(f'{name} = s.{name}' for name in written)}, batch_id = %(batch)s "
        f"FROM {changed} s WHERE s.existed AND {same}"
    )
    insert = f"INSERT INTO {facts} ({listed}, batch_id) SELECT {listed}, %(batch)s FROM {changed} WHERE NOT existed"
    count_up: list[str] = []
    if "province" in columns:
        count_up += [rollup.add_events(cube) for cube in CUBES if subject is not AGGREGATES or cube.tallies]
        count_up.append(
            "INSERT INTO feeds AS f (province, subject, heard_at, updated_at) "
            f"SELECT province, '{facts}', clock_timestamp(), max(updated_at) FROM {changed} GROUP BY province "
            "ORDER BY province ON CONFLICT (province, subject) DO UPDATE "
            "SET heard_at = excluded.heard_at, updated_at = greatest(f.updated_at, excluded.updated_at)"
        )
    return _Statements(
        create=create,
        find_changed=find_changed,
        count=count,
        conflicts=conflicts,
        subtract=tuple(_contributions(subject, old, -1, time_zone)),
        add=tuple(_contributions(subject, changed, +1, time_zone)),
        update=update,
        insert=insert,
        count_up=tuple(count_up),
    )


def _contributions(subject: Subject, rows: str, sign: int, time_zone: str) -> list[str]:
    if subject is AGGREGATES:
        return [f"INSERT INTO events {rollup.select_tally_events(rows, sign)}"]
    return [
        f"INSERT INTO events {rollup.select_events(flow, rows, sign, time_zone)}"
        for flow in rollup.flows_of(subject.key)
    ]
