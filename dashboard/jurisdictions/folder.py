"""Reading a jurisdiction's folder whole: all problems are reported together, a Jurisdiction comes only without any."""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection
from pathlib import Path
from typing import Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.numbers import is_currency

from dashboard.jurisdictions.entries import Entry, Folder
from dashboard.jurisdictions.geometry import read_boundaries, read_islands
from dashboard.jurisdictions.jurisdiction import Jurisdiction
from dashboard.jurisdictions.lists import read_codes
from dashboard.jurisdictions.model import Code, Names, Province
from dashboard.jurisdictions.places import PROVINCE, once, read_directorates, read_merges, read_offices, read_provinces
from dashboard.jurisdictions.problems import JurisdictionError, Problem
from dashboard.jurisdictions.rules import read_eligibility, read_limits, read_procedures
from dashboard.jurisdictions.service_index import codes_of, read_service_index
from dashboard.jurisdictions.workdays import WorkCalendar, WorkdayException, knows_country

HEAD, EXCEPTIONS, HOLIDAYS = "jurisdiction.toml", "workdays.csv", "holidays.csv"
LANGUAGES = ("en", "fa", "vi")
SHIPPED = ("ir", "vn")
"""The jurisdictions that come along; any other is given by the path of its folder."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CalendarName = Literal["jalali", "gregorian"]
PersonCode = Literal["ir", "vn", "none"]
_CALENDARS: dict[str, CalendarName] = {name: name for name in get_args(CalendarName)}
_PERSON_CODES: dict[str, PersonCode] = {name: name for name in get_args(PersonCode)}
_KEYS = (
    "key",
    "names",
    "languages",
    "timezone",
    "calendar",
    "week_start",
    "weekend",
    "holidays",
    "person_code",
    "workshop_pattern",
    "legacy_encodings",
    "online_is_aim",
    "boundary_notice",
    "population_notice",
    "currency",
)


def load(name_or_path: str) -> Jurisdiction:
    """The jurisdiction of that name (``ir``, ``vn``) or of the folder at that path.

    JurisdictionError tells everything wrong with the folder, each with file, place and key.
    """
    path = Path(__file__).parent / name_or_path if name_or_path in SHIPPED else Path(name_or_path)
    if not path.is_dir():
        known = f"is neither {' nor '.join(SHIPPED)} nor a folder"
        raise JurisdictionError(name_or_path, (Problem(name_or_path, "", "", known),))
    folder = Folder(path)
    jurisdiction = _read(folder)
    if folder.problems:
        raise JurisdictionError(name_or_path, tuple(dict.fromkeys(folder.problems)))
    return jurisdiction


def _read(folder: Folder) -> Jurisdiction:
    """The folder as far as it can be read; usable only when it has no problems."""
    head = folder.toml(HEAD).only(*_KEYS)
    folder.languages = _languages(head)
    codes = dict(read_codes(folder))
    procedures = read_procedures(folder, codes)
    codes["procedures.category"] = tuple(Code(procedure.key, procedure.names) for procedure in procedures)
    provinces = read_provinces(folder)
    known = {province.code: province for province in provinces}
    plane, boundaries = read_boundaries(folder, known)
    index = read_service_index(folder, known)
    codes |= codes_of(index)
    return Jurisdiction(
        key=head.text("key"),
        names=head.translations("names"),
        languages=folder.languages,
        timezone=_timezone(head),
        calendar=_CALENDARS.get(head.text("calendar", among=tuple(_CALENDARS)), "gregorian"),
        week_start=_weekday(head, "week_start") or 0,
        person_code=_PERSON_CODES.get(head.text("person_code", among=tuple(_PERSON_CODES)), "none"),
        workshop_pattern=_pattern(head),
        legacy_encodings=_encodings(head),
        online_is_aim=head.flag("online_is_aim"),
        provinces=provinces,
        merges=read_merges(folder, provinces),
        directorates=read_directorates(folder, known),
        offices=read_offices(folder, known, codes["offices.kind"]),
        codes=codes,
        procedures=procedures,
        limits=read_limits(folder, codes, procedures),
        eligibility=read_eligibility(folder, codes),
        workdays=_workdays(folder, head, known),
        boundaries=boundaries,
        boundary_notice=head.text("boundary_notice", required=bool(boundaries)),
        population_notice=_population_notice(head, provinces),
        currency=_currency(head),
        islands=read_islands(folder, known, plane),
        index=index,
    )


def _languages(head: Entry) -> tuple[str, ...]:
    languages = head.texts("languages")
    for language in languages:
        if language not in LANGUAGES:
            head.wrong("languages", f"{language!r} is none of {', '.join(LANGUAGES)}")
    if len(set(languages)) < len(languages):
        head.wrong("languages", "a language stands twice")
    if not languages and "languages" in head.values:
        head.wrong("languages", "has no language")
    return tuple(language for language in dict.fromkeys(languages) if language in LANGUAGES)


def _population_notice(head: Entry, provinces: tuple[Province, ...]) -> Names:
    """Whose count of inhabitants it is, and of when: needed where anything is divided by it."""
    counted = any(province.population for province in provinces)
    return head.translations("population_notice") if counted or "population_notice" in head.values else {}


def _currency(head: Entry) -> str:
    """The code of the currency of amounts, empty where none is named."""
    code = head.text("currency", required=False)
    if code and not is_currency(code):
        head.wrong("currency", f"{code!r} is no ISO 4217 code, such as IRR")
        return ""
    return code


def _timezone(head: Entry) -> ZoneInfo:
    name = head.text("timezone")
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        head.wrong("timezone", f"{name!r} is no time zone, such as Asia/Tehran")
        return ZoneInfo("UTC")


def _weekday(entry: Entry, key: str, *, required: bool = True) -> int | None:
    """A weekday, Monday 0; ``None`` where there is none to read."""
    name = entry.text(key, required=required, among=WEEKDAYS)
    return WEEKDAYS.index(name) if name in WEEKDAYS else None


def _weekend(head: Entry) -> tuple[int, ...]:
    names = head.texts("weekend")
    for name in names:
        if name not in WEEKDAYS:
            head.wrong("weekend", f"{name!r} is none of {', '.join(WEEKDAYS)}")
    if set(names) >= set(WEEKDAYS):
        head.wrong("weekend", "leaves no day of the week to work on")
    return tuple(WEEKDAYS.index(name) for name in names if name in WEEKDAYS)


def _pattern(head: Entry) -> str:
    pattern = head.text("workshop_pattern")
    try:
        re.compile(pattern)
    except re.error as error:
        head.wrong("workshop_pattern", f"{pattern!r} is no regular expression: {error}")
    return pattern


def _encodings(head: Entry) -> tuple[str, ...]:
    names = head.texts("legacy_encodings")
    for name in names:
        try:
            codecs.lookup(name)
        except LookupError:
            head.wrong("legacy_encodings", f"{name!r} is no encoding known to Python")
    return names


def _workdays(folder: Folder, head: Entry, provinces: Collection[str]) -> WorkCalendar:
    """The calendar of ``weekend`` and ``holidays`` in the head, with ``workdays.csv`` and ``holidays.csv``."""
    country = head.text("holidays", required=False)
    if country and not knows_country(country):
        head.wrong("holidays", f"{country!r} is no country of the holidays library")
        country = ""
    columns = ("valid_from", "valid_to", "weekday", "province", "working")
    rows = folder.table(EXCEPTIONS, columns, ("name", "source", "note"), required=False)
    exceptions = tuple(_exception(row, provinces) for row in rows)
    names_of = {
        row.text("holiday"): row.names()
        for row in once(folder.table(HOLIDAYS, ("holiday", "name"), required=False), "holiday")
    }
    return WorkCalendar(country, _weekend(head), exceptions, names_of)


def _exception(row: Entry, provinces: Collection[str]) -> WorkdayException:
    valid_from, valid_to = row.validity()
    return WorkdayException(
        valid_from=valid_from,
        valid_to=valid_to,
        working=row.flag("working"),
        weekday=_weekday(row, "weekday", required=False),
        province=row.refers("province", provinces, PROVINCE, required=False),
        names=row.names() if any(key.startswith("name_") and row.values[key] for key in row.values) else {},
    )
