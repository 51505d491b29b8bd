"""Local time to UTC and back for whole columns, by the offsets of a time zone day by day.

An offset is asked for once a day: where it is the same at both ends of a day it holds for the whole day, and only on
the few days on which clocks are moved is it asked for every value. A time that the clocks skipped is read as if they
had not been moved yet, so it comes out later by what was skipped; one that happened twice is the first.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

Micros = npt.NDArray[np.int64]
"""Microseconds since 1970-01-01 00:00, local or UTC as the name of the variable says."""

DAY: Final = 86_400_000_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def to_utc(local: Micros, zone: ZoneInfo) -> Micros:
    """Local times as UTC."""
    return local - _offsets(local, zone, of_utc=False)


def to_local(utc: Micros, zone: ZoneInfo) -> Micros:
    """UTC as local times."""
    return utc + _offsets(utc, zone, of_utc=True)


def local_days(utc: npt.NDArray[np.datetime64], zone: ZoneInfo) -> npt.NDArray[np.datetime64]:
    """The local calendar days (``datetime64[D]``) of moments in UTC (``datetime64[us]``); NaT stays."""
    days = np.full(len(utc), np.datetime64("NaT", "D"))
    known = ~np.isnat(utc)
    days[known] = to_local(utc[known].astype(np.int64), zone).view("datetime64[us]").astype("datetime64[D]")
    return days


def _offsets(micros: Micros, zone: ZoneInfo, of_utc: bool) -> Micros:
    days, position = np.unique(micros // DAY, return_inverse=True)
    whole = [_offset_of_day(int(day), zone, of_utc) for day in days]
    offsets = np.array([0 if offset is None else offset for offset in whole], dtype=np.int64)[position]
    moved = np.array([offset is None for offset in whole], dtype=np.bool_)[position]
    for place in np.flatnonzero(moved):
        offsets[place] = _offset(int(micros[place]), zone, of_utc)
    return offsets


@lru_cache(maxsize=100_000)
def _offset_of_day(day: int, zone: ZoneInfo, of_utc: bool) -> int | None:
    """The offset that holds all day long, ``None`` when clocks are moved on it."""
    first, last = _offset(day * DAY, zone, of_utc), _offset(day * DAY + DAY - 1, zone, of_utc)
    return first if first == last else None


def _offset(micros: int, zone: ZoneInfo, of_utc: bool) -> int:
    moment = _EPOCH + timedelta(microseconds=micros)
    aware = moment.astimezone(zone) if of_utc else moment.replace(tzinfo=zone)
    offset = aware.utcoffset()
    assert offset is not None  # a ZoneInfo always knows one
    return offset // timedelta(microseconds=1)
