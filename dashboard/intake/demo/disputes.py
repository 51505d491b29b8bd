"""Labour disputes: from the petition over conciliation and the boards to the binding ruling."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from dashboard.intake.demo.arrays import (
    NEVER,
    Columns,
    Flags,
    Floats,
    Ints,
    Texts,
    case_ids,
    empty,
    first_known,
    latest,
    taken,
)
from dashboard.intake.demo.chance import Chance, tilted, weights
from dashboard.intake.demo.registrations import workshops
from dashboard.intake.demo.workshops import workshop_codes
from dashboard.intake.demo.world import World

SUBJECT = "disputes"
_DAYS = {
    "conciliation": 6.0,
    "hearing": 22.0,
    "ruling": 5.0,
    "served": 6.0,
    "appeal_ruling": 28.0,
    "enforcement": 12.0,
    "judicial_ruling": 110.0,
}
_BINDING = 15
"""Days after service until a ruling that was not appealed against is binding (Labour Code, Art 159)."""
_APPEALED = 0.29
_ENFORCED = 0.3
_REVIEWED = 0.05
"""Share of the final rulings that are taken to court, a few of them after the three months that the law gives."""
_TRIED = 0.36
"""Share of the petitions in which conciliation is tried beside those it settles."""
_COMBINATIONS = 4096
_NUMBER = np.array([0.34, 0.33, 0.21, 0.12])
"""Shares of petitions with one, two, three and four claim types."""
_CONCENTRATION = 1.5
"""Drawing several types without repetition evens their shares out; this undoes it (fitted to wage arrears, 48 %)."""
_PERSONS_FROM = 5_000_000
"""Most petitioners are other people than the unemployed; their numbers begin here."""


def columns(world: World, index: Ints, opened: Ints) -> Columns:
    """The petitions numbered ``index``, filed at ``opened``, as they stand now."""
    jurisdiction, chance, places = world.jurisdiction, world.chance, world.places
    province = places.province(chance, SUBJECT, index, opened)
    tempo = places.tempo_of(province, opened)
    outcomes = [code.key for code in jurisdiction.codes["disputes.outcome"]]
    outcome = chance.pick("dispute outcome", index, _shares(world, outcomes, "disputes.outcome"))
    number, office = places.office(chance, SUBJECT, index, province)
    at = places.place(province, number)
    board = world.habits.board(chance, index, at)
    odds = world.habits.offices["ruled"][at] * world.habits.of_boards[at, board]
    outcome = _ruled(world, index, outcomes, outcome, odds)
    settled, early, merits = (_among(outcomes, outcome, group) for group in (_SETTLED, _WITHOUT_RULING, _MERITS))
    steps = _steps(world, index, opened, tempo, settled, early, merits)
    closed, given = steps.pop("closed"), steps.pop("given")
    now = {
        name: world.known(moment if name in _AFTER_THE_END else np.where(moment <= closed, moment, NEVER))
        for name, moment in steps.items()
    }
    closed = world.known(closed)
    heard = (world.known(given) < NEVER) & (office != "")
    categories = [code.key for code in jurisdiction.codes["disputes.category"]]
    filers = [code.key for code in jurisdiction.codes["filers"]]
    person = np.where(chance.chosen("unemployed too", index, 0.2), index, _PERSONS_FROM + index)
    return {
        "id": case_ids("D", world.series, index),
        "province": places.codes(province, opened, number),
        "office": office,
        "channel": world.channel(SUBJECT, index, opened, province),
        "category": taken(categories, chance.pick("dispute", index, _shares(world, categories, "disputes.category"))),
        "opened_at": world.time.moments(opened),
        "closed_at": world.time.moments(closed),
        "outcome": np.where(closed < NEVER, np.array(outcomes)[outcome], ""),
        "updated_at": world.time.moments(latest(opened, closed, *now.values())),
        "claim_types": claim_types(world, index),
        "filer": taken(filers, chance.pick("filer", index, _shares(world, filers, "filers"))),
        "national_code": world.persons.codes(person),
        "workshop_code": workshop_codes(jurisdiction.workshop_pattern, workshops(world, "sued", index, province)),
        "board": np.where(heard, board_codes(office, board), ""),
        **{name: world.time.moments(moment) for name, moment in now.items()},
        "due_on": empty(len(index)),
        "sector": world.persons.attributes(person)["sector"],
    }


_SETTLED = ("settled",)
_WITHOUT_RULING = ("withdrawn", "joined")
_MERITS = ("for_petitioner", "partly")
_AGAINST = "against_petitioner"
_AFTER_THE_END = ("enforcement_at", "judicial_review_at", "judicial_ruling_at")


def board_codes(office: Texts, number: Ints) -> Texts:
    """The codes of boards by their office and number within it."""
    return np.strings.add(np.strings.add(office, "/"), (number + 1).astype(np.str_))


def _ruled(world: World, index: Ints, outcomes: list[str], outcome: Ints, odds: Floats) -> Ints:
    """Outcomes with those on the merits drawn anew by the odds of the board that rules."""
    if not {*_MERITS, _AGAINST} <= set(outcomes):
        return outcome
    granted = np.array([outcomes.index(key) for key in _MERITS])
    share = _shares(world, outcomes, "disputes.outcome")
    whole = float(share[granted].sum() / (share[granted].sum() + share[outcomes.index(_AGAINST)]))
    of_granted = granted[world.chance.pick("granted wholly", index, share[granted])]
    drawn = np.where(world.chance.chosen("ruled", index, tilted(whole, odds)), of_granted, outcomes.index(_AGAINST))
    return np.where(_among(outcomes, outcome, (*_MERITS, _AGAINST)), drawn, outcome)


def _among(keys: list[str], number: Ints, group: tuple[str, ...]) -> Flags:
    return np.isin(number, [keys.index(key) for key in group if key in keys])


def _shares(world: World, keys: list[str], name: str) -> Floats:
    return weights(keys, world.calibration.shares.get(name, {}))


def _steps(
    world: World, index: Ints, opened: Ints, tempo: Floats, settled: Flags, early: Flags, merits: Flags
) -> dict[str, Ints]:
    """The moments of a petition's way to the end, and ``closed``."""
    chance = world.chance
    days = {**_DAYS, **world.calibration.dispute_days}
    tried = settled | chance.chosen("conciliation", index, _TRIED)
    conciliation = world.later("conciliation at", index, np.where(tried, opened, NEVER), days["conciliation"] * tempo)
    start = np.where(settled | early, NEVER, first_known(conciliation, opened))
    hearing = world.later("hearing", index, start, days["hearing"] * tempo, 0.5)
    ruling = world.later("ruling", index, hearing, days["ruling"] * tempo**0.5)
    served = world.later("served", index, ruling, days["served"])
    appeals = chance.chosen("appeals", index, _APPEALED)
    delay = 1.0 + (_BINDING - 1.5) * chance.uniform("appealed", index) ** 0.6
    appealed = world.time.after_days(np.where(appeals, served, NEVER), delay)
    second = world.later("appeal ruling", index, appealed, days["appeal_ruling"] * tempo, 0.45)
    binding = world.time.after(
        world.time.after_days(np.where(appeals, NEVER, served), np.full(len(index), _BINDING + 0.5)),
        np.ones(len(index), np.int64),
        chance.uniform("binding", index),
    )
    ends = world.later("ends early", index, np.where(early, first_known(conciliation, opened), NEVER), 12.0 * tempo)
    agreement = np.where(settled, conciliation, NEVER)
    closed = first_known(agreement, ends, second, binding)
    enforced = merits & chance.chosen("enforced", index, _ENFORCED)
    enforcement = world.later("enforcement", index, np.where(enforced, closed, NEVER), days["enforcement"])
    after_ruling = first_known(second, binding)
    reviewed = np.where(chance.chosen("judicial review", index, _REVIEWED), after_ruling, NEVER)
    review = world.time.after_days(reviewed, 2.0 + 95.0 * chance.uniform("review lodged", index) ** 0.8)
    return {
        "conciliation_at": conciliation,
        "hearing_at": hearing,
        "ruling_at": ruling,
        "served_at": served,
        "appealed_at": appealed,
        "appeal_ruling_at": second,
        "enforcement_at": enforcement,
        "judicial_review_at": review,
        "judicial_ruling_at": world.later("judicial ruling", index, review, days["judicial_ruling"], 0.4),
        "given": start,
        "closed": closed,
    }


def claim_types(world: World, index: Ints) -> Texts:
    """One to four claim types of each petition, separated by ``|``, in the order of the code list."""
    keys = tuple(code.key for code in world.jurisdiction.codes["claim_types"])
    share = weights(keys, world.calibration.claim_types) ** _CONCENTRATION
    written = _combinations(world.chance, keys, tuple(share.tolist()))
    return written[world.chance.pick("combination", index, np.ones(_COMBINATIONS))]


@lru_cache(maxsize=8)
def _combinations(chance: Chance, keys: tuple[str, ...], share: tuple[float, ...]) -> Texts:
    """So many random selections of types, the frequent ones more often: petitions draw from them."""
    numbers = np.arange(_COMBINATIONS * len(keys))
    luck = chance.uniform("claim types", numbers).reshape(_COMBINATIONS, len(keys))
    order = np.argsort(-np.log1p(-luck) / np.array(share), axis=1)
    count = 1 + chance.pick("claims", np.arange(_COMBINATIONS), _NUMBER)
    return np.array(
        [
            "|".join(keys[place] for place in sorted(row[:n].tolist()))
            for row, n in zip(order, count.tolist(), strict=True)
        ]
    )
