"""What is wrong with the rows of a chunk: the first reason found for each counts."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dashboard.intake.reasons import REASONS

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Finding:
    """A reason, the column it was found in, and the values of all rows of the chunk that its sentence quotes."""

    code: str
    column: str
    values: pa.Array | None
    details: pa.Array | str


@dataclass
class Findings:
    """The findings of a chunk of ``length`` rows, collected check by check."""

    length: int
    found: list[Finding] = field(default_factory=list)
    number: npt.NDArray[np.int64] = field(init=False)
    """For each row the place of its finding in ``found`` plus one; 0 for a sound row."""

    def __post_init__(self) -> None:
        self.number = np.zeros(self.length, dtype=np.int64)

    @property
    def sound(self) -> Mask:
        """The rows nothing was found against."""
        sound: Mask = self.number == 0
        return sound

    def add(
        self, code: str, rows: Mask, column: str = "", values: pa.Array | None = None, details: pa.Array | str = ""
    ) -> None:
        """Book ``code`` against those of ``rows`` that are still sound. KeyError for a code that is none."""
        fresh = rows & self.sound
        if fresh.any():
            self.found.append(Finding(REASONS[code].code, column, values, details))
            self.number[fresh] = len(self.found)

    def of(self, row: int) -> tuple[Finding, str, str]:
        """The finding against a row that is not sound, with its value and detail."""
        finding = self.found[self.number[row] - 1]
        value = "" if finding.values is None else finding.values[row].as_py() or ""
        detail = finding.details if isinstance(finding.details, str) else finding.details[row].as_py() or "—"
        return finding, value, detail
