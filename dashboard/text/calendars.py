"""The two calendars: days cut into weeks, months and years, Jalali or Gregorian.

Days go in and come out as `datetime.date` (Gregorian, as Python and the database have them); only ``parts`` and
``from_parts`` speak in the calendar's own years, months and days.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import Final

import jdatetime

_JALALI_YEARS: Final = range(1200, 1601)
"""The years converted: 1821 to 2221. Inside them the rule of jdatetime agrees with the official calendar."""
_JALALI_MONTHS: Final = (31, 31, 31, 31, 31, 31, 30, 30, 30, 30, 30, 30)
"""Days of the months of a leap year; Esfand has 29 otherwise."""
_JALALI_OFFSETS: Final = (0, *accumulate(_JALALI_MONTHS[:-1]))
"""Days of the year before each month."""
_MONTHS: Final = {"month": 1, "quarter": 3, "year": 12}
"""How many months a bin spans."""


@dataclass(frozen=True)
class Calendar(ABC):
    """A calendar of twelve months. ``name`` is "jalali" or "gregorian"."""

    name: str

    @abstractmethod
    def parts(self, day: date) -> tuple[int, int, int]:
        """Year, month (1 to 12) and day of the month in this calendar."""

    @abstractmethod
    def from_parts(self, year: int, month: int, day: int) -> date:
        """The day of that year, month and day of the month; ValueError when there is no such day."""

    @abstractmethod
    def is_leap(self, year: int) -> bool:
        """Whether the year has a leap day."""

    @abstractmethod
    def month_length(self, year: int, month: int) -> int:
        """How many days the month has."""

    def month_start(self, day: date) -> date:
        """The first day of the month of ``day``."""
        return day - timedelta(days=self.parts(day)[2] - 1)

    def year_start(self, day: date) -> date:
        """The first day of the year of ``day``."""
        return self.from_parts(self.parts(day)[0], 1, 1)

    def quarter_start(self, day: date) -> date:
        """The first day of the quarter of the year that ``day`` falls in."""
        year, month, _ = self.parts(day)
        return self.from_parts(year, month - (month - 1) % 3, 1)

    def next_month(self, day: date) -> date:
        """The first day of the month after that of ``day``."""
        return self.add_months(self.month_start(day), 1)

    def add_months(self, day: date, months: int) -> date:
        """The same day of the month ``months`` later (or earlier), clipped to that month's last day."""
        year, month, number = self.parts(day)
        year, zero_based = divmod(year * 12 + month - 1 + months, 12)
        return self.from_parts(year, zero_based + 1, min(number, self.month_length(year, zero_based + 1)))

    @staticmethod
    def week_start(day: date, first_weekday: int) -> date:
        """The first day of the week of ``day``; ``first_weekday`` counts from Monday = 0."""
        return day - timedelta(days=(day.weekday() - first_weekday) % 7)

    def bin_start(self, day: date, step: str, first_weekday: int = 0) -> date:
        """The first day of the bin ("day", "week", "month", "quarter" or "year") that ``day`` falls in."""
        match step:
            case "day":
                return day
            case "week":
                return self.week_start(day, first_weekday)
            case "month":
                return self.month_start(day)
            case "quarter":
                return self.quarter_start(day)
            case "year":
                return self.year_start(day)
        raise ValueError(f"{step!r} is none of day, week, month, quarter, year")

    def bins(self, start: date, end: date, step: str, first_weekday: int = 0) -> list[date]:
        """The first days of all bins that touch ``start`` to ``end``, both included; the first may lie before."""
        found = [self.bin_start(start, step, first_weekday)]
        while True:
            last = found[-1]
            months = _MONTHS.get(step)
            after = self.add_months(last, months) if months else last + timedelta(days=7 if step == "week" else 1)
            if after > end:
                return found
            found.append(after)


class Gregorian(Calendar):
    """The Gregorian calendar."""

    def parts(self, day: date) -> tuple[int, int, int]:
        """See `Calendar.parts`."""
        return day.year, day.month, day.day

    def from_parts(self, year: int, month: int, day: int) -> date:
        """See `Calendar.from_parts`."""
        return date(year, month, day)

    def is_leap(self, year: int) -> bool:
        """See `Calendar.is_leap`."""
        return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)

    def month_length(self, year: int, month: int) -> int:
        """See `Calendar.month_length`."""
        return (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day


class Jalali(Calendar):
    """The Solar Hijri calendar of Iran, for the years 1200 to 1599."""

    def parts(self, day: date) -> tuple[int, int, int]:
        """See `Calendar.parts`; ValueError outside those years."""
        starts = _jalali_year_starts()
        ordinal = day.toordinal()
        index = bisect_right(starts, ordinal) - 1
        if not 0 <= index < len(starts) - 1:
            raise ValueError(f"{day} is outside the Jalali years {_JALALI_YEARS[0]} to {_JALALI_YEARS[-2]}")
        of_year = ordinal - starts[index]
        month = bisect_right(_JALALI_OFFSETS, of_year)
        return _JALALI_YEARS[index], month, of_year - _JALALI_OFFSETS[month - 1] + 1

    def from_parts(self, year: int, month: int, day: int) -> date:
        """See `Calendar.from_parts`."""
        if not 1 <= month <= 12 or not 1 <= day <= self.month_length(year, month):
            raise ValueError(f"there is no Jalali day {year}-{month}-{day}")
        return date.fromordinal(self._start(year) + _JALALI_OFFSETS[month - 1] + day - 1)

    def is_leap(self, year: int) -> bool:
        """See `Calendar.is_leap`."""
        return self._start(year + 1) - self._start(year) == 366

    def month_length(self, year: int, month: int) -> int:
        """See `Calendar.month_length`."""
        return 29 if month == 12 and not self.is_leap(year) else _JALALI_MONTHS[month - 1]

    @staticmethod
    def _start(year: int) -> int:
        if year not in _JALALI_YEARS:
            raise ValueError(f"the Jalali year {year} is outside {_JALALI_YEARS[0]} to {_JALALI_YEARS[-2]}")
        return _jalali_year_starts()[year - _JALALI_YEARS[0]]


@lru_cache(maxsize=1)
def _jalali_year_starts() -> tuple[int, ...]:
    """The ordinals of 1 Farvardin of every year converted: one table instead of a conversion a day."""
    return tuple(jdatetime.date(year, 1, 1).togregorian().toordinal() for year in _JALALI_YEARS)


_CALENDARS: Final[dict[str, Calendar]] = {"jalali": Jalali("jalali"), "gregorian": Gregorian("gregorian")}
CALENDARS: Final = tuple(_CALENDARS)
"""The calendars by name."""


def calendar_named(name: str) -> Calendar:
    """The calendar "jalali" or "gregorian"; KeyError for any other name."""
    return _CALENDARS[name]
