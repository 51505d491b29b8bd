"""The next thing that happens to an open case.

Every function takes a record and the present moment as text and gives the record as it stands afterwards; ``luck``
is a uniform number that decides between the ways on. A case is over when ``closed_at`` is set or, for a registration,
when it was paid, refused or withdrawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from dashboard.intake.demo.benefits import end_of_entitlement
from dashboard.intake.demo.chance import weights
from dashboard.intake.demo.pool import Record
from dashboard.intake.demo.registrations import closes_when_decided
from dashboard.intake.demo.world import World

_PAYMENT = ("referred_at", "established_at", "account_at", "paid_at")


def is_open(subject: str, record: Record) -> bool:
    """Whether anything can still happen to the case."""
    if subject == "registrations":
        return not (record["paid_at"] or record["outcome"] in ("not_eligible", "withdrawn"))
    return not record["closed_at"]


def advance(world: World, subject: str, record: Record, now: str, rng: np.random.Generator) -> Record:
    """The record after the next step, changed ``now``."""
    return {**record, **_NEXT[subject](world, record, now, rng), "updated_at": now}


def _registration(world: World, record: Record, now: str, rng: np.random.Generator) -> Record:
    luck = rng.random()
    if record["review_at"] and not record["decided_at"]:
        back = _supplement(record, now, luck, 0.3)
        return back or _answer(world, record, now, rng)
    step = next(step for step in _PAYMENT if not record[step])
    return {step: now}


def _answer(world: World, record: Record, now: str, rng: np.random.Generator) -> Record:
    number = world.eligibility.categories.index(record["category"])
    closing = {"closed_at": now} if closes_when_decided(world)[number] else {}
    if rng.random() < world.calibration.eligible:
        return {**closing, "outcome": "eligible", "decided_at": now}
    faults = [fault.reason for fault in world.eligibility.faults]
    reason = faults[int(rng.choice(len(faults), p=world.eligibility.shares))] if faults else ""
    return {**closing, "outcome": "not_eligible", "decided_at": now, "reason": reason}


def _supplement(record: Record, now: str, luck: float, share: float) -> Record:
    """Return for completion and resubmission; nothing for a file that is complete."""
    if record["returned_at"] and not record["resubmitted_at"]:
        return {"resubmitted_at": now}
    return {"returned_at": now} if not record["returned_at"] and luck < share else {}


def _procedure(world: World, record: Record, now: str, rng: np.random.Generator) -> Record:
    procedure = next(known for known in world.jurisdiction.procedures if known.key == record["category"])
    back = {} if procedure.ex_officio or procedure.kept_apart else _supplement(record, now, rng.random(), 0.08)
    if back:
        return back
    known = world.calibration.procedures.get(procedure.key, {procedure.outcomes[0]: 0.95})
    settled = world.calibration.outcome_of_ground.get(record["reason"], "")
    outcome = settled if settled in procedure.outcomes else _one_of(procedure.outcomes, known, rng)
    return {"closed_at": now, "outcome": outcome}


def _service(world: World, record: Record, now: str, rng: np.random.Generator) -> Record:
    back = _supplement(record, now, rng.random(), world.calibration.returned)
    return back or {"closed_at": now, "outcome": _outcome(world, "service_requests", rng)}


def _dispute(world: World, record: Record, now: str, rng: np.random.Generator) -> Record:
    luck = rng.random()
    if not record["hearing_at"]:
        return _before_the_hearing(record, now, luck, {c.key for c in world.jurisdiction.codes["disputes.outcome"]})
    for step in ("ruling_at", "served_at"):
        if not record[step]:
            return {step: now}
    if not record["appealed_at"] and luck < 0.29:
        return {"appealed_at": now}
    ending = {"closed_at": now, "outcome": _outcome(world, "disputes", rng, without=("settled", "withdrawn", "joined"))}
    return {**ending, "appeal_ruling_at": now} if record["appealed_at"] else ending


def _before_the_hearing(record: Record, now: str, luck: float, known: set[str]) -> Record:
    tried = record["conciliation_at"] or now
    if luck < 0.1 and "settled" in known:
        return {"conciliation_at": tried, "closed_at": now, "outcome": "settled"}
    if luck < 0.15 and "withdrawn" in known:
        return {"closed_at": now, "outcome": "withdrawn"}
    if luck < 0.4 and not record["conciliation_at"]:
        return {"conciliation_at": now}
    board = record["board"] or (f"{record['office']}/1" if record["office"] else "")
    return {"hearing_at": now, "board": board}


def _benefit(world: World, record: Record, now: str, rng: np.random.Generator) -> Record:
    luck = rng.random()
    if record["suspended_at"] and not record["resumed_at"]:
        return {"resumed_at": now}
    if luck < 0.06 and not record["suspended_at"]:
        return {"suspended_at": now}
    paid, granted = int(record["months_paid"] or 0), int(record["months_granted"] or 0)
    end = end_of_entitlement([code.key for code in world.jurisdiction.codes["benefits.outcome"]])
    if paid >= granted:
        return {"closed_at": now, "outcome": end}
    if luck > 0.97:
        return {"closed_at": now, "outcome": _outcome(world, "benefits", rng, without=(end,))}
    monthly = int(record["amount_granted"] or 0) // granted
    return {"months_paid": str(paid + 1), "amount_paid": str(monthly * (paid + 1))}


def _outcome(world: World, subject: str, rng: np.random.Generator, without: tuple[str, ...] = ()) -> str:
    keys = [code.key for code in world.jurisdiction.codes[f"{subject}.outcome"]]
    left = [key for key in keys if key not in without] or keys
    return _one_of(tuple(left), world.calibration.shares.get(f"{subject}.outcome", {}), rng)


def _one_of(keys: tuple[str, ...], known: Mapping[str, float], rng: np.random.Generator) -> str:
    return keys[int(rng.choice(len(keys), p=weights(keys, known)))]


_NEXT: Mapping[str, Callable[[World, Record, str, np.random.Generator], Record]] = {
    "registrations": _registration,
    "disputes": _dispute,
    "procedures": _procedure,
    "service_requests": _service,
    "benefits": _benefit,
}
