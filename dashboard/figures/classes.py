"""Cutting values into classes for a map: as many provinces in each as round limits allow."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence


def class_limits(values: Sequence[float], classes: int = 5) -> list[float]:
    """The inner limits of at most ``classes`` classes over ``values``: quantiles, rounded to what is easily said.

    Each limit belongs to the class above it. Limits that rounding makes equal, or that would leave an end class empty,
    are dropped: few different values give few classes. The number of limits is one less than that of the classes.
    """
    ordered = sorted(values)
    if not ordered:
        return []
    spread = ordered[-1] - ordered[0]
    limits: list[float] = []
    for index in range(1, classes):
        at = index / classes * (len(ordered) - 1)
        low = ordered[math.floor(at)]
        quantile = low + (ordered[math.ceil(at)] - low) * (at - math.floor(at))
        limit = _round(quantile, spread)
        if ordered[0] < limit <= ordered[-1] and limit not in limits:
            limits.append(limit)
    return limits


def class_of(value: float, limits: Sequence[float]) -> int:
    """The class of a value, 0 the lowest."""
    return bisect_right(limits, value)


def _round(value: float, spread: float) -> float:
    """``value`` to about a twentieth of the spread: 1, 2 or 5 times a power of ten."""
    if spread <= 0:
        return value
    power = 10.0 ** math.floor(math.log10(spread / 20))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= spread / 20 * (1 - 1e-9))
    return round(round(value / step) * step, 10)
