"""One spelling for what people and systems write in many: letters, digits and invisible characters.

Everything read passes through here before it is compared or stored. Ids, keys, dates and codes are all there is, so
invisible characters are dropped altogether; nothing here is meant for running text.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_DIGITS: Final = {ord(c): str(i % 10) for i, c in enumerate("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩")}
_LETTERS: Final = {ord("ي"): "ی", ord("ى"): "ی", ord("ك"): "ک"}
_INVISIBLE: Final = dict.fromkeys(
    [
        0x00AD,  # soft hyphen
        0x0640,  # tatweel, which only stretches a word
        0x061C,  # Arabic letter mark
        *range(0x200B, 0x2010),  # zero-width space, ZWNJ, ZWJ, LRM, RLM
        *range(0x202A, 0x202F),  # embeddings and overrides of direction
        0x2060,  # word joiner
        *range(0x2066, 0x206A),  # isolates
        0xFEFF,  # byte order mark
    ]
)
_SPACES: Final = dict.fromkeys([0x00A0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " ")
_TABLE: Final = {**_DIGITS, **_LETTERS, **_INVISIBLE, **_SPACES}


def normalised(text: str) -> str:
    """``text`` in NFC with Persian ye and kaf, ASCII digits, ordinary spaces, nothing invisible, and trimmed."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFC", text).translate(_TABLE).strip()


def clean(column: pa.Array) -> pa.Array:
    """A column of strings normalised value by value; what is empty then becomes null."""
    if column.null_count == len(column):
        return column
    if pc.all(pc.string_is_ascii(column)).as_py():
        column = pc.ascii_trim_whitespace(column)
    else:
        column = by_unique(column, lambda values: [None if value is None else normalised(value) for value in values])
    empty = pc.equal(column, "")
    return pc.if_else(empty, pa.scalar(None, pa.string()), column) if pc.any(empty).as_py() else column


def by_unique(column: pa.Array, translate: Callable[[list[str | None]], Iterable[str | None]]) -> pa.Array:
    """``translate`` applied to the distinct values of a column of strings only."""
    encoded = column.dictionary_encode()
    return pa.array(translate(encoded.dictionary.to_pylist()), pa.string()).take(encoded.indices)


def absent(length: int) -> pa.Array:
    """A column of strings in which nothing stands."""
    return pa.nulls(length, pa.string())


def flags(column: pa.Array) -> npt.NDArray[np.bool_]:
    """A column of truth values as numpy, null as false."""
    return np.asarray(pc.fill_null(column, False).to_numpy(zero_copy_only=False), dtype=np.bool_)
