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

from dashboard.figures import base, sheet
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
    grounds: list[tuple[float, float]] = []
    annotations: list[dict[str, Any]] = []
    depth = 0.0
    for row in rows:
        depth += max(course.head for course in row) + _PLOT
        for place, course in enumerate(row):
            start = place * (_width(columns) + _BETWEEN)
            grounds.append((start, depth))
            most = _written(_top(course, counted), counted, look)
            annotations += _head(course, start, _width(columns), depth - _PLOT, most, look)
        depth += _GAP
    for start, _ in grounds[:columns]:
        annotations += _ends(bins, axis, start, _width(columns), depth, look)
    tops = [_top(course, counted) for course in courses]
    traces = [_lines(grounds, _width(columns), look), _bars(courses, grounds, tops, _width(columns), hatched, look)]
    return sheet.figure(look, traces, annotations, depth + _LINE, 8, xaxis=sheet.scale(1, look))


def _width(columns: int) -> float:
    """The width of a chart, as a share of the whole."""
    return (1 - _BETWEEN * (columns - 1)) / columns


def _top(course: _Course, measure: Measure) -> float:
    """How far the scale of a chart goes."""
    return 1.0 if measure.format == "share" else course.most or 1.0


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


def _lines(grounds: Sequence[tuple[float, float]], width: float, look: Look) -> go.Bar:
    """The lines the bars stand on: a chart of few bars is seen as one all the same."""
    return go.Bar(
        x=[start + width / 2 for start, _ in grounds],
        y=[1.0] * len(grounds),
        base=[depth for _, depth in grounds],
        width=width,
        marker={"color": look.colours.hairline},
        hoverinfo="skip",
    )


def _bars(
    courses: Sequence[_Course],
    grounds: Sequence[tuple[float, float]],
    tops: Sequence[float],
    width: float,
    hatched: Sequence[bool],
    look: Look,
) -> go.Bar:
    """The bars of all charts, each upwards from the depth of its ground: one pair of axes for all is drawn at once."""
    slot = width / len(hatched)
    return go.Bar(
        x=[start + slot * (place + 0.5) for start, _ in grounds for place in range(len(hatched))],
        y=[
            None if value is None else -_PLOT * value / top
            for course, top in zip(courses, tops, strict=True)
            for value in course.values
        ],
        base=[depth for _, depth in grounds for _ in hatched],
        width=0.8 * slot,
        marker={
            "color": look.colours.pale,
            "line": {"width": 0},
            "pattern": {
                "shape": ["/" if runs else "" for runs in hatched] * len(courses),
                "fillmode": "replace",
                "fgcolor": look.colours.pale,
                "size": 5,
                "solidity": 0.45,
            },
        },
        hovertext=[hover for course in courses for hover in course.hover],
        hoverinfo="text",
        customdata=[click for course in courses for click in course.click],
    )


def _head(
    course: _Course, start: float, width: float, plot_at: float, most: str, look: Look
) -> Iterator[dict[str, Any]]:
    """Above the plot its name at the start side and, on the line beneath, how far its scale goes at the other."""
    yield _note(look, start, plot_at - _LINE, "bottom", *course.name, colour=look.colours.ink)
    yield _note(look, start + width, plot_at, "bottom", look.text("figure.multiples.most", value=most), end=True)


def _ends(
    bins: Sequence[date], axis: _Axis, start: float, width: float, depth: float, look: Look
) -> Iterator[dict[str, Any]]:
    """The first and the last bin, below the charts of a column."""
    yield _note(look, start, depth, "top", _short(bins[0], axis))
    if len(bins) > 1:
        yield _note(look, start + width, depth, "top", _short(bins[-1], axis), end=True)


def _short(at: date, axis: _Axis) -> str:
    return time_ticks([at], *axis)[1][0]


def _note(
    look: Look, x: float, y: float, anchor: str, *lines: str, colour: str = "", end: bool = False
) -> dict[str, Any]:
    side = "right" if look.rtl is not end else "left"
    return {
        "text": base.words(look, *lines),
        "xref": "x",
        "yref": "y",
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
