"""Days and times of day as people write them: Jalali or Gregorian, with any separator, in any order that is named.

Year first needs no telling: years 1300 to 1499 are Jalali, 1900 to 2100 Gregorian. Any other order needs a format,
made of %Y or %y, %m (or %b, %B, English names of months) and %d with anything between them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Final

from dashboard.text.calendars import calendar_named

CALENDARS: Final = ("auto", "jalali", "gregorian")

_YEARS: Final = {"jalali": range(1300, 1500), "gregorian": range(1900, 2101)}
_YEAR_FIRST: Final = re.compile(r"(?P<Y>\d{4})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})")
_COMPACT: Final = re.compile(r"(?P<Y>\d{4})(?P<m>\d{2})(?P<d>\d{2})")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DIRECTIVES: Final = {
    "Y": r"(?P<Y>\d{4})",
    "y": r"(?P<y>\d{2})",
    "m": r"(?P<m>\d{1,2})",
    "b": r"(?P<b>[A-Za-z]{3,9})",
    "B": r"(?P<b>[A-Za-z]{3,9})",
    "d": r"(?P<d>\d{1,2})",
}
_CLOCK: Final = re.compile(
    r"(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?"
    r"(?:\s*(?P<half>[AaPp])\.?[Mm]\.?)?\s*(?:(?P<utc>[Zz])|(?P<sign>[-+])(?P<oh>\d{2}):?(?P<om>\d{2}))?"
)
_CENTURY_TURNS: Final = {"jalali": (50, 1400), "gregorian": (69, 2000)}
"""Two-digit years below the first number belong to the century of the second, the others to the one before."""

_MINUTE, _SECOND = 60_000_000, 1_000_000


@dataclass(frozen=True)
class DateReader:
    """Reads the days of one source. ``format`` empty: year first; ``calendar`` ``auto``: told by the year."""

    format: str = ""
    calendar: str = "auto"
    _known: dict[str, int | None] = field(default_factory=dict, compare=False, repr=False)

    def day(self, text: str) -> int | None:
        """The proleptic Gregorian ordinal of the day ``text`` names; ``None`` when it names none."""
        if text not in self._known:
            if len(self._known) > 200_000:
                self._known.clear()
            self._known[text] = self._read(text)
        return self._known[text]

    def _read(self, text: str) -> int | None:
        found = date_pattern(self.format).fullmatch(text) if self.format else None
        found = found or _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text)
        if found is None:
            return None
        parts = found.groupdict()
        month = int(parts["m"]) if parts.get("m") else _month(parts["b"])
        if parts.get("Y"):
            year = int(parts["Y"])
        else:
            turn, century = _CENTURY_TURNS["jalali" if self.calendar == "jalali" else "gregorian"]
            short = int(parts["y"])
            year = century + short if short < turn else century - 100 + short
        return self._ordinal(year, month, int(parts["d"]))

    def _ordinal(self, year: int, month: int, day: int) -> int | None:
        for calendar, years in _YEARS.items():
            if year in years and self.calendar in ("auto", calendar):
                try:
                    return calendar_named(calendar).from_parts(year, month, day).toordinal()
                except ValueError:
                    return None
        return None


@dataclass(frozen=True)
class Clock:
    """A time of day in microseconds since midnight, and its offset from UTC in microseconds where one is given."""

    micros: int
    offset: int | None


@cache
def date_pattern(text: str) -> re.Pattern[str]:
    """The pattern of a date format; ValueError says what of it is not understood."""
    parts: list[str] = []
    seen: list[str] = []
    for piece in re.split(r"(%.)", text):
        if not piece.startswith("%"):
            parts.append(re.escape(piece))
            continue
        name = piece[1:]
        if name not in _DIRECTIVES:
            raise ValueError(f"{piece} in {text!r} is none of %Y %y %m %b %B %d (a time of day may follow by itself)")
        parts.append(_DIRECTIVES[name])
        seen.append({"y": "Y", "b": "m", "B": "m"}.get(name, name))
    if sorted(seen) != ["Y", "d", "m"]:
        raise ValueError(f"{text!r} must name year, month and day once each")
    return re.compile("".join(parts))


def clock(text: str) -> Clock | None:
    """The time of day ``text`` names (empty: midnight); ``None`` when it names none."""
    if not text:
        return Clock(0, None)
    found = _CLOCK.fullmatch(text)
    if found is None:
        return None
    hour, minute, second = int(found["h"]), int(found["m"]), int(found["s"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found["half"] in "Pp" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    micros = (hour * 60 + minute) * _MINUTE + second * _SECOND + int((found["f"] or "0").ljust(6, "0")[:6])
    return Clock(micros, _offset(found.groupdict()))


def _offset(parts: Mapping[str, str | None]) -> int | None:
    if parts["utc"]:
        return 0
    if not parts["sign"]:
        return None
    minutes = int(parts["oh"] or 0) * 60 + int(parts["om"] or 0)
    return (minutes if parts["sign"] == "+" else -minutes) * _MINUTE


def _month(name: str) -> int:
    """1 to 12 for an English name of a month, 0 for any other word."""
    return _MONTHS.index(name[:3].lower()) + 1 if name[:3].lower() in _MONTHS else 0


EPOCH_ORDINAL: Final = date(1970, 1, 1).toordinal()
