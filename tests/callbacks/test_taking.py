"""What is taken away as a picture: every panel as every kind and in every language, under the scope of who asks."""

from __future__ import annotations

import io
import re
import subprocess
import unicodedata
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import psutil
import pytest
from PIL import Image
from pptx import Presentation

from callbacks.index import Rasad
from callbacks.taking import Refusal, file, taken
from dashboard.deployment import Deployment
from dashboard.exports.native import editable
from dashboard.exports.pictures import SCALE, Renderer
from dashboard.jurisdictions import load
from dashboard.panel import Panel
from dashboard.text import LANGUAGES, text
from layouts.pages import panels
from tests.pages import DIRECTOR, HEADQUARTERS, SPAN, SPAN_QUERY, client, signed_in

KINDS = ("png", "svg", "pdf")
QUERY = {**SPAN, "compare": "previous"}
WIDTHS = {"number": 640, "figure": 960, "table": 1123}
COUNTRIES = ("ir", "vn")
PANELS = [(country, panel) for country in COUNTRIES for panel in panels(load(country)).values()]
EVERY = [
    # Each panel as each kind and in each language, and over all panels each kind in each language.
    (country, panel, kind, LANGUAGES[(number + place) % len(LANGUAGES)])
    for number, (country, panel) in enumerate(PANELS)
    for place, kind in enumerate(KINDS)
]
Make = Callable[[str], Rasad]


@pytest.fixture(scope="session")
def deployments(rasad: Make) -> dict[str, Deployment]:
    """Those of both countries, with one Chromium for both."""
    made = {country: rasad(country).server.extensions["rasad"] for country in COUNTRIES}
    vars(made["vn"])["renderer"] = made["ir"].renderer
    return made


def words(document: bytes) -> str:
    """The words of a PDF as they can be found: without marks, spaces and breaks."""
    told = subprocess.run(["pdftotext", "-", "-"], input=document, capture_output=True, check=True).stdout.decode()
    return bare(told)


def bare(content: str) -> str:
    """Letters and digits alone; lam-alef, which is one sign in the file, pdftotext writes back to front."""
    letters = "".join(c for c in unicodedata.normalize("NFKD", content) if unicodedata.category(c)[0] in "LN")
    return letters.replace("لا", "ال")


def each(content: str) -> list[str]:
    return [bare(word) for word in re.split(r"[\s\u200c]+", content) if bare(word)]


@pytest.mark.parametrize(
    ("country", "panel", "kind", "language"), EVERY, ids=[f"{c}-{p.key}-{k}-{la}" for c, p, k, la in EVERY]
)
def test_every_panel_is_pictured(
    deployments: dict[str, Deployment], country: str, panel: Panel, kind: str, language: str
) -> None:
    deployment = deployments[country]
    if not panel.there(deployment.jurisdiction):
        with pytest.raises(Refusal):
            taken(deployment, HEADQUARTERS, panel.key, {**SPAN, "lang": language})
        return
    of = taken(deployment, HEADQUARTERS, panel.key, {**SPAN, "lang": language})
    content = file(deployment, HEADQUARTERS, of, kind)
    {"png": is_picture, "svg": is_drawing, "pdf": is_document}[kind](content, of.panel, of.title, language)


def is_picture(content: bytes, panel: Panel, _title: str, _language: str) -> None:
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    wide, high = picture.size
    assert wide in (WIDTHS[panel.kind] * SCALE, WIDTHS["figure"] * SCALE)
    assert high >= 200 * SCALE
    colours = sorted((n for n, _ in picture.getcolors(1 << 22)), reverse=True)
    assert len(colours) > 30
    assert colours[0] < 0.98 * wide * high


def is_drawing(content: bytes, _panel: Panel, _title: str, _language: str) -> None:
    drawing = ElementTree.fromstring(content)  # noqa: S314  (made here)
    assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
    names = [element.tag.rpartition("}")[2] for element in drawing.iter()]
    assert names.count("path") > 30
    assert not {"text", "script", "foreignObject"} & set(names)


def is_document(content: bytes, panel: Panel, title: str, language: str) -> None:
    found = words(content)
    assert bare(text(language)("demo.badge")) in found
    assert [word for word in each(title) if word not in found] == []
    told = subprocess.run(["pdfinfo", "-"], input=content, capture_output=True, check=True).stdout.decode()
    pages = int(told.split("Pages:")[1].split()[0])
    assert pages == 1 or panel.kind == "table"


def test_a_picture_says_what_it_was_asked(deployments: dict[str, Deployment]) -> None:
    query = {**QUERY, "province": "IR-07,IR-23", "lang": "en"}
    of = taken(deployments["ir"], HEADQUARTERS, "overview-map", query)
    found = words(file(deployments["ir"], HEADQUARTERS, of, "pdf"))
    n = of.panel.rests_on(of.answer.frame)
    for said in ("Fars", "Tehran", "24 Oct – 22 Nov 2026", "Compared with: 24 Sep", f"n = {n:,}", "Whole country"):
        assert bare(said) in found, said
    for key in of.panel.measures:
        assert bare(text("en")(f"measure.{key}.definition")) in found


def test_a_director_takes_nothing_of_other_provinces_away(deployments: dict[str, Deployment]) -> None:
    deployment = deployments["ir"]
    query = {**SPAN, "lang": "en"}
    nation, own = (taken(deployment, who, "overview-registered", query) for who in (HEADQUARTERS, DIRECTOR))
    whole, part = (int(of.answer.frame["value"].iloc[0]) for of in (nation, own))
    assert 0 < part < whole
    found = words(file(deployment, DIRECTOR, own, "pdf"))
    assert str(part) in found
    assert str(whole) not in found
    assert "Tehran" in found
    assert bare("Whole country") not in found
    table = taken(deployment, DIRECTOR, "registrations-places", query)
    names = load("ir").names_of("provinces", "en")
    found = words(file(deployment, DIRECTOR, table, "pdf"))
    assert [name for code, name in names.items() if code != "IR-23" and bare(name) in found] == []
    with pytest.raises(Refusal, match="IR-07"):
        taken(deployment, DIRECTOR, "overview-map", {**query, "province": "IR-07"})


PICTURED = [p.key for country, p in PANELS if country == "ir" and p.figure is not None and not editable(p.figure)]


@pytest.mark.parametrize("key", PICTURED)
def test_slides_hold_a_picture_of_what_has_no_chart(deployments: dict[str, Deployment], key: str) -> None:
    of = taken(deployments["ir"], HEADQUARTERS, key, {**SPAN, "from": "2024-11-22", "lang": "fa"})
    assert len(of.answer.frame)
    deck = Presentation(io.BytesIO(file(deployments["ir"], HEADQUARTERS, of, "pptx")))
    assert len(deck.slides) <= 5
    first = deck.slides[0]
    pictures = [shape for shape in first.shapes if hasattr(shape, "image")]
    (drawn,) = (Image.open(io.BytesIO(shape.image.blob)) for shape in pictures)
    assert drawn.width >= 920 * SCALE
    assert 1.8 < drawn.width / drawn.height < 2.5
    tables = [shape for slide in deck.slides for shape in slide.shapes if shape.has_table]
    said = [shape.text_frame.text for shape in first.shapes if shape.has_text_frame]
    left_out = of.look.text("export.left_out", n=len(of.answer.frame))
    assert bool(tables) is not (left_out in said)
    if tables:
        assert sum(len(shape.table.rows) - 1 for shape in tables) >= len(of.answer.frame)


def test_print_style_is_white(rasad: Make) -> None:
    asked = rasad("ir").server.test_client()
    corners = {}
    for style in ("light", "print"):
        answer = asked.get(f"/export/overview-trend.png?{SPAN_QUERY}&style={style}")
        corners[style] = Image.open(io.BytesIO(answer.data)).convert("RGB").getpixel((2, 2))
    assert corners == {"light": (245, 246, 248), "print": (255, 255, 255)}
    assert asked.get("/export/overview-trend.png?style=glossy").status_code == 400


def test_a_picture_is_sent_as_what_it_is_and_written_into_the_audit(rasad: Make) -> None:
    made = rasad("ir")
    answer = made.server.test_client().get(f"/export/overview-trend.png?{SPAN_QUERY}&lang=fa")
    assert (answer.status_code, answer.content_type) == (200, "image/png")
    assert answer.headers["Content-Disposition"].endswith('-2026-10-24-2026-11-22.png"')
    database = made.server.extensions["rasad"].database
    with database.gate.connect() as connection:
        last = connection.exec_driver_sql(
            "SELECT object, detail FROM audit WHERE action = 'export' ORDER BY id DESC LIMIT 1"
        ).one()
    assert last[0] == "panel/overview-trend"
    assert last[1]["format"] == "png"


def test_who_may_not_see_a_panel_gets_no_picture_of_it(rasad: Make) -> None:
    made = rasad("ir")
    assert client(made).get("/export/overview-trend.png").status_code in (302, 401)
    social = client(made, signed_in(made, "sso"))
    assert social.get("/export/disputes-claims.png").status_code == 403


def test_without_chromium_pictures_say_what_to_do_and_slides_tell_by_tables(
    rasad: Make, deployments: dict[str, Deployment], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(vars(deployments["ir"]), "renderer", Renderer("/nowhere/chromium"))
    asked = rasad("ir").server.test_client()
    answer = asked.get(f"/export/overview-map.png?{SPAN_QUERY}")
    assert answer.status_code == 503
    assert answer.json is not None
    assert "RASAD_CHROMIUM" in answer.json["detail"]
    slides = asked.get(f"/export/overview-map.pptx?{SPAN_QUERY}")
    deck: Any = Presentation(io.BytesIO(slides.data))
    assert any(shape.has_table for slide in deck.slides for shape in slide.shapes)


def test_a_chromium_that_was_killed_is_missed_by_nobody(rasad: Make, deployments: dict[str, Deployment]) -> None:
    asked = rasad("ir").server.test_client()
    assert asked.get(f"/export/overview-trend.png?{SPAN_QUERY}").status_code == 200
    pid = deployments["ir"].renderer.pid
    assert pid is not None
    psutil.Process(pid).kill()
    assert asked.get(f"/export/overview-trend.png?{SPAN_QUERY}").status_code == 200
    assert deployments["ir"].renderer.pid not in (None, pid)
