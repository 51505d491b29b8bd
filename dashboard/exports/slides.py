"""Answers as PowerPoint slides: each chart a native one, to be edited with its numbers, each table a table.

A question takes one slide with its chart, or its table; what is longer goes on over further slides, all rows of it.
What has no editable chart comes as a picture with its table after it, as long as that is a few slides; of a longer one
the picture says where its rows are.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import ceil
from typing import Any, Final

from pptx import Presentation
from pptx.chart.chart import Chart as Drawn
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION
from pptx.enum.dml import MSO_LINE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.oxml.xmlchemy import OxmlElement
from pptx.slide import Slide
from pptx.text.text import TextFrame
from pptx.util import Emu, Inches, Pt

from dashboard.exports.native import charts
from dashboard.exports.notes import headline, notes
from dashboard.exports.numbers import number_format
from dashboard.exports.pictures import Pictures
from dashboard.exports.taken import Taken
from dashboard.exports.words import cell, heading, is_number, is_withheld, missing
from dashboard.figures.chart import Chart, Series
from dashboard.figures.theme import LIGHT
from dashboard.text import Text
from dashboard.text.bidi import plain

_WIDE, _HIGH = Inches(13.333), Inches(7.5)
_EDGE: Final = Inches(0.55)
_TOP: Final = Inches(1.35)
_FOOT: Final = Inches(0.75)
_LINE: Final = Inches(0.3)
_ROW: Final = Inches(0.36)
_A_LINE: Final = 125
"""A line of a remark and a row of a table, how high they are; the characters that fit on such a line."""
_ROWS: Final = 13
"""Rows of a table on a slide."""
_COLUMNS: Final = 9
"""Columns of a table on a slide; further ones stand on slides of their own, beside the first again."""
_BEHIND: Final = 4
"""Slides that the table behind a picture may take."""
_FEW: Final = 4
_MOST_NAMED: Final = 40
"""Bars that can have a number each."""
_OF_MEASURE: Final = frozenset({"value", "compared"})
"""Columns of a headline number that are written as its measure is."""
_BLANK: Final = 6
_FONT: Final = {"fa": "Tahoma", "en": "Calibri", "vi": "Calibri"}


def document(taken: Taken, pictures: Pictures) -> bytes:
    """The file (``.pptx``) of one answer. Raises Busy."""
    slides = Slides(taken.look.text)
    slides.add(taken, b"" if native(taken) or taken.answer.frame.empty else pictures.figure())
    return slides.document()


def native(taken: Taken) -> tuple[Chart, ...]:
    """The charts of an answer that can be edited; none where a picture has to stand for them."""
    return charts(taken.panel.figure, taken.shown, taken.look)


class Slides:
    """A presentation in one language as it is written."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._deck = Presentation()
        self._deck.slide_width, self._deck.slide_height = _WIDE, _HIGH
        self._remark, self._top = "", _TOP

    def document(self) -> bytes:
        """The file (``.pptx``)."""
        out = io.BytesIO()
        self._deck.save(out)
        return out.getvalue()

    def add(self, taken: Taken, picture: bytes = b"", words: str = "", remark: str = "") -> None:
        """The slides of one answer, under ``words`` if there are any; ``picture`` (PNG) stands for a chart it lacks.

        The ``remark`` stands on the first of them, above what is shown.
        """
        self._remark = remark
        made, rows = native(taken), len(taken.answer.frame)
        for chart in made:
            slide = self._slide(taken, words, chart.title)
            self._chart(slide, chart)
        taken_up = ceil(_high(remark) / _ROW) if remark and not picture else 0
        tables = [] if made else list(_pages(rows, len(taken.panel.columns), _ROWS - taken_up))
        if picture and not made:
            left = len(tables) > _BEHIND
            said = self._text("export.left_out", n=rows) if left else ""
            self._picture(self._slide(taken, words, said), picture)
            tables = [] if left else tables
        if taken.answer.frame.empty:
            slide = self._slide(taken, words)
            box = (_EDGE, self._top, _WIDE - 2 * _EDGE, Inches(1))
            self._words(slide, box, [taken.nothing], 18, colour=LIGHT.muted)
            return
        for part, columns, page in tables:
            self._table(self._slide(taken, words, self._of(page)), taken, part, columns)

    def number(self, taken: Taken, words: str = "", remark: str = "") -> None:
        """The slide of a headline number: the number itself, and beneath it all else that is known of it."""
        frame, text = taken.answer.frame, self._text
        row = {str(name): value for name, value in frame.iloc[0].items()}
        measure = str(row["measure"])
        self._remark = remark
        slide = self._slide(taken, words)
        written = {}
        for column in taken.panel.columns:
            told = replace(column, format="count", measure=measure) if column.name in _OF_MEASURE else column
            if column.name == "measure" or missing(row[column.name]):
                continue
            withheld = is_withheld(frame.attrs, column.name, 0)
            said = cell(told, row[column.name], text, taken.look.jurisdiction, frame.attrs)
            written[column.name] = (heading(column, text, frame.attrs), text("value.withheld") if withheld else said)
        box = (_EDGE, self._top, _WIDE - 2 * _EDGE, Inches(1.5))
        self._words(slide, box, [written.pop("value", ("", text.number(None)))[1]], 66, bold=True)
        lines = [f"{name}: {said}" for name, said in written.values()]
        below = (_EDGE, Emu(self._top + Inches(1.6)), _WIDE - 2 * _EDGE, Inches(2))
        self._words(slide, below, lines, 18, colour=LIGHT.muted)

    def title(self, title: str, lines: Sequence[str]) -> None:
        """A slide with a title and what is to be known of the whole."""
        slide = self._deck.slides.add_slide(self._deck.slide_layouts[_BLANK])
        self._words(slide, (_EDGE, Inches(2.3), _WIDE - 2 * _EDGE, Inches(1.4)), [title], 40, bold=True)
        self._words(slide, (_EDGE, Inches(3.8), _WIDE - 2 * _EDGE, Inches(2.4)), lines, 18, colour=LIGHT.muted)

    def listed(self, title: str, lines: Sequence[str], most: int = 16) -> None:
        """Slides with a heading and lines beneath it, as many as are needed."""
        pages = [lines[first : first + most] for first in range(0, len(lines), most)] or [[]]
        for number, page in enumerate(pages, 1):
            slide = self._deck.slides.add_slide(self._deck.slide_layouts[_BLANK])
            self._head(slide, title, self._of((number, len(pages))))
            self._words(slide, (_EDGE, _TOP, _WIDE - 2 * _EDGE, _HIGH - _TOP - _FOOT), page, 14)

    def _of(self, page: tuple[int, int]) -> str:
        """Which of how many slides; nothing where there is one."""
        return self._text("export.pages", page=page[0], pages=page[1]) if page[1] > 1 else ""

    def _slide(self, taken: Taken, words: str = "", more: str = "") -> Slide:
        slide = self._deck.slides.add_slide(self._deck.slide_layouts[_BLANK])
        self._head(slide, words or taken.title, " · ".join(filter(None, (taken.title if words else "", more))))
        foot = (_EDGE, _HIGH - _FOOT, _WIDE - 2 * _EDGE, Inches(0.5))
        self._words(slide, foot, [headline(taken)], 11, colour=LIGHT.bad if taken.demo else LIGHT.muted)
        self._remarked(slide)
        slide.notes_slide.notes_text_frame.text = "\n".join(": ".join(line) for line in notes(taken))
        self._direct(slide.notes_slide.notes_text_frame)
        return slide

    def _remarked(self, slide: Slide) -> None:
        """Write the remark, once, and begin below it with what is shown."""
        self._top = _TOP
        if self._remark:
            high = _high(self._remark)
            self._words(slide, (_EDGE, _TOP, _WIDE - 2 * _EDGE, high), self._remark.split("\n"), 15)
            self._top, self._remark = Emu(_TOP + high), ""

    def _head(self, slide: Slide, title: str, more: str) -> None:
        self._words(slide, (_EDGE, Inches(0.35), _WIDE - 2 * _EDGE, Inches(0.6)), [title], 26, bold=True)
        if more:
            self._words(slide, (_EDGE, Inches(0.88), _WIDE - 2 * _EDGE, Inches(0.4)), [more], 14, colour=LIGHT.muted)

    def _words(
        self,
        slide: Slide,
        box: tuple[Emu, Emu, Emu, Emu],
        lines: Sequence[str],
        size: int,
        bold: bool = False,
        colour: str = LIGHT.ink,
    ) -> None:
        frame = slide.shapes.add_textbox(*box).text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = 0
        for number, words in enumerate(lines):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            run = paragraph.add_run()
            run.text = plain(words)
            run.font.size, run.font.bold = Pt(size), bold
            run.font.color.rgb = _rgb(colour)
        self._direct(frame)

    def _direct(self, frame: TextFrame) -> None:
        """The direction and the typeface of the language, which python-pptx has no words for."""
        for paragraph in frame.paragraphs:
            self._paragraph(paragraph._p.get_or_add_pPr())
            for run in paragraph.runs:
                self._typeface(run._r.get_or_add_rPr())

    def _paragraph(self, properties: Any) -> None:
        if self._text.rtl:
            properties.set("algn", "r")
            properties.set("rtl", "1")

    def _typeface(self, properties: Any) -> None:
        """Latin and complex script alike: Persian is set in the second."""
        for kind in ("a:latin", "a:cs"):
            for old in properties.findall(qn(kind)):
                properties.remove(old)
            _under(properties, kind, typeface=_FONT[self._text.language])
        properties.set("lang", {"fa": "fa-IR", "vi": "vi-VN", "en": "en-GB"}[self._text.language])

    def _picture(self, slide: Slide, picture: bytes) -> None:
        high = Emu(_HIGH - self._top - _FOOT)
        shape = slide.shapes.add_picture(io.BytesIO(picture), _EDGE, self._top, height=high)
        most = _WIDE - 2 * _EDGE
        if shape.width > most:
            shape.height, shape.width = Emu(shape.height * most // shape.width), most
        shape.left = Emu((_WIDE - shape.width) // 2)

    def _table(self, slide: Slide, taken: Taken, rows: range, columns: Sequence[int]) -> None:
        text, jurisdiction, attrs = self._text, taken.look.jurisdiction, taken.answer.frame.attrs
        shown = [taken.panel.columns[place] for place in columns]
        most = _WIDE - 2 * _EDGE
        frame = slide.shapes.add_table(len(rows) + 1, len(shown), _EDGE, self._top, most, _ROW * (len(rows) + 1))
        table = frame.table
        if text.rtl:
            table._tbl.tblPr.set("rtl", "1")
        values = taken.answer.frame.to_dict("records")
        lines = [[heading(column, text, attrs) for column in shown]]
        lines += [
            [
                text("value.withheld")
                if is_withheld(attrs, column.name, place)
                else cell(column, values[place][column.name], text, jurisdiction, attrs)
                for column in shown
            ]
            for place in rows
        ]
        for number, line in enumerate(lines):
            for place, (column, written) in enumerate(zip(shown, line, strict=True)):
                at = table.cell(number, place)
                at.text = plain(written)
                at.margin_top = at.margin_bottom = Inches(0.03)
                at.vertical_anchor = MSO_ANCHOR.MIDDLE
                at.fill.solid()
                at.fill.fore_color.rgb = _rgb(
                    LIGHT.accent if number == 0 else LIGHT.surface if number % 2 else LIGHT.background
                )
                for run in at.text_frame.paragraphs[0].runs:
                    run.font.size, run.font.bold = Pt(12), number == 0
                    run.font.color.rgb = _rgb(LIGHT.surface if number == 0 else LIGHT.ink)
                self._direct(at.text_frame)
                if is_number(column):
                    at.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT if text.rtl else PP_ALIGN.RIGHT

    def _chart(self, slide: Slide, chart: Chart) -> None:
        data, kind = _data(chart, self._text)
        box = (_EDGE, self._top, _WIDE - 2 * _EDGE, _HIGH - self._top - _FOOT)
        drawn = slide.shapes.add_chart(kind, *box, data).chart
        drawn.font.size, drawn.font.name = Pt(12), _FONT[self._text.language]
        drawn.font.color.rgb = _rgb(LIGHT.ink)
        drawn.has_title = False
        drawn.has_legend = len(chart.series) > 1
        if drawn.has_legend:
            drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
        if not chart.across:
            _lines_apart(drawn, chart)
        self._axes(drawn, chart)
        self._coloured(drawn, chart)
        self._read_rightwards(drawn)

    def _axes(self, drawn: Drawn, chart: Chart) -> None:
        """Values from nought in the reader's digits; bars read from the top, and everything from the start side."""
        rtl, value, names = self._text.rtl, drawn.value_axis, drawn.category_axis
        every = [value for series in chart.series for value in series.values]
        value.tick_labels.number_format = number_format(chart.format, every, self._text)
        value.tick_labels.number_format_is_linked = False
        value.major_gridlines.format.line.color.rgb = _rgb(LIGHT.hairline)
        value.format.line.fill.background()
        names.format.line.color.rgb = _rgb(LIGHT.hairline)
        names.has_major_gridlines = False
        if chart.across:
            names.has_title = True
            names.axis_title.text_frame.text = chart.across
            self._direct(names.axis_title.text_frame)
            names.tick_labels.number_format = number_format("count", (), self._text)
            names.tick_labels.number_format_is_linked = False
            names.minimum_scale = 1
            scaling = names._element.find(qn("c:scaling"))
            scaling.insert(0, _under(scaling, "c:logBase", val="10"))
            names.reverse_order = rtl
        else:
            value.minimum_scale = min([0.0, *(value for value in every if value is not None)])
            names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
            names.reverse_order = chart.lying or rtl
            if chart.format == "share" and max((v for v in every if v is not None), default=0) <= 1:
                value.maximum_scale = 1.0
            if chart.lying:
                names._element.insert_element_before(_made("c:tickLblSkip", val="1"), "c:noMultiLvlLbl")
                names.tick_labels.font.size = Pt(12 if len(chart.categories) <= _FEW * 4 else 9)
                value.reverse_order = rtl
                value.tick_label_position = (
                    XL_TICK_LABEL_POSITION.HIGH
                )  # the axis crosses where the first bar is: on top

    def _coloured(self, drawn: Drawn, chart: Chart) -> None:
        entries = [entry for plot in drawn.plots for entry in plot.series]  # bars before lines
        for entry, series in zip(entries, sorted(chart.series, key=lambda s: s.mark == "line"), strict=True):
            colour = _rgb(series.colour)
            if series.mark == "bar":
                entry.format.fill.solid()
                entry.format.fill.fore_color.rgb = colour
                continue
            entry.smooth = False
            if series.mark == "points":
                entry.format.line.fill.background()
                entry.marker.style, entry.marker.size = XL_MARKER_STYLE.CIRCLE, 7
                entry.marker.format.fill.solid()
                entry.marker.format.fill.fore_color.rgb = colour
            else:
                entry.format.line.color.rgb, entry.format.line.width = colour, Pt(2.25)
                entry.marker.style = XL_MARKER_STYLE.NONE
                if series.dashed:
                    entry.format.line.dash_style = MSO_LINE.DASH
        for plot in drawn.plots:
            if hasattr(plot, "gap_width"):
                plot.gap_width = 60 if len(chart.categories) > _FEW else 160
            if chart.stacked:
                plot.overlap = 100
        self._labelled(drawn, chart)

    def _labelled(self, drawn: Drawn, chart: Chart) -> None:
        """The numbers beside bars, where they stand alone and there is room."""
        if len(chart.series) > 1 or not chart.lying or len(chart.categories) > _MOST_NAMED:
            return
        plot = drawn.plots[0]
        plot.has_data_labels = True
        plot.data_labels.show_value = True
        plot.data_labels.number_format = number_format(chart.format, chart.series[0].values, self._text)
        plot.data_labels.number_format_is_linked = False
        plot.data_labels.font.size = Pt(11)

    def _read_rightwards(self, drawn: Drawn) -> None:
        """All words of a chart in the direction of the language."""
        if self._text.rtl:
            for properties in drawn._chartSpace.iter(qn("a:pPr")):
                properties.set("rtl", "1")


def _lines_apart(drawn: Drawn, chart: Chart) -> None:
    """Give the lines among bars a plot of their own on the same axes: python-pptx makes charts of one kind only."""
    if not any(series.mark == "bar" for series in chart.series):
        return
    bars = drawn._chartSpace.find(f".//{qn('c:barChart')}")
    entries = zip(bars.findall(qn("c:ser")), chart.series, strict=True)
    lines = [entry for entry, series in entries if series.mark == "line"]
    if not lines:
        return
    plot = OxmlElement("c:lineChart")
    _under(plot, "c:grouping", val="standard")
    _under(plot, "c:varyColors", val="0")
    for entry in lines:
        bars.remove(entry)
        for bar_only in entry.findall(qn("c:invertIfNegative")):
            entry.remove(bar_only)
        plot.append(entry)
    _under(plot, "c:marker", val="1")
    for axis in bars.findall(qn("c:axId")):
        _under(plot, "c:axId", val=axis.get("val"))
    bars.addnext(plot)


def _made(tag: str, **attributes: str) -> Any:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(name, value)
    return element


def _under(parent: Any, tag: str, **attributes: str) -> Any:
    """A new element within another, last."""
    element = _made(tag, **attributes)
    parent.append(element)
    return element


def _is_line(chart: Chart) -> bool:
    return all(series.mark == "line" for series in chart.series)


def _data(chart: Chart, text: Text) -> tuple[CategoryChartData | XyChartData, Any]:
    """The numbers of a chart for its workbook, and the kind of chart it is."""
    if chart.across:
        points = XyChartData(number_format=number_format(chart.format, (), text))
        for series in chart.series:
            entry = points.add_series(plain(series.name))
            for x, y in zip(series.across, series.values, strict=True):
                entry.add_data_point(x, y)
        return points, XL_CHART_TYPE.XY_SCATTER_LINES
    data = CategoryChartData(number_format=number_format(chart.format, (), text))
    data.categories = [plain(name) for name in chart.categories]
    for series in chart.series:
        data.add_series(plain(series.name), series.values, _code(chart, series, text))
    if _is_line(chart):
        return data, XL_CHART_TYPE.LINE
    if chart.lying:
        return data, XL_CHART_TYPE.BAR_STACKED if chart.stacked else XL_CHART_TYPE.BAR_CLUSTERED
    return data, XL_CHART_TYPE.COLUMN_STACKED if chart.stacked else XL_CHART_TYPE.COLUMN_CLUSTERED


def _code(chart: Chart, series: Series, text: Text) -> str:
    return number_format(chart.format, series.values, text)


def _high(remark: str) -> Emu:
    """The height of a remark, with the space that parts it from what follows."""
    lines = sum(1 + len(line) // _A_LINE for line in remark.split("\n"))
    return Emu(_LINE * lines + Inches(0.1))


def _pages(rows: int, columns: int, at_first: int = _ROWS) -> Iterator[tuple[range, Sequence[int], tuple[int, int]]]:
    """The parts a table is shown in: rows, columns (the first with each), which of how many.

    Only ``at_first`` rows fit on the first slide.
    """
    across = [list(range(columns))] if columns <= _COLUMNS else []
    if not across:
        rest = list(range(1, columns))
        across = [[0, *rest[first : first + _COLUMNS - 1]] for first in range(0, len(rest), _COLUMNS - 1)]
    starts = [0, *range(at_first, rows, _ROWS)]
    down = [range(start, min(end, rows)) for start, end in zip(starts, [*starts[1:], rows], strict=True)]
    whole = len(across) * len(down)
    for number, (part, places) in enumerate(((part, places) for part in down for places in across), 1):
        yield part, places, (number, whole)


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.removeprefix("#").upper())
