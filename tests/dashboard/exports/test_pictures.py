"""The Chromium that draws pictures: sizes, faults, deadlines, and what it never does."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from PIL import Image

from dashboard.exports.pictures import SCALE, Busy, NoRenderer, Renderer, Sheet

ROWS = "".join(f"<tr><th>row {number}</th><td>{number}</td></tr>" for number in range(1, 201))
FIGURE = '{"data":[{"type":"bar","x":[1,2,3],"y":[3,1,2]}],"layout":{"height":200}}'


def sheet(content: str, flows: bool = False, direction: str = "ltr", **figures: str) -> Sheet:
    graphs = "".join(f'<div id="{name}" class="graph"></div>' for name in figures)
    more = '<p class="sheet-more"></p>'
    body = f'<main class="sheet is-print"><article class="panel">{content}{graphs}{more}</article></main>'
    language = "fa" if direction == "rtl" else "en"
    return Sheet("A sheet", language, direction, body, figures, 640, 360, flows, lambda rows: f"{rows} more")  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    made = Renderer()
    yield made
    made.stop()


def words(document: bytes) -> str:
    return subprocess.run(["pdftotext", "-", "-"], input=document, capture_output=True, check=True).stdout.decode()


def info(document: bytes) -> str:
    return subprocess.run(["pdfinfo", "-"], input=document, capture_output=True, check=True).stdout.decode()


def sheets_of(document: bytes) -> int:
    return int(info(document).split("Pages:")[1].split()[0])


def test_a_picture_has_twice_the_pixels_of_its_sheet_and_grows_with_it(renderer: Renderer) -> None:
    low = Image.open(io.BytesIO(renderer.picture(sheet("<p>little</p>"), "png")))
    assert low.size == (640 * SCALE, 360 * SCALE)
    high = Image.open(io.BytesIO(renderer.picture(sheet('<p style="height:900px">much</p>'), "png")))
    assert high.size[0] == 640 * SCALE
    assert high.size[1] > 900 * SCALE


def test_a_figure_is_drawn(renderer: Renderer) -> None:
    without = Image.open(io.BytesIO(renderer.picture(sheet("<p>words</p>"), "png"))).convert("RGB")
    drawn = Image.open(io.BytesIO(renderer.picture(sheet("<p>words</p>", one=FIGURE), "png"))).convert("RGB")
    bars = (31, 119, 180)
    assert bars in {colour for _, colour in drawn.getcolors(1 << 20)}
    assert bars not in {colour for _, colour in without.getcolors(1 << 20)}


def test_a_card_is_one_page_with_words_to_find(renderer: Renderer) -> None:
    document = renderer.picture(sheet("<p>how many</p><p>چند نفر؟</p>", one=FIGURE, direction="rtl"), "pdf")
    assert sheets_of(document) == 1
    assert "A sheet" in info(document).splitlines()[0]
    assert "how many" in words(document)
    assert "چند نفر" in words(document)


def test_a_long_table_goes_on_over_pages(renderer: Renderer) -> None:
    table = f'<table class="table"><thead><tr><th>heading</th></tr></thead><tbody>{ROWS}</tbody></table>'
    paper = "<style>@page { size: 640px 360px; margin: 20px }</style>"
    whole = sheet(table, flows=True)
    whole = Sheet(**{**whole.__dict__, "body": paper + whole.body})
    document = renderer.picture(whole, "pdf")
    pages = sheets_of(document)
    assert pages > 10
    assert all(f"row {number}" in words(document) for number in range(1, 201))
    assert words(document).count("heading") == pages


@pytest.mark.parametrize("form", ["png", "svg"])
def test_a_picture_of_a_long_table_says_how_many_rows_it_left_out(renderer: Renderer, form: str) -> None:
    said: list[int] = []

    def more(rows: int) -> str:
        said.append(rows)
        return f"{rows} more"

    table = sheet(f'<table class="table"><tbody>{ROWS}</tbody></table>', flows=True)
    made = renderer.picture(Sheet(**{**table.__dict__, "more": more}), form)  # type: ignore[arg-type]
    if form == "png":
        assert Image.open(io.BytesIO(made)).size[1] <= 360 * SCALE
    assert 180 < said[-1] < 200


def test_svg_holds_no_letter_that_another_program_would_lack(renderer: Renderer) -> None:
    made = renderer.picture(sheet("<p>how many? چند نفر؟</p>"), "svg").decode()
    assert "<svg" in made
    assert "<path" in made
    assert "<text" not in made
    assert "font-family" not in made


def test_nothing_of_a_sheet_is_run(renderer: Renderer) -> None:
    pixel = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
    harm = "document.querySelector('article').innerHTML = 'run'"
    probe = f"<p>still here</p><script>{harm}</script><img src='{pixel}' onload=\"{harm}\">"
    assert "still here" in words(renderer.picture(sheet(probe), "pdf"))


def test_nothing_is_fetched_from_elsewhere_and_no_picture_has_a_hole(renderer: Renderer) -> None:
    with pytest.raises(Busy, match="could not be drawn"):
        renderer.picture(sheet('<img src="https://example.org/x.png">'), "pdf", 60)


def test_of_several_at_once_each_gets_its_own(renderer: Renderer) -> None:
    with ThreadPoolExecutor(8) as many:
        made = list(many.map(lambda place: renderer.picture(sheet(f"<p>number {place}</p>"), "pdf", 60), range(8)))
    assert [f"number {place}" in words(document) for place, document in enumerate(made)] == [True] * 8


def test_a_chromium_that_is_killed_midway_is_started_anew() -> None:
    renderer = Renderer(deadline=60)
    try:
        renderer.picture(sheet("<p>first</p>"), "pdf")
        first = renderer.pid
        assert first is not None
        heavy = sheet("<p>second</p>", **{f"f{place}": FIGURE for place in range(60)})
        with ThreadPoolExecutor(1) as other:
            waiting = other.submit(renderer.picture, heavy, "pdf")
            time.sleep(0.3)
            assert not waiting.done()
            psutil.Process(first).kill()
            assert "second" in words(waiting.result(60))
        assert renderer.pid not in (None, first)
        psutil.Process(renderer.pid).kill()  # and while nothing is asked
        assert "third" in words(renderer.picture(sheet("<p>third</p>"), "pdf"))
    finally:
        renderer.stop()


def test_a_chromium_that_hangs_is_given_up_in_time() -> None:
    renderer = Renderer(deadline=60)
    try:
        renderer.picture(sheet("<p>first</p>"), "pdf")
        assert renderer.pid is not None
        for process in (psutil.Process(renderer.pid), *psutil.Process(renderer.pid).children(recursive=True)):
            process.suspend()
        begun = time.monotonic()
        with pytest.raises(Busy, match="in time"):
            renderer.picture(sheet("<p>second</p>"), "pdf", 2)
        assert time.monotonic() - begun < 4
        assert "third" in words(renderer.picture(sheet("<p>third</p>"), "pdf"))
    finally:
        renderer.stop()


def test_nothing_runs_before_the_first_picture_and_after_the_last() -> None:
    before = set(threading.enumerate())
    renderer = Renderer(idle=1.0)
    assert renderer.pid is None
    renderer.picture(sheet("<p>one</p>"), "pdf")
    pid = renderer.pid
    assert pid is not None
    until = time.monotonic() + 20
    while renderer.pid is not None and time.monotonic() < until:
        time.sleep(0.1)
    assert not _runs(pid)  # let go while idle
    renderer.picture(sheet("<p>two</p>"), "pdf")
    pid = renderer.pid
    assert pid is not None
    renderer.stop()
    assert not _runs(pid)
    assert not [thread for thread in set(threading.enumerate()) - before if thread.name == "rasad-pictures"]


def _runs(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_without_chromium_or_pdftocairo_it_is_said_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(NoRenderer, match="RASAD_CHROMIUM names none"):
        Renderer("/nowhere/chromium").picture(sheet(""), "png")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("chromium") is None
    with pytest.raises(NoRenderer, match="install it, or name it with RASAD_CHROMIUM"):
        Renderer().picture(sheet(""), "png")
    with pytest.raises(NoRenderer, match="poppler-utils"):
        Renderer().picture(sheet(""), "svg")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a process is as nice as the one that starts it")
def test_live_pages_come_first(renderer: Renderer) -> None:
    renderer.picture(sheet("<p>words</p>"), "pdf")
    assert renderer.pid is not None
    chromium = psutil.Process(renderer.pid)
    assert {process.nice() for process in (chromium, *chromium.children(recursive=True))} == {10}
    assert psutil.Process().nice() < 10
