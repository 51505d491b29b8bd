"""Where the ticks of an axis stand and what they say."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from dashboard.text import Text
from dashboard.text.calendars import Calendar, calendar_named

_ROOM: Final = 52
"""Letters, gaps included, that fit under a figure as wide as a telephone."""
_MOST: Final = 7
_STEPS: Final = {
    "hour": (1, 2, 3, 4, 6, 12),
    "day": (1, 2, 3, 4, 7, 10, 14, 21, 28),
    "week": (1, 2, 3, 4, 6, 8, 10, 13, 18, 26, 52),
    "month": (1, 2, 3, 4, 6, 12, 24, 36, 60, 120),
    "quarter": (1, 2, 4, 8, 12, 20, 40),
    "year": (1, 2, 5, 10, 20),
}


def value_ticks(most: float, whole: bool = True, count: int = 4) -> list[float]:
    """About ``count`` round steps from nought to at least ``most``; ``whole`` keeps to whole numbers."""
    if not most > 0:
        return [0, 1]
    step = nice(most / count)
    if whole:
        step = max(1.0, math.ceil(step))
    steps = math.ceil(most / step - 1e-9)
    return [round(step * index, 10) for index in range(steps + 1)]


def nice(value: float) -> float:
    """The least of 1, 2, 2.5, 5 times a power of ten that is not below ``value`` (> 0)."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= value * (1 - 1e-9))


def time_ticks(
    bins: Sequence[date] | Sequence[int], step: str, text: Text, calendar: str = ""
) -> tuple[list[int], list[str]]:
    """Positions (indices into ``bins``) and labels, at most seven and fewer where the words are long.

    ``bins`` are hours for the step "hour", first days otherwise. The last bin always has its tick, except for hours,
    which keep to even ones. Where the years change, a second line tells which. ``calendar`` names the one that months
    were cut by where it may be another than the reader's: they are called by its names, "Aban" in English too.
    """
    if not bins:
        return [], []
    if step == "hour":
        hours = [int(hour) for hour in bins if not isinstance(hour, date)]
        every = _thinnest(len(hours), _STEPS[step], len(text.hour(0)))
        chosen = [index for index, hour in enumerate(hours) if hour % every == 0]
        return chosen, [text.hour(hours[index]) for index in chosen]
    days = [day for day in bins if isinstance(day, date)]
    cut_by = _calendar(calendar, step, text)
    labels = [_label(day, step, text, cut_by) for day in days]
    every = _thinnest(len(days), _STEPS[step], max(map(len, labels)))
    chosen = list(range(len(days) - 1, -1, -every))[::-1]
    years = [cut_by.parts(days[index])[0] for index in chosen]
    several = len(set(years)) > 1 and step != "year"
    return chosen, [
        f"{labels[index]}<br>{text.digits(years[place])}"
        if several and (place == 0 or years[place] != years[place - 1])
        else labels[index]
        for place, index in enumerate(chosen)
    ]


def bin_title(value: date | int, step: str, text: Text, calendar: str = "") -> str:
    """A bin in full, as the head of what is told about it: the day, "Week of …", the month, "10:00 to 11:00".

    A month of another calendar than the reader's (``calendar``) with its days: "Aban 1405 (23 Oct – 21 Nov 2026)".
    """
    if not isinstance(value, date):
        return text("figure.trend.hours", from_hour=text.hour(value), to_hour=text.hour(value + 1))
    cut_by = _calendar(calendar, step, text)
    year = text.digits(cut_by.parts(value)[0])
    match step:
        case "month" if _begins(value, step, cut_by):
            if cut_by.name == text.calendar_name:
                return text.month(value)
            days = text.span(value, cut_by.next_month(value) - timedelta(days=1))
            return text("day.month_of", month=text.month(value, cut_by), days=days)
        case "quarter" if _begins(value, step, cut_by):
            return text("day.quarter", quarter=_quarter(value, text, cut_by), year=year)
        case "year" if _begins(value, step, cut_by):
            return year
        case "month" | "quarter" | "year":
            return text("day.from", day=text.day(value))
        case "week":
            return text("figure.trend.week", day=text.day(value))
    return text.day(value, "long")


def bin_name(value: date | int, step: str, text: Text, calendar: str = "") -> str:
    """A bin as briefly as it is told from all others: "24 Aug 2026", "Aban 1405", "Q3 1405", "10:00"."""
    if not isinstance(value, date):
        return text.hour(value)
    cut_by = _calendar(calendar, step, text)
    if step in ("month", "quarter", "year") and _begins(value, step, cut_by):
        year = text.digits(cut_by.parts(value)[0])
        if step == "year":
            return year
        return text.month(value, cut_by) if step == "month" else f"{_label(value, step, text, cut_by)} {year}"
    return text.day(value)


def _calendar(name: str, step: str, text: Text) -> Calendar:
    """The calendar a bin is named by: the one it was cut by, if it is more than days and weeks."""
    return calendar_named(name) if name and step in ("month", "quarter", "year") else text.calendar


def _label(day: date, step: str, text: Text, calendar: Calendar) -> str:
    """The name of the bin, or its first day where it is a part of one."""
    if step == "month" and _begins(day, step, calendar):
        return text(f"month.{calendar.name}.{calendar.parts(day)[1]}.short")
    if step == "quarter" and _begins(day, step, calendar):
        return text("day.quarter.short", quarter=_quarter(day, text, calendar))
    if step == "year":
        return text.digits(calendar.parts(day)[0])
    return text.day(day, "short")


def _begins(day: date, step: str, calendar: Calendar) -> bool:
    """Whether it is the first day of a month, quarter or year."""
    return calendar.bin_start(day, step) == day


def _quarter(day: date, text: Text, calendar: Calendar) -> str:
    return text.digits((calendar.parts(day)[1] + 2) // 3)


def _thinnest(count: int, steps: Sequence[int], letters: int) -> int:
    """The least step that leaves no more ticks than fit."""
    fit = min(_MOST, max(2, _ROOM // (letters + 2)))
    return next((step for step in steps if math.ceil(count / step) <= fit), steps[-1])
