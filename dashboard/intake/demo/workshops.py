"""Workshop codes that fit the jurisdiction's pattern."""

from __future__ import annotations

import re

import numpy as np

from dashboard.intake.demo.arrays import Ints, Texts

_PART = re.compile(r"(?P<digits>\\d)|\[(?P<range>[^\]\\]+)\]|(?P<letter>[\w\- /])", re.ASCII)
_REPEAT = re.compile(r"\{(\d+)(?:,(\d*))?\}")
_LONGEST = 10
"""Where a pattern leaves the length open, codes get at most so many places of that part."""


def _alphabet(inside: str) -> str:
    spelled = re.sub(
        r"(.)-(.)", lambda pair: "".join(map(chr, range(ord(pair.group(1)), ord(pair.group(2)) + 1))), inside
    )
    if not spelled or spelled.startswith("^"):
        raise ValueError(f"cannot make workshop codes from the class [{inside}]")
    return spelled


def alphabets(pattern: str) -> tuple[str, ...]:
    r"""The letters allowed at each place of a code that fits ``pattern``.

    Understood are literals, ``\d``, ``[…]``, ``{n}`` and ``{n,m}``; anything else raises ValueError.
    """
    rest = pattern.removeprefix("^").removesuffix("$")
    places: list[str] = []
    at = 0
    while at < len(rest):
        part = _PART.match(rest, at)
        if part is None:
            raise ValueError(f"cannot make workshop codes that fit {pattern!r}: at {rest[at:]!r}")
        inside = part["range"]
        letters = "0123456789" if part["digits"] else _alphabet(inside) if inside else part["letter"]
        at = part.end()
        repeat = _REPEAT.match(rest, at)
        if repeat is not None:
            at = repeat.end()
        places += [letters] * (_times(repeat.group(1), repeat.group(2)) if repeat else 1)
    return tuple(places)


def _times(least: str, most: str | None) -> int:
    return int(least) if most is None else max(int(least), min(int(most or _LONGEST), _LONGEST))


def workshop_codes(pattern: str, numbers: Ints) -> Texts:
    """A code for each number; different numbers give different codes as long as the pattern has room for them."""
    places = alphabets(pattern)
    letters = np.empty((len(numbers), len(places)), np.uint32)
    rest = np.asarray(numbers, np.int64).copy()
    for place in range(len(places) - 1, -1, -1):
        allowed = np.array([ord(letter) for letter in places[place]], np.uint32)
        letters[:, place] = allowed[rest % len(allowed)]
        rest //= len(allowed)
    return letters.view(f"<U{len(places)}").reshape(len(numbers))
