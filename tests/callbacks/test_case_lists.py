"""A list of cases as a file: every case once, in the reader's words, nothing live in it, and said where it ends."""

from __future__ import annotations

import csv
import dataclasses
import io
import random
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy.exc import OperationalError

from callbacks import case_lists
from callbacks.index import Rasad
from dashboard.access import audit
from dashboard.access.audit import Search
from dashboard.claims.database import Database
from dashboard.exports.csv import safe, safe_column
from dashboard.exports.taken import jalali_day
from dashboard.scope import Scope
from dashboard.text import LANGUAGES, text
from layouts.case_rows import stands
from queries import cases
from queries.cases import LISTED, STATES, Asked
from tests.pages import application, client, signed_in
from tests.queries.test_cases import everything

Make = Callable[[str], Rasad]
LONG = "period=custom&from=2020-01-01&to=2026-11-22"


def read(content: str) -> tuple[list[str], list[list[str]], list[list[str]]]:
    """The headings, rows and remarks of a file."""
    rows = list(csv.reader(io.StringIO(content.removeprefix("\ufeff"))))
    parting = rows.index([])
    return rows[0], rows[1:parting], rows[parting + 1 :]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("subject", LISTED)
@pytest.mark.parametrize("jurisdiction", ["ir", "vn"])
def test_a_file_holds_the_list_in_words(rasad: Make, jurisdiction: str, subject: str, language: str) -> None:
    made, say = rasad(jurisdiction), text(language)
    chance = random.Random(f"{jurisdiction}{subject}{language}")
    state, of = chance.choice(STATES), "" if subject != "benefits" else "&of=benefits"
    about = "registrations" if of else subject
    answer = made.server.test_client().get(
        f"/export/cases.csv?{LONG}&subject={about}{of}&state={state}&lang={language}"
    )
    assert answer.status_code == 200, answer.text
    heads, rows, remarks = read(answer.text)
    db = made.server.extensions["rasad"].database
    filters = dataclasses.replace(everything(db, subject=about), today=db.today())
    blocks = list(cases.every(db, filters, Scope(None, cases=True), Asked(subject, state)))
    wanted = [row for block in blocks for row in block.to_pylist()]
    names = {
        key: db.jurisdiction.names_of(codes, language)
        for key, codes in (
            ("province", "provinces"),
            ("category", f"{subject}.category"),
            ("channel", "channels"),
            ("outcome", f"{subject}.outcome"),
        )
    }
    column = {
        name: heads.index(say(f"cases.column.{name}")) for name in ("id", "province", "category", "channel", "turn")
    }
    column |= {
        name: heads.index(say(f"cases.column.{name}")) for name in ("opened_at", "due_on", "since", "left", "days")
    }
    assert len(rows) == len(wanted)
    for found, case in zip(rows, wanted, strict=True):
        assert len(found) == len(heads)
        assert found[column["id"]] == safe(case["id"])
        for name in ("province", "category", "channel"):
            assert found[column[name]] == names[name].get(case[name], case[name] or "")
        closed = case["closed_on"] is not None
        ended = names["outcome"][case["outcome"]] if case["outcome"] else say("cases.closed")
        assert found[column["turn"]] == (ended if closed else say(f"cases.actor.{case['actor']}"))
        days = {
            "opened_at": case["opened_on"],
            "due_on": case["due_on"],
            "since": case["closed_on"] if closed else case["since_on"],
        }
        for name, day in days.items():
            assert found[column[name]] == (day.isoformat() if day else "")
            if language == "fa":
                assert found[column[name] + 1] == (jalali_day(day) if day else "")
        words = stands(case["left"], closed, case["in_working_days"], case["stopped"], say)[2]
        assert found[column["left"]] == safe(words)
        assert found[column["days"]] == ("" if case["left"] is None else str(case["left"]))
    assert remarks[-1] == [f"# {say('cases.file.complete')}".replace(", ", "/"), str(len(rows))]
    told = {row[0].removeprefix("# "): row[1:] for row in remarks}
    assert told[say("cases.choose.state")] == [say(f"cases.state.{state}")]
    assert told[say("demo.badge")]
    assert told[say("export.scope")] == [say("scope.nation")]


def test_no_person_stands_in_a_file(rasad: Make) -> None:
    made = rasad("ir")
    db = made.server.extensions["rasad"].database
    content = made.server.test_client().get(f"/export/cases.csv?{LONG}&subject=registrations&lang=en").text
    with db.write() as connection:
        persons = [
            row[0].hex() for row in connection.execute("SELECT person_hash FROM registrations LIMIT 200") if row[0]
        ]
    assert persons
    assert not any(person in content for person in persons)
    assert "person" not in content.partition("\n")[0].lower()


def test_a_file_holds_what_its_reader_may_see_and_nobody_else_has_one(rasad: Make) -> None:
    made = rasad("ir")
    director = client(made, signed_in(made, "province", ["IR-23"]))
    heads, rows, _ = read(director.get(f"/export/cases.csv?{LONG}&lang=en&subject=registrations").text)
    assert rows
    assert {row[heads.index("Province")] for row in rows} == {"Tehran"}
    assert director.get("/export/cases.csv?province=IR-07").status_code == 400
    assert client(made, signed_in(made, "analyst")).get("/export/cases.csv").status_code == 403
    sso = client(made, signed_in(made, "sso"))
    assert sso.get("/export/cases.csv?of=disputes").status_code == 403
    assert client(made).get("/export/cases.csv").status_code in (302, 401)


@pytest.mark.parametrize(
    "bad", ["state=x", "of=people", "turn=me", "sort=up", "gap=x", "lang=de", "x=1", "period=decade"]
)
def test_a_file_is_never_of_another_list_than_was_asked_for(rasad: Make, bad: str) -> None:
    assert rasad("ir").server.test_client().get(f"/export/cases.csv?{bad}").status_code == 400


def entries(db: Database, *actions: str) -> list[audit.Entry]:
    return audit.entries(db, Search(actions=actions))


def test_what_is_given_is_written_before_and_with_its_rows_when_it_ends(rasad: Make) -> None:
    made = rasad("ir")
    db = made.server.extensions["rasad"].database
    answer = made.server.test_client().get(f"/export/cases.csv?{LONG}&subject=disputes&province=IR-23&lang=en")
    _, rows, _ = read(answer.text)
    begun, ended = entries(db, "export")[0], entries(db, "export_ended")[0]
    assert (begun.object, begun.rows) == ("cases/disputes", None)
    assert (ended.object, ended.rows, ended.detail["whole"]) == ("cases/disputes", len(rows), True)
    assert begun.id < ended.id
    assert ended.detail["provinces"] == begun.detail["provinces"] == ["IR-23"]
    assert ended.login == "test-hq"


class Breaking:
    """The blocks of a list that ends in the middle, as when the database goes away."""

    def __init__(self, whole: Iterator[pa.Table]) -> None:
        self._whole = whole

    def of(self) -> Iterator[pa.Table]:
        yield next(self._whole)
        raise OperationalError("", {}, Exception("gone"))


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    every = cases.every
    monkeypatch.setattr(case_lists.cases, "every", lambda *given: Breaking(every(*given)).of())


@pytest.mark.usefixtures("broken")
def test_a_file_that_breaks_off_says_so_and_so_does_the_audit(rasad: Make) -> None:
    made = rasad("ir")
    db = made.server.extensions["rasad"].database
    answer = made.server.test_client().get(f"/export/cases.csv?{LONG}&subject=disputes&lang=en", buffered=False)
    pieces: list[bytes] = []
    with pytest.raises(case_lists.BrokenOff):
        pieces.extend(answer.response)  # type: ignore[arg-type]
    said = b"".join(pieces).decode().splitlines()
    assert said[-1].startswith("# Not complete")
    assert not any("Complete/" in line for line in said)
    ended = entries(db, "export_ended")[0]
    assert (ended.detail["whole"], str(ended.rows)) == (False, said[-1].rpartition(",")[2])


def test_who_leaves_in_the_middle_is_written_and_the_query_ends(
    demo_claims: Callable[[str], Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.claims.database._PIECE", 20_000)
    with application(demo_claims("ir")) as made:
        db = made.server.extensions["rasad"].database
        answer = made.server.test_client().get(f"/export/cases.csv?{LONG}&subject=registrations", buffered=False)
        pieces = iter(answer.response)
        assert len([next(pieces), next(pieces), next(pieces)]) == 3
        assert db.streams.pool.checkedout() == 1  # type: ignore[attr-defined]
        answer.close()
        assert db.streams.pool.checkedout() == 0  # type: ignore[attr-defined]
        ended = entries(db, "export_ended")[0]
        assert ended.detail["whole"] is False
        assert ended.rows


def test_nothing_is_given_that_cannot_be_written(rasad: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    made = rasad("ir")

    def unwritten(*_: Any, **__: Any) -> None:
        raise audit.Unwritten("the audit cannot be written")

    monkeypatch.setattr(audit, "record", unwritten)
    answer = made.server.test_client().get(f"/export/cases.csv?{LONG}")
    assert answer.status_code == 503
    assert "IR-" not in answer.text


def test_a_list_of_nothing_is_a_whole_file(rasad: Make) -> None:
    answer = (
        rasad("ir").server.test_client().get("/export/cases.csv?period=custom&from=2001-01-01&to=2001-01-02&lang=en")
    )
    heads, rows, remarks = read(answer.text)
    assert heads
    assert rows == []
    assert remarks[-1][1] == "0"


def test_texts_of_cases_are_never_live() -> None:
    texts = [
        "=1+1",
        "IR-23-1",
        " =1",
        "a;=1",
        "\t1",
        "x\n@SUM(1)",
        "\u00a0-1",
        "\u200b＝1",
        "2026-11-22",
        "ب-1",
        None,
        "",
    ]
    found = safe_column(pa.chunked_array([pa.array(texts)])).to_pylist()
    assert found == [text and safe(text) for text in texts]
    assert found[0] == "'=1+1"


def test_days_of_a_list_are_local(demo_claims: Callable[[str], Database]) -> None:
    db = demo_claims("vn")
    filters = everything(db, subject="disputes")
    blocks = cases.every(db, filters, Scope(None, cases=True), Asked("disputes"))
    days = {row["id"]: row["opened_on"] for block in blocks for row in block.to_pylist()}
    with db.write() as connection:
        for number, at in connection.execute("SELECT id, opened_at FROM disputes LIMIT 500"):
            if number in days:
                assert days[number] == at.astimezone(db.jurisdiction.timezone).date()
    assert all(isinstance(day, date) for day in days.values())
