"""The calendar of the demo: which days are worked, and when an office does what it does next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from dashboard.intake.demo.arrays import DAY, NEVER, Flags, Floats, Ints, Texts
from dashboard.jurisdictions import Jurisdiction

_BEFORE, _AFTER = 600, 3_000
"""Days the calendar reaches back before the first case (jobs lost, premiums paid) and beyond the last (plans)."""


@dataclass(frozen=True)
class WorkTime:
    """The days from ``origin`` on: ``working`` says which are worked, ``texts`` how each is written.

    ``ordinal`` counts the working days up to and including each day, ``days`` lists them.
    """

    origin: date
    working: Flags
    ordinal: Ints
    days: Ints
    texts: Texts
    opens: float
    hours: float

    def seconds(self, moment: datetime) -> int:
        """A local moment (without time zone) as seconds since the origin."""
        return int((moment - datetime.combine(self.origin, datetime.min.time())).total_seconds())

    def day(self, day: date) -> int:
        """The number of a day since the origin."""
        return (day - self.origin).days

    def date(self, day: int) -> date:
        """The day of that number."""
        return self.origin + timedelta(days=day)

    def after(self, start: Ints, working_days: Ints, uniform: Floats) -> Ints:
        """Some office hour ``working_days`` after ``start``, never before it; NEVER stays NEVER.

        No working day from a free day means the next worked one; no working day after closing time means the same
        evening. ``uniform`` draws the hour of the day.
        """
        known = start < NEVER
        begin = np.where(known, start, 0)
        day = begin // DAY
        steps = np.maximum(working_days, np.where(self.working[day], 0, 1))
        position = np.minimum(self.ordinal[day] - 1 + steps, len(self.days) - 1)
        hour = ((self.opens + self.hours * uniform) * 3600).astype(np.int64)
        then = self.days[position] * DAY + hour
        soon = np.minimum(begin + 600 + (uniform * 5400).astype(np.int64), (day + 1) * DAY - 1)
        return np.where(known, np.where(then > begin, then, soon), NEVER)

    def after_days(self, start: Ints, days: Floats) -> Ints:
        """``days`` (with fractions) after ``start``, worked or not: what people do at home; NEVER stays NEVER."""
        return np.where(start < NEVER, start + 60 + (days * DAY).astype(np.int64), NEVER)

    def moments(self, seconds: Ints) -> Texts:
        """Moments as ``2025-07-21T09:30:00``, local time; NEVER is written as an empty text."""
        known = seconds < NEVER
        written = np.full(len(seconds), "", dtype="<U19")
        if known.any():
            letters = np.empty((int(known.sum()), 19), np.uint32)
            day, rest = np.divmod(seconds[known], DAY)
            letters[:, :10] = self.texts.view(np.uint32).reshape(-1, 10)[day]
            letters[:, (10, 13, 16)] = [ord("T"), ord(":"), ord(":")]
            for place, unit in ((11, rest // 3600), (14, rest // 60 % 60), (17, rest % 60)):
                letters[:, place] = unit // 10 + 48
                letters[:, place + 1] = unit % 10 + 48
            written[known] = letters.view("<U19").reshape(-1)
        return written

    def dates(self, days: Ints) -> Texts:
        """Days as ``2025-07-21``; a negative number is written as an empty text."""
        known = days >= 0
        return np.where(known, self.texts[np.where(known, days, 0)], "")


def worktime(jurisdiction: Jurisdiction, first: date, last: date, opens: float, hours: float) -> WorkTime:
    """The calendar for cases opened from ``first`` to ``last``; offices act from ``opens`` for ``hours`` hours."""
    origin = first - timedelta(days=_BEFORE)
    n = (last - origin).days + _AFTER
    every = np.datetime64(origin, "D") + np.arange(n)
    working = np.asarray(jurisdiction.workdays.add_many(every, 0) == every, np.bool_)
    texts = np.datetime_as_string(every).astype("<U10")
    days = np.flatnonzero(working).astype(np.int64)
    return WorkTime(origin, working, np.cumsum(working).astype(np.int64), days, texts, opens, hours)
