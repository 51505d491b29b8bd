"""How long a case under a limit takes: most within it, a share late, more where a province is slow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from dashboard.intake.demo.arrays import DAY, NEVER, Floats, Ints
from dashboard.intake.demo.world import World


@dataclass(frozen=True)
class Limits:
    """The limit of each category in working days; -1 where the law and the office set none.

    Limits in calendar days are taken as the working days that fit into them.
    """

    days: Ints

    @staticmethod
    def of(world: World, subject: str, categories: tuple[str, ...], day: date) -> Limits:
        """The limits in force on ``day``."""
        found = []
        for category in categories:
            limit = world.jurisdiction.limit(subject, category, day)
            if limit is None:
                found.append(-1)
            else:
                found.append(limit.days if limit.unit == "working_day" else limit.days * 5 // 7)
        return Limits(np.array(found, np.int64))


def spent(world: World, opened: Ints, returned: Ints) -> Ints:
    """The working days an office used up before it returned a file; 0 for a file that was not returned."""
    sent_back = returned < NEVER
    ordinal = world.time.ordinal
    used = ordinal[np.where(sent_back, returned, opened) // DAY] - ordinal[opened // DAY]
    return np.where(sent_back, used, 0)


def decided(
    world: World, stream: str, index: Ints, start: Ints, province: Ints, limit: Ints, usual: float | Floats, used: Ints
) -> Ints:
    """When an office closes what it has held since ``start``; NEVER where ``start`` is NEVER.

    ``limit`` is in working days per row, of which ``used`` went by before; where it is -1 the time is lognormal around
    ``usual`` working days.
    """
    chance = world.chance
    tempo = world.places.tempo_of(province, np.where(start < NEVER, start, 0))
    late = chance.uniform(stream + " late", index) < np.minimum(world.calibration.late * tempo**1.5, 0.6)
    within = np.floor((np.maximum(limit, 0) + 1) * chance.uniform(stream + " within", index) ** 0.55)
    beyond = np.maximum(limit, 0) + 1 + np.floor(chance.lognormal(stream + " beyond", index, 3.0 * tempo, 0.8))
    free = np.floor(chance.lognormal(stream + " free", index, usual * tempo, 0.6))
    left = np.maximum(np.minimum(within, limit - used), 0)
    steps = np.where(limit < 0, free, np.where(late, beyond, left)).astype(np.int64)
    return world.time.after(start, steps, chance.uniform(stream + " hour", index))
