"""Sessions: who is signed in. The cookie is 256 random bits, kept in the browser alone; its SHA-256 finds the row.

A session ends when it is ended, when the account is closed, when nothing was asked under it for a while (``idle``) and,
however busy, some hours after its start (OWASP Session Management Cheat Sheet). What a person may see is read with it,
at every request: a change holds at the next one.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from dashboard.access.people import person_of
from dashboard.access.person import Person
from dashboard.access.roles import ROLES
from dashboard.claims.database import Database

_AGENT_LENGTH = 200
_SEEN = timedelta(minutes=1)
"""How exactly it is known when a session was last used: a write a request would cost more than it tells."""
_FIND = """
SELECT sessions.token_hash, started_at, seen_at, ends_at, address, agent, must_change, now() AS asked_at,
    people.id, login, name, role, provinces
FROM sessions JOIN people ON people.id = sessions.person_id
WHERE token_hash = :key AND ended_at IS NULL AND ends_at > now() AND seen_at > now() - :idle AND disabled_at IS NULL
"""
_LISTED = """
SELECT token_hash, started_at, seen_at, ends_at, address, agent FROM sessions
WHERE person_id = :person AND ended_at IS NULL AND ends_at > now() AND seen_at > now() - :idle ORDER BY seen_at DESC
"""


@dataclass(frozen=True)
class Sitting:
    """A session as its person may see it in a list. ``key`` is the SHA-256 of the cookie."""

    key: bytes
    started_at: datetime
    seen_at: datetime
    ends_at: datetime
    address: str
    agent: str


@dataclass(frozen=True)
class Session:
    """A session found by its cookie: whose it is, and whether the password has to be changed before anything else."""

    key: bytes
    person: Person
    must_change: bool
    started_at: datetime
    ends_at: datetime


def start(database: Database, person_id: int, address: str, agent: str, hours: float) -> str:
    """Begin a session, and return its cookie: it cannot be read again. ``hours`` is how long it lasts at most."""
    cookie = secrets.token_urlsafe(32)
    with database.gate.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO sessions (token_hash, person_id, ends_at, address, agent)"
                " VALUES (:key, :person, now() + :lasts, :address, :agent)"
            ),
            {
                "key": key_of(cookie),
                "person": person_id,
                "lasts": timedelta(hours=hours),
                "address": address,
                "agent": _printable(agent)[:_AGENT_LENGTH],
            },
        )
    return cookie


def find(database: Database, cookie: str, idle: timedelta, used: bool = True) -> Session | None:
    """The session behind a cookie; ``None`` when there is none, or it is over.

    ``used`` says that somebody asks for something: it keeps the session from ending for being idle.
    """
    key = key_of(cookie)
    with database.gate.connect() as connection:
        row = connection.execute(text(_FIND), {"key": key, "idle": idle}).one_or_none()
        if row is None or row.role not in ROLES:
            return None
        if used and row.asked_at - row.seen_at >= _SEEN:
            connection.execute(text("UPDATE sessions SET seen_at = now() WHERE token_hash = :key"), {"key": key})
            connection.commit()
    return Session(key, person_of(row), row.must_change, row.started_at, row.ends_at)


def listed(database: Database, person_id: int, idle: timedelta) -> list[Sitting]:
    """The sessions of a person that are not over, the one used last first."""
    with database.gate.connect() as connection:
        rows = connection.execute(text(_LISTED), {"person": person_id, "idle": idle}).all()
    return [Sitting(bytes(row.token_hash), *row[1:]) for row in rows]


def numbers(database: Database, idle: timedelta) -> dict[int, int]:
    """How many sessions that are not over each person has; who has none is not in it."""
    statement = (
        "SELECT person_id, count(*) FROM sessions"
        " WHERE ended_at IS NULL AND ends_at > now() AND seen_at > now() - :idle GROUP BY person_id"
    )
    with database.gate.connect() as connection:
        return {int(person): int(n) for person, n in connection.execute(text(statement), {"idle": idle})}


def end(database: Database, key: bytes) -> None:
    """End a session."""
    with database.gate.begin() as connection:
        connection.execute(
            text("UPDATE sessions SET ended_at = now() WHERE token_hash = :key AND ended_at IS NULL"), {"key": key}
        )


def end_all(database: Database, person_id: int, but: bytes | None = None) -> int:
    """End the sessions of a person, except one; answers how many."""
    with database.gate.begin() as connection:
        return connection.execute(
            text(
                "UPDATE sessions SET ended_at = now() WHERE person_id = :person AND ended_at IS NULL"
                " AND ends_at > now() AND (CAST(:but AS bytea) IS NULL OR token_hash <> :but)"
            ),
            {"person": person_id, "but": but},
        ).rowcount


def known_address(database: Database, person_id: int, address: str, within: timedelta) -> bool:
    """Whether a person has signed in from an address lately."""
    with database.gate.connect() as connection:
        return bool(
            connection.execute(
                text(
                    "SELECT EXISTS (SELECT FROM sessions WHERE person_id = :person AND address = :address"
                    " AND started_at > now() - :within)"
                ),
                {"person": person_id, "address": address, "within": within},
            ).scalar_one()
        )


def key_of(cookie: str) -> bytes:
    """What a cookie is found by. It has 256 random bits: a plain hash cannot be guessed back."""
    return hashlib.sha256(cookie.encode("utf-8", "surrogatepass")).digest()


def _printable(agent: str) -> str:
    return "".join(character for character in agent if character.isprintable())
