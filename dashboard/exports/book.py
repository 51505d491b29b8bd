"""A panel's answer as an Excel workbook: true numbers and days, charts to edit, and what it all rests on.

No cell is ever a formula: text is written as text, whatever it begins with.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from numbers import Number
from typing import Any, Final

import xlsxwriter
from xlsxwriter.chart import Chart as Drawn
from xlsxwriter.format import Format as Style
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from dashboard.exports.native import charts
from dashboard.exports.notes import headline, notes
from dashboard.exports.numbers import number_format
from dashboard.exports.taken import Head, Taken
from dashboard.figures.chart import Chart, Series
from dashboard.figures.theme import LIGHT
from dashboard.text import Text
from dashboard.text.bidi import plain

_DAYS: Final = {"en": "d mmm yyyy", "fa": "yyyy-mm-dd", "vi": "dd/mm/yyyy"}
_WIDEST: Final = 48
_CHART: Final = {"width": 860, "height": 420}


def document(taken: Taken) -> bytes:
    """The file (``.xlsx``) of one answer: its figures, its charts where there are any, and what they rest on."""
    text = taken.look.text
    book = Book(text, taken.title, headline(taken), taken.demo)
    book.figures(book.sheet(text("export.sheet.figures")), taken)
    made = charts(taken.panel.figure, taken.shown, taken.look)
    if made:
        book.charts(book.sheet(text("export.sheet.charts")), made, taken.title)
    book.lines(book.sheet(text("export.sheet.about")), notes(taken))
    return book.document()


class Book:
    """A workbook in one language as it is written."""

    def __init__(self, text: Text, title: str, said: str, demo: bool) -> None:
        self._out, self._text, self._demo = io.BytesIO(), text, demo
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
            "remove_timezone": True,
        }
        self._book: Workbook = xlsxwriter.Workbook(self._out, options)
        self._book.set_properties({"title": title, "company": text("app.name"), "comments": said})
        font = {"font_name": "Tahoma" if text.rtl else "Calibri", "font_size": 11}
        right_to_left = {"reading_order": 2} if text.rtl else {}
        self._styles: dict[str, Style] = {}
        self._base = {**font, **right_to_left, "valign": "top"}

    def document(self) -> bytes:
        """The file (``.xlsx``)."""
        self._book.close()
        return self._out.getvalue()

    def sheet(self, name: str) -> Worksheet:
        """A new sheet, laid out for its language; its name is cut to what Excel takes."""
        sheet = self._book.add_worksheet(_sheet_name(name))
        if self._text.rtl:
            sheet.right_to_left()
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        if self._demo:
            sheet.set_header(f"&C{self._text('demo.badge')}")
        return sheet

    def _style(self, **more: Any) -> Style:
        key = repr(sorted(more.items()))
        if key not in self._styles:
            self._styles[key] = self._book.add_format({**self._base, **more})
        return self._styles[key]

    def figures(self, sheet: Worksheet, taken: Taken, words: Sequence[str] = ()) -> int:
        """All rows of an answer under its title, or under ``words`` of one's own; answers with how many columns."""
        table = taken.table()
        above = [*(words or [taken.title]), headline(taken)]
        for row, said in enumerate(above):
            style = self._style(font_color=LIGHT.muted) if row else self._style(bold=True, font_size=14)
            sheet.write_string(row, 0, said, style)
        first = max(FIRST, len(above) + 2)
        top = self._style(bold=True, bottom=1, text_wrap=True, bg_color=LIGHT.accent_weak)
        for place, head in enumerate(table.heads):
            sheet.write_string(first - 1, place, head.name, top)
        for place, head in enumerate(table.heads):
            values = [row[place] for row in table.rows]
            style = self._style(**self._number_format(head, values))
            for number, value in enumerate(values, first):
                _put(sheet, number, place, value, style)
            longest = max([len(head.name) // 2, *(len(_told(value)) for value in values)], default=8)
            sheet.set_column(place, place, min(_WIDEST, max(10, longest + 2)))
        sheet.freeze_panes(first, 1)
        sheet.repeat_rows(first - 1)
        if table.rows:
            sheet.autofilter(first - 1, 0, first + len(table.rows) - 1, len(table.heads) - 1)
        return len(table.heads)

    def _number_format(self, head: Head, values: Sequence[Any]) -> dict[str, str]:
        match head.kind:
            case "number":
                return {"num_format": number_format(head.format, values, self._text)}
            case "day":
                return {"num_format": _DAYS[self._text.language]}
            case "moment":
                return {"num_format": "yyyy-mm-dd hh:mm"}
        return {}

    def charts(self, sheet: Worksheet, made: Sequence[Chart], title: str, left: int = 0) -> None:
        """Each chart beside the numbers it draws, one below the other, from the column ``left`` on."""
        row = 0
        for chart in made:
            used = self._numbers(sheet, row, left, chart)
            drawn = self._drawn(sheet.get_name(), row, left, chart, title)
            sheet.insert_chart(row, left + len(chart.series) * (2 if chart.across else 1) + 2, drawn)
            row += max(used, _CHART["height"] // 20) + 2
        sheet.set_column(left, left, 28)
        sheet.set_column(left + 1, left + 12, 14)

    def lines(self, sheet: Worksheet, lines: Sequence[Sequence[str]]) -> None:
        """What is said line by line: a name, then what there is to say of it."""
        name, said = self._style(bold=True, text_wrap=True), self._style(text_wrap=True)
        for row, line in enumerate(lines):
            for place, part in enumerate(line):
                sheet.write_string(row, place, part, said if place else name)
        sheet.set_column(0, 0, 36)
        sheet.set_column(1, 1, 60)
        sheet.set_column(2, 6, 24)

    def _numbers(self, sheet: Worksheet, row: int, left: int, chart: Chart) -> int:
        """The block of numbers that a chart draws from ``row`` on; answers with how many rows it takes."""
        head = self._style(bold=True, bottom=1, text_wrap=True)
        usual = self._style()
        sheet.write_string(row, left, plain(chart.across or chart.title), head)
        for place, name in enumerate(chart.categories, row + 1):
            sheet.write_string(place, left, plain(name), usual)
        for number, series in enumerate(chart.series):
            column = left + (2 * number + 1 if chart.across else number + 1)
            sheet.write_string(row, column, plain(series.name), head)
            style = self._style(num_format=number_format(chart.format, series.values, self._text))
            for place, value in enumerate(series.values, row + 1):
                _put(sheet, place, column, value, style)
            if chart.across:
                sheet.write_string(row, column - 1, chart.across, head)
                for place, at in enumerate(series.across, row + 1):
                    _put(sheet, place, column - 1, at, usual)
        return 1 + max([len(chart.categories), *(len(series.values) for series in chart.series)], default=0)

    def _drawn(self, sheet: str, row: int, left: int, chart: Chart, title: str) -> Drawn:
        main = self._kind(chart, lines=False)
        over = None
        for number, series in enumerate(chart.series):
            onto = main
            if series.mark == "line" and not chart.across and any(other.mark == "bar" for other in chart.series):
                over = over or self._kind(chart, lines=True)
                onto = over
            onto.add_series(self._series(sheet, row, left, number, chart, series))
        if over is not None:
            main.combine(over)
        name = {"name_font": {"name": self._base["font_name"], "size": 10, "bold": False}}
        main.set_title({"name": chart.title or title, "name_font": {**name["name_font"], "size": 12}})
        every = [value for series in chart.series for value in series.values]
        values = {
            "num_format": number_format(chart.format, every, self._text),
            "num_font": {"name": self._base["font_name"]},
            "major_gridlines": {"visible": True, "line": {"color": LIGHT.hairline}},
            "min": None if chart.across else 0,
        }
        names = {"num_font": {"name": self._base["font_name"]}, "reverse": chart.lying or self._text.rtl}
        if chart.across:
            names = {**names, "log_base": 10, "name": chart.across, "reverse": self._text.rtl}
        if chart.lying:
            main.set_y_axis({**names, "crossing": "min"})
            main.set_x_axis({**values, "reverse": self._text.rtl, "label_position": "low"})
        else:
            main.set_x_axis(names)
            main.set_y_axis(values)
        main.set_legend(
            {"position": "top", "font": {"name": self._base["font_name"]}} if len(chart.series) > 1 else {"none": True}
        )
        main.set_size({**_CHART, "height": max(_CHART["height"], 22 * len(chart.categories) if chart.lying else 0)})
        return main

    def _kind(self, chart: Chart, lines: bool) -> Drawn:
        if chart.across:
            return self._book.add_chart({"type": "scatter", "subtype": "straight"})
        if lines or all(series.mark == "line" for series in chart.series):
            return self._book.add_chart({"type": "line"})
        kind = {"type": "bar" if chart.lying else "column"}
        return self._book.add_chart({**kind, "subtype": "stacked"} if chart.stacked else kind)

    def _series(self, sheet: str, row: int, left: int, number: int, chart: Chart, series: Series) -> dict[str, Any]:
        column = left + (2 * number + 1 if chart.across else number + 1)
        last = row + len(series.values)
        at = column - 1 if chart.across else left
        entry: dict[str, Any] = {
            "name": [sheet, row, column],
            "categories": [sheet, row + 1, at, last, at],
            "values": [sheet, row + 1, column, last, column],
        }
        match series.mark:
            case "bar":
                entry |= {"fill": {"color": series.colour}, "gap": 60}
            case "line":
                dash = {"dash_type": "dash"} if series.dashed else {}
                entry |= {"line": {"color": series.colour, "width": 2, **dash}, "marker": {"type": "none"}}
            case "points":
                fill = {"fill": {"color": series.colour}, "border": {"color": series.colour}}
                entry |= {"line": {"none": True}, "marker": {"type": "circle", "size": 6, **fill}}
        return entry


FIRST: Final = 4
"""The first row of the table's numbers, counted from nought; its headings stand in the row before."""


def _sheet_name(name: str) -> str:
    """A name as Excel takes it: at most 31 characters, none of those that formulas part addresses by."""
    kept = "".join(" " if sign in "[]:*?/\\" else sign for sign in name)
    return " ".join(kept.split())[:31].strip(" '")


def _put(sheet: Worksheet, row: int, column: int, value: Any, style: Style) -> None:
    if value is None:
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, style)
    elif isinstance(value, Number):
        sheet.write_number(row, column, value, style)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, style)
    else:
        sheet.write_datetime(row, column, value, style)


def _told(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.1f}"
    return value.strftime("%Y-%m-%d %H:%M") if isinstance(value, datetime) else str(value or "")
