"""From facts to rollups: what cases contribute to every cube.

Everything follows from the declarations in ``flows`` and ``cubes``. The contributions of the old rows of the touched
cases count with weight -1 and those of their new rows with +1; a replay therefore adds nothing, and a correction or a
late row needs no special case. Counting happens here, in columns, and not in the database: a chunk of fifty thousand
cases passes some three hundred thousand milestones, which a dozen cubes group in as many ways, and PostgreSQL would
take four times as long over it on the processor that all its users share. What reaches the database are finished cells.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.claims.cubes import AGE_EDGES, COUNTED, PENDING, Cube
from dashboard.claims.dimensions import (
    NO_DAY,
    Columns,
    Counted,
    Dimension,
    Ints,
    Setting,
    age_band,
    coded,
    count,
    day_number,
    day_numbers,
    in_utc,
    micros,
    month_starts,
)
from dashboard.claims.flows import CLOSED, FLOWS, OPENED, Flow, Milestone
from dashboard.claims.localtime import DAY, to_local
from dashboard.claims.subjects import AGGREGATES, Subject
from dashboard.claims.tallies import tallies

Cells = dict[Cube, pa.Table]

_HOUR = 3_600_000_000
_AGES = np.array(AGE_EDGES, dtype=np.int64)


def contributions(subject: Subject, columns: Columns, weights: Ints, setting: Setting) -> Cells:
    """The cells that records of a subject add to each cube; cubes they add nothing to are left out.

    ``columns`` are those of ``subject.columns`` under their names in the fact table, ``weights`` what each record
    counts. A cell table has the columns of ``cube.key`` and ``n``, in the order of the key, no key twice.
    """
    parts: dict[Cube, list[pa.Table]] = {}
    counted = (
        tallies(columns, weights, setting) if subject is AGGREGATES else _cases(subject, columns, weights, setting)
    )
    for cube, cells in counted:
        if len(cells):
            parts.setdefault(cube, []).append(cells)
    return {cube: pa.concat_tables(tables) for cube, tables in parts.items()}


def _cases(subject: Subject, columns: Columns, weights: Ints, setting: Setting) -> Iterator[Counted]:
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
    _known: dict[str, Dimension] = field(default_factory=dict)

    def cells(self) -> Iterator[Counted]:
        rows, category = self._each()
        self._known["category"] = category
        for milestone in self.flow.milestones:
            known = self.columns[milestone.at].is_valid()
            for further in filter(None, (self.flow.place, milestone.since, milestone.amount)):
                known = pc.and_(known, self.columns[further].is_valid())
            for never in milestone.unless:
                known = pc.and_(known, self.columns[never].is_null())
            if milestone.when:
                known = pc.and_(known, pc.fill_null(pc.equal(self.columns["outcome"], milestone.when), False))
            happened = known.to_numpy(zero_copy_only=False)[rows]
            yield from self._at(milestone, rows, np.flatnonzero(happened))
        if self.flow.turns:
            is_open = self.columns[self.flow.milestone(CLOSED).at].is_null().to_numpy(zero_copy_only=False)[rows]
            yield from self._at(Milestone(PENDING, self.flow.milestone(OPENED).at), rows, np.flatnonzero(is_open))

    def _each(self) -> tuple[Ints, Dimension]:
        """The case of each entry counted, and its category: one entry a case, or one for each of several codes."""
        n = len(self.weights)
        if not self.flow.each:
            return np.arange(n), coded(self.columns[self.flow.category])
        encoded = self.columns[self.flow.each].dictionary_encode()
        several = [
            text.strip("{}").split(",") if text and text != "{}" else [] for text in encoded.dictionary.to_pylist()
        ]
        lists = [several[place] if place is not None else [] for place in encoded.indices.to_pylist()]
        rows = np.repeat(np.arange(n), [len(codes) for codes in lists])
        return rows, coded(pa.array([code for codes in lists for code in codes], pa.string()))

    def _at(self, milestone: Milestone, rows: Ints, happened: Ints) -> Iterator[Counted]:
        """The cells of all cubes at one milestone; ``happened`` are the entries that passed it."""
        if not len(happened):
            return
        case = rows[happened]
        local = to_local(micros(self.columns[milestone.at])[case], self.setting.zone)
        day = local // DAY
        opened = self._opened_day()[case]
        since = self._day_of(milestone.since)[case] if milestone.since else opened
        dimensions = {
            "day": Dimension(day),
            "month": Dimension(month_starts(day, self.setting.calendar)),
            "hour": Dimension(local // _HOUR * _HOUR),
            "opened_day": Dimension(opened),
            "age": Dimension(_AGES[np.searchsorted(_AGES, np.maximum(day - since, 0), side="right") - 1]),
            "category": self._known["category"].at(happened),
            "outcome": self._text(milestone.outcome, case),
            "reason": self._text(milestone.reason, case),
            "timing": self._text(milestone.timing, case),
        }
        weights = self._weights(milestone)
        for cube in COUNTED:
            if cube.holds(self.flow.subject, milestone):
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
        self, cube: Cube, milestone: str, wanted: dict[str, Dimension], case: Ints, weights: Ints
    ) -> Iterator[Counted]:
        fixed = {"subject": self.flow.subject, "milestone": milestone, "source": "cases"}
        if cube.time == "hour":  # cells of hours are few enough to be brought back to UTC one by one
            for _, cells in count(cube, wanted, weights[case], fixed):
                yield cube, in_utc(cells, self.setting.zone)
        elif not cube.traits:
            yield from count(cube, wanted, weights[case], fixed)
        else:
            for name in self.flow.traits:
                trait = self._trait(name).at(case)
                has = np.flatnonzero(trait.codes >= 0)
                told = {key: dimension.at(has) for key, dimension in (*wanted.items(), ("trait", trait))}
                yield from count(cube, told, weights[case][has], fixed)

    def _weights(self, milestone: Milestone) -> Ints:
        """What each case counts at a milestone: one, or an amount; less than nothing where it is taken back."""
        if not milestone.amount:
            return self.weights
        amounts = self._whole(milestone.amount)
        if milestone.per:
            parts = self._whole(milestone.per)
            amounts = np.where(parts > 0, amounts // np.maximum(parts, 1), 0)
        return np.asarray(self.weights * amounts, dtype=np.int64)

    def _whole(self, name: str) -> Ints:
        """A column of whole numbers; 0 where there is none."""
        known = pc.fill_null(self.columns[name], 0).to_numpy(zero_copy_only=False)
        return np.asarray(known, dtype=np.int64)

    def _within(self, cube: Cube, day: Ints) -> Ints | None:
        """The entries a cube of limited memory holds; ``None`` for all."""
        horizon = self.setting.horizons.get(cube.table)
        return None if horizon is None else np.flatnonzero(day >= day_number(horizon))

    def _opened_day(self) -> Ints:
        if "opened_day" not in self._known:
            opened = to_local(micros(self.columns[self.flow.milestone(OPENED).at]), self.setting.zone)
            self._known["opened_day"] = Dimension(opened // DAY)
        return self._known["opened_day"].codes

    def _day_of(self, name: str) -> Ints:
        """The local day of a moment, or a day as it stands."""
        column = self.columns[name]
        if not pa.types.is_timestamp(column.type):
            return day_numbers(column)
        return to_local(micros(column), self.setting.zone) // DAY

    def _own(self, name: str, case: Ints) -> Dimension:
        """A dimension of the case itself, whatever the milestone."""
        if name not in self._known:
            match name:
                case "opened_month":
                    self._known[name] = Dimension(month_starts(self._opened_day(), self.setting.calendar))
                case "due_on":
                    self._known[name] = self._due()
                case "actor":
                    self._known[name] = self._actor()
                case "province":
                    self._known[name] = coded(self.columns[self.flow.place])
                case "office" if self.flow.place != "province":
                    self._known[name] = Dimension(np.zeros(len(self.weights), dtype=np.int64), pa.array([""]))
                case _:
                    self._known[name] = coded(self.columns[name])
        return self._known[name].at(case)

    def _text(self, name: str, case: Ints) -> Dimension:
        return self._own(name, case) if name else Dimension(np.zeros(len(case), dtype=np.int64), pa.array([""]))

    def _due(self) -> Dimension:
        if not self.flow.due:
            return Dimension(np.full(len(self.weights), day_number(NO_DAY)))
        return Dimension(day_numbers(self.columns[self.flow.due]))

    def _actor(self) -> Dimension:
        labels = sorted({turn.actor for turn in self.flow.turns})
        codes = np.full(len(self.weights), -1, dtype=np.int64)
        for turn in self.flow.turns:
            applies = codes < 0
            if turn.after:
                applies &= self.columns[turn.after].is_valid().to_numpy(zero_copy_only=False)
            if turn.until:
                applies &= self.columns[turn.until].is_null().to_numpy(zero_copy_only=False)
            codes[applies] = labels.index(turn.actor)
        return Dimension(codes, pa.array(labels))

    def _trait(self, name: str) -> Dimension:
        """A trait as ``name:value``, two of them as ``one+other:value+value``; -1 where it is not known."""
        key = f"trait {name}"
        if key not in self._known:
            if name == "age":
                self._known[key] = age_band(self.columns[name])
            else:
                parts = [self.columns[part] for part in name.split("+")]
                joined = coded(parts[0] if len(parts) == 1 else pc.binary_join_element_wise(*parts, "+"))
                unknown = joined.labels.index("").as_py() if joined.labels is not None else -1
                codes = np.where(joined.codes == unknown, -1, joined.codes)
                self._known[key] = Dimension(codes, pc.binary_join_element_wise(name, joined.labels, ":"))
        return self._known[key]
