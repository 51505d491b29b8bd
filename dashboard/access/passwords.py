"""Passwords: hashed with Argon2id, and what makes one too weak to be taken.

Parameters are those the OWASP Password Storage Cheat Sheet names (19 MiB, two passes, one lane); what a password must
be follows NIST SP 800-63B, 3.1.1.2: a length, no obvious one, and no rules of composition.
"""

from __future__ import annotations

import secrets
import unicodedata
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST = 12
"""The fewest characters of a password."""
MOST = 128
"""The most: a longer one would only cost time."""

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_LEAST_DIFFERENT = 5
_CLEAR = "abcdefghjkmnpqrstuvwxyz23456789"
_OBVIOUS = (
    *("password", "passw0rd", "123456789", "987654321", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1q2w3e4r", "letmein"),
    *(
        "iloveyou",
        "administrator",
        "admin",
        "welcome",
        "changeme",
        "secret",
        "rasad",
        "dashboard",
        "ministry",
        "labour",
    ),
    *("رصد", "رمزعبور", "گذرواژه", "matkhau", "vietnam", "iran", "tehran", "hanoi"),
)
"""What guessing begins with; a password that is little more than one of these is none."""
_NOBODY = _HASHER.hash("the password of nobody, which nothing matches")


class WeakPassword(ValueError):
    """A password that is not taken; ``why`` is ``short``, ``long``, ``own`` or ``obvious``."""

    def __init__(self, why: str) -> None:
        super().__init__(_SENTENCES[why])
        self.why = why


_SENTENCES = {
    "short": f"a password has at least {LEAST} characters",
    "long": f"a password has at most {MOST} characters",
    "own": "a password does not consist of the login or the name",
    "obvious": "the password is one of those that are guessed first",
}


def fresh() -> str:
    """A password for somebody to begin with: 20 letters and digits that nobody mistakes for one another (97 bits)."""
    signs = [secrets.choice(_CLEAR) for _ in range(20)]
    return "-".join("".join(signs[place : place + 5]) for place in range(0, 20, 5))


def hashed(password: str) -> str:
    """The hash to keep, with its parameters and a salt of its own in it."""
    return _HASHER.hash(_plain(password))


def matches(kept: str | None, password: str) -> bool:
    """Whether a password is the one behind a hash. Without one (nobody of that name) it takes as long, and is not."""
    try:
        _HASHER.verify(kept or _NOBODY, _plain(password))
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def outdated(kept: str) -> bool:
    """Whether a hash was made with other parameters than today's, and should be made anew at the next sign-in."""
    return _HASHER.check_needs_rehash(kept)


def check(password: str, login: str, name: str) -> None:
    """Raise WeakPassword where a password is too short, too long, the person's own name or obvious."""
    plain = _plain(password)
    if len(plain) < LEAST:
        raise WeakPassword("short")
    if len(plain) > MOST:
        raise WeakPassword("long")
    bare = _bare(plain)
    own = (_bare(_plain(word)) for word in (login, *login.replace("@", " ").replace(".", " ").split(), name))
    if any(len(word) > 2 and len(bare.replace(word, "")) < _LEAST_DIFFERENT for word in own):
        raise WeakPassword("own")
    left = bare
    for word in sorted(map(_bare, _OBVIOUS), key=len, reverse=True):
        left = left.replace(word, "")
    left = left.strip("0123456789۰۱۲۳۴۵۶۷۸۹")
    if len(left) < _LEAST_DIFFERENT or len(set(bare)) < _LEAST_DIFFERENT or _runs(bare):
        raise WeakPassword("obvious")


def _plain(password: str) -> str:
    """One spelling of what different keyboards write alike (NIST SP 800-63B: normalise before hashing)."""
    return unicodedata.normalize("NFKC", password)


def _bare(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _runs(text: str) -> bool:
    """Whether it only counts up or down: ``abcdefghijkl``, ``987654321098``."""
    steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    return bool(text) and (steps <= {1, -9} or steps <= {-1, 9})
