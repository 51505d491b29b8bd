"""What chance explains: exact binomial tails and limits, and what many comparisons at once ask for.

After D. J. Spiegelhalter, "Funnel plots for comparing institutional performance", Statistics in Medicine 24 (2005),
1185-1202, doi:10.1002/sim.1970. Its exact limits are quantiles of the binomial distribution, interpolated between whole
cases; here the upper one is the lower one of the cases that are not counted, so that on neither side more than the tail
lies outside.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, sqrt

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_LEAST = 10
"""Of fewer numbers than this, nothing is said of how they vary."""
_PULLED_IN = 0.1
_REACH = 12.0
"""Standard deviations on either side of the mean beyond which no probability is worth a summand (under 1e-30)."""


@dataclass(frozen=True)
class Binomial:
    """How many of ``n`` cases are counted when each is with probability ``share``, by chance alone."""

    n: int
    share: float

    @property
    def deviation(self) -> float:
        """The standard deviation of the number counted."""
        return sqrt(self.n * self.share * (1 - self.share))

    def at_most(self, k: int) -> float:
        """The probability of ``k`` or fewer."""
        first, chances = self._chances()
        return float(chances[: max(k - first + 1, 0)].sum())

    def at_least(self, k: int) -> float:
        """The probability of ``k`` or more."""
        first, chances = self._chances()
        return float(chances[max(k - first, 0) :].sum())

    def limits(self, tail: float) -> tuple[float, float]:
        """The shares below and above which chance alone gets with a probability of at most ``tail`` on each side.

        Nought or one where no number of cases is that improbable.
        """
        return self._low(tail), 1 - Binomial(self.n, 1 - self.share)._low(tail)

    def _low(self, tail: float) -> float:
        first, chances = self._chances()
        below = np.cumsum(chances)
        place = int(np.searchsorted(below, tail, side="right"))
        part = (below[place] - tail) / chances[place]
        return max(0.0, float((first + place - part) / self.n))

    def _chances(self) -> tuple[int, Floats]:
        """The probabilities of the numbers around the mean, and the first of these numbers."""
        if not 0 < self.share < 1:
            return (self.n if self.share >= 1 else 0), np.ones(1)
        reach = int(_REACH * self.deviation) + 40
        middle = floor((self.n + 1) * self.share)
        first, last = max(0, middle - reach), min(self.n, middle + reach)
        numbers = np.arange(first, last, dtype=np.float64)
        steps = np.log((self.n - numbers) / (numbers + 1)) + np.log(self.share / (1 - self.share))
        logarithms = np.concatenate([[0.0], np.cumsum(steps)])
        chances = np.exp(logarithms - logarithms.max())
        return first, chances / chances.sum()


def spread(distances: Floats) -> float | None:
    """How many times as widely as by chance standardised distances vary; ``None`` where chance may explain it.

    Spiegelhalter's over-dispersion: the root of their mean square, a tenth at each end pulled in so that a few far ones
    do not make it. It is told where the mean square is above one by more than two of its standard errors.
    """
    if len(distances) < _LEAST:
        return None
    low, high = np.quantile(distances, [_PULLED_IN, 1 - _PULLED_IN])
    dispersion = float(np.mean(np.clip(distances, low, high) ** 2))
    return sqrt(dispersion) if dispersion > 1 + 2 * sqrt(2 / len(distances)) else None


def beyond_chance(chances: Floats, error: float) -> npt.NDArray[np.bool_]:
    """Which of many chances stay improbable together: with probability ``error`` at most any one by chance alone.

    S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979),
    65-70: the least of m chances is held against error ÷ m, the next against error ÷ (m - 1), up to the first that
    fails.
    """
    order = np.argsort(chances)
    passed = np.cumprod(chances[order] <= error / np.arange(len(chances), 0, -1)).astype(np.bool_)
    found = np.zeros(len(chances), dtype=np.bool_)
    found[order] = passed
    return found
