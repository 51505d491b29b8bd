"""Requests that a sender named by an ``Idempotency-Key``: loaded once, answered the same however often they come.

What says whether a request is still running is a lock of the connection that works on it, which ends with it; a
request that broke off, in whatever way, is therefore loaded when it comes again, which changes nothing that came in.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg.types.json import Jsonb

from dashboard.claims.database import Database
from dashboard.claims.ledger import Sent
from dashboard.intake.door.problems import Problem

Connection = psycopg.Connection[tuple[Any, ...]]

LONGEST_KEY: Final = 255
_RETRY_SECONDS: Final = "2"


def sent(token_id: int, name: str | None, subject: str, body: bytes, secret: str) -> Sent:
    """How a request is known again; ``name`` is its key. Problem 400 for a name that is none."""
    if name is None:
        return Sent(token_id)
    if not name.strip() or len(name) > LONGEST_KEY or not name.isprintable():
        raise Problem(400, f"Idempotency-Key must have 1 to {LONGEST_KEY} printable characters")
    return Sent(token_id, _hash(secret, "key", name.encode()), _hash(secret, subject, body))


@dataclass
class Attempt:
    """A request being answered: ``earlier`` is the answer it had before, ``answer`` the one it gets now."""

    earlier: Mapping[str, Any] | None = None
    answer: Mapping[str, Any] | None = None


@contextmanager
def attempt(database: Database, known: Sent) -> Iterator[Attempt]:
    """Answer a request: give its answer to ``answer``, unless it has an ``earlier`` one.

    Problem 422 when the same name came with other content, 409 while the first is still at work.
    """
    if known.idempotency_key is None:
        yield Attempt()
        return
    with database.write() as connection:
        free = connection.execute("SELECT pg_try_advisory_lock(%s)", (_number(known),)).fetchone() == (True,)
        found = connection.execute(
            "SELECT id, request_hash, answer FROM batches WHERE token_id = %s AND idempotency_key = %s",
            (known.token_id, known.idempotency_key),
        ).fetchone()
        if found is not None and found[1] != known.request_hash:
            raise Problem(422, "this Idempotency-Key was used for another request; take a new one")
        if not free:
            sentence = "the request with this Idempotency-Key is still at work; ask again for its answer"
            raise Problem(409, sentence, {"Retry-After": _RETRY_SECONDS})
        if found is not None and found[2] is not None:
            yield Attempt(earlier=found[2])
            return
        if found is not None:
            _release(connection, found[0])
        connection.commit()
        trial = Attempt()
        yield trial
        if trial.answer is not None:
            connection.execute(
                "UPDATE batches SET answer = %s WHERE token_id = %s AND idempotency_key = %s",
                (Jsonb(trial.answer), known.token_id, known.idempotency_key),
            )
            connection.commit()


def _release(connection: Connection, batch_id: int) -> None:
    """Take the name from a batch that broke off before it was answered; the ledger says how far it came."""
    connection.execute(
        "UPDATE batches SET idempotency_key = NULL, finished_at = coalesce(finished_at, now()), "
        "error = coalesce(error, CASE status WHEN 'running' THEN 'interrupted' END), "
        "status = CASE WHEN status <> 'running' THEN status WHEN received > 0 THEN 'partial' ELSE 'failed' END "
        "WHERE id = %s",
        (batch_id,),
    )


def _hash(secret: str, purpose: str, content: bytes) -> str:
    return hmac.digest(secret.encode(), f"request {purpose}\0".encode() + content, "sha256").hex()


def _number(known: Sent) -> int:
    """The lock of a request: 64 bits of what it is known by."""
    content = f"{known.token_id} {known.idempotency_key}".encode()
    return int.from_bytes(hmac.digest(b"lock", content, "sha256")[:8], signed=True)
