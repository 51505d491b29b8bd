"""Files made beside the pages, by a real worker: right, once, whatever dies, and for who asked alone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from callbacks.index import Rasad
from dashboard.access import people
from dashboard.access.audit import Search, entries
from dashboard.claims.database import Database
from dashboard.jobs import files
from dashboard.jobs.files import File
from dashboard.settings import ROOT
from dashboard.text import LANGUAGES
from tests.pages import SPAN_QUERY, application, client, signed_in
from tests.working import Worker, awaited, environment, held, worker

ADDRESS = f"/export/registrations-trend.csv?{SPAN_QUERY}"
TEHRAN = ["IR-23"]


@pytest.fixture(scope="module")
def made(demo_claims: Callable[[str], Database]) -> Iterator[Rasad]:
    with application(demo_claims("ir")) as app:
        yield app


@pytest.fixture
def claims(made: Rasad) -> Database:
    found: Database = made.server.extensions["rasad"].database
    return found


@pytest.fixture
def working(claims: Database, tmp_path: Path) -> Iterator[Worker]:
    with worker(claims, tmp_path) as running:
        yield running


def person_of(claims: Database, login: str = "test-hq") -> int:
    account = people.by_login(claims, login)
    assert account is not None
    return account.person.id


def asked(who: FlaskClient, address: str = ADDRESS) -> str:
    answer = who.post(address)
    assert answer.status_code == 202, answer.text
    number: str = answer.json["id"]
    return number


def is_done(file: File) -> bool:
    return file.state == "done"


def attempts(claims: Database, number: str) -> int:
    with claims.write() as connection:
        row = connection.execute("SELECT attempt FROM files WHERE id = %s", (number,)).fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.usefixtures("working")
def test_a_file_is_what_the_card_gives_at_once_and_is_made_once(made: Rasad, claims: Database) -> None:
    who = made.server.test_client()
    number = asked(who)
    assert asked(who) == number, "what is still to come is not queued twice"
    file = awaited(claims, person_of(claims), number, is_done)
    given, direct = who.get(f"/files/{number}/{file.name}"), who.get(ADDRESS)
    assert given.status_code == 200
    assert given.data == direct.data
    assert len(given.data) == file.bytes
    assert given.headers["Content-Disposition"] == f"attachment; filename={file.name}"
    assert given.headers["Cache-Control"] == "no-store"
    told = entries(claims, Search(object="panel/registrations-trend"))
    assert [each.action for each in told[:3]] == ["export", "export", "export_asked"]
    assert told[1].detail == told[0].detail, "the audit tells the same of both"
    assert (told[1].rows, told[1].rows) == (told[0].rows, file.rows)
    with claims.write() as connection:  # the job again, as if its end had not been heard
        connection.execute("SET LOCAL search_path = jobs, public")
        connection.execute(
            "INSERT INTO procrastinate_jobs (id, queue_name, task_name, args)"
            " SELECT job_id, 'default', 'files.make', jsonb_build_object('number', id) FROM files WHERE id = %s",
            (number,),
        )
    other = asked(who, f"/export/overview-trend.csv?{SPAN_QUERY}")
    awaited(claims, person_of(claims), other, is_done)
    assert attempts(claims, number) == 1
    assert who.get(f"/files/{number}/{file.name}").data == direct.data


def test_a_worker_killed_in_the_middle_leaves_one_file_to_the_next(
    made: Rasad, claims: Database, tmp_path: Path
) -> None:
    who = made.server.test_client()
    with held(claims):
        killed = Worker(claims, tmp_path / "killed.log")
        try:
            number = asked(who)
            awaited(claims, person_of(claims), number, lambda file: file.step == "asking")
        finally:
            killed.kill()
    assert attempts(claims, number) == 1
    with worker(claims, tmp_path) as running:
        file = awaited(claims, person_of(claims), number, is_done)
        assert "its worker has died" in running.log.read_text()
    assert attempts(claims, number) == 2
    assert who.get(f"/files/{number}/{file.name}").data == who.get(ADDRESS).data
    assert [each.id for each in files.listed(claims, person_of(claims))].count(number) == 1


@pytest.mark.usefixtures("working")
def test_a_silent_database_is_asked_again_later(made: Rasad, claims: Database) -> None:
    who = made.server.test_client()
    with held(claims):
        number = asked(who)
        waits = awaited(claims, person_of(claims), number, lambda file: file.error == "passing")
        assert waits.state == "waiting"
        assert "It will be tried again." in who.get("/files.json?lang=en").json["html"]
    awaited(claims, person_of(claims), number, is_done)
    assert attempts(claims, number) >= 2


def test_a_worker_outlasts_a_database_that_cuts_it_off(made: Rasad, claims: Database, working: Worker) -> None:
    who = made.server.test_client()
    first = asked(who)
    awaited(claims, person_of(claims), first, is_done)
    with claims.write() as connection:
        cut = connection.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchone()
    assert cut is not None
    assert cut[0] > 3
    second = asked(who, f"/export/overview-trend.csv?{SPAN_QUERY}")
    awaited(claims, person_of(claims), second, is_done)
    assert working.process.poll() is None, "the process is the same"


@pytest.mark.usefixtures("working")
def test_what_is_given_up_is_not_made(made: Rasad, claims: Database) -> None:
    who = made.server.test_client()
    with held(claims):
        number = asked(who)
        awaited(claims, person_of(claims), number, lambda file: file.step == "asking")
        assert who.post(f"/files/{number}/cancel").status_code == 200
    other = asked(who, f"/export/overview-trend.csv?{SPAN_QUERY}")
    awaited(claims, person_of(claims), other, is_done)  # the worker has left the first
    found = files.of(claims, person_of(claims), number)
    assert found is not None
    assert (found.state, found.bytes) == ("cancelled", None)
    assert who.post(f"/files/{number}/cancel").status_code == 400
    assert who.post(f"/files/{number}/again").status_code == 200
    awaited(claims, person_of(claims), number, is_done)
    assert who.post(f"/files/{number}/remove").status_code == 200
    assert files.of(claims, person_of(claims), number) is None


def test_what_holds_is_who_one_is_when_it_is_made(made: Rasad, claims: Database, tmp_path: Path) -> None:
    cookies = [signed_in(made, "province", [code]) for code in ("IR-07", "IR-10")]
    closed, moved = (person_of(claims, f"test-province-{code}") for code in ("ir-07", "ir-10"))
    address = "/export/registrations-trend.csv?{}&province={}"
    first = asked(client(made, cookies[0]), address.format(SPAN_QUERY, "IR-07"))
    second = asked(client(made, cookies[1]), address.format(SPAN_QUERY, "IR-10"))
    people.disable(claims, closed)
    people.set_role(claims, moved, "province", ["IR-23"])
    try:
        with worker(claims, tmp_path):
            assert awaited(claims, closed, first, lambda file: file.state == "failed").error == "disabled"
            assert awaited(claims, moved, second, lambda file: file.state == "failed").error == "refused"
            who = client(made, signed_in(made, "province", TEHRAN))
            tehran = person_of(claims, "test-province-ir-23")
            third = asked(who)
            file = awaited(claims, tehran, third, is_done)
        assert who.get(f"/files/{third}/{file.name}").status_code == 200
        people.set_role(claims, tehran, "province", ["IR-07"])
        assert who.get(f"/files/{third}/{file.name}").status_code == 404, "it shows what is not open any more"
        assert "have changed since" in who.get("/files.json?lang=en").json["html"]
    finally:
        people.enable(claims, closed)
        people.set_role(claims, person_of(claims, "test-province-ir-23"), "province", TEHRAN)


@pytest.mark.usefixtures("working")
def test_a_file_is_for_who_asked_and_for_a_while(made: Rasad, claims: Database) -> None:
    who, other = made.server.test_client(), client(made, signed_in(made, "sso"))
    number = asked(who)
    file = awaited(claims, person_of(claims), number, is_done)
    page = {"Accept": "text/html"}
    for asking in (other.get, client(made).get):
        refused = asking(f"/files/{number}/{file.name}")
        assert refused.status_code in (404, 401)
        assert b"Registered" not in refused.data
    unknown = other.get(f"/files/{'x' * 24}/{file.name}", headers=page)
    foreign = other.get(f"/files/{number}/{file.name}", headers=page)
    assert (unknown.status_code, foreign.status_code) == (404, 404)
    assert 'href="/"' in foreign.text, "there is a way out"
    assert unknown.text.replace("x" * 24, number) == foreign.text, "the two are told apart by nothing"
    for way in ("cancel", "again", "remove"):
        assert other.post(f"/files/{number}/{way}").status_code == 404
    assert file.title not in other.get("/files.json").json["html"]
    with claims.write() as connection:
        connection.execute("UPDATE files SET expires_at = now() - interval '1 second' WHERE id = %s", (number,))
    assert files.tidy(claims)[0] == 1
    assert who.get(f"/files/{number}/{file.name}").status_code == 404
    found = files.of(claims, person_of(claims), number)
    assert found is not None
    assert found.state == "expired"
    with claims.write() as connection:
        assert connection.execute("SELECT data FROM files WHERE id = %s", (number,)).fetchone() == (None,)


def test_a_lost_job_is_a_failed_file(made: Rasad, claims: Database) -> None:
    number = asked(made.server.test_client())
    with claims.write() as connection:
        connection.execute("SET LOCAL search_path = jobs, public")
        connection.execute("DELETE FROM procrastinate_jobs WHERE args ->> 'number' = %s", (number,))
    assert files.tidy(claims)[1] == 1
    found = files.of(claims, person_of(claims), number)
    assert found is not None
    assert (found.state, found.error) == ("failed", "lost")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_tells_every_state_in_words(made: Rasad, claims: Database, language: str) -> None:
    who = made.server.test_client()
    number = asked(who)
    idle = who.get(f"/files.json?lang={language}").json
    assert idle["again"] < 5
    shown: list[str] = [idle["html"]]
    states: list[dict[str, Any]] = [
        {"state": "failed", "error": error}
        for error in ("disabled", "not_open", "refused", "passing", "lost", "large", "fault")
    ]
    states += [{"state": "working", "step": step} for step in ("asking", "drawing", "keeping")]
    states += [{"state": state} for state in ("cancelled", "expired")]
    for state in states:
        given = {"step": "", "error": "", **state, "id": number}
        with claims.write() as connection:
            connection.execute(
                "UPDATE files SET state = %(state)s, step = %(step)s, error = %(error)s WHERE id = %(id)s", given
            )
        shown.append(who.get(f"/files.json?lang={language}").json["html"])
    assert len(set(shown)) == len(shown)
    assert all(number in html for html in shown)
    assert who.post(f"/files/{number}/remove").status_code == 200


def test_nobody_fills_the_queue_alone(made: Rasad, claims: Database) -> None:
    cookie = signed_in(made, "sso")
    who, person = client(made, cookie), person_of(claims, "test-sso")
    numbers = [asked(who, f"/export/registrations-trend.csv?period={days}d") for days in (7, 30, 90)]
    numbers += [
        files.ask(claims, person, "panel", "csv", "t", "en", {"panel": "x", "n": each})
        for each in range(files.MOST_UNMADE - 3)
    ]
    assert who.post(f"/export/registrations-trend.csv?{SPAN_QUERY}").status_code == 429
    for number in numbers:
        assert files.cancel(claims, person, number)
    assert asked(who)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/export/nothing.csv", 404),
        ("/export/registrations-trend.exe", 404),
        ("/export/registrations-trend.csv?style=loud", 400),
        ("/export/registrations-trend.csv?province=XX", 400),
        ("/export/registrations-trend.csv?who=me", 400),
    ],
)
def test_what_cannot_be_made_is_refused_at_once(made: Rasad, address: str, status: int) -> None:
    assert made.server.test_client().post(address).status_code == status


def test_who_reads_pages_sees_no_job_and_no_file(claims: Database) -> None:
    for engine, statements in (
        (claims.engine, ["SELECT id FROM files", "SELECT id FROM jobs.procrastinate_jobs"]),
        (claims.gate, ["SELECT args FROM jobs.procrastinate_jobs", "UPDATE files SET data = ''"]),
    ):
        for statement in statements:
            with engine.connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
                connection.execute(text(statement))
    with claims.gate.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM files")).scalar_one() == 0, "nobody is named"


def test_the_command_line_writes_what_somebody_sees(made: Rasad, claims: Database, tmp_path: Path) -> None:
    cookie = signed_in(made, "province", TEHRAN)
    out = tmp_path / "trend.csv"

    def run(*more: str, login: str = "test-province-ir-23") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [
                *(sys.executable, "-m", "dashboard", "export", "registrations-trend", "--as", login),
                *("--out", str(out), "--filters", SPAN_QUERY, "--language", "fa", *more),
            ],
            cwd=ROOT,
            env=environment(claims),
            capture_output=True,
            text=True,
            check=False,
        )

    done = run()
    assert done.returncode == 0, done.stderr
    assert out.read_bytes() == client(made, cookie).get(f"{ADDRESS}&lang=fa").data
    assert out.stat().st_mode & 0o077 == 0
    told = entries(claims, Search(object="panel/registrations-trend"))[1]
    assert (told.action, told.role, told.detail["as"]) == ("export", "command", "test-province-ir-23")
    out.unlink()
    outside = run("--filters", f"{SPAN_QUERY}&province=IR-07")
    assert (outside.returncode, out.exists()) == (1, False)
    assert "province" in outside.stderr
