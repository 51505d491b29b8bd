"""Which cells of a table of counts must be withheld so that no small one can be worked out of what is shown.

A table is shown with its totals. A cell under `LEAST` is withheld; what stands beside it with a total would give it
back, so further cells are withheld (Hundepool et al., Statistical Disclosure Control, Wiley 2012, chapter 4). What a
reader can still work out of a withheld cell is its feasible interval: from the least to the greatest value it has in
any table of non-negative numbers that agrees with all that is shown. `mask` sees to it that none is narrower than
`LEAST` (docs/adr/0010-published-figures-are-a-few-tables-masked-once.md).

Tables here are arrays of whole numbers ``(rows,)`` or ``(rows, parts)``; with totals they have a row more at the end,
and in two dimensions a column more, that of the rows' totals.
"""

from __future__ import annotations

import itertools
from typing import Final

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]

LEAST: Final = 10
"""The least count that is shown, and the least width of what can be worked out of one that is not."""
_TOTAL: Final = 20
"""How many times as dear as a cell of the inside a total of the same size is to withhold."""
_KNOWN: Final = 0.25
"""How much cheaper it is to withhold again what was withheld of the table before: a course has fewer gaps then."""


def with_totals(inner: Counts) -> Counts:
    """The table with the totals of its columns, and in two dimensions of its rows and of all."""
    table = np.concatenate([inner, inner.sum(axis=0, keepdims=True)])
    return table if inner.ndim == 1 else np.concatenate([table, table.sum(axis=1, keepdims=True)], axis=1)


def mask(
    inner: Counts, pinned: Flags | None = None, before: Flags | None = None, barred: Flags | None = None
) -> Flags | None:
    """Which cells of the table with totals are withheld; ``None`` where it cannot be shown at all.

    A count of none is under `LEAST` too: that nobody was found eligible somewhere says something about each who asked.
    ``pinned`` are the cells that other tables show and this one must show too: one of them that is small, or nothing
    to withhold instead, and the answer is ``None``. ``before`` is what was withheld of the same table the month before.
    ``barred`` are the cells of the inside that are none by a rule everybody knows (late under no limit): those are
    shown, and withhold nothing.
    """
    table = with_totals(np.asarray(inner, dtype=np.int64))
    fixed = np.zeros(table.shape, dtype=np.bool_) if pinned is None else pinned
    small = table < LEAST
    if barred is not None:
        by_rule = _with_totals_of(barred) & (table == 0)
        small &= ~by_rule
        fixed = fixed | by_rule
    if bool((small & fixed).any()):
        return None
    cost = table.astype(np.float64) + 1
    cost[-1] *= _TOTAL
    if table.ndim == 2:
        cost[:, -1] *= _TOTAL
    if before is not None:
        cost[before] *= _KNOWN
    cost[fixed] = np.inf
    return _of_list(table, small, cost) if table.ndim == 1 else _of_table(table, small, cost)


def _with_totals_of(barred: Flags) -> Flags:
    """A total is none by rule where all it is the sum of is."""
    table = np.concatenate([barred, barred.all(axis=0, keepdims=True)])
    return table if barred.ndim == 1 else np.concatenate([table, table.all(axis=1, keepdims=True)], axis=1)


def _of_list(table: Counts, small: Flags, cost: NDArray[np.float64]) -> Flags | None:
    """Of one dimension: with the total shown, each of the withheld lies between none and their sum.

    A total is withheld where it is small itself; then all it is the sum of is, and nothing bounds them from above.
    """
    hidden = small.copy()
    if hidden[-1] or not hidden.any():
        return hidden
    while hidden.sum() < 2 or table[hidden].sum() < LEAST:
        dearness = np.where(hidden, np.inf, cost)
        cheapest = int(dearness[:-1].argmin())
        if not np.isfinite(dearness[cheapest]):
            return None
        hidden[cheapest] = True
    return hidden


def _of_table(table: Counts, small: Flags, cost: NDArray[np.float64]) -> Flags | None:
    """Of two dimensions, by rectangles (the hypercube method of Repsilber and Giessing).

    Of four cells at the corners of a rectangle, totals among them, one can rise by `LEAST` when its neighbours fall by
    as much and the fourth rises, and every sum stays: where none of them falls below nothing, all four are as wide as
    that. Cells withheld besides can only widen them. So each withheld cell gets a rectangle, the cheapest.
    """
    sign = np.ones(table.shape, dtype=np.int64)
    sign[-1] *= -1
    sign[:, -1] *= -1
    enough = table >= LEAST
    hidden, wide = small.copy(), np.zeros(table.shape, dtype=np.bool_)
    for row, column in sorted(zip(*np.nonzero(small), strict=True), key=lambda place: int(table[place])):
        if wide[row, column]:
            continue
        price = np.where(hidden, 0.0, cost)
        corner = _corner(price, enough, sign, row, column)
        if corner is None:
            return None
        for place in itertools.product((row, corner[0]), (column, corner[1])):
            hidden[place] = wide[place] = True
    return hidden


def _corner(
    price: NDArray[np.float64], enough: Flags, sign: NDArray[np.int64], row: int, column: int
) -> tuple[int, int] | None:
    """The corner across from a cell of the cheapest rectangle in which the cell can rise; ``None`` without one."""
    # A total goes the other way than a cell of the inside in its place would.
    falls_across = sign[row, column] * sign < 0
    across = np.where(falls_across & ~enough, np.inf, price)
    beside = np.where(~falls_across[row] & ~enough[row], np.inf, price[row])
    below = np.where(~falls_across[:, column] & ~enough[:, column], np.inf, price[:, column])
    whole = across + beside[None, :] + below[:, None]
    whole[row, :] = np.inf
    whole[:, column] = np.inf
    place = int(whole.argmin())
    return (place // whole.shape[1], place % whole.shape[1]) if np.isfinite(whole.flat[place]) else None
