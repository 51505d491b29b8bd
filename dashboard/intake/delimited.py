"""CSV and TSV: blocks of lines taken apart into columns, exactly and fast.

Lines without quotes, or with quotes around whole fields only, are the rule: no two readers of CSV differ over them, and
they go through arrow's parser in one pass. The others go through the csv module. A quote that is not closed on its line
opens a field over several lines only if the lines together make one record of the right number of columns, within a
bound, and none of the lines it would swallow is a record by itself; else that one line is broken and reading goes on
with the next.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import compress
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import csv as arrow_csv

from dashboard.intake.chunk import Broken, Lines
from dashboard.intake.dialect import Dialect
from dashboard.intake.lines import Block
from dashboard.intake.person import masked

LOOK_AHEAD: Final = 100
"""Lines a quoted field may run over."""
LONGEST: Final = 64 << 10
"""Bytes a record may have; longer ones are no records, and the csv module's own limit lies above."""
_TELLING: Final = 3
"""From so many columns on, a line with the right number of them is taken for a record by itself."""

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Records:
    """The records of a block: where they lie in its bytes, their columns by place in the header, what was broken.

    ``lines`` are line numbers of the file, in order.
    """

    lines: Lines
    starts: Lines
    ends: Lines
    columns: dict[int, pa.Array]
    broken: list[Broken]


def split(block: Block, dialect: Dialect) -> tuple[Records, Block | None]:
    """The records of a block, and the lines at its end that may only be judged together with what follows them."""
    return _Splitting(block, dialect).result()


class _Splitting:
    """The work on one block: lines by place, each settled once as a record, part of one, broken or blank."""

    def __init__(self, block: Block, dialect: Dialect) -> None:
        self.block, self.dialect = block, dialect
        data = block.data
        self.bytes = np.frombuffer(data, dtype=np.uint8)
        breaks = np.flatnonzero(self.bytes == ord("\n"))
        if len(data) and (not len(breaks) or breaks[-1] != len(data) - 1):
            breaks = np.append(breaks, len(data))
        self.nexts = breaks + 1
        self.starts = np.concatenate(([0], self.nexts[:-1])).astype(np.int64) if len(breaks) else breaks
        returns = (breaks > self.starts) & (self.bytes[breaks - 1] == ord("\r")) if len(breaks) else breaks == 0
        self.ends = breaks - returns
        self.count = len(self.starts)
        self.open = np.ones(self.count, dtype=np.bool_)
        self.until = self.ends.copy()
        self.broken: list[Broken] = []
        self.places: list[Lines] = []
        self.rows: list[list[str]] = []

    def result(self) -> tuple[Records, Block | None]:
        carried = self._settle() if self.count else None
        rest = None
        if carried is not None:
            self.open[carried:] = False
            # What follows is looked at again, with the block it belongs to.
            self.broken = [broken for broken in self.broken if broken.line < self.block.first_line + carried]
            rest = self.block.since(carried, int(self.starts[carried]))
        plain = self._plain()
        columns = self._columns(plain)
        at = np.concatenate((plain, *self.places))
        if self.rows:
            sequence = np.argsort(at, kind="stable")
            at = at[sequence]
            columns = {place: column.take(pa.array(sequence)) for place, column in columns.items()}
        self.broken.sort(key=lambda broken: broken.line)
        lines = at + self.block.first_line
        return Records(lines, self.starts[at], self.until[at], columns, self.broken), rest

    def _settle(self) -> int | None:
        """Settle every line that is not plain. Returns the place of a line that needs what follows the block."""
        self.open &= self.ends > self.starts
        for place, raw in self.block.damaged.items():
            self._break(place, "undecodable", raw=raw)
        for place in _places(self.open & (self.ends - self.starts > LONGEST)):
            self._break(place, "line_too_long", str(LONGEST), self._text(place)[:1000])
        if b"\0" in self.block.data:
            for place in _places(self.open & (self._count_of("\0") > 0)):
                self._break(place, "nul_byte")
        quotes = self._count_of('"')
        carried = self._quoted(quotes, self.open & ~self._regular(quotes)) if quotes.any() else None
        if b"\r" in self.block.data:
            inside = self._count_of("\r") - (self.nexts - 1 - self.ends)
            for place in _places(self.open & (quotes == 0) & (inside > 0)):
                self._break(place, "stray_line_break")
        return carried

    def _regular(self, quotes: Lines) -> Mask:
        """The lines in which quotes stand in pairs around whole fields, and nowhere else."""
        at = np.flatnonzero(self.bytes == ord('"'))
        line = np.searchsorted(self.nexts, at, side="right")
        opening = (np.arange(len(at)) - (np.cumsum(quotes) - quotes)[line]) % 2 == 0
        delimiter = self.bytes == ord(self.dialect.delimiter)
        begins = (at == self.starts[line]) | delimiter[at - 1]
        finishes = (at + 1 == self.ends[line]) | delimiter[np.minimum(at + 1, len(delimiter) - 1)]
        regular: Mask = quotes % 2 == 0
        regular[line[~np.where(opening, begins, finishes)]] = False
        return regular

    def _quoted(self, quotes: Lines, irregular: Mask) -> int | None:
        """Settle the lines with irregular quotes, in order: runs at once where every line closes what it opens."""
        waiting = np.flatnonzero(irregular)
        even = quotes[waiting] % 2 == 0
        at = 0
        while at < len(waiting):
            if not self.open[waiting[at]]:
                at += 1
                continue
            run = at
            while run < len(waiting) and even[run] and self.open[waiting[run]]:
                run += 1
            at += self._whole(waiting[at:run])
            if at < len(waiting) and (at < run or not even[at]):
                if not self._one(int(waiting[at]), quotes):
                    return int(waiting[at])
                at += 1
        return None

    def _whole(self, places: Lines) -> int:
        """Take lines apart that each seem to be whole; returns how many were before the first that is not."""
        reader = csv.reader(map(self._text, places.tolist()), delimiter=self.dialect.delimiter, strict=True)
        rows: list[list[str]] = []
        with suppress(csv.Error):  # the line after the last one read is not whole; the caller looks at it alone
            for row in reader:
                if reader.line_num != len(rows) + 1:
                    break
                rows.append(row)
        self._settled(places[: len(rows)], rows)
        return len(rows)

    def _one(self, place: int, quotes: Lines) -> bool:
        """Settle a line that opens a quote, or has one where none may be. False when the block ends too early to."""
        text = self._text(place)
        alone = self.dialect.fields(text)
        if alone is not None:
            self._settled(np.array([place]), [alone])
            return True
        if not self._opens(text):
            self._break(place, "stray_quote")
            return True
        for last in range(place + 1, min(place + LOOK_AHEAD, self.count)):
            if self._ends_the_search(place, last, int(quotes[last])):
                break
            if quotes[last]:
                row = self.dialect.fields(self.block.data[self.starts[place] : self.ends[last]].decode())
                if row is not None and len(row) != self.dialect.width:
                    break
                if row is not None:
                    self.open[place + 1 : last + 1] = False
                    self.until[place] = self.ends[last]
                    self._settled(np.array([place]), [row])
                    return True
        else:
            if place + LOOK_AHEAD >= self.count and not self.block.last:
                return False
        self._break(place, "unclosed_quote")
        return True

    def _opens(self, text: str) -> bool:
        """Whether a line that is not whole would be, were its last quote closed."""
        return self.dialect.fields(text + '"') is not None

    def _ends_the_search(self, place: int, last: int, quotes: int) -> bool:
        """Whether the field opened at ``place`` cannot run on over the line ``last``: too far, broken, or a record."""
        blank = self.ends[last] == self.starts[last]
        if self.ends[last] - self.starts[place] > LONGEST or last in self.block.damaged:
            return True
        if not self.open[last] and not blank:
            return True
        if self.dialect.width < _TELLING or quotes % 2:
            return False
        fields = self.dialect.fields(self._text(last))
        return fields is not None and len(fields) == self.dialect.width

    def _settled(self, places: Lines, rows: list[list[str]]) -> None:
        """Book rows that were taken apart; those with a wrong number of columns are broken."""
        width = self.dialect.width
        if any(len(row) != width for row in rows):
            for place, row in zip(places.tolist(), rows, strict=True):
                if len(row) != width:
                    self._break(place, "wrong_column_count", f"{len(row)} ≠ {width}")
            fits = [len(row) == width for row in rows]
            places, rows = places[np.array(fits)], list(compress(rows, fits))
        self.open[places] = False
        self.places.append(places)
        self.rows.extend(rows)

    def _plain(self) -> Lines:
        """The places of the open lines with the right number of columns; the others are broken."""
        at = np.flatnonzero(self.bytes == ord(self.dialect.delimiter))
        quotes = np.flatnonzero(self.bytes == ord('"'))
        if len(quotes):
            line = np.searchsorted(self.nexts, at, side="right")
            before = np.searchsorted(quotes, at) - np.searchsorted(quotes, self.starts)[line]
            at = at[before % 2 == 0]
        delimiters = self._among(at)
        for place in _places(self.open & (delimiters != self.dialect.width - 1)):
            self._break(place, "wrong_column_count", f"{delimiters[place] + 1} ≠ {self.dialect.width}")
        return np.flatnonzero(self.open)

    def _columns(self, plain: Lines) -> dict[int, pa.Array]:
        """The wanted columns: of the plain lines first, then of those settled one by one."""
        parts: dict[int, list[pa.Array]] = {place: [] for place in self.dialect.places}
        if len(plain):
            data = self.block.data
            if len(plain) < self.count:
                kept = np.zeros(self.count, dtype=np.bool_)
                kept[plain] = True
                lengths = np.diff(np.append(self.starts, len(data)))
                data = self.bytes[np.repeat(kept, lengths)].tobytes()
            names = [str(place) for place in range(self.dialect.width)]
            table = arrow_csv.read_csv(
                pa.BufferReader(data),
                arrow_csv.ReadOptions(use_threads=False, column_names=names, block_size=len(data) + 1),
                arrow_csv.ParseOptions(
                    delimiter=self.dialect.delimiter, quote_char='"', double_quote=False, ignore_empty_lines=False
                ),
                arrow_csv.ConvertOptions(
                    check_utf8=False,
                    column_types=dict.fromkeys(names, pa.string()),
                    include_columns=[str(place) for place in self.dialect.places],
                ),
            )
            for place, column in zip(self.dialect.places, table.columns, strict=True):
                parts[place].extend(column.chunks)
        settled = list(zip(*self.rows, strict=True)) or [()] * self.dialect.width
        for place, arrays in parts.items():
            arrays.append(pa.array(settled[place], pa.string()))
        return {place: pa.concat_arrays(arrays) for place, arrays in parts.items()}

    def _count_of(self, character: str) -> Lines:
        """How often an ASCII character stands in each line."""
        return self._among(np.flatnonzero(self.bytes == ord(character)))

    def _among(self, positions: Lines) -> Lines:
        """How many of the positions, which ascend, lie in each line."""
        return np.diff(np.searchsorted(positions, self.nexts), prepend=0)

    def _text(self, place: int) -> str:
        return self.block.data[self.starts[place] : self.ends[place]].decode()

    def _break(self, place: int, code: str, detail: str = "", raw: str | None = None) -> None:
        text = masked(self._text(place) if raw is None else raw).replace("\0", "\\x00")
        self.open[place] = False
        self.broken.append(Broken(self.block.first_line + place, text, code, detail))


def _places(mask: Mask) -> list[int]:
    return [int(place) for place in np.flatnonzero(mask)]


def all_records(blocks: Iterator[Block], dialect: Dialect) -> Iterator[tuple[Block, Records]]:
    """The records of a file, block by block, a record never torn by the end of a block."""
    rest: Block | None = None
    for block in blocks:
        whole = block.after(rest) if rest is not None else block
        records, rest = split(whole, dialect)
        yield whole, records
