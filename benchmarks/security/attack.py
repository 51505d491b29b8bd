"""Linear programming against published tables: how far a reader can work out what is withheld.

What is published is a system of equations over unknown counts that are not negative. The least and the greatest value
that a withheld figure takes over all solutions bound what can be known of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array

LEAST = 10
_ROUNDING = 1e-6


@dataclass(frozen=True)
class Published:
    """Figures that are sums over unknown counts.

    ``sums`` has a row a figure and a column a count, ``values`` the figures as they are, ``hidden`` which of them are
    withheld. ``counts`` are the counts as they are; the attack uses them as one solution it need not look for.
    ``never_less`` are pairs of counts of which the second is known to be no less than the first.
    """

    sums: csr_array
    values: NDArray[np.float64]
    hidden: NDArray[np.bool_]
    counts: NDArray[np.float64]
    never_less: tuple[tuple[int, int], ...] = ()


def narrow(published: Published) -> dict[int, float]:
    """The withheld figures that can be worked out to less than `LEAST` units: the figure's place and that width."""
    sums, hidden = published.sums, published.hidden
    known = sums[np.flatnonzero(~hidden)]
    right = published.values[~hidden]
    most = 10 * published.counts.sum() + 1000  # nobody doubts that there are no more
    order = None
    if published.never_less:
        first, second = (np.array(places) for places in zip(*published.never_less, strict=True))
        lines = np.arange(len(first))
        ones = np.ones(len(first))
        order = csr_array(
            (np.r_[ones, -ones], (np.r_[lines, lines], np.r_[first, second])), (len(first), sums.shape[1])
        )
    asked = np.flatnonzero(hidden)
    goals = sums[asked]
    low = high = goals @ published.counts
    found = {}
    for place, figure in enumerate(asked):
        for way in (-1, 1):
            if high[place] - low[place] >= LEAST:
                break
            goal = np.asarray(goals[[place]].todense()).ravel()
            best = linprog(
                way * goal,
                A_ub=order,
                b_ub=None if order is None else np.zeros(order.shape[0]),
                A_eq=known if known.shape[0] else None,
                b_eq=right if known.shape[0] else None,
                bounds=(0, most),
                method="highs",
            )
            if best.status != 0:
                raise RuntimeError(f"the attack found no solution: {best.message}")
            reached = goals @ best.x  # one solution says something of every figure
            low, high = np.minimum(low, reached), np.maximum(high, reached)
        if high[place] - low[place] < LEAST - _ROUNDING:
            found[int(figure)] = float(high[place] - low[place])
    return found
