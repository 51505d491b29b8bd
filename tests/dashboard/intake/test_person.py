"""National codes: which are taken, what they become, and that they are kept nowhere."""

from __future__ import annotations

import hashlib
import hmac

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.intake.person import hashes, masked, names_person, person_hash, persons

KEY = b"k" * 32
REAL = "0932833810"


def fault(code: str, algorithm: str = "ir", demo: bool = False) -> str:
    """The reason against a code, empty when it is taken."""
    found = persons(pa.array([code]), algorithm, KEY, demo)
    reasons = [reason for reason, rows in found.faults.items() if rows[0]]
    assert len(reasons) <= 1
    assert (found.hashes[0].as_py() is None) == bool(reasons)
    return reasons[0] if reasons else ""


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (REAL, ""),
        (REAL.lstrip("0"), ""),
        ("093-283381-0", ""),
        ("0932833811", "bad_national_code_check"),
        ("5555555555", "bad_national_code_repeated"),
        ("0001234567", "synthetic_code"),
        ("09328338101", "bad_national_code_length"),
        ("12345", "bad_national_code_length"),
        ("O932833810", "bad_national_code_length"),
        ("#" + "0" * 32, ""),
        ("#" + "0" * 31, "bad_national_code_length"),
    ],
)
def test_iranian_codes(code: str, reason: str) -> None:
    assert fault(code) == reason


def test_the_check_digit_is_that_of_the_rule() -> None:
    generator = np.random.default_rng(5)
    for _ in range(200):
        digits = [int(digit) for digit in generator.integers(1, 10, 9)]
        rest = sum(digit * (10 - place) for place, digit in enumerate(digits)) % 11
        check = rest if rest < 2 else 11 - rest
        stem = "".join(map(str, digits))
        taken = [last for last in range(10) if not fault(f"{stem}{last}") or len(set(f"{stem}{last}")) == 1]
        assert taken == [check]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("001095012345", ""),
        ("1095012345", ""),
        ("096301012345", ""),
        ("097095012345", "bad_national_code_check"),
        ("001995012345", "bad_national_code_check"),
        ("222222222222", "bad_national_code_repeated"),
        ("000195012345", "synthetic_code"),
        ("012345678", "bad_national_code_length"),
    ],
)
def test_vietnamese_codes(code: str, reason: str) -> None:
    assert fault(code, "vn") == reason


def test_synthetic_codes_are_taken_in_demo_mode_only() -> None:
    assert fault("0001234567", demo=True) == ""
    assert fault("1234567", demo=True) == ""
    assert fault("0932833811", demo=True) == "bad_national_code_check"


def test_without_an_algorithm_any_text_is_hashed() -> None:
    assert fault("AB 12", "none") == ""


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20)), st.binary(min_size=1, max_size=100))
def test_many_hashes_are_those_of_one_by_one(codes: list[str], key: bytes) -> None:
    expected = [hmac.new(key, code.encode(), hashlib.sha256).digest()[:16] for code in codes]
    assert hashes(codes, key) == [one.hex() for one in expected]
    assert [person_hash(code, key) for code in codes] == expected


def test_a_hash_stands_for_the_person_it_was_made_of() -> None:
    found = persons(pa.array([REAL, None, "#" + person_hash(REAL, KEY).hex()]), "ir", KEY, False)
    assert found.hashes.to_pylist() == [person_hash(REAL, KEY).hex(), None, person_hash(REAL, KEY).hex()]


def test_hashes_need_the_key() -> None:
    assert person_hash(REAL, KEY) != person_hash(REAL, b"x" * 32)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,0932833810,b", "a,••••••••••,b"),
        ("a,۰۹۳۲۸۳۳۸۱۰,b", "a,••••••••••,b"),
        ("٠٩٣٢٨٣٣٨١٠", "••••••••••"),
        ("093-283381-0", "•••-••••••-•"),
        ("0\x009\x003\x002\x008\x003\x003\x008\x00", "•\x00•\x00•\x00•\x00•\x00•\x00•\x00•\x00"),
        ("001095012345", "••••••••••••"),
        ("2024-05-01 10:00:00", "2024-05-01 10:00:00"),
        ("1234567", "1234567"),
    ],
)
def test_runs_of_digits_are_blotted_out(text: str, expected: str) -> None:
    assert masked(text) == expected


def test_what_passes_for_a_national_code_is_recognised() -> None:
    assert names_person(f"x{REAL}", "ir")
    assert names_person(REAL.lstrip("0"), "ir")
    assert names_person("0001234567", "ir")
    assert not names_person("0932833811", "ir")
    assert not names_person(REAL, "none")
