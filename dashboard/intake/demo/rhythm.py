"""When cases arrive: an intensity for every hour of the period, online and at the desk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dashboard.intake.demo.arrays import DAY, Floats, Ints
from dashboard.intake.demo.calibration import Calibration
from dashboard.intake.demo.chance import Chance
from dashboard.intake.demo.worktime import WorkTime

_DESK_FREE_DAY = 0.004
"""Of a working day's cases at the desk: a few offices keep an emergency service on free days."""


@dataclass(frozen=True)
class Rhythm:
    """``reached`` is the share of all cases that have arrived by the end of each hour from ``begin`` on.

    ``online`` is the share of each hour's cases that come online. ``begin`` and ``end`` are seconds.
    """

    begin: int
    end: int
    reached: Floats
    online: Floats

    def arrivals(self, chance: Chance, subject: str, index: Ints, n: int) -> Ints:
        """The moment at which each of ``n`` cases arrives; later cases later. Rows of ``index`` only."""
        position = (index + chance.uniform(f"arrival {subject}", index)) / n
        hour = np.minimum(np.searchsorted(self.reached, position, side="right"), len(self.reached) - 1)
        before = np.where(hour > 0, self.reached[hour - 1], 0.0)
        share = (position - before) / np.maximum(self.reached[hour] - before, 1e-300)
        length = np.minimum(3600, self.end - self.begin - hour * 3600)
        moment = self.begin + hour * 3600 + (share * length).astype(np.int64)
        return np.asarray(np.clip(moment, self.begin, self.end), np.int64)

    def hour(self, moments: Ints) -> Ints:
        """The position of each moment's hour in ``online``."""
        return np.asarray(np.clip((moments - self.begin) // 3600, 0, len(self.online) - 1), np.int64)


def _profile(hours: tuple[float, ...]) -> Floats:
    profile = np.array(hours, np.float64)
    return np.asarray(profile / profile.sum(), np.float64)


def rhythm(time: WorkTime, calibration: Calibration, day_factor: Floats, begin: int, end: int) -> Rhythm:
    """The rhythm from the midnight ``begin`` to the moment ``end`` (seconds), the last hour only as far as it went.

    ``day_factor`` has a factor for every day begun.
    """
    first = begin // DAY
    days = first + np.arange(len(day_factor))
    working = time.working[days]
    share = np.linspace(*calibration.online, len(days))
    online_day = day_factor * share * np.where(working, 1.0, calibration.online_free_day)
    desk_day = day_factor * (1.0 - share) * np.where(working, 1.0, _DESK_FREE_DAY)
    online = np.outer(online_day, _profile(calibration.online_hours)).ravel()
    desk = np.outer(desk_day, _profile(calibration.desk_hours)).ravel()
    hours = -(-(end - begin) // 3600)
    online, desk = online[:hours], desk[:hours]
    total = online + desk
    intensity = total.copy()
    intensity[-1] *= ((end - begin) - (hours - 1) * 3600) / 3600
    reached = np.cumsum(intensity)
    return Rhythm(begin, end, reached / reached[-1], np.divide(online, total, out=np.zeros(hours), where=total > 0))
