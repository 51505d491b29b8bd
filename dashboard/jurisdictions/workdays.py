"""Working days: the public holidays of a country, its week-end and the folder's own exceptions, by table look-up.

A table of all days from 1990 to 2100 rather than numpy's business-day functions, which know neither a Saturday worked
in exchange nor a week-end that changes on a date. Building it takes a tenth of a second, once, at first use.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property

import holidays
import numpy as np
import numpy.typing as npt

from dashboard.jurisdictions.model import Names, in_force

Days = npt.NDArray[np.datetime64]
Counts = npt.NDArray[np.int64]

FIRST, LAST = date(1990, 1, 1), date(2100, 12, 31)
_ORIGIN = np.datetime64(FIRST, "D")
_LENGTH = (LAST - FIRST).days + 1


@dataclass(frozen=True)
class WorkdayException:
    """Days that differ from the rule, from ``valid_from`` to ``valid_to`` (open ends ``None``).

    ``weekday`` (Monday 0) narrows it to one day of the week, ``province`` to one province. ``working`` says which way.
    """

    valid_from: date | None
    valid_to: date | None
    working: bool
    weekday: int | None = None
    province: str = ""
    names: Names = field(default_factory=dict)


@dataclass(frozen=True)
class _Table:
    """``working`` for each day since FIRST; ``passed`` counts working days up to and with each; ``open`` lists them."""

    working: npt.NDArray[np.bool_]
    passed: Counts
    open: Counts


@dataclass(frozen=True, eq=False)
class WorkCalendar:
    """The working days of a jurisdiction, 1990 to 2100; a day outside raises ValueError.

    ``weekend`` are weekdays (Monday 0); ``country`` is the code of the `holidays` library, empty for no public
    holidays; ``holiday_names`` turns the library's English names into other languages. ``province`` in a method heeds
    the exceptions of that province, without it only those of the whole country.
    """

    country: str
    weekend: tuple[int, ...]
    exceptions: tuple[WorkdayException, ...] = ()
    holiday_names: Mapping[str, Names] = field(default_factory=dict)

    def is_working(self, day: date, province: str | None = None) -> bool:
        """Whether offices work on ``day``."""
        return bool(self._table(province).working[_index(np.datetime64(day, "D"))])

    def add(self, day: date, n: int, province: str | None = None) -> date:
        """The ``n``-th working day after ``day`` (before it when negative); 0: ``day``, or the next working day."""
        added: date = self.add_many(np.array([day], dtype="datetime64[D]"), np.array([n]), province)[0].item()
        return added

    def between(self, a: date, b: date, province: str | None = None) -> int:
        """The working days after ``a`` up to and with ``b``; negative when ``b`` comes first."""
        days = np.array([a, b], dtype="datetime64[D]")
        return int(self.between_many(days[:1], days[1:], province)[0])

    def add_many(self, days: Days, n: npt.ArrayLike, province: str | None = None) -> Days:
        """``add`` for arrays: ``days`` of ``datetime64[D]``, ``n`` whole, of that shape or one; NaT stays NaT."""
        table = self._table(province)
        missing = np.isnat(days)
        at = _index(np.where(missing, _ORIGIN, days).astype("datetime64[D]"))
        n = np.asarray(n, dtype=np.int64)
        before = table.passed[at] - table.working[at]
        rank = np.where(n > 0, table.passed[at] + n - 1, before + n)
        rank = np.where(missing, 0, rank)
        if np.any((rank < 0) | (rank >= len(table.open))):
            raise ValueError(f"working days are known from {FIRST} to {LAST} only")
        return np.where(missing, np.datetime64("NaT", "D"), _ORIGIN + table.open[rank].astype("timedelta64[D]"))

    def between_many(self, a: Days, b: Days, province: str | None = None) -> Counts:
        """``between`` for arrays of ``datetime64[D]``; a NaT raises ValueError."""
        passed = self._table(province).passed
        return passed[_index(b)] - passed[_index(a)]

    def holiday_name(self, day: date, language: str) -> str | None:
        """What ``day`` is off for, in ``language`` (English where it has no name there); ``None`` when it is not.

        Week-ends have no name. A public holiday worked in exchange has none either.
        """
        named = [e for e in self.exceptions if not e.province and e.names and _covers(e, day)]
        if named:
            return None if named[-1].working else named[-1].names[language]
        own = _library_language(self.country, language)
        name = public_holidays(self.country, own or _library_language(self.country, "en"))[0].get(day)
        if name is None or own:
            return name
        return "; ".join(self._translated(part, language) for part in name.split("; "))

    def _translated(self, english: str, language: str) -> str:
        for name in (english, english.partition(" (")[0]):
            if language in self.holiday_names.get(name, {}):
                return self.holiday_names[name][language]
        return english

    @cached_property
    def _tables(self) -> dict[str, _Table]:
        return {}

    def _table(self, province: str | None) -> _Table:
        """Provinces without exceptions of their own share the national table."""
        key = province if province and any(e.province == province for e in self.exceptions) else ""
        if key not in self._tables:
            self._tables[key] = self._build(key)
        return self._tables[key]

    def _build(self, province: str) -> _Table:
        weekday = (np.arange(_LENGTH) + FIRST.weekday()) % 7
        working = ~np.isin(weekday, self.weekend)
        off, exchanged = public_holidays(self.country)
        working[_indices(off.keys())] = False
        working[_indices(exchanged)] = True
        for exception in self.exceptions:
            if exception.province in ("", province):
                chosen = np.zeros(_LENGTH, dtype=np.bool_)
                first = max(exception.valid_from or FIRST, FIRST)
                last = min(exception.valid_to or LAST, LAST)
                chosen[(first - FIRST).days : (last - FIRST).days + 1] = True
                if exception.weekday is not None:
                    chosen &= weekday == exception.weekday
                working[chosen] = exception.working
        return _Table(working, np.cumsum(working), np.flatnonzero(working))


def _covers(exception: WorkdayException, day: date) -> bool:
    if not in_force(exception.valid_from, exception.valid_to, day):
        return False
    return exception.weekday is None or exception.weekday == day.weekday()


def _index(days: Days | np.datetime64) -> Counts:
    """Places in the table; ValueError for a day outside it and for NaT."""
    index = np.atleast_1d((days - _ORIGIN).astype("timedelta64[D]").astype(np.int64))
    if np.any((index < 0) | (index >= _LENGTH)):
        raise ValueError(f"working days are known from {FIRST} to {LAST} only")
    return index


def _indices(days: Iterable[date]) -> list[int]:
    return [(day - FIRST).days for day in days]


def knows_country(country: str) -> bool:
    """Whether the `holidays` library has that country."""
    return country in holidays.list_supported_countries()


def _library_language(country: str, language: str) -> str:
    """The library's name of ``language`` for that country (``fa_IR``); empty when it has no names in it."""
    if not country:
        return ""
    known: tuple[str, ...] = holidays.country_holidays(country).supported_languages
    return next((name for name in known if name.partition("_")[0] == language), "")


@cache
def public_holidays(country: str, language: str = "") -> tuple[Mapping[date, str], frozenset[date]]:
    """The public holidays of a country with their names, and the week-end days worked in exchange for others."""
    if not country:
        return {}, frozenset()
    years = range(FIRST.year, LAST.year + 1)
    found = holidays.country_holidays(country, years=years, language=language or None)
    return dict(found.items()), frozenset(found.weekend_workdays)
