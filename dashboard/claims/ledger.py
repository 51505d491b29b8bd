"""The ledger of batches: what was received, and what became of it. received = accepted + unchanged + quarantined."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg

from dashboard.claims.database import CHANNEL

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class Account:
    """The accounting identity of a batch or a part of it, in records."""

    received: int = 0
    accepted: int = 0
    unchanged: int = 0
    quarantined: int = 0
    conflicts: int = 0

    def __add__(self, other: Account) -> Account:
        return Account(
            self.received + other.received,
            self.accepted + other.accepted,
            self.unchanged + other.unchanged,
            self.quarantined + other.quarantined,
            self.conflicts + other.conflicts,
        )


@dataclass(frozen=True)
class Sent:
    """How a batch came in over HTTP: by which token and, where the sender named the request, under which name.

    ``idempotency_key`` and ``request_hash`` are keyed hashes: a sender may have put a national code into either.
    """

    token_id: int
    idempotency_key: str | None = None
    request_hash: str | None = None


def open_batch(
    connection: Connection,
    subject: str,
    source: str,
    demo: bool,
    sent: Sent | None = None,
    noted: Callable[[int], None] | None = None,
) -> int:
    """Begin a batch; its id. Commits: a batch that breaks off must be found in the ledger.

    ``noted`` is called with the id before that, to write what belongs into the same transaction.
    """
    by = (sent.token_id, sent.idempotency_key, sent.request_hash) if sent else (None, None, None)
    row = connection.execute(
        "INSERT INTO batches (subject, source, demo, token_id, idempotency_key, request_hash, status) "
        "VALUES (%s, %s, %s, %s, %s, %s, 'running') RETURNING id",
        (subject, source, demo, *by),
    ).fetchone()
    assert row is not None
    if noted:
        noted(int(row[0]))
    connection.commit()
    return int(row[0])


def book(connection: Connection, batch_id: int, account: Account) -> None:
    """Add a chunk's account to its batch, inside the transaction that merges the chunk."""
    connection.execute(
        "UPDATE batches SET received = received + %s, accepted = accepted + %s, unchanged = unchanged + %s, "
        "quarantined = quarantined + %s, conflicts = conflicts + %s WHERE id = %s",
        (
            account.received,
            account.accepted,
            account.unchanged,
            account.quarantined,
            account.conflicts,
            batch_id,
        ),
    )


def announce(connection: Connection) -> None:
    """Raise the data version; the notification leaves with the commit.

    Call it last in a transaction: all writers share the row.
    """
    connection.execute("UPDATE data_version SET number = number + 1, at = clock_timestamp()")
    connection.execute("SELECT pg_notify(%s, number::text) FROM data_version", (CHANNEL,))


def close_batch(connection: Connection, batch_id: int, status: str, error: str | None = None) -> None:
    """End a batch as ``complete``, ``partial`` (broken off, committed chunks stay) or ``failed`` (nothing came in)."""
    connection.execute(
        "UPDATE batches SET status = %s, error = %s, finished_at = now() WHERE id = %s", (status, error, batch_id)
    )
    connection.commit()


def account_of(connection: Connection, batch_id: int) -> Account:
    """The account of a batch as booked so far."""
    row = connection.execute(
        "SELECT received, accepted, unchanged, quarantined, conflicts FROM batches WHERE id = %s", (batch_id,)
    ).fetchone()
    if row is None:
        raise LookupError(f"no batch {batch_id}")
    return Account(*row)
