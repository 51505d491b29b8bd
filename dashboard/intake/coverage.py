"""Who is covered: the premium register asked about one person, by the rules that decide registrations on intake.

The person's code is checked, hashed and forgotten: it is neither stored nor logged nor repeated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final

import pandas as pd

from dashboard.claims.database import Database
from dashboard.claims.subjects import Field, Subject
from dashboard.intake.chunk import Chunk
from dashboard.intake.eligibility import COVERED, ELIGIBLE, NOT_ELIGIBLE, decide
from dashboard.intake.mapping import plain
from dashboard.intake.matching import register_of
from dashboard.intake.reading import from_objects
from dashboard.intake.validate import validate
from dashboard.jurisdictions import EligibilityRule
from dashboard.text import Text

_LONGEST: Final = 80

QUESTION: Final = Subject(
    "questions",
    (
        Field("national_code", "person", required=True),
        Field("workshop_code", "workshop", required=True),
        Field("opened_on", "day"),
        Field("job_lost_on", "day"),
    ),
    identity=("person_hash",),
)
"""What is asked, declared like a record so that it is checked like one."""


class Unsound(ValueError):
    """A question that cannot be asked: the reason's code, the column at fault, and what stood there, masked."""

    def __init__(self, code: str, column: str, value: str, detail: str) -> None:
        super().__init__(f"{column}: {code}")
        self.code, self.column, self.value, self.detail = code, column, value, detail


@dataclass(frozen=True)
class Pair:
    """A person at a workshop, the person as a hash, and the day on which they would file."""

    filed: date
    registration: pd.DataFrame

    @property
    def person_hash(self) -> bytes:
        """The keyed hash that stands for the person."""
        return bytes.fromhex(str(self.registration["person_hash"].iloc[0]).removeprefix("\\x"))

    @property
    def workshop_code(self) -> str:
        """The code of the workshop, as it is stored."""
        return str(self.registration["workshop_code"].iloc[0])


@dataclass(frozen=True)
class Coverage:
    """The answer: ``covered`` or not, the ``rule`` that failed, and whether that is ``final``.

    ``outcome`` is that of a registration filed so; ``None`` where an expert decides or no rule is in force. ``as_of``
    is when the data last changed.
    """

    covered: bool
    outcome: str | None
    final: bool
    rule: EligibilityRule | None
    as_of: datetime | None

    def why(self, text: Text) -> str:
        """The answer as a sentence."""
        if self.rule is None:
            return text("api.eligibility.covered" if self.covered else "api.eligibility.no_rule")
        explained = self.rule.explanations[text.language]
        return explained if self.final else f"{explained} {text('api.eligibility.excusable')}"


def pair(question: Mapping[str, Any], database: Database, key: bytes) -> Pair:
    """A question with the columns of `QUESTION` as the registration it would be; Unsound says why it is none."""
    chunk = from_objects([question], plain(QUESTION))
    if _names_hash(chunk):
        raise Unsound("bad_national_code_length", "national_code", "", "")
    jurisdiction = database.jurisdiction
    found = validate(chunk, QUESTION, jurisdiction, database.demo, key, datetime.now(UTC))
    for rejected in found.rejected:
        raise Unsound(rejected.code, rejected.column, rejected.value[:_LONGEST], rejected.detail[:_LONGEST])
    frame = found.frame
    day = frame["opened_on"].iloc[0]
    filed = database.today() if pd.isna(day) else day.date()
    noon = datetime.combine(filed, time(12), jurisdiction.timezone).astimezone(UTC)
    return Pair(filed, frame.assign(opened_at=pd.Series([noon], dtype="datetime64[us, UTC]")))


def coverage(database: Database, asked: Pair) -> Coverage:
    """What the register and the rules in force on the day of filing say of a person at a workshop."""
    with database.write() as connection:
        register = register_of(connection, asked.registration["person_hash"].tolist())
        row = connection.execute("SELECT at FROM data_version").fetchone()
    found = decide(asked.registration, register, database.jurisdiction).iloc[0]
    as_of = row[0].astimezone(UTC) if row and row[0] else None
    covered = bool(found["match"] == COVERED)
    if covered or pd.isna(found["match"]):
        return Coverage(covered, ELIGIBLE if covered else None, covered, None, as_of)
    rule = next(rule for rule in database.jurisdiction.rules_on(asked.filed) if rule.key == found["rule"])
    final = bool(found["final"])
    return Coverage(False, NOT_ELIGIBLE if final else None, final, rule, as_of)


def _names_hash(chunk: Chunk) -> bool:
    """Whether the person is named by a hash: right in a record that comes out of quarantine, here it would be a way
    to ask about persons whose code one does not have.
    """
    return any((value or "").startswith("#") for value in chunk.columns["national_code"].to_pylist())
