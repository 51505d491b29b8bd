"""Briefings over HTTP: put together from cards, opened, taken away as files; each for its owner alone."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from pptx import Presentation

from callbacks import making
from callbacks.composing import composed, found
from callbacks.index import Rasad
from callbacks.taking import Refusal, taken
from dashboard.access import audit, people
from dashboard.access.audit import Search
from dashboard.access.person import Person
from dashboard.briefings import kept
from dashboard.briefings.kept import Card
from dashboard.briefings.ready import READY
from dashboard.deployment import Deployment
from dashboard.exports import briefing
from dashboard.jobs import files
from dashboard.text import LANGUAGES, text
from layouts.pages import panels
from tests.pages import SPAN_QUERY, body_of, client, signed_in

PAYLOADS = ("=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x","y")', "\t=1", "=cmd|' /C calc'!A0")
FORMS = ("pptx", "xlsx", "pdf")
Make = Callable[[str], Rasad]
CARDS = ("overview-registered", "overview-trend", "overview-map", "procedures-each", "disputes-stages", "due-late")


@pytest.fixture
def made(rasad: Make) -> Rasad:
    return rasad("ir")


@pytest.fixture
def deployment(made: Rasad) -> Deployment:
    of: Deployment = made.server.extensions["rasad"]
    return of


def person_of(made: Rasad, role: str, provinces: tuple[str, ...] | None = None) -> tuple[FlaskClient, Person]:
    cookie = signed_in(made, role, provinces)
    login = "-".join([f"test-{role}", *(provinces or ())]).lower()
    account = people.by_login(made.server.extensions["rasad"].database, login)
    assert account is not None
    return client(made, cookie), account.person


@pytest.fixture
def mine(made: Rasad, deployment: Deployment) -> Iterator[tuple[FlaskClient, Person, str]]:
    """Headquarters with a briefing of six cards."""
    asks, person = person_of(made, "hq")
    cards = [Card(key, SPAN_QUERY, f"Headline {place}", f"Note {place}") for place, key in enumerate(CARDS)]
    number = kept.make(deployment.database, person.id, "Monday", "en", "gregorian", cards=cards)
    yield asks, person, number
    kept.drop(deployment.database, person.id, number)


def words_of(deck: Any) -> list[str]:
    """The texts of each slide, notes left out."""
    found = []
    for slide in deck.slides:
        parts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        for shape in slide.shapes:
            if shape.has_table:
                parts += [cell.text for row in shape.table.rows for cell in row.cells]
        found.append("\n".join(parts))
    return found


def test_a_card_is_added_from_its_menu_and_opened_on_the_page(made: Rasad, deployment: Deployment) -> None:
    asks, person = person_of(made, "hq")
    sent = {"panel": "overview-trend", "query": f"{SPAN_QUERY}&province=IR-23&lang=en", "name": "From a card"}
    answer = asks.post("/api/v1/briefings/cards", json=sent)
    assert answer.status_code == 200, answer.text
    number = answer.json["briefing"]
    assert "From a card" in answer.json["said"]
    again = asks.post("/api/v1/briefings/cards", json={"panel": "due-late", "query": "", "briefing": number})
    assert again.status_code == 200
    assert number in {each["id"] for each in asks.get("/api/v1/briefings").json["briefings"]}
    cards = kept.find(deployment.database, person.id, number).cards
    assert [card.panel for card in cards] == ["overview-trend", "due-late"]
    assert "province=IR-23" in cards[0].query
    assert "lang" not in cards[0].query
    shown = called(asks, made, number)
    assert "From a card" in shown
    assert text("fa")("panel.overview-trend.title") in shown or text("en")("panel.overview-trend.title") in shown
    kept.drop(deployment.database, person.id, number)


def called(asks: FlaskClient, made: Rasad, number: str, **act: Any) -> str:
    """What the page's callback answers for a briefing, after an act if there is one."""
    values: dict[str, Any] = {
        "panel_briefings_act__data": {**act, "at": 1} if act else None,
        "address__data": {"path": f"/briefings/{number}"},
    }
    if not act:
        values = dict(reversed(values.items()))
    body = body_of(made, "panel-briefings-shown.children", panel_briefings_shown__id="x", **values)
    body["changedPropIds"] = ["panel-briefings-act.data" if act else "address.data"]
    answer = asks.post("/_dash-update-component", json=body)
    assert answer.status_code in (200, 204), answer.text  # an act that is none is answered with nothing
    return answer.text


def test_what_is_no_card_of_the_persons_is_refused(made: Rasad) -> None:
    asks, _ = person_of(made, "analyst")
    for panel, query in (
        ("due-late", ""),
        ("no-such", ""),
        ("overview-trend", "period=never"),
        ("overview-trend", "x=1"),
    ):
        answer = asks.post("/api/v1/briefings/cards", json={"panel": panel, "query": query, "name": "Mine"})
        assert answer.status_code == 400, (panel, query)
    assert asks.post("/api/v1/briefings/cards", json=["x"]).status_code == 400
    assert asks.post("/api/v1/briefings/cards", json={"panel": 1}).status_code == 400
    assert asks.get("/api/v1/briefings").json["briefings"] == []
    admin, _ = person_of(made, "admin")
    assert admin.get("/api/v1/briefings").status_code == 403
    assert admin.get("/briefing/ready-week.xlsx").status_code == 403
    assert client(made).get("/api/v1/briefings").status_code == 401


def test_another_persons_briefing_is_not_there(
    made: Rasad, deployment: Deployment, mine: tuple[FlaskClient, Person, str]
) -> None:
    asks, person, number = mine
    other, stranger = person_of(made, "sso")
    for kind in FORMS:
        assert other.get(f"/briefing/{number}.{kind}").status_code == 404
    into = {"panel": "registrations-trend", "query": "", "briefing": number}
    assert other.post("/api/v1/briefings/cards", json=into).status_code == 404
    card = kept.find(deployment.database, person.id, number).cards[0].id
    for key in (f"note:{card}", f"down:{card}", f"remove:{card}", f"drop:{number}", "name"):
        shown = called(other, made, number, key=key, value="Theirs")
        assert "Headline 0" not in shown
        assert "Monday" not in shown
    assert "Headline 0" not in called(other, made, number)
    assert [c.panel for c in kept.find(deployment.database, person.id, number).cards] == list(CARDS)
    assert kept.find(deployment.database, person.id, number).name == "Monday"
    assert "Headline 0" in called(asks, made, number)
    assert stranger.id != person.id


def test_acts_of_the_page_change_it(made: Rasad, deployment: Deployment, mine: tuple[FlaskClient, Person, str]) -> None:
    asks, person, number = mine

    def now() -> kept.Briefing:
        return kept.find(deployment.database, person.id, number)

    first = now().cards[0].id
    called(asks, made, number, key=f"down:{first}")
    assert [card.panel for card in now().cards[:2]] == [CARDS[1], CARDS[0]]
    called(asks, made, number, key=f"note:{first}", value="changed")
    assert now().cards[1].note == "changed"
    called(asks, made, number, key="language", value="fa")
    called(asks, made, number, key="calendar", value="jalali")
    called(asks, made, number, key="style", value="print")
    assert (now().language, now().calendar, now().style) == ("fa", "jalali", "print")
    called(asks, made, number, key="style", value="dark")
    called(asks, made, number, key="nothing:9", value="dark")
    called(asks, made, number, key="up:999999999999999999999")
    assert now().style == "print"
    called(asks, made, number, key=f"remove:{first}")
    assert first not in {card.id for card in now().cards}


def test_slides_hold_order_words_and_numbers(deployment: Deployment, mine: tuple[FlaskClient, Person, str]) -> None:
    asks, person, number = mine
    answer = asks.get(f"/briefing/{number}.pptx")
    assert answer.status_code == 200
    deck = Presentation(io.BytesIO(answer.data))
    slides = words_of(deck)
    assert slides[0].startswith("Monday")
    assert text("en")("demo.badge") in slides[0]
    places = [next(at for at, said in enumerate(slides[2:], 2) if said.startswith(f"Headline {n}")) for n in range(6)]
    assert places == sorted(places)
    for n, at in enumerate(places):
        assert f"Note {n}" in slides[at]
    assert text("en")("briefing.definitions") in "\n".join(slides[places[-1] :])
    trend = taken(deployment, person, "overview-trend", dict(pair.split("=") for pair in SPAN_QUERY.split("&")))
    chart = next(shape.chart for shape in deck.slides[places[1]].shapes if shape.has_chart)
    drawn = {tuple(series.values) for plot in chart.plots for series in plot.series}
    assert tuple(map(float, trend.answer.frame["n"])) in drawn
    value = taken(deployment, person, "overview-registered", dict(pair.split("=") for pair in SPAN_QUERY.split("&")))
    assert f"{int(value.answer.frame['value'].iloc[0]):,}" in slides[places[0]]


def test_a_workbook_holds_every_row(deployment: Deployment, mine: tuple[FlaskClient, Person, str]) -> None:
    asks, person, number = mine
    answer = asks.get(f"/briefing/{number}.xlsx")
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert len(book.sheetnames) == len(CARDS) + 2
    for place, key in enumerate(CARDS):
        sheet = book.worksheets[place + 1]
        of = taken(deployment, person, key, {**dict(p.split("=") for p in SPAN_QUERY.split("&")), "lang": "en"})
        table = of.table()
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        assert rows[0][0] == f"Headline {place}"
        assert any(row[0] == f"Note {place}" for row in rows)
        top = next(at for at, row in enumerate(rows) if list(row[: len(table.heads)]) == [h.name for h in table.heads])
        for wanted, found_row in zip(table.rows, rows[top + 1 :], strict=False):
            for head, cell, value in zip(table.heads, wanted, found_row, strict=False):
                if head.kind == "number" and cell is not None:
                    assert value == pytest.approx(cell, rel=1e-12)
        assert len(rows) >= top + 1 + len(table.rows)
    charts = [name for name in zipfile.ZipFile(io.BytesIO(answer.data)).namelist() if "charts/chart" in name]
    assert len(charts) >= 3


def test_what_is_taken_is_audited(deployment: Deployment, mine: tuple[FlaskClient, Person, str]) -> None:
    asks, person, number = mine
    asks.get(f"/briefing/{number}.xlsx")
    entry = audit.entries(deployment.database, Search(login=person.login), limit=1)[0]
    assert (entry.action, entry.object) == ("export", f"briefing/{number}")
    assert entry.detail["panels"] == list(CARDS)
    assert entry.detail["format"] == "xlsx"


def test_payloads_are_words_in_every_file(made: Rasad, deployment: Deployment) -> None:
    asks, person = person_of(made, "hq")
    cards = [Card("overview-registered", SPAN_QUERY, payload, payload) for payload in PAYLOADS]
    cards.append(Card("overview-trend", SPAN_QUERY, "a\x01b\x0bc\ufffe", "<b>&amp;</b>\u202e"))
    number = kept.make(deployment.database, person.id, "=1+1", "en", "gregorian", cards=cards)
    sheets = openpyxl.load_workbook(io.BytesIO(asks.get(f"/briefing/{number}.xlsx").data))
    for sheet in sheets.worksheets:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" and cell.hyperlink is None for cell in row)
    said = "\n".join(words_of(Presentation(io.BytesIO(asks.get(f"/briefing/{number}.pptx").data))))
    assert all(payload.strip() in said for payload in PAYLOADS)
    assert "a b c" in said
    assert "<b>&amp;</b>" in said
    kept.drop(deployment.database, person.id, number)


def test_characters_no_file_may_hold_break_none(deployment: Deployment, made: Rasad) -> None:
    """As if a case had brought them: what is asked for is spoilt after it was answered."""
    _, person = person_of(made, "hq")
    of = found(deployment, person, "ready-week", "en")
    whole = composed(deployment, person, of).whole
    spoilt = []
    for leaf in whole.leaves:
        spoilt.append(leaf)
        if leaf.taken is not None and len(leaf.taken.answer.frame):
            frame = leaf.taken.answer.frame.copy()
            for name in frame.columns:
                if name in ("province", "category", "key", "office", "sector"):
                    frame[name] = [f"{value}\x01\x1f\ufffe\uffff" for value in frame[name]]
            answer = type(leaf.taken.answer)(frame, 1, leaf.taken.answer.as_of)
            spoilt[-1] = type(leaf)(
                leaf.title,
                type(leaf.taken)(leaf.taken.panel, answer, leaf.taken.filters, leaf.taken.look, "", True),
                "x\x02y",
                "\ufffez",
            )
    changed = type(whole)(whole.name + "\x03", whole.text, tuple(spoilt), whole.scope_name, True, whole.at, whole.zone)
    deck = Presentation(io.BytesIO(briefing.slides(changed, lambda _: b"")))
    assert "xy" in "\n".join(words_of(deck))
    openpyxl.load_workbook(io.BytesIO(briefing.workbook(changed)))


def test_a_question_no_longer_open_says_so_and_shows_nothing(made: Rasad, deployment: Deployment) -> None:
    asks, person = person_of(made, "analyst")
    cards = [Card("overview-trend", "", "Still mine"), Card("due-late", "", "No longer mine"), Card("gone-panel", "")]
    cards.append(Card("overview-trend", "period=never"))
    number = kept.make(deployment.database, person.id, "Kept", "en", "gregorian", cards=cards)
    closed, unasked = text("en")("briefings.closed"), text("en")("briefings.unasked")
    slides = words_of(Presentation(io.BytesIO(asks.get(f"/briefing/{number}.pptx").data)))
    mine = next(said for said in slides[2:] if said.startswith("No longer mine"))
    assert closed in mine
    assert not re.search(r"\d", mine.replace("No longer mine", ""))
    assert sum(closed in said for said in slides) == 2
    assert sum(unasked in said for said in slides) == 1
    assert closed in called(asks, made, number) or text("fa")("briefings.closed") in called(asks, made, number)
    book = openpyxl.load_workbook(io.BytesIO(asks.get(f"/briefing/{number}.xlsx").data))
    assert book.worksheets[2]["A2"].value == closed
    kept.drop(deployment.database, person.id, number)


@pytest.mark.parametrize(
    ("country", "role"), [(c, r) for c in ("ir", "vn") for r in ("hq", "sso", "province", "analyst")]
)
def test_each_role_has_its_ready_one_and_no_other(rasad: Make, country: str, role: str) -> None:
    made = rasad(country)
    places = (made.server.extensions["rasad"].jurisdiction.provinces[0].code,) if role == "province" else None
    asks, person = person_of(made, role, places)
    for ready in READY:
        answer = asks.get(f"/briefing/ready-{ready.key}.xlsx?lang=fa")
        assert answer.status_code == (200 if role in ready.roles else 404), (ready.key, answer.text[:200])
    assert asks.get("/briefing/ready-none.pptx").status_code == 404
    assert asks.get("/briefing/ready-week.docx").status_code == 404
    assert person.role.key == role


def test_what_is_ready_asks_for_panels_there_are() -> None:
    known = panels()
    assert [card.panel for ready in READY for card in ready.cards if card.panel not in known] == []


def test_a_ready_one_of_a_province_tells_of_that_province_alone(made: Rasad, deployment: Deployment) -> None:
    _, person = person_of(made, "province", ("IR-23",))
    of = composed(deployment, person, found(deployment, person, "ready-morning", "en"))
    names = deployment.jurisdiction.names_of("provinces", "en")
    for leaf in of.whole.leaves:
        assert leaf.taken is not None, leaf.refused
        if "province" in leaf.taken.answer.frame:
            assert set(leaf.taken.answer.frame["province"]) <= {"IR-23"}
    others = {name for code, name in names.items() if code != "IR-23" and name not in names["IR-23"]}
    said = " ".join(of.whole.summary)
    assert not [name for name in others if re.search(rf"\b{re.escape(name)}\b", said)]
    assert of.detail["provinces"] == ["IR-23"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["pptx", "xlsx"])
def test_an_office_program_opens_it(made: Rasad, tmp_path: Path, language: str, kind: str) -> None:
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("no LibreOffice here")
    asks, _ = person_of(made, "hq")
    path = tmp_path / f"briefing.{kind}"
    path.write_bytes(asks.get(f"/briefing/ready-week.{kind}?lang={language}").data)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [soffice, "--headless", profile, "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=110)
    said = subprocess.run(
        ["pdftotext", str(tmp_path / "briefing.pdf"), "-"], check=True, capture_output=True, text=True, timeout=30
    ).stdout
    assert len(said) > 1000
    assert "\ufffd" not in said


def test_pages_to_print_hold_each_question(mine: tuple[FlaskClient, Person, str], tmp_path: Path) -> None:
    asks, _, number = mine
    path = tmp_path / "briefing.pdf"
    path.write_bytes(asks.get(f"/briefing/{number}.pdf").data)
    said = subprocess.run(["pdftotext", str(path), "-"], check=True, capture_output=True, text=True, timeout=30).stdout
    places = [said.index(f"Note {n}") for n in range(6)]
    assert places == sorted(places)
    assert all(f"Headline {n}" in said for n in range(6))
    assert text("en")("briefing.definitions") in said


def test_a_long_one_is_left_to_a_worker(made: Rasad, deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    asks, person = person_of(made, "hq")
    cards = [Card("overview-registered", SPAN_QUERY, f"Headline {n}") for n in range(31)]
    number = kept.make(deployment.database, person.id, "Long", "en", "gregorian", cards=cards)
    assert asks.get(f"/briefing/{number}.xlsx").status_code == 200  # no worker: it is made at once
    monkeypatch.setattr("callbacks.briefings.works", lambda _database: True)
    answer = asks.get(f"/briefing/{number}.xlsx")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/files")
    file = files.listed(deployment.database, person.id)[0]
    assert (file.maker, file.kind, file.title, file.about) == ("briefing", "xlsx", "Long", f"briefing/{number}")
    steps: list[float] = []
    done = making.briefing(making.Making(deployment, person, file, lambda _step, progress: steps.append(progress)))
    assert steps == sorted(steps)
    assert len(openpyxl.load_workbook(io.BytesIO(done.content)).sheetnames) == 33
    assert done.rows == 31
    kept.drop(deployment.database, person.id, number)
    with pytest.raises(Refusal):
        making.briefing(making.Making(deployment, person, file, lambda *_: None))
    files.cancel(deployment.database, person.id, file.id)
    files.remove(deployment.database, person.id, file.id)
