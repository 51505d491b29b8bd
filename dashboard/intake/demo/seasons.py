"""How the volume of a day departs from the average: the month, the long holiday of the year, week-ends, growth."""

from __future__ import annotations

from datetime import date

import numpy as np

from dashboard.intake.demo.arrays import Floats, Ints
from dashboard.intake.demo.calibration import Calibration, LongHoliday
from dashboard.intake.demo.chance import Chance
from dashboard.intake.demo.worktime import WorkTime
from dashboard.text.calendars import calendar_named

_LONG = 4
"""A run of that many free days is more than a week-end."""
_YEARLY_GROWTH = 0.03
_NOISE = 0.07


def long_holidays(time: WorkTime, rule: LongHoliday) -> list[tuple[int, int]]:
    """First day and length of the longest run of free days of each year that fits, if it is long."""
    edges = np.flatnonzero(np.diff(np.concatenate(([1], time.working.astype(np.int8), [1]))))
    longest: dict[int, tuple[int, int]] = {}
    for begin, end in edges.reshape(-1, 2).tolist():
        day = time.date(begin)
        if _fits(day, rule) and end - begin >= max(_LONG, longest.get(day.year, (0, 0))[1] + 1):
            longest[day.year] = (begin, end - begin)
    return sorted(longest.values())


def _fits(day: date, rule: LongHoliday) -> bool:
    return day.month in rule.months and day.day >= rule.from_day


def _around(n: int, holidays: list[tuple[int, int]], rule: LongHoliday) -> Floats:
    factor = np.ones(n)
    for begin, _ in holidays:
        end = begin + rule.days_during
        factor[max(begin - rule.days_before, 0) : begin] *= rule.before
        factor[begin:end] *= rule.during
        fading = np.linspace(1.0, 0.25, rule.days_after)
        after = factor[end : end + rule.days_after]
        after *= 1.0 + (rule.after - 1.0) * fading[: len(after)]
    return factor


def _months(days: list[date], calendar: str, months: tuple[float, ...]) -> Floats:
    named = calendar_named(calendar)
    return np.array([months[named.parts(day)[1] - 1] for day in days], np.float64)


def season(time: WorkTime, days: Ints, calibration: Calibration, calendar: str, chance: Chance, subject: str) -> Floats:
    """The factor of each day on the usual volume of a subject, week-ends and free days not yet taken into account."""
    around = _around(len(time.working), long_holidays(time, calibration.long_holiday), calibration.long_holiday)[days]
    dates = [time.date(int(day)) for day in days]
    month = _months(dates, calendar, calibration.months)
    weekday = np.array([day.weekday() for day in dates])
    first_of_week = np.where(time.working[days] & ~time.working[days - 1], 1.18, 1.0)
    growth = (1.0 + _YEARLY_GROWTH) ** ((days - days[0]) / 365.25)
    absolute = days + time.origin.toordinal()
    noise = np.exp(_NOISE * chance.normal(f"day {subject}", absolute))
    return np.asarray(around * month * first_of_week * growth * noise * (1.0 + 0.02 * np.cos(weekday)), np.float64)
