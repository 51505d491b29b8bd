"""How offices and boards differ in what they decide: all of them a little, one or two of each by far.

Without such differences every comparison of offices would be calm, and nobody could learn to read one. All of them are
invented.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dashboard.intake.demo.arrays import Floats, Ints
from dashboard.intake.demo.capacity import boards_of
from dashboard.intake.demo.chance import Chance
from dashboard.intake.demo.places import Places
from dashboard.jurisdictions import Jurisdiction

_USUAL = 0.12
"""Spread of the logarithm of the odds among offices that are not far from the others."""
_FAR: Mapping[str, tuple[float, ...]] = {
    "strict": (30.0,),
    "returned": (6.0, 0.1),
    "approved": (0.12,),
    "ruled": (0.35,),
}
"""Habit → by what it multiplies the odds where it is far from usual, each at one office."""
_FAR_PROVINCE, _FAR_BOARD = 120.0, 0.25
"""The same of the province that overrides the register, and of the board that rules against petitioners."""
_BUSY = 0.25
"""Those far from the others are among this share of the provinces, the largest: elsewhere cases are too few to tell."""


@dataclass(frozen=True)
class Habits:
    """``offices`` holds by habit what every office multiplies the odds by, ``overriding`` what every province does.

    ``boards`` is the number of boards of every office, ``of_boards`` by what each board multiplies the odds of a ruling
    for the petitioner, ``busy`` the cumulative share of an office's petitions up to each of its boards; both have a row
    an office and a column a board.
    """

    offices: Mapping[str, Floats]
    overriding: Floats
    boards: Ints
    of_boards: Floats
    busy: Floats

    def board(self, chance: Chance, index: Ints, office: Ints) -> Ints:
        """The number of the board that each petition is given to, within its office."""
        found = (chance.uniform("board", index)[:, None] >= self.busy[office]).sum(axis=1)
        return np.asarray(np.minimum(found, self.boards[office] - 1), np.int64)


def habits(jurisdiction: Jurisdiction, places: Places, chance: Chance) -> Habits:
    """The habits of all offices, in the order of `Places.place`."""
    people = np.array([jurisdiction.province(code).population or 0 for code in places.provinces])
    first = np.cumsum([0, *(len(codes) for codes in places.offices)])[:-1]
    count = int(sum(len(codes) for codes in places.offices)) or 1
    with_offices = [number for number in np.argsort(-people, kind="stable").tolist() if len(places.offices[number])]
    large = with_offices[: max(1, round(_BUSY * len(with_offices)))]

    # Another province for each that is far from the others, so that they are not all in one.
    begin = int(chance.uniform("far", np.array([0]))[0] * max(len(large), 1))
    far = itertools.cycle(large[begin:] + large[:begin])
    offices: dict[str, Floats] = {}
    for habit, factors in _FAR.items():
        offices[habit] = np.exp(_USUAL * chance.normal(f"habit {habit}", np.arange(count)))
        for factor in factors if large else ():
            offices[habit][first[next(far)]] = factor
    overriding = np.ones(len(places.provinces))
    number = boards_of(jurisdiction)
    boards = np.array([number[code] for codes in places.offices for code in codes.tolist()] or [0], np.int64)
    most = max(int(boards.max()), 1)
    every = np.arange(count * most).reshape(count, most)
    of_boards = np.exp(_USUAL * chance.normal("habit board", every.ravel())).reshape(every.shape)
    if large:
        overriding[next(far)] = _FAR_PROVINCE
        of_boards[first[next(far)], 0] = _FAR_BOARD
    load = np.exp(0.3 * chance.normal("busy board", every.ravel())).reshape(every.shape)
    load = np.where(np.arange(most) < np.maximum(boards, 1)[:, None], load, 0.0)
    busy = np.cumsum(load, axis=1) / load.sum(axis=1, keepdims=True)
    return Habits(offices, overriding, boards, of_boards, busy)
