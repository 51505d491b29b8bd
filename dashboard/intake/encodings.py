"""Which encoding a text is in, and the text as UTF-8 with the lines that are not in it set apart."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_TOLERATED: Final = 0.25
"""A text of which more lines than this share are not UTF-8 is in another encoding, rather than damaged."""

WIDE: Final = ("utf-16", "utf-32")
"""How the names of encodings begin in which the byte 10 is not always the end of a line."""

REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"


class UnknownEncoding(Exception):
    """No encoding fits; the message says what was tried."""


@dataclass(frozen=True)
class Utf8:
    """Lines as UTF-8; ``damaged`` says by place (0: the first line) what could not be decoded, escaped by backslashes.

    A damaged line is empty in ``data``.
    """

    data: bytes
    damaged: dict[int, str] = field(default_factory=dict)


def mark(sample: bytes) -> tuple[str, int]:
    """The encoding that a byte order mark, or the pattern of UTF-16 without one, gives away, and the mark's length."""
    for bom, encoding in _MARKS:
        if sample.startswith(bom):
            return encoding, len(bom)
    head = sample[:4096]
    if len(head) >= 4:
        even, odd = head[0::2].count(0) / len(head[0::2]), head[1::2].count(0) / len(head[1::2])
        if odd > 0.4 and even < 0.1:
            return "utf-16-le", 0
        if even > 0.4 and odd < 0.1:
            return "utf-16-be", 0
    return "", 0


def recognised(lines: bytes, named: str, legacy: Sequence[str]) -> str:
    """The encoding of whole lines, the header first: the one ``named``, else UTF-8, else a legacy one that fits.

    UnknownEncoding when the header, or more than a quarter of the lines, is in none of them.
    """
    for encoding in (named,) if named else ("utf-8", *legacy):
        decoded = to_utf8(lines, encoding)
        count = max(1, lines.count(b"\n"))
        if 0 not in decoded.damaged and len(decoded.damaged) <= _TOLERATED * count:
            return encoding
    tried = named or ", ".join(("UTF-8", "UTF-16", *legacy))
    raise UnknownEncoding(f"the text is not in {tried}; a mapping can name its encoding")


def to_utf8(lines: bytes, encoding: str) -> Utf8:
    """Whole lines in an encoding in which a line ends with the byte 10, as UTF-8."""
    try:
        text = lines.decode(encoding)
    except UnicodeDecodeError:
        return _line_by_line(lines, encoding)
    return Utf8(lines if encoding == "utf-8" else text.encode())


def from_wide(data: bytes) -> Utf8:
    """UTF-8 made of a wide encoding with REPLACEMENT for what was broken, its lines set apart."""
    if REPLACEMENT.encode() not in data:
        return Utf8(data)
    lines = data.decode().split("\n")
    damaged = {place: line.rstrip("\r") for place, line in enumerate(lines) if REPLACEMENT in line}
    return Utf8("\n".join("" if place in damaged else line for place, line in enumerate(lines)).encode(), damaged)


def _line_by_line(lines: bytes, encoding: str) -> Utf8:
    good: list[bytes] = []
    damaged: dict[int, str] = {}
    for place, line in enumerate(lines.split(b"\n")):
        try:
            good.append(line if line.isascii() else line.decode(encoding).encode())
        except UnicodeDecodeError:
            damaged[place] = line.rstrip(b"\r").decode(encoding, "backslashreplace")
            good.append(b"")
    return Utf8(b"\n".join(good), damaged)
