"""Columns of text turned into moments and days: ISO 8601 in one pass, everything else value by value."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.claims import localtime
from dashboard.claims.localtime import DAY, Micros
from dashboard.intake.characters import flags
from dashboard.intake.dates import EPOCH_ORDINAL, DateReader, clock

Mask = npt.NDArray[np.bool_]

_ISO_DAY: Final = (
    r"(?:19|20)\d\d-"
    r"(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|[12]\d))"
)
_ISO_CLOCK: Final = r"[ T](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?"
_ISO_LOCAL: Final = f"^{_ISO_DAY}(?:{_ISO_CLOCK})?$"
_ISO_AWARE: Final = f"^{_ISO_DAY}{_ISO_CLOCK}(?:Z|[+-](?:[01]\\d|2[0-3]):[0-5]\\d)$"
_CLOCK_STARTS: Final = re.compile(r"[T, ]+(?=\d{1,2}:)|T$")
_SERIAL: Final = re.compile(r"\d{1,5}(\.\d+)?")
_SERIAL_ORIGIN: Final = date(1899, 12, 30).toordinal() - EPOCH_ORDINAL
_SERIALS: Final = range(2, 73_051)
"""Days since 1899-12-30 that are taken for a day: 1900 to 2099."""

_clock = lru_cache(maxsize=100_000)(clock)


@dataclass(frozen=True)
class MomentReader:
    """Reads the moments and days of one source; times without an offset are local times of ``zone``.

    ``serials``: a bare number is a day of a spreadsheet, counted from 1899-12-30, with the time of day as fraction.
    """

    zone: ZoneInfo
    dates: DateReader
    serials: bool = False

    def moments(self, column: pa.Array) -> tuple[pa.Array, Mask]:
        """Strings as ``timestamp[us, UTC]``, and where a value is no moment (null there)."""
        micros, known, aware = self._micros(column)
        local = known & ~aware
        micros[local] = localtime.to_utc(micros[local], self.zone)
        return pa.array(micros, pa.timestamp("us", "UTC"), mask=~known), ~known & _given(column)

    def days(self, column: pa.Array) -> tuple[pa.Array, Mask]:
        """Strings as ``date32``, and where a value is no day (null there). A time of day beside it is left out."""
        micros, known, aware = self._micros(column)
        micros[aware] = localtime.to_local(micros[aware], self.zone)
        days = pa.array((micros // DAY).astype(np.int32), pa.int32(), mask=~known)
        return days.cast(pa.date32()), ~known & _given(column)

    def _micros(self, column: pa.Array) -> tuple[Micros, Mask, Mask]:
        """Microseconds since 1970, where there are any, and where they are UTC because an offset was given."""
        micros = np.zeros(len(column), dtype=np.int64)
        known = np.zeros(len(column), dtype=np.bool_)
        aware = np.zeros(len(column), dtype=np.bool_)
        if column.null_count == len(column):
            return micros, known, aware
        for pattern, kind in ((_ISO_LOCAL, pa.timestamp("us")), (_ISO_AWARE, pa.timestamp("us", "UTC"))):
            fits = flags(pc.match_substring_regex(column, pattern))
            cast = _cast(column.filter(pa.array(fits)), kind) if fits.any() else None
            if cast is not None:
                micros[fits] = cast
                known |= fits
                aware |= fits if kind.tz else False
            if known.sum() == len(column) - column.null_count:
                return micros, known, aware
        others = np.flatnonzero(~known & _given(column))
        for place, text in zip(others, column.take(pa.array(others)).to_pylist(), strict=True):
            found = self._one(text)
            if found is not None:
                micros[place], aware[place] = found
                known[place] = True
        return micros, known, aware

    def _one(self, text: str) -> tuple[int, bool] | None:
        """The microseconds of one text and whether they are UTC."""
        if self.serials and _SERIAL.fullmatch(text):
            seconds = round(float(text) * 86_400)  # the fraction is binary: only rounding gives the second back
            inside = _SERIALS.start <= float(text) < _SERIALS.stop
            return ((_SERIAL_ORIGIN * 86_400 + seconds) * 1_000_000, False) if inside else None
        if text[10:11] in (" ", "T"):
            day_text, rest = text[:10], text[11:]
        else:
            day_text, _, rest = _CLOCK_STARTS.sub("\n", text, count=1).partition("\n")
        day, time = self.dates.day(day_text), _clock(rest)
        if day is None or time is None:
            return None
        micros = (day - EPOCH_ORDINAL) * DAY + time.micros
        return (micros, False) if time.offset is None else (micros - time.offset, True)


def _given(column: pa.Array) -> Mask:
    return np.asarray(column.is_valid().to_numpy(zero_copy_only=False), dtype=np.bool_)


def _cast(column: pa.Array, kind: pa.TimestampType) -> Micros | None:
    """ISO 8601 strings as microseconds; ``None`` when one of them is no day of the calendar (30 February)."""
    try:
        return np.asarray(pc.cast(column, kind).cast(pa.int64()).to_numpy())
    except pa.ArrowInvalid:
        return None
