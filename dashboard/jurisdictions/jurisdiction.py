"""A jurisdiction: everything one country's folder says, and the few look-ups over it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

from dashboard.jurisdictions.model import (
    CLOSING,
    Code,
    Directorate,
    EligibilityRule,
    Island,
    Limit,
    Merge,
    Names,
    Office,
    Procedure,
    Province,
    ProvinceProblem,
    Ring,
    in_force,
)
from dashboard.jurisdictions.service_index import ServiceIndex
from dashboard.jurisdictions.workdays import WorkCalendar


@dataclass(frozen=True, eq=False)
class Jurisdiction:
    """A country as the dashboard knows it. ``load`` makes it; every reference within it has been checked.

    Two are the same only when they are one object; so it can be a key.
    """

    key: str
    names: Names
    languages: tuple[str, ...]
    timezone: ZoneInfo
    calendar: Literal["jalali", "gregorian"]
    week_start: int
    person_code: Literal["ir", "vn", "none"]
    workshop_pattern: str
    legacy_encodings: tuple[str, ...]
    online_is_aim: bool
    provinces: tuple[Province, ...]
    merges: Mapping[str, Merge]
    directorates: tuple[Directorate, ...]
    offices: tuple[Office, ...]
    codes: Mapping[str, tuple[Code, ...]]
    procedures: tuple[Procedure, ...]
    limits: tuple[Limit, ...]
    eligibility: tuple[EligibilityRule, ...]
    workdays: WorkCalendar
    boundaries: Mapping[str, tuple[Ring, ...]]
    boundary_notice: str
    population_notice: Names
    currency: str
    islands: tuple[Island, ...]
    index: ServiceIndex | None

    @cached_property
    def _provinces(self) -> dict[str, Province]:
        return {province.code: province for province in self.provinces}

    def province(self, code: str) -> Province:
        """The province of that code; KeyError when there is none."""
        return self._provinces[code]

    def provinces_on(self, day: date) -> tuple[str, ...]:
        """The codes a record of ``day`` may carry: before a merger those are the codes of the former units."""
        codes = (*self._provinces, *(code for code in self.merges if code not in self._provinces))
        return tuple(code for code in codes if isinstance(self.resolve_province(code, day), str))

    def resolve_province(self, code: str, day: date) -> str | ProvinceProblem:
        """The province of today that ``code`` on a record of ``day`` belongs to, or why it belongs to none.

        Before its merger a code means the former unit (``merges[code].names``), also where a new province took the
        code over; the answer is the province that absorbed that unit.
        """
        merge = self.merges.get(code)
        if merge is not None and day < merge.day:
            return self.resolve_province(merge.new, merge.day)
        province = self._provinces.get(code)
        if province is None:
            return ProvinceProblem(code, day, "retired", merge.new) if merge else ProvinceProblem(code, day, "unknown")
        if in_force(province.valid_from, province.valid_to, day):
            return code
        early = province.valid_from is not None and day < province.valid_from
        return ProvinceProblem(code, day, "not_yet" if early else "retired")

    def province_names_on(self, code: str, day: date) -> Names:
        """The names of the unit that ``code`` meant on ``day``; KeyError for a code never used."""
        merge = self.merges.get(code)
        return merge.names if merge is not None and day < merge.day else self.province(code).names

    def names_of(self, codes: str, language: str) -> dict[str, str]:
        """Key to name for a code list, or for ``provinces``, ``offices``, ``directorates``; KeyError for another."""
        places: Mapping[str, tuple[Province | Office | Directorate, ...]] = {
            "provinces": self.provinces,
            "offices": self.offices,
            "directorates": self.directorates,
        }
        if codes in places:
            return {place.code: place.names[language] for place in places[codes]}
        return {code.key: code.names[language] for code in self.codes[codes]}

    def limit(self, subject: str, category: str, day: date) -> Limit | None:
        """The limit from filing to closing for a case filed on ``day``; one of its category goes before a general."""
        for wanted in (category, "") if category else ("",):
            for limit in self.limits:
                if (limit.subject, limit.category, limit.step) == (subject, wanted, CLOSING) and in_force(
                    limit.valid_from, limit.valid_to, day
                ):
                    return limit
        return None

    def rules_on(self, day: date) -> tuple[EligibilityRule, ...]:
        """The rules of eligibility in force on ``day``, in order of application."""
        return tuple(rule for rule in self.eligibility if in_force(rule.valid_from, rule.valid_to, day))
