"""How far they came: a row a step, a bar of how many passed it, from all at the top to those who reached the end.

Frame, one row a step in order:

==========  ==========================================================================================
``step``    key; its name is the text ``<frame.attrs["labels"]>.<step>``
``n``       how many passed it
``share``   of those of the first step, nullable
``lost``    fewer than at the step before, below zero where there were more; nullable
``median``  days since filing within which half of them passed it, nullable
==========  ==========================================================================================

Each step is a row of two lines: name and days, bar and what became of how many. The bars begin at nought on one scale;
what is missing from the step before is drawn pale behind. The figure sets its own height. A click carries the step.
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

_ROW: Final = 44
_BAR: Final = 14
_LONGEST: Final = 30
"""Letters of a name on a line beside the days, on a telephone."""
_ROOM: Final = 1.55
"""How far the scale goes beyond the longest bar: the numbers after it."""


@dataclass(frozen=True)
class _Step:
    key: str
    name: tuple[str, ...]
    n: float
    share: float | None
    lost: float | None
    median: float | None

    @property
    def height(self) -> int:
        return _ROW + sheet.LINE * (len(self.name) - 1)

    @property
    def before(self) -> float:
        """How many passed the step before."""
        return self.n + max(self.lost or 0, 0)


def draw(frame: pd.DataFrame, look: Look) -> go.Figure:
    """The steps as a figure; an empty one for an empty frame."""
    if frame.empty:
        return base.figure(look)
    steps = _steps(frame, look)
    reach = (max(step.before for step in steps) or 1.0) * _ROOM
    legend, top = base.legend(
        look,
        [
            base.Entry(base.BLOCK, look.colours.accent, look.text("figure.steps.passed")),
            base.Entry(base.BLOCK, look.colours.band, look.text("figure.steps.lost")),
        ],
    )
    traces: list[go.Bar] = []
    annotations: list[dict[str, Any]] = [legend]
    y = 0.0
    for step in steps:
        traces += _bars(step, y, reach, look)
        annotations += _words(step, y, look)
        y += step.height
    return sheet.figure(look, traces, annotations, y, top, xaxis=sheet.scale(reach, look))


def charts(frame: pd.DataFrame, look: Look) -> tuple[Chart, ...]:
    """How many passed each step, and after it how many of the step before are missing."""
    steps = _steps(frame, look)
    series = (
        Series(look.text("figure.steps.passed"), tuple(step.n for step in steps), look.colours.accent),
        Series(look.text("figure.steps.lost"), tuple(step.before - step.n for step in steps), look.colours.band),
    )
    return (Chart(tuple(" ".join(step.name) for step in steps), series, "count", lying=True, stacked=True),)


def _steps(frame: pd.DataFrame, look: Look) -> list[_Step]:
    name = namer(look, labels=str(frame.attrs["labels"]))
    keys = [str(key) for key in frame["step"]]
    columns = (numbers(frame, column) for column in ("n", "share", "lost", "median"))
    return [
        _Step(key, tuple(base.wrapped(name(key), _LONGEST)), n or 0, share, lost, median)
        for key, n, share, lost, median in zip(keys, *columns, strict=True)
    ]


def _bars(step: _Step, y: float, reach: float, look: Look) -> list[go.Bar]:
    """The bar of a row whose upper edge is at ``y``, that of the step before behind, and an unseen one to point at."""
    centre = y + sheet.LINE * len(step.name) + 3 + _BAR / 2
    hover = base.headed(look, " ".join(step.name), *_lines(step, look))
    drawn = ((step.before, look.colours.band), (step.n, look.colours.accent))
    return [
        sheet.pointed(y, step.height, reach, hover, [step.key]),
        *(
            go.Bar(x=[n], y=[centre], width=_BAR, orientation="h", marker={"color": colour}, hoverinfo="skip")
            for n, colour in drawn
        ),
    ]


def _words(step: _Step, y: float, look: Look) -> list[dict[str, Any]]:
    """The name at the start side, the days at the other, and how many after the bar."""
    under = sheet.LINE * len(step.name)
    told = look.text.number(step.n)
    if step.share is not None:
        told = look.text("figure.steps.share", n=told, share=look.text.share(step.share, 0))
    words = [
        sheet.note(look, y + under / 2, *step.name, colour=look.colours.ink),
        sheet.after(look, step.before, y + under + 3 + _BAR / 2, told),
    ]
    if step.median is not None:
        days = look.text("figure.steps.median", days=look.text.days(step.median))
        words.append(sheet.note(look, y + sheet.LINE / 2, days, end=True))
    return words


def _lines(step: _Step, look: Look) -> list[str]:
    lines = [base.line(look, look.text("figure.steps.passed"), look.text.number(step.n))]
    if step.share is not None:
        lines.append(base.line(look, look.text("figure.steps.of_all"), look.text.share(step.share)))
    if step.lost is not None:
        lines.append(base.line(look, look.text("figure.steps.lost"), look.text.number(step.lost)))
    if step.median is not None:
        lines.append(look.text("figure.steps.median", days=look.text.days(step.median)))
    return lines
