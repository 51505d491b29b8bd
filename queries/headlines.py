"""The row a headline number is made of."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd


def headline(
    measure: str, value: float | None, compared: float | None, n: int, spark: Iterable[float] = ()
) -> pd.DataFrame:
    """One row: ``measure`` (the key of what ``value`` is), ``value``, ``compared`` (the same over the compared days,
    None when nothing is compared), ``n`` (what a rate rests on), ``spark`` (its course over the period).
    """
    row = {"measure": measure, "value": value, "compared": compared, "n": n, "spark": [float(point) for point in spark]}
    return pd.DataFrame([row])


def share(part: int, whole: int) -> float | None:
    """``part`` of ``whole``; ``None`` of nothing."""
    return part / whole if whole else None
