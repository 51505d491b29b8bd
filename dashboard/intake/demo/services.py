"""Requests for the other services of the labour-relations system."""

from __future__ import annotations

import numpy as np

from dashboard.intake.demo.arrays import DAY, NEVER, Columns, Ints, Texts, case_ids, empty, latest, taken
from dashboard.intake.demo.chance import weights
from dashboard.intake.demo.promptness import Limits, decided, spent
from dashboard.intake.demo.registrations import workshops
from dashboard.intake.demo.workshops import workshop_codes
from dashboard.intake.demo.world import World

SUBJECT = "service_requests"
_PERSONS_FROM = 8_000_000
_PLACES = {"counter_office": 0.5, "labour_office": 0.24, "industrial_town": 0.18, "workplace": 0.08}
_FILERS = {"worker": 0.78, "employer": 0.2, "association": 0.02}
_VERIFICATION = "identity_verification"
_PETITIONS = {"worker": 0.46, "employer": 0.05}
"""Share of those verified who go on to file a petition."""
_USUAL = 9.0
"""Median working days of a service nothing is known of."""


def columns(world: World, index: Ints, opened: Ints) -> Columns:
    """The requests numbered ``index``, filed at ``opened``, as they stand now."""
    jurisdiction, chance, places, known = world.jurisdiction, world.chance, world.places, world.calibration.shares
    keys = tuple(code.key for code in jurisdiction.codes["service_requests.category"])
    outcomes = [code.key for code in jurisdiction.codes["service_requests.outcome"]]
    category = chance.pick("service", index, weights(keys, known.get("service_requests.category", {})))
    outcome = chance.pick("service outcome", index, weights(outcomes, known.get("service_requests.outcome", {})))
    province = places.province(chance, SUBJECT, index, opened)
    tempo = places.tempo_of(province, opened)
    goes_back = chance.chosen("service returned", index, world.calibration.returned)
    returned = world.later("service returned at", index, np.where(goes_back, opened, NEVER), 2.0 * tempo)
    resubmitted = world.time.after_days(returned, chance.lognormal("service waits", index, 5.0, 0.8))
    in_hand = np.where(goes_back, resubmitted, opened)
    limits = Limits.of(world, SUBJECT, keys, world.time.date(world.until // DAY))
    usual = np.array([world.calibration.service_days.get(key, _USUAL) for key in keys])[category]
    used = spent(world, opened, returned)
    ended = decided(world, "service", index, in_hand, province, limits.days[category], usual, used)
    closed = world.known(ended)
    returned, resubmitted = world.known(returned), world.known(resubmitted)
    confirmed = world.later("confirmed", index, np.where(chance.chosen("confirmed", index, 0.8), opened, NEVER), 4.0)
    confirmed = np.where(confirmed < ended, confirmed, NEVER)
    followed = world.later("followed", index, np.where(chance.chosen("followed", index, 0.6), confirmed, NEVER), 12.0)
    followed = world.known(np.where(followed < ended, followed, NEVER))
    confirmed = world.known(confirmed)
    number, office = places.office(chance, SUBJECT, index, province)
    filers = [code.key for code in jurisdiction.codes["filers"]]
    filer = taken(filers, chance.pick("service filer", index, weights(filers, _FILERS)))
    steps = {
        "returned_at": returned,
        "resubmitted_at": resubmitted,
        "confirmed_at": confirmed,
        "followed_up_at": followed,
        "petitioned_at": world.known(_petitioned(world, index, np.array(keys)[category], filer, ended)),
    }
    sites = [code.key for code in jurisdiction.codes["places"]]
    return {
        "id": case_ids("S", world.series, index),
        "province": places.codes(province, opened, number),
        "office": office,
        "channel": world.channel(SUBJECT, index, opened, province),
        "category": taken(keys, category),
        "opened_at": world.time.moments(opened),
        "closed_at": world.time.moments(closed),
        "outcome": np.where(closed < NEVER, np.array(outcomes)[outcome], ""),
        "updated_at": world.time.moments(latest(opened, *steps.values(), closed)),
        "workshop_code": workshop_codes(
            jurisdiction.workshop_pattern, workshops(world, "service workshop", index, province)
        ),
        **{name: world.time.moments(moment) for name, moment in steps.items()},
        "due_on": empty(len(index)),
        "sector": world.persons.attributes(_PERSONS_FROM + index)["sector"],
        "place": taken(sites, chance.pick("place", index, weights(sites, _PLACES))),
        "filer": filer,
    }


def _petitioned(world: World, index: Ints, category: Texts, filer: Texts, verified: Ints) -> Ints:
    """When those whose identity was verified file their first petition; most of them soon, many never."""
    share = np.zeros(len(index))
    for key, part in _PETITIONS.items():
        share[filer == key] = part
    goes_on = (category == _VERIFICATION) & world.chance.chosen("petitions", index, share)
    waits = world.chance.lognormal("petition waits", index, 5.0, 1.1)
    return world.time.after_days(np.where(goes_on, verified, NEVER), waits)
