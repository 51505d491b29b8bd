"""Cells on their way into the cubes, and facts on their way out to be counted: columns over COPY in both directions."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import psycopg
import pyarrow as pa
from pyarrow import csv as arrow_csv

from dashboard.claims.content import ARROW_TYPES
from dashboard.claims.cubes import Cube
from dashboard.claims.lookup import DENSE, at_once, by_key
from dashboard.claims.rollup import Cells
from dashboard.claims.subjects import Field, Subject

Connection = psycopg.Connection[tuple[Any, ...]]

_BLOCK: Final = 16 << 20
"""Bytes of facts taken apart together."""


Written = Mapping[Cube, memoryview]
"""Cells by cube, each as COPY reads them: half the room of columns, and the writing is done before the lock is held."""


def written(cells: Cells) -> Written:
    """Cells as COPY reads them; they are taken out of ``cells`` one by one, never all of them held in both ways."""
    return {cube: as_csv(cells.pop(cube)) for cube in tuple(cells)}


def stage(connection: Connection, cells: Written, anew: bool = False) -> tuple[Cube, ...]:
    """COPY cells into the session's staging tables, emptied by the next commit; the cubes that they are of.

    With ``anew`` in place of what was staged before in the same transaction.
    """
    for cube, rows in cells.items():
        key = ", ".join(cube.key)
        _run(
            connection,
            f"CREATE TEMP TABLE IF NOT EXISTS {_staged(cube)} ON COMMIT DELETE ROWS AS SELECT {key}, n "
            f"FROM {cube.table} WITH NO DATA",
        )
        if anew:
            _run(connection, f"TRUNCATE {_staged(cube)}")
        copy_in(connection, f"{_staged(cube)} ({key}, n)", rows)
    return tuple(cells)


def add(connection: Connection, cubes: Iterable[Cube], suffix: str = "") -> None:
    """Add the staged cells of ``cubes`` to their cubes, or to tables of the same shape named with ``suffix``.

    MERGE and not INSERT … ON CONFLICT, which takes three times as long over cells that exist: nobody else writes the
    cells of a subject while its lock is held, so there is nothing to conflict with.
    """
    for cube in cubes:
        table, staged = f"{cube.table}{suffix}", _staged(cube)
        key = ", ".join(cube.key)
        same = " AND ".join(f"c.{name} = d.{name}" for name in cube.key)
        values = ", ".join(f"d.{name}" for name in cube.key)
        sizes = f"SELECT pg_relation_size('{staged}') * {DENSE} > pg_relation_size('{table}')"
        dense = connection.execute(sizes).fetchall()[0][0]
        with at_once(connection) if dense else by_key(connection):
            _run(
                connection,
                f"MERGE INTO {table} c USING {staged} d ON {same} "
                "WHEN MATCHED THEN UPDATE SET n = c.n + d.n "
                f"WHEN NOT MATCHED THEN INSERT ({key}, n) VALUES ({values}, d.n)",
            )


def _staged(cube: Cube) -> str:
    return f"arriving_{cube.table}"


def copy_in(connection: Connection, target: str, rows: memoryview) -> None:
    """COPY rows into ``target`` (a table and its columns). Empty texts stay texts; only nulls are NULL."""
    with connection.cursor().copy(f"COPY {target} FROM STDIN (FORMAT csv)") as stream:
        stream.write(rows)


def as_csv(table: pa.Table) -> memoryview:
    """A table as COPY reads it; moments without their zone, which loading sessions read in UTC."""
    # With a zone, moments print ten times more slowly.
    plain = [
        column.cast(pa.timestamp("us")) if pa.types.is_timestamp(column.type) else column for column in table.columns
    ]
    out = io.BytesIO()
    options = arrow_csv.WriteOptions(include_header=False)
    arrow_csv.write_csv(pa.table(plain, names=table.column_names), out, options)
    return out.getbuffer()


def facts(connection: Connection, subject: Subject, rows: str) -> Iterator[Mapping[str, pa.Array]]:
    """The facts that the relation ``rows`` holds, block by block, as columns by the names of ``subject.columns``."""
    columns = ", ".join(_plain(field) for field in subject.columns)
    statement = f"COPY (SELECT {columns} FROM {rows} f) TO STDOUT (FORMAT csv)"
    types = {field.column: _UTC.get(field.kind, ARROW_TYPES[field.kind]) for field in subject.columns}
    with connection.cursor().copy(statement) as stream:
        for table in tables(stream, types):
            yield {name: table[name].combine_chunks() for name in table.column_names}


def tables(
    stream: Iterable[Any], types: Mapping[str, pa.DataType], size: int = _BLOCK, broken: bool = False
) -> Iterator[pa.Table]:
    """What COPY … TO STDOUT (FORMAT csv) sends, as tables of some ``size`` bytes each, of columns by name.

    ``broken``: values may hold line ends, which takes longer.
    """
    reading = arrow_csv.ReadOptions(column_names=list(types))
    converting = arrow_csv.ConvertOptions(
        column_types=types,
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
        true_values=["t"],
        false_values=["f"],
    )
    parsing = arrow_csv.ParseOptions(newlines_in_values=broken)
    block = bytearray()

    def parsed() -> pa.Table:
        return arrow_csv.read_csv(pa.BufferReader(bytes(block)), reading, parsing, converting)

    for piece in stream:
        block += piece
        if len(block) >= size:
            yield parsed()
            block.clear()
    if block:
        yield parsed()


_UTC = {"moment": pa.timestamp("us")}


def _plain(field: Field) -> str:
    return f"f.{field.column} AT TIME ZONE 'UTC'" if field.kind == "moment" else f"f.{field.column}"


def _run(connection: Connection, statement: str) -> None:
    # Generated from the declarations of this package, no values inside.
    connection.execute(statement)
