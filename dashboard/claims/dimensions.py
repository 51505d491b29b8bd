"""Columns of cases as the dimensions of cells, and counting over them: the arithmetic beneath every rollup."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.claims.cubes import AGE_BANDS, SUMMED_UP, Cube
from dashboard.claims.localtime import to_utc
from dashboard.text.calendars import Calendar

Ints = npt.NDArray[np.int64]
Columns = Mapping[str, pa.Array]
Counted = tuple[Cube, pa.Table]
"""Cells of a cube: the columns of its key, and ``n``."""

NO_DAY = date(1, 1, 1)
"""Stands for "no day" in a key column, where NULL cannot."""

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Setting:
    """Where days begin and months start, and from which day on cubes of limited memory hold days."""

    zone: ZoneInfo
    calendar: Calendar
    horizons: Mapping[str, date]


@dataclass(frozen=True)
class Dimension:
    """A column of cells: whole numbers, and the labels they stand for (``None``: they are days, hours or ages)."""

    codes: Ints
    labels: pa.Array | None = None

    def at(self, rows: Ints) -> Dimension:
        """The dimension of some of the rows."""
        return Dimension(self.codes[rows], self.labels)

    def column(self, name: str, codes: Ints) -> pa.Array:
        """Some of its codes as the column ``name`` of a cell table."""
        if self.labels is not None:
            return self.labels.take(pa.array(codes))
        if name == "hour":
            return pa.array(codes, pa.timestamp("us"))
        if name == "age":
            return pa.array(codes, pa.int64())
        return pa.array(codes.astype(np.int32), pa.int32()).cast(pa.date32())


def count(cube: Cube, wanted: Mapping[str, Dimension], weights: Ints, fixed: Mapping[str, str]) -> Iterator[Counted]:
    """The sums of ``weights`` over equal combinations of ``wanted``: cells of ``cube``, and of the coarser cubes
    summed up from it, zeros left out, in the order of the key.
    """
    told, sums = _summed(wanted, weights)
    yield cube, _cells(cube, told, sums, fixed)
    for coarser in SUMMED_UP.get(cube, ()):  # out of the cells, which are fewer than the cases
        kept = {name: dimension for name, dimension in told.items() if name in coarser.key}
        yield from count(coarser, kept, sums, fixed)


def _summed(wanted: Mapping[str, Dimension], weights: Ints) -> tuple[dict[str, Dimension], Ints]:
    """Every combination that occurs, once, and the sum of its weights where that is not zero."""
    spans, combined = [], np.zeros(len(weights), dtype=np.int64)
    for dimension in wanted.values():
        low, high = (int(dimension.codes.min()), int(dimension.codes.max())) if len(weights) else (0, 0)
        size = high - low + 1
        spans.append((low, size))
        combined = combined * size + (dimension.codes - low)
    keys, inverse = np.unique(combined, return_inverse=True)
    sums = np.bincount(inverse, weights=weights, minlength=len(keys)).astype(np.int64)
    keys, sums = keys[sums != 0], sums[sums != 0]
    told = {}
    for (name, dimension), (low, size) in zip(reversed(list(wanted.items())), reversed(spans), strict=True):
        keys, code = np.divmod(keys, size)
        told[name] = Dimension(code + low, dimension.labels)
    return dict(reversed(told.items())), sums


def _cells(cube: Cube, told: Mapping[str, Dimension], sums: Ints, fixed: Mapping[str, str]) -> pa.Table:
    columns: dict[str, pa.Array] = {name: pa.repeat(value, len(sums)) for name, value in fixed.items()}
    columns |= {name: dimension.column(name, dimension.codes) for name, dimension in told.items()}
    columns["n"] = pa.array(sums)
    return pa.table([columns[name] for name in (*cube.key, "n")], names=[*cube.key, "n"])


def coded(column: pa.Array) -> Dimension:
    """Texts as places in the sorted list of those that occur; nothing counts as the empty text."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    encoded = pc.fill_null(column, "").dictionary_encode()
    labels = encoded.dictionary
    order = pc.sort_indices(labels)
    place = np.empty(len(labels), dtype=np.int64)
    place[order.to_numpy()] = np.arange(len(labels))
    codes = place[encoded.indices.to_numpy()] if len(labels) else np.zeros(0, dtype=np.int64)
    return Dimension(codes, labels.take(order))


def age_band(ages: pa.Array) -> Dimension:
    """Ages in years as the trait of their band; -1 where the age is not known."""
    known = ages.is_valid().to_numpy(zero_copy_only=False)
    years = pc.fill_null(ages, 0).to_numpy(zero_copy_only=False)
    band = np.searchsorted(AGE_BANDS[1:], years, side="right")
    labels = [f"age:{edge}-{above - 1}" for edge, above in pairwise(AGE_BANDS)]
    return Dimension(np.where(known, band, -1), pa.array([*labels, f"age:{AGE_BANDS[-1]}+"]))


def micros(column: pa.Array) -> Ints:
    """Moments as microseconds in UTC; 0 where there is none."""
    numbers = pc.fill_null(column.cast(pa.int64()), 0)
    return np.asarray(numbers.to_numpy(zero_copy_only=False), dtype=np.int64)


def day_numbers(column: pa.Array) -> Ints:
    """Days since 1970; that of NO_DAY where there is none."""
    days = pc.fill_null(column.cast(pa.int32()), day_number(NO_DAY))
    return np.asarray(days.to_numpy(zero_copy_only=False).astype(np.int64))


def month_starts(days: Ints, calendar: Calendar) -> Ints:
    """The first day of the month of each day, as days since 1970."""
    distinct, inverse = np.unique(days, return_inverse=True)
    starts = [day_number(calendar.month_start(_EPOCH + timedelta(days=int(day)))) for day in distinct]
    return np.array(starts, dtype=np.int64)[inverse]


def in_utc(cells: pa.Table, zone: ZoneInfo) -> pa.Table:
    """Cells of local hours as cells of hours in UTC."""
    local = cells["hour"].cast(pa.int64()).to_numpy()
    hours = pa.array(to_utc(local, zone), pa.timestamp("us"))
    return cells.set_column(cells.column_names.index("hour"), "hour", hours)


def day_number(day: date) -> int:
    """A day as days since 1970."""
    return (day - _EPOCH).days
