"""What a figure is held against: the line of a target, and marks of days on which something changed.

A mark is a dotted line through the plot with a flag at its head; its words are in the hover label of its bin and, since
a chart on a telephone has no room for them, in the line under the card.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from dashboard.figures import base
from dashboard.figures.look import Look
from dashboard.measures import Measure

FLAG = "⚑"


def places_of(notes: Sequence[tuple[str, str]], bins: Sequence[date | int]) -> dict[int, list[str]]:
    """Bin → words of the annotations that fall into it. ``notes`` are days (ISO) and words; hours have none."""
    starts = [start for start in bins if isinstance(start, date)]
    found: dict[int, list[str]] = {}
    for day, words in notes if len(starts) == len(bins) else ():
        place = bisect_right(starts, date.fromisoformat(day)) - 1
        if place >= 0:
            found.setdefault(place, []).append(words)
    return found


def marks(places: Mapping[int, Sequence[str]], look: Look) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Shapes and annotations of a time axis of places: a dotted line and a flag for each place that is marked."""
    lines = [
        {
            "type": "line",
            "xref": "x",
            "yref": "paper",
            "x0": place,
            "x1": place,
            "y0": 0,
            "y1": 1,
            "line": {"color": look.colours.muted, "width": 1, "dash": "dot"},
        }
        for place in places
    ]
    flags = [
        {
            "text": FLAG,
            "xref": "x",
            "yref": "paper",
            "x": place,
            "y": 1,
            "yanchor": "top",
            "xanchor": "right" if look.rtl else "left",
            "showarrow": False,
            "font": {"color": look.colours.ink, "size": 12},
        }
        for place in places
    ]
    return lines, flags


def target(value: float | None, measure: Measure, look: Look) -> tuple[list[dict[str, Any]], list[base.Entry]]:
    """A target on a vertical axis of values, if there is one: a line from side to side, and its words in the legend,
    where they cross no number.
    """
    if value is None:
        return [], []
    words = look.text("figure.target", value=look.text.written(value, measure.format))
    line = {**_held(look, "target"), "xref": "paper", "x0": 0, "x1": 1, "yref": "y", "y0": value, "y1": value}
    return [line], [base.Entry("──", look.colours.ink, words)]


def upright(
    kind: str, value: float, reach: float, bottom: float, words: str, look: Look
) -> tuple[dict[str, Any], dict[str, Any]]:
    """A "target" or "mean" on a horizontal axis from nought to ``reach``: a line through all rows down to its words at
    ``bottom``, below them. It lies over the bars; numbers beside them are labels with a ground of their own.
    """
    line = {**_held(look, kind), "xref": "x", "x0": value, "x1": value, "yref": "y", "y0": -0.5, "y1": bottom}
    # Near an end of the axis the words stand on the side where there is room.
    sides = ("right", "center", "left") if look.rtl else ("left", "center", "right")
    side = sides[(value > 0.2 * reach) + (value > 0.8 * reach)]
    return line, labelled({"text": base.words(look, words), "x": value, "y": bottom, "xanchor": side}, look)


def labelled(annotation: dict[str, Any], look: Look) -> dict[str, Any]:
    """An annotation of a point with a ground of its own, which no line crosses."""
    return {
        "xref": "x",
        "yref": "y",
        "yanchor": "middle",
        "showarrow": False,
        "borderpad": 1,
        "bgcolor": look.colours.surface,
        "font": {"color": look.colours.ink, "size": 11},
        **annotation,
    }


def _held(look: Look, kind: str) -> dict[str, Any]:
    """What the line of a target and that of a mean look like."""
    dash = {"target": "solid", "mean": "2px,3px"}[kind]
    return {"type": "line", "line": {"color": look.colours.ink, "width": 1.25, "dash": dash}}
