"""Merging a chunk of validated records into facts and rollups, in one transaction that can be repeated harmlessly.

Steps: COPY into staging tables, in parallel with other loaders; then, one merge of a subject at a time (an advisory
lock: two loaders that bring the same new case at once would otherwise both count it as new), find what is newer than
the facts, count the old rows of those cases with -1 and the new ones with +1, write the facts, add the difference to
every cube and note which provinces were heard.

The rule between two versions of a record does not depend on their order: the later ``updated_at`` wins, at equal times
the greater content hash. Equal time and equal content is *unchanged*; equal time and different content is a *conflict*,
which is recorded whichever side wins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import psycopg
import pyarrow as pa

from dashboard.claims import cells
from dashboard.claims.content import content_hashes, to_arrow
from dashboard.claims.cubes import Cube
from dashboard.claims.dimensions import Setting
from dashboard.claims.lookup import by_key
from dashboard.claims.rollup import contributions
from dashboard.claims.subjects import SUBJECTS, Subject

_LOCKS = 726_173_100
"""Base of the advisory locks, one a fact table."""

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class Merged:
    """What became of the rows of a chunk: ``accepted + unchanged`` is their number."""

    accepted: int
    unchanged: int
    conflicts: int


@dataclass(frozen=True)
class Prepared:
    """A chunk ready to be merged: its rows as COPY reads them, and the cells they add if all of them are new."""

    rows: memoryview
    cells: cells.Written


@dataclass(frozen=True)
class Staged:
    """A chunk that waits in its session. ``cubes`` are those whose cells wait with it; ``None``: no cells do."""

    cubes: tuple[Cube, ...] | None = None


def prepare(subject: Subject, frame: pd.DataFrame, setting: Setting, reported: pd.DataFrame | None = None) -> Prepared:
    """Get a frame (columns as ``subject.columns``) ready, away from the database.

    ``reported`` is the frame as the province sent it, where the intake has added findings of its own since: two
    versions of a record are compared by the hash of what was sent.
    """
    arrays = to_arrow(subject, frame)
    hashes = content_hashes(subject, arrays if reported is None else to_arrow(subject, reported))
    names = [field.column for field in subject.columns]
    table = pa.table([*arrays, hashes], names=[*names, "content_hash"])
    ones = np.ones(len(frame), dtype=np.int64)
    found = contributions(subject, dict(zip(names, arrays, strict=True)), ones, setting)
    return Prepared(cells.as_csv(table), cells.written(found))


def stage(connection: Connection, subject: Subject, prepared: Prepared) -> Staged:
    """COPY what is prepared into the session's staging tables, emptied by the next commit.

    Everything that can be done before the lock is done here, in parallel with the merges of others. Cells are left out
    where a record is known already: then they are not what the records add.
    """
    copy(connection, subject, prepared.rows)
    with by_key(connection):
        known = _run(connection, _statements(subject).known).fetchall()[0][0]
    return Staged() if known else Staged(cells.stage(connection, prepared.cells))


def copy(connection: Connection, subject: Subject, rows: memoryview) -> None:
    """COPY rows (the subject's columns and ``content_hash``) into the session's staging table of that subject."""
    for statement in _statements(subject).create:
        _run(connection, statement)
    names = ", ".join(field.column for field in subject.columns)
    cells.copy_in(connection, f"stage_{subject.key} ({names}, content_hash)", rows)


def merge(connection: Connection, subject: Subject, batch_id: int, staged: Staged, setting: Setting) -> Merged:
    """Merge the staged rows. Runs inside the caller's transaction, which should commit soon: others wait for it."""
    do = _statements(subject)
    lock(connection, subject)
    with by_key(connection):
        _run(connection, do.find_changed)
    _run(connection, f"ANALYZE changed_{subject.key} ({subject.identity[0]})")  # else the planner takes it for empty
    received, accepted, existed = _run(connection, do.count).fetchall()[0]
    conflicts = 0
    if existed or received > accepted:
        conflicts = _run(connection, do.conflicts, batch=batch_id).rowcount
    if accepted:
        cubes = staged.cubes
        if cubes is None or existed or received > accepted:
            difference = _difference(connection, subject, setting)
            cubes = cells.stage(connection, difference, anew=cubes is not None)
        if existed:
            with by_key(connection):
                _run(connection, do.update, batch=batch_id)
        if accepted > existed:
            _run(connection, do.insert, batch=batch_id)
        cells.add(connection, cubes)
        if do.heard:
            _run(connection, do.heard)
    return Merged(accepted, received - accepted, conflicts)


def _difference(connection: Connection, subject: Subject, setting: Setting) -> cells.Written:
    """What the changed rows add to the cubes: their new contributions less those of the facts they replace."""
    changed = f"changed_{subject.key}"
    same = " AND ".join(f"o.{name} = s.{name}" for name in subject.identity)
    old = f"(SELECT o.* FROM {changed} s JOIN {subject.key} o ON {same} WHERE s.existed)"
    blocks: list[Mapping[str, pa.Array]] = []
    weights: list[np.ndarray[Any, np.dtype[np.int64]]] = []
    with by_key(connection):
        for rows, sign in ((old, -1), (changed, 1)):
            for block in cells.facts(connection, subject, rows):
                blocks.append(block)
                weights.append(np.full(len(next(iter(block.values()))), sign, dtype=np.int64))
    columns = {name: pa.concat_arrays([block[name] for block in blocks]) for name in blocks[0]}
    return cells.written(contributions(subject, columns, np.concatenate(weights), setting))


def lock(connection: Connection, subject: Subject) -> None:
    """Keep other merges of the subject waiting until the transaction ends. ``merge`` does so itself; who reads facts
    in order to change them does so before.
    """
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCKS + list(SUBJECTS).index(subject.key),))


def lock_subjects(connection: Connection) -> None:
    """Keep every merge waiting until the transaction ends; in the order of the locks, lest some wait in a ring."""
    for number in range(len(SUBJECTS)):
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCKS + number,))


def _run(connection: Connection, statement: str, **parameters: object) -> psycopg.Cursor[tuple[Any, ...]]:
    # Statements are generated from the declarations in this package; values are always bound.
    return connection.execute(statement, parameters or None)


@dataclass(frozen=True)
class _Statements:
    create: tuple[str, ...]
    known: str
    find_changed: str
    count: str
    conflicts: str
    update: str
    insert: str
    heard: str


@lru_cache
def _statements(subject: Subject) -> _Statements:
    facts, staged, changed = subject.key, f"stage_{subject.key}", f"changed_{subject.key}"
    columns = [field.column for field in subject.columns]
    written = [*columns, "content_hash"]
    listed = ", ".join(written)
    key = ", ".join(subject.identity)
    staged_key = ", ".join(f"s.{name}" for name in subject.identity)
    one = subject.identity[0]
    same = " AND ".join(f"f.{name} = s.{name}" for name in subject.identity)
    empty = f"FROM {facts} WITH NO DATA"
    temporary = "CREATE TEMP TABLE IF NOT EXISTS"
    record = " || '|' || ".join(f"s.{name}::text" for name in subject.identity)
    versions = f"{key}, updated_at, content_hash"
    return _Statements(
        create=(
            f"{temporary} {staged} ON COMMIT DELETE ROWS AS SELECT {listed} {empty}",
            f"{temporary} {changed} ON COMMIT DELETE ROWS AS SELECT {listed}, false AS existed {empty}",
        ),
        known=f"SELECT EXISTS (SELECT FROM {staged} s JOIN {facts} f ON {same})",
        find_changed=(
            f"INSERT INTO {changed} SELECT DISTINCT ON ({staged_key}) s.*, f.{one} IS NOT NULL "
            f"FROM {staged} s LEFT JOIN {facts} f ON {same} "
            f"WHERE f.{one} IS NULL OR (s.updated_at, s.content_hash) > (f.updated_at, f.content_hash) "
            f"ORDER BY {staged_key}, s.updated_at DESC, s.content_hash DESC"
        ),
        count=f"SELECT (SELECT count(*) FROM {staged}), count(*), count(*) FILTER (WHERE existed) FROM {changed}",
        conflicts=(
            "INSERT INTO conflicts (batch_id, subject, record, updated_at, kept, other) "
            f"SELECT DISTINCT %(batch)s::bigint, '{facts}', {record}, s.updated_at, "
            f"greatest(s.content_hash, f.content_hash), least(s.content_hash, f.content_hash) FROM {staged} s JOIN "
            f"(SELECT {versions} FROM {facts} WHERE ({key}) IN (SELECT {key} FROM {staged}) "
            f"UNION ALL SELECT {versions} FROM {staged}) f "
            f"ON {same} AND f.updated_at = s.updated_at AND f.content_hash <> s.content_hash"
        ),
        update=(
            f"UPDATE {facts} f SET {', '.join(f'{name} = s.{name}' for name in written)}, batch_id = %(batch)s "
            f"FROM {changed} s WHERE s.existed AND {same}"
        ),
        insert=f"INSERT INTO {facts} ({listed}, batch_id) SELECT {listed}, %(batch)s FROM {changed} WHERE NOT existed",
        heard=(
            "INSERT INTO feeds AS f (province, subject, heard_at, updated_at) "
            f"SELECT province, '{facts}', clock_timestamp(), max(updated_at) FROM {changed} GROUP BY province "
            "ORDER BY province ON CONFLICT (province, subject) DO UPDATE "
            "SET heard_at = excluded.heard_at, updated_at = greatest(f.updated_at, excluded.updated_at)"
            if "province" in columns
            else ""
        ),
    )
