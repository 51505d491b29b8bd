"""Records in: a body of records loaded like a file, answered with the account of every one of them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, Final

from flask import Response, request

from dashboard.access.audit import By, by_token
from dashboard.access.tokens import Token
from dashboard.claims.ledger import Sent
from dashboard.claims.subjects import SUBJECTS, Subject
from dashboard.deployment import Deployment
from dashboard.intake.door import body, once
from dashboard.intake.door.bearer import bearer, require
from dashboard.intake.door.language import words
from dashboard.intake.door.problems import Problem, answer, unavailable
from dashboard.intake.load import Loaded, Loader
from dashboard.intake.mapping import plain
from dashboard.intake.reading import from_objects
from dashboard.intake.reasons import sentence
from dashboard.intake.validate import Rejected
from dashboard.text import Text

_PAGE_THREADS: Final = 4
"""Threads of a process that loading never takes, so that the page goes on answering."""
_LONGEST_VALUE: Final = 80

log = logging.getLogger(__name__)


class RecordsDoor:
    """``POST /api/v1/records/<subject>``."""

    def __init__(self, deployment: Deployment, key: str) -> None:
        self._deployment, self._key = deployment, key
        self._places = threading.BoundedSemaphore(max(1, deployment.settings.threads - _PAGE_THREADS))

    def subjects(self) -> Response:
        """Nothing is sent to no subject."""
        bearer(self._deployment.database)
        raise _no_subject()

    def load(self, subject: str) -> Response:
        """Load the body's records; the answer is the same when a named request comes again."""
        token = bearer(self._deployment.database)
        chosen = SUBJECTS.get(subject)
        if chosen is None:
            raise _no_subject()
        require(token, chosen)
        form = body.kind(body.JSON, body.NDJSON)
        content = body.content()
        known = once.sent(token.id, request.headers.get("Idempotency-Key"), chosen.key, content, self._key)
        text = words(self._deployment)
        with self._place(), once.attempt(self._deployment.database, known) as trial:
            if trial.earlier is not None:
                return answer(trial.earlier, {"Idempotency-Replayed": "true"})
            loaded = self._loaded(chosen, token, known, body.several(content, form))
            trial.answer = _account(loaded, text)
        return answer(trial.answer, {"Content-Language": text.language})

    def _loaded(self, subject: Subject, token: Token, known: Sent, values: Any) -> Loaded:
        chunk = from_objects(values, plain(subject))
        by = By(by_token(token), request.remote_addr or "")
        loader = Loader(self._deployment.database, subject, self._key, token.provinces, body.MOST_RECORDS, by)
        loaded = loader.chunks(f"token-{token.id}", lambda: [chunk], sent=known)
        if loaded.error:
            log.warning("batch %d of token %d %s: %s", loaded.batch_id, token.id, loaded.status, loaded.error)
            raise unavailable()
        log.info("batch %d of token %d: %s %s", loaded.batch_id, token.id, subject.key, loaded.account)
        return loaded

    @contextmanager
    def _place(self) -> Iterator[None]:
        """One of the places to load in; Problem 503 when all are taken, for who waits would take the page's."""
        if not self._places.acquire(blocking=False):
            raise Problem(503, "too many requests are being loaded; send this one again", {"Retry-After": "1"})
        try:
            yield
        finally:
            self._places.release()


def _account(loaded: Loaded, text: Text) -> dict[str, Any]:
    return {
        "batch": loaded.batch_id,
        **asdict(loaded.account),
        "rejected": [_reason(rejected, text) for rejected in loaded.rejected],
    }


def _reason(rejected: Rejected, text: Text) -> dict[str, Any]:
    value, detail = _short(rejected.value), _short(rejected.detail)
    return {
        "record": rejected.line,
        "code": rejected.code,
        "column": rejected.column or None,
        "reason": sentence(text, rejected.code, rejected.column, value, detail),
    }


def _short(value: str) -> str:
    # A value may be as long as the body; and the ledger's JSON cannot hold NUL.
    value = value.replace("\0", "\\x00")
    return value if len(value) <= _LONGEST_VALUE else f"{value[:_LONGEST_VALUE]}…"


def _no_subject() -> Problem:
    return Problem(404, f"there is no such subject; there are {', '.join(SUBJECTS)}")
