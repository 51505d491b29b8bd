"""Bearer tokens of the systems that send records. Only a hash of a token is kept; a token is shown once, when made."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

Connection = psycopg.Connection[tuple[Any, ...]]

_PREFIX = "rasad_"


@dataclass(frozen=True)
class Token:
    """What a token entitles to: sending these subjects for these provinces (``None``: all)."""

    id: int
    name: str
    subjects: tuple[str, ...]
    provinces: tuple[str, ...] | None


def issue(
    connection: Connection,
    name: str,
    subjects: tuple[str, ...],
    provinces: tuple[str, ...] | None = None,
    days: int | None = None,
    noted: Callable[[int], None] | None = None,
) -> str:
    """Make a token, valid for ``days`` (``None``: until revoked), and return it: it cannot be read again. Commits.

    ``noted`` is called with its number before that, to write what belongs into the same transaction.
    """
    secret = _PREFIX + secrets.token_urlsafe(32)
    expires = datetime.now(UTC) + timedelta(days=days) if days else None
    row = connection.execute(
        "INSERT INTO tokens (name, secret_hash, subjects, provinces, expires_at) VALUES (%s, %s, %s, %s, %s) "
        "RETURNING id",
        (name, _hash(secret), list(subjects), None if provinces is None else list(provinces), expires),
    ).fetchone()
    assert row is not None
    if noted:
        noted(int(row[0]))
    connection.commit()
    return secret


def check(connection: Connection, secret: str) -> Token | None:
    """The token behind ``secret``; ``None`` when it is unknown, expired or revoked."""
    # A token has 256 random bits: a plain hash cannot be guessed back, and finds it by an index.
    row = connection.execute(
        "SELECT id, name, subjects, provinces FROM tokens WHERE secret_hash = %s AND revoked_at IS NULL "
        "AND (expires_at IS NULL OR expires_at > now())",
        (_hash(secret),),
    ).fetchone()
    if row is None:
        return None
    return Token(row[0], row[1], tuple(row[2]), None if row[3] is None else tuple(row[3]))


def revoke(connection: Connection, token_id: int, noted: Callable[[int], None] | None = None) -> bool:
    """End a token; false when there is none of that number, or it is ended already. ``noted`` as for `issue`."""
    done = connection.execute(
        "UPDATE tokens SET revoked_at = now() WHERE id = %s AND revoked_at IS NULL", (token_id,)
    ).rowcount
    if done and noted:
        noted(token_id)
    connection.commit()
    return bool(done)


def listed(
    connection: Connection,
) -> list[tuple[int, str, list[str], list[str] | None, datetime | None, datetime | None]]:
    """All tokens: id, name, subjects, provinces, when they expire, when they were revoked."""
    return connection.execute(
        "SELECT id, name, subjects, provinces, expires_at, revoked_at FROM tokens ORDER BY id"
    ).fetchall()


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
