"""Days sorted into stretches over which a jurisdiction's rules stay the same, so that each is asked about only once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

Days = npt.NDArray[np.datetime64]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Eras:
    """Stretches of days. ``days`` holds one day of each, in order."""

    bounds: Days
    days: tuple[date, ...]

    def of(self, days: Days) -> Places:
        """The place of the era of each day (``datetime64[D]``); NaT lands in the last."""
        return np.searchsorted(self.bounds, days, side="right").astype(np.int64)


def eras(validities: Iterable[tuple[date | None, date | None]]) -> Eras:
    """The eras that validities (first and last day, both included, open where ``None``) divide time into."""
    changes = {start for start, _ in validities if start} | {end + timedelta(days=1) for _, end in validities if end}
    bounds = sorted(changes)
    before = bounds[0] - timedelta(days=1) if bounds else date(2000, 1, 1)
    return Eras(np.array(bounds, dtype="datetime64[D]"), (before, *bounds))
