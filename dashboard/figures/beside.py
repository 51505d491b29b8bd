"""Two measures side by side: a row each, a ring for the one and a dot for the other, on one scale from nought.

Frame: ``province`` (code), or a column named in ``frame.attrs["key"]`` with the list of its names in
``frame.attrs["codes"]`` (default "province" and "provinces"), in the order to be shown, and the columns of two measures
of one unit, named in ``frame.attrs["pair"]``: the ring first. What has no value has no mark. Columns of further
measures are told with them. The figure sets its own height.
"""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import base
from dashboard.figures.chart import Chart, Series
from dashboard.figures.clicks import clicks
from dashboard.figures.look import Look
from dashboard.figures.rows import described, numbers
from dashboard.figures.ticks import value_ticks
from dashboard.measures import MEASURES

_ROW: Final = 22
_LONGEST: Final = 28
RING, DOT = "○", "●"


def draw(frame: pd.DataFrame, look: Look) -> go.Figure:
    """The rows as a figure; an empty one for an empty frame."""
    if frame.empty:
        return base.figure(look)
    key = str(frame.attrs.get("key", "province"))
    names = look.names(str(frame.attrs.get("codes", "provinces")))
    codes = [str(code) for code in frame[key]]
    told = described(frame, key, look)
    ring, dot = (str(measure) for measure in frame.attrs["pair"])
    first, second = numbers(frame, ring), numbers(frame, dot)
    ticks = value_ticks(max((value for value in (*first, *second) if value is not None), default=1.0))
    places = list(range(len(codes)))
    legend, top = base.legend(
        look,
        [
            base.Entry(RING, look.colours.ink, look.text(f"measure.{ring}.label")),
            base.Entry(DOT, look.colours.accent, look.text(f"measure.{dot}.label")),
        ],
    )
    asked = clicks(frame, look)
    hover = [base.headed(look, names.get(code, code), *told[code], *asked.said(**{key: code})) for code in codes]
    click = [asked.data(code, **{key: code}) for code in codes]
    write = MEASURES[dot].format
    reach = [0, ticks[-1] * 1.04]
    return base.figure(
        look,
        [
            _between(first, second, look),
            _marks(first, places, {"symbol": "circle-open", "color": look.colours.ink, "size": 9}, hover, click),
            _marks(second, places, {"symbol": "circle", "color": look.colours.accent, "size": 9}, hover, click),
        ],
        height=_ROW * len(codes) + top + 40,
        hovermode="closest",
        xaxis={
            "range": reach[::-1] if look.rtl else reach,
            "tickmode": "array",
            "tickvals": ticks,
            "ticktext": [look.text.isolate(look.text.written(tick, write, 0)) for tick in ticks],
            "gridcolor": look.colours.hairline,
            "zeroline": False,
            "fixedrange": True,
        },
        yaxis=base.name_axis(look, [base.wrapped(names.get(code, code), _LONGEST) for code in codes]),
        annotations=[legend],
        margin={"l": 8, "r": 8, "t": top, "b": 32},
    )


def charts(frame: pd.DataFrame, look: Look) -> tuple[Chart, ...]:
    """Both measures as bars side by side."""
    names = look.names(str(frame.attrs.get("codes", "provinces")))
    codes = [str(code) for code in frame[str(frame.attrs.get("key", "province"))]]
    ring, dot = (str(measure) for measure in frame.attrs["pair"])
    series = tuple(
        Series(look.text(f"measure.{measure}.label"), tuple(numbers(frame, measure)), colour)
        for measure, colour in ((ring, look.colours.pale), (dot, look.colours.accent))
    )
    return (Chart(tuple(names.get(code, code) for code in codes), series, MEASURES[dot].format, lying=True),)


def _marks(
    values: list[float | None], places: list[int], marker: dict[str, Any], hover: list[str], click: list[list[Any]]
) -> go.Scatter:
    return go.Scatter(
        x=values,
        y=places,
        mode="markers",
        marker=marker,
        cliponaxis=False,
        hovertext=hover,
        hoverinfo="text",
        customdata=click,
    )


def _between(first: list[float | None], second: list[float | None], look: Look) -> go.Scatter:
    """A thin line from ring to dot in each row that has both."""
    x: list[float | None] = []
    y: list[float | None] = []
    for place, ends in enumerate(zip(first, second, strict=True)):
        if None not in ends:
            x += [*ends, None]
            y += [place, place, None]
    return go.Scatter(x=x, y=y, mode="lines", line={"color": look.colours.pale, "width": 2}, hoverinfo="skip")
