"""Registrations for unemployment insurance: from the application to the payment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dashboard.intake.demo.arrays import (
    DAY,
    NEVER,
    Columns,
    Flags,
    Ints,
    Texts,
    case_ids,
    empty,
    first_known,
    latest,
    taken,
)
from dashboard.intake.demo.chance import tilted, weights
from dashboard.intake.demo.eligibility import NO_FAULT, parameter
from dashboard.intake.demo.promptness import Limits, decided, spent
from dashboard.intake.demo.workshops import workshop_codes
from dashboard.intake.demo.world import World

SUBJECT = "registrations"
_FILERS = {"worker": 0.9, "employer": 0.07, "association": 0.03}
_DEVICES = {"phone": 0.71, "computer": 0.29}
_GIVES_UP = 0.07
"""Share of the returned applications that are never completed; after 45 days they count as withdrawn."""


@dataclass(frozen=True)
class Registrations:
    """Registrations as they were planned to the end; moments still to come are there, :func:`columns` hides them.

    ``fault`` numbers what is wrong, NO_FAULT for nothing; ``granted`` is the answer an expert or the match gives.
    ``lag`` is the days from losing the job to filing.
    """

    index: Ints
    person: Ints
    workshop: Ints
    province: Ints
    opened: Ints
    category: Ints
    fault: Ints
    reviewed: Flags
    granted: Flags
    withdrawn: Flags
    lag: Ints
    returned: Ints
    resubmitted: Ints
    review: Ints
    decided: Ints
    referred: Ints
    established: Ints
    account: Ints
    paid: Ints


def workshops(world: World, stream: str, index: Ints, province: Ints) -> Ints:
    """The number of the workshop of each case; those of a province share its leading digits."""
    size = world.chance.uniform(stream, index) ** 2
    return np.asarray((province + 1) * 10_000_000 + (size * 9_999_999).astype(np.int64), np.int64)


def registrations(
    world: World, index: Ints, opened: Ints, *, province: Ints | None = None, eligible: Flags | None = None
) -> Registrations:
    """The plan of the registrations numbered ``index``, filed at ``opened``.

    ``province`` and ``eligible`` fix what is drawn otherwise.
    """
    chance, rules = world.chance, world.eligibility
    if province is None:
        province = world.places.province(chance, SUBJECT, index, opened)
    place = world.places.place(province, world.places.office(chance, SUBJECT, index, province)[0])
    drawn = eligible is None
    if eligible is None:
        eligible = chance.chosen("eligible", index, world.calibration.eligible)
    category = rules.category(index, eligible)
    fault = rules.fault(index, eligible, category)
    reviewed = rules.reviewed(index, fault)
    if drawn:
        fault = rules.refused(index, fault, reviewed, world.habits.offices["strict"][place])
        eligible = eligible & (fault == NO_FAULT)
    returned = reviewed & chance.chosen(
        "returned", index, tilted(_returned_share(world), world.habits.offices["returned"][place])
    )
    gives_up = returned & chance.chosen("gives up", index, _GIVES_UP)
    withdrawn = gives_up | (reviewed & chance.chosen("withdrawn", index, world.calibration.withdrawn))
    granted = (eligible | rules.overridden(index, fault, reviewed, world.habits.overriding[province])) & ~withdrawn
    tempo = world.places.tempo_of(province, opened)
    taken_up = opened + 5 + (chance.uniform("review", index) * 50).astype(np.int64)
    review = np.where(reviewed, np.minimum(taken_up, np.maximum(opened, world.until)), NEVER)
    sent_back = world.later("returned at", index, np.where(returned, review, NEVER), 2.5 * tempo)
    waits = chance.lognormal("resubmitted", index, 4.5, 0.8)
    again = np.where(gives_up, NEVER, world.time.after_days(sent_back, waits))
    in_hand = first_known(again, np.where(returned, NEVER, review))
    answer = _answer(world, index, opened, sent_back, in_hand, province, category)
    gone = world.time.after(
        np.where(gives_up, sent_back, NEVER), np.full(len(index), 32), chance.uniform("gone", index)
    )
    decision = np.where(gives_up, gone, answer)
    stalls = np.where(chance.chosen("stalls", index, 0.02), 7.0, 1.0)
    start = np.where(granted, np.where(reviewed, decision, opened), NEVER)
    referred = world.later("referred", index, start, 1.6 * tempo * stalls)
    established = world.later("established", index, referred, 8.0 * tempo**0.6)
    account = world.later("account", index, established, 2.0, 0.5)
    paid = world.later("paid", index, account, 6.0)
    person = _person(world, index, fault)
    return Registrations(
        index,
        person,
        workshops(world, "workshop", index, province),
        province,
        opened,
        category,
        fault,
        reviewed,
        granted,
        withdrawn,
        _lag(world, index, fault, reviewed),
        sent_back,
        again,
        review,
        decision,
        referred,
        established,
        account,
        paid,
    )


def _person(world: World, index: Ints, fault: Ints) -> Ints:
    """Who files: somebody new, or somebody who filed before and of whom the register knows nothing amiss.

    The register knows a person's whole history, so who files twice cannot be unknown to it or new to it once.
    """
    before = world.persons.filed_before(index, world.per_year)
    again = np.flatnonzero(before >= 0)
    earlier = before[again]
    rules, personal = (
        world.eligibility,
        (*world.eligibility.checks("registered"), *world.eligibility.checks("min_months")),
    )
    eligible = world.chance.chosen("eligible", earlier, world.calibration.eligible)
    then = rules.fault(earlier, eligible, rules.category(earlier, eligible))
    known = ~np.isin(fault[again], personal) & ~np.isin(then, personal)
    person = index.copy()
    person[again[known]] = earlier[known]
    return person


def closes_when_decided(world: World) -> Flags:
    """For each category whether the answer closes a registration: where a limit from filing to closing is set, it is
    the time to decide. Elsewhere the intake closes it when it is paid or refused.
    """
    day = world.time.date(world.until // DAY)
    return np.asarray(Limits.of(world, SUBJECT, world.eligibility.categories, day).days >= 0, np.bool_)


def _returned_share(world: World) -> float:
    """Of the reviewed, so that of all registrations the calibrated share is returned."""
    return (
        min(world.calibration.returned / (world.calibration.reviewed * 1.1), 0.5)
        if world.eligibility.at_once
        else world.calibration.returned
    )


def _answer(
    world: World, index: Ints, opened: Ints, returned: Ints, in_hand: Ints, province: Ints, category: Ints
) -> Ints:
    if world.eligibility.at_once:
        tempo = world.places.tempo_of(province, opened)
        return world.later("decided", index, in_hand, 5.0 * tempo, 0.65)
    limits = Limits.of(world, SUBJECT, world.eligibility.categories, world.time.date(world.until // DAY))
    return decided(
        world, "decided", index, in_hand, province, limits.days[category], 7.0, spent(world, opened, returned)
    )


def _lag(world: World, index: Ints, fault: Ints, reviewed: Flags) -> Ints:
    """Days from the loss of the job to the filing: within the time allowed, or well beyond it for the late.

    Where the rule knows an excuse, some of the reviewed come later than the time allowed and are excused.
    """
    chance = world.chance
    usual = np.minimum(chance.lognormal("lag", index, 9.0, 0.9), 28).astype(np.int64)
    late = world.eligibility.checks("filed_within")
    for number in late:
        rule = world.eligibility.faults[number].rule
        days = parameter(rule, "days", 30)
        excused = parameter(rule, "excused_days", days)
        beyond = max(days, excused) + 3 + (chance.uniform("beyond", index) * 60).astype(np.int64)
        usual = np.where(fault == number, beyond, usual)
        if excused > days + 5:
            with_excuse = reviewed & (fault == NO_FAULT) & chance.chosen("excused", index, world.calibration.excused)
            between = days + 1 + (chance.uniform("excused days", index) * (excused - days - 4)).astype(np.int64)
            usual = np.where(with_excuse, between, usual)
    return usual


def ids(world: World, index: Ints) -> Texts:
    """The ids of registrations."""
    return case_ids("R", world.series, index)


def columns(world: World, plan: Registrations) -> Columns:
    """The records as they stand now. What the match answers at once comes without an outcome."""
    jurisdiction, rules = world.jurisdiction, world.eligibility
    n = len(plan.index)
    now = world.known
    review, decision = now(plan.review), now(plan.decided)
    moments = {
        "returned_at": now(plan.returned),
        "resubmitted_at": now(plan.resubmitted),
        "review_at": review,
        "decided_at": decision,
        "referred_at": now(plan.referred),
        "established_at": now(plan.established),
        "account_at": now(plan.account),
        "paid_at": now(plan.paid),
    }
    known = decision < NEVER
    reasons = np.array([*(fault.reason for fault in rules.faults), ""])
    outcome = np.where(plan.withdrawn, "withdrawn", np.where(plan.granted, "eligible", "not_eligible"))
    refused = known & ~plan.granted & ~plan.withdrawn
    number, office = world.places.office(world.chance, SUBJECT, plan.index, plan.province)
    causes = [code.key for code in jurisdiction.codes["causes"]]
    cause = world.chance.pick("cause", plan.index, weights(causes, world.calibration.shares.get("causes", {})))
    return {
        "id": ids(world, plan.index),
        "province": world.places.codes(plan.province, plan.opened, number),
        "office": office,
        "channel": world.channel(SUBJECT, plan.index, plan.opened, plan.province),
        "category": taken(rules.categories, plan.category),
        "opened_at": world.time.moments(plan.opened),
        "closed_at": world.time.moments(np.where(closes_when_decided(world)[plan.category], decision, NEVER)),
        "outcome": np.where(known, outcome, ""),
        "updated_at": world.time.moments(latest(plan.opened, *moments.values())),
        "national_code": world.persons.codes(plan.person),
        "workshop_code": workshop_codes(jurisdiction.workshop_pattern, plan.workshop),
        "job_lost_on": world.time.dates(plan.opened // DAY - plan.lag),
        "cause": taken(causes, cause),
        **{name: world.time.moments(moment) for name, moment in moments.items()},
        "reason": np.where(refused, reasons[plan.fault], ""),
        "due_on": empty(n),
        **world.persons.attributes(plan.person),
        **_filing(world, plan),
    }


def _filing(world: World, plan: Registrations) -> Columns:
    """Who filed, by what device, and the excuse of the eligible who came after the time allowed."""
    chance, codes = world.chance, world.jurisdiction.codes
    channel = world.channel(SUBJECT, plan.index, plan.opened, plan.province)
    chosen = {}
    for name in ("filers", "devices", "excuses"):
        keys = [code.key for code in codes[name]]
        share = weights(keys, {"filers": _FILERS, "devices": _DEVICES, "excuses": {}}[name])
        chosen[name] = taken(keys, chance.pick(f"registration {name}", plan.index, share))
    excused = plan.granted & (plan.lag > _in_time(world))
    return {
        "filer": chosen["filers"],
        "device": np.where(channel == "online", chosen["devices"], ""),
        "excuse": np.where(excused, chosen["excuses"], ""),
    }


def _in_time(world: World) -> int:
    """The days within which nobody needs an excuse; more than anybody takes where no rule sets any."""
    rules = [world.eligibility.faults[number].rule for number in world.eligibility.checks("filed_within")]
    return min((int(parameter(rule, "days", 30)) for rule in rules), default=NEVER)
