"""The simulator: a nation's claims going on from now, at the rhythm of the local hour."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np

from dashboard.claims.subjects import SUBJECTS
from dashboard.intake.demo import disputes, premiums, procedures, services
from dashboard.intake.demo import registrations as registered
from dashboard.intake.demo.arrays import DAY, Columns, Ints
from dashboard.intake.demo.disturb import correct, spoil
from dashboard.intake.demo.pool import Pool, Record
from dashboard.intake.demo.progress import advance, is_open
from dashboard.intake.demo.volumes import ORDER
from dashboard.intake.demo.world import ARRIVING, World, local, world
from dashboard.jurisdictions import Jurisdiction

TICK = 0.5
"""Seconds between two looks at the clock."""
_LONGEST = 30.0
"""Seconds made up for at most after a pause (a laptop that slept)."""
_FLOOR = 0.3
"""Share of the rate that holds at any hour, so that something moves at night too."""
_AHEAD = timedelta(days=60)
_ROOM, _SETTLED = 20_000, 2_000
_KINDS = ("new", "progress", "correction", "late", "bad")
_SHARES = (0.28, 0.63, 0.045, 0.03, 0.015)
"""A case brings about two changes after it was opened, so that about as many close as open."""
_PERSONS_FROM = 3_000_000
"""The persons of the simulator are others than those of a demo made before; their numbers begin here or later."""
_STEPS = {"registrations": 4.0, "disputes": 5.0, "procedures": 1.1, "service_requests": 1.1, "benefits": 1.5}
"""Changes of a case of each subject until it is closed, about."""


@dataclass(frozen=True)
class Filed:
    """New cases, whether anything can follow on each (the match refuses some at once), their rows of the register."""

    records: list[Record]
    goes_on: list[bool]
    register: list[Record] = field(default_factory=list)


@dataclass
class Simulation:
    """What the simulator knows: the world, the open cases and some closed ones by subject, and the next number."""

    world: World
    rng: np.random.Generator
    series: str
    number: int
    open: dict[str, Pool] = field(default_factory=lambda: {subject: Pool(_ROOM) for subject in _STEPS})
    settled: dict[str, Pool] = field(default_factory=lambda: {subject: Pool(_SETTLED) for subject in _STEPS})

    def remember(self, subject: str, record: Record) -> None:
        """Keeps the newest state of a case among the open or the closed ones."""
        if is_open(subject, record):
            self.open[subject].put(record, self.rng)
        else:
            self.open[subject].drop(record["id"])
            self.settled[subject].put(record, self.rng)

    def factor(self) -> float:
        """The volume of this hour against the mean, with the floor of the night."""
        flow = self.world.rhythms["registrations"]
        hour = int(flow.hour(np.array([self.world.until], dtype=np.int64))[0])
        share = flow.reached[hour] - (flow.reached[hour - 1] if hour else 0.0)
        return float(_FLOOR + (1 - _FLOOR) * share * len(flow.reached))

    def subject(self) -> str:
        """The subject of a new case."""
        share = np.array([self.world.calibration.mix[subject] for subject in ARRIVING])
        return str(self.rng.choice(ARRIVING, p=share / share.sum()))

    def filed(self, subject: str, opened: Ints) -> Filed:
        """New cases of a subject, opened then."""
        index = np.arange(self.number, self.number + len(opened), dtype=np.int64)
        self.number += len(opened)
        if subject != "registrations":
            return Filed(_records(_FILED[subject](self.world, index, opened)), [True] * len(opened))
        plan = registered.registrations(self.world, index, opened)
        register = _records(premiums.columns(self.world, plan))
        goes_on = (plan.granted | plan.reviewed).tolist()
        return Filed(_records(registered.columns(self.world, plan)), goes_on, register)

    def benefit(self, registration: Record) -> Record:
        """The benefit that begins when a registration is established."""
        shared = {name: registration.get(name, "") for name in _OF_REGISTRATION}
        months = int(self.rng.choice((3, 6, 9, 12, 18)))
        return {
            **shared,
            "id": f"B{registration['id'][1:]}",
            "registration_id": registration["id"],
            "opened_at": registration["established_at"],
            "closed_at": "",
            "outcome": "",
            "suspended_at": "",
            "resumed_at": "",
            "months_granted": str(months),
            "months_paid": "0",
            "amount_granted": str(months * round(self.world.calibration.monthly_benefit[0])),
            "amount_paid": "0",
        }


_OF_REGISTRATION = ("province", "office", "category", "national_code", "sex", "age", "sector", "skill")
_FILED: Mapping[str, Callable[[World, Ints, Ints], Columns]] = {
    "disputes": disputes.columns,
    "procedures": procedures.columns,
    "service_requests": services.columns,
}


def simulate(
    jurisdiction: Jurisdiction,
    *,
    seed: int,
    rate: float,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    wait: Callable[[float], object] = time.sleep,
    open_cases: Mapping[str, Iterable[Record]] | None = None,
) -> Iterator[tuple[str, Columns]]:
    """Endless parts of subject and columns, like :func:`dashboard.intake.demo.generate.generate`, as they arise.

    ``rate`` is records a second on average over the week (rows of the premium register, which accompany registrations,
    not counted); ``clock`` gives the present (aware), ``wait`` lets seconds pass. ``open_cases`` are records of open
    cases by subject that go on as well, such as those of a demo generated before: columns as texts, the national code
    in whatever form the intake accepts. ValueError for a rate that is not positive.
    """
    if rate <= 0:
        raise ValueError(f"a simulation needs a rate above zero, not {rate}")
    before = clock()
    simulation = _begin(jurisdiction, seed, before, open_cases or {})
    beyond = before + _AHEAD - timedelta(days=1)
    while True:
        wait(TICK)
        now = clock()
        if now >= beyond:
            simulation.world, beyond = _world(jurisdiction, seed, now), now + _AHEAD - timedelta(days=1)
        simulation.world = simulation.world.at(now, simulation.series)
        passed = min(max((now - before).total_seconds(), 0.0), _LONGEST)
        before = now
        expected = rate * simulation.factor() * passed
        yield from _parts(_tick(simulation, int(simulation.rng.poisson(expected)), local(now, jurisdiction)))


def _begin(
    jurisdiction: Jurisdiction, seed: int, now: datetime, open_cases: Mapping[str, Iterable[Record]]
) -> Simulation:
    series = np.base_repr(int(now.timestamp()), 36)
    begun = int(now.timestamp())
    first = _PERSONS_FROM + begun % 1_000_000
    simulation = Simulation(_world(jurisdiction, seed, now), np.random.default_rng([seed, begun]), series, first)
    for subject, records in open_cases.items():
        for record in records:
            simulation.open[subject].put(_taken_up(jurisdiction, subject, record), simulation.rng)
    return simulation


def _taken_up(jurisdiction: Jurisdiction, subject: str, record: Record) -> Record:
    """A record of somebody else with all columns of its subject, its moments as local time to the second."""
    taken = {each.name: record.get(each.name, "") for each in SUBJECTS[subject].fields}
    for each in SUBJECTS[subject].fields:
        moment = datetime.fromisoformat(taken[each.name]) if each.kind == "moment" and taken[each.name] else None
        if moment is not None and moment.tzinfo is not None:
            taken[each.name] = local(moment, jurisdiction).isoformat()
    return taken


def _world(jurisdiction: Jurisdiction, seed: int, now: datetime) -> World:
    """A world that reaches beyond now, so that the free days to come are known."""
    return world(jurisdiction, seed=seed, until=now + _AHEAD, years=0.5, registrations=50_000)


def _tick(simulation: Simulation, n: int, now: datetime) -> list[tuple[str, Record]]:
    """What happens in one moment: ``n`` records, each with ``updated_at`` now; no case twice."""
    rng, text = simulation.rng, now.isoformat()
    rows: list[tuple[str, Record]] = []
    arriving: dict[str, list[str]] = {}
    for kind in rng.choice(_KINDS, size=n, p=_SHARES).tolist():
        if kind == "progress":
            rows += _progress(simulation, text)
        elif kind == "correction":
            rows += _correction(simulation, text)
        else:
            arriving.setdefault(simulation.subject(), []).append(kind)
    for subject, kinds in arriving.items():
        rows += _arrivals(simulation, subject, kinds, now)
    return rows


def _arrivals(simulation: Simulation, subject: str, kinds: list[str], now: datetime) -> list[tuple[str, Record]]:
    """New cases of a subject: some opened a moment ago, some days ago, some spoilt."""
    rng, text = simulation.rng, now.isoformat()
    back = [rng.uniform(1.5, 20) * DAY if kind == "late" else rng.uniform(1, 20) for kind in kinds]
    filed = simulation.filed(subject, simulation.world.until - np.array(back).astype(np.int64))
    rows = [("premiums", {**row, "updated_at": text}) for row in filed.register]
    for kind, record, goes_on in zip(kinds, filed.records, filed.goes_on, strict=True):
        sent = {**(spoil(record, now, rng) if kind == "bad" else record), "updated_at": text}
        if kind != "bad" and goes_on:
            simulation.remember(subject, sent)
        rows.append((subject, sent))
    return rows


def _progress(simulation: Simulation, text: str) -> list[tuple[str, Record]]:
    rng = simulation.rng
    weight = np.array([_weight(simulation, subject) for subject in _STEPS])
    if weight.sum() == 0:
        return []
    subject = str(rng.choice(list(_STEPS), p=weight / weight.sum()))
    record = simulation.open[subject].pick(rng, text)
    if record is None:
        return []
    changed = advance(simulation.world, subject, record, text, rng)
    simulation.remember(subject, changed)
    rows = [(subject, changed)]
    if subject == "registrations" and changed["established_at"] == text:
        benefit = {**simulation.benefit(changed), "updated_at": text}
        simulation.remember("benefits", benefit)
        rows.append(("benefits", benefit))
    return rows


def _weight(simulation: Simulation, subject: str) -> float:
    if not len(simulation.open[subject]):
        return 0.0
    return _STEPS[subject] * simulation.world.calibration.mix.get(subject, 0.15)


def _correction(simulation: Simulation, text: str) -> list[tuple[str, Record]]:
    rng = simulation.rng
    subject = str(rng.choice(list(_STEPS)))
    pools = [pool for pool in (simulation.open[subject], simulation.settled[subject]) if len(pool)]
    record = pools[int(rng.integers(len(pools)))].pick(rng, text) if pools else None
    if record is None:
        return []
    changed = correct(simulation.world, subject, record, text, rng)
    simulation.remember(subject, changed)
    return [(subject, changed)]


def _records(columns: Columns) -> list[Record]:
    names = list(columns)
    return [dict(zip(names, row, strict=True)) for row in zip(*(columns[name].tolist() for name in names), strict=True)]


def _parts(rows: list[tuple[str, Record]]) -> Iterator[tuple[str, Columns]]:
    """The records by subject, the register first, each with all columns of its subject."""
    for subject in ORDER:
        mine = [record for of, record in rows if of == subject]
        if mine:
            names = [field.name for field in SUBJECTS[subject].fields]
            yield subject, {name: np.array([record.get(name, "") for record in mine], dtype=np.str_) for name in names}
