"""A figure as plotly draws it fastest, looking the same.

Half of what drawing costs the browser goes by the number of annotations, which plotly draws twice over with three
elements and a measurement each, and by the number of traces. So words that stand free become the texts of one trace,
and traces that differ in nothing but their points become one. The figures themselves are built as they are thought of.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go
from plotly.io.json import to_json_plotly

_FREE: Final = frozenset(
    {
        "text",
        "x",
        "y",
        "xref",
        "yref",
        "xanchor",
        "yanchor",
        "xshift",
        "yshift",
        "align",
        "borderpad",
        "showarrow",
        "font",
    }
)
"""What an annotation may have to be words and nothing else."""
_SIDES: Final = {"left": "right", "center": "center", "right": "left"}
_ABOVE: Final = {"top": "bottom", "middle": "middle", "bottom": "top"}
"""An annotation says which of its edges is at the point, a text at which side of the point it is."""
_LOWER: Final = {"top": 0.22, "middle": 0.11, "bottom": 0.0}
"""How much lower plotly writes an annotation than a text, by the edge at the point, in heights of the type."""
_SPACE: Final = "\u2002\u2005"
"""Three quarters as wide as the type is high: words behind a mark keep that from it."""
_NEAR: Final = 8
_EACH: Final = ("x", "y", "text", "hovertext", "customdata", "base", "width")
"""Attributes of a trace that have a value a point."""


def written(figure: go.Figure) -> str:
    """The figure as JSON. It must say its height."""
    drawn = figure.to_plotly_json()
    layout = drawn["layout"]
    drawn["data"] = _joined(drawn["data"], layout.get("barmode", ""))
    kept, words = [], []
    for annotation in layout.get("annotations", ()):
        text = _text(annotation, layout)
        if text is None:
            kept.append(annotation)
        else:
            words.append(text)
    layout["annotations"] = kept
    drawn["data"] += _texts(words)
    return str(to_json_plotly(drawn))


def _joined(traces: Iterable[dict[str, Any]], barmode: str) -> list[dict[str, Any]]:
    """The traces, those of a kind as one. Bars that stand beside or on one another are told apart by their traces."""
    kinds: dict[str, list[dict[str, Any]]] = {}
    for place, trace in enumerate(traces):
        kind = _kind(trace) if trace.get("type") == "scatter" or barmode == "overlay" else None
        kinds.setdefault(kind or str(place), []).append(trace)
    return [each[0] if len(each) == 1 else _one(each) for each in kinds.values()]


def _kind(trace: dict[str, Any]) -> str | None:
    """What traces that can be one have in common; nothing for one that stays by itself: a filled area, an own hover."""
    if "fill" in trace or "hovertemplate" in trace or "name" in trace or np.ndim(trace.get("y", ())) != 1:
        return None
    marker, lines = trace.get("marker", {}), trace["type"] == "scatter"
    if lines and (trace.get("hoverinfo") != "skip" or "marker" in trace):
        return None
    if not set(marker) <= {"color", "line"}:
        return None
    rest = {name: value for name, value in trace.items() if name not in (*_EACH, "marker")}
    given = [sorted(set(_EACH) & set(trace)), sorted(marker), marker.get("line")]
    return json.dumps([rest, given], sort_keys=True, default=str)


def _one(traces: list[dict[str, Any]]) -> dict[str, Any]:
    one = dict(traces[0])
    lengths = [len(trace["y"]) for trace in traces]
    gap = [None] if one["type"] == "scatter" else []
    for name in set(_EACH) & set(one):
        one[name] = _strung([trace[name] for trace in traces], lengths, gap)
    if "color" in one.get("marker", {}):
        one["marker"] = {**one["marker"], "color": _strung([each["marker"]["color"] for each in traces], lengths, gap)}
    return one


def _strung(values: list[Any], lengths: list[int], gap: list[None]) -> list[Any]:
    """One list of all; a value for a whole trace is repeated for its points, and ``gap`` parts lines."""
    each = (
        [value] * length if isinstance(value, str) or np.ndim(value) == 0 else list(value)
        for value, length in zip(values, lengths, strict=True)
    )
    return list(chain.from_iterable([*points, *gap] for points in each))


def _text(annotation: dict[str, Any], layout: dict[str, Any]) -> dict[str, Any] | None:
    """An annotation as a text at a point, or nothing where it is more than words or stands outside of the plot."""
    shift, side = annotation.get("xshift", 0), annotation.get("xanchor", "")
    beside = {"left": shift >= 0, "right": shift <= 0}.get(side, shift == 0) and abs(shift) <= _NEAR
    if not set(annotation) <= _FREE or annotation.get("showarrow", True) or not beside or side not in _SIDES:
        return None
    x = _placed("x", annotation.get("xref", "x"), annotation["x"], layout)
    y = _placed("y", annotation.get("yref", "y"), annotation["y"], layout)
    edge = annotation.get("yanchor", "")
    size = annotation.get("font", {}).get("size", layout["font"]["size"])
    down = size * _LOWER.get(edge, 0) - annotation.get("yshift", 0)
    if x is None or y is None or edge not in _ABOVE or (depth := _per_pixel(y[0], layout)) is None:
        return None
    at = y[1] + down * depth
    if not _within(x[0], x[1], layout) or not _within(y[0], at, layout):
        return None
    words = annotation["text"]
    if shift:
        words = _SPACE + words if shift > 0 else words + _SPACE
    return {
        "axes": (x[0], y[0]),
        "x": x[1],
        "y": at,
        "text": words,
        "position": f"{_ABOVE[edge]} {_SIDES[side]}",
        "size": size,
        "colour": annotation.get("font", {}).get("color", layout["font"]["color"]),
    }


def _axis(name: str, layout: dict[str, Any]) -> dict[str, Any]:
    axis: dict[str, Any] = layout.get(f"{name[0]}axis{name[1:]}", {})
    return axis


def _placed(letter: str, ref: str, at: float, layout: dict[str, Any]) -> tuple[str, float] | None:
    """An axis and the place on it; a share of the whole width or height is a place on the first axis."""
    axis = _axis(letter if ref == "paper" else ref, layout)
    if "range" not in axis or (ref == "paper" and "domain" in axis):
        return None
    if ref != "paper":
        return ref, at
    first, last = axis["range"]
    return letter, first + (last - first) * at


def _per_pixel(name: str, layout: dict[str, Any]) -> float | None:
    """How far on a vertical axis a pixel downwards is; not known where plotly itself works out the margins."""
    axis = _axis(name, layout)
    if "domain" in axis or any(_axis(each, layout).get("automargin") for each in ("x", "y")):
        return None
    lower, upper = axis["range"]
    margin = layout["margin"]
    return float((lower - upper) / (layout["height"] - margin["t"] - margin["b"]))


def _within(name: str, at: float, layout: dict[str, Any]) -> bool:
    ends = _axis(name, layout)["range"]
    return bool(min(ends) <= at <= max(ends))


def _texts(words: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """A trace of texts for each pair of axes they stand on."""
    for axes in dict.fromkeys(each["axes"] for each in words):
        mine = [each for each in words if each["axes"] == axes]
        yield {
            "type": "scatter",
            "mode": "text",
            "x": [each["x"] for each in mine],
            "y": [each["y"] for each in mine],
            "xaxis": axes[0],
            "yaxis": axes[1],
            "text": [each["text"] for each in mine],
            "textposition": [each["position"] for each in mine],
            "textfont": {"size": [each["size"] for each in mine], "color": [each["colour"] for each in mine]},
            "hoverinfo": "skip",
            "cliponaxis": False,
            "showlegend": False,
        }
