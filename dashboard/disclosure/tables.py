"""The tables of published figures: all that is published stands in one of them, by month, or is worked out of them.

One fixed set, so that what is shown together can be masked together. Tables of one milestone tell the same cases apart,
each by another thing (`dashboard.disclosure.release`); figures of different milestones are no sums of one another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dashboard.claims.flows import CLOSED, DECIDED, OPENED

ALL: Final = "*"
"""The key, and the part, of a total."""


@dataclass(frozen=True)
class Table:
    """Cases of a subject at a milestone, by month and by a dimension of the cubes: ``told_by``.

    ``split`` is the dimension by whose values the parts go, ``parts`` part → those values; what is of none of them
    belongs to the part ``rest``, or where there is none is not counted in any table of the milestone.
    """

    subject: str
    milestone: str
    told_by: str
    split: str = ""
    parts: Mapping[str, tuple[str, ...]] | None = None
    rest: str = ""

    @property
    def dimensions(self) -> tuple[str, ...]:
        """What the cubes are asked to tell apart."""
        return (self.told_by, self.split) if self.split else (self.told_by,)

    @property
    def part_names(self) -> tuple[str, ...]:
        """The parts in order; none where there is no split."""
        return (*(self.parts or {}), *([self.rest] if self.rest else []))


ELIGIBLE, NOT_ELIGIBLE = "eligible", "not_eligible"
IN_TIME, LATE, UNLIMITED = "in_time", "late", "unlimited"

_DECISIONS: Final = {ELIGIBLE: ("eligible",), NOT_ELIGIBLE: ("not_eligible",)}
_TIMINGS: Final = {IN_TIME: ("early", "on_time"), LATE: ("late",)}
_PLACES: Final = ("province", "category", "channel")


def _opened(subject: str) -> tuple[Table, ...]:
    return tuple(Table(subject, OPENED, by) for by in _PLACES)


def _closed(subject: str) -> tuple[Table, ...]:
    return (
        Table(subject, CLOSED, "province"),
        Table(subject, CLOSED, "category", "timing", _TIMINGS, UNLIMITED),
        Table(subject, CLOSED, "channel"),
    )


TABLES: Final = (
    *_opened("registrations"),
    *(Table("registrations", DECIDED, by, "outcome", _DECISIONS) for by in ("province", "category")),
    *_opened("disputes"),
    *(Table("disputes", CLOSED, by) for by in ("province", "outcome")),
    *_opened("procedures"),
    *_closed("procedures"),
    *_opened("service_requests"),
    *_closed("service_requests"),
)
