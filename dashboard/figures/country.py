"""The shape of a country as a map draws it: outlines on a grid fine enough for a screen, the extent, island labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dashboard.jurisdictions import Jurisdiction
from dashboard.jurisdictions.model import Island, Ring

_GRID: Final = 1000
"""Places along the longer side of the country. Whole numbers halve what goes to the browser."""
_NEAR: Final = 80
"""Islands closer together than that share one label."""
_HALF_LABEL, _LINE = 100, 60
"""Half the width of an island's label, and the height of a line of it."""

Line = tuple[list[int | None], list[int | None]]
"""The x and y of points; ``None`` parts one ring from the next."""


@dataclass(frozen=True)
class Marker:
    """An island in the grid."""

    x: int
    y: int
    island: Island


@dataclass(frozen=True)
class Country:
    """All in places of one grid.

    ``outlines`` by province code; ``x`` and ``y`` from least to greatest, labels included; ``islands`` by label.
    """

    outlines: Mapping[str, Line]
    x: tuple[int, int]
    y: tuple[int, int]
    islands: tuple[tuple[Marker, ...], ...]


def country(jurisdiction: Jurisdiction) -> Country:
    """The shape of a jurisdiction that has boundaries."""
    points = [point for rings in jurisdiction.boundaries.values() for ring in rings for point in ring]
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    grain = max(max(xs) - min(xs), max(ys) - min(ys)) / _GRID
    groups = _groups([Marker(round(i.x / grain), round(i.y / grain), i) for i in jurisdiction.islands])
    x = [min(xs) / grain, max(xs) / grain]
    y = [min(ys) / grain, max(ys) / grain]
    for group in groups:
        x += [group[0].x - _HALF_LABEL, group[0].x + _HALF_LABEL]
        y += [group[0].y, min(marker.y for marker in group) - _LINE * len(group)]
    return Country(
        {code: _outline(rings, grain) for code, rings in jurisdiction.boundaries.items()},
        (round(min(x)) - 8, round(max(x)) + 8),
        (round(min(y)) - 8, round(max(y)) + 8),
        groups,
    )


def _outline(rings: Sequence[Ring], grain: float) -> Line:
    """Rings on the grid, without the points that fall together there."""
    x: list[int | None] = []
    y: list[int | None] = []
    for ring in rings:
        if x:
            x.append(None)
            y.append(None)
        previous = None
        for point in ring:
            place = round(point[0] / grain), round(point[1] / grain)
            if place != previous:
                x.append(place[0])
                y.append(place[1])
            previous = place
    return x, y


def _groups(markers: Sequence[Marker]) -> tuple[tuple[Marker, ...], ...]:
    """The islands from north to south, those near to each other together."""
    groups: list[list[Marker]] = []
    for marker in sorted(markers, key=lambda marker: -marker.y):
        near = next((g for g in groups if max(abs(g[0].x - marker.x), abs(g[0].y - marker.y)) < _NEAR), None)
        if near is None:
            groups.append([marker])
        else:
            near.append(marker)
    return tuple(map(tuple, groups))
