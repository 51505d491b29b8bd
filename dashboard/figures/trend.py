"""How much, bin by bin: bars, their moving mean as a line, the period compared with as a dashed line.

Frame, one row a bin in order of time:

=============  ==========================================================================================
``bin``        first day of the bin (date), or the hour 0 to 23
``n``          the value of the bin; null draws nothing
``mean``       moving mean (7 days for the step "day"), nullable; the column may be missing
``compared``   the value of the same bin of the period compared with, nullable; the column may be missing
``provisional``  the bin is not over yet: hatched; the column may be missing
=============  ==========================================================================================

``frame.attrs``: ``step`` ("hour", "day", "week", "month"; default "day"), ``measure`` (key of the measure counted;
default "opened"), ``compare`` (what ``compared`` is: "previous" or "year"; default "previous"), ``notes``
(annotations: days and words), ``target`` (the value to be reached).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import base, days_off, judged
from dashboard.figures.chart import Chart, Mark, Series
from dashboard.figures.clicks import clicks
from dashboard.figures.look import Look
from dashboard.figures.rows import numbers
from dashboard.figures.ticks import bin_name, bin_title, time_ticks, value_ticks
from dashboard.measures import MEASURES, Measure


def draw(frame: pd.DataFrame, look: Look, measure: str = "") -> go.Figure:
    """The trend as a figure; an empty one for an empty frame. ``measure`` goes before the frame's own."""
    if frame.empty:
        return base.figure(look)
    step, calendar = str(frame.attrs.get("step", "day")), str(frame.attrs.get("calendar", ""))
    counted = MEASURES[measure or str(frame.attrs.get("measure", "opened"))]
    bins = [value.date() if isinstance(value, datetime) else value for value in frame["bin"].tolist()]
    columns = {name: numbers(frame, name) for name in ("n", "mean", "compared")}
    open_bins = [bool(value) for value in frame["provisional"]] if "provisional" in frame else [False] * len(bins)
    off = days_off.names_of(bins, step, look)
    noted = judged.places_of(frame.attrs.get("notes", ()), bins)
    labels = _labels(frame, counted, step, look)
    asked = clicks(frame, look)

    def hover(index: int) -> str:
        lines = [
            base.line(look, labels[name], look.text.written(columns[name][index], counted.format))
            for name in labels
            if columns[name][index] is not None
        ]
        if open_bins[index]:
            lines.append(look.text("figure.trend.provisional"))
        if index in off:
            lines.append(off[index])
        lines += [f"{judged.FLAG} {words}" for words in noted.get(index, ())]
        lines += asked.said(bin=bins[index])
        return base.headed(look, bin_title(bins[index], step, look.text, calendar), *lines)

    colours = look.colours
    places = list(range(len(bins)))
    traces: list[go.Bar | go.Scatter] = [
        go.Bar(
            x=places,
            y=columns["n"],
            width=0.74,
            marker={
                "color": colours.pale,
                "line": {"width": 0},
                "pattern": {
                    "shape": ["/" if provisional else "" for provisional in open_bins],
                    "fillmode": "replace",
                    "fgcolor": colours.pale,
                    "size": 5,
                    "solidity": 0.45,
                },
            },
            hovertext=[hover(index) for index in places],
            hoverinfo="text",
            customdata=[asked.data(str(each), bin=each) for each in bins],
        )
    ]
    entries = [base.Entry(base.BLOCK, colours.pale, labels["n"])]
    for name, colour, line, sign in (
        ("mean", colours.accent, {"width": 2.25}, base.LINE),
        ("compared", colours.muted, {"width": 1.5, "dash": "4px,3px"}, base.DASHES),
    ):
        if name in labels:
            traces.append(_line(places, columns[name], colour, line))
            entries.append(base.Entry(sign, colour, labels[name]))
    if any(open_bins):
        entries.append(base.Entry("▨", colours.pale, look.text("figure.trend.provisional")))
    if off:
        entries.append(base.Entry(base.BLOCK, colours.band, look.text("figure.trend.day_off")))
    aim = frame.attrs.get("target")
    held, named = judged.target(aim, counted, look)
    most = max([value for values in columns.values() for value in values if value is not None] + [aim or 0.0])
    axis = base.value_axis(
        look,
        value_ticks(most, whole=counted.format in ("count", "days")),
        lambda tick: look.text.written(tick, counted.format, digits=0),
    )
    legend, top = base.legend(look, [*entries, *named], axis)
    lines, flags = judged.marks(noted, look)
    return base.figure(
        look,
        traces,
        hovermode="x",
        xaxis=base.place_axis(look, len(bins), *time_ticks(bins, step, look.text, calendar)),
        yaxis=axis,
        annotations=[legend, *flags],
        shapes=[*days_off.bands(off, look), *held, *lines],
        margin={"l": 22, "r": 22, "t": top, "b": 8},
    )


def charts(frame: pd.DataFrame, look: Look, measure: str = "") -> tuple[Chart, ...]:
    """Columns bin by bin, with the moving mean and the period compared with as lines."""
    step, calendar = str(frame.attrs.get("step", "day")), str(frame.attrs.get("calendar", ""))
    counted = MEASURES[measure or str(frame.attrs.get("measure", "opened"))]
    labels = _labels(frame, counted, step, look)
    marks: dict[str, tuple[str, Mark, bool]] = {
        "n": (look.colours.pale, "bar", False),
        "mean": (look.colours.accent, "line", False),
        "compared": (look.colours.muted, "line", True),
    }
    series = [
        Series(labels[name], tuple(numbers(frame, name)), colour, mark, dashed)
        for name, (colour, mark, dashed) in marks.items()
        if name in labels
    ]
    bins = [value.date() if isinstance(value, datetime) else value for value in frame["bin"].tolist()]
    titles = tuple(bin_name(each, step, look.text, calendar) for each in bins)
    return (Chart(titles, tuple(series), counted.format),)


def _labels(frame: pd.DataFrame, counted: Measure, step: str, look: Look) -> dict[str, str]:
    """The columns that hold anything, and what each is called."""
    keys = {
        "n": f"measure.{counted.key}.label",
        "mean": "figure.trend.mean.day" if step == "day" else "figure.trend.mean",
        "compared": f"figure.trend.compared.{frame.attrs.get('compare', 'previous')}",
    }
    shown = [name for name in keys if any(value is not None for value in numbers(frame, name))]
    return {name: look.text(keys[name]) + (_unit(counted, look) if name == "n" else "") for name in shown}


def _unit(counted: Measure, look: Look) -> str:
    """The currency of amounts, which their short numbers do not say."""
    currency = look.jurisdiction.currency
    return f" ({look.text.currency(currency)})" if counted.format == "money" and currency else ""


def _line(places: list[int], values: list[float | None], colour: str, line: Mapping[str, object]) -> go.Scatter:
    """A line over the bars; a lone value is a dot, or it would not be seen."""
    alone = sum(value is not None for value in values) == 1
    return go.Scatter(
        x=places,
        y=values,
        mode="markers" if alone else "lines",
        line={**line, "color": colour},
        marker={"color": colour, "size": 7},
        hoverinfo="skip",
    )
