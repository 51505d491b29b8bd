"""How much money, month by month: what was granted as a bar, and within it what has been paid of that.

Frame, one row a month in order of time:

===============  ==========================================================================================
``bin``          first day of the month
``granted``      amount granted
``paid``         amount of it paid so far
``provisional``  the month is not over yet: hatched
===============  ==========================================================================================

Amounts are in the currency of the jurisdiction.
"""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import base
from dashboard.figures.chart import Chart, Series
from dashboard.figures.clicks import clicks
from dashboard.figures.look import Look
from dashboard.figures.rows import numbers
from dashboard.figures.ticks import bin_name, bin_title, time_ticks, value_ticks


def draw(frame: pd.DataFrame, look: Look) -> go.Figure:
    """The bars as a figure; an empty one for an empty frame."""
    if frame.empty:
        return base.figure(look)
    text, colours, currency = look.text, look.colours, look.jurisdiction.currency
    bins = list(frame["bin"])
    calendar = str(frame.attrs.get("calendar", ""))
    running = [bool(value) for value in frame["provisional"]]
    granted, paid = ([value or 0.0 for value in numbers(frame, name)] for name in ("granted", "paid"))
    labels = [text("figure.amounts.granted"), text("figure.amounts.paid")]
    asked = clicks(frame, look)
    hover = [
        base.headed(
            look,
            bin_title(month, "month", text, calendar),
            base.line(look, labels[0], text.money(whole, currency)),
            base.line(look, labels[1], text.money(part, currency)),
            *([base.line(look, text("figure.amounts.share"), text.share(part / whole))] if whole else []),
            *([text("figure.trend.provisional")] if runs else []),
            *asked.said(bin=month),
        )
        for month, whole, part, runs in zip(bins, granted, paid, running, strict=True)
    ]
    places = list(range(len(bins)))
    pattern = {
        "shape": ["/" if runs else "" for runs in running],
        "fillmode": "replace",
        "fgcolor": colours.pale,
        "size": 5,
        "solidity": 0.45,
    }
    traces = [
        go.Bar(
            x=places,
            y=granted,
            width=0.74,
            marker={"color": colours.pale, "line": {"width": 0}, "pattern": pattern},
            hovertext=hover,
            hoverinfo="text",
            customdata=[asked.data(str(month), bin=month) for month in bins],
        ),
        go.Bar(x=places, y=paid, width=0.42, marker={"color": colours.accent}, hoverinfo="skip"),
    ]
    entries = [
        base.Entry(base.BLOCK, colours.pale, _label("granted", look)),
        base.Entry(base.BLOCK, colours.accent, _label("paid", look)),
    ]
    if any(running):
        entries.append(base.Entry("▨", colours.pale, text("figure.trend.provisional")))
    axis = base.value_axis(look, value_ticks(max(granted, default=0.0)), text.money)
    legend, top = base.legend(look, entries, axis)
    return base.figure(
        look,
        traces,
        barmode="overlay",
        hovermode="x",
        xaxis=base.place_axis(look, len(bins), *time_ticks(bins, "month", text, calendar)),
        yaxis=axis,
        annotations=[legend],
        margin={"l": 22, "r": 22, "t": top, "b": 8},
    )


def charts(frame: pd.DataFrame, look: Look) -> tuple[Chart, ...]:
    """Granted and paid as columns side by side."""
    calendar = str(frame.attrs.get("calendar", ""))
    series = tuple(
        Series(_label(name, look), tuple(numbers(frame, name)), colour)
        for name, colour in (("granted", look.colours.pale), ("paid", look.colours.accent))
    )
    return (Chart(tuple(bin_name(month, "month", look.text, calendar) for month in frame["bin"]), series, "money"),)


def _label(name: str, look: Look) -> str:
    """An amount with the currency, which its short numbers do not say."""
    currency = look.jurisdiction.currency
    return look.text(f"figure.amounts.{name}") + (f" ({look.text.currency(currency)})" if currency else "")
