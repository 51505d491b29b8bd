"""One object a language: its texts, numbers, days and direction."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

from babel import Locale

from dashboard.text import bidi
from dashboard.text.calendars import Calendar, calendar_named
from dashboard.text.catalogue import catalogue
from dashboard.text.numerals import MISSING, Numerals

if TYPE_CHECKING:
    from dashboard.panel import Format

LANGUAGES: Final = ("en", "fa", "vi")
DayStyle = Literal["short", "medium", "long", "weekday"]

_CALENDAR_NAMES: Final = {"en": "gregorian", "fa": "jalali", "vi": "gregorian"}


@dataclass(frozen=True)
class Text(Numerals):
    """What a reader of one language reads. ``text("fa")`` makes one; calling it with a key gives that text.

    Numbers (``number``, ``signed``, ``share``, ``change``, ``digits``) are those of `Numerals`. Everything is fit for a
    page of the language's own direction; what goes into a plotly figure passes through ``isolate`` once more.
    ``reckoning`` is a calendar other than that of the language's readers, where one is asked for.
    """

    reckoning: str = ""

    @property
    def direction(self) -> Literal["rtl", "ltr"]:
        """The direction of the language."""
        return "rtl" if self.language == "fa" else "ltr"

    @property
    def rtl(self) -> bool:
        """Whether the language reads right-to-left."""
        return self.direction == "rtl"

    @property
    def calendar_name(self) -> str:
        """The calendar that days are told in, by default that of the readers: "jalali" or "gregorian"."""
        return self.reckoning or _CALENDAR_NAMES[self.language]

    @property
    def calendar(self) -> Calendar:
        """The calendar of ``calendar_name``."""
        return calendar_named(self.calendar_name)

    def reckoned(self, calendar: str) -> Text:
        """The same texts with their days in another calendar."""
        return self if calendar == self.calendar_name else replace(self, reckoning=calendar)

    @property
    def texts(self) -> Mapping[str, str]:
        """All texts of the language by key."""
        return catalogue(self.language)

    def __call__(self, key: str, **values: str | int) -> str:
        """The text of ``key`` with its ``{named}`` places filled; KeyError for a key or a place without a value.

        Whole numbers are written as `number` does. Strings of the other direction are isolated, so that a Latin name
        cannot tear a Persian sentence apart.
        """
        found = self.texts[key]
        if not values and "{" not in found:
            return found
        return found.format_map({name: self._value(value) for name, value in values.items()})

    def has(self, key: str) -> bool:
        """Whether there is a text of that key."""
        return key in self.texts

    def counted(self, key: str, number: float, digits: int = 0) -> str:
        """The text ``<key>.one`` or ``<key>.other`` after the plural rule of the language, ``{n}`` filled."""
        form = "one" if Locale(self.language).plural_form(round(number, digits)) == "one" else "other"
        return self(f"{key}.{form}", n=self.number(number, digits))

    def points(self, value: float | None, digits: int = 1) -> str:
        """A difference of two shares in percentage points: 0.012 → "+1.2 pt", "+۱٫۲ واحد درصد"."""
        return self("unit.points", n=self.signed(None if value is None else value * 100, digits))

    def days(self, value: float | None, digits: int = 0) -> str:
        """A span of days: "34 days", "۳۴ روز"."""
        return MISSING if value is None or math.isnan(value) else self.counted("unit.days", value, digits)

    def hours(self, value: float | None) -> str:
        """A span of hours, told in days from three on: "34 hours", "5 days"."""
        if value is None or math.isnan(value):
            return MISSING
        return self.counted("unit.hours", value) if value < 72 else self.days(value / 24)

    def written(self, value: float | None, form: Format, digits: int | None = None) -> str:
        """A number as a column's or measure's format wants it; ValueError for a format that is no number's.

        ``digits`` overrides the decimals: none for counts, days and hours, one for shares, two for scores.
        """
        match form:
            case "count":
                return self.number(value, digits or 0)
            case "share":
                return self.share(value, 1 if digits is None else digits)
            case "change":
                return self.change(value, 1 if digits is None else digits)
            case "points":
                return self.points(value, 1 if digits is None else digits)
            case "score":
                return self.number(value, 2 if digits is None else digits)
            case "money":
                return self.money(value)
            case "days":
                return self.days(value, digits or 0)
            case "hours":
                return self.hours(value)
            case "hour":
                return MISSING if value is None or math.isnan(value) else self.hour(int(value))
        raise ValueError(f"{form!r} is no format of numbers")

    def day(self, day: date, style: DayStyle = "medium") -> str:
        """A day in the calendar of the language.

        ``short`` "21 Nov", ``medium`` "21 Nov 2026", ``long`` "Saturday, 21 November 2026", ``weekday`` "Sat 21 Nov".
        """
        year, month, number = self.calendar.parts(day)
        return self(
            f"day.{style}",
            day=self.digits(number),
            day2=self.digits(f"{number:02}"),
            month=self(f"month.{self.calendar_name}.{month}"),
            month_short=self(f"month.{self.calendar_name}.{month}.short"),
            month2=self.digits(f"{month:02}"),
            year=self.digits(year),
            weekday=self(f"weekday.{day.weekday()}"),
            weekday_short=self(f"weekday.{day.weekday()}.short"),
        )

    def month(self, day: date, calendar: Calendar | None = None) -> str:
        """The month of a day with its year: "November 2026", "آبان ۱۴۰۵"; with ``calendar`` in that: "Aban 1405"."""
        calendar = calendar or self.calendar
        year, month, _ = calendar.parts(day)
        return self("day.month", month=self(f"month.{calendar.name}.{month}"), year=self.digits(year))

    def span(self, start: date, end: date) -> str:
        """Two days, both included: "24 Sep – 23 Oct 2026"; a single day when both are the same."""
        if start == end:
            return self.day(start)
        same_year = self.calendar.parts(start)[0] == self.calendar.parts(end)[0]
        return self("day.span", start=self.day(start, "short" if same_year else "medium"), end=self.day(end))

    def clock(self, moment: datetime, zone: tzinfo) -> str:
        """The time of an aware moment in ``zone``: "14:32"."""
        return self.digits(_local(moment, zone).strftime("%H:%M"))

    def moment(self, moment: datetime, zone: tzinfo) -> str:
        """Day and time of an aware moment in ``zone``: "21 Nov 2026, 14:32"."""
        return self("day.moment", day=self.day(_local(moment, zone).date()), time=self.clock(moment, zone))

    def hour(self, hour: int) -> str:
        """A full hour of the day, 0 to 24: "14:00"."""
        return self.digits(f"{hour:02}:00")

    def isolate(self, content: str) -> str:
        """``content`` fit to be drawn by plotly, which lays out everything left-to-right."""
        return bidi.isolate(content, always=self.rtl)

    def _value(self, value: str | int) -> str:
        if isinstance(value, int):
            return self.number(value)
        foreign = bidi.is_rtl(value) != self.rtl and any(letter.isalpha() for letter in value)
        return bidi.isolate(value) if foreign else value


def _local(moment: datetime, zone: tzinfo) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return moment.astimezone(zone)


@lru_cache(maxsize=len(LANGUAGES))
def text(language: str) -> Text:
    """The texts of "en", "fa" or "vi"; KeyError for any other language."""
    if language not in LANGUAGES:
        raise KeyError(language)
    return Text(language)
