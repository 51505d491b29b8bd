"""Picking a day in the calendar of the language: three native selects, which every keyboard and reader can use."""

from __future__ import annotations

from datetime import date

import dash_bootstrap_components as dbc
from dash import html

from dashboard import ids
from dashboard.text import Text

PARTS = ("day", "month", "year")
_YEARS_BACK = 15


def day_picker(name: str, text: Text, today: date) -> html.Fieldset:
    """The selects of one day; ``name`` ("from", "to") composes their ids and labels them as a group."""
    year = text.calendar.parts(today)[0]
    options = {
        "day": [{"label": text.digits(number), "value": str(number)} for number in range(1, 32)],
        "month": [
            {"label": text(f"month.{text.calendar_name}.{number}"), "value": str(number)} for number in range(1, 13)
        ],
        "year": [
            {"label": text.digits(number), "value": str(number)} for number in range(year, year - _YEARS_BACK, -1)
        ],
    }
    return html.Fieldset(
        [
            html.Legend(text(f"filter.{name}")),
            *(
                html.Label(
                    [
                        html.Span(text(f"word.{part}"), className="visually-hidden"),
                        dbc.Select(
                            id=ids.control(name, part),
                            options=options[part],
                            value=str(text.calendar.parts(today)[2 - index]),
                            size="sm",
                        ),
                    ]
                )
                for index, part in enumerate(PARTS)
            ),
        ],
        className="day-picker",
    )


def picked(parts: tuple[str | None, str | None, str | None], text: Text) -> date:
    """The day of chosen ``(day, month, year)``, its day of the month clipped to the month's length.

    ValueError when a part is missing or no number.
    """
    if not all(parts):
        raise ValueError("a part of the day is not chosen")
    day, month, year = (int(str(part)) for part in parts)
    calendar = text.calendar
    if not 1 <= month <= 12:
        raise ValueError(f"there is no month {month}")
    return calendar.from_parts(year, month, max(1, min(day, calendar.month_length(year, month))))


def chosen(day: date, text: Text) -> tuple[str, str, str]:
    """The values of the selects, ``(day, month, year)``, for a day."""
    year, month, number = text.calendar.parts(day)
    return str(number), str(month), str(year)
