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


def across(value: float, words: str, look: Look) -> tuple[dict[str, Any], dict[str, Any]]:
    """A target on a vertical axis of values: a dashed line from side to side, its words at the end of the line."""
    line = {
        "type": "line",
        "xref": "paper",
        "yref": "y",
        "x0": 0,
        "x1": 1,
        "y0": value,
        "y1": value,
        "line": {"color": look.colours.ink, "width": 1.25, "dash": "6px,3px"},
        "layer": "below",
    }
    label = {
        "text": base.words(look, words),
        "xref": "paper",
        "yref": "y",
        "x": 0 if look.rtl else 1,
        "y": value,
        "xanchor": "left" if look.rtl else "right",
        "yanchor": "bottom",
        "showarrow": False,
        "bgcolor": look.colours.surface,
        "font": {"color": look.colours.ink, "size": 11},
    }
    return line, label


def upright(value: float, bottom: float, words: str, look: Look) -> tuple[dict[str, Any], dict[str, Any]]:
    """A target on a horizontal axis of values: a dashed line through all rows, its words at ``bottom``, below."""
    line = {
        "type": "line",
        "xref": "x",
        "yref": "paper",
        "x0": value,
        "x1": value,
        "y0": 0,
        "y1": 1,
        "line": {"color": look.colours.ink, "width": 1.25, "dash": "6px,3px"},
        "layer": "below",
    }
    label = {
        "text": base.words(look, words),
        "xref": "x",
        "yref": "y",
        "x": value,
        "y": bottom,
        "xanchor": "center",
        "yanchor": "middle",
        "showarrow": False,
        "bgcolor": look.colours.surface,
        "font": {"color": look.colours.ink, "size": 11},
    }
    return line, label
