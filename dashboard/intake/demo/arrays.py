"""The array types of the demo, and how long columns of text are written without a Python loop.

A point in time is a whole number of seconds, local time, since the midnight that begins the world's first day
(:class:`dashboard.intake.demo.worktime.WorkTime`); :data:`NEVER` stands for "has not happened".
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.str_]
Columns = dict[str, Texts]
"""Column name → texts, all of one length, as a province would send them; an empty text is an empty cell."""

DAY = 86_400
NEVER = 1 << 40


def numbered(prefix: str, numbers: Ints, digits: int) -> Texts:
    """``prefix`` followed by each number with leading zeros to ``digits`` places (higher places are cut off)."""
    letters = np.empty((len(numbers), len(prefix) + digits), np.uint32)
    letters[:, : len(prefix)] = [ord(letter) for letter in prefix]
    rest = np.asarray(numbers, np.int64).copy()
    for place in range(len(prefix) + digits - 1, len(prefix) - 1, -1):
        letters[:, place] = rest % 10 + 48
        rest //= 10
    return letters.view(f"<U{len(prefix) + digits}").reshape(len(numbers))


def case_ids(letter: str, series: str, numbers: Ints) -> Texts:
    """Ids of cases, ``R-00012-3456``: no run of digits in them is long enough to be taken for a national code."""
    thousands = numbered(f"{letter}{series}-", np.asarray(numbers) // 10_000, 6)
    return np.strings.add(thousands, numbered("-", numbers, 4))


def taken(keys: Sequence[str], index: Ints) -> Texts:
    """The key of each index; an index of -1 gives an empty text."""
    return np.array([*keys, ""], dtype=np.str_)[index]


def empty(n: int) -> Texts:
    """A column in which nothing was filled in."""
    return np.full(n, "", dtype="<U1")


def first_known(*moments: Ints) -> Ints:
    """The first of several moments that has happened, row by row."""
    found = moments[0]
    for other in moments[1:]:
        found = np.where(found < NEVER, found, other)
    return found


def latest(*moments: Ints) -> Ints:
    """The latest of several moments that have happened, row by row; 0 where none has."""
    known = [np.where(moment < NEVER, moment, 0) for moment in moments]
    return np.asarray(np.maximum.reduce(known), np.int64)
