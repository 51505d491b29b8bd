"""Several courses over time, one line each: which rises, which falls, which is how far above which.

Frame, one row a bin and series, the bins in order of time:

===============  ======================================================================================
``bin``          first day of the bin (date), or the hour 0 to 23
``series``       key of the course; the first to appear is the first in the legend
``value``        nullable: a gap in the line
``provisional``  the bin is not over yet: its sign is open; the column may be missing
===============  ======================================================================================

``frame.attrs``: ``step`` ("hour", "day", "week", "month" …; default "day"), ``codes`` (list of the jurisdiction) or
``labels`` (prefix of text keys) for the names of series, ``measure``, ``notes`` (annotations: days and words),
``target`` (the value to be reached). Of a frame with a row a bin, ``columns`` names those that are its series,
``settled`` such of them as no running bin makes provisional.

Each line has a sign of its own beside its colour, drawn now and then along it and before its name. A count that is
nought all along lies on the axis, where it is hardly seen: the legend says that there is none.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import base, days_off, judged
from dashboard.figures.chart import Chart, Series
from dashboard.figures.clicks import clicks
from dashboard.figures.look import Look
from dashboard.figures.naming import namer
from dashboard.figures.rows import digits_of, measure_of, number
from dashboard.figures.ticks import bin_name, bin_title, time_ticks, value_ticks

_SIGNS: Final = (("circle", "●"), ("square", "■"), ("triangle-up", "▲"), ("diamond", "◆"), ("triangle-down", "▼"))
_DASHES: Final = ("solid", "6px,3px", "2px,3px")
"""Of more series than there are colours, the next ones are dashed."""
_MARKED: Final = 12
"""About how many signs a line carries."""


def draw(frame: pd.DataFrame, look: Look, measure: str = "") -> go.Figure:
    """The lines as a figure; an empty one for an empty frame. ``measure`` goes before the frame's own."""
    if frame.empty:
        return base.figure(look)
    frame = _long(frame)
    step, calendar = str(frame.attrs.get("step", "day")), str(frame.attrs.get("calendar", ""))
    counted = measure_of(frame, measure)
    name = namer(look, str(frame.attrs.get("codes", "")), str(frame.attrs.get("labels", "")))
    days = [value.date() if isinstance(value, datetime) else value for value in frame["bin"].tolist()]
    bins, courses = _courses(frame)
    place_of = {day: place for place, day in enumerate(bins)}
    still_open = frame["provisional"].tolist() if "provisional" in frame else [False] * len(days)
    runs = {
        (key, place_of[day]) for day, key, runs in zip(days, map(str, frame["series"]), still_open, strict=True) if runs
    }
    running = {place for _, place in runs}
    known = [value for course in courses.values() for value in course if value is not None]
    kept_back = any(frame.attrs.get("withheld", {}).values())
    digits = digits_of(counted, known)
    off = days_off.names_of(bins, step, look)
    noted = judged.places_of(frame.attrs.get("notes", ()), bins)

    asked = clicks(frame, look)

    def hover(place: int) -> str:
        lines = [
            base.line(look, name(key), look.text.written(course[place], counted.format, digits))
            for key, course in courses.items()
            if course[place] is not None
        ]
        lines += [look.text("figure.trend.provisional")] if place in running else []
        lines += [off[place]] if place in off else []
        lines += [f"{judged.FLAG} {words}" for words in noted.get(place, ())]
        lines += asked.said(bin=bins[place])
        return base.headed(look, bin_title(bins[place], step, look.text, calendar), *lines)

    entries = []
    traces = []
    for index, (key, course) in enumerate(courses.items()):
        colour = look.colours.series[index % len(look.colours.series)]
        symbol, sign = _SIGNS[index % len(_SIGNS)]
        none = counted.format == "count" and not any(course) and not (kept_back and None in course)
        called = look.text("figure.lines.none", name=name(key)) if none else name(key)
        entries.append(base.Entry(sign, colour, called))
        own = {place for of, place in runs if of == key}
        traces.append(_line(course, colour, symbol, _DASHES[index // len(_SIGNS) % len(_DASHES)], own, look))
    if running:
        entries.append(base.Entry("○", look.colours.muted, look.text("figure.trend.provisional")))
    if off:
        entries.append(base.Entry(base.BLOCK, look.colours.band, look.text("figure.trend.day_off")))
    aim = frame.attrs.get("target")
    held, named = judged.target(aim, counted, look)
    pointed = go.Scatter(
        x=list(range(len(bins))),
        y=[max((c[place] or 0 for c in courses.values()), default=0) for place in range(len(bins))],
        mode="markers",
        marker={"size": 12, "color": base.TRANSPARENT},
        hovertext=[hover(place) for place in range(len(bins))],
        hoverinfo="text",
        customdata=[asked.data(str(each), bin=each) for each in bins],
    )
    axis = base.value_axis(
        look,
        value_ticks(max([*known, aim or 0.0]), whole=counted.format in ("count", "days")),
        lambda tick: look.text.written(tick, counted.format, digits=0),
    )
    legend, top = base.legend(look, [*entries, *named], axis)
    lines, flags = judged.marks(noted, look)
    return base.figure(
        look,
        [*traces, pointed],
        hovermode="x",
        xaxis=base.place_axis(look, len(bins), *time_ticks(bins, step, look.text, calendar)),
        yaxis=axis,
        annotations=[legend, *flags],
        shapes=[*days_off.bands(off, look), *held, *lines],
        margin={"l": 22, "r": 22, "t": top, "b": 8},
    )


def charts(frame: pd.DataFrame, look: Look, measure: str = "") -> tuple[Chart, ...]:
    """A line for each course."""
    frame = _long(frame)
    step, calendar = str(frame.attrs.get("step", "day")), str(frame.attrs.get("calendar", ""))
    name = namer(look, str(frame.attrs.get("codes", "")), str(frame.attrs.get("labels", "")))
    bins, courses = _courses(frame)
    series = tuple(
        Series(
            name(key),
            tuple(course),
            look.colours.series[index % len(look.colours.series)],
            "line",
            index >= len(look.colours.series),
        )
        for index, (key, course) in enumerate(courses.items())
    )
    titles = tuple(bin_name(each, step, look.text, calendar) for each in bins)
    return (Chart(titles, series, measure_of(frame, measure).format),)


def _courses(frame: pd.DataFrame) -> tuple[list[Any], dict[str, list[float | None]]]:
    """The bins in order, and each series' values in them."""
    days = [value.date() if isinstance(value, datetime) else value for value in frame["bin"].tolist()]
    bins = sorted(set(days))
    place_of = {day: place for place, day in enumerate(bins)}
    courses: dict[str, list[float | None]] = {key: [None] * len(bins) for key in map(str, frame["series"])}
    for day, key, value in zip(days, map(str, frame["series"]), frame["value"], strict=True):
        courses[key][place_of[day]] = number(value)
    return bins, courses


def _long(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with a row a bin and series; one that has the series as columns is turned."""
    if "columns" not in frame.attrs:
        return frame
    series = list(frame.attrs["columns"])
    kept = [name for name in frame.columns if name not in series]
    turned = frame.melt(kept, series, "series", "value")
    turned.attrs = frame.attrs
    if "provisional" in turned:
        turned["provisional"] &= ~turned["series"].isin(frame.attrs.get("settled", ()))
    return turned


def _line(course: list[float | None], colour: str, symbol: str, dash: str, running: set[int], look: Look) -> go.Scatter:
    """A course with its sign at some of its places: the last, those of running bins, and such as stand alone."""
    every = max(1, round(len(course) / _MARKED))

    def alone(place: int) -> bool:
        beside = [course[other] for other in (place - 1, place + 1) if 0 <= other < len(course)]
        return all(value is None for value in beside)

    marked = [
        (len(course) - 1 - place) % every == 0 or place in running or alone(place) for place in range(len(course))
    ]
    marker: dict[str, Any] = {
        "symbol": symbol,
        "size": [7 if sign else 0 for sign in marked],
        "color": [look.colours.surface if place in running else colour for place in range(len(course))],
        "line": {"width": [1.5 if sign else 0 for sign in marked], "color": colour},
        "opacity": 1,
    }
    return go.Scatter(
        x=list(range(len(course))),
        y=course,
        mode="lines+markers",
        line={"width": 2, "color": colour, "dash": dash},
        marker=marker,
        cliponaxis=False,
        hoverinfo="skip",
    )
