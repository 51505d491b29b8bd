"""Is it keeping up: per category what comes in and what is closed, as a pair of bars, and how much of it on time.

Frame, one row a category in the order to be shown:

============  =====================================================================
``category``  key; ``frame.attrs["codes"]`` names the jurisdiction's list of names
``opened``    received per working day
``closed``    closed per working day
``on_time``   share closed on time, null where there is no limit or nothing closed
``n_limit``   cases closed under a limit: what ``on_time`` rests on
============  =====================================================================

``frame.attrs["kept_apart"]`` (default: the jurisdiction's procedures that say so): keys so much larger that they get a
scale of their own, at the foot. ``frame.attrs["targets"]`` (measure → value): with one for the share on time, what is
below it is marked; without it nothing is judged.

Each category is a row of three lines: name and share on time, received, closed. No text stands in a bar and none is
cut. The figure sets its own height.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import base, sheet
from dashboard.figures.chart import Chart, Series
from dashboard.figures.clicks import Clicks, clicks
from dashboard.figures.look import Look
from dashboard.figures.rows import number

_ROW: Final = 54
"""Pixels of a category: its name's line and two bars."""
_LONGEST: Final = 34
"""Letters of a name on a line beside the share on time, on a telephone."""
_ROOM: Final = 1.22
"""How far the scale goes beyond the longest bar: the number after it."""


@dataclass(frozen=True)
class _Category:
    key: str
    name: tuple[str, ...]
    opened: float | None
    closed: float | None
    on_time: float | None
    n: float | None

    @property
    def height(self) -> int:
        return _ROW + sheet.LINE * (len(self.name) - 1)

    @property
    def most(self) -> float:
        return max(self.opened or 0, self.closed or 0)


def draw(frame: pd.DataFrame, look: Look) -> go.Figure:
    """The bars as a figure; an empty one for an empty frame."""
    if frame.empty:
        return base.figure(look)
    blocks = _blocks(frame, look)
    entries = [
        base.Entry(base.BLOCK, look.colours.pale, look.text("figure.bars.received")),
        base.Entry(base.BLOCK, look.colours.accent, look.text("figure.bars.closed")),
    ]
    legend, top = base.legend(look, entries)
    asked = clicks(frame, look)
    target = frame.attrs.get("targets", {}).get("on_time_rate")
    traces: list[go.Bar] = []
    annotations: list[dict[str, Any]] = [legend]
    axes: dict[str, Any] = {}
    y = 0.0
    for index, block in enumerate(blocks):
        axis = f"x{index + 1}" if index else "x"
        most = max(row.most for row in block) or 1.0
        overlaying = {"overlaying": "x"} if index else {}
        axes[axis.replace("x", "xaxis")] = sheet.scale(most * _ROOM, look) | {"anchor": "y", **overlaying}
        if index:
            annotations.append(sheet.note(look, y + 12, look.text("figure.bars.own_scale")))
            y += 22
        for row in block:
            traces += _pair(row, y, axis, most * _ROOM, asked, look)
            annotations += _head(row, y, target, look)
            y += row.height
    return sheet.figure(look, traces, annotations, y, top, **axes)


def charts(frame: pd.DataFrame, look: Look) -> tuple[Chart, ...]:
    """Received and closed as bars side by side; what has a scale of its own is a chart of its own."""
    words = (look.text("figure.bars.received"), look.text("figure.bars.closed"))
    made = []
    for index, block in enumerate(_blocks(frame, look)):
        names = tuple(" ".join(row.name) for row in block)
        series = (
            Series(words[0], tuple(row.opened for row in block), look.colours.pale),
            Series(words[1], tuple(row.closed for row in block), look.colours.accent),
        )
        made.append(Chart(names, series, "days", lying=True, title=look.text("figure.bars.own_scale") if index else ""))
    return tuple(made)


def _blocks(frame: pd.DataFrame, look: Look) -> list[list[_Category]]:
    """The categories on one scale, and those so much larger that they have one of their own."""
    names = look.names(str(frame.attrs.get("codes", "procedures.category")))
    apart = frozenset(
        frame.attrs.get("kept_apart", (item.key for item in look.jurisdiction.procedures if item.kept_apart))
    )
    rows = [_category(row, names.get(str(row["category"]), str(row["category"]))) for _, row in frame.iterrows()]
    return [block for block in ([r for r in rows if r.key not in apart], [r for r in rows if r.key in apart]) if block]


def _category(row: pd.Series[Any], name: str) -> _Category:
    return _Category(
        str(row["category"]),
        tuple(base.wrapped(name, _LONGEST)),
        number(row["opened"]),
        number(row["closed"]),
        number(row["on_time"]),
        number(row["n_limit"]),
    )


def _pair(row: _Category, y: float, axis: str, reach: float, asked: Clicks, look: Look) -> list[go.Bar]:
    """The two bars of a row whose upper edge is at ``y``, and an unseen one of the row's size to point at and click."""
    hover = base.headed(
        look,
        " ".join(row.name),
        base.line(look, look.text("figure.bars.received"), _rate(row.opened, look)),
        base.line(look, look.text("figure.bars.closed"), _rate(row.closed, look)),
        *_on_time_words(row, look),
        *asked.said(category=row.key),
    )
    under = y + sheet.LINE * len(row.name) + 3
    pair = [
        go.Bar(
            x=[value or 0],
            y=[under + place],
            width=12,
            orientation="h",
            xaxis=axis,
            marker={"color": colour},
            text=[base.words(look, _rate(value, look))],
            textposition="outside",
            constraintext="none",
            textangle=0,
            textfont={"size": 11.5, "color": look.colours.ink},
            cliponaxis=False,
            hoverinfo="skip",
        )
        for value, place, colour in (
            (row.opened, 7, look.colours.pale),
            (row.closed, 21, look.colours.accent),
        )
    ]
    return [sheet.pointed(y, row.height, reach, hover, asked.data(row.key, category=row.key), axis), *pair]


def _head(row: _Category, y: float, target: float | None, look: Look) -> list[dict[str, Any]]:
    """The name at the start side and the share on time at the other."""
    name = sheet.note(look, y + sheet.LINE * len(row.name) / 2, *row.name, colour=look.colours.ink)
    if row.on_time is None:
        words, colour, sign = _without_share(row, look), look.colours.muted, ""
    elif target is not None and row.on_time < target:
        words = look.text("figure.bars.below_target", share=look.text.share(row.on_time, 0))
        colour, sign = look.colours.attention, "▼ "
    else:
        words = look.text("figure.bars.on_time", share=look.text.share(row.on_time, 0))
        colour, sign = look.colours.ink, ""
    share = sheet.note(look, y + sheet.LINE / 2, sign + words, colour=colour, end=True)
    return [name, share]


def _on_time_words(row: _Category, look: Look) -> Sequence[str]:
    if row.on_time is None:
        return (_without_share(row, look),)
    return (
        look.text("figure.bars.on_time", share=look.text.share(row.on_time)),
        look.text("unit.n", n=look.text.number(row.n)),
    )


def _without_share(row: _Category, look: Look) -> str:
    """Why there is no share on time: there is no limit, or it is withheld with what it rests on."""
    return look.text("figure.bars.no_limit" if row.n is not None else "figure.withheld")


def _rate(value: float | None, look: Look) -> str:
    """Cases a day: one decimal where they are few, two where one would show nothing."""
    if value is None or value >= 100 or value == int(value):
        return look.text.number(value, 0)
    return look.text.number(value, 1 if value >= 0.095 else 2)
