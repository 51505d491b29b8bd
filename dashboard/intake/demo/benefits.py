"""Benefits: one for every registration that was established, from the first month to the cut-off."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from dashboard.intake.demo.arrays import DAY, NEVER, Columns, Flags, Ints, Texts, case_ids, empty, latest, taken
from dashboard.intake.demo.chance import weights
from dashboard.intake.demo.premiums import months
from dashboard.intake.demo.registrations import SUBJECT as REGISTRATIONS
from dashboard.intake.demo.registrations import Registrations, ids
from dashboard.intake.demo.world import World

_MONTH = 30.44 * DAY
_SUSPENDED = 0.07
_SPENT = 0.55
"""Of those who claim again, an entitlement is reduced by what was used before; on average to this share."""
_FAMILY = ((25, 6, 12), (121, 12, 18), (181, 18, 26), (241, 26, 36), (10_000, 36, 50))
"""Below so many contribution months: months for the single, months for the married or with dependants (Act of 1369)."""


def _family(world: World, index: Ints, contributions: Ints) -> Ints:
    married = world.chance.chosen("married", index, 0.62)
    granted = np.zeros(len(index), np.int64)
    for below, single, family in reversed(_FAMILY):
        granted = np.where(contributions < below, np.where(married, family, single), granted)
    spent = world.chance.chosen("spent", index, 0.35)
    return np.where(spent, np.maximum((granted * _SPENT).astype(np.int64), 1), granted)


def _contribution(_world: World, _index: Ints, contributions: Ints) -> Ints:
    """Three months for 12 to 36 months of contributions, one more for every full 12, at most 12."""
    return np.asarray(np.clip(3 + np.maximum(contributions - 36, 0) // 12, 3, 12), np.int64)


_GRANTED: Mapping[str, Callable[[World, Ints, Ints], Ints]] = {"family": _family, "contribution": _contribution}


def established(world: World, plan: Registrations) -> Ints:
    """The rows of a plan that have been established by now."""
    return np.flatnonzero(plan.established <= world.until).astype(np.int64)


def columns(world: World, plan: Registrations) -> Columns:
    """The benefits of those registrations, as they stand now."""
    rows = established(world, plan)
    index, opened, province = plan.index[rows], plan.established[rows], plan.province[rows]
    chance, n = world.chance, len(rows)
    granted = _GRANTED[world.calibration.months_granted](world, index, months(world, index, plan.fault[rows]))
    earlier = np.floor(np.log1p(-chance.uniform("leaves", index)) / np.log1p(-world.calibration.leaves)).astype(
        np.int64
    )
    lasts = np.minimum(earlier, granted)
    wanted = opened + ((lasts + 0.2 * (earlier < granted)) * _MONTH).astype(np.int64)
    ended = world.time.after(wanted // DAY * DAY, np.zeros(n, np.int64), chance.uniform("ended", index))
    suspended, resumed = _suspension(world, index, opened, ended)
    closed = world.known(ended)
    paid_at = opened + ((world.until - opened) // _MONTH).astype(np.int64) * round(_MONTH)
    paid = np.minimum(((np.minimum(closed, world.until) - opened) / _MONTH).astype(np.int64), lasts)
    number, office = world.places.office(chance, REGISTRATIONS, index, province)
    median, spread = world.calibration.monthly_benefit
    monthly = np.round(chance.lognormal("monthly benefit", index, median, spread), -3).astype(np.int64)
    last_paid = np.where((closed == NEVER) & (paid_at <= world.until), paid_at, NEVER)
    return {
        "id": case_ids("B", world.series, index),
        "province": world.places.codes(province, opened, number),
        "office": office,
        "channel": empty(n),
        "category": taken(schemes(world), plan.category[rows]),
        "opened_at": world.time.moments(opened),
        "closed_at": world.time.moments(closed),
        "outcome": np.where(closed < NEVER, _cut_off(world, index, earlier < granted), ""),
        "updated_at": world.time.moments(latest(opened, suspended, resumed, closed, last_paid)),
        "registration_id": ids(world, index),
        "national_code": world.persons.codes(plan.person[rows]),
        "suspended_at": world.time.moments(suspended),
        "resumed_at": world.time.moments(resumed),
        "months_granted": granted.astype(np.str_),
        "months_paid": paid.astype(np.str_),
        "amount_granted": (monthly * granted).astype(np.str_),
        "amount_paid": (monthly * paid).astype(np.str_),
        "due_on": empty(n),
        **world.persons.attributes(plan.person[rows]),
    }


def _suspension(world: World, index: Ints, opened: Ints, ended: Ints) -> tuple[Ints, Ints]:
    """Some benefits rest for a while, within the time between the first month and the end."""
    chance = world.chance
    begin = opened + (0.1 + 0.7 * chance.uniform("suspended at", index)) * (ended - opened)
    start = np.where(
        chance.chosen("suspended", index, _SUSPENDED), np.maximum(begin.astype(np.int64) // DAY * DAY, opened), NEVER
    )
    suspended = world.time.after(start, np.zeros(len(index), np.int64), chance.uniform("suspended hour", index))
    resumed = world.later("resumed", index, suspended, 14.0, 0.5)
    suspended = np.where(suspended < ended, suspended, NEVER)
    return world.known(suspended), world.known(np.where((resumed < ended) & (suspended < NEVER), resumed, NEVER))


def end_of_entitlement(keys: Sequence[str]) -> str:
    """The code for a benefit that was paid to its end; the first of the list where none of the usual names is there."""
    return next((key for key in ("end_of_entitlement", "period_ended", "exhausted") if key in keys), keys[0])


def _cut_off(world: World, index: Ints, earlier: Flags) -> Texts:
    """Why a benefit ended: the end of entitlement, or one of the other reasons of the code list."""
    keys = [code.key for code in world.jurisdiction.codes["benefits.outcome"]]
    end = end_of_entitlement(keys)
    others = [key for key in keys if key != end] or keys
    share = weights(others, world.calibration.shares.get("benefits.outcome", {}))
    return np.where(earlier, np.array(others)[world.chance.pick("cut off", index, share)], end)


def schemes(world: World) -> tuple[str, ...]:
    """The category of a benefit for each category of registrations: the same key, else the first there is."""
    keys = [code.key for code in world.jurisdiction.codes["benefits.category"]]
    return tuple(key if key in keys else keys[0] for key in world.eligibility.categories)
