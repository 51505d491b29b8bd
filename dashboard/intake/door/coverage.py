"""Who is covered: the premium register asked about one person, by the rules that decide registrations on intake.

The person's code is checked, hashed and forgotten: it is neither stored nor logged nor repeated.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any, Final

import pandas as pd
from flask import Response

from dashboard.claims.subjects import REGISTRATIONS, Field, Subject
from dashboard.deployment import Deployment
from dashboard.intake.chunk import Chunk
from dashboard.intake.door import body
from dashboard.intake.door.bearer import bearer, require
from dashboard.intake.door.language import words
from dashboard.intake.door.problems import Problem, answer
from dashboard.intake.eligibility import COVERED, ELIGIBLE, NOT_ELIGIBLE, decide
from dashboard.intake.mapping import plain
from dashboard.intake.matching import register_of
from dashboard.intake.reading import from_objects
from dashboard.intake.reasons import sentence
from dashboard.intake.validate import validate
from dashboard.text import Text

_MOST_BYTES: Final = 16 << 10
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


class CoverageDoor:
    """``POST /api/v1/eligibility``."""

    def __init__(self, deployment: Deployment, key: str) -> None:
        self._deployment, self._key = deployment, key

    def answer(self) -> Response:
        """Whether a person who files on a day is covered, and why."""
        database = self._deployment.database
        require(bearer(database), REGISTRATIONS)
        body.kind(body.JSON)
        text = words(self._deployment)
        day, asked = self._registration(body.one(body.content(_MOST_BYTES, _MOST_BYTES)), text)
        with database.write() as connection:
            register = register_of(connection, asked["person_hash"].tolist())
            row = connection.execute("SELECT at FROM data_version").fetchone()
        found = decide(asked, register, self._deployment.jurisdiction).iloc[0]
        return answer(
            {**self._said(found, day, text), "as_of": row[0].astimezone(UTC).isoformat() if row and row[0] else None},
            {"Content-Language": text.language},
        )

    def _registration(self, question: Any, text: Text) -> tuple[date, pd.DataFrame]:
        """The day of filing, and the question as the registration it would be; Problem 400 says why there is none."""
        if not isinstance(question, dict):
            raise Problem(400, "the body is not a JSON object")
        chunk = from_objects([question], plain(QUESTION))
        if _names_hash(chunk):
            raise _refused(text, "bad_national_code_length", "national_code", "", "")
        jurisdiction, demo = self._deployment.jurisdiction, self._deployment.database.demo
        found = validate(chunk, QUESTION, jurisdiction, demo, self._key.encode(), datetime.now(UTC))
        for rejected in found.rejected:
            raise _refused(text, rejected.code, rejected.column, rejected.value[:_LONGEST], rejected.detail[:_LONGEST])
        frame = found.frame
        day = frame["opened_on"].iloc[0]
        filed = self._deployment.database.today() if pd.isna(day) else day.date()
        noon = datetime.combine(filed, time(12), jurisdiction.timezone).astimezone(UTC)
        return filed, frame.assign(opened_at=pd.Series([noon], dtype="datetime64[us, UTC]"))

    def _said(self, found: pd.Series[Any], day: date, text: Text) -> dict[str, Any]:
        """The answer to one question, as `decide` found it for that day of filing."""
        covered = found["match"] == COVERED
        if covered or pd.isna(found["match"]):
            why = text("api.eligibility.covered" if covered else "api.eligibility.no_rule")
            nothing = dict.fromkeys(("rule", "rule_name", "source"))
            outcome = ELIGIBLE if covered else None
            return {"covered": covered, "outcome": outcome, "final": covered, "code": None, "reason": why, **nothing}
        rule = next(rule for rule in self._deployment.jurisdiction.rules_on(day) if rule.key == found["rule"])
        final = bool(found["final"])
        why = rule.explanations[text.language]
        return {
            "covered": False,
            "outcome": NOT_ELIGIBLE if final else None,
            "final": final,
            "code": rule.reason,
            "reason": why if final else f"{why} {text('api.eligibility.excusable')}",
            "rule": rule.key,
            "rule_name": rule.names[text.language],
            "source": rule.source,
        }


def _names_hash(chunk: Chunk) -> bool:
    """Whether the person is named by a hash: right in a record that comes out of quarantine, here it would be a way
    to ask about persons whose code one does not have.
    """
    return any((value or "").startswith("#") for value in chunk.columns["national_code"].to_pylist())


def _refused(text: Text, code: str, column: str, value: str, detail: str) -> Problem:
    return Problem(400, sentence(text, code, column, value, detail), code=code, column=column or None)
