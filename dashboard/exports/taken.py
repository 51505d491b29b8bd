"""A panel's answer on its way out of the house: what was asked, by whom, what came of it, in whose words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from numbers import Number
from typing import Any, Literal

import pandas as pd

from dashboard.answers import Answer
from dashboard.exports.words import cell, format_of, heading, is_number, is_withheld, missing, titled
from dashboard.figures.look import Look
from dashboard.figures.prepared import prepared
from dashboard.filters import Filters
from dashboard.panel import Column, Format, Panel
from dashboard.text.bidi import plain
from dashboard.text.calendars import calendar_named

Kind = Literal["number", "day", "moment", "text"]


@dataclass(frozen=True)
class Head:
    """A column of a file: its heading, what its values are, and, of numbers, how they are written."""

    name: str
    kind: Kind
    format: Format = "text"


@dataclass(frozen=True)
class Table:
    """What a file holds row by row: numbers, days and moments as such, all else as words; ``None`` where nothing is."""

    heads: tuple[Head, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class Taken:
    """A panel's answer to filters, as a reader who may see ``scope_name`` takes it away."""

    panel: Panel
    answer: Answer
    filters: Filters
    look: Look
    scope_name: str
    demo: bool

    @property
    def title(self) -> str:
        """The question the card asks; of a headline number, what it is called."""
        frame, text = self.answer.frame, self.look.text
        if self.panel.kind == "number" and len(frame):
            return plain(titled(self.panel, str(frame["measure"].iloc[0]), text))
        return plain(text(f"panel.{self.panel.key}.title"))

    @property
    def nothing(self) -> str:
        """What is said where there is no row: that no trouble was seen, or that the choice holds nothing."""
        attrs, text = self.answer.frame.attrs, self.look.text
        calm = f"panel.{attrs.get('calm', self.panel.key)}.calm"
        return text(calm if attrs.get("observed") else "state.empty")

    @property
    def shown(self) -> pd.DataFrame:
        """The frame as the panel's figure reads it."""
        return prepared(self.panel, self.answer.frame, self.filters)

    @property
    def stem(self) -> str:
        """The beginning of the file's name: ``rasad-overview-trend-2026-10-23-2026-11-21``; ISO days sort anywhere."""
        window = self.panel.heeded(self.filters).window
        days = f"{window.start}-{window.end}" if "period" in self.panel.answers else self.filters.today
        return f"rasad-{self.panel.key}-{days}"

    def table(self) -> Table:
        """All rows of the answer. Readers of the Jalali calendar find each day twice: as such, and as 1405-08-30."""
        frame, text = self.answer.frame, self.look.text
        jalali = text.calendar_name == "jalali"
        heads: list[Head] = []
        written: list[tuple[Column, bool]] = []
        for column in self.panel.columns:
            name = plain(heading(column, text, frame.attrs))
            heads.append(Head(name, self._kind(column), format_of(column)))
            written.append((column, False))
            if jalali and heads[-1].kind == "day":
                heads.append(Head(text("export.jalali_day"), "text"))
                written.append((column, True))
        rows = tuple(
            tuple(
                jalali_day(row[column.name]) if again else self._value(column, row[column.name], place)
                for column, again in written
            )
            for place, row in enumerate(frame.to_dict("records"))
        )
        return Table(tuple(heads), rows)

    def _kind(self, column: Column) -> Kind:
        if format_of(column) in ("day", "month") and self.answer.frame.attrs.get("step") != "hour":
            return "day"
        if format_of(column) == "moment":
            return "moment"
        return "number" if is_number(column) or format_of(column) in ("hour", "day") else "text"

    def _value(self, column: Column, value: Any, place: int) -> Any:
        if is_withheld(self.answer.frame.attrs, column.name, place):
            return self.look.text("value.withheld")
        if format_of(column) != "reasons" and missing(value):
            return None
        if isinstance(value, datetime) and format_of(column) in ("day", "month"):
            return value.date()
        if isinstance(value, date | datetime):
            return value
        if is_number(column) or isinstance(value, Number):
            return value
        return plain(cell(column, value, self.look.text, self.look.jurisdiction, self.answer.frame.attrs))


def jalali_day(value: Any) -> str:
    """A day as 1405-08-30, in Latin digits, so that it sorts and can be read by programs."""
    if missing(value):
        return ""
    year, month, day = calendar_named("jalali").parts(value)
    return f"{year}-{month:02}-{day:02}"
