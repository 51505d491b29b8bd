"""From facts to rollups: what cases contribute to every cube.

Everything follows from the declarations in ``flows`` and ``cubes``. The contributions of the old rows of the touched
cases count with weight -1 and those of their new rows with +1; a replay therefore adds nothing, and a correction or a
late row needs no special case. Counting happens here, in columns, and not in the database: a chunk of fifty thousand
cases passes some three hundred thousand milestones, which eleven cubes group in as many ways, and PostgreSQL would take
four times as long over it on the processor that all its users share. What reaches the database are finished cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.claims.cubes import AGE_BANDS, AGE_EDGES, CUBES, PENDING, Cube
from dashboard.claims.flows import CLOSED, FLOWS, OPENED, Flow, Milestone
from dashboard.claims.localtime import DAY, to_local, to_utc
from dashboard.claims.subjects import AGGREGATES, Subject
from dashboard.text.calendars import Calendar

Ints = npt.NDArray[np.int64]
Columns = Mapping[str, pa.Array]
Cells = dict[Cube, pa.Table]

NO_DAY = date(1, 1, 1)
"""Stands for "no day" in a key column, where NULL cannot."""

_EPOCH = date(1970, 1, 1)
_HOUR = 3_600_000_000
_AGES = np.array(AGE_EDGES, dtype=np.int64)


@dataclass(frozen=True)
class Setting:
    """Where days begin and months start, and from which day on cubes of limited memory hold days."""

    zone: ZoneInfo
    calendar: Calendar
    horizons: Mapping[str, date]


@dataclass(frozen=True)
class _Dimension:
    """A column of cells: whole numbers, and the labels they stand for (``None``: they are days, hours or ages)."""

    codes: Ints
    labels: pa.Array | None = None

    def at(self, rows: Ints) -> _Dimension:
        return _Dimension(self.codes[rows], self.labels)

    def column(self, name: str, codes: Ints) -> pa.Array:
        if self.labels is not None:
            return self.labels.take(pa.array(codes))
        if name == "hour":
            return pa.array(codes, pa.timestamp("us"))
        if name == "age":
            return pa.array(codes, pa.int64())
        return pa.array(codes.astype(np.int32), pa.int32()).cast(pa.date32())


def contributions(subject: Subject, columns: Columns, weights: Ints, setting: Setting) -> Cells:
    """The cells that records of a subject add to each cube; cubes they add nothing to are left out.

    ``columns`` are those of ``subject.columns`` under their names in the fact table, ``weights`` what each record
    counts. A cell table has the columns of ``cube.key`` and ``n``, in the order of the key, no key twice.
    """
    parts: dict[Cube, list[pa.Table]] = {}
    counted = (
        _tallies(columns, weights, setting) if subject is AGGREGATES else _cases(subject, columns, weights, setting)
    )
    for cube, cells in counted:
        if len(cells):
            parts.setdefault(cube, []).append(cells)
    return {cube: pa.concat_tables(tables) for cube, tables in parts.items()}


def _cases(subject: Subject, columns: Columns, weights: Ints, setting: Setting) -> Iterator[tuple[Cube, pa.Table]]:
    for flow in FLOWS.values():
        if flow.table == subject.key:
            yield from _Cases(flow, columns, weights, setting).cells()


@dataclass
class _Cases:
    """The cases of one flow, with each dimension worked out once, when it is first asked for."""

    flow: Flow
    columns: Columns
    weights: Ints
    setting: Setting
    _known: dict[str, _Dimension] = field(default_factory=dict)

    def cells(self) -> Iterator[tuple[Cube, pa.Table]]:
        rows, category = self._each()
        self._known["category"] = category
        for milestone in self.flow.milestones:
            known = self.columns[milestone.at].is_valid()
            for further in filter(None, (self.flow.place, milestone.since, milestone.amount)):
                known = pc.and_(known, self.columns[further].is_valid())
            happened = known.to_numpy(zero_copy_only=False)[rows]
            yield from self._at(milestone, rows, np.flatnonzero(happened))
        if self.flow.turns:
            is_open = self.columns[self.flow.milestone(CLOSED).at].is_null().to_numpy(zero_copy_only=False)[rows]
            yield from self._at(Milestone(PENDING, self.flow.milestone(OPENED).at), rows, np.flatnonzero(is_open))

    def _each(self) -> tuple[Ints, _Dimension]:
        """The case of each entry counted, and its category: one entry a case, or one for each of several codes."""
        n = len(self.weights)
        if not self.flow.each:
            return np.arange(n), _coded(self.columns[self.flow.category])
        encoded = self.columns[self.flow.each].dictionary_encode()
        several = [
            text.strip("{}").split(",") if text and text != "{}" else [] for text in encoded.dictionary.to_pylist()
        ]
        lists = [several[place] if place is not None else [] for place in encoded.indices.to_pylist()]
        rows = np.repeat(np.arange(n), [len(codes) for codes in lists])
        return rows, _coded(pa.array([code for codes in lists for code in codes], pa.string()))

    def _at(self, milestone: Milestone, rows: Ints, happened: Ints) -> Iterator[tuple[Cube, pa.Table]]:
        """The cells of all cubes at one milestone; ``happened`` are the entries that passed it."""
        if not len(happened):
            return
        case = rows[happened]
        local = to_local(_micros(self.columns[milestone.at])[case], self.setting.zone)
        day = local // DAY
        opened = self._opened_day()[case]
        since = self._day_of(milestone.since)[case] if milestone.since else opened
        dimensions = {
            "day": _Dimension(day),
            "month": _Dimension(_month_starts(day, self.setting.calendar)),
            "hour": _Dimension(local // _HOUR * _HOUR),
            "opened_day": _Dimension(opened),
            "age": _Dimension(_AGES[np.searchsorted(_AGES, np.maximum(day - since, 0), side="right") - 1]),
            "category": self._known["category"].at(happened),
            "outcome": self._text(milestone.outcome, case),
            "reason": self._text(milestone.reason, case),
            "timing": self._text(milestone.timing, case),
        }
        weights = self._weights(milestone)
        for cube in CUBES:
            if cube.holds(milestone):
                chosen = self._within(cube, day)
                wanted = {
                    name: (dimensions[name] if name in dimensions else self._own(name, case))
                    for name in (cube.time, *cube.dimensions)
                }
                if chosen is not None:
                    wanted = {name: dimension.at(chosen) for name, dimension in wanted.items()}
                of_case = case if chosen is None else case[chosen]
                yield from self._counted(cube, milestone.key, wanted, of_case, weights)

    def _counted(
        self, cube: Cube, milestone: str, wanted: dict[str, _Dimension], case: Ints, weights: Ints
    ) -> Iterator[tuple[Cube, pa.Table]]:
        fixed = {"subject": self.flow.subject, "milestone": milestone, "source": "cases"}
        if cube.time == "hour":  # cells of hours are few enough to be brought back to UTC one by one
            yield cube, _in_utc(_count(cube, wanted, weights[case], fixed), self.setting.zone)
        elif not cube.traits:
            yield cube, _count(cube, wanted, weights[case], fixed)
        else:
            for name in self.flow.traits:
                trait = self._trait(name).at(case)
                has = np.flatnonzero(trait.codes >= 0)
                told = {key: dimension.at(has) for key, dimension in (*wanted.items(), ("trait", trait))}
                yield cube, _count(cube, told, weights[case][has], fixed)

    def _weights(self, milestone: Milestone) -> Ints:
        """What each case counts at a milestone: one, or an amount; less than nothing where it is taken back."""
        if not milestone.amount:
            return self.weights
        amounts = pc.fill_null(self.columns[milestone.amount], 0).to_numpy(zero_copy_only=False)
        return np.asarray(self.weights * amounts, dtype=np.int64)

    def _within(self, cube: Cube, day: Ints) -> Ints | None:
        """The entries a cube of limited memory holds; ``None`` for all."""
        horizon = self.setting.horizons.get(cube.table)
        return None if horizon is None else np.flatnonzero(day >= _number(horizon))

    def _opened_day(self) -> Ints:
        if "opened_day" not in self._known:
            opened = to_local(_micros(self.columns[self.flow.milestone(OPENED).at]), self.setting.zone)
            self._known["opened_day"] = _Dimension(opened // DAY)
        return self._known["opened_day"].codes

    def _day_of(self, name: str) -> Ints:
        """The local day of a moment, or a day as it stands."""
        column = self.columns[name]
        if not pa.types.is_timestamp(column.type):
            return _days(column)
        return to_local(_micros(column), self.setting.zone) // DAY

    def _own(self, name: str, case: Ints) -> _Dimension:
        """A dimension of the case itself, whatever the milestone."""
        if name not in self._known:
            match name:
                case "due_on":
                    self._known[name] = self._due()
                case "actor":
                    self._known[name] = self._actor()
                case "province":
                    self._known[name] = _coded(self.columns[self.flow.place])
                case "office" if self.flow.place != "province":
                    self._known[name] = _Dimension(np.zeros(len(self.weights), dtype=np.int64), pa.array([""]))
                case _:
                    self._known[name] = _coded(self.columns[name])
        return self._known[name].at(case)

    def _text(self, name: str, case: Ints) -> _Dimension:
        return self._own(name, case) if name else _Dimension(np.zeros(len(case), dtype=np.int64), pa.array([""]))

    def _due(self) -> _Dimension:
        if not self.flow.due:
            return _Dimension(np.full(len(self.weights), _number(NO_DAY)))
        return _Dimension(_days(self.columns[self.flow.due]))

    def _actor(self) -> _Dimension:
        labels = sorted({turn.actor for turn in self.flow.turns})
        codes = np.full(len(self.weights), -1, dtype=np.int64)
        for turn in self.flow.turns:
            applies = codes < 0
            if turn.after:
                applies &= self.columns[turn.after].is_valid().to_numpy(zero_copy_only=False)
            if turn.until:
                applies &= self.columns[turn.until].is_null().to_numpy(zero_copy_only=False)
            codes[applies] = labels.index(turn.actor)
        return _Dimension(codes, pa.array(labels))

    def _trait(self, name: str) -> _Dimension:
        """A trait as ``name:value``, two of them as ``one+other:value+value``; -1 where it is not known."""
        key = f"trait {name}"
        if key not in self._known:
            if name == "age":
                self._known[key] = _age_band(self.columns[name])
            else:
                parts = [self.columns[part] for part in name.split("+")]
                coded = _coded(parts[0] if len(parts) == 1 else pc.binary_join_element_wise(*parts, "+"))
                unknown = coded.labels.index("").as_py() if coded.labels is not None else -1
                codes = np.where(coded.codes == unknown, -1, coded.codes)
                self._known[key] = _Dimension(codes, pc.binary_join_element_wise(name, coded.labels, ":"))
        return self._known[key]


def _tallies(columns: Columns, weights: Ints, setting: Setting) -> Iterator[tuple[Cube, pa.Table]]:
    """The cells of tallies: counts a province sent instead of cases, told apart by their source."""
    n = columns["n"].to_numpy(zero_copy_only=False).astype(np.int64) * weights
    day = columns["day"].cast(pa.int32()).to_numpy(zero_copy_only=False).astype(np.int64)
    nothing = _Dimension(np.zeros(len(n), dtype=np.int64), pa.array([""]))
    dimensions = {
        "day": _Dimension(day),
        "month": _Dimension(_month_starts(day, setting.calendar)),
        **{name: _coded(columns[name]) for name in ("province", "category", "channel", "outcome")},
        "reason": nothing,
        "timing": nothing,
    }
    kinds = _coded(pc.binary_join_element_wise(columns["subject"], columns["milestone"], "\x1f"))
    assert kinds.labels is not None
    for place, label in enumerate(kinds.labels.to_pylist()):
        rows = np.flatnonzero(kinds.codes == place)
        subject, milestone = label.split("\x1f")
        fixed = {"subject": subject, "milestone": milestone, "source": "tally"}
        for cube in CUBES:
            if cube.tallies and cube.counts(milestone):
                wanted = {name: dimensions[name].at(rows) for name in (cube.time, *cube.dimensions)}
                yield cube, _count(cube, wanted, n[rows], fixed)


def _count(cube: Cube, wanted: dict[str, _Dimension], weights: Ints, fixed: Mapping[str, str]) -> pa.Table:
    """The sums of ``weights`` over equal combinations of ``wanted``, zeros left out, in the order of the key."""
    spans, combined = [], np.zeros(len(weights), dtype=np.int64)
    for dimension in wanted.values():
        low, high = (int(dimension.codes.min()), int(dimension.codes.max())) if len(weights) else (0, 0)
        size = high - low + 1
        spans.append((low, size))
        combined = combined * size + (dimension.codes - low)
    keys, inverse = np.unique(combined, return_inverse=True)
    sums = np.bincount(inverse, weights=weights, minlength=len(keys)).astype(np.int64)
    keys, sums = keys[sums != 0], sums[sums != 0]
    columns: dict[str, pa.Array] = {name: pa.repeat(value, len(keys)) for name, value in fixed.items()}
    for (name, dimension), (low, size) in zip(reversed(wanted.items()), reversed(spans), strict=True):
        keys, code = np.divmod(keys, size)
        columns[name] = dimension.column(name, code + low)
    columns["n"] = pa.array(sums)
    return pa.table([columns[name] for name in (*cube.key, "n")], names=[*cube.key, "n"])


def _coded(column: pa.Array) -> _Dimension:
    """Texts as places in the sorted list of those that occur; nothing counts as the empty text."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    encoded = pc.fill_null(column, "").dictionary_encode()
    labels = encoded.dictionary
    order = pc.sort_indices(labels)
    place = np.empty(len(labels), dtype=np.int64)
    place[order.to_numpy()] = np.arange(len(labels))
    codes = place[encoded.indices.to_numpy()] if len(labels) else np.zeros(0, dtype=np.int64)
    return _Dimension(codes, labels.take(order))


def _age_band(ages: pa.Array) -> _Dimension:
    known = ages.is_valid().to_numpy(zero_copy_only=False)
    years = pc.fill_null(ages, 0).to_numpy(zero_copy_only=False)
    band = np.searchsorted(AGE_BANDS[1:], years, side="right")
    labels = [f"age:{edge}-{above - 1}" for edge, above in pairwise(AGE_BANDS)]
    return _Dimension(np.where(known, band, -1), pa.array([*labels, f"age:{AGE_BANDS[-1]}+"]))


def _micros(column: pa.Array) -> Ints:
    """Moments as microseconds in UTC; 0 where there is none."""
    numbers = pc.fill_null(column.cast(pa.int64()), 0)
    return np.asarray(numbers.to_numpy(zero_copy_only=False), dtype=np.int64)


def _days(column: pa.Array) -> Ints:
    """Days since 1970; that of NO_DAY where there is none."""
    days = pc.fill_null(column.cast(pa.int32()), _number(NO_DAY))
    return np.asarray(days.to_numpy(zero_copy_only=False).astype(np.int64))


def _month_starts(days: Ints, calendar: Calendar) -> Ints:
    """The first day of the month of each day, as days since 1970."""
    distinct, inverse = np.unique(days, return_inverse=True)
    starts = [_number(calendar.month_start(_EPOCH + timedelta(days=int(day)))) for day in distinct]
    return np.array(starts, dtype=np.int64)[inverse]


def _in_utc(cells: pa.Table, zone: ZoneInfo) -> pa.Table:
    local = cells["hour"].cast(pa.int64()).to_numpy()
    hours = pa.array(to_utc(local, zone), pa.timestamp("us"))
    return cells.set_column(cells.column_names.index("hour"), "hour", hours)


def _number(day: date) -> int:
    return (day - _EPOCH).days
