"""Draws that depend on nothing but the seed, the name of what is drawn and the number of the row.

A row's content is therefore the same in whatever chunk it is made, and any row can be made again without those before
it. The mixing function is SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from dashboard.intake.demo.arrays import Flags, Floats, Ints

_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


@cache
def _key(seed: int, stream: str) -> np.uint64:
    return np.uint64(int.from_bytes(hashlib.blake2b(f"{seed}/{stream}".encode(), digest_size=8).digest(), "little"))


@dataclass(frozen=True)
class Chance:
    """All draws of one seed. ``stream`` names what is drawn, ``index`` says for which rows."""

    seed: int

    def uniform(self, stream: str, index: Ints) -> Floats:
        """Uniform numbers in [0, 1)."""
        key = _key(self.seed, stream)
        mixed = (index.astype(np.uint64) + np.uint64(1)) * _STEP
        mixed ^= key
        mixed ^= mixed >> np.uint64(30)
        mixed *= _FIRST
        mixed ^= mixed >> np.uint64(27)
        mixed *= _SECOND
        mixed += key
        mixed ^= mixed >> np.uint64(31)
        mixed *= _FIRST
        return np.asarray((mixed >> np.uint64(11)).astype(np.float64) * 2.0**-53, np.float64)

    def normal(self, stream: str, index: Ints) -> Floats:
        """Standard normal numbers (Box and Muller)."""
        radius = np.sqrt(-2.0 * np.log1p(-self.uniform(stream, index)))
        return np.asarray(radius * np.cos(2.0 * np.pi * self.uniform(stream + "'", index)), np.float64)

    def lognormal(self, stream: str, index: Ints, median: float | Floats, sigma: float) -> Floats:
        """Lognormal numbers of that median; ``sigma`` is the spread of the logarithm."""
        return np.asarray(median * np.exp(sigma * self.normal(stream, index)), np.float64)

    def chosen(self, stream: str, index: Ints, share: float | Floats) -> Flags:
        """True for that share of the rows."""
        return self.uniform(stream, index) < share

    def pick(self, stream: str, index: Ints, weights: Floats) -> Ints:
        """A position in ``weights`` for each row, each as often as its weight says."""
        cumulative = np.cumsum(weights)
        return within(cumulative / cumulative[-1], self.uniform(stream, index))


def tilted(share: float | Floats, odds: Floats) -> Floats:
    """A share whose odds are multiplied."""
    return np.asarray(share * odds / (1.0 - share + share * odds), np.float64)


def within(cumulative: Floats, uniform: Floats) -> Ints:
    """The position whose slice of the cumulative shares holds each uniform number."""
    position = np.searchsorted(cumulative, uniform, side="right")
    return np.asarray(np.minimum(position, len(cumulative) - 1), np.int64)


def weights(keys: Sequence[str], known: Mapping[str, float], rare: float = 0.01) -> Floats:
    """Shares of the keys: the known ones where the list has them, a small share for every key nothing is known of.

    A list of which nothing at all is known is spread evenly. An empty list raises ValueError.
    """
    if not keys:
        raise ValueError("a code list of the jurisdiction is empty: nothing can be drawn from it")
    found = np.array([known.get(key, -1.0) for key in keys], np.float64)
    if (found <= 0).all():
        return np.full(len(keys), 1.0 / len(keys))
    found = np.where(found < 0, rare * found[found > 0].sum(), found)
    return np.asarray(found / found.sum(), np.float64)
