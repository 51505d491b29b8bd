"""Briefings on a schedule, sent by a real worker to a real mail server: once each, right, whatever dies meanwhile."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import psycopg
import pytest

from dashboard.access import people
from dashboard.access.audit import Search, entries
from dashboard.briefings import kept as briefings
from dashboard.briefings.kept import Card
from dashboard.claims.database import Database
from dashboard.schedules import kept
from dashboard.schedules.kept import Run
from dashboard.schedules.rule import Rule
from dashboard.text import text
from tests.mail import Mailbox, free_port, mail_server
from tests.pages import SPAN_QUERY
from tests.working import PATIENCE, Worker, held, worker

SENDER, FIRST, SECOND = "rasad@ministry.example", "one@ministry.example", "two@ministry.example"
MONTHLY = Rule("month", 3, day=30, calendar="jalali")


@pytest.fixture
def claims(demo_claims: Callable[[str], Database]) -> Iterator[Database]:
    """The demo's database, without schedules of tests before."""
    database = demo_claims("ir")
    yield database
    with database.write() as connection:
        connection.execute("DELETE FROM schedules")


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def settings(port: int, tmp_path: Path) -> Mapping[str, str]:
    """The settings of a worker that sends."""
    (tmp_path / "deliveries").mkdir()
    return {
        "SMTP_URL": f"smtp://127.0.0.1:{port}",
        "SMTP_FROM": SENDER,
        "DELIVERY_DIR": str(tmp_path / "deliveries"),
        "PUBLIC_URL": "https://rasad.example",
    }


def person_of(claims: Database, role: str = "hq", provinces: list[str] | None = None) -> int:
    login = f"sends-{role}-{time.monotonic_ns()}"
    return people.make(claims, login, f"The {role}", role, provinces).id


def scheduled(claims: Database, person: int, language: str = "en", *addresses: str, folder: str = "") -> str:
    """A schedule of a briefing with one card; by mail to one address unless told."""
    card = Card("registrations-trend", SPAN_QUERY, "Rising")
    briefing = briefings.make(claims, person, "Case 1234", language, "gregorian", cards=[card])
    to = () if folder else (addresses or (FIRST,))
    return kept.make(claims, person, "xlsx", language, MONTHLY, briefing=briefing, addresses=to, folder=folder)


def now_due(claims: Database, schedule: str, ago: str = "1 minute") -> None:
    with claims.write() as connection:
        connection.execute("UPDATE schedules SET next_at = now() - %s::interval WHERE id = %s", (ago, schedule))


def awaited(claims: Database, person: int, schedule: str, state: Callable[[Run], bool]) -> Run:
    deadline = time.monotonic() + PATIENCE
    while True:
        found = kept.runs(claims, person, schedule)
        if found and state(found[0]):
            return found[0]
        assert time.monotonic() < deadline, f"it came to {found}"
        time.sleep(0.1)


def is_ended(run: Run) -> bool:
    return not run.open


def killed(running: Worker, claims: Database) -> None:
    """End a worker on the spot, and let the queue find that it has died at once."""
    running.kill()
    with psycopg.connect(claims.url) as connection:
        connection.execute("UPDATE jobs.procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")


def test_what_is_due_arrives_once_in_its_language(
    claims: Database, settings: Mapping[str, str], mailbox: Mailbox, port: int, tmp_path: Path
) -> None:
    person = person_of(claims, "province", ["IR-23"])
    schedule = scheduled(claims, person, "fa", FIRST, SECOND)
    ready = kept.make(claims, person, "pptx", "vi", Rule("day", 7), ready="morning", addresses=[FIRST])
    now_due(claims, schedule, "3 hours")
    now_due(claims, ready)
    with mail_server(mailbox, port), worker(claims, tmp_path, **settings):
        run = awaited(claims, person, schedule, is_ended)
        other = awaited(claims, person, ready, is_ended)
        time.sleep(1)
    assert (run.state, run.error, run.handed, run.late) == ("done", "", (FIRST, SECOND), True)
    assert (other.state, other.error, other.late) == ("done", "", False)
    assert sorted(address for address, _ in mailbox.got) == sorted([FIRST, FIRST, SECOND])
    fa = text("fa")
    [message] = mailbox.to(SECOND)
    assert message["From"] == SENDER
    assert message["Content-Language"] == "fa"
    assert fa("schedules.mail.own") in message["Subject"]
    assert "1234" not in message["Subject"]  # what people call their briefings stays inside
    body = message.get_body(("plain",)).get_content()
    assert fa("schedules.mail.late", time="۰").split("۰")[0] in body
    assert "https://rasad.example/briefings" in body
    assert 'dir="rtl"' in message.get_body(("html",)).get_content()
    [file] = message.iter_attachments()
    assert file.get_filename().endswith(".xlsx")
    book = openpyxl.load_workbook(io.BytesIO(file.get_content()))
    assert all(sheet.sheet_view.rightToLeft for sheet in book.worksheets)
    whole = " ".join(
        str(cell) for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) for cell in row
    )
    assert fa("panel.registrations-trend.title") in whole
    assert claims.jurisdiction.names_of("provinces", "fa")["IR-23"] in whole
    [brought] = [m for m in mailbox.to(FIRST) if m["Content-Language"] == "vi"]
    assert text("vi")("briefings.ready.morning") in brought["Subject"]
    assert [each.get_filename().rpartition(".")[2] for each in brought.iter_attachments()] == ["pptx"]
    found = [each for each in kept.listed(claims, person) if each.id == schedule]
    assert found[0].next_at == MONTHLY.next(datetime.now(UTC), claims.jurisdiction.timezone)
    assert len(kept.runs(claims, person, schedule)) == 1
    [told] = entries(claims, Search(object=f"schedule/{schedule}"))
    assert (told.action, told.person_id, told.detail["to"]) == ("briefing_sent", person, [FIRST, SECOND])
    assert told.detail["provinces"] == ["IR-23"]


def test_a_server_that_is_down_has_it_later_and_once(
    claims: Database, settings: Mapping[str, str], mailbox: Mailbox, port: int, tmp_path: Path
) -> None:
    person = person_of(claims)
    schedule = scheduled(claims, person)
    kept.send_now(claims, person, schedule)
    with worker(claims, tmp_path, **settings):
        run = awaited(claims, person, schedule, lambda run: run.tries == 1)
        assert (run.state, run.error) == ("waiting", "mail_down")
        assert run.again_at is not None
        with mail_server(mailbox, port):
            run = awaited(claims, person, schedule, is_ended)
            time.sleep(1)
    assert (run.state, run.error) == ("done", "")
    assert [address for address, _ in mailbox.got] == [FIRST]


def test_a_worker_that_dies_before_it_is_handed_over_sends_it_once(
    claims: Database, settings: Mapping[str, str], mailbox: Mailbox, port: int, tmp_path: Path
) -> None:
    person = person_of(claims)
    schedule = scheduled(claims, person)
    kept.send_now(claims, person, schedule)
    with mail_server(mailbox, port):
        with held(claims):  # it waits for figures
            first = Worker(claims, tmp_path / "first.log", **settings)
            awaited(claims, person, schedule, lambda run: run.attempt == 1)
            killed(first, claims)
        with worker(claims, tmp_path, **settings):
            run = awaited(claims, person, schedule, is_ended)
            time.sleep(1)
    assert (run.state, run.attempt, run.handed) == ("done", 2, (FIRST,))
    assert [address for address, _ in mailbox.got] == [FIRST]


def test_a_worker_that_dies_as_it_is_handed_over_does_not_send_it_twice(
    claims: Database, settings: Mapping[str, str], mailbox: Mailbox, port: int, tmp_path: Path
) -> None:
    person, mailbox.held = person_of(claims), True
    schedule = scheduled(claims, person, "en", FIRST, SECOND)
    kept.send_now(claims, person, schedule)
    with mail_server(mailbox, port):
        first = Worker(claims, tmp_path / "first.log", **settings)
        assert mailbox.reached.wait(PATIENCE)
        killed(first, claims)
        mailbox.released.set()
        with worker(claims, tmp_path, **settings):
            run = awaited(claims, person, schedule, is_ended)
            time.sleep(1)
    assert (run.state, run.error, run.unsure, run.handed) == ("done", "unsure", (FIRST,), (SECOND,))
    assert sorted(address for address, _ in mailbox.got) == [FIRST, SECOND]


def test_who_is_not_let_in_any_more_sends_nothing(
    claims: Database, settings: Mapping[str, str], mailbox: Mailbox, port: int, tmp_path: Path
) -> None:
    closed, moved, other = (person_of(claims) for _ in range(3))
    schedules = [scheduled(claims, person) for person in (closed, moved)]
    ready = kept.make(claims, other, "xlsx", "en", Rule("day", 7), ready="week", addresses=[FIRST])
    for person, schedule in zip((closed, moved, other), (*schedules, ready), strict=True):
        kept.send_now(claims, person, schedule)
    people.disable(claims, closed)
    people.set_role(claims, moved, "admin", None)
    people.set_role(claims, other, "province", ["IR-23"])
    with mail_server(mailbox, port), worker(claims, tmp_path, **settings):
        runs = [
            awaited(claims, person, schedule, is_ended)
            for person, schedule in zip((closed, moved, other), (*schedules, ready), strict=True)
        ]
    assert [(run.state, run.error) for run in runs] == [
        ("refused", "disabled"),
        ("refused", "not_entitled"),
        ("refused", "not_entitled"),
    ]
    assert mailbox.got == []


def test_a_folder_has_it_whole_and_addresses_that_are_refused_are_named(
    claims: Database, settings: Mapping[str, str], mailbox: Mailbox, port: int, tmp_path: Path
) -> None:
    person = person_of(claims)
    put, partly = scheduled(claims, person, folder="صبح 7"), scheduled(claims, person, "en", FIRST, SECOND)
    mailbox.answers[SECOND] = "550 no such user"
    now_due(claims, put)
    kept.send_now(claims, person, partly)
    with mail_server(mailbox, port), worker(claims, tmp_path, **settings):
        run = awaited(claims, person, put, is_ended)
        named = awaited(claims, person, partly, is_ended)
    assert (run.state, run.error) == ("done", "")
    [file] = (tmp_path / "deliveries" / "صبح 7").iterdir()
    due = run.due_at.astimezone(claims.jurisdiction.timezone)
    assert file.name == f"rasad-briefing-{due:%Y-%m-%d-%H%M}-{put[:6]}.xlsx"
    assert openpyxl.load_workbook(file).worksheets
    assert (named.state, named.error, named.refused, named.handed) == ("done", "partly", (SECOND,), (FIRST,))
