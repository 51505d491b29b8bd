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
from dashboard.exports.taken import Head, Table, Taken
from dashboard.figures.chart import Chart, Series
from dashboard.figures.theme import LIGHT

_DAYS: Final = {"en": "d mmm yyyy", "fa": "yyyy-mm-dd", "vi": "dd/mm/yyyy"}
_WIDEST: Final = 48
_CHART: Final = {"width": 860, "height": 420}


def document(taken: Taken) -> bytes:
    """The file (``.xlsx``)."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
        "remove_timezone": True,
    }
    book = xlsxwriter.Workbook(out, options)
    text = taken.look.text
    book.set_properties({"title": taken.title, "company": text("app.name"), "comments": headline(taken)})
    _Book(book, taken).write()
    book.close()
    return out.getvalue()


class _Book:
    """One workbook as it is written."""

    def __init__(self, book: Workbook, taken: Taken) -> None:
        self._book, self._taken, self._text = book, taken, taken.look.text
        font = {"font_name": "Tahoma" if self._text.rtl else "Calibri", "font_size": 11}
        right_to_left = {"reading_order": 2} if self._text.rtl else {}
        self._styles: dict[str, Style] = {}
        self._base = {**font, **right_to_left, "valign": "top"}

    def write(self) -> None:
        """All sheets: figures, charts where there are any, and what they rest on."""
        table = self._taken.table()
        self._figures(self._sheet("export.sheet.figures"), table)
        made = charts(self._taken.panel.figure, self._taken.shown, self._taken.look)
        if made:
            self._charts(self._sheet("export.sheet.charts"), made)
        self._about(self._sheet("export.sheet.about"))

    def _sheet(self, key: str) -> Worksheet:
        sheet = self._book.add_worksheet(self._text(key))
        if self._text.rtl:
            sheet.right_to_left()
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        if self._taken.demo:
            sheet.set_header(f"&C{self._text('demo.badge')}")
        return sheet

    def _style(self, **more: Any) -> Style:
        key = repr(sorted(more.items()))
        if key not in self._styles:
            self._styles[key] = self._book.add_format({**self._base, **more})
        return self._styles[key]

    def _figures(self, sheet: Worksheet, table: Table) -> None:
        sheet.write_string(0, 0, self._taken.title, self._style(bold=True, font_size=14))
        sheet.write_string(1, 0, headline(self._taken), self._style(font_color=LIGHT.muted))
        top = self._style(bold=True, bottom=1, text_wrap=True, bg_color=LIGHT.accent_weak)
        for place, head in enumerate(table.heads):
            sheet.write_string(FIRST - 1, place, head.name, top)
        for place, head in enumerate(table.heads):
            values = [row[place] for row in table.rows]
            style = self._style(**self._number_format(head, values))
            for number, value in enumerate(values, FIRST):
                _put(sheet, number, place, value, style)
            longest = max([len(head.name) // 2, *(len(_told(value)) for value in values)], default=8)
            sheet.set_column(place, place, min(_WIDEST, max(10, longest + 2)))
        sheet.freeze_panes(FIRST, 1)
        sheet.repeat_rows(FIRST - 1)
        if table.rows:
            sheet.autofilter(FIRST - 1, 0, FIRST + len(table.rows) - 1, len(table.heads) - 1)

    def _number_format(self, head: Head, values: Sequence[Any]) -> dict[str, str]:
        match head.kind:
            case "number":
                return {"num_format": number_format(head.format, values, self._text)}
            case "day":
                return {"num_format": _DAYS[self._text.language]}
            case "moment":
                return {"num_format": "yyyy-mm-dd hh:mm"}
        return {}

    def _charts(self, sheet: Worksheet, made: Sequence[Chart]) -> None:
        """Each chart beside the numbers it draws, one below the other."""
        row = 0
        for chart in made:
            used = self._numbers(sheet, row, chart)
            drawn = self._drawn(sheet.get_name(), row, chart)
            sheet.insert_chart(row, len(chart.series) * (2 if chart.across else 1) + 2, drawn)
            row += max(used, _CHART["height"] // 20) + 2
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 12, 14)

    def _numbers(self, sheet: Worksheet, row: int, chart: Chart) -> int:
        """The block of numbers that a chart draws from ``row`` on; answers with how many rows it takes."""
        head = self._style(bold=True, bottom=1, text_wrap=True)
        plain = self._style()
        sheet.write_string(row, 0, chart.across or chart.title, head)
        for place, name in enumerate(chart.categories, row + 1):
            sheet.write_string(place, 0, name, plain)
        for number, series in enumerate(chart.series):
            column = 2 * number + 1 if chart.across else number + 1
            sheet.write_string(row, column, series.name, head)
            style = self._style(num_format=number_format(chart.format, series.values, self._text))
            for place, value in enumerate(series.values, row + 1):
                _put(sheet, place, column, value, style)
            if chart.across:
                sheet.write_string(row, column - 1, chart.across, head)
                for place, at in enumerate(series.across, row + 1):
                    _put(sheet, place, column - 1, at, plain)
        return 1 + max([len(chart.categories), *(len(series.values) for series in chart.series)], default=0)

    def _drawn(self, sheet: str, row: int, chart: Chart) -> Drawn:
        main = self._kind(chart, lines=False)
        over = None
        for number, series in enumerate(chart.series):
            onto = main
            if series.mark == "line" and not chart.across and any(other.mark == "bar" for other in chart.series):
                over = over or self._kind(chart, lines=True)
                onto = over
            onto.add_series(self._series(sheet, row, number, chart, series))
        if over is not None:
            main.combine(over)
        name = {"name_font": {"name": self._base["font_name"], "size": 10, "bold": False}}
        main.set_title({"name": chart.title or self._taken.title, "name_font": {**name["name_font"], "size": 12}})
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

    def _series(self, sheet: str, row: int, number: int, chart: Chart, series: Series) -> dict[str, Any]:
        column = 2 * number + 1 if chart.across else number + 1
        last = row + len(series.values)
        at = column - 1 if chart.across else 0
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

    def _about(self, sheet: Worksheet) -> None:
        """What the figures are: a line each, its name first."""
        name, said = self._style(bold=True, text_wrap=True), self._style(text_wrap=True)
        for row, line in enumerate(notes(self._taken)):
            sheet.write_string(row, 0, line[0], name)
            for place, part in enumerate(line[1:], 1):
                sheet.write_string(row, place, part, said)
        sheet.set_column(0, 0, 36)
        sheet.set_column(1, 1, 60)
        sheet.set_column(2, 6, 24)


FIRST: Final = 4
"""The first row of the table's numbers, counted from nought; its headings stand in the row before."""


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
