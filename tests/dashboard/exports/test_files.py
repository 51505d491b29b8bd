"""Files of every panel: they open, hold the numbers of the answer, and nothing in them is live but charts."""

from __future__ import annotations

import csv
import io
import math
import random
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pptx import Presentation

from dashboard.answers import Answer
from dashboard.claims.database import Database
from dashboard.exports import book
from dashboard.exports.csv import document as csv_document
from dashboard.exports.native import charts
from dashboard.exports.pictures import NoRenderer
from dashboard.exports.slides import document as slides_document
from dashboard.exports.taken import Taken
from dashboard.figures.look import Look
from dashboard.filters import Filters
from dashboard.jurisdictions import load
from dashboard.panel import Column, Panel
from dashboard.scope import NATION
from dashboard.text import LANGUAGES, text
from layouts.pages import pages_of
from tests.conftest import UNTIL

TODAY = date(2026, 11, 22)
PANELS = [
    (country, panel)
    for country in ("ir", "vn")
    for page in pages_of(load(country))
    for panel in page.panels
    if panel.there(load(country))
]
NAMES = [f"{country}-{panel.key}" for country, panel in PANELS]


@pytest.fixture(scope="module")
def taken(demo_claims: Callable[[str], Database]) -> Callable[..., Taken]:
    """What is taken of a panel, for filters of chance."""

    def made(country: str, panel: Panel, language: str, chance: random.Random) -> Taken:
        database = demo_claims(country)
        look = Look(text(language), "light", database.jurisdiction)
        start = date(2026, 11, 22 - chance.randint(1, 20)).replace(month=chance.randint(2, 11))
        province = chance.choice(["", *database.jurisdiction.names_of("provinces", "en")])
        filters = Filters(
            *(TODAY, look.text.calendar_name, "custom", start, TODAY),
            provinces=(province,) if province else (),
            compare=chance.choice(["none", "previous", "year"]),
        )
        heeded = panel.heeded(filters)
        frame = panel.query(database, heeded, NATION)
        return Taken(panel, Answer(frame, 1, UNTIL), heeded, look, look.text("scope.nation"), demo=True)

    return made


class Pictures:
    """No Chromium here: what has no chart to edit is told by its table."""

    def card(self, form: str) -> bytes:
        raise NoRenderer(form)

    def figure(self) -> bytes:
        return b""


def same(wanted: Any, found: Any) -> bool:
    """Whether a cell that was read back is the value that was written; a moment keeps no offset in a workbook."""
    if isinstance(wanted, datetime):
        return isinstance(found, datetime) and abs((wanted.replace(tzinfo=None) - found).total_seconds()) < 1
    if isinstance(wanted, date):
        return isinstance(found, datetime) and found.date() == wanted
    if wanted is None or wanted == "":
        return found is None or found == ""
    if isinstance(wanted, int | float):
        return isinstance(found, int | float) and math.isclose(wanted, found, rel_tol=1e-12)
    return bool(wanted == found)


@pytest.mark.parametrize(("country", "panel"), PANELS, ids=NAMES)
def test_the_numbers_of_a_workbook_are_those_of_the_answer(
    taken: Callable[..., Taken], country: str, panel: Panel
) -> None:
    chance = random.Random(panel.key)
    of = taken(country, panel, chance.choice(LANGUAGES), chance)
    table = of.table()
    sheets = openpyxl.load_workbook(io.BytesIO(book.document(of)))
    sheet = sheets.worksheets[0]
    read = list(sheet.iter_rows(min_row=book.FIRST, values_only=True))
    assert [name or "" for name in read[0][: len(table.heads)]] == [head.name for head in table.heads]
    assert len(read) - 1 == len(table.rows) == len(of.answer.frame)
    for wanted, found in zip(table.rows, read[1:], strict=True):
        assert all(map(same, wanted, found)), (wanted, found)
    assert bool(sheet.sheet_view.rightToLeft) == of.look.rtl
    numbers = [column.name for column in panel.columns if of.answer.frame[column.name].dtype.kind in "if"]
    for name in numbers:  # of the answer itself, not of what was made of it
        place = [column.name for column in panel.columns if column is not None].index(name)
        shift = sum(head.name == of.look.text("export.jalali_day") for head in table.heads[: place + 1])
        found_values = [row[place + shift] for row in read[1:]]
        total = sum(value for value in found_values if isinstance(value, int | float))
        assert math.isclose(total, float(of.answer.frame[name].fillna(0).sum()), rel_tol=1e-9, abs_tol=1e-9), name


@pytest.mark.parametrize(("country", "panel"), PANELS, ids=NAMES)
def test_the_numbers_of_slides_are_those_of_the_charts(taken: Callable[..., Taken], country: str, panel: Panel) -> None:
    chance = random.Random(panel.key + "slides")
    of = taken(country, panel, chance.choice(LANGUAGES), chance)
    deck = Presentation(io.BytesIO(slides_document(of, Pictures())))
    drawn = [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    made = charts(panel.figure, of.shown, of.look)
    assert len(drawn) == len(made)
    for found, wanted in zip(drawn, made, strict=True):
        series = {(entry.name, tuple(entry.values)) for plot in found.plots for entry in plot.series}
        assert len(series) == len({(entry.name, entry.values) for entry in wanted.series})
        values = sorted(v for _, row in series for v in row if v is not None)
        assert values == pytest.approx(sorted(float(v) for s in wanted.series for v in s.values if v is not None))
        workbook = openpyxl.load_workbook(io.BytesIO(found.part.chart_workbook.xlsx_part.blob))
        kept = [cell for row in workbook.active.iter_rows(values_only=True) for cell in row]
        for value in values:
            assert any(isinstance(cell, int | float) and math.isclose(cell, value) for cell in kept)
    assert all(of.look.text("demo.badge") in "".join(_words(slide)) for slide in deck.slides)


def _words(slide: Any) -> Iterator[str]:
    for shape in slide.shapes:
        if shape.has_text_frame:
            yield shape.text_frame.text


@pytest.mark.parametrize(("country", "panel"), PANELS, ids=NAMES)
def test_the_numbers_of_a_csv_are_those_of_the_answer(taken: Callable[..., Taken], country: str, panel: Panel) -> None:
    chance = random.Random(panel.key + "csv")
    of = taken(country, panel, chance.choice(LANGUAGES), chance)
    rows = list(csv.reader(io.StringIO(csv_document(of).decode("utf-8-sig"))))
    table = of.table()
    assert len(rows[0]) == len(table.heads)
    for wanted, found in zip(table.rows, rows[1:], strict=False):
        for value, cell in zip(wanted, found, strict=True):
            if isinstance(value, int | float):
                assert math.isclose(float(cell), value, rel_tol=1e-12)
    assert rows[1 + len(table.rows)] == []
    assert any(of.look.text("demo.badge") in row[0] for row in rows[2 + len(table.rows) :] if row)


PAYLOADS = st.one_of(
    st.tuples(st.sampled_from("=+-@\t\r＝＋－＠"), st.text(max_size=30)).map("".join),
    st.sampled_from(
        ['=HYPERLINK("http://x")', "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1)", "{=1}", "\n=1+1", " =1"]
    ),
)


@settings(deadline=None)
@given(st.lists(PAYLOADS, min_size=20, max_size=60))
def test_no_text_of_the_data_is_live(payloads: list[str]) -> None:
    panel, frame = _texts(payloads)
    filters = Filters(TODAY, "gregorian")
    of = Taken(panel, Answer(frame, 1, UNTIL), filters, Look(text("en"), "light", load("ir")), "nation", demo=True)
    data = book.document(of)
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
        assert not any(b"<f>" in parts.read(name) or b"<hyperlink" in parts.read(name) for name in sheets)
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert [row[1] for row in sheet.iter_rows(min_row=book.FIRST + 1, values_only=True)] == [-1.5] * len(payloads)
    for row in csv.reader(io.StringIO(csv_document(of).decode("utf-8-sig"))):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row if cell != "-1.5")


def _texts(payloads: list[str]) -> tuple[Panel, pd.DataFrame]:
    frame = pd.DataFrame({"words": payloads, "value": [-1.5] * len(payloads)})
    columns = (Column("words", "text", label="column.measure"), Column("value", label="column.compared"))
    return Panel("overview-attention", lambda *_: frame, columns, ("attention",), kind="table"), frame
