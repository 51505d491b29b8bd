"""What a reader hands over: some thousand records as columns of text, each with its line and its raw text."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa

from dashboard.intake.mapping import SourceMapping

Lines = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Broken:
    """A record that could not be taken apart: the line it starts on, its raw text (masked), why."""

    line: int
    raw: str
    code: str
    detail: str = ""


@dataclass(frozen=True)
class Layout:
    """How the raw text of a record is made up.

    ``form`` is ``delimited`` (one line of ``delimiter``-separated fields under ``header``) or ``object`` (a JSON object
    with the names of ``header``). ``sources`` says for each of our columns which places of the header it is read from,
    the first that is not empty winning. ``serials`` says that numbers in date columns are days since 1899-12-30.
    """

    form: Literal["delimited", "object"]
    header: tuple[str, ...]
    sources: Mapping[str, tuple[int, ...]]
    delimiter: str = ","
    serials: bool = False

    @property
    def heading(self) -> str:
        """The header as a line of the file: with raw records below it, a file that can be corrected and loaded.

        Empty for objects, which bring their names along.
        """
        if self.form == "object":
            return ""
        out = io.StringIO()
        csv.writer(out, delimiter=self.delimiter, lineterminator="").writerow(self.header)
        return out.getvalue()


class RawLines(Sequence[str]):
    """The raw text of records as slices of a block of UTF-8, decoded only when one is asked for."""

    def __init__(self, data: bytes, starts: Lines, ends: Lines) -> None:
        self._data, self._starts, self._ends = data, starts, ends

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, index):  # type: ignore[no-untyped-def]  # slices are never asked for
        return self._data[int(self._starts[index]) : int(self._ends[index])].decode()


class RawObjects(Sequence[str]):
    """The raw text of records that came as cells: a JSON object each, written only when one is asked for."""

    def __init__(self, header: Sequence[str], columns: Sequence[pa.Array]) -> None:
        self._header, self._columns = header, columns

    def __len__(self) -> int:
        return len(self._columns[0]) if self._columns else 0

    def __getitem__(self, index):  # type: ignore[no-untyped-def]  # slices are never asked for
        cells = {name: column[index].as_py() for name, column in zip(self._header, self._columns, strict=True)}
        return orjson.dumps({name: value for name, value in cells.items() if value is not None}).decode()


@dataclass(frozen=True)
class Chunk:
    """Records read together.

    ``lines`` holds the physical line each starts on (the row of a sheet, the number of a record in Parquet or JSON),
    ``raw`` its text as it came, ``columns`` our columns as arrow strings (absent: not in the source), ``broken`` what
    could not be taken apart, ``bytes_read`` how much of the file has been read so far, as it lies on the disk.
    """

    lines: Lines
    raw: Sequence[str]
    columns: Mapping[str, pa.Array]
    broken: Sequence[Broken]
    bytes_read: int
    layout: Layout
    mapping: SourceMapping

    @property
    def received(self) -> int:
        """Records in the chunk, broken ones among them."""
        return len(self.lines) + len(self.broken)
