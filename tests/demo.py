"""What tests of the demo share: the present they are made for, parts put together, moments read, shares judged."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import numpy as np

from dashboard.intake.demo.arrays import Columns

UNTIL = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)


def joined(parts: Iterable[tuple[str, Columns]]) -> dict[str, Columns]:
    """All parts of each subject as one."""
    found: dict[str, list[Columns]] = {}
    for subject, columns in parts:
        found.setdefault(subject, []).append(columns)
    return {s: {name: np.concatenate([c[name] for c in of]) for name in of[0]} for s, of in found.items()}


def moments(texts: np.ndarray) -> np.ndarray:
    """Texts as moments, NaT for none."""
    return np.where(texts == "", "NaT", texts).astype("datetime64[s]")


def near(found: int, n: int, share: float) -> bool:
    """Whether ``found`` of ``n`` lies within five standard errors of the share."""
    return bool(abs(found - n * share) < 5 * np.sqrt(n * share * (1 - share)) + 1)
