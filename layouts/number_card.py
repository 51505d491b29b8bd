"""What a headline number's card shows: the number, its change in words and sign, its course, what it rests on."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.exports.words import compared_with, is_withheld, missing
from dashboard.figures.look import Look
from dashboard.figures.spark import spark
from dashboard.filters import Filters
from dashboard.measures import MEASURES, Measure
from dashboard.panel import Panel
from dashboard.text import Text
from layouts.marks import icon, marked

_MOST_POINTS = 40
_ARROWS = {1: "arrow-up-right", -1: "arrow-down-right", 0: "arrow-right"}


def body(panel: Panel, frame: pd.DataFrame, filters: Filters, look: Look, hour: str) -> list[Component]:
    """The inside of the card for a frame of one row; ``hour`` is the time of day that "usual by" means."""
    row = {str(name): value for name, value in frame.iloc[0].items()}
    measure = MEASURES[row["measure"]]
    text = look.text
    value = None if missing(row["value"]) else float(row["value"])
    return [
        html.P(
            text("value.withheld") if is_withheld(frame.attrs, "value", 0) else _written(value, measure, look),
            className="value",
            **marked({"data-figure": "value"}),
        ),
        *_change(panel, value, row["compared"], measure, filters, text, hour),
        *_judged_by(frame.attrs.get("targets", {}).get(measure.key), value, measure, text),
        html.Div(_rests_on(row, filters, text), className="rests"),
        *_course(row["spark"], measure, look),
    ]


def _written(value: float | None, measure: Measure, look: Look) -> str:
    """The number itself; an amount with its currency."""
    if measure.format == "money":
        return look.text.money(value, look.jurisdiction.currency)
    return look.text.written(value, measure.format)


def _change(
    panel: Panel, value: float | None, compared: Any, measure: Measure, filters: Filters, text: Text, hour: str
) -> list[Component]:
    usual = "registered_usual" in panel.measures
    if value is None or missing(compared) or (filters.compare == "none" and not usual):
        return []
    before = float(compared)
    with_what = text("compared.usual", time=hour) if usual else compared_with(filters, text)
    difference = value - before
    if measure.format == "share":
        shown, direction = text.points(difference), _sign(round(difference, 3))
    elif before:
        shown, direction = text.change(difference / before), _sign(round(difference / before, 3))
    else:
        shown, direction = text.signed(difference), _sign(difference)
    word, tone = _judged(direction, measure)
    return [
        html.P(
            [icon(f"{_ARROWS[direction]}"), html.Span(shown)],
            className=f"change {tone}",
        ),
        html.P(text(f"change.{word}", compared=with_what), className="versus"),
    ]


def _judged_by(target: float | None, value: float | None, measure: Measure, text: Text) -> list[Component]:
    """Whether the target is met, in a word and a sign; only named where no direction is welcome."""
    if target is None or value is None:
        return []
    written = text.written(target, measure.format)
    if not measure.good:
        return [html.P(text("figure.target", value=written), className="target")]
    met = value >= target if measure.good > 0 else value <= target
    words = text("number.target.met" if met else "number.target.missed", value=written)
    sign = icon("check-circle" if met else "exclamation-triangle")
    return [html.P([sign, html.Span(words)], className=f"target {'good' if met else 'bad'}")]


def _judged(direction: int, measure: Measure) -> tuple[str, str]:
    """The word for a change and the tone that goes with it; only a measure with a welcome direction is judged."""
    if direction == 0:
        return "same", "neutral"
    if measure.good:
        return ("better", "good") if direction == measure.good else ("worse", "bad")
    if measure.format == "share":
        return ("higher" if direction > 0 else "lower"), "neutral"
    return ("more" if direction > 0 else "fewer"), "neutral"


def _rests_on(row: dict[str, Any], filters: Filters, text: Text) -> list[Component]:
    lines = []
    key = f"number.{row['measure']}.n"
    if text.has(key) and not missing(row["n"]):
        lines.append(text(key, n=int(row["n"])))
    now = []
    if "age" in row and not missing(row["age"]):
        now.append(text("number.age", age=text.days(row["age"])))
    if "hours" in row and not missing(row["hours"]):
        now.append(text("number.age", age=text.hours(row["hours"])))
    if row.get("overdue"):
        now.append(text("number.overdue", n=int(row["overdue"])))
    if now and filters.window.end < filters.today:  # the number is of another day than what follows
        lines.append(text("number.now"))
    lines += now
    return [html.P(line) for line in lines]


def _course(values: list[float], measure: Measure, look: Look) -> list[Component]:
    """The course of the number as a picture, with its range as the words for it; nothing where there is no course."""
    if len(values) < 2:
        return []
    low, high = (look.text.written(value, measure.format) for value in (min(values), max(values)))
    label = look.text("number.course", low=low, high=high)
    return [html.Img(src=spark(_thinned(values), look).uri, alt=label, className="spark")]


def _thinned(values: list[float]) -> list[float]:
    """At most _MOST_POINTS means of equal stretches: of more, a picture that small shows only a smear."""
    if len(values) <= _MOST_POINTS:
        return values
    size = len(values) / _MOST_POINTS
    stretches = [values[int(place * size) : int((place + 1) * size)] for place in range(_MOST_POINTS)]
    return [sum(stretch) / len(stretch) for stretch in stretches]


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)
