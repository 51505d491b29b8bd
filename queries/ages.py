"""How old what is open is: the cases of a stock in bands of age."""

from __future__ import annotations

from datetime import date

import pandas as pd

BANDS = {"over_90": 91, "to_90": 31, "to_30": 8, "to_7": 0}
"""Bands of days since filing, the oldest first, each with the least age that belongs to it."""


def banded(pending: pd.DataFrame, today: date, by: tuple[str, ...]) -> pd.DataFrame:
    """The cases of a `queries.counts.pending` frame told apart by ``opened_day``, in bands of age.

    Columns: those of ``by``, ``part`` (key of ``BANDS``), ``n``, ``overdue``; a row for every band, the oldest first.
    """
    ages = [max((today - day).days, 0) for day in pending["opened_day"]]
    parts = pd.Series([next(key for key, least in BANDS.items() if age >= least) for age in ages], dtype=object)
    counted = pending.assign(part=parts.to_numpy()).groupby([*by, "part"])[["n", "overdue"]].sum()
    keys = sorted(pending[list(by)].itertuples(index=False, name=None))
    rows = [(*key, part) for key in dict.fromkeys(keys) for part in BANDS]
    every = pd.MultiIndex.from_tuples(rows, names=[*by, "part"]) if rows else counted.index
    return counted.reindex(every, fill_value=0).reset_index()
