"""The outline of a country as a picture of its own: for where there is a place to fill and nothing to tell."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard.figures.country import Line, country
from dashboard.jurisdictions import Jurisdiction
from layouts.markup import Html

_COARSE = 2
"""Places of the map's grid that fall together here: the picture is small, and nobody measures in it."""


def outline(jurisdiction: Jurisdiction) -> Html:
    """The provinces as one drawing (SVG) in the colours of the style sheet; empty where there are no boundaries."""
    if not jurisdiction.boundaries:
        return Html("")
    provinces = [list(_rings(line)) for line in country(jurisdiction).outlines.values()]
    points = [point for rings in provinces for ring in rings for point in ring]
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    paths = "".join(f'<path d="{"".join(map(_path, rings))}"/>' for rings in provinces)
    return Html(
        f'<svg class="outline" viewBox="{left - 2} {top - 2} {right - left + 4} {bottom - top + 4}"'
        f' aria-hidden="true" focusable="false">{paths}</svg>'
    )


def _rings(line: Line) -> Iterator[list[tuple[int, int]]]:
    ring: list[tuple[int, int]] = []
    for x, y in zip(*line, strict=True):
        if x is None or y is None:
            yield ring
            ring = []
            continue
        place = (round(x / _COARSE), round(-y / _COARSE))  # downwards, as pictures count
        if not ring or ring[-1] != place:
            ring.append(place)
    yield ring


def _path(ring: list[tuple[int, int]]) -> str:
    return f"M{'L'.join(f'{x} {y}' for x, y in ring)}Z"
