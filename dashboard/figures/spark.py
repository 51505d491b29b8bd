"""The course of a number in a word's height: a line without axes, as a picture and not as a figure.

Drawn as SVG here, for a page of headline numbers would otherwise start a plotly figure for each. Time runs from the
start side on, so a right-to-left reader sees it mirrored.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from dashboard.figures.look import Look

WIDTH: Final = 96
HEIGHT: Final = 28
_EDGE: Final = 3.5
"""Pixels kept free on all sides: the radius of the last point and half a line."""


@dataclass(frozen=True)
class Spark:
    """``line`` and ``area`` are SVG path data (empty when nothing is known), ``last`` the place of the last point.

    ``svg`` is the whole picture, WIDTH × HEIGHT, in the colours of the look; ``uri`` the same for an image's ``src``.
    """

    line: str
    area: str
    last: tuple[float, float] | None
    svg: str

    @property
    def uri(self) -> str:
        """The picture as a data URI."""
        return "data:image/svg+xml," + quote(self.svg, safe="~()*!.'/:=<> ")


def spark(values: Sequence[float | None], look: Look) -> Spark:
    """The course of ``values``, evenly spaced in time; ``None`` and NaN leave a gap. An empty picture for none."""
    points = _points(values, look.rtl)
    runs = _runs(points)
    line = " ".join("M" + " L".join(f"{x:g},{y:g}" for x, y in run) for run in runs)
    area = " ".join(
        f"M{run[0][0]:g},{HEIGHT} L" + " L".join(f"{x:g},{y:g}" for x, y in run) + f" L{run[-1][0]:g},{HEIGHT} Z"
        for run in runs
        if len(run) > 1
    )
    last = next((point for point in reversed(points) if point), None)
    colours = look.colours
    dot = f'<circle cx="{last[0]:g}" cy="{last[1]:g}" r="2.5" fill="{colours.accent}"/>' if last else ""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<path d="{area}" fill="{colours.accent_weak}"/>'
        f'<path d="{line}" fill="none" stroke="{colours.accent}" stroke-width="1.75" '
        f'stroke-linejoin="round" stroke-linecap="round"/>{dot}</svg>'
    )
    return Spark(line, area, last, svg)


def _points(values: Sequence[float | None], mirrored: bool) -> list[tuple[float, float] | None]:
    """The place of each value in the picture: from its least to its greatest, a level course in the middle."""
    known = [value for value in values if value is not None and not math.isnan(value)]
    if not known:
        return []
    low, high = min(known), max(known)
    step = (WIDTH - 2 * _EDGE) / max(1, len(values) - 1)

    def place(index: int, value: float) -> tuple[float, float]:
        x = _EDGE + step * index if len(values) > 1 else WIDTH - _EDGE
        up = (value - low) / (high - low) if high > low else 0.5
        return round(WIDTH - x if mirrored else x, 1), round(HEIGHT - _EDGE - up * (HEIGHT - 2 * _EDGE), 1)

    return [None if value is None or math.isnan(value) else place(index, value) for index, value in enumerate(values)]


def _runs(points: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    """The stretches without a gap."""
    runs: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point:
            runs[-1].append(point)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]
