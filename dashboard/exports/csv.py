"""A panel's answer as CSV: opens in Excel by a double click, and reads back with ``comment="#"``.

The first row names the columns in the reader's language, the rows below hold plain numbers and ISO days. What the
figures are (title, filters, as-of time, definitions) follows in rows that begin with ``#``, so that a program which
skips comments finds nothing but the table.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from dashboard.exports.notes import notes
from dashboard.exports.taken import Taken
from dashboard.text.bidi import plain

_FORMULA = re.compile(r"(^|[;\t\r\n])([\s\x00-\x1f\u200b-\u200f\u2060-\u2069\ufeff]*)([=+\-@＝＋－﹣＠﹦﹢])")
"""Where a spreadsheet may begin to calculate: at the beginning of a cell, and behind what parts cells in the countries
whose comma is in their numbers, as in Viet Nam; whatever invisible stands before the sign. East Asian editions take the
wide signs for the same.
"""
_DOUBTFUL = r"(^|[^0-9A-Za-z])[=+\-@＝＋－﹣＠﹦﹢]|^[\t\r]"
"""Finds all that `_FORMULA` does, and more: no letter or digit parts cells or is invisible."""
_PIECE = 65_536
BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel reads UTF-8 as the computer's own encoding, and Persian as noise."""


def document(taken: Taken) -> bytes:
    """The file."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    table = taken.table()
    writer.writerow([safe(head.name) for head in table.heads])
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    writer.writerow([])
    writer.writerows(remarks(notes(taken)))
    return (BYTE_ORDER_MARK + out.getvalue()).encode()


def streamed(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """A file of any length, some rows at a time: texts are made `safe`, numbers stay numbers."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    out.write(BYTE_ORDER_MARK)
    writer.writerow([safe(plain(words)) for words in head])
    for row in rows:
        writer.writerow(
            ["" if cell is None else cell if isinstance(cell, int | float) else safe(str(cell)) for cell in row]
        )
        if out.tell() > _PIECE:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def lines(rows: Iterable[Sequence[Any]], end: str = "\n") -> bytes:
    """Rows as a part of a file: texts as they are given, so `safe` where they have to be."""
    out = io.StringIO()
    csv.writer(out, lineterminator=end).writerows(rows)
    return out.getvalue().encode()


def remarks(notes: Iterable[Sequence[str]]) -> Iterator[list[str]]:
    """What the figures are, as rows that begin with ``#``.

    A quoted cell would not begin with the sign, so the name holds nothing that needs quoting.
    """
    for name, *values in notes:
        title = safe(name).replace(", ", "/").replace(",", "\u202f")
        yield [f"# {title}", *map(safe, values)]


def block(table: pa.Table) -> bytes:
    """Rows as a part of a file, from columns: every text of them is `safe` already (`safe_column`)."""
    out = io.BytesIO()
    arrow_csv.write_csv(table, out, arrow_csv.WriteOptions(include_header=False))
    return out.getvalue()


def safe_column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """`safe` for a column of texts: only those are looked at closely in which a sign stands where it might begin."""
    doubtful = pc.match_substring_regex(column, _DOUBTFUL)
    if not pc.any(doubtful).as_py():
        return column
    return pa.chunked_array([pa.array([text and safe(text) for text in column.to_pylist()], pa.string())])


def safe(content: str) -> str:
    """Text that no spreadsheet takes for a formula (OWASP, CSV Injection): an apostrophe before the sign makes it text.

    One stands before a tab or a line's end as well, which some programs take away.
    """
    found = _FORMULA.sub(r"\1\2'\3", content)
    return f"'{found}" if found.startswith(("\t", "\r")) else found


def _cell(value: Any) -> Any:
    """Numbers as numbers, days as ISO, everything else as the words the reader knows."""
    if value is None:
        return ""
    if isinstance(value, date | datetime):
        return value.isoformat()
    return safe(value) if isinstance(value, str) else value
