"""Addresses asked directly: the document, the live feed, health, and the data of every panel."""

from __future__ import annotations

import csv
import io
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest

from callbacks.index import Rasad
from dashboard.claims.database import Database
from dashboard.exports.kinds import KINDS
from dashboard.jurisdictions import load
from dashboard.panel import Panel
from dashboard.text import LANGUAGES
from layouts.pages import panels
from tests.pages import SPAN_QUERY, application

Make = Callable[[str], Rasad]
PANELS = [panel for panel in panels(load("ir")).values() if panel.there(load("ir"))]


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("fa", "rtl"), ("vi", "ltr")])
def test_document_is_in_the_chosen_language(rasad: Make, language: str, direction: str) -> None:
    client = rasad("ir").server.test_client()
    client.set_cookie("rasad_language", language)
    document = client.get("/").text
    assert f'<html lang="{language}" dir="{direction}"' in document
    assert ("bootstrap.rtl.min.css" in document) is (direction == "rtl")


def test_a_process_serves_scripts_of_a_document_that_another_wrote(claims: Database) -> None:
    """The very first requests of a process are for many scripts at once: what Dash learns as it answers the first of
    them comes too late for the others.
    """
    with application(claims) as writes, application(claims) as serves:
        document = writes.server.test_client().get("/").text
        scripts = re.findall(r'src="(/_dash-component-suites/[^"]+)"', document)
        together = threading.Barrier(len(scripts))

        def asked(path: str) -> int:
            client = serves.server.test_client()
            together.wait()
            return client.get(path).status_code

        with ThreadPoolExecutor(len(scripts)) as threads:
            assert list(threads.map(asked, scripts)) == [200] * len(scripts) != []


def test_language_nobody_knows_falls_back_to_the_countrys_own(rasad: Make) -> None:
    client = rasad("vn").server.test_client()
    client.set_cookie("rasad_language", "tlh")
    assert '<html lang="vi"' in client.get("/").text


def test_theme_chosen_earlier_is_in_the_document(rasad: Make) -> None:
    client = rasad("ir").server.test_client()
    client.set_cookie("rasad_theme", "dark")
    assert 'data-bs-theme="dark"' in client.get("/").text
    client.set_cookie("rasad_theme", '"><script>')
    assert "<script>" not in client.get("/").text.split("<head>")[0]


def test_document_names_no_other_host(rasad: Make) -> None:
    document = rasad("ir").server.test_client().get("/").text
    assert 'src="http' not in document
    assert 'href="http' not in document


def test_no_page_is_404_and_still_a_page(rasad: Make) -> None:
    answer = rasad("ir").server.test_client().get("/nowhere")
    assert answer.status_code == 404
    assert "react-entry-point" in answer.text


def test_live_answers_from_memory(rasad: Make) -> None:
    made = rasad("ir")
    news = made.server.test_client().get("/live").json
    assert news is not None
    assert news["version"] == made.server.extensions["rasad"].database.version().number > 0
    assert news["silent"] is False
    assert news["as_of"].endswith("+00:00")


def test_health_and_metrics(rasad: Make) -> None:
    client = rasad("ir").server.test_client()
    assert client.get("/livez").json == {"status": "alive"}
    ready = client.get("/readyz").json
    assert ready is not None
    assert (ready["status"], ready["jurisdiction"]) == ("ready", "ir")
    metrics = client.get("/metrics").text
    assert 'rasad_requests_total{route="/livez",status="200"}' in metrics
    assert f"rasad_data_version {float(ready['version'])}" in metrics


def test_mcp_is_off(rasad: Make) -> None:
    rules = [rule.rule for rule in rasad("ir").server.url_map.iter_rules()]
    assert not [rule for rule in rules if "mcp" in rule]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_file_is_sent_as_what_it_is(rasad: Make, kind: str) -> None:
    answer = rasad("vn").server.test_client().get(f"/export/overview-trend.{kind}?{SPAN_QUERY}&lang=vi")
    assert answer.status_code == 200
    assert answer.content_type == KINDS[kind].content_type
    assert answer.headers["Content-Disposition"].endswith(f'-2026-10-24-2026-11-22.{kind}"')
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_kind_of_file_that_there_is_not_is_told(rasad: Make) -> None:
    answer = rasad("ir").server.test_client().get(f"/export/overview-trend.docx?{SPAN_QUERY}")
    assert answer.status_code == 404
    assert all(kind in answer.get_data(as_text=True) for kind in ("docx", *KINDS))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.key)
def test_every_panel_can_be_received_as_csv(rasad: Make, panel: Panel, language: str) -> None:
    answer = rasad("ir").server.test_client().get(f"/export/{panel.key}.csv?{SPAN_QUERY}&lang={language}")
    assert answer.status_code == 200
    named = '-2026-10-24-2026-11-22.csv"'
    assert answer.headers["Content-Disposition"].endswith(named) is ("period" in panel.answers)
    assert answer.data.startswith(b"\xef\xbb\xbf")
    read = pd.read_csv(io.BytesIO(answer.data), comment="#", encoding="utf-8-sig")
    days = sum(column.format in ("day", "month") for column in panel.columns) if language == "fa" else 0
    assert len(read.columns) == len(panel.columns) + days
    shown = rasad("ir").server.test_client().get(f"/api/v1/panels/{panel.key}?{SPAN_QUERY}").json
    assert shown is not None
    assert len(read) == len(shown["rows"])


def test_csv_says_what_it_is(rasad: Make) -> None:
    client = rasad("ir").server.test_client()
    answer = client.get(f"/export/overview-map.csv?{SPAN_QUERY}&lang=en&province=IR-07,IR-23")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    notes = {row[0]: row[1:] for row in rows if row and row[0].startswith("# ")}
    assert notes["# Period"][:2] == ["2026-10-24", "2026-11-22"]
    assert notes["# Provinces"] == ["Fars", "Tehran"]
    assert notes["# Title"] == ["Where do they come from?"]
    assert "# Demo data" in notes
    assert "# Data as of" in notes
    end = next(place for place, row in enumerate(rows) if not row)
    place = rows[0].index("Registered")
    assert f"# n = {sum(int(row[place]) for row in rows[1:end]):,}" in notes


def test_csv_of_persian_readers_has_the_jalali_day_beside_the_iso_day(rasad: Make) -> None:
    answer = rasad("ir").server.test_client().get(f"/export/overview-trend.csv?{SPAN_QUERY}&lang=fa")
    first = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))[1]
    assert first[:2] == ["2026-10-24", "1405-08-02"]


def test_json_tells_what_was_asked_and_of_when(rasad: Make) -> None:
    client = rasad("ir").server.test_client()
    shown = client.get(f"/api/v1/panels/overview-registered?{SPAN_QUERY}&compare=year&lang=en").json
    assert shown is not None
    assert shown["window"] == {"start": "2026-10-24", "end": "2026-11-22"}
    assert shown["compared"] == {"start": "2025-10-24", "end": "2025-11-22"}
    assert shown["demo"] is True
    assert shown["rows"][0]["measure"] == "registered"
    assert shown["rows"][0]["value"] > 0


def test_provinces_add_up_to_the_nation(rasad: Make) -> None:
    """The map, read by province, is the headline; and a filter of one province is that province's row."""
    client = rasad("ir").server.test_client()

    def value(query: str = "") -> int:
        found = client.get(f"/api/v1/panels/overview-registered?{SPAN_QUERY}{query}").json
        return int(found["rows"][0]["value"])

    rows = client.get(f"/api/v1/panels/overview-map?{SPAN_QUERY}").json["rows"]
    by_province = {row["province"]: row["registered"] for row in rows}
    assert sum(by_province.values()) == value() > 0
    assert by_province["IR-23"] == value("&province=IR-23")
    channels = ("online", "office", "agency", "counter")
    assert sum(value(f"&channel={channel}") for channel in channels) == value()


def test_data_of_another_subject_have_its_columns_and_say_so(rasad: Make) -> None:
    client = rasad("vn").server.test_client()
    shown = client.get(f"/api/v1/panels/overview-map?{SPAN_QUERY}&subject=procedures&lang=en").json
    assert shown is not None
    assert shown["subject"] == "procedures"
    names = [column["name"] for column in shown["columns"]]
    assert names == ["province", "opened", "opened_per_100k", "closed", "backlog"]
    headline = client.get(f"/api/v1/panels/overview-registered?{SPAN_QUERY}&subject=procedures").json
    assert headline is not None
    assert headline["subject"] == "registrations"
    file = client.get(f"/export/overview-map.csv?{SPAN_QUERY}&subject=procedures&lang=en").data.decode("utf-8-sig")
    assert "# Showing,Procedures" in file
    assert "# Without Monthly job-search notice" in file


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/api/v1/panels/overview-nothing", 404, "no panel 'overview-nothing'"),
        ("/export/overview-nothing.csv", 404, "no panel 'overview-nothing'"),
        ("/api/v1/panels/overview-map?period=decade", 400, "period: 'decade'"),
        ("/api/v1/panels/overview-map?period=custom&from=2026-13-01&to=2026-11-01", 400, "from: '2026-13-01'"),
        ("/api/v1/panels/overview-map?period=custom&from=2026-11-02&to=2026-11-01", 400, "is after"),
        ("/api/v1/panels/overview-map?subject=benefits", 400, "subject"),
        ("/api/v1/panels/overview-map?province=XX", 400, "no province 'XX'"),
        ("/api/v1/panels/overview-map?channel=pigeon", 400, "no channel 'pigeon'"),
        ("/api/v1/panels/overview-map?sector=5", 400, "sector: no such parameter"),
        ("/export/overview-map.csv?lang=de", 400, "lang: 'de'"),
    ],
)
def test_what_is_not_understood_is_said(rasad: Make, address: str, status: int, sentence: str) -> None:
    answer = rasad("ir").server.test_client().get(address)
    assert answer.status_code == status
    said = answer.json["detail"] if answer.is_json and answer.json else answer.text
    assert sentence in said
