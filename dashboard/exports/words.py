"""A panel's columns and cells in the words of a language: the same on screen, in files and in documents."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from dashboard.figures.ticks import bin_title
from dashboard.filters import Filters
from dashboard.measures import MEASURES
from dashboard.panel import Column, Format, Panel
from dashboard.text import Text
from dashboard.text.calendars import calendar_named

if TYPE_CHECKING:
    from dashboard.jurisdictions import Jurisdiction

_NUMBERS: frozenset[Format] = frozenset({"count", "share", "change", "points", "score", "money", "days", "hours"})

_LONGER = frozenset({"week", "month", "quarter", "year"})
"""Steps of a time axis whose bins are more than a day."""


def format_of(column: Column) -> Format:
    """How a column's values are written: as its measure says, or as the column itself."""
    return MEASURES[column.measure].format if column.measure and column.format == "count" else column.format


def is_number(column: Column) -> bool:
    """Whether the column holds numbers, which stand at the end side of their cells."""
    return format_of(column) in _NUMBERS


def heading(column: Column, text: Text, attrs: Mapping[Any, Any] | None = None) -> str:
    """The label of a column; a time axis is named after its step (``attrs["step"]``)."""
    if column.label:
        return text(column.label)
    if column.measure:
        return text(f"measure.{column.measure}.label")
    if column.format == "day":
        return text(f"word.{(attrs or {}).get('step', 'day')}")
    return text(f"word.{column.format}")


def missing(value: object) -> bool:
    """Whether there is no value: None, NaN or NaT."""
    return value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value))


def is_withheld(attrs: Mapping[Any, Any], name: str, place: int) -> bool:
    """Whether a frame withholds the value of a column in the row at a place (`queries.published`)."""
    return place in attrs.get("withheld", {}).get(name, ())


def cell(
    column: Column, value: Any, text: Text, jurisdiction: Jurisdiction, attrs: Mapping[Any, Any] | None = None
) -> str:
    """A value of a column as readers of the language write it; a dash where there is none.

    A bin of a time axis is called as its figure calls it, by ``attrs["step"]`` and ``attrs["calendar"]``.
    """
    kind = format_of(column)
    if kind == "reasons":
        return " · ".join(sentence(reason, text, jurisdiction) for reason in value)
    if missing(value):
        return text.number(None)
    if column.labels and text.has(f"{column.labels}.{value}"):
        return text(f"{column.labels}.{value}")
    if kind in ("province", "category", "text"):
        codes, key = column.codes or ("provinces" if kind == "province" else ""), str(value)
        if kind == "category" and not codes and ":" in key:  # of several subjects: "disputes:individual"
            subject, _, key = key.partition(":")
            codes = f"{subject}.category"
        names = jurisdiction.names_of(codes, text.language) if codes else {}
        return names[key] if key in names else text.isolate(key)
    if kind == "month":
        return _month(value, text, jurisdiction)
    step = str((attrs or {}).get("step", "day"))
    if column.name == "bin" and step in _LONGER:
        return bin_title(value, step, text, str((attrs or {}).get("calendar", "")))
    if kind in ("day", "hour", "moment"):
        return _time(value, text, jurisdiction)
    if kind == "money":
        return text.money(float(value), jurisdiction.currency)
    return _number(kind, float(value), text)


def _month(first: date, text: Text, jurisdiction: Jurisdiction) -> str:
    """A month of the official calendar: by its name, or by its days for readers of another calendar."""
    if text.calendar_name == jurisdiction.calendar:
        return text.month(first)
    return text.span(first, calendar_named(jurisdiction.calendar).next_month(first) - timedelta(days=1))


def _time(value: Any, text: Text, jurisdiction: Jurisdiction) -> str:
    if isinstance(value, datetime):
        return text.moment(value, jurisdiction.timezone)
    return text.day(value, "weekday") if isinstance(value, date) else text.hour(int(value))


def _number(kind: Format, value: float, text: Text) -> str:
    """Counts are whole; a mean or a number per head keeps one decimal where it is small enough for that to matter."""
    small = kind == "count" and abs(value) < 100 and value != round(value)
    return text.written(value, kind, 1 if small else None)


def sentence(reason: Mapping[str, Any], text: Text, jurisdiction: Jurisdiction) -> str:
    """A reason (``{"code", "values"}``) as a sentence: the text ``reason.<code>`` with its values written out.

    A code with a dot is the key of a text itself: ``intake.reason.bad_day``.
    """
    values: dict[str, str] = {}
    for name, value in reason["values"].items():
        match name:
            case "growth" | "change":
                values[name] = text.change(value, 0)
            case "share":
                values[name] = text.share(value, 0)
            case "rate" | "mean":
                values[name] = text.share(value)
            case "subject":
                values[name] = text(f"subject.{value}")
            case "hours":
                values[name] = text.counted("unit.hours", value) if value < 72 else text.days(value / 24)
            case "province":
                values[name] = jurisdiction.names_of("provinces", text.language).get(str(value), str(value))
            case _:
                values[name] = text.number(value) if isinstance(value, int | float) else str(value)
    code = str(reason["code"])
    return text(code if "." in code else f"reason.{code}", **values)


def kept_apart(filters: Filters, text: Text, jurisdiction: Jurisdiction) -> str:
    """What stays out of a total of the filters' subject, as a sentence; empty where that is nothing."""
    names = [p.names[text.language] for p in jurisdiction.procedures if p.kept_apart]
    if filters.subject != "procedures" or not names:
        return ""
    return text("note.kept_apart", names=text("note.and").join(names))


def titled(panel: Panel, measure: str, text: Text) -> str:
    """The title of a headline number; one that answers with another measure here than elsewhere has one for each."""
    special = f"panel.{panel.key}.title.{measure}"
    return text(special if text.has(special) else f"panel.{panel.key}.title")


def compared_with(filters: Filters, text: Text) -> str:
    """What the period is compared with, to stand after "than"."""
    if filters.compare == "year" or filters.period in ("year", "12m"):
        return text("compared.year")
    if filters.whole_months:
        return text("compared.months", n=filters.months)
    if filters.period in ("month", "quarter"):
        return text(f"compared.{filters.period}")
    if filters.window.days == 1:
        return text("compared.day")
    return text("compared.days", n=filters.window.days)
