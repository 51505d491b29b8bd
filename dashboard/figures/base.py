"""What all figures share: background, type, margins, axes, hover labels and the legend, mirrored where text is.

Nothing depends on plotly's locales: the places and words of ticks are worked out here. The figures are drawn at any
width; they take the height of their container unless they set one themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from textwrap import wrap
from typing import Any, Final

import plotly.graph_objects as go

from dashboard.figures.look import Look
from dashboard.text.bidi import plain

TRANSPARENT: Final = "rgba(0,0,0,0)"
BLOCK, LINE, DASHES = "■", "━━", "╍╍"
_LEGEND_WIDTH: Final = 50
"""Letters on a line of the legend: what a telephone shows."""
_LINE_HEIGHT: Final = 16
_DIGIT, _LETTER = 6.5, 4.5
"""About how wide a digit and any other character of the small type are, in pixels."""


@dataclass(frozen=True)
class Entry:
    """A line of the legend: a sign (BLOCK, LINE, DASHES), its colour, its words."""

    sign: str
    colour: str
    label: str


def figure(look: Look, traces: Sequence[go.Scatter | go.Bar | go.Heatmap] = (), **layout: Any) -> go.Figure:
    """A figure of ``traces`` in the shared style; ``layout`` adds to it or overrides it.

    ``uirevision`` never changes, so that what a reader did to a figure outlives new data. Dragging is left to the page:
    a finger that swipes over a figure scrolls.
    """
    colours = look.colours
    shared = {
        "template": go.layout.Template(),
        "autosize": True,
        "paper_bgcolor": TRANSPARENT,
        "plot_bgcolor": TRANSPARENT,
        "font": {"family": look.font, "size": 12, "color": colours.muted},
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "showlegend": False,
        "dragmode": False,
        "uirevision": "rasad",
        "hoverlabel": {
            "bgcolor": colours.surface,
            "bordercolor": colours.muted,
            "font": {"family": look.font, "size": 12.5, "color": colours.ink},
            "align": "right" if look.rtl else "left",
        },
        "xaxis": HIDDEN,
        "yaxis": HIDDEN,
    }
    return go.Figure(data=list(traces), layout=shared | layout)


HIDDEN: Final = {"visible": False, "fixedrange": True}
"""An axis that is there and not seen."""


def place_axis(look: Look, count: int, ticks: Sequence[int], labels: Sequence[str]) -> dict[str, Any]:
    """A horizontal axis of ``count`` places (0 …), the first at the start side; few places do not spread to giants."""
    spare = max(0, 7 - count) / 2
    return along(look, (-0.5 - spare, count - 0.5 + spare), ticks, labels)


def along(look: Look, ends: tuple[float, float], ticks: Sequence[float], labels: Sequence[str]) -> dict[str, Any]:
    """A horizontal axis below the plot, from the start side on."""
    return {
        "range": list(ends)[::-1] if look.rtl else list(ends),
        "tickmode": "array",
        "tickvals": list(ticks),
        "ticktext": [look.text.isolate(label) for label in labels],
        "tickangle": 0,
        "showgrid": False,
        "zeroline": False,
        "showline": True,
        "linecolor": look.colours.hairline,
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": look.colours.hairline,
        "fixedrange": True,
        "automargin": True,
    }


def value_axis(look: Look, ticks: Sequence[float], write: Callable[[float], str]) -> dict[str, Any]:
    """A vertical axis from nought to the last of ``ticks``, on the start side."""
    return upward(look, (0, ticks[-1] * 1.02), ticks, [write(tick) for tick in ticks])


def upward(look: Look, ends: tuple[float, float], ticks: Sequence[float], labels: Sequence[str]) -> dict[str, Any]:
    """A vertical axis on the start side, with a line through the plot at each tick."""
    return {
        "range": list(ends),
        "tickmode": "array",
        "tickvals": list(ticks),
        "ticktext": [look.text.isolate(label) for label in labels],
        "side": "right" if look.rtl else "left",
        "ticklabelstandoff": 5,
        "gridcolor": look.colours.hairline,
        "zeroline": False,
        "fixedrange": True,
        "automargin": True,
    }


def name_axis(look: Look, names: Sequence[Sequence[str]], beneath: int = 0) -> dict[str, Any]:
    """A vertical axis of rows by their names, each of one line or more, the first on top, on the start side.

    ``beneath`` is how many rows more there is room for.
    """
    return {
        "range": [len(names) - 0.5 + beneath, -0.5],
        "tickmode": "array",
        "tickvals": list(range(len(names))),
        "ticktext": [words(look, *name) for name in names],
        "side": "right" if look.rtl else "left",
        "ticklabelstandoff": 6,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "automargin": True,
        "tickfont": {"color": look.colours.ink},
    }


def legend(look: Look, entries: Sequence[Entry], axis: dict[str, Any] | None = None) -> tuple[dict[str, Any], int]:
    """The legend as an annotation above the plot, from the start side on, and the height it takes in pixels.

    With ``axis`` (a value axis) it starts where that axis's labels do, flush with the title of the card.
    plotly's own legend puts its signs to the left of the words and lets entries touch when a font arrives late; a line
    of text is laid out by the browser, also from the right.
    """
    rows: list[list[str]] = [[]]
    used = 0
    for entry in entries:
        wide = len(entry.label) + 5
        if rows[-1] and used + wide > _LEGEND_WIDTH:
            rows.append([])
            used = 0
        rows[-1].append(signed_label(entry))
        used += wide
    content = "<br>".join(look.text.isolate("\u2003".join(row)) for row in rows)
    side = "right" if look.rtl else "left"
    widths = (
        [sum(_DIGIT if c.isdigit() else _LETTER for c in plain(label)) for label in axis["ticktext"]] if axis else []
    )
    indent = max(22, round(max(widths, default=0)) + 9) if axis else 0
    annotation = {
        "text": content,
        "xref": "paper",
        "yref": "paper",
        "x": 1 if look.rtl else 0,
        "y": 1,
        "xanchor": side,
        "yanchor": "bottom",
        "xshift": indent if look.rtl else -indent,
        "yshift": 8,
        "align": side,
        "showarrow": False,
        "font": {"color": look.colours.ink},
    }
    return annotation, _LINE_HEIGHT * len(rows) + 14


def signed_label(entry: Entry) -> str:
    """An entry's sign in its colour and its words, not yet isolated."""
    return f'<span style="color:{entry.colour}">{entry.sign}</span>\u00a0{escape(entry.label)}'


def wrapped(name: str, letters: int) -> list[str]:
    """``name`` in lines of at most ``letters``, parted at spaces; nothing is cut."""
    return wrap(name, letters, break_long_words=False, break_on_hyphens=False)


def words(look: Look, *lines: str) -> str:
    """Lines of plain words for a hover label or an annotation: escaped, isolated, one below the other."""
    return "<br>".join(look.text.isolate(escape(line)) for line in lines)


def headed(look: Look, head: str, *lines: str) -> str:
    """Like `words`, the first line in bold."""
    return "<br>".join((f"<b>{words(look, head)}</b>", *(words(look, line) for line in lines)))


def line(look: Look, label: str, value: str) -> str:
    """A line of a hover label: "Registered: 1,284"."""
    return look.text("figure.line", label=label, value=value)
