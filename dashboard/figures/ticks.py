"""Where the ticks of an axis stand and what they say."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Final

from dashboard.text import Text

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


def time_ticks(bins: Sequence[date] | Sequence[int], step: str, text: Text) -> tuple[list[int], list[str]]:
    """Positions (indices into ``bins``) and labels, at most seven and fewer where the words are long.

    ``bins`` are hours for the step "hour", first days otherwise. The last bin always has its tick, except for hours,
    which keep to even ones. Where the years change, a second line tells which.
    """
    if not bins:
        return [], []
    if step == "hour":
        hours = [int(hour) for hour in bins if not isinstance(hour, date)]
        every = _thinnest(len(hours), _STEPS[step], len(text.hour(0)))
        chosen = [index for index, hour in enumerate(hours) if hour % every == 0]
        return chosen, [text.hour(hours[index]) for index in chosen]
    days = [day for day in bins if isinstance(day, date)]
    labels = [_label(day, step, text) for day in days]
    every = _thinnest(len(days), _STEPS[step], max(map(len, labels)))
    chosen = list(range(len(days) - 1, -1, -every))[::-1]
    years = [text.calendar.parts(days[index])[0] for index in chosen]
    several = len(set(years)) > 1 and step != "year"
    return chosen, [
        f"{labels[index]}<br>{text.digits(years[place])}"
        if several and (place == 0 or years[place] != years[place - 1])
        else labels[index]
        for place, index in enumerate(chosen)
    ]


def bin_title(value: date | int, step: str, text: Text) -> str:
    """A bin in full, as the head of what is told about it: the day, "Week of …", the month, "10:00 to 11:00"."""
    if not isinstance(value, date):
        return text("figure.trend.hours", from_hour=text.hour(value), to_hour=text.hour(value + 1))
    match step:
        case "month" if _begins(value, step, text):
            return text.month(value)
        case "quarter" if _begins(value, step, text):
            return text("day.quarter", quarter=_quarter(value, text), year=text.digits(text.calendar.parts(value)[0]))
        case "year" if _begins(value, step, text):
            return text.digits(text.calendar.parts(value)[0])
        case "month" | "quarter" | "year":
            return text("day.from", day=text.day(value))
        case "week":
            return text("figure.trend.week", day=text.day(value))
    return text.day(value, "long")


def _label(day: date, step: str, text: Text) -> str:
    """The name of the bin, or its first day where it is a part or is cut by another calendar than the reader's."""
    if step == "month" and _begins(day, step, text):
        return text(f"month.{text.calendar_name}.{text.calendar.parts(day)[1]}.short")
    if step == "quarter" and _begins(day, step, text):
        return text("day.quarter.short", quarter=_quarter(day, text))
    if step == "year":
        return text.digits(text.calendar.parts(day)[0])
    return text.day(day, "short")


def _begins(day: date, step: str, text: Text) -> bool:
    """Whether it is the first day of a month, quarter or year as readers count."""
    return text.calendar.bin_start(day, step) == day


def _quarter(day: date, text: Text) -> str:
    return text.digits((text.calendar.parts(day)[1] + 2) // 3)


def _thinnest(count: int, steps: Sequence[int], letters: int) -> int:
    """The least step that leaves no more ticks than fit."""
    fit = min(_MOST, max(2, _ROOM // (letters + 2)))
    return next((step for step in steps if math.ceil(count / step) <= fit), steps[-1])
