"""Every panel's callback: drawn in every language and country, spared when nothing changed, honest when silent."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Sequence
from html import unescape
from typing import Any

import pytest
from dash import Dash

from callbacks import panels as wiring
from callbacks.index import Rasad
from dashboard.claims.database import Database
from dashboard.claims.flows import FLOWS
from dashboard.filters import SUBJECTS
from dashboard.jurisdictions import SHIPPED, load
from dashboard.measures import MEASURES
from dashboard.panel import Panel
from dashboard.text import LANGUAGES, text
from layouts.pages import PAGES, pages_of, panels
from tests.pages import SPAN, application, body_of

Make = Callable[[str], Rasad]
PANELS = [panel for panel in panels(load("ir")).values() if panel.there(load("ir"))]


def asked(
    made: Dash, panel: Panel, language: str = "en", held: str = "", tabled: bool = False, **filters: str
) -> dict[str, Any]:
    """What a card has to show; what is drawn beside the rest."""
    return asked_together(made, {panel.key: held}, language, (panel.key,) if tabled else (), **filters)[0]


def asked_together(
    made: Dash, held: Any, language: str = "en", tables: Sequence[str] = (), **filters: str
) -> list[dict[str, Any]]:
    ask = {"panels": held, "tables": list(tables), "filters": {**SPAN, **filters}, "theme": "light", "serial": 7}
    body = body_of(made, "lane-0-answer.data", lane_0_ask__data=ask, shell_language__data=language)
    answer = made.server.test_client().post("/_dash-update-component", json=body)
    assert answer.status_code == 200, answer.text
    sent = answer.json["response"]["lane-0-answer"]["data"]
    assert sent["serial"] == 7
    return [{**panel.pop("drawn", {}), **panel} for panel in sent["panels"]]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("jurisdiction", "panel"),
    [
        pytest.param(name, panel, id=f"{name}-{panel.key}")
        for name in SHIPPED
        for page in pages_of(load(name))
        for panel in page.panels
        if panel.there(load(name))
    ],
)
def test_every_panel_is_drawn(rasad: Make, jurisdiction: str, panel: Panel, language: str) -> None:
    # A year: of some kinds of cases the demo of the tests has few.
    shown = asked(rasad(jurisdiction), panel, language, **{"from": "2025-11-23"})
    assert shown["state"] in ("panel-body", "panel-body is-calm")
    assert shown["version"] > 0
    assert f"lang={language}" in shown["files"]
    if panel.figure is None or shown["state"] != "panel-body":
        assert shown["content"]
        return
    assert json.loads(shown["figure"])["data"]
    tabled = asked(rasad(jurisdiction), panel, language, tabled=True, **{"from": "2025-11-23"})
    assert "<table" in tabled["content"]
    assert tabled["digest"] != shown["digest"]
    assert not shown["content"]
    assert not tabled["figure"]


def test_the_same_answer_is_not_sent_twice(rasad: Make) -> None:
    for panel in PANELS:
        first = asked(rasad("ir"), panel)
        again = asked(rasad("ir"), panel, held=first["digest"])
        assert "content" in first
        assert "content" not in again
        assert "figure" not in again
        assert again["digest"] == first["digest"]


def test_cards_are_answered_together_and_what_is_no_card_is_left_out(rasad: Make) -> None:
    page = next(page for page in pages_of(load("ir")) if page.key == "overview")
    alone = [asked(rasad("ir"), panel) for panel in page.panels]
    together = asked_together(rasad("ir"), {**{panel.key: "" for panel in page.panels}, "nothing": ""})
    assert {panel["key"]: panel for panel in together} == {panel["key"]: panel for panel in alone}


def test_the_fault_of_a_card_is_no_fault_of_its_neighbours(
    rasad: Make, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> Any:
        raise ZeroDivisionError

    hurt = panels()["overview-trend"]
    own = panels() | {hurt.key: dataclasses.replace(hurt, query=broken)}
    monkeypatch.setattr(wiring, "panels_for", lambda *_: own)
    day = {"from": "2026-10-25"}  # asked by no other test: nothing is at hand
    together = asked_together(rasad("ir"), {hurt.key: "", "overview-registered": ""}, **day)
    shown = {panel["key"]: panel for panel in together}
    assert shown[hurt.key] == {"key": hurt.key, "state": "panel-body is-error"}
    assert shown["overview-registered"]["state"] == "panel-body"
    assert f"the card {hurt.key} could not be made" in caplog.text


def test_zoom_outlives_new_data_but_not_another_question(rasad: Make) -> None:
    panel = panels()["overview-trend"]
    first = zoom_of(asked(rasad("ir"), panel))
    assert zoom_of(asked(rasad("ir"), panel, language="fa")) == first
    assert zoom_of(asked(rasad("ir"), panel, province="IR-23")) != first


def test_a_filter_that_a_panel_does_not_heed_is_named(rasad: Make) -> None:
    today = asked(rasad("ir"), panels()["overview-registered-today"])
    assert "Not narrowed by: Period" in words_of(today["note"])
    trend = asked(rasad("ir"), panels()["overview-trend"])
    assert "Not narrowed" not in words_of(trend["note"])


@pytest.mark.parametrize(
    ("jurisdiction", "panel"),
    [
        pytest.param(name, panel, id=f"{name}-{panel.key}")
        for name in SHIPPED
        for panel in panels(load(name)).values()
        if panel.there(load(name))
    ],
)
def test_no_filter_breaks_a_panel(rasad: Make, jurisdiction: str, panel: Panel) -> None:
    """Whatever it heeds it is asked, also long ago; what it does not heed changes nothing but the note."""
    made = rasad(jurisdiction)
    office = made.server.extensions["rasad"].jurisdiction.offices[0]
    place = {"province": office.province, "office": office.code}
    subject = panel.subject or "registrations"
    known = made.server.extensions["rasad"].jurisdiction.codes.get(f"{subject}.category", ())
    own = {"category": known[0].key} if known else {}
    days = {"from": "2025-02-03", "to": "2026-02-17"}
    for more in ({**place, **own, **days, "step": "year"}, {"trait": "sector:construction", **own}):
        shown = asked(made, panel, **more)
        assert "is-error" not in shown["state"]


def test_n_under_a_figure_is_what_its_rows_add_up_to(rasad: Make) -> None:
    trend, places = (asked(rasad("ir"), panels()[key]) for key in ("overview-trend", "overview-map"))
    assert words_of(trend["note"]).split("as of")[0] == words_of(places["note"]).split("as of")[0]


def test_nothing_to_show_is_a_state_of_its_own(rasad: Make) -> None:
    empty = {"from": "1991-01-01", "to": "1991-01-31", "compare": "none"}
    assert asked(rasad("ir"), panels()["overview-trend"], **empty)["state"] == "panel-body is-empty"
    assert words_of(asked(rasad("ir"), panels()["overview-eligibility"], **empty)["content"]).startswith("–")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("panel", [panel for panel in PANELS if panel.follows], ids=lambda panel: panel.key)
@pytest.mark.parametrize("jurisdiction", ["ir", "vn"])
def test_a_card_follows_the_subject_and_names_it(
    rasad: Make, jurisdiction: str, panel: Panel, subject: str, language: str
) -> None:
    t = text(language)
    shown = asked(rasad(jurisdiction), panel, language, subject=subject)
    assert shown["state"] in ("panel-body", "panel-body is-calm")
    if panel.figure is not None:
        assert shown["subtitle"].startswith(t(f"filed.{subject}"))
        assert shown["subtitle"] in words_of(shown["definition"])
    measure = panel.about(subject).measures[0]
    assert " ".join(t(f"measure.{measure}.definition").split()) in words_of(shown["definition"])
    apart = t("note.kept_apart", names="{}").partition("{}")[2].strip()
    assert (apart in words_of(shown["note"])) is (subject == "procedures" and jurisdiction == "vn")


def test_a_card_of_another_subject_is_declared_like_its_own(rasad: Make) -> None:
    for panel in PANELS:
        other = panel.about("disputes")
        assert other.key == panel.key
        assert set(other.measures) <= set(MEASURES)
        assert panel.about("registrations") is panel
        frame = asked(rasad("ir"), panel, subject="disputes")
        assert frame["state"] != "panel-body is-error"


def test_of_what_was_never_loaded_a_card_says_so_and_offers_no_other_choice(
    new_claims: Callable[..., Database],
) -> None:
    with application(new_claims()) as made:
        for panel in (panel for panel in PANELS if not panel.subject or panel.subject in FLOWS):
            shown = asked(made, panel)
            assert shown["state"] == "panel-body is-empty", panel.key
            named = text("en")(f"subject.{panel.subject or 'registrations'}")
            assert words_of(shown["empty"]).startswith(f"No {named} have been loaded yet")
            assert "Clear" not in words_of(shown["empty"])


def test_a_choice_without_data_is_not_taken_for_data_never_loaded(rasad: Make) -> None:
    empty = {"from": "1991-01-01", "to": "1991-01-31", "compare": "none"}
    for key in ("overview-trend", "overview-map", "overview-procedures"):
        shown = asked(rasad("ir"), panels()[key], **empty)
        assert shown["state"] == "panel-body is-empty", key
        assert words_of(shown["empty"]).startswith("No data for this choice")


def test_a_chosen_province_without_trouble_is_calm(rasad: Make) -> None:
    panel = panels()["overview-attention"]
    told = words_of(asked(rasad("ir"), panel)["content"])
    names = rasad("ir").server.extensions["rasad"].jurisdiction.names_of("provinces", "en")
    code = next(code for code, name in names.items() if name not in told)
    assert asked(rasad("ir"), panel, province=code)["state"] == "panel-body is-calm"


def test_iran_sets_the_procedures_no_limit_and_the_card_says_so(rasad: Make) -> None:
    panel = panels()["overview-procedures-on-time"]
    assert asked(rasad("ir"), panel)["title"] == "Procedures closed"
    assert asked(rasad("vn"), panel)["title"] == "Procedures on time"


def test_a_silent_database_is_an_error_state_and_then_a_stale_answer(demo_claims: Callable[[str], Database]) -> None:
    """Nothing known: the card says so. Something known: it is shown with its age, marked stale."""
    panel = panels()["overview-registered"]
    with application(demo_claims("ir")) as made:
        known = asked(made, panel)
        deployment = made.server.extensions["rasad"]
        nobody = dataclasses.replace(deployment.database, url="postgresql://nobody@127.0.0.1:9/none?connect_timeout=1")
        deployment.answers.database = nobody
        deployment.feed.current = dataclasses.replace(deployment.feed.current, number=999)
        stale = asked(made, panel, held=known["digest"])
        assert stale["state"] == known["state"]
        assert "does not answer" in words_of(stale["note"])
        lost = asked(made, panel, province="IR-23")
        assert lost["state"] == "panel-body is-error"
        assert "drawn" not in lost
        nobody.close()


def test_every_card_has_a_key_of_its_own() -> None:
    assert sum(len(page.panels) for page in PAGES) == len(panels())


def zoom_of(shown: dict[str, Any]) -> str:
    return str(json.loads(shown["figure"])["layout"]["uirevision"])


def words_of(html: str) -> str:
    """The text of HTML, each element's apart."""
    return " ".join(unescape(re.sub("<[^>]*>", " ", html)).split())
