"""The legend of a scale of classes: cells in order, their limits below, what is measured above.

Drawn in pixels under a plot, from the start side on, so that no width stretches it and nothing is written on colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from dashboard.figures import base
from dashboard.figures.look import Look

HEIGHT: Final = 52
"""Pixels the scale takes under the plot."""
_CELL: Final = 44
_THICK: Final = 9
_TOP: Final = 22
_GAP: Final = 14


def scale(
    look: Look, title: str, colours: Sequence[str], limits: Sequence[str], more: Sequence[base.Entry] = ()
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Annotations and shapes of a scale.

    ``colours`` are those of the classes from little to much, ``limits`` the words at the ends and between the cells
    (one more than colours; a single one stands for all there is). ``more`` are entries beside the cells, for what no
    class holds.
    """
    side = "right" if look.rtl else "left"
    turn = -1 if look.rtl else 1
    start = 1 if look.rtl else 0

    def note(content: str, x: float, y: float, anchor: str, colour: str) -> dict[str, Any]:
        return {
            "text": content,
            "xref": "paper",
            "yref": "paper",
            "x": start,
            "y": 0,
            "xshift": turn * x,
            "yshift": -y,
            "xanchor": anchor,
            "yanchor": "middle",
            "borderpad": 0,
            "showarrow": False,
            "font": {"size": 11.5, "color": colour},
        }

    ends = {0: side, len(colours): "left" if look.rtl else "right"}
    annotations = [note(base.words(look, title), 0, _TOP - 12, side, look.colours.ink)]
    annotations += [
        note(base.words(look, limit), index * _CELL, _TOP + _THICK + 10, ends.get(index, "center"), look.colours.muted)
        for index, limit in enumerate(limits)
    ]
    if more:
        signs = "\u2003".join(base.signed_label(entry) for entry in more)
        beside = len(colours) * _CELL + (_GAP if colours else 0)
        annotations.append(note(look.text.isolate(signs), beside, _TOP + _THICK / 2, side, look.colours.muted))
    shapes = [
        {
            "type": "rect",
            "xref": "paper",
            "yref": "paper",
            "xsizemode": "pixel",
            "ysizemode": "pixel",
            "xanchor": start,
            "yanchor": 0,
            "x0": turn * index * _CELL,
            "x1": turn * (index + 1) * _CELL,
            "y0": -_TOP,
            "y1": -_TOP - _THICK,
            "fillcolor": colour,
            "line": {"width": 1, "color": look.colours.surface},
        }
        for index, colour in enumerate(colours)
    ]
    return annotations, shapes
