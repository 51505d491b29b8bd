"""Which most: provinces (or any list) as horizontal bars, the greatest on top, each with its name and value.

Frame: ``province`` (code), or a column named in ``frame.attrs["key"]`` with the list of its names in
``frame.attrs["codes"]`` (default "province" and "provinces") or texts beginning with ``frame.attrs["labels"]``, and one
column a measure; ``frame.attrs["measure"]`` as for the map. Rows without a value come last, marked so. The figure
sets its own height, 24 pixels a row; with ``frame.attrs["room"]``, the pixels there are, it shows as many rows as fit
and says how many more the table has. ``frame.attrs["target"]`` draws a line at the value to be reached,
``frame.attrs["mean"]`` one at that of all together.
``frame.attrs["roomy"]`` gives every row the room of the longest name, for names of several lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import base, judged
from dashboard.figures.chart import Chart, Series
from dashboard.figures.clicks import clicks
from dashboard.figures.look import Look
from dashboard.figures.naming import namer
from dashboard.figures.rows import described, digits_of, measure_of, nothing, numbers
from dashboard.measures import Measure
from dashboard.text.bidi import plain

_ROW: Final = 24
_LINE: Final = 13
_LONGEST: Final = 28
"""Letters after which a name goes on in a second line."""
_LETTER: Final = 0.065
"""Of the longest bar, what a letter of the value behind it takes where there is least room: on a telephone."""

Row = tuple[str, float | None]
"""A key and its value."""


def draw(frame: pd.DataFrame, look: Look, measure: str = "") -> go.Figure:
    """The bars as a figure; an empty one for an empty frame. ``measure`` goes before the frame's own."""
    if frame.empty:
        return base.figure(look)
    key = str(frame.attrs.get("key", "province"))
    counted = measure_of(frame, measure)
    name = namer(look, str(frame.attrs.get("codes", "provinces")), str(frame.attrs.get("labels", "")))
    told = described(frame, key, look)
    asked = clicks(frame, look)
    chosen = frozenset(frame.attrs.get("chosen", ()))
    rows = _ordered(frame, key, counted)
    longest = max(len(base.wrapped(name(str(code)), _LONGEST)) for code in frame[key])
    row = _ROW + _LINE * (longest - 1 if frame.attrs.get("roomy") else 0)
    rows, more = _fitting(rows, frame.attrs.get("room"), row)
    digits = digits_of(counted, [value for _, value in rows])
    marked = {kind: frame.attrs[kind] for kind in ("target", "mean") if frame.attrs.get(kind) is not None}
    most = max((*(value for _, value in rows if value is not None), *marked.values()), default=0.0) or 1.0
    written = [
        base.words(look, nothing(frame, look) if value is None else look.text.written(value, counted.format, digits))
        for _, value in rows
    ]
    letters = max(len(plain(words)) for words in written)
    reach = most * max(1.2, 1 + _LETTER * letters)
    bars = go.Bar(
        x=[value or 0 for _, value in rows],
        y=list(range(len(rows))),
        orientation="h",
        width=0.62,
        marker={"color": [look.colours.accent if code in chosen else look.colours.pale for code, _ in rows]},
        text=None if marked else written,
        textposition="outside",
        constraintext="none",
        textfont={"color": look.colours.ink},
        cliponaxis=False,
        hovertext=[base.headed(look, name(code), *told[code], *asked.said(**{key: code})) for code, _ in rows],
        hoverinfo="text",
        customdata=[asked.data(code, **{key: code}) for code, _ in rows],
    )
    foot: list[dict[str, Any]] = []
    lines = []
    for kind, value in marked.items():
        words = look.text(f"figure.{kind}", value=look.text.written(value, counted.format, digits))
        line, label = judged.upright(kind, value, reach, len(rows) + len(foot), words, look)
        lines.append(line)
        foot.append(label)
    if more:  # last, where no line reaches down to
        foot.append(_rest(more, len(rows) + len(foot), look))
    labels = _labels([value or 0 for _, value in rows], written, look) if lines else []
    return base.figure(
        look,
        [bars],
        height=row * (len(rows) + len(foot)) + 16,
        hovermode="y",
        xaxis=base.HIDDEN | {"range": [reach, 0] if look.rtl else [0, reach]},
        yaxis=base.name_axis(look, [base.wrapped(name(code), _LONGEST) for code, _ in rows], len(foot)),
        annotations=[*labels, *foot],
        shapes=lines,
    )


def charts(frame: pd.DataFrame, look: Look, measure: str = "") -> tuple[Chart, ...]:
    """All rows as bars, the greatest on top."""
    counted = measure_of(frame, measure)
    name = namer(look, str(frame.attrs.get("codes", "provinces")), str(frame.attrs.get("labels", "")))
    rows = _ordered(frame, str(frame.attrs.get("key", "province")), counted)
    values = Series(look.text(f"measure.{counted.key}.label"), tuple(value for _, value in rows), look.colours.accent)
    return (Chart(tuple(name(code) for code, _ in rows), (values,), counted.format, lying=True),)


def _ordered(frame: pd.DataFrame, key: str, counted: Measure) -> list[Row]:
    """The rows with the greatest first; those without a value last."""
    rows = zip(map(str, frame[key]), numbers(frame, counted.key), strict=True)
    return sorted(rows, key=lambda row: (row[1] is None, -(row[1] or 0)))


def _fitting(rows: list[Row], room: int | None, row: int) -> tuple[list[Row], int]:
    """The rows there is room for, a line left for the rest, and how many that are."""
    fit = len(rows) if room is None else (room - 16) // row
    return (rows, 0) if len(rows) <= fit else (rows[: fit - 1], len(rows) - fit + 1)


def _labels(values: Sequence[float], written: Sequence[str], look: Look) -> list[dict[str, Any]]:
    """The numbers behind the bars as labels, which no line crosses."""
    beside = {"xanchor": "right", "xshift": -3} if look.rtl else {"xanchor": "left", "xshift": 3}
    return [
        judged.labelled({"text": words, "x": value, "y": place, "font": {"color": look.colours.ink}, **beside}, look)
        for place, (value, words) in enumerate(zip(values, written, strict=True))
    ]


def _rest(more: int, place: int, look: Look) -> dict[str, Any]:
    words = base.words(look, look.text("figure.ranked.more", n=more))
    at_start = (
        {"xref": "paper", "x": 1, "xanchor": "right"} if look.rtl else {"xref": "paper", "x": 0, "xanchor": "left"}
    )
    return judged.labelled({"text": words, "y": place, "font": {"color": look.colours.muted}, **at_start}, look)
