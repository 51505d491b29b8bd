"""Parquet and XLSX: tables of typed cells, as columns of text."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from python_calamine import CalamineError, CalamineWorkbook, WorksheetNotFound, ZipError

from dashboard.intake.reasons import BrokenInput


@dataclass(frozen=True)
class Table:
    """Some rows of a table: the number each has there, its columns as strings in the order of the header.

    ``share`` says how much of the whole table has been handed out, 0 to 1.
    """

    rows: list[int]
    columns: list[pa.Array]
    share: float


def parquet(file: BinaryIO, name: str, rows: int) -> tuple[tuple[str, ...], Iterator[Table]]:
    """The columns of a Parquet file and its rows, read batch by batch and numbered from 1."""
    try:
        opened = pq.ParquetFile(file)
    except (pa.ArrowInvalid, OSError) as error:
        raise BrokenInput(name, 0, f"no Parquet file that can be read: {error}") from error
    return tuple(opened.schema_arrow.names), _batches(opened, name, rows)


def _batches(opened: pq.ParquetFile, name: str, rows: int) -> Iterator[Table]:
    total, done = max(1, opened.metadata.num_rows), 0
    try:
        for batch in opened.iter_batches(batch_size=rows):
            columns = [_as_text(column, field, name) for column, field in zip(batch.columns, batch.schema, strict=True)]
            numbers = list(range(done + 1, done + batch.num_rows + 1))
            done += batch.num_rows
            yield Table(numbers, columns, done / total)
    except (pa.ArrowInvalid, OSError) as error:
        raise BrokenInput(name, done + 1, f"the file is damaged from this row on: {error}") from error


def _as_text(column: pa.Array, field: pa.Field, name: str) -> pa.Array:
    """A column of cells as strings: numbers that are whole without fraction, moments in ISO 8601, lists with ``|``."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    kind = column.type
    try:
        if pa.types.is_list(kind) or pa.types.is_large_list(kind):
            return pc.binary_join(column.cast(pa.list_(pa.string())), "|")
        if pa.types.is_floating(kind):
            whole = pc.equal(pc.floor(column), column)
            if pc.all(pc.fill_null(whole, True)).as_py():
                return column.cast(pa.int64()).cast(pa.string())
        if pa.types.is_timestamp(kind):
            zone = "UTC" if kind.tz else None
            return column.cast(pa.timestamp("us", zone), safe=False).cast(pa.string())
        return column.cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise BrokenInput(name, 0, f"column {field.name!r} of type {kind} cannot be read: {error}") from error


def xlsx(file: BinaryIO, name: str, sheet: str, rows: int) -> tuple[tuple[str, ...], int, Iterator[Table]]:
    """The columns of a sheet (empty: the first), the row they stand in, and the rows below, numbered as in the sheet.

    A workbook is held in memory as a whole: a sheet has at most 1,048,576 rows.
    """
    try:
        book = CalamineWorkbook.from_filelike(file)
        found = book.get_sheet_by_name(sheet) if sheet else book.get_sheet_by_index(0)
    except WorksheetNotFound as error:
        raise BrokenInput(name, 0, f"there is no sheet {sheet!r}; there are {', '.join(book.sheet_names)}") from error
    except (CalamineError, ZipError, zipfile.BadZipFile) as error:
        raise BrokenInput(name, 0, f"no XLSX file that can be read: {error}") from error
    cells = enumerate(found.iter_rows(), start=1)
    for number, row in cells:
        if any(cell != "" for cell in row):
            header = tuple(_cell_text(cell) or "" for cell in row)
            return header, number, _rows(cells, len(header), rows, max(1, found.total_height))
    raise BrokenInput(name, 0, "the sheet is empty")


def _rows(cells: Iterator[tuple[int, list[Any]]], width: int, rows: int, total: int) -> Iterator[Table]:
    while taken := list(islice(cells, rows)):
        last = taken[-1][0]
        filled = [(number, row) for number, row in taken if any(cell != "" for cell in row)]
        columns = [pa.array([_cell_text(row[place]) for _, row in filled], pa.string()) for place in range(width)]
        yield Table([number for number, _ in filled], columns, last / total)


def _cell_text(cell: Any) -> str | None:
    match cell:
        case "":
            return None
        case str():
            return cell
        case bool():
            return "true" if cell else "false"
        case float():
            return str(int(cell)) if cell.is_integer() else repr(cell)
        case datetime():
            return cell.isoformat(" ")
        case date() | time():
            return cell.isoformat()
        case timedelta():
            return str(cell)
    return str(cell)
