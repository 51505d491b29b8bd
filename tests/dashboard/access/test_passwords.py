"""Passwords: what is taken, what is kept of one, and that nobody learns by the clock whether there is an account."""

from __future__ import annotations

import time

import pytest
from argon2 import PasswordHasher
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.access.passwords import LEAST, WeakPassword, check, fresh, hashed, matches, outdated

GOOD = "the tea has gone cold again"


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short-one", "short"),
        ("x" * 129, "long"),
        ("Sara.Ahmadi.2026", "own"),
        ("sara@labour.example", "own"),
        ("Password2026!", "obvious"),
        ("rasad-rasad-1405", "obvious"),
        ("aaaaaaaaaaaaaaaa", "obvious"),
        ("abcdefghijklmnop", "obvious"),
        ("123456789012345", "obvious"),
        ("qwertyuiop123", "obvious"),
        ("0079028748 007902", "obvious"),
    ],
)
def test_a_weak_password_is_refused(password: str, why: str) -> None:
    with pytest.raises(WeakPassword) as weak:
        check(password, "sara@labour.example", "Sara Ahmadi")
    assert weak.value.why == why


@pytest.mark.parametrize(
    "password", [GOOD, "چای من دوباره سرد شد", "trà của tôi lại nguội", "k7wn-tq2p-x9ds", "x" * 3 + GOOD]
)
def test_a_sentence_is_a_password_in_any_language(password: str) -> None:
    check(password, "sara@labour.example", "Sara Ahmadi")


def test_a_password_made_here_is_taken() -> None:
    for _ in range(50):
        check(fresh(), "sara", "Sara")


@settings(max_examples=8, deadline=None)
@given(password=st.text(min_size=LEAST, max_size=40), other=st.text(max_size=40))
def test_a_hash_is_that_of_one_password(password: str, other: str) -> None:
    kept = hashed(password)
    assert matches(kept, password)
    assert password not in kept
    assert kept != hashed(password), "each has a salt of its own"
    if other.casefold() != password.casefold():
        assert not matches(kept, other + "x")


def test_one_password_however_a_keyboard_writes_it() -> None:
    assert matches(hashed("cafe\u0301 au lait de midi"), "caf\u00e9 au lait de midi")


def test_a_hash_of_other_parameters_is_made_anew() -> None:
    assert outdated(PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(GOOD))
    assert not outdated(hashed(GOOD))


def test_who_does_not_exist_takes_as_long() -> None:
    kept = hashed(GOOD)

    def fastest(of: str | None) -> float:
        took = []
        for _ in range(7):
            begun = time.perf_counter()
            assert not matches(of, "another sentence")
            took.append(time.perf_counter() - begun)
        return min(took)

    assert 0.5 < fastest(None) / fastest(kept) < 2
    assert not matches("no hash", GOOD)
