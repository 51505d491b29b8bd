"""The premium register: what social security knows of the applicants, written to fit what was planned for them."""

from __future__ import annotations

import numpy as np

from dashboard.intake.demo.arrays import DAY, Columns, Flags, Ints, Texts
from dashboard.intake.demo.chance import weights
from dashboard.intake.demo.eligibility import NO_FAULT, outside, parameter
from dashboard.intake.demo.registrations import Registrations
from dashboard.intake.demo.workshops import workshop_codes
from dashboard.intake.demo.world import World
from dashboard.jurisdictions import EligibilityRule

_ELSEWHERE = 0.13
"""Share of the persons who also have a row at a workshop they worked in before."""


def months(world: World, index: Ints, fault: Ints) -> Ints:
    """Months of contributions: enough for every rule unless their lack is the fault."""
    needed = [
        parameter(world.eligibility.faults[number].rule, "months", 1)
        for number in world.eligibility.checks("min_months")
    ]
    least = max(needed, default=1)
    found = least + world.chance.lognormal("months", index, 34.0, 0.95).astype(np.int64)
    for number, limit in zip(world.eligibility.checks("min_months"), needed, strict=True):
        short = (world.chance.uniform("short", index) ** 0.7 * limit).astype(np.int64)
        found = np.where(fault == number, short, found)
    return np.minimum(found, 420)


def columns(world: World, plan: Registrations) -> Columns:
    """The rows for those registrations: one each, none for the unregistered, a second one for some."""
    index, fault = plan.index, plan.fault
    listed, elsewhere = _rows(world, plan)
    rows = np.concatenate([np.flatnonzero(listed), np.flatnonzero(elsewhere)])
    second = np.arange(len(rows)) >= listed.sum()
    order = np.argsort(rows, kind="stable")
    rows, second = rows[order], second[order]
    index, fault = index[rows], np.where(second, NO_FAULT, fault[rows])
    ended = plan.opened[rows] // DAY - plan.lag[rows] - second * (200 + index % 500)
    last_paid = np.maximum(ended - (world.chance.uniform("paid until", index) * 30).astype(np.int64), 0)
    told = np.minimum((last_paid + 3) * DAY + index % 50_000, plan.opened[rows] - 60)
    return {
        "national_code": world.persons.codes(plan.person[rows]),
        "workshop_code": workshop_codes(
            world.jurisdiction.workshop_pattern, _workshop(world, plan, rows, fault, second)
        ),
        "months": months(world, index, fault).astype(np.str_),
        "premium_paid": np.where(_of(world, fault, "premium_paid"), "no", "yes"),
        "insurance": _insurance(world, index, fault),
        "standing": _standing(world, index, fault),
        "last_paid_on": world.time.dates(last_paid),
        "updated_at": world.time.moments(told),
    }


def count(world: World, plan: Registrations) -> int:
    """How many rows of the register come of those registrations."""
    listed, elsewhere = _rows(world, plan)
    return int(listed.sum() + elsewhere.sum())


def _rows(world: World, plan: Registrations) -> tuple[Flags, Flags]:
    """Who is in the register, and who is in it twice."""
    listed = ~_of(world, plan.fault, "registered")
    experienced = listed & ~_of(world, plan.fault, "min_months")
    return listed, experienced & world.chance.chosen("elsewhere", plan.index, _ELSEWHERE)


def _of(world: World, fault: Ints, check: str) -> Flags:
    return np.isin(fault, world.eligibility.checks(check))


def _workshop(world: World, plan: Registrations, rows: Ints, fault: Ints, second: Flags) -> Ints:
    """The workshop named in the application; another one in second rows and where that is the fault."""
    other = second | _of(world, fault, "workshop_matches")
    return np.where(other, plan.workshop[rows] + 1 + 3 * second + 7 * (plan.index[rows] % 90_000), plan.workshop[rows])


def _insurance(world: World, index: Ints, fault: Ints) -> Texts:
    """An insurance every rule allows, unless it is the fault."""
    rules = world.eligibility
    keys = [code.key for code in world.jurisdiction.codes["insurances"]]
    barred = {number: outside(world.jurisdiction, rule) for number, rule in _rules(world, "insurance_is")}
    allowed = [key for key in keys if not any(key in keys_out for keys_out in barred.values())]
    known = {"compulsory": 0.97, "self_employed": 0.015, "optional": 0.015}
    found = np.array(allowed)[rules.chance.pick("insurance", index, weights(allowed, known))]
    for number, out in barred.items():
        other = np.array(out)[rules.chance.pick("other insurance", index, weights(out, known))]
        found = np.where(fault == number, other, found)
    return found


def _standing(world: World, index: Ints, fault: Ints) -> Texts:
    """A standing no rule excludes, unless it is the fault."""
    keys = [code.key for code in world.jurisdiction.codes["standings"]]
    barred = {number: _excluded(rule) for number, rule in _rules(world, "standing_not")}
    allowed = [key for key in keys if not any(key in out for out in barred.values())]
    found = np.array(allowed)[world.chance.pick("standing", index, weights(allowed, {"active": 0.99}))]
    for number, out in barred.items():
        other = np.array(out)[
            world.chance.pick("other standing", index, weights(out, {"retired": 0.6, "foreign": 0.3}))
        ]
        found = np.where(fault == number, other, found)
    return found


def _rules(world: World, check: str) -> list[tuple[int, EligibilityRule]]:
    faults = world.eligibility.faults
    return [(number, rule) for number in world.eligibility.checks(check) if (rule := faults[number].rule) is not None]


def _excluded(rule: EligibilityRule) -> tuple[str, ...]:
    excluded = rule.parameters["excluded"]
    return excluded if isinstance(excluded, tuple) else ()
