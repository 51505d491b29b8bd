"""A sheet of rows, one below the other: each with its name on a line of its own and its marks beneath.

No text stands in a mark and none is cut. Depths are pixels from the upper edge; what is written beside the names and
after the marks, the unseen bar of a row to point at and the figure around all of them are the same in every shape that
is made of such rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import plotly.graph_objects as go

from dashboard.figures import base
from dashboard.figures.look import Look

LINE: Final = 15
"""Pixels of a line of a name."""


def figure(
    look: Look,
    traces: Sequence[go.Bar | go.Scatter],
    annotations: Sequence[dict[str, Any]],
    depth: float,
    top: int,
    **layout: Any,
) -> go.Figure:
    """The rows down to ``depth`` as a figure of that height, under a legend that takes ``top`` pixels."""
    return base.figure(
        look,
        traces,
        height=int(depth) + top + 8,
        hovermode="closest",
        barmode="overlay",
        yaxis=base.HIDDEN | {"range": [depth, 0]},
        annotations=list(annotations),
        margin={"l": 2, "r": 2, "t": top, "b": 8},
        **layout,
    )


def scale(reach: float, look: Look) -> dict[str, Any]:
    """The unseen horizontal axis from nought, at the start side, to ``reach``."""
    return base.HIDDEN | {"range": [reach, 0] if look.rtl else [0, reach]}


def pointed(top: float, height: float, reach: float, hover: str, click: list[Any], axis: str = "x") -> go.Bar:
    """An unseen bar of the size of a row whose upper edge is at ``top``, to point at and to click."""
    return go.Bar(
        x=[reach],
        y=[top + height / 2],
        width=height,
        orientation="h",
        xaxis=axis,
        marker={"color": base.TRANSPARENT},
        hovertext=[hover],
        hoverinfo="text",
        customdata=[click],
    )


def note(look: Look, y: float, *lines: str, colour: str = "", end: bool = False, bold: bool = False) -> dict[str, Any]:
    """Words at the start side, or at the other ``end``; muted where no colour is named."""
    right = look.rtl is not end
    side = "right" if right else "left"
    return {
        "text": base.headed(look, *lines) if bold else base.words(look, *lines),
        "xref": "paper",
        "x": 1 if right else 0,
        "y": y,
        "xanchor": side,
        "yanchor": "middle",
        "align": side,
        "borderpad": 0,
        "showarrow": False,
        "font": {"color": colour or look.colours.muted},
    }


def after(look: Look, value: float, y: float, words: str) -> dict[str, Any]:
    """Words behind a mark that ends at ``value``."""
    return {**note(look, y, words, colour=look.colours.ink), "xref": "x", "x": value, "xshift": -7 if look.rtl else 7}
