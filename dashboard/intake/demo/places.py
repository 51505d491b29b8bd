"""Where cases arise: provinces by size and luck, their offices, how fast each works, and the few in trouble now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from dashboard.intake.demo.arrays import DAY, Floats, Ints, Texts
from dashboard.intake.demo.calibration import Calibration
from dashboard.intake.demo.chance import Chance
from dashboard.intake.demo.worktime import WorkTime
from dashboard.jurisdictions import Jurisdiction

_TROUBLE_DAYS = 130
"""For so long the provinces in trouble have been getting slower."""
_TROUBLE = 3.0
"""What their durations have been multiplied with by now."""


@dataclass(frozen=True)
class Places:
    """The provinces of today, their former codes, and by day their tempo.

    ``tempo[day, province]`` multiplies durations and the share of the late (1 is usual); ``flat`` holds by subject the
    cumulative shares of all days one after the other, each day's plus its number; ``online_odds`` the province's odds
    of an online filing against the nation's.
    """

    first_day: int
    provinces: tuple[str, ...]
    former: dict[int, tuple[int, Texts]]
    offices: tuple[Texts, ...]
    flat: dict[str, Floats]
    tempo: Floats
    online_odds: Floats
    troubled: tuple[int, ...]

    def province(self, chance: Chance, subject: str, index: Ints, opened: Ints) -> Ints:
        """The number of the province each case arises in."""
        day = self._day(opened)
        found = np.searchsorted(self.flat[subject], day + chance.uniform(f"province {subject}", index), side="right")
        return np.asarray(np.clip(found - day * len(self.provinces), 0, len(self.provinces) - 1), np.int64)

    def tempo_of(self, province: Ints, moments: Ints) -> Floats:
        """How much longer than usual things take there then."""
        return np.asarray(self.tempo[self._day(moments), province], np.float64)

    def codes(self, province: Ints, opened: Ints, office: Ints) -> Texts:
        """The code a record of that day carries: before a merger that of the former unit the office belonged to."""
        written = np.array(self.provinces)[province]
        for number, (merged, codes) in self.former.items():
            early = (province == number) & (opened < merged)
            written[early] = codes[office[early] % len(codes)]
        return written

    def office(self, chance: Chance, subject: str, index: Ints, province: Ints) -> tuple[Ints, Texts]:
        """The number and the code of the office that deals with each case; the first of a province takes more."""
        luck = chance.uniform(f"office {subject}", index) ** 1.4
        count = np.array([len(offices) for offices in self.offices])[province]
        number = (luck * count).astype(np.int64)
        codes = np.concatenate([*self.offices, np.array([""])])
        return number, codes[np.where(count > 0, self.place(province, number), len(codes) - 1)]

    def place(self, province: Ints, number: Ints) -> Ints:
        """Where the office stands among all of them, in the order of the provinces; 0 where there is none."""
        count = np.array([len(offices) for offices in self.offices])
        begin = np.cumsum(count) - count
        return np.where(count[province] > 0, begin[province] + number, 0)

    def _day(self, moments: Ints) -> Ints:
        return np.asarray(np.clip(moments // DAY - self.first_day, 0, len(self.tempo) - 1), np.int64)


def _shares(jurisdiction: Jurisdiction, codes: tuple[str, ...], fixed: dict[str, float], chance: Chance) -> Floats:
    """National shares of the provinces: the fixed ones, the others by population and a labour market of their own."""
    provinces = [jurisdiction.province(code) for code in codes]
    number = np.arange(len(codes))
    market = np.exp(0.14 * chance.normal("labour market", number))
    share = np.array([province.population or 0 for province in provinces], np.float64)
    share = np.where(share > 0, share, np.median(share[share > 0]) if (share > 0).any() else 1.0) * market
    known = np.array([fixed.get(province.names["en"], 0.0) for province in provinces])
    free = known == 0
    if free.any():
        share[free] *= (1.0 - known.sum()) / share[free].sum()
    return np.where(free, share, known)


def _former(jurisdiction: Jurisdiction, codes: tuple[str, ...], time: WorkTime) -> dict[int, tuple[int, Texts]]:
    found: dict[int, tuple[int, Texts]] = {}
    for number, code in enumerate(codes):
        merges = [merge for merge in jurisdiction.merges.values() if merge.new == code]
        if merges:
            day: date = max(merge.day for merge in merges)
            found[number] = (time.day(day) * DAY, np.array(sorted(merge.old for merge in merges)))
    return found


def _troubled(shares: Floats, chance: Chance) -> tuple[int, ...]:
    """Three provinces in trouble, one of the larger, one of the middle and one of the smaller (fewer where few)."""
    order = np.argsort(-shares)
    n = len(order)
    ranks = {
        int((low + (high - low) * luck) * n)
        for (low, high), luck in zip(
            ((0.08, 0.28), (0.35, 0.6), (0.65, 0.95)), chance.uniform("troubled", np.arange(3)), strict=True
        )
    }
    return tuple(int(order[rank]) for rank in sorted(ranks)) if n > 3 else ()


def places(
    jurisdiction: Jurisdiction,
    calibration: Calibration,
    time: WorkTime,
    chance: Chance,
    begin: int,
    end: int,
    subjects: tuple[str, ...],
) -> Places:
    """The provinces that exist at ``end``, with everything about them from ``begin`` to ``end`` (seconds)."""
    first, last = begin // DAY, end // DAY
    today = time.date(last)
    codes = tuple(
        province.code
        for province in jurisdiction.provinces
        if jurisdiction.resolve_province(province.code, today) == province.code
    )
    if not codes:
        raise ValueError(f"the jurisdiction {jurisdiction.key} has no province that exists on {today}")
    n, days = len(codes), last - first + 1
    number = np.arange(n)
    at = np.arange(days)[:, None]
    wave = 0.10 * np.sin(2 * np.pi * (at / (200 + 300 * chance.uniform("wave", number)) + number * 0.37))
    flat: dict[str, Floats] = {}
    shares = np.ones(n)
    for subject in subjects:
        fixed = dict(calibration.province_shares.get("", {})) | dict(calibration.province_shares.get(subject, {}))
        shares = _shares(jurisdiction, codes, fixed, chance)
        daily = shares * np.exp(wave)
        cumulative = np.cumsum(daily / daily.sum(axis=1, keepdims=True), axis=1)
        cumulative[:, -1] = 1.0
        flat[subject] = np.asarray((cumulative + at).ravel(), np.float64)
    own = np.exp(0.26 * chance.normal("tempo", number))
    tempo = own * np.exp(
        0.16 * np.sin(2 * np.pi * (at / (300 + 400 * chance.uniform("drift", number)) + number * 0.61))
    )
    troubled = _troubled(shares, chance)
    ramp = np.clip((at[:, 0] - (days - _TROUBLE_DAYS)) / _TROUBLE_DAYS, 0.0, 1.0)
    for province in troubled:
        tempo[:, province] = np.maximum(tempo[:, province], 0.95) * (1.0 + (_TROUBLE - 1.0) * ramp**0.6)
    names = [jurisdiction.province(code).names["en"] for code in codes]
    nation = float(np.mean(calibration.online))
    odds = np.exp(0.35 * chance.normal("online", number))
    for place, name in enumerate(names):
        if name in calibration.online_of:
            share = calibration.online_of[name]
            odds[place] = share / (1 - share) / (nation / (1 - nation))
    offices = tuple(
        np.array([o.code for o in jurisdiction.offices if o.province == code], dtype=np.str_) for code in codes
    )
    return Places(first, codes, _former(jurisdiction, codes, time), offices, flat, tempo, odds, troubled)
