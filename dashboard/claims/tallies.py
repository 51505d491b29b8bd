"""What tallies contribute to the cubes: counts a province sent instead of cases, told apart by their source."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.claims.cubes import COUNTED
from dashboard.claims.dimensions import Columns, Counted, Dimension, Ints, Setting, coded, count, month_starts


def tallies(columns: Columns, weights: Ints, setting: Setting) -> Iterator[Counted]:
    """The cells of tallies: counts a province sent instead of cases, told apart by their source."""
    n = columns["n"].to_numpy(zero_copy_only=False).astype(np.int64) * weights
    day = columns["day"].cast(pa.int32()).to_numpy(zero_copy_only=False).astype(np.int64)
    nothing = Dimension(np.zeros(len(n), dtype=np.int64), pa.array([""]))
    dimensions = {
        "day": Dimension(day),
        "month": Dimension(month_starts(day, setting.calendar)),
        **{name: coded(columns[name]) for name in ("province", "category", "channel", "outcome")},
        "reason": nothing,
        "timing": nothing,
    }
    kinds = coded(pc.binary_join_element_wise(columns["subject"], columns["milestone"], "\x1f"))
    assert kinds.labels is not None
    for place, label in enumerate(kinds.labels.to_pylist()):
        rows = np.flatnonzero(kinds.codes == place)
        subject, milestone = label.split("\x1f")
        fixed = {"subject": subject, "milestone": milestone, "source": "tally"}
        for cube in COUNTED:
            if cube.tallies and cube.counts(milestone):
                wanted = {name: dimensions[name].at(rows) for name in (cube.time, *cube.dimensions)}
                yield from count(cube, wanted, n[rows], fixed)
