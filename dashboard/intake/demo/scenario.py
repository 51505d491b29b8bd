"""Spring 1399 (2020) in Iran: registrations as the published totals have them.

863,605 had registered by 29 Tir 1399, 24,000 of them before the year began and about 750,000 in spring; 723,496 were
eligible. In spring 151,724 came from Tehran, 73,195 from Fars, 31,942 from Khuzestan. Many applicants came from
businesses outside the insurance and failed the match; offices were half closed, so late filings were excused. What was
referred and paid is published by benefit month, not by date, and adds to more than the eligible: no step of this flow.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import cached_property

import numpy as np

from dashboard.intake.demo.arrays import DAY, NEVER, Floats, Ints
from dashboard.intake.demo.calibration_ir import IRAN
from dashboard.intake.demo.eligibility import eligibility
from dashboard.intake.demo.persons import Persons
from dashboard.intake.demo.registrations import SUBJECT, Registrations, registrations
from dashboard.intake.demo.rhythm import Rhythm, rhythm
from dashboard.intake.demo.world import World, world
from dashboard.jurisdictions import Jurisdiction

SPRING_1399 = "spring-1399"
REGISTERED = 863_605
ELIGIBLE = 723_496
BEFORE_THE_YEAR = 24_000
IN_SPRING = 750_000
SPRING_OF = {"Tehran": 151_724, "Fars": 73_195, "Khuzestan": 31_942}
FIRST, NEW_YEAR, SUMMER, LAST = date(2020, 2, 20), date(2020, 3, 20), date(2020, 6, 21), date(2020, 7, 19)
"""1 Esfand 1398, 1 Farvardin, 1 Tir and 29 Tir 1399."""
_END = date(2020, 7, 20)

_CALIBRATION = replace(
    IRAN,
    online=(0.978, 0.986),
    online_free_day=0.7,
    eligible=ELIGIBLE / REGISTERED,
    returned=0.0,
    withdrawn=0.0,
    overridden=0.0,
    reviewed=0.12,
    excused=0.6,
    special_share=0.125,
)


@dataclass(frozen=True)
class Spring:
    """The scenario at full size or scaled to ``cases``: three stretches of time, each with its own rhythm."""

    world: World
    cases: int
    stretches: tuple[tuple[int, Rhythm], ...]

    def registrations(self, index: Ints) -> Registrations:
        """The registrations numbered ``index``, decided by 29 Tir, nothing after the decision."""
        opened, province = self._opened(index)
        granted = self.world.chance.uniform("spring eligible", index) < self._eligible_below
        plan = registrations(self.world, index, opened, province=province, eligible=granted)
        nothing = np.full(len(index), NEVER, np.int64)
        answered = np.where(plan.reviewed, np.minimum(plan.decided, self.world.until), NEVER)
        return replace(plan, decided=answered, referred=nothing, established=nothing, account=nothing, paid=nothing)

    def _opened(self, index: Ints) -> tuple[Ints, Ints]:
        opened, province = np.empty_like(index), np.empty_like(index)
        begin = 0
        for stretch, (n, flow) in enumerate(self.stretches):
            mine = (index >= begin) & (index < begin + n)
            opened[mine] = flow.arrivals(self.world.chance, f"spring {stretch}", index[mine] - begin, n)
            begin += n
        province[:] = self.world.places.province(self.world.chance, SUBJECT, index, opened)
        spring = (index >= self.stretches[0][0]) & (index < self.stretches[0][0] + self.stretches[1][0])
        province[spring] = self._spring_province(index[spring])
        return opened, province

    def _spring_province(self, index: Ints) -> Ints:
        """Provinces in spring: those with a published figure exactly so often, the others by their size."""
        luck = self.world.chance.uniform("spring province", index)
        codes = [self.world.jurisdiction.province(code).names["en"] for code in self.world.places.provinces]
        known = np.array([codes.index(name) for name in SPRING_OF])
        size = np.diff(self.world.places.flat[SUBJECT][: len(codes)], prepend=0.0)
        size[known] = 0.0
        other = self.world.chance.pick("spring other", index, size)
        slot = np.searchsorted(self._published_below, luck, side="right")
        return np.where(slot < len(known), known[np.minimum(slot, len(known) - 1)], other)

    @cached_property
    def _eligible_below(self) -> float:
        luck = np.sort(self.world.chance.uniform("spring eligible", np.arange(self.cases)))
        return float(_cut(luck, round(self.cases * ELIGIBLE / REGISTERED)))

    @cached_property
    def _published_below(self) -> Floats:
        before, spring = self.stretches[0][0], self.stretches[1][0]
        luck = np.sort(self.world.chance.uniform("spring province", np.arange(before, before + spring)))
        counts = np.cumsum([round(n * spring / IN_SPRING) for n in SPRING_OF.values()])
        return np.array([_cut(luck, int(count)) for count in counts])


def _cut(ordered: Floats, count: int) -> float:
    """The number below which exactly ``count`` of the ordered ones lie."""
    return float(ordered[count]) if count < len(ordered) else 1.0


def spring(jurisdiction: Jurisdiction, *, seed: int, cases: int | None) -> Spring:
    """The scenario; the published totals are met exactly unless ``cases`` scales it. ValueError outside Iran."""
    if jurisdiction.key != "ir":
        raise ValueError(f"the scenario {SPRING_1399} is of Iran, not of {jurisdiction.key}")
    cases = REGISTERED if cases is None else cases
    end = datetime.combine(LAST, time(23, 59, 59), jurisdiction.timezone)
    years = (LAST - FIRST).days / 365.25
    usual = world(jurisdiction, seed=seed, until=end, years=years, registrations=cases)
    rules = eligibility(jurisdiction, _CALIBRATION, usual.chance, jurisdiction.rules_on(LAST))
    people = Persons(jurisdiction, _CALIBRATION, usual.chance)
    before, within_spring = (round(cases * part / REGISTERED) for part in (BEFORE_THE_YEAR, IN_SPRING))
    stretches = (
        (before, _stretch(usual, FIRST, NEW_YEAR)),
        (within_spring, _stretch(usual, NEW_YEAR, SUMMER)),
        (cases - before - within_spring, _stretch(usual, SUMMER, _END)),
    )
    whole = _stretch(usual, FIRST, _END)
    of_spring = replace(
        usual, calibration=_CALIBRATION, eligibility=rules, persons=people, rhythms={SUBJECT: whole}, per_year=1e12
    )
    return Spring(of_spring, cases, stretches)


def _stretch(usual: World, first: date, after: date) -> Rhythm:
    """The rhythm from ``first`` to the day before ``after``: rising to late Farvardin, then falling slowly."""
    begin, end = usual.time.day(first), usual.time.day(after)
    peak = usual.time.day(date(2020, 4, 12))
    days = np.arange(begin, end)
    wave = 0.05 + np.exp(-0.5 * ((days - peak) / np.where(days < peak, 9.0, 26.0)) ** 2)
    noise = np.exp(0.12 * usual.chance.normal("spring day", days))
    return rhythm(usual.time, _CALIBRATION, wave * noise, begin * DAY, min(end * DAY - 1, usual.until))
