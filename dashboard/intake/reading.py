"""Reading a file of records, whatever its format, chunk by chunk in bounded memory."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Final

import numpy as np
import orjson
import pyarrow as pa

from dashboard.intake import delimited, encodings, objects, sheets
from dashboard.intake.chunk import Broken, Chunk, Layout, Lines, RawLines, RawObjects
from dashboard.intake.columns import missing, ours, resolve, wanted
from dashboard.intake.dialect import Dialect, sniffed
from dashboard.intake.lines import Block, blocks
from dashboard.intake.mapping import SourceMapping
from dashboard.intake.person import masked
from dashboard.intake.reasons import BrokenInput
from dashboard.intake.source import CutOff, Source
from dashboard.jurisdictions import Jurisdiction

CHUNK_ROWS: Final = 28_000
_LEVELS: Final = 50
"""How deep a rejected value of JSON is kept: what is read may be deeper than what can be written."""


def read(
    path: Path, mapping: SourceMapping, jurisdiction: Jurisdiction, chunk_rows: int = CHUNK_ROWS
) -> Iterator[Chunk]:
    """The records of a file: CSV, TSV, NDJSON, Parquet or XLSX, plain or gzip, told apart by their content.

    BrokenInput at once when the file cannot be read at all (empty, no header, unknown or missing columns, unknown
    encoding), and after the last whole record when it breaks off.
    """
    source = Source(path)
    head = _head(source)
    if head.startswith((b"PAR1", b"PK\x03\x04")):
        return _table(source, mapping, chunk_rows, parquet=head.startswith(b"PAR1"))
    text = blocks(source, mapping.encoding, jurisdiction.legacy_encodings, chunk_rows)
    if head.startswith(b"["):
        raise BrokenInput(str(path), 1, "a JSON array cannot be read piece by piece: write one object a line (NDJSON)")
    return (_ndjson if head.startswith(b"{") else _delimited)(source, text, mapping)


def from_objects(values: Sequence[Any], mapping: SourceMapping) -> Chunk:
    """The records of a JSON array, numbered from 1. What is no record is broken; nothing here raises.

    A `Broken` among the values is one that did not even become a value of JSON.
    """
    lines: list[int] = []
    found: list[dict[str, str | None]] = []
    broken: list[Broken] = []
    for line, value in enumerate(values, start=1):
        if isinstance(value, Broken):
            broken.append(value)
            continue
        try:
            found.append(objects.record(value, mapping))
            lines.append(line)
        except objects.BadObject as bad:
            written = orjson.dumps(_shallow(value)).decode()
            broken.append(Broken(line, masked(written), bad.code, bad.detail))
    layout = _object_layout(mapping)
    columns = objects.columns(found, layout.header)
    raw = RawObjects(layout.header, list(columns.values()))
    return _chunk(np.array(lines, dtype=np.int64), raw, columns, broken, 0, layout, mapping)


def _shallow(value: Any, levels: int = _LEVELS) -> Any:
    """A value of JSON without what lies deeper in it than anything that could be meant; it would not be written."""
    if not isinstance(value, dict | list):
        return value
    if levels == 0:
        return "…"
    if isinstance(value, list):
        return [_shallow(inner, levels - 1) for inner in value]
    return {name: _shallow(inner, levels - 1) for name, inner in value.items()}


def _head(source: Source) -> bytes:
    """The first bytes of the content, without byte order mark and the zeros of UTF-16."""
    try:
        head = next(source.pieces(), b"")[:4096]
    except CutOff as error:
        raise BrokenInput(str(source.path), 1, f"{error} before the first line") from error
    finally:
        source.bytes_read = 0
    length = encodings.mark(head)[1]
    return head[length:].replace(b"\0", b"").lstrip()


def _delimited(source: Source, text: Iterator[Block], mapping: SourceMapping) -> Iterator[Chunk]:
    file = str(source.path)
    first, names, line, delimiter = _header(file, text, mapping)
    sources = resolve(names, mapping, file, line)
    places = tuple(sorted({place for several in sources.values() for place in several}))
    layout = Layout("delimited", tuple(names), sources, delimiter)
    for block, records in delimited.all_records(chain([first], text), Dialect(delimiter, len(names), places)):
        if len(records.lines) or records.broken:
            raw = RawLines(block.data, records.starts, records.ends)
            yield _chunk(records.lines, raw, records.columns, records.broken, source.bytes_read, layout, mapping)


def _header(file: str, text: Iterator[Block], mapping: SourceMapping) -> tuple[Block, list[str], int, str]:
    """The lines below the header of a file, the names in it, its line and the delimiter."""
    known = [name for theirs in wanted(mapping).values() for name in theirs]
    delimiter = mapping.delimiter
    for block in text:
        offset = 0
        for place, line in enumerate(block.data.split(b"\n")):
            offset += len(line) + 1
            words = line.decode().rstrip("\r")
            if place in block.damaged:
                raise BrokenInput(file, block.first_line + place, "the header cannot be decoded; name the encoding")
            if re.fullmatch(r'"?sep=.?"?', words):  # a spreadsheet's note to itself
                delimiter = delimiter or words.strip('"')[4:]
                continue
            if not words.strip():
                continue
            delimiter = delimiter or sniffed(words, known)
            names = Dialect(delimiter).fields(words)
            if names is None:
                raise BrokenInput(file, block.first_line + place, "the quotes of the header do not close")
            return block.since(place + 1, offset), names, block.first_line + place, delimiter
    raise BrokenInput(file, 0, "the file holds nothing but empty lines")


def _ndjson(source: Source, text: Iterator[Block], mapping: SourceMapping) -> Iterator[Chunk]:
    layout = _object_layout(mapping)
    seen = False
    for block in text:
        found = objects.parsed(block, mapping, str(source.path))
        columns = objects.columns(found.values, layout.header)
        if not seen and found.values:
            seen = True
            _require(columns, layout, mapping, str(source.path), block.first_line)
        if found.values or found.broken:
            raw = RawLines(block.data, found.starts, found.ends)
            yield _chunk(found.lines, raw, columns, found.broken, source.bytes_read, layout, mapping)


def _table(source: Source, mapping: SourceMapping, rows: int, parquet: bool) -> Iterator[Chunk]:
    file = str(source.path)
    try:
        with source.seekable() as content:
            if parquet:
                names, tables = sheets.parquet(content, file, rows)
                line = 0
            else:
                names, line, tables = sheets.xlsx(content, file, mapping.sheet, rows)
            layout = Layout("object", names, resolve(names, mapping, file, line), serials=not parquet)
            places = {place for several in layout.sources.values() for place in several}
            for table in tables:
                lines = np.array(table.rows, dtype=np.int64)
                columns = {place: table.columns[place] for place in sorted(places)}
                done = round(source.size * table.share)
                yield _chunk(lines, RawObjects(names, table.columns), columns, [], done, layout, mapping)
    except CutOff as error:
        raise BrokenInput(file, 0, f"{error}; nothing of it can be read") from error


def _object_layout(mapping: SourceMapping) -> Layout:
    """Objects have no header: each brings what names it likes, and those asked for are looked up."""
    asked = wanted(mapping)
    header = tuple(dict.fromkeys(name for theirs in asked.values() for name in theirs))
    return Layout("object", header, {name: tuple(map(header.index, theirs)) for name, theirs in asked.items()})


def _require(columns: Mapping[int, pa.Array], layout: Layout, mapping: SourceMapping, file: str, line: int) -> None:
    """BrokenInput when a required column stands in no object at all."""
    for field in mapping.subject.fields:
        places = layout.sources.get(field.name, ())
        if field.required and places and all(columns[place].null_count == len(columns[place]) for place in places):
            raise BrokenInput(file, line, missing(field.name, mapping))


def _chunk(
    lines: Lines,
    raw: Sequence[str],
    columns: Mapping[int, pa.Array],
    broken: Sequence[Broken],
    bytes_read: int,
    layout: Layout,
    mapping: SourceMapping,
) -> Chunk:
    return Chunk(lines, raw, ours(columns, layout.sources, mapping), broken, bytes_read, layout, mapping)
