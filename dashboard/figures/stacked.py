"""Of how many what: horizontal bars made of parts, one a row, in the order of the frame.

Frame, one row a part of a bar:

=========  ==========================================================================================
``key``    what the bar is of; another column with ``frame.attrs["key"]``
``part``   the part; parts stand in the order in which they first appear
``n``      how many, nullable
``group``  what the bar belongs to: a heading above the first of each; the column may be missing
``codes``  the list of the key's name where rows differ in that; the column may be missing
=========  ==========================================================================================

``frame.attrs``: ``codes`` (a list of the jurisdiction) or ``labels`` (beginning of text keys) for the names of the
keys, ``parts`` (beginning of text keys) or ``part_codes`` (a list) for those of the parts, ``groups`` (beginning of
text keys) for headings. ``graded`` parts run from the gravest on and are coloured so; bars without any are left to the
table. With ``room``, the pixels there
are, the figure shows as many bars as fit and says how many more the table has. Of a frame with a row a bar, ``columns``
names those that are its parts.

Bars begin at nought on one scale, so that whole bars can be compared; each ends with its total. The figure sets its own
height.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import base, sheet
from dashboard.figures.chart import Chart, Series
from dashboard.figures.clicks import clicks
from dashboard.figures.look import Look
from dashboard.figures.naming import namer
from dashboard.figures.rows import number

_BAR: Final = 13
_GAP: Final = 10
"""Pixels between a bar and the next name."""
_HEADING: Final = 24
_LONGEST: Final = 42
"""Letters of a name on a line, on a telephone."""
_ROOM: Final = 1.18
"""How far the scale goes beyond the longest bar: the total after it."""


@dataclass(frozen=True)
class _Bar:
    name: tuple[str, ...]
    heading: str
    parts: Mapping[str, float]
    click: Sequence[Any]
    said: Sequence[str]

    @property
    def height(self) -> int:
        return self._top + _BAR + _GAP

    @property
    def centre(self) -> float:
        """The middle of the bar itself, from the row's upper edge."""
        return self._top + _BAR / 2

    @property
    def total(self) -> float:
        return sum(self.parts.values())

    @property
    def _top(self) -> int:
        return (_HEADING if self.heading else 0) + sheet.LINE * len(self.name) + 3


def draw(frame: pd.DataFrame, look: Look) -> go.Figure:
    """The bars as a figure; an empty one for an empty frame."""
    if frame.empty:
        return base.figure(look)
    frame = _long(frame)
    parts = [str(part) for part in frame["part"].unique()]
    named = namer(look, str(frame.attrs.get("part_codes", "")), str(frame.attrs.get("parts", "")))
    names = {part: named(part) for part in parts}
    colours = _colours(parts, bool(frame.attrs.get("graded")), look)
    legend, top = base.legend(look, [base.Entry(base.BLOCK, colours[part], names[part]) for part in parts])
    bars = list(_bars(frame, look))
    if frame.attrs.get("graded"):
        bars = [bar for bar in bars if bar.total] or bars
    bars, more = _fitting(bars, frame.attrs.get("room"), top)
    reach = (max(bar.total for bar in bars) or 1.0) * _ROOM
    edges, y = [], 0.0
    for bar in bars:
        edges.append(y)
        y += bar.height
    annotations = [legend, *(note for bar, edge in zip(bars, edges, strict=True) for note in _notes(bar, edge, look))]
    if more:
        annotations.append(sheet.note(look, y + sheet.LINE / 2, look.text("figure.ranked.more", n=more)))
        y += sheet.LINE + 4
    traces = [_whole(bars, edges, reach, names, look), *_pieces(bars, edges, parts, colours, look)]
    return sheet.figure(look, traces, annotations, y, top, xaxis=sheet.scale(reach, look))


def charts(frame: pd.DataFrame, look: Look) -> tuple[Chart, ...]:
    """Bars made of parts; a heading stands before the names beneath it."""
    frame = _long(frame)
    parts = [str(part) for part in frame["part"].unique()]
    named = namer(look, str(frame.attrs.get("part_codes", "")), str(frame.attrs.get("parts", "")))
    colours = _colours(parts, bool(frame.attrs.get("graded")), look)
    bars, names, heading = list(_bars(frame, look)), [], ""
    for bar in bars:
        heading, name = bar.heading or heading, " ".join(bar.name)
        names.append(look.text("figure.line", label=heading, value=name) if heading else name)
    series = tuple(Series(named(part), tuple(bar.parts.get(part) for bar in bars), colours[part]) for part in parts)
    return (Chart(tuple(names), series, "count", lying=True, stacked=True),)


def _long(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with a row a part; one that has them as columns is turned, bar by bar."""
    if "part" in frame:
        return frame
    parts = list(frame.attrs["columns"])
    kept = [name for name in frame.columns if name not in parts]
    turned = frame.melt(kept, parts, "part", "n", ignore_index=False).sort_index(kind="stable")
    turned.attrs = frame.attrs
    return turned


def _bars(frame: pd.DataFrame, look: Look) -> Iterator[_Bar]:
    """The bars in order; a heading goes with the first of its group."""
    key = str(frame.attrs.get("key", "key"))
    codes, labels = str(frame.attrs.get("codes", "")), str(frame.attrs.get("labels", ""))
    asked = clicks(frame, look)
    last = ""
    for value, rows in frame.groupby(key, sort=False):
        first = rows.iloc[0]
        group = str(first["group"]) if "group" in frame else ""
        name = namer(look, str(first["codes"]) if "codes" in frame else codes, labels)(_plain(str(value), group))
        counted = {str(part): number(n) or 0.0 for part, n in zip(rows["part"], rows["n"], strict=True)}
        heading = look.text(f"{frame.attrs['groups']}.{group}") if group and group != last else ""
        click, said = asked.data(str(value), **{key: value}), asked.said(**{key: value})
        yield _Bar(tuple(base.wrapped(name, _LONGEST)), heading, counted, click, said)
        last = group


def _plain(key: str, group: str) -> str:
    """The key without its group, by which lists that share keys are told apart: ``disputes:individual``."""
    return key.removeprefix(f"{group}:")


def _fitting(bars: list[_Bar], room: int | None, top: int) -> tuple[list[_Bar], int]:
    """The bars there is room for, a line left for the rest, and how many that are; one is always shown."""
    left = None if room is None else room - top - 8
    if left is None or sum(bar.height for bar in bars) <= left:
        return bars, 0
    shown: list[_Bar] = []
    for bar in bars:
        left -= bar.height
        if shown and left < sheet.LINE + 4:
            break
        shown.append(bar)
    return shown, len(bars) - len(shown)


def _colours(parts: Sequence[str], graded: bool, look: Look) -> dict[str, str]:
    theme = look.colours
    scale = (theme.bad, theme.sequential[4], theme.sequential[2], theme.sequential[1]) if graded else theme.series
    return {part: scale[min(place, len(scale) - 1)] for place, part in enumerate(parts)}


def _whole(bars: Sequence[_Bar], edges: Sequence[float], reach: float, names: Mapping[str, str], look: Look) -> go.Bar:
    """Unseen bars of the rows' size to point at and click."""
    return go.Bar(
        x=[reach] * len(bars),
        y=[edge + bar.height / 2 for bar, edge in zip(bars, edges, strict=True)],
        width=[bar.height for bar in bars],
        orientation="h",
        marker={"color": base.TRANSPARENT},
        hovertext=[
            base.headed(
                look,
                " ".join(bar.name),
                *(base.line(look, names[part], look.text.number(n)) for part, n in bar.parts.items()),
                *bar.said,
            )
            for bar in bars
        ],
        hoverinfo="text",
        customdata=[bar.click for bar in bars],
    )


def _pieces(
    bars: Sequence[_Bar], edges: Sequence[float], parts: Sequence[str], colours: Mapping[str, str], look: Look
) -> Iterator[go.Bar]:
    """A trace a part, each piece beginning where those before it end; a hair's breadth parts them."""
    begun = [0.0] * len(bars)
    for part in parts:
        lengths = [bar.parts.get(part, 0.0) for bar in bars]
        yield go.Bar(
            x=lengths,
            base=list(begun),
            y=[edge + bar.centre for bar, edge in zip(bars, edges, strict=True)],
            width=_BAR,
            orientation="h",
            marker={"color": colours[part], "line": {"color": look.colours.surface, "width": 1}},
            hoverinfo="skip",
        )
        begun = [start + length for start, length in zip(begun, lengths, strict=True)]


def _notes(bar: _Bar, edge: float, look: Look) -> Iterator[dict[str, Any]]:
    """Heading and name at the start side, the total after the bar."""
    top = edge
    if bar.heading:
        top += _HEADING
        yield sheet.note(look, top - _HEADING / 2 + 1, bar.heading, bold=True)
    yield sheet.note(look, top + sheet.LINE * len(bar.name) / 2, *bar.name, colour=look.colours.ink)
    yield sheet.after(look, bar.total, edge + bar.centre, look.text.number(bar.total))
