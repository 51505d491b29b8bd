"""Tables about the same cases, released together, once: what of each is shown, for good."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from dashboard.disclosure.suppression import LEAST, Counts, Flags, mask, with_totals

Shown = NDArray[np.float64]
"""A table with its totals as it is shown; NaN stands for what is withheld."""


class NotTheSame(ValueError):
    """Tables that should tell the same cases apart do not add up to the same totals."""


def released(
    tables: Mapping[str, Counts],
    earlier: Mapping[str, Shown] | None = None,
    before: Mapping[str, Shown] | None = None,
    barred: Mapping[str, Flags] | None = None,
) -> dict[str, Shown]:
    """What is shown of tables that tell the same cases apart in different ways; a table that cannot be is left out.

    All have the same grand total, those of two dimensions the same columns, and no two the same rows; NotTheSame
    otherwise. What several of them hold is shown or none of them is: then nothing that is withheld of one bears on
    another. What was released ``earlier`` stays as it was, whatever became of the numbers: the difference of two
    releases would be a table of small counts, which nobody has masked. ``before`` is what was shown of the month
    before, ``barred`` what is none by rule (`mask`).
    """
    if earlier:
        return dict(earlier)
    wide = [name for name, inner in tables.items() if inner.ndim == 2]
    parts = {tuple(tables[name].sum(axis=0)) for name in wide}
    wholes = {int(inner.sum()) for inner in tables.values()}
    if len(wholes) > 1 or len(parts) > 1:
        raise NotTheSame(f"the tables {', '.join(tables)} do not count the same cases: {wholes}, {parts}")
    # Where the total of a part is small, only one of the tables that hold it can keep it back.
    shared = bool(parts) and min(parts.pop()) >= LEAST
    found = {}
    for name, inner in tables.items():
        if inner.ndim == 2 and not shared and name != wide[0]:
            continue
        known = (before or {}).get(name)
        alike = known is not None and known.shape == with_totals(inner).shape
        hidden_before = np.isnan(known) if known is not None and alike else None
        by_rule = (barred or {}).get(name)
        hidden = mask(inner, _pinned(inner, shared and len(wide) > 1), hidden_before, by_rule)
        if hidden is None:
            hidden = _totals_only(inner)
        if hidden is not None:
            found[name] = np.where(hidden, np.nan, with_totals(inner))
    return found


def _totals_only(inner: Counts) -> Flags | None:
    """What is withheld where nothing but the totals of parts can be shown, or the grand total alone.

    With more rows than one, each figure of the inside lies between none and the total of its part.
    """
    table = with_totals(inner)
    if inner.ndim == 1 or len(inner) < 2 or table[-1, -1] < LEAST:
        return None
    hidden = np.ones(table.shape, dtype=np.bool_)
    hidden[-1, -1] = False
    if table[-1].min() >= LEAST:
        hidden[-1] = False
    return hidden


def _pinned(inner: Counts, parts: bool) -> Flags:
    """The cells of a table that others hold too: the grand total, and where so asked the totals of its parts."""
    pinned = np.zeros(with_totals(inner).shape, dtype=np.bool_)
    pinned[(-1,) * inner.ndim] = True
    if parts and inner.ndim == 2:
        pinned[-1] = True
    return pinned
