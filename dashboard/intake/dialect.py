"""How a line of delimited text is taken apart."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Dialect:
    """How lines are taken apart: at ``delimiter``, into ``width`` columns, of which those at ``places`` are wanted."""

    delimiter: str
    width: int = 0
    places: tuple[int, ...] = ()

    def fields(self, text: str) -> list[str] | None:
        """The fields of a text that is one whole record by itself, else ``None``."""
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter, strict=True))
        except csv.Error:
            return None
        return rows[0] if len(rows) == 1 else None


def sniffed(text: str, known: Sequence[str]) -> str:
    """The delimiter of a header line: that of ``, ; tab |`` which makes the most known names of it."""

    def score(delimiter: str) -> tuple[int, int]:
        names = Dialect(delimiter).fields(text) or []
        return sum(name.strip() in known for name in names), len(names)

    return max((",", ";", "\t", "|"), key=score)
