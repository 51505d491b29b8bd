"""Where what: a table of cells coloured by their value, rows and columns in the order of the jurisdiction's lists.

Frame, one row a cell; a cell without one stays empty:

==========  ==========================================================================================
``row``     key of the row; another column with ``frame.attrs["row"]``
``column``  key of the column; another one with ``frame.attrs["column"]``
``value``   what is coloured, nullable; without that column it is the one named like the measure
``n``       what the value rests on; the column may be missing
==========  ==========================================================================================

``frame.attrs``: ``rows`` and ``columns`` (lists of the jurisdiction: "provinces", "claim_types"), ``measure``.

Values are written into the cells as large as fits, hidden where nothing does; pointing tells them, and what they rest
on, at any size. The figure sets its own height.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import base
from dashboard.figures.classes import class_limits, class_of
from dashboard.figures.clicks import clicks
from dashboard.figures.look import Look
from dashboard.figures.rows import digits_of, measure_of, number
from dashboard.figures.scale import HEIGHT, scale
from dashboard.measures import Measure

_ROW: Final = 22
_OF_TWO: Final = 28
"""Pixels of a row, and of one where a row's name takes two lines."""
_LETTER: Final = 6.2
_LONGEST: Final = 18
"""Letters of a column's name on a line, turned upright, and of a row's."""
_TOGETHER: Final = 6
"""Letters that two limits of a class may have between them."""

Cell = tuple[float | None, float | None]
"""A value and what it rests on."""


@dataclass(frozen=True)
class _Table:
    rows: Sequence[str]
    columns: Sequence[str]
    cells: Mapping[tuple[str, str], Cell]
    row_name: Callable[[str], str]
    column_name: Callable[[str], str]

    def across(self, write: Callable[[str, str, Cell], Any]) -> list[list[Any]]:
        """A list a row of what ``write`` makes of each cell."""
        nothing: Cell = (None, None)
        return [
            [write(row, column, self.cells.get((row, column), nothing)) for column in self.columns] for row in self.rows
        ]


def draw(frame: pd.DataFrame, look: Look) -> go.Figure:
    """The cells as a figure; an empty one for an empty frame."""
    if frame.empty:
        return base.figure(look)
    measure = measure_of(frame)
    table = _table(frame, measure, look)
    values = [value for value, _ in table.cells.values() if value is not None]
    if not values:
        return base.figure(look)
    # Where most values are the same, quantiles make no classes; the different values do.
    limits = class_limits(values) or class_limits(sorted(set(values)))
    if not any(value % 1 for value in values):  # nothing lies between whole numbers, and no two limits read alike
        limits = sorted({float(math.ceil(limit)) for limit in limits})
    digits = digits_of(measure, values) if measure.format != "share" else 0
    colours = _colours(look, len(limits) + 1)

    def write(value: float) -> str:
        return look.text.written(value, measure.format, digits)

    asked = clicks(frame, look)
    named = [str(frame.attrs.get(name, name)) for name in ("row", "column")]

    def of_cell(row: str, column: str) -> dict[str, str]:
        return dict(zip(named, (row, column), strict=True))

    def hover(row: str, column: str, cell: Cell) -> str:
        value, n = cell
        known = look.text("figure.no_data") if value is None else write(value)
        lines = [base.line(look, look.text(f"measure.{measure.key}.label"), known)]
        if n is not None:
            lines.append(look.text("unit.n", n=int(n)))
        lines += asked.said(**of_cell(row, column))
        return base.headed(look, f"{table.row_name(row)} · {table.column_name(column)}", *lines)

    heat = go.Heatmap(
        x=list(range(len(table.columns))),
        y=list(range(len(table.rows))),
        z=table.across(lambda _row, _column, cell: None if cell[0] is None else class_of(cell[0], limits)),
        zmin=-0.5,
        zmax=len(limits) + 0.5,
        colorscale=_steps(colours),
        showscale=False,
        xgap=1,
        ygap=1,
        hovertext=table.across(hover),
        hoverinfo="text",
        customdata=table.across(lambda row, column, _: asked.data(row, column, **of_cell(row, column))),
    )
    written = [
        (table.columns.index(column), table.rows.index(row), base.words(look, write(value)), class_of(value, limits))
        for (row, column), (value, _) in table.cells.items()
        if value is not None
    ]
    # plotly's own choice of a colour for text in a cell is too faint on the middle shades.
    numbers = go.Scatter(
        x=[x for x, _, _, _ in written],
        y=[y for _, y, _, _ in written],
        text=[words for _, _, words, _ in written],
        textfont={"color": [_ink(colours[place]) for _, _, _, place in written]},
        mode="text",
        hoverinfo="skip",
    )
    marks, cells = scale(look, look.text(f"measure.{measure.key}.label"), colours, _ends(values, limits, write))
    top = _room_above(table)
    rows = [base.wrapped(table.row_name(key), _LONGEST) for key in table.rows]
    high = _OF_TWO if any(len(lines) > 1 for lines in rows) else _ROW
    return base.figure(
        look,
        [heat, numbers],
        height=high * len(rows) + top + HEIGHT + 8,
        hovermode="closest",
        xaxis=_axis(look, [_upright(look, table.column_name(key)) for key in table.columns], look.rtl)
        | {"side": "top", "tickangle": -90},
        yaxis=_axis(look, [base.words(look, *lines) for lines in rows], True)
        | {"side": "right" if look.rtl else "left"},
        annotations=marks,
        shapes=cells,
        margin={"l": 8, "r": 8, "t": top, "b": HEIGHT + 8},
    )


def _table(frame: pd.DataFrame, measure: Measure, look: Look) -> _Table:
    attrs = frame.attrs
    rows, columns = look.names(str(attrs["rows"])), look.names(str(attrs["columns"]))
    keys = [frame[str(attrs.get(name, name))].astype(str) for name in ("row", "column")]
    value = frame["value" if "value" in frame else measure.key]
    n = frame["n"] if "n" in frame else [None] * len(frame)
    cells = {
        (row, column): (number(what), None if on is None else number(on))
        for row, column, what, on in zip(*keys, value, n, strict=True)
    }

    def ordered(names: Mapping[str, str], found: Sequence[str]) -> list[str]:
        known = set(found)
        return [*(key for key in names if key in known), *sorted(known - set(names))]

    return _Table(
        ordered(rows, keys[0].tolist()),
        ordered(columns, keys[1].tolist()),
        cells,
        lambda key: rows.get(key, key),
        lambda key: columns.get(key, key),
    )


def _colours(look: Look, classes: int) -> tuple[str, ...]:
    """As many of the theme's colours as there are classes, spread from little to much."""
    shades = look.colours.sequential
    if classes == 1:
        return (shades[len(shades) // 2],)
    return tuple(shades[round(place * (len(shades) - 1) / (classes - 1))] for place in range(classes))


def _ends(values: Sequence[float], limits: Sequence[float], write: Callable[[float], str]) -> list[str]:
    """The words under the scale; the greatest value is left out where it would run into the limit before it."""
    most = write(max(values))
    if not limits:
        return [most]
    words = [write(min(values)), *map(write, limits)]
    return [*words, most if words[-1] != most and len(words[-1]) + len(most) <= _TOGETHER else ""]


def _ink(background: str) -> str:
    """Black or white, whichever stands out more on a colour ("#rrggbb"), by the contrast ratio of WCAG 2.2."""
    parts = (int(background[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    luminance = sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return "#000000" if (luminance + 0.05) / 0.05 >= 1.05 / (luminance + 0.05) else "#ffffff"


def _steps(colours: Sequence[str]) -> list[list[Any]]:
    """A colour scale without transitions: every class one colour."""
    count = len(colours)
    return [[edge / count, colour] for place, colour in enumerate(colours) for edge in (place, place + 1)]


def _axis(look: Look, labels: Sequence[str], turned: bool) -> dict[str, Any]:
    ends = [-0.5, len(labels) - 0.5]
    return {
        "range": ends[::-1] if turned else ends,
        "tickmode": "array",
        "tickvals": list(range(len(labels))),
        "ticktext": list(labels),
        "ticks": "",
        "ticklabelstandoff": 4,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "automargin": True,
        "tickfont": {"color": look.colours.ink, "size": 11.5},
    }


def _upright(look: Look, name: str) -> str:
    return base.words(look, *base.wrapped(name, _LONGEST))


def _room_above(table: _Table) -> int:
    """Pixels that the longest line of a column's name takes when it stands upright."""
    lines = [line for key in table.columns for line in base.wrapped(table.column_name(key), _LONGEST)]
    return int(max(map(len, lines)) * _LETTER) + 14
