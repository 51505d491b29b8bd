"""Cells on their way into the cubes, and facts on their way out to be counted: columns over COPY in both directions."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any, Final

import psycopg
import pyarrow as pa
from pyarrow import csv as arrow_csv

from dashboard.claims.content import ARROW_TYPES
from dashboard.claims.cubes import Cube
from dashboard.claims.rollup import Cells
from dashboard.claims.subjects import Field, Subject

Connection = psycopg.Connection[tuple[Any, ...]]

_BLOCK: Final = 16 << 20
"""Bytes of facts taken apart together."""


Written = Mapping[Cube, memoryview]
"""Cells by cube, each as COPY reads them: half the room of columns, and the writing is done before the lock is held."""


def written(cells: Cells) -> Written:
    """Cells as COPY reads them."""
    return {cube: as_csv(table) for cube, table in cells.items()}


def add(connection: Connection, cells: Written, suffix: str = "") -> None:
    """Add cells to their cubes, or to tables of the same shape named with ``suffix``.

    MERGE and not INSERT … ON CONFLICT, which takes three times as long over cells that exist: nobody else writes the
    cells of a subject while its lock is held, so there is nothing to conflict with.
    """
    # Each cell is looked up by its key, however many the cube has: nothing is known of the values that came.
    for setting in ("enable_hashjoin", "enable_mergejoin"):
        _run(connection, f"SET LOCAL {setting} = off")
    for cube, rows in cells.items():
        key = ", ".join(cube.key)
        arriving = f"arriving_{cube.table}"
        _run(
            connection,
            f"CREATE TEMP TABLE IF NOT EXISTS {arriving} ON COMMIT DELETE ROWS AS SELECT {key}, n FROM {cube.table} "
            "WITH NO DATA",
        )
        if suffix:  # a recount adds many times before it commits
            _run(connection, f"TRUNCATE {arriving}")
        copy_in(connection, f"{arriving} ({key}, n)", rows)
        same = " AND ".join(f"c.{name} = d.{name}" for name in cube.key)
        values = ", ".join(f"d.{name}" for name in cube.key)
        _run(
            connection,
            f"MERGE INTO {cube.table}{suffix} c USING {arriving} d ON {same} "
            "WHEN MATCHED THEN UPDATE SET n = c.n + d.n "
            f"WHEN NOT MATCHED THEN INSERT ({key}, n) VALUES ({values}, d.n)",
        )


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
    reading = arrow_csv.ReadOptions(column_names=list(types))
    converting = arrow_csv.ConvertOptions(
        column_types=types,
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
        true_values=["t"],
        false_values=["f"],
    )
    block = bytearray()

    def parsed() -> Mapping[str, pa.Array]:
        table = arrow_csv.read_csv(pa.BufferReader(bytes(block)), reading, convert_options=converting)
        return {name: table[name].combine_chunks() for name in table.column_names}

    with connection.cursor().copy(statement) as stream:
        for piece in stream:
            block += piece
            if len(block) >= _BLOCK:
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
