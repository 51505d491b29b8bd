"""Sessions: found by their cookie alone, over when they are over, and no older than the last change of their person."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest

from dashboard.access import people, sessions
from dashboard.access.people import PeopleError
from dashboard.access.person import Person
from dashboard.claims.database import Database

IDLE = timedelta(minutes=30)


@pytest.fixture
def sara(claims: Database) -> Person:
    """A director of one province."""
    return people.make(claims, "sara", "Sara", "province", ["IR-23"], "the tea has gone cold again")


def begun(claims: Database, person: Person) -> str:
    return sessions.start(claims, person.id, "192.0.2.1", "a\tbrowser", hours=12)


def aged(claims: Database, **by: timedelta) -> None:
    with claims.write() as connection:
        for column, span in by.items():
            connection.execute(f"UPDATE sessions SET {column} = {column} - %s", (span,))  # type: ignore[arg-type]


def test_only_a_hash_of_the_cookie_is_kept(claims: Database, sara: Person) -> None:
    cookie = begun(claims, sara)
    assert len(cookie) == 43
    with claims.write() as connection:
        rows = connection.execute("SELECT token_hash, sessions::text FROM sessions").fetchall()
    assert [bytes(row[0]) for row in rows] == [hashlib.sha256(cookie.encode()).digest()]
    assert cookie not in rows[0][1]
    found = sessions.find(claims, cookie, IDLE)
    assert found is not None
    assert found.person == sara
    for other in ("", cookie[:-1], cookie + "x", "\ud800"):
        assert sessions.find(claims, other, IDLE) is None
    assert begun(claims, sara) != cookie


def test_a_session_is_over_when_idle_or_old_however_busy(claims: Database, sara: Person) -> None:
    cookie = begun(claims, sara)
    aged(claims, seen_at=timedelta(minutes=29))
    assert sessions.find(claims, cookie, IDLE) is not None, "and that was a use of it"
    aged(claims, seen_at=timedelta(minutes=29))
    assert sessions.find(claims, cookie, IDLE, used=False) is not None, "and that was none"
    aged(claims, seen_at=timedelta(minutes=2))
    assert sessions.find(claims, cookie, IDLE) is None
    cookie = begun(claims, sara)
    aged(claims, ends_at=timedelta(hours=12))
    assert sessions.find(claims, cookie, IDLE) is None


def test_use_is_written_once_a_minute(claims: Database, sara: Person) -> None:
    cookie = begun(claims, sara)

    def seen() -> str:
        with claims.write() as connection:
            return str(connection.execute("SELECT seen_at, xmin FROM sessions").fetchone())

    before = seen()
    sessions.find(claims, cookie, IDLE)
    assert seen() == before
    aged(claims, seen_at=timedelta(seconds=61))
    before = seen()
    sessions.find(claims, cookie, IDLE)
    assert seen() != before


def test_every_change_holds_at_the_next_request(claims: Database, sara: Person) -> None:
    cookie, other = begun(claims, sara), begun(claims, sara)
    people.set_role(claims, sara.id, "province", ["IR-07"])
    found = sessions.find(claims, cookie, IDLE)
    assert found is not None
    assert found.person.scope.provinces == ("IR-07",)
    people.set_role(claims, sara.id, "analyst", None)
    found = sessions.find(claims, cookie, IDLE)
    assert found is not None
    assert found.person.scope.published
    people.set_password(claims, sara.id, "a new sentence of tea", but=sessions.key_of(cookie))
    assert sessions.find(claims, cookie, IDLE) is not None
    assert sessions.find(claims, other, IDLE) is None
    people.disable(claims, sara.id)
    people.enable(claims, sara.id)
    assert sessions.find(claims, cookie, IDLE) is None, "what was ended stays so"
    cookie, other = begun(claims, sara), begun(claims, sara)
    assert [each.agent for each in sessions.listed(claims, sara.id, IDLE)] == ["abrowser"] * 2
    assert sessions.end_all(claims, sara.id, but=sessions.key_of(other)) == 1
    sessions.end(claims, sessions.key_of(other))
    assert sessions.find(claims, cookie, IDLE) is sessions.find(claims, other, IDLE) is None


@pytest.mark.parametrize(
    ("role", "provinces", "why"),
    [
        ("king", None, "role"),
        ("province", None, "no_provinces"),
        ("province", ["IR-99"], "provinces"),
        ("hq", ["IR-23"], "provinces"),
        ("province", ["IR-23", ""], "provinces"),
    ],
)
def test_a_role_has_the_provinces_that_go_with_it(
    claims: Database, sara: Person, role: str, provinces: list[str] | None, why: str
) -> None:
    with pytest.raises(PeopleError) as refused:
        people.set_role(claims, sara.id, role, provinces)
    assert refused.value.why == why
    kept = people.by_login(claims, "sara")
    assert kept is not None
    assert kept.person == sara
