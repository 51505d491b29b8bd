"""The door for eligibility: who is covered (`intake.coverage`), asked and answered over HTTP."""

from __future__ import annotations

from typing import Any, Final

from flask import Response, request

from dashboard.access.audit import by_token, record
from dashboard.claims.subjects import REGISTRATIONS
from dashboard.deployment import Deployment
from dashboard.intake.coverage import Coverage, Unsound, coverage, pair
from dashboard.intake.door import body
from dashboard.intake.door.bearer import bearer, require
from dashboard.intake.door.language import words
from dashboard.intake.door.problems import Problem, answer
from dashboard.intake.reasons import sentence
from dashboard.text import Text

_MOST_BYTES: Final = 16 << 10


class CoverageDoor:
    """``POST /api/v1/eligibility``."""

    def __init__(self, deployment: Deployment, key: str) -> None:
        self._deployment, self._key = deployment, key

    def answer(self) -> Response:
        """Whether a person who files on a day is covered, and why."""
        database = self._deployment.database
        token = bearer(database)
        require(token, REGISTRATIONS)
        body.kind(body.JSON)
        text = words(self._deployment)
        question = body.one(body.content(_MOST_BYTES, _MOST_BYTES))
        if not isinstance(question, dict):
            raise Problem(400, "the body is not a JSON object")
        try:
            asked = pair(question, database, self._key.encode())
        except Unsound as bad:
            why = sentence(text, bad.code, bad.column, bad.value, bad.detail)
            raise Problem(400, why, code=bad.code, column=bad.column or None) from bad
        said = _said(coverage(database, asked), text)
        told = {"covered": said["covered"], "outcome": said["outcome"]}
        record(
            database,
            *(by_token(token), "eligibility", request.remote_addr or ""),
            *(f"person/#{asked.person_hash.hex()}", told, 1),
        )
        return answer(said, {"Content-Language": text.language})


def _said(found: Coverage, text: Text) -> dict[str, Any]:
    rule = found.rule
    return {
        "covered": found.covered,
        "outcome": found.outcome,
        "final": found.final,
        "code": rule.reason if rule else None,
        "reason": found.why(text),
        "rule": rule.key if rule else None,
        "rule_name": rule.names[text.language] if rule else None,
        "source": rule.source if rule else None,
        "as_of": found.as_of.isoformat() if found.as_of else None,
    }
