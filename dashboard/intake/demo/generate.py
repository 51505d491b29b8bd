"""The demo: a nation's claims of some years, made in chunks, the same for the same seed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from dashboard.intake.demo import benefits, capacity, disputes, premiums, procedures, services
from dashboard.intake.demo import registrations as registered
from dashboard.intake.demo.arrays import Columns, Ints
from dashboard.intake.demo.registrations import Registrations
from dashboard.intake.demo.scenario import SPRING_1399, spring
from dashboard.intake.demo.volumes import CASES, ORDER, STANDING, volumes
from dashboard.intake.demo.world import World, calibration_of, world
from dashboard.jurisdictions import Jurisdiction

CHUNK = 50_000
"""The most rows of a chunk."""
SCENARIOS = (SPRING_1399,)
_SAMPLE = 100_000

_ARRIVING: Mapping[str, Callable[[World, Ints, Ints], Columns]] = {
    "disputes": disputes.columns,
    "procedures": procedures.columns,
    "service_requests": services.columns,
}
_FOLLOWING: Mapping[str, Callable[[World, Registrations], Columns]] = {
    "premiums": premiums.columns,
    "registrations": registered.columns,
    "benefits": benefits.columns,
}
_STANDING: Mapping[str, Callable[[World], Columns]] = {
    "staffing": capacity.staffing,
    "readiness": capacity.readiness,
}


@dataclass(frozen=True)
class Demo:
    """A demo ready to be made. ``arriving`` counts the cases that arrive by themselves, ``subjects`` are in order."""

    world: World
    subjects: tuple[str, ...]
    arriving: Mapping[str, int]
    plan: Callable[[Ints], Registrations]

    def columns(self, subject: str, index: Ints) -> Columns:
        """The records of ``subject`` that come of the cases numbered ``index``; what stands by itself, all of it."""
        if subject in _STANDING:
            return _STANDING[subject](self.world)
        if subject in _FOLLOWING:
            return _FOLLOWING[subject](self.world, self.plan(index))
        opened = self.world.rhythms[subject].arrivals(self.world.chance, subject, index, self.arriving[subject])
        return _ARRIVING[subject](self.world, index, opened)

    def source(self, subject: str) -> int:
        """How many cases the records of ``subject`` come of; one where they come of none."""
        if subject in _STANDING:
            return 1
        return self.arriving["registrations" if subject in _FOLLOWING else subject]

    def rows(self, subject: str) -> int:
        """How many records ``subject`` has; of the register and the benefits an estimate where there are many."""
        if subject in _STANDING:
            return len(_STANDING[subject](self.world)["updated_at"])
        n = self.source(subject)
        if subject not in ("premiums", "benefits"):
            return n
        stride = max(1, n // _SAMPLE)
        index = np.arange(0, n, stride)
        if subject == "premiums":
            return premiums.count(self.world, self.plan(index)) * stride
        return len(benefits.established(self.world, self.plan(index))) * stride


def prepare(
    jurisdiction: Jurisdiction,
    *,
    cases: int | None = None,
    seed: int = 1,
    until: datetime,
    years: float = 3.0,
    scenario: str | None = None,
    subjects: Collection[str] | None = None,
) -> Demo:
    """A demo of ``cases`` cases (300,000; a scenario: its own number) up to ``until`` (aware).

    With ``subjects`` all cases are of these. A scenario has its own time. ValueError for what does not go together.
    """
    if scenario is not None:
        if scenario not in SCENARIOS:
            raise ValueError(f"there is no scenario {scenario}; there is {', '.join(SCENARIOS)}")
        of_spring = spring(jurisdiction, seed=seed, cases=cases)
        wanted = _ordered(subjects, ("premiums", "registrations"))
        return Demo(of_spring.world, wanted, {"registrations": of_spring.cases}, of_spring.registrations)
    wanted = _ordered(subjects, (*ORDER, *STANDING))
    arriving = volumes(calibration_of(jurisdiction), CASES if cases is None else cases, wanted)
    n = arriving["registrations"]
    usual = world(jurisdiction, seed=seed, until=until, years=years, registrations=n)
    flow = usual.rhythms["registrations"]

    def plan(index: Ints) -> Registrations:
        return registered.registrations(usual, index, flow.arrivals(usual.chance, "registrations", index, n))

    return Demo(usual, wanted, arriving, plan)


def _ordered(subjects: Collection[str] | None, known: tuple[str, ...]) -> tuple[str, ...]:
    if subjects is None:
        return known
    unknown = sorted(set(subjects) - set(known))
    if unknown:
        raise ValueError(f"no demo data of {', '.join(unknown)}")
    return tuple(subject for subject in known if subject in subjects)


def plan(
    jurisdiction: Jurisdiction,
    *,
    cases: int | None = None,
    seed: int = 1,
    until: datetime,
    years: float = 3.0,
    scenario: str | None = None,
    subjects: Collection[str] | None = None,
) -> dict[str, int]:
    """Rows per subject that :func:`generate` will give, in its order: what a progress bar counts to.

    Exact up to 100,000 registrations; beyond, the register and the benefits are estimated.
    """
    demo = prepare(jurisdiction, cases=cases, seed=seed, until=until, years=years, scenario=scenario, subjects=subjects)
    return {subject: demo.rows(subject) for subject in demo.subjects}


def generate(
    jurisdiction: Jurisdiction,
    *,
    cases: int | None = None,
    seed: int = 1,
    until: datetime,
    years: float = 3.0,
    scenario: str | None = None,
    subjects: Collection[str] | None = None,
    chunk: int = CHUNK,
) -> Iterator[tuple[str, Columns]]:
    """The records of the demo, subject by subject in the order of time, at most ``chunk`` rows at once; what stands by
    itself, few rows of a province or an office, in one part.

    Each part is the subject and its columns as texts, named as in ``dashboard.claims.subjects``. The same arguments
    give the same records whatever the chunks; nothing lies after ``until``. See :func:`prepare` for the arguments.
    """
    demo = prepare(jurisdiction, cases=cases, seed=seed, until=until, years=years, scenario=scenario, subjects=subjects)
    for subject in demo.subjects:
        n = demo.source(subject)
        for begin in range(0, n, step := _step(subject, chunk)):
            columns = demo.columns(subject, np.arange(begin, min(begin + step, n), dtype=np.int64))
            if len(columns["updated_at"]):
                yield subject, columns


def _step(subject: str, chunk: int) -> int:
    """Cases to a chunk: a registration may bring two rows of the register."""
    return max(chunk // 2, 1) if subject == "premiums" else chunk
