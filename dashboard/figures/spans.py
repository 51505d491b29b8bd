"""How long it takes: a row a stage, a bar as far as the median, a line on to the 90th percentile.

Frame, one row a stage in the order to be shown:

==========  =================================================================================================
``key``     the stage; another column with ``frame.attrs["key"]``. Its name comes from the jurisdiction's list
            ``frame.attrs["codes"]`` or from the texts ``<frame.attrs["labels"]>.<key>``
``median``  days within which half of the cases passed it, nullable
``p90``     days within which nine of ten passed it, nullable
``n``       how many passed it
``limit``   days it may take, nullable; the column may be missing
==========  =================================================================================================

Each stage is a row of two lines: name and number of cases, bar and days. No text stands in a bar and none is cut. The
figure sets its own height. A click carries the stage's key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import base, sheet
from dashboard.figures.chart import Chart, Series
from dashboard.figures.look import Look
from dashboard.figures.naming import namer
from dashboard.figures.rows import numbers

_ROW: Final = 42
_BAR: Final = 12
_LONGEST: Final = 36
"""Letters of a name on a line beside the number of cases, on a telephone."""
_ROOM: Final = 1.42
"""How far the scale goes beyond the longest line: the days written after it."""


@dataclass(frozen=True)
class _Stage:
    key: str
    name: tuple[str, ...]
    median: float | None
    p90: float | None
    n: int
    limit: float | None

    @property
    def height(self) -> int:
        return _ROW + sheet.LINE * (len(self.name) - 1)

    @property
    def most(self) -> float:
        return max(self.median or 0, self.p90 or 0, self.limit or 0)


def draw(frame: pd.DataFrame, look: Look) -> go.Figure:
    """The spans as a figure; an empty one for an empty frame."""
    if frame.empty:
        return base.figure(look)
    stages = _stages(frame, look)
    reach = (max(stage.most for stage in stages) or 1.0) * _ROOM
    legend, top = base.legend(look, _entries(stages, look))
    traces: list[go.Bar | go.Scatter] = []
    annotations: list[dict[str, Any]] = [legend]
    y = 0.0
    for stage in stages:
        traces += _marks(stage, y, reach, look)
        annotations += _head(stage, y, look)
        y += stage.height
    return sheet.figure(look, traces, annotations, y, top, xaxis=sheet.scale(reach, look))


def charts(frame: pd.DataFrame, look: Look) -> tuple[Chart, ...]:
    """Median, 90th percentile and limit of each stage as bars side by side."""
    stages, colours = _stages(frame, look), look.colours
    found = (
        ("median", colours.pale, tuple(stage.median for stage in stages)),
        ("p90", colours.accent, tuple(stage.p90 for stage in stages)),
        ("limit", colours.muted, tuple(stage.limit for stage in stages)),
    )
    series = tuple(
        Series(look.text(f"figure.spans.{name}"), values, colour)
        for name, colour, values in found
        if any(value is not None for value in values)
    )
    return (Chart(tuple(" ".join(stage.name) for stage in stages), series, "days", lying=True),)


def _stages(frame: pd.DataFrame, look: Look) -> list[_Stage]:
    name = namer(look, str(frame.attrs.get("codes", "")), str(frame.attrs.get("labels", "")))
    keys = [str(key) for key in frame[str(frame.attrs.get("key", "key"))]]
    columns = (numbers(frame, column) for column in ("median", "p90", "n", "limit"))
    return [
        _Stage(key, tuple(base.wrapped(name(key), _LONGEST)), median, p90, int(n or 0), limit)
        for key, median, p90, n, limit in zip(keys, *columns, strict=True)
    ]


def _entries(stages: list[_Stage], look: Look) -> list[base.Entry]:
    entries = [
        base.Entry(base.BLOCK, look.colours.pale, look.text("figure.spans.median")),
        base.Entry(base.LINE, look.colours.accent, look.text("figure.spans.p90")),
    ]
    if any(stage.limit is not None for stage in stages):
        entries.append(base.Entry("┃", look.colours.ink, look.text("figure.spans.limit")))
    return entries


def _marks(stage: _Stage, y: float, reach: float, look: Look) -> list[go.Bar | go.Scatter]:
    """Bar, line and limit of a row whose upper edge is at ``y``, and an unseen bar of its size to point at."""
    centre = y + sheet.LINE * len(stage.name) + 3 + _BAR / 2
    hover = base.headed(look, " ".join(stage.name), *_lines(stage, look))
    whole = sheet.pointed(y, stage.height, reach, hover, [stage.key])
    bar = go.Bar(
        x=[stage.median or 0],
        y=[centre],
        width=_BAR,
        orientation="h",
        marker={"color": look.colours.pale},
        hoverinfo="skip",
    )
    marks: list[go.Bar | go.Scatter] = [whole, bar]
    if stage.p90 is not None:
        marks.append(
            go.Scatter(
                x=[stage.median or 0, stage.p90],
                y=[centre, centre],
                mode="lines+markers",
                line={"color": look.colours.accent, "width": 2.25},
                marker={"size": [0, 7], "color": look.colours.accent},
                hoverinfo="skip",
                cliponaxis=False,
            )
        )
    if stage.limit is not None:
        marks.append(
            go.Scatter(
                x=[stage.limit, stage.limit],
                y=[centre - _BAR / 2 - 3, centre + _BAR / 2 + 3],
                mode="lines",
                line={"color": look.colours.ink, "width": 2},
                hoverinfo="skip",
            )
        )
    return marks


def _head(stage: _Stage, y: float, look: Look) -> list[dict[str, Any]]:
    """The name at the start side, how many at the other, and the days after the longest mark."""
    lines = sheet.LINE * len(stage.name)
    return [
        sheet.note(look, y + lines / 2, *stage.name, colour=look.colours.ink),
        sheet.note(look, y + sheet.LINE / 2, look.text("unit.n", n=stage.n), end=True),
        sheet.after(look, stage.most, y + lines + 3 + _BAR / 2, _days(stage, look)),
    ]


def _days(stage: _Stage, look: Look) -> str:
    if stage.median is None:
        return look.text("figure.no_data")
    if stage.p90 is None:
        return look.text.days(stage.median)
    return look.text("figure.spans.days", median=look.text.number(stage.median), p90=look.text.days(stage.p90))


def _lines(stage: _Stage, look: Look) -> list[str]:
    known = (("median", stage.median), ("p90", stage.p90), ("limit", stage.limit))
    lines = [
        base.line(look, look.text(f"figure.spans.{name}"), look.text.days(value))
        for name, value in known
        if value is not None
    ]
    return [*lines, look.text("unit.n", n=stage.n)]
