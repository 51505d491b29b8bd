"""Who knocks: the token of a request, and what it opens."""

from __future__ import annotations

from flask import request

from dashboard.access.tokens import Token, check
from dashboard.claims.database import Database
from dashboard.claims.subjects import Subject
from dashboard.intake.door.problems import Problem

_CHALLENGE = 'Bearer realm="rasad"'


def bearer(database: Database) -> Token:
    """The token that the request brings; Problem 401 when it brings none or one that is not good."""
    scheme, _, secret = request.headers.get("Authorization", "").strip().partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise Problem(401, "send a token: Authorization: Bearer …", {"WWW-Authenticate": _CHALLENGE})
    with database.write() as connection:
        token = check(connection, secret.strip())
    if token is None:
        headers = {"WWW-Authenticate": f'{_CHALLENGE}, error="invalid_token"'}
        raise Problem(401, "the token is unknown, has expired or was revoked", headers)
    return token


def require(token: Token, subject: Subject) -> None:
    """Problem 403 unless the token may send records of that subject."""
    if subject.key not in token.subjects:
        raise _forbidden(f"this token may not send {subject.key}; it may send {', '.join(token.subjects) or 'nothing'}")
    if token.provinces is not None and "province" not in {field.name for field in subject.fields}:
        raise _forbidden(f"this token is for some provinces only, and {subject.key} are of the whole nation")


def _forbidden(sentence: str) -> Problem:
    return Problem(403, sentence, {"WWW-Authenticate": f'{_CHALLENGE}, error="insufficient_scope"'})
