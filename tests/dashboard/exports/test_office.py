"""Workbooks and slides in LibreOffice: they open as they are, and say in every language what they are."""

from __future__ import annotations

import io
import random
import subprocess
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from pptx import Presentation

from dashboard.exports import book, slides
from dashboard.exports.taken import Taken
from dashboard.panel import Panel
from dashboard.text import LANGUAGES
from tests.dashboard.exports.test_files import PANELS, Pictures, taken

__all__ = ["taken"]  # the fixture

SHOWN = (
    *("overview-trend", "eligibility-reasons", "eligibility-provinces", "alike-eligibility", "overview-map"),
    *("disputes-claims", "disputes-limits", "registrations-registered"),
)
"""A trend, bars on one another and side by side, a funnel plot, a map, a heat table, a table and a headline number."""
_AXIS = ("c:axId", "c:scaling", "c:delete", "c:axPos", "c:majorGridlines", "c:minorGridlines", "c:title", "c:numFmt")
_AXIS += ("c:majorTickMark", "c:minorTickMark", "c:tickLblPos", "c:spPr", "c:txPr", "c:crossAx", "c:crosses")
_AXIS += ("c:crossBetween", "c:auto", "c:lblAlgn", "c:lblOffset", "c:tickLblSkip", "c:tickMarkSkip", "c:noMultiLvlLbl")
ORDER = {
    "catAx": _AXIS,
    "valAx": _AXIS,
    "scaling": ("c:logBase", "c:orientation", "c:max", "c:min"),
    "lineChart": (
        "c:grouping",
        "c:varyColors",
        "c:ser",
        "c:dLbls",
        "c:dropLines",
        "c:hiLowLines",
        "c:marker",
        "c:axId",
    ),
    "barChart": ("c:barDir", "c:grouping", "c:varyColors", "c:ser", "c:dLbls", "c:gapWidth", "c:overlap", "c:axId"),
}
"""The order in which ECMA-376 (21.2.2, its schema ``dml-chart.xsd``) has the children of what is written by hand."""


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[dict[str, bytes]], dict[str, str]]:
    """The words of files by their names, as LibreOffice prints them: all opened by one process."""

    def texts(files: dict[str, bytes]) -> dict[str, str]:
        folder = tmp_path_factory.mktemp("office")
        for name, content in files.items():
            (folder / name).write_bytes(content)
        command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf"]
        subprocess.run(
            [*command, "--outdir", str(folder), *(str(folder / name) for name in files)],
            check=True,
            capture_output=True,
            timeout=240,
        )
        return {name: _words((folder / name).with_suffix(".pdf")) for name in files}

    return texts


def _words(file: Path) -> str:
    told = subprocess.run(["pdftotext", "-layout", str(file), "-"], check=True, capture_output=True, text=True)
    return _bare(told.stdout)


def _bare(content: str) -> str:
    """Letters and digits alone: print joins and parts words, and has forms of its own for Arabic letters."""
    plain = unicodedata.normalize("NFKC", content)
    return "".join(sign for sign in plain if sign.isalnum())


def _said(words: str, content: str) -> bool:
    """Whether a text holds all words of a phrase: a right-to-left line may be read out in another order."""
    return all(_bare(word) in content or _bare(word)[::-1] in content for word in words.split())


def test_office_programs_open_what_is_taken_away(
    taken: Callable[..., Taken], printed: Callable[[dict[str, bytes]], dict[str, str]]
) -> None:
    files: dict[str, bytes] = {}
    wanted: dict[str, Taken] = {}
    for number, key in enumerate(SHOWN):
        language = LANGUAGES[number % len(LANGUAGES)]
        country = "vn" if language == "vi" and ("vn", key) in {(c, p.key) for c, p in PANELS} else "ir"
        of = taken(country, _panel(country, key), language, random.Random(key))
        kinds = {"xlsx": book.document(of), "pptx": slides.document(of, Pictures())}
        for kind, content in kinds.items():
            name = f"{kind}-{language}-{key}.{kind}"
            files[name], wanted[name] = content, of
    found = printed(files)
    for name, of in wanted.items():
        assert _said(of.title, found[name]), (name, of.title, found[name][:400])
        assert _said(of.look.text("demo.badge"), found[name]), name


def _panel(country: str, key: str) -> Panel:
    return next(panel for where, panel in PANELS if (where, panel.key) == (country, key))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", SHOWN[:4])
def test_charts_are_written_in_the_order_of_the_schema(taken: Callable[..., Taken], key: str, language: str) -> None:
    content = slides.document(taken("ir", _panel("ir", key), language, random.Random(key)), Pictures())
    looked_at = 0
    for shape in (shape for slide in Presentation(io.BytesIO(content)).slides for shape in slide.shapes):
        if shape.has_chart:
            for element in shape.chart._chartSpace.iter():
                wanted = ORDER.get(str(element.tag).rpartition("}")[2])
                if wanted is None:
                    continue
                names = [f"c:{str(child.tag).rpartition('}')[2]}" for child in element]
                looked_at += 1
                assert set(names) <= set(wanted), set(names) - set(wanted)
                assert names == sorted(names, key=wanted.index), names
    assert looked_at
