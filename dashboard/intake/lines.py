"""A text file as blocks of whole lines in UTF-8, numbered as they lie in the file. Memory is bounded by the block."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from dashboard.intake import encodings
from dashboard.intake.reasons import BrokenInput
from dashboard.intake.source import CutOff, Source

LARGEST_BLOCK: Final = 32 << 20
_NEWLINE: Final = 10


@dataclass(frozen=True)
class Block:
    """Lines with their ends, a line feed alone or after a carriage return; the very last of a file may lack it.

    ``first_line`` numbers the first of them; ``damaged`` says by place in the block what could not be decoded (such a
    line is empty in ``data``). ``last`` says that nothing follows.
    """

    data: bytes
    first_line: int
    damaged: dict[int, str]
    last: bool

    def after(self, earlier: Block) -> Block:
        """This block with the lines of an earlier one, directly before it, put in front."""
        shift = self.first_line - earlier.first_line
        damaged = earlier.damaged | {place + shift: text for place, text in self.damaged.items()}
        return Block(earlier.data + self.data, earlier.first_line, damaged, self.last)

    def since(self, place: int, offset: int) -> Block:
        """The lines from ``place`` on, which begins at byte ``offset``."""
        damaged = {at - place: text for at, text in self.damaged.items() if at >= place}
        return Block(self.data[offset:], self.first_line + place, damaged, self.last)


def blocks(source: Source, encoding: str, legacy: Sequence[str], rows: int) -> Iterator[Block]:
    """The lines of a text file, ``rows`` at a time.

    ``encoding`` is the one the mapping names (empty: recognised, UTF-8 and UTF-16 before ``legacy``). BrokenInput when
    none fits, when a line has no end, and, after all whole lines have been handed out, when the file breaks off.
    """
    file, line = str(source.path), 1
    try:
        pieces = _Pieces(source, encoding)
        for data, last in _whole_lines(pieces, rows):
            if not pieces.encoding:
                pieces.encoding = encodings.recognised(data, "", legacy)
            elif line == 1 and not pieces.wide:
                encodings.recognised(data, pieces.encoding, ())
            text = encodings.from_wide(data) if pieces.wide else encodings.to_utf8(data, pieces.encoding)
            yield Block(text.data, line, text.damaged, last)
            line += data.count(b"\n")
    except encodings.UnknownEncoding as error:
        raise BrokenInput(file, 1, str(error)) from error
    except _EndlessLine as error:
        raise BrokenInput(file, line, "the line has no end: this is not a text file of records") from error
    except CutOff as error:
        raise BrokenInput(file, line, f"{error} in this line; the lines before it have been read") from error


class _EndlessLine(Exception):
    """A line that fills a whole block."""


class _Pieces:
    """The pieces of a source without byte order mark; wide encodings as UTF-8, carriage returns alone as line feeds."""

    def __init__(self, source: Source, encoding: str) -> None:
        self._raw = source.pieces()
        self._cut: CutOff | None = None
        self._first = self._next()
        found, length = encodings.mark(self._first)
        self.encoding = found or encoding
        self._first = self._first[length:]
        self.wide = self.encoding.startswith(encodings.WIDE)
        self._decoder = codecs.getincrementaldecoder(self.encoding)("replace") if self.wide else None
        self._returns_only = False

    def __iter__(self) -> Iterator[bytes]:
        piece, first = self._first, True
        while piece or first:
            text = self._narrow(piece, final=False)
            if first:
                self._returns_only = b"\r" in text and b"\n" not in text
                first = False
            yield text.replace(b"\r", b"\n") if self._returns_only else text
            piece = self._next()
        if self._cut is not None:
            raise self._cut
        yield self._narrow(b"", final=True)

    def _next(self) -> bytes:
        try:
            return next(self._raw, b"")
        except CutOff as cut:
            self._cut = cut
            return b""

    def _narrow(self, piece: bytes, final: bool) -> bytes:
        return self._decoder.decode(piece, final).encode() if self._decoder else piece


def _whole_lines(pieces: _Pieces, rows: int) -> Iterator[tuple[bytes, bool]]:
    """Bytes of ``rows`` lines at a time (fewer when they are very long), and whether they are the last."""
    held: list[bytes] = []
    lines = size = 0
    try:
        for piece in pieces:
            held.append(piece)
            lines += piece.count(b"\n")
            size += len(piece)
            if lines < rows and size <= LARGEST_BLOCK:
                continue
            data, start = b"".join(held), 0
            ends = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == _NEWLINE) + 1
            cuts = ends[rows - 1 :: rows]
            if size > LARGEST_BLOCK and not len(cuts):
                if not len(ends):
                    raise _EndlessLine
                cuts = ends[-1:]
            for cut in cuts:
                yield data[start:cut], False
                start = int(cut)
            held = [data[start:]]
            lines, size = held[0].count(b"\n"), len(held[0])
    except CutOff:
        data = b"".join(held)
        yield data[: data.rfind(b"\n") + 1], True
        raise
    yield b"".join(held), True
