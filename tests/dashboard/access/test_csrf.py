"""The token that proves that a page of ours sent a request."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dashboard.access.csrf import matches, token

KEY = "a key for tests only, of more than thirty-two characters"


@given(secret=st.text(), other=st.text())
def test_a_token_is_that_of_one_session(secret: str, other: str) -> None:
    assert matches(token(secret, KEY), secret, KEY)
    assert matches(token(other, KEY), secret, KEY) == (other == secret)


@given(given=st.none() | st.text())
def test_nothing_else_is_a_token(given: str | None) -> None:
    assert not matches(given, "a secret", KEY)


def test_a_token_is_of_one_key_and_tells_nothing_of_the_secret() -> None:
    assert token("a secret", KEY) != token("a secret", KEY + "x")
    assert "a secret" not in token("a secret", KEY)
