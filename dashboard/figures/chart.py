"""A figure as office programs draw it: categories and series of true numbers, which whoever gets the file can change.

Each shape says beside its ``draw`` what it is as such charts (``charts``); a shape without that (a map, a heat table)
goes into documents as a picture.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from dashboard.panel import Format

if TYPE_CHECKING:
    import pandas as pd

    from dashboard.figures.look import Look

Mark = Literal["bar", "line", "points"]


@dataclass(frozen=True)
class Series:
    """Values in the order of the categories, ``None`` where there is none; of points, at the places ``across``."""

    name: str
    values: tuple[float | None, ...]
    colour: str
    mark: Mark = "bar"
    dashed: bool = False
    across: tuple[float, ...] = ()


@dataclass(frozen=True)
class Chart:
    """One chart. ``lying`` bars run along the line of reading, first category on top; ``stacked`` ones add up.

    ``title`` tells apart the charts of one figure. ``format`` is how values are written. Where ``across`` names what
    lies along the horizontal axis, the chart is one of points, with a logarithmic one.
    """

    categories: tuple[str, ...]
    series: tuple[Series, ...]
    format: Format
    lying: bool = False
    stacked: bool = False
    title: str = ""
    across: str = ""


Charts = Callable[["pd.DataFrame", "Look"], tuple[Chart, ...]]
