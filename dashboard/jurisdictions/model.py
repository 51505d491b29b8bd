"""What a jurisdiction is made of: frozen values, as the files of its folder state them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

Names = Mapping[str, str]
"""Language (``en``, ``fa``, ``vi``) to name."""
Unit = Literal["working_day", "day"]
LimitKind = Literal["law", "by_law", "target"]
Ring = tuple[tuple[float, float], ...]
"""A closed line of (x, y); x to the right, y upwards, no unit. Outer rings run counter-clockwise, holes clockwise."""

CLOSING = "closing"
"""The step of a limit that runs from filing to closing."""


def in_force(valid_from: date | None, valid_to: date | None, day: date) -> bool:
    """Whether ``day`` lies within a validity; both ends belong to it, an end that is ``None`` is open."""
    return (valid_from is None or valid_from <= day) and (valid_to is None or day <= valid_to)


@dataclass(frozen=True)
class Province:
    """A province as records name it. ``former_code`` is its code in an older series; no day tells the series apart."""

    code: str
    names: Names
    population: int | None = None
    population_source: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    former_code: str = ""


@dataclass(frozen=True)
class Merge:
    """A former unit and the province that took it over on ``day``. Until the day before, ``old`` meant this unit."""

    old: str
    names: Names
    new: str
    day: date


@dataclass(frozen=True)
class ProvinceProblem:
    """Why a province code means nothing on a day.

    ``kind`` is ``unknown``, ``retired`` (a code of a unit that was merged away; ``successor`` took it over) or
    ``not_yet`` (the province begins later).
    """

    code: str
    day: date
    kind: Literal["unknown", "retired", "not_yet"]
    successor: str = ""


@dataclass(frozen=True)
class Directorate:
    """A provincial directorate of labour and the provinces it answers for; not the same thing as a province."""

    code: str
    names: Names
    provinces: tuple[str, ...]


@dataclass(frozen=True)
class Office:
    """A place that takes applications; ``kind`` is a key of the code list ``offices.kind``."""

    code: str
    province: str
    kind: str
    names: Names


@dataclass(frozen=True)
class Code:
    """A key of a code list with its names."""

    key: str
    names: Names
    note: str = ""


@dataclass(frozen=True)
class ProcedureCode:
    """A published code of a procedure. Codes not yet told apart stand side by side, separated by ``|``."""

    code: str
    valid_from: date | None = None
    valid_to: date | None = None
    confidence: str = ""


@dataclass(frozen=True)
class Deadline:
    """A time a step of a procedure may take. The step ``decision`` is also the limit from filing to closing."""

    step: str
    days: int
    unit: Unit
    kind: LimitKind
    source: str
    confidence: str
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class Procedure:
    """An administrative procedure on a benefit.

    ``ex_officio``: opened by the office, so out of the denominator of the online share. ``kept_apart``: so many that
    it never stands in one total with the others.
    """

    key: str
    names: Names
    order: int
    codes: tuple[ProcedureCode, ...]
    ex_officio: bool
    kept_apart: bool
    outcomes: tuple[str, ...]
    deadlines: tuple[Deadline, ...]


@dataclass(frozen=True)
class Limit:
    """A time limit. ``category`` is empty when it holds for all; ``step`` is ``closing`` from filing to closing."""

    subject: str
    category: str
    days: int
    unit: Unit
    kind: LimitKind
    source: str
    confidence: str
    valid_from: date | None = None
    valid_to: date | None = None
    step: str = CLOSING


@dataclass(frozen=True)
class EligibilityRule:
    """A rule of eligibility: ``check`` names the test, ``reason`` the key of the refusal when it fails.

    ``names`` is a short title, ``explanations`` the sentence told to the applicant, both by language.
    """

    key: str
    check: str
    parameters: Mapping[str, int | tuple[str, ...]]
    reason: str
    names: Names
    explanations: Names
    source: str
    confidence: str
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class Island:
    """Islands too small to be seen as a shape: a labelled marker.

    ``lon``, ``lat`` in degrees say where they lie; ``x``, ``y`` where the map draws the marker, in the plane of the
    boundaries.
    """

    key: str
    province: str
    names: Names
    lon: float
    lat: float
    x: float
    y: float
