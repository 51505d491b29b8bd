"""The course of each, side by side: a small chart for every key over the same bins, two in a row; one alone has it all.

Frame, one row a bin and key, the bins in order of time:

===============  ======================================================================================
``key``          what the course is of; another column with ``frame.attrs["key"]``
``bin``          first day of the bin (date)
``value``        nullable: draws nothing
``n``            what a rate rests on; the column may be missing
``provisional``  the bin is not over yet: hatched; the column may be missing
===============  ======================================================================================

``frame.attrs``: ``codes`` (a list of the jurisdiction) or ``labels`` (beginning of text keys) for names, ``step``,
``measure``. The keys stand in the order in which they first appear.

Bars begin at nought. Counts have a scale of their own in each chart, up to the value written at its head, for the
services differ a hundredfold and it is the shape that is compared; shares all reach to the whole. The figure sets its
own height.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import base
from dashboard.figures.chart import Chart, Series
from dashboard.figures.clicks import clicks
from dashboard.figures.look import Look
from dashboard.figures.naming import namer
from dashboard.figures.rows import digits_of, measure_of, numbers
from dashboard.figures.ticks import bin_name, bin_title, time_ticks
from dashboard.measures import Measure
from dashboard.text import Text

_COLUMNS: Final = 2
_BETWEEN: Final = 0.06
"""Share of the width between two charts."""
_LINE: Final = 15
_PLOT: Final = 44
_GAP: Final = 16
_LONGEST: Final = 22
"""Letters of a name on a line: half of a telephone's width."""

_Axis = tuple[str, Text, str]
"""Step, words and calendar of the axis of time."""


@dataclass(frozen=True)
class _Course:
    key: str
    name: tuple[str, ...]
    values: Sequence[float | None]
    hover: Sequence[str]
    click: Sequence[list[Any]]

    @property
    def most(self) -> float:
        return max((value for value in self.values if value is not None), default=0.0)

    @property
    def head(self) -> int:
        """Pixels of the name and of the line that says how far the scale goes."""
        return _LINE * (len(self.name) + 1)


def draw(frame: pd.DataFrame, look: Look, measure: str = "") -> go.Figure:
    """The charts as a figure; an empty one for an empty frame. ``measure`` goes before the frame's own."""
    if frame.empty:
        return base.figure(look)
    counted = measure_of(frame, measure)
    axis = _axis(frame, look)
    bins = sorted({_day(value) for value in frame["bin"]})
    running = {_day(at) for at, runs in zip(frame["bin"], frame.get("provisional", []), strict=False) if runs}
    hatched = [at in running for at in bins]
    courses = list(_courses(frame, bins, counted, axis, look))
    columns = min(_COLUMNS, len(courses))
    rows = [courses[first : first + columns] for first in range(0, len(courses), columns)]
    heights = [max(course.head for course in row) + _PLOT + _GAP for row in rows]
    whole = sum(heights)
    traces: list[go.Bar] = []
    axes: dict[str, Any] = {}
    annotations: list[dict[str, Any]] = []
    begun = 0
    for row, height in zip(rows, heights, strict=True):
        upper, lower = 1 - (begun + height - _GAP - _PLOT) / whole, 1 - (begun + height - _GAP) / whole
        for place, course in enumerate(row):
            number = str(len(traces) + 1) if traces else ""
            left, right = _span(place, columns, look)
            axes[f"xaxis{number}"] = _ground(look) | {
                "domain": [left, right],
                "anchor": f"y{number}",
                "range": [len(bins) - 0.5, -0.5] if look.rtl else [-0.5, len(bins) - 0.5],
            }
            top = 1.0 if counted.format == "share" else course.most or 1.0
            axes[f"yaxis{number}"] = base.HIDDEN | {
                "domain": [lower, upper],
                "anchor": f"x{number}",
                "range": [0, top],
            }
            traces.append(_bars(course, hatched, number, look))
            annotations += _head(course, (left, right), upper, _written(top, counted, look), look)
        begun += height
    for place in range(columns):
        annotations += _ends(bins, axis, _span(place, columns, look), look)
    return base.figure(
        look,
        traces,
        height=whole + 8 + 22,
        hovermode="closest",
        bargap=0.2,
        annotations=annotations,
        margin={"l": 2, "r": 2, "t": 8, "b": 22},
        **axes,
    )


def charts(frame: pd.DataFrame, look: Look, measure: str = "") -> tuple[Chart, ...]:
    """Columns bin by bin, a chart for every key."""
    counted = measure_of(frame, measure)
    axis = _axis(frame, look)
    bins = sorted({_day(value) for value in frame["bin"]})
    titles = tuple(bin_name(at, *axis) for at in bins)
    label = look.text(f"measure.{counted.key}.label")
    return tuple(
        Chart(
            titles,
            (Series(label, tuple(course.values), look.colours.pale),),
            counted.format,
            title=" ".join(course.name),
        )
        for course in _courses(frame, bins, counted, axis, look)
    )


def _axis(frame: pd.DataFrame, look: Look) -> _Axis:
    return str(frame.attrs.get("step", "day")), look.text, str(frame.attrs.get("calendar", ""))


def _courses(frame: pd.DataFrame, bins: Sequence[date], measure: Measure, axis: _Axis, look: Look) -> Iterator[_Course]:
    key = str(frame.attrs.get("key", "key"))
    name = namer(look, str(frame.attrs.get("codes", "")), str(frame.attrs.get("labels", "")))
    asked = clicks(frame, look)
    label = look.text(f"measure.{measure.key}.label")
    for value, rows in frame.groupby(key, sort=False):
        days = [_day(at) for at in rows["bin"]]
        known = dict(zip(days, zip(numbers(rows, "value"), numbers(rows, "n"), strict=True), strict=True))
        values = [known.get(at, (None, None))[0] for at in bins]
        hover = []
        for at in bins:
            shown, n = known.get(at, (None, None))
            lines = [base.line(look, label, _written(shown, measure, look))]
            lines += [] if n is None else [look.text("unit.n", n=look.text.number(n))]
            lines += asked.said(**{key: value, "bin": at})
            hover.append(base.headed(look, name(str(value)), bin_title(at, *axis), *lines))
        click = [asked.data(str(value), **{key: value, "bin": at}) for at in bins]
        yield _Course(str(value), tuple(base.wrapped(name(str(value)), _LONGEST)), values, hover, click)


def _bars(course: _Course, hatched: Sequence[bool], number: str, look: Look) -> go.Bar:
    return go.Bar(
        x=list(range(len(course.values))),
        y=list(course.values),
        xaxis=f"x{number}",
        yaxis=f"y{number}",
        marker={
            "color": look.colours.pale,
            "line": {"width": 0},
            "pattern": {
                "shape": ["/" if runs else "" for runs in hatched],
                "fillmode": "replace",
                "fgcolor": look.colours.pale,
                "size": 5,
                "solidity": 0.45,
            },
        },
        hovertext=list(course.hover),
        hoverinfo="text",
        customdata=list(course.click),
    )


def _ground(look: Look) -> dict[str, Any]:
    """A horizontal axis that is but the line the bars stand on: a chart of few bars is seen as one all the same."""
    return {
        "showgrid": False,
        "zeroline": False,
        "showticklabels": False,
        "ticks": "",
        "showline": True,
        "linecolor": look.colours.hairline,
        "fixedrange": True,
    }


def _head(
    course: _Course, span: tuple[float, float], plot_at: float, most: str, look: Look
) -> Iterator[dict[str, Any]]:
    """Above the plot its name at the start side and, on the line beneath, how far its scale goes at the other."""
    start, end = span[::-1] if look.rtl else span
    name = _note(look, start, plot_at, "bottom", *course.name, colour=look.colours.ink)
    yield name | {"yshift": _LINE}
    yield _note(look, end, plot_at, "bottom", look.text("figure.multiples.most", value=most), end=True)


def _ends(bins: Sequence[date], axis: _Axis, span: tuple[float, float], look: Look) -> Iterator[dict[str, Any]]:
    """The first and the last bin, below the charts of a column."""
    start, end = span[::-1] if look.rtl else span
    yield _note(look, start, 0.0, "top", _short(bins[0], axis))
    if len(bins) > 1:
        yield _note(look, end, 0.0, "top", _short(bins[-1], axis), end=True)


def _short(at: date, axis: _Axis) -> str:
    return time_ticks([at], *axis)[1][0]


def _span(place: int, columns: int, look: Look) -> tuple[float, float]:
    """The left and the right end of a column, as shares of the width; the first stands where reading starts."""
    column = columns - 1 - place if look.rtl else place
    width = (1 - _BETWEEN * (columns - 1)) / columns
    left = column * (width + _BETWEEN)
    return round(left, 4), round(left + width, 4)


def _note(
    look: Look, x: float, y: float, anchor: str, *lines: str, colour: str = "", end: bool = False
) -> dict[str, Any]:
    side = "right" if look.rtl is not end else "left"
    return {
        "text": base.words(look, *lines),
        "xref": "paper",
        "yref": "paper",
        "x": x,
        "y": y,
        "xanchor": side,
        "yanchor": anchor,
        "align": side,
        "borderpad": 0,
        "showarrow": False,
        "font": {"color": colour or look.colours.muted, "size": 12 if colour else 11},
    }


def _written(value: float | None, measure: Measure, look: Look) -> str:
    return look.text.written(value, measure.format, digits_of(measure, [value]) if measure.format == "count" else 0)


def _day(value: Any) -> date:
    return value.date() if isinstance(value, datetime) else value
