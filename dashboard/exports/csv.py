"""A panel's frame as CSV: opens in Excel by a double click, and reads back with ``comment="#"``.

The first row names the columns in the reader's language, the rows below hold plain numbers and ISO days. What the
figures are (title, filters, as-of time, definitions) follows in rows that begin with ``#``, so that a program which
skips comments finds nothing but the table.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from numbers import Number
from typing import Any

import pandas as pd

from dashboard.answers import Answer
from dashboard.choices import called, chosen
from dashboard.exports.words import cell, format_of, heading, is_number, is_withheld, kept_apart, missing
from dashboard.filters import Filters
from dashboard.jurisdictions import Jurisdiction
from dashboard.panel import Column, Panel
from dashboard.text import Text
from dashboard.text.bidi import plain
from dashboard.text.calendars import calendar_named

_FORMULA = re.compile(r"(^|[;\t\r\n])([\s\x00-\x1f\u200b-\u200f\u2060-\u2069\ufeff]*)([=+\-@＝＋－﹣＠﹦﹢])")
"""Where a spreadsheet may begin to calculate: at the beginning of a cell, and behind what parts cells in the countries
whose comma is in their numbers, as in Viet Nam; whatever invisible stands before the sign. East Asian editions take the
wide signs for the same.
"""
_PIECE = 65_536
BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel reads UTF-8 as the computer's own encoding, and Persian as noise."""


def document(
    panel: Panel, answer: Answer, filters: Filters, scope_name: str, text: Text, jurisdiction: Jurisdiction, demo: bool
) -> bytes:
    """The file. ``scope_name`` says in words what the reader may see."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    frame, columns = answer.frame, panel.columns
    jalali = text.calendar_name == "jalali"
    head: list[str] = []
    for column in columns:
        head.append(safe(heading(column, text, frame.attrs)))
        if jalali and _holds_days(column, frame):
            head.append(text("export.jalali_day"))
    writer.writerow(head)
    for place, row in enumerate(frame.to_dict("records")):
        cells: list[Any] = []
        for column in columns:
            kept = is_withheld(frame.attrs, column.name, place)
            cells.append(text("value.withheld") if kept else _cell(column, row[column.name], text, jurisdiction))
            if jalali and _holds_days(column, frame):
                cells.append(jalali_day(row[column.name]))
        writer.writerow(cells)
    writer.writerow([])
    notes = about(panel, answer, filters, scope_name, text, jurisdiction, demo)
    # A quoted cell would not begin with the sign, so the name holds nothing that needs quoting.
    writer.writerows(["# " + name.replace(", ", "/").replace(",", "\u202f"), *values] for name, *values in notes)
    return (BYTE_ORDER_MARK + out.getvalue()).encode()


def streamed(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """A file of any length, some rows at a time: texts are made `safe`, numbers stay numbers."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    out.write(BYTE_ORDER_MARK)
    writer.writerow([safe(plain(words)) for words in head])
    for row in rows:
        writer.writerow(
            ["" if cell is None else cell if isinstance(cell, int | float) else safe(str(cell)) for cell in row]
        )
        if out.tell() > _PIECE:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def file_name(panel: Panel, filters: Filters) -> str:
    """``rasad-overview-trend-2026-10-23-2026-11-21.csv``; days as ISO, which sort, in every language."""
    window = panel.heeded(filters).window
    days = f"{window.start}-{window.end}" if "period" in panel.answers else filters.today
    return f"rasad-{panel.key}-{days}.csv"


def safe(content: str) -> str:
    """Text that no spreadsheet takes for a formula (OWASP, CSV Injection): an apostrophe before the sign makes it text.

    One stands before a tab or a line's end as well, which some programs take away.
    """
    found = _FORMULA.sub(r"\1\2'\3", content)
    return f"'{found}" if found.startswith(("\t", "\r")) else found


def jalali_day(value: Any) -> str:
    """A day as 1405-08-30, in Latin digits, so that it sorts and can be read by programs."""
    if missing(value):
        return ""
    year, month, day = calendar_named("jalali").parts(value)
    return f"{year}-{month:02}-{day:02}"


def about(
    panel: Panel, answer: Answer, filters: Filters, scope_name: str, text: Text, jurisdiction: Jurisdiction, demo: bool
) -> list[list[str]]:
    """What the figures are, a line each: name, then what there is to say."""
    zone = jurisdiction.timezone
    heeded = panel.heeded(filters)
    window, compared = heeded.window, heeded.compared
    lines = [[text("export.title"), text(f"panel.{panel.key}.title")]]
    if "period" in panel.answers:
        span = text.span(window.start, window.end)
        lines.append([text("filter.period"), window.start.isoformat(), window.end.isoformat(), span])
    if panel.follows:
        lines.append([text("filter.subject"), text(f"show.{filters.subject}")])
        lines += [[line] for line in [kept_apart(filters, text, jurisdiction)] if line]
    if compared:
        span = text.span(compared.start, compared.end)
        lines.append([text("filter.compare"), compared.start.isoformat(), compared.end.isoformat(), span])
    for name in ("province", "office", "channel", "category", "trait"):
        names = chosen(name, heeded, heeded.subject, jurisdiction, text)
        if names or (name in ("province", "channel") and name in panel.answers):
            lines.append([called(name, heeded.subject, text), *(names.values() or [text("filter.all")])])
    unheeded = [called(name, filters.subject, text) for name in panel.unheeded(filters)]
    if unheeded:
        lines.append([text("note.unheeded", names=text("note.and").join(unheeded))])
    n = panel.rests_on(answer.frame)
    if n is not None:
        lines.append([text("unit.n", n=n)])
    if answer.as_of is not None:
        local = answer.as_of.astimezone(zone)
        lines.append([text("export.as_of"), local.isoformat(timespec="seconds"), text.moment(local, zone)])
    lines.append([text("export.scope"), scope_name])
    lines += [[text("note.published")]] if "withheld" in answer.frame.attrs else []
    lines += [
        [text("export.definition"), text(f"measure.{key}.label"), text(f"measure.{key}.definition")]
        for key in panel.measures
    ]
    if demo:
        lines.append([text("demo.badge"), text("demo.notice")])
    return [[safe(plain(part)) for part in line] for line in lines]


def _holds_days(column: Column, frame: pd.DataFrame) -> bool:
    return format_of(column) == "day" and frame.attrs.get("step") != "hour"


def _cell(column: Column, value: Any, text: Text, jurisdiction: Jurisdiction) -> Any:
    """Numbers as numbers, days as ISO, everything else as the words the reader knows."""
    if missing(value):
        return ""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Number):
        return value  # a negative one too: it is not text
    if is_number(column):
        return safe(str(value))
    return safe(plain(cell(column, value, text, jurisdiction)))
