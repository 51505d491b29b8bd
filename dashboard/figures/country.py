"""The shape of a country as a map draws it: outlines coarse enough to send, the extent, its islands' labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dashboard.jurisdictions import Jurisdiction
from dashboard.jurisdictions.model import Island, Ring

_GRAIN: Final = 1500
"""Parts of the country's extent to which outlines are drawn: finer than a screen shows."""
_NEAR: Final = 0.08
"""Islands closer together than this part of the extent share one label."""
_HALF_LABEL, _LINE = 0.1, 0.06
"""Half the width of an island's label and the height of a line of it, as parts of the extent."""

Line = tuple[list[float | None], list[float | None]]
"""The x and y of points; ``None`` parts one ring from the next."""


@dataclass(frozen=True)
class Country:
    """``outlines`` by province code; ``x`` and ``y`` from least to greatest, labels included; ``islands`` by label."""

    outlines: Mapping[str, Line]
    x: tuple[float, float]
    y: tuple[float, float]
    islands: tuple[tuple[Island, ...], ...]


def country(jurisdiction: Jurisdiction) -> Country:
    """The shape of a jurisdiction that has boundaries."""
    points = [point for rings in jurisdiction.boundaries.values() for ring in rings for point in ring]
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    size = max(max(xs) - min(xs), max(ys) - min(ys))
    groups = _groups(jurisdiction.islands, size * _NEAR)
    for group in groups:
        xs += [group[0].x - size * _HALF_LABEL, group[0].x + size * _HALF_LABEL]
        ys += [group[0].y, min(island.y for island in group) - size * _LINE * len(group)]
    spare = size * 0.01
    return Country(
        {code: _outline(rings, size / _GRAIN) for code, rings in jurisdiction.boundaries.items()},
        (min(xs) - spare, max(xs) + spare),
        (min(ys) - spare, max(ys) + spare),
        groups,
    )


def _outline(rings: Sequence[Ring], grain: float) -> Line:
    """Rings on a grid of ``grain``, without the points that fall together there."""
    x: list[float | None] = []
    y: list[float | None] = []
    for ring in rings:
        if x:
            x.append(None)
            y.append(None)
        previous = None
        for point in ring:
            place = round(point[0] / grain), round(point[1] / grain)
            if place != previous:
                x.append(round(place[0] * grain, 3))
                y.append(round(place[1] * grain, 3))
            previous = place
    return x, y


def _groups(islands: Sequence[Island], near: float) -> tuple[tuple[Island, ...], ...]:
    """The islands from north to south, those near to each other together."""
    groups: list[list[Island]] = []
    for island in sorted(islands, key=lambda island: -island.y):
        group = next((g for g in groups if max(abs(g[0].x - island.x), abs(g[0].y - island.y)) < near), None)
        if group is None:
            groups.append([island])
        else:
            group.append(island)
    return tuple(map(tuple, groups))
