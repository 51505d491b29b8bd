"""The procedures on a benefit: grants, suspensions, terminations, transfers, monthly notices."""

from __future__ import annotations

import numpy as np

from dashboard.intake.demo.arrays import DAY, NEVER, Columns, Flags, Floats, Ints, Texts, case_ids, empty, latest, taken
from dashboard.intake.demo.chance import tilted, weights
from dashboard.intake.demo.promptness import Limits, decided, spent
from dashboard.intake.demo.world import World
from dashboard.jurisdictions import Procedure

SUBJECT = "procedures"
_GIVES_UP = 0.05
_YEAR = 365.25 * DAY


def columns(world: World, index: Ints, opened: Ints) -> Columns:
    """The procedures numbered ``index``, opened at ``opened``, as they stand now."""
    jurisdiction, chance, places = world.jurisdiction, world.chance, world.places
    n, of_law = len(index), jurisdiction.procedures
    keys = tuple(procedure.key for procedure in of_law)
    kind = chance.pick("procedure", index, weights(keys, world.calibration.procedures.get("volume", {})))
    province = places.province(chance, SUBJECT, index, opened)
    ex_officio = np.array([procedure.ex_officio for procedure in of_law])[kind]
    opened = np.where(ex_officio, _office_hours(world, index, opened), opened)
    apart = np.array([procedure.kept_apart for procedure in of_law])[kind]
    returned, resubmitted = _supplement(world, index, opened, province, ex_officio | apart)
    in_hand = np.where(returned < NEVER, resubmitted, opened)
    limits = Limits.of(world, SUBJECT, keys, world.time.date(world.until // DAY))
    usual = np.array([world.calibration.procedure_days.get(key, 5.0) for key in keys])[kind]
    ended = decided(
        world, "procedure", index, in_hand, province, limits.days[kind], usual, spent(world, opened, returned)
    )
    closed = world.known(ended)
    returned, resubmitted = world.known(returned), world.known(resubmitted)
    number, office = places.office(chance, SUBJECT, index, province)
    reason, outcome = _ends(world, index, kind)
    either = np.array([{"approved", "denied"} <= set(procedure.outcomes) for procedure in of_law])[kind]
    odds = world.habits.offices["approved"][places.place(province, number)]
    outcome = np.where(either, _granted(world, index, outcome, odds), outcome)
    moves = np.array(["transfer" in key for key in keys])[kind]
    person = _person(world, index, opened)
    return {
        "id": case_ids("P", world.series, index),
        "province": places.codes(province, opened, number),
        "office": office,
        "channel": np.where(ex_officio, "", world.channel(SUBJECT, index, opened, province)),
        "category": taken(keys, kind),
        "opened_at": world.time.moments(opened),
        "closed_at": world.time.moments(closed),
        "outcome": np.where(closed < NEVER, outcome, ""),
        "updated_at": world.time.moments(latest(opened, returned, resubmitted, closed)),
        "national_code": world.persons.codes(person),
        "to_province": _to_province(world, index, opened, province, moves),
        "returned_at": world.time.moments(returned),
        "resubmitted_at": world.time.moments(resubmitted),
        "reason": np.where((closed < NEVER) | ex_officio, reason, ""),
        "due_on": empty(n),
        **world.persons.attributes(person),
    }


def _office_hours(world: World, index: Ints, moments: Ints) -> Ints:
    """The office hour before each moment: what an office opens by itself it opens while it works."""
    day = moments // DAY
    day = world.time.days[np.maximum(world.time.ordinal[day] - 1, 0)]
    hour = (world.time.opens + world.time.hours * world.chance.uniform("ex officio", index)) * 3600
    return np.maximum(np.minimum(day * DAY + hour.astype(np.int64), moments), world.begin)


def _supplement(world: World, index: Ints, opened: Ints, province: Ints, never: Flags) -> tuple[Ints, Ints]:
    """When a file was returned for completion and came back; some never do and stay open."""
    chance = world.chance
    goes_back = ~never & chance.chosen("procedure returned", index, world.calibration.returned)
    tempo = world.places.tempo_of(province, opened)
    returned = world.later("procedure returned at", index, np.where(goes_back, opened, NEVER), 1.5 * tempo)
    waits = chance.lognormal("procedure waits", index, 4.0, 0.8)
    gives_up = chance.chosen("procedure gives up", index, _GIVES_UP)
    return returned, np.where(gives_up, NEVER, world.time.after_days(returned, waits))


def _ends(world: World, index: Ints, kind: Ints) -> tuple[Texts, Texts]:
    """Reason and outcome of every procedure once it is closed."""
    listed = {code.key for code in world.jurisdiction.codes["procedures.reason"]}
    reason = np.full(len(index), "", dtype="<U64")
    outcome = np.full(len(index), "", dtype="<U64")
    for number, procedure in enumerate(world.jurisdiction.procedures):
        mine = kind == number
        rows = index[mine]
        shares = weights(procedure.outcomes, world.calibration.procedures.get(procedure.key, _first(procedure)))
        outcome[mine] = np.array(procedure.outcomes)[world.chance.pick(f"{procedure.key} outcome", rows, shares)]
        grounds = {
            key: share for key, share in world.calibration.grounds.get(procedure.key, {}).items() if key in listed
        }
        if grounds:
            picked = world.chance.pick(f"{procedure.key} ground", rows, np.array(list(grounds.values())))
            reason[mine] = np.array(list(grounds))[picked]
            settled = np.array([_settled(world, procedure, key) for key in grounds])[picked]
            outcome[mine] = np.where(settled != "", settled, outcome[mine])
    return reason, outcome


def _granted(world: World, index: Ints, outcome: Texts, odds: Floats) -> Texts:
    """Outcomes in which an office grants or refuses by odds of its own; other outcomes as they are."""
    share = world.calibration.procedures.get("benefit_grant", {})
    if not {"approved", "denied"} <= set(share):
        return outcome
    whole = share["approved"] / (share["approved"] + share["denied"])
    drawn = np.where(world.chance.chosen("granted", index, tilted(whole, odds)), "approved", "denied")
    return np.where(np.isin(outcome, ["approved", "denied"]), drawn, outcome)


def _first(procedure: Procedure) -> dict[str, float]:
    """Of a procedure nothing is known of: its first outcome is the usual one."""
    return {procedure.outcomes[0]: 0.95}


def _settled(world: World, procedure: Procedure, ground: str) -> str:
    """The outcome a ground leads to; the last of the procedure's for a ground that is not among the favourable ones."""
    of_ground = world.calibration.outcome_of_ground
    if not set(of_ground.values()) & set(procedure.outcomes):
        return ""
    return of_ground.get(ground, procedure.outcomes[-1])


def _person(world: World, index: Ints, opened: Ints) -> Ints:
    """Somebody who registered within the half year before."""
    back = 0.5 * world.chance.uniform("procedure person", index)
    position = ((opened - world.begin) / _YEAR - back) * world.per_year
    return np.abs(position).astype(np.int64)


def _to_province(world: World, index: Ints, opened: Ints, province: Ints, moves: Flags) -> Texts:
    """Where a transferred benefit goes: another province."""
    n = len(world.places.provinces)
    there = world.places.province(world.chance, "registrations", index + 1, opened)
    there = np.where(there == province, (province + 1) % n, there)
    codes = world.places.codes(there, opened, np.zeros(len(index), np.int64))
    return np.where(moves & (there != province), codes, "")
