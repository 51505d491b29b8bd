"""Proof that a page of ours sent a request: a token of the session, which another site can neither read nor make.

A browser adds the session's cookie to whatever any site makes it send; it does not add this token. The token is a keyed
hash of the session's secret (what its cookie holds), so nothing of it is kept, and it ends with the session.
"""

from __future__ import annotations

import hmac

HEADER = "X-Rasad-Token"
"""Where scripts of the page put it."""
FIELD = "token"
"""The hidden field that forms send it in."""


def token(session_secret: str, key: str) -> str:
    """The token of a session; ``key`` is ``access.keys.secret_key``."""
    return hmac.digest(key.encode(), b"cross-site token\0" + session_secret.encode(), "sha256").hex()


def matches(given: str | None, session_secret: str, key: str) -> bool:
    """Whether what a request brought is its session's token; compared in constant time."""
    wanted = token(session_secret, key)
    return given is not None and hmac.compare_digest(given.encode(errors="replace"), wanted.encode())
