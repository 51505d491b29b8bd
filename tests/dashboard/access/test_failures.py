"""Guessing is slowed down, and its victim is not locked out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dashboard.access.failures import Attempt, attempt, device_cookie, forgive, sweep, wait
from dashboard.claims.database import Database

KEY = "a key for tests only, of more than thirty-two characters"


def tried(login: str = "sara", address: str = "192.0.2.1", device: str = "", known: bool = False) -> Attempt:
    return attempt(KEY, login, address, device, known)


def later(claims: Database, **by: float) -> None:
    with claims.write() as connection:
        connection.execute("UPDATE sign_in_failures SET at = at - %s", (timedelta(**by),))


def test_the_wait_grows_and_is_bounded(claims: Database) -> None:
    assert [wait(claims, tried()) for _ in range(5)] == [0] * 5
    waits = []
    for _ in range(14):
        left = wait(claims, tried())
        assert left > 0
        assert wait(claims, tried()) == pytest.approx(left, abs=1), "a try that has to wait is not counted"
        waits.append(round(left))
        later(claims, seconds=left + 1)
        assert wait(claims, tried()) == 0
    assert waits == sorted(waits)
    assert waits[0] <= 2
    assert waits[-1] == 900


def test_a_flood_from_elsewhere_does_not_lock_the_owner_out(claims: Database) -> None:
    mine = device_cookie(KEY, "sara", "")
    for number in range(200):
        wait(claims, tried(address=f"198.51.100.{number}"))
    assert 0 < wait(claims, tried(address="203.0.113.9")) <= 60, "who is not known waits, for a minute at most"
    assert wait(claims, tried(address="203.0.113.9", device=mine)) == 0, "the owner's own browser is let through"
    assert wait(claims, tried(address="203.0.113.8", known=True)) == 0, "and so is an address she signed in from"
    assert wait(claims, tried("reza", address="203.0.113.9")) == 0, "and anybody else"


def test_a_stolen_device_cookie_guesses_no_faster(claims: Database) -> None:
    mine = device_cookie(KEY, "sara", "")
    waits = [wait(claims, tried(address=f"198.51.100.{number}", device=mine)) for number in range(6)]
    assert waits[:5] == [0] * 5
    assert waits[5] > 0
    assert device_cookie(KEY, "sara", mine) == mine
    for forged in (mine.replace(".", ".0"), mine.partition(".")[0], "." + mine.partition(".")[2], "é.é"):
        assert not tried(device=forged).known_browser
    assert not tried("reza", device=mine).known_browser, "it is that of one account"


def test_one_address_guesses_slowly_over_many_accounts(claims: Database) -> None:
    waits = [wait(claims, tried(f"person{number}")) for number in range(31)]
    assert waits[:30] == [0] * 30
    assert waits[30] > 0
    forgive(claims, tried("person1"))
    forgive(claims, tried("nobody"))
    assert wait(claims, tried("person40")) == 0, "one of thirty was forgiven"
    assert wait(claims, tried("person41")) > 0


def test_an_address_of_ipv6_is_a_network(claims: Database) -> None:
    for number in range(5):
        wait(claims, tried(address=f"2001:db8::{number + 1}"))
    assert wait(claims, tried(address="2001:db8::99")) > 0
    assert wait(claims, tried(address="2001:db8:0:1::1")) == 0
    assert tried(address="::ffff:192.0.2.1") == tried(address="192.0.2.1")


def test_what_was_typed_is_not_kept_and_a_day_later_nothing_is(claims: Database) -> None:
    for _ in range(6):
        wait(claims, tried("my password by mistake"))
    with claims.write() as connection:
        rows = str(connection.execute("SELECT account::text, address FROM sign_in_failures").fetchall())
    assert "mistake" not in rows
    assert b"mistake".hex() not in rows
    later(claims, hours=25)
    assert wait(claims, tried("my password by mistake")) == 0
    sweep(claims)
    with claims.write() as connection:
        assert connection.execute("SELECT count(*) FROM sign_in_failures").fetchone() == (1,)
