"""By more than chance: a funnel plot of rates over the number of cases they rest on, with what chance explains.

Frame, one row an office (or whatever ``frame.attrs["codes"]`` lists):

============  ==========================================================================================
``key``       key of the office, named by the jurisdiction's list ``frame.attrs["codes"]``, default "offices"; with an
              empty one it is a name itself
``province``  its province; the column may be missing
``n``         cases the rate rests on
``rate``      the rate
``outside``   +1 above the outer limits, -1 below, else 0
``judged``    whether it has cases enough to be judged
``distance``  how far from the mean, in standard deviations: the farthest outside are named
============  ==========================================================================================

``frame.attrs``: ``measure``, ``mean`` and ``cases`` (rate of all, and what it rests on), ``limits`` (lists ``n``,
``inner_low``, ``inner_high``, ``outer_low``, ``outer_high``), ``judged``, ``least``, ``by_chance`` and ``spread``
(see `queries.alike`), ``start`` and ``end`` where other days were counted than asked for. The axis of cases is
logarithmic, that of rates begins where the limits do: these are points, no bars.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import base
from dashboard.figures.chart import Chart, Series
from dashboard.figures.clicks import clicks
from dashboard.figures.look import Look
from dashboard.figures.naming import namer
from dashboard.figures.rows import measure_of
from dashboard.figures.ticks import nice

HEIGHT: Final = 430
"""Pixels of the figure where the page gives it none."""
ABOVE, BELOW, WITHIN, FEW = "▲", "▼", "●", "○"
_LINES: Final = 58
"""Letters on a line of the notes above the plot: what a telephone shows."""
_LINE: Final = 16
_NAMED: Final = 3
_NAME: Final = 24
_SYMBOLS: Final = {ABOVE: "triangle-up", BELOW: "triangle-down", WITHIN: "circle", FEW: "circle-open"}
_MOST_TICKS: Final = 6


def draw(frame: pd.DataFrame, look: Look) -> go.Figure:
    """The funnel as a figure; an empty one for an empty frame."""
    if frame.empty:
        return base.figure(look)
    limits = frame.attrs["limits"]
    low, high = _reach(frame, limits)
    first, last = math.log10(frame["n"].min()), math.log10(frame["n"].max())
    margin = max(0.08, (last - first) * 0.05)
    across = [first - margin, last + margin]
    legend, top = _legend(frame, look)
    return base.figure(
        look,
        [*_limits(limits, look), _mean(frame, across, look), _points(frame, look)],
        height=frame.attrs.get("room", HEIGHT),
        hovermode="closest",
        xaxis=_case_axis(look, across),
        yaxis=_rate_axis(look, low, high),
        annotations=[legend, *_names(frame, across, look)],
        margin={"l": 8, "r": 8, "t": top, "b": 8},
    )


def charts(frame: pd.DataFrame, look: Look) -> tuple[Chart, ...]:
    """Points over the cases they rest on, by where they lie, between the outer limits and about the mean."""
    signs, limits, colours = _signs(frame), frame.attrs["limits"], look.colours
    text, mean = look.text, float(frame.attrs["mean"])
    rows = list(zip(frame["n"].tolist(), frame["rate"].tolist(), signs, strict=True))
    series = [
        Series(
            text(f"figure.control.{_WORDS[sign]}"),
            tuple(rate for _, rate, own in rows if own == sign),
            colours.attention if sign in (ABOVE, BELOW) else colours.accent if sign == WITHIN else colours.muted,
            "points",
            across=tuple(n for n, _, own in rows if own == sign),
        )
        for sign in (ABOVE, WITHIN, BELOW, FEW)
        if sign in signs
    ]
    ends = (min(frame["n"]), max(frame["n"]))
    series.append(Series(text("figure.control.mean"), (mean, mean), colours.accent, "line", across=ends))
    for name in ("outer_low", "outer_high"):
        across, curve = tuple(limits["n"]), tuple(limits[name])
        series.append(Series(text("figure.control.outer"), curve, colours.muted, "line", dashed=True, across=across))
    return (Chart((), tuple(series), "share", across=text("figure.control.cases")),)


def _sign(outside: int, judged: bool) -> str:
    if not judged:
        return FEW
    return ABOVE if outside > 0 else BELOW if outside < 0 else WITHIN


def _signs(frame: pd.DataFrame) -> list[str]:
    return [_sign(place, known) for place, known in zip(frame["outside"], frame["judged"], strict=True)]


def _points(frame: pd.DataFrame, look: Look) -> go.Scatter:
    signs = _signs(frame)
    colours = {
        ABOVE: look.colours.attention,
        BELOW: look.colours.attention,
        WITHIN: look.colours.accent,
        FEW: look.colours.muted,
    }
    rows = frame.to_dict("records")
    asked = clicks(frame, look)
    hover = []
    for row, sign in zip(rows, signs, strict=True):
        hover.append(_told(row, sign, asked.said(province=row.get("province")), frame, look))
    return go.Scatter(
        x=[math.log10(n) for n in frame["n"]],
        y=frame["rate"].tolist(),
        mode="markers",
        marker={
            "symbol": [_SYMBOLS[sign] for sign in signs],
            "color": [colours[sign] for sign in signs],
            "size": [11 if sign in (ABOVE, BELOW) else 7 for sign in signs],
            "opacity": 0.9,
        },
        hovertext=hover,
        hoverinfo="text",
        customdata=[asked.data(row["key"], province=row.get("province")) for row in rows],
        cliponaxis=False,
    )


def _told(row: Mapping[Any, Any], sign: str, click: Sequence[str], frame: pd.DataFrame, look: Look) -> str:
    text, measure = look.text, measure_of(frame)
    lines = [
        base.line(look, text(f"measure.{measure.key}.label"), text.share(row["rate"])),
        text("unit.n", n=int(row["n"])),
        base.line(look, text("figure.control.mean"), text.share(frame.attrs["mean"])),
        text(f"figure.control.{_WORDS[sign]}"),
    ]
    if row.get("province", row["key"]) != row["key"]:
        lines.insert(0, look.names("provinces").get(str(row["province"]), str(row["province"])))
    return base.headed(look, _name(row, frame, look), *lines, *click)


_WORDS: Final = {ABOVE: "above", BELOW: "below", WITHIN: "within", FEW: "few"}


def _name(row: Mapping[Any, Any], frame: pd.DataFrame, look: Look) -> str:
    return namer(look, str(frame.attrs.get("codes", "offices")))(str(row["key"]))


def _names(frame: pd.DataFrame, across: Sequence[float], look: Look) -> list[dict[str, Any]]:
    """The names of the few farthest outside, beside their points, towards the middle of the plot."""
    far = frame[frame["outside"] != 0].sort_values("distance", key=abs, ascending=False).head(_NAMED)
    middle = sum(across) / 2
    notes = []
    for row in far.to_dict("records"):
        x = math.log10(row["n"])
        rightwards = (x < middle) is not look.rtl
        notes.append(
            {
                "text": base.words(look, *base.wrapped(_name(row, frame, look), _NAME)),
                "x": x,
                "y": row["rate"],
                "xanchor": "left" if rightwards else "right",
                "yanchor": "middle",
                "xshift": 9 if rightwards else -9,
                "align": "left" if rightwards else "right",
                "showarrow": False,
                "font": {"size": 11.5, "color": look.colours.ink},
            }
        )
    return notes


def _limits(limits: Mapping[str, Sequence[float]], look: Look) -> list[go.Scatter]:
    """The outer limits as lines around a quiet band, the inner ones dotted."""
    across = [math.log10(n) for n in limits["n"]]
    outer = {"color": look.colours.muted, "width": 1.2}
    inner = {"color": look.colours.muted, "width": 1, "dash": "dot"}
    return [
        _curve(across, limits["outer_low"], outer),
        _curve(across, limits["outer_high"], outer, fill="tonexty", fillcolor=look.colours.band),
        _curve(across, limits["inner_low"], inner),
        _curve(across, limits["inner_high"], inner),
    ]


def _curve(x: Sequence[float], y: Sequence[float], line: dict[str, Any], **more: Any) -> go.Scatter:
    return go.Scatter(x=list(x), y=list(y), mode="lines", line=line, hoverinfo="skip", **more)


def _mean(frame: pd.DataFrame, across: Sequence[float], look: Look) -> go.Scatter:
    mean = frame.attrs["mean"]
    return _curve(across, [mean, mean], {"color": look.colours.accent, "width": 1.6})


def _legend(frame: pd.DataFrame, look: Look) -> tuple[dict[str, Any], int]:
    """What the signs and lines are, then how far chance goes, in words."""
    colours, text, attrs = look.colours, look.text, frame.attrs
    mean = base.line(look, text("figure.control.mean"), text.share(attrs["mean"]))
    entries = [
        base.Entry(base.LINE, colours.accent, f"{mean} · {text('unit.n', n=attrs['cases'])}"),
        base.Entry("┄┄", colours.muted, text("figure.control.inner")),
        base.Entry(base.LINE, colours.muted, text("figure.control.outer")),
    ]
    marks = {ABOVE: colours.attention, BELOW: colours.attention, WITHIN: colours.accent, FEW: colours.muted}
    seen = set(_signs(frame))
    entries += [
        base.Entry(sign, colour, text(f"figure.control.{_WORDS[sign]}"))
        for sign, colour in marks.items()
        if sign in seen
    ]
    legend, top = base.legend(look, entries)
    lines = [line for note in _notes(frame, look) for line in base.wrapped(note, _LINES)]
    legend["text"] += "<br>" + base.words(look, *lines)
    return legend, top + _LINE * len(lines)


def _notes(frame: pd.DataFrame, look: Look) -> list[str]:
    """How many lie outside, how many would by chance, and what the rates rest on."""
    text, attrs = look.text, frame.attrs
    found = int((frame["outside"] != 0).sum())
    chance = text.number(attrs["by_chance"], 1 if attrs["by_chance"] >= 0.1 else 2)
    notes = [text("figure.control.found", judged=attrs["judged"], chance=chance, found=found)]
    if not attrs["judged"]:
        notes = [text("figure.control.none", least=attrs["least"])]
    if attrs["spread"] is not None:
        notes.append(text("figure.control.spread", times=text.number(attrs["spread"], 1)))
    if "start" in attrs:
        notes.append(text("figure.control.months", span=text.span(attrs["start"], attrs["end"])))
    return notes


def _reach(frame: pd.DataFrame, limits: Mapping[str, Sequence[float]]) -> tuple[float, float]:
    """The lowest and the highest rate to be drawn: all that occur, and the limits of cases enough to be judged."""
    judging = [place for place, n in enumerate(limits["n"]) if n >= frame.attrs["least"]]
    outer = [limits[name][place] for name in ("outer_low", "outer_high") for place in judging]
    values = [*frame["rate"], frame.attrs["mean"], *outer]
    low, high = min(values), max(values)
    spare = max(high - low, 0.01) * 0.04
    return low - spare, high + spare


def _case_axis(look: Look, across: Sequence[float]) -> dict[str, Any]:
    """Numbers of cases on a logarithmic scale: 1, 2, 5 and their tens, fewer where there are many."""
    ends = 10 ** across[0], 10 ** across[1]
    for factors in ((1, 2, 5), (1, 3), (1,)):
        powers = range(math.floor(across[0]), math.ceil(across[1]) + 1)
        ticks = [factor * 10**power for power in powers for factor in factors if power >= 0]
        ticks = [tick for tick in ticks if ends[0] <= tick <= ends[1]]
        if len(ticks) <= _MOST_TICKS:
            break
    if len(ticks) < 2:
        ticks = sorted({max(1, round(end)) for end in ends})
    axis = base.along(
        look,
        (across[0], across[1]),
        [math.log10(tick) for tick in ticks],
        [look.text.number(tick) for tick in ticks],
    )
    title = {"text": base.words(look, look.text("figure.control.cases")), "font": {"size": 11.5}, "standoff": 6}
    return {**axis, "title": title}


def _rate_axis(look: Look, low: float, high: float) -> dict[str, Any]:
    step = nice((high - low) / 4)
    ticks = [place * step for place in range(math.ceil(low / step), math.floor(high / step) + 1)]
    digits = 0 if step >= 0.01 else 1
    return base.upward(look, (low, high), ticks, [look.text.share(tick, digits) for tick in ticks])
