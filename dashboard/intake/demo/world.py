"""Everything the generators of one run share: the jurisdiction, its calibration, the calendar, places and chances."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

import numpy as np

from dashboard.intake.demo.arrays import DAY, NEVER, Floats, Ints, Texts
from dashboard.intake.demo.calibration import DEFAULT, Calibration
from dashboard.intake.demo.calibration_ir import IRAN
from dashboard.intake.demo.calibration_vn import VIETNAM
from dashboard.intake.demo.chance import Chance, weights
from dashboard.intake.demo.eligibility import Eligibility, eligibility
from dashboard.intake.demo.habits import Habits, habits
from dashboard.intake.demo.persons import Persons
from dashboard.intake.demo.places import Places, places
from dashboard.intake.demo.rhythm import Rhythm, rhythm
from dashboard.intake.demo.seasons import season
from dashboard.intake.demo.worktime import WorkTime, worktime
from dashboard.jurisdictions import Jurisdiction

ARRIVING = ("registrations", "procedures", "disputes", "service_requests")
"""The subjects whose cases arrive by themselves; benefits follow from registrations."""
CALIBRATIONS: Mapping[str, Calibration] = {"ir": IRAN, "vn": VIETNAM}


@dataclass(frozen=True)
class World:
    """One run. ``begin`` and ``until`` are seconds; ``per_year`` is how many registrations a year brings.

    ``series`` begins every id, so that records of different runs do not meet by chance.
    """

    jurisdiction: Jurisdiction
    calibration: Calibration
    chance: Chance
    time: WorkTime
    places: Places
    habits: Habits
    persons: Persons
    eligibility: Eligibility
    rhythms: Mapping[str, Rhythm]
    begin: int
    until: int
    per_year: float
    series: str = ""

    def known(self, moments: Ints) -> Ints:
        """Only what has happened by now; the rest is NEVER."""
        return np.where(moments <= self.until, moments, NEVER)

    def channel(self, subject: str, index: Ints, opened: Ints, province: Ints) -> Texts:
        """The channel of each case, by the hour it arrived in and the habits of the province."""
        keys = [code.key for code in self.jurisdiction.codes["channels"]]
        rhythm_of = self.rhythms[subject]
        share = np.clip(rhythm_of.online[rhythm_of.hour(opened)], 1e-9, 1 - 1e-9)
        odds = share / (1 - share) * self.places.online_odds[province]
        online = self.chance.uniform(f"channel {subject}", index) < odds / (1 + odds)
        desks = [key for key in keys if key != "online"] or keys
        known = weights(desks, self.calibration.shares.get("channels", {}), rare=0.05)
        desk = np.array(desks)[self.chance.pick(f"desk {subject}", index, known)]
        return np.where(online, "online", desk) if "online" in keys else desk

    def later(self, stream: str, index: Ints, start: Ints, median: float | Floats, sigma: float = 0.55) -> Ints:
        """What an office does some working days after ``start`` (lognormal, ``median`` days)."""
        days = self.chance.lognormal(stream, index, median, sigma)
        return self.time.after(start, np.floor(days).astype(np.int64), self.chance.uniform(stream + " hour", index))

    def at(self, now: datetime, series: str) -> World:
        """The same world for cases opened at ``now`` (aware), with ids of their own."""
        return replace(self, until=self.time.seconds(local(now, self.jurisdiction)), series=series)


def local(moment: datetime, jurisdiction: Jurisdiction) -> datetime:
    """A moment as the clocks of the jurisdiction show it, to the second, without time zone."""
    if moment.tzinfo is None:
        raise ValueError("the moment must carry a time zone")
    return moment.astimezone(jurisdiction.timezone).replace(tzinfo=None, microsecond=0)


def calibration_of(jurisdiction: Jurisdiction) -> Calibration:
    """The calibration of a country, a plain one where there is none."""
    return CALIBRATIONS.get(jurisdiction.key, DEFAULT)


def world(jurisdiction: Jurisdiction, *, seed: int, until: datetime, years: float, registrations: int) -> World:
    """The world of ``years`` up to ``until`` in which ``registrations`` arrive. ValueError for no time at all."""
    if years <= 0:
        raise ValueError(f"the demo needs a time to happen in: years is {years}")
    calibration = calibration_of(jurisdiction)
    end = local(until, jurisdiction)
    first = datetime.combine(end.date() - timedelta(days=round(years * 365.25)), time.min)
    work = worktime(jurisdiction, first.date(), end.date(), calibration.opens, calibration.office_hours)
    begin, now = work.seconds(first), work.seconds(end)
    chance = Chance(seed)
    days = np.arange(begin // DAY, now // DAY + 1)
    rhythms = {}
    for subject in ARRIVING:
        factor = season(work, days, calibration, jurisdiction.calendar, chance, subject)
        rhythms[subject] = rhythm(work, calibration, factor, begin, now)
    there = places(jurisdiction, calibration, work, chance, begin, now, ARRIVING)
    return World(
        jurisdiction,
        calibration,
        chance,
        work,
        there,
        habits(jurisdiction, there, chance),
        Persons(jurisdiction, calibration, chance),
        eligibility(jurisdiction, calibration, chance, jurisdiction.rules_on(end.date())),
        rhythms,
        begin,
        now,
        registrations / years,
    )
