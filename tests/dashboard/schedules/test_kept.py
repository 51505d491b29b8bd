"""Schedules as they are kept: each for its owner alone, every due time once; only the last beginning speaks."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from dashboard.access import people
from dashboard.access.own import own
from dashboard.briefings import kept as briefings
from dashboard.claims.database import Database
from dashboard.schedules import kept
from dashboard.schedules.kept import BadSchedule, Ended, Sending, Unknown
from dashboard.schedules.rule import Rule
from dashboard.scope import NATION

DAILY = Rule("day", 7, 30)


@pytest.fixture
def persons(claims: Database) -> tuple[int, int]:
    """Two people of headquarters."""
    first, second = (people.make(claims, login, login, "hq", None).id for login in ("first", "second"))
    return first, second


def made(claims: Database, person: int, *addresses: str) -> str:
    to = addresses or ("a@ministry.example",)
    return kept.make(claims, person, "pptx", "fa", DAILY, ready="week", addresses=to)


def now_due(claims: Database, schedule: str, ago: timedelta = timedelta(minutes=1)) -> datetime:
    at = datetime.now(UTC) - ago
    with claims.write() as connection:
        connection.execute("UPDATE schedules SET next_at = %s WHERE id = %s", (at, schedule))
    return at


def begun(claims: Database, person: int, schedule: str) -> Sending:
    run = kept.runs(claims, person, schedule)[0]
    with own(claims, person) as connection:
        job = connection.execute(text("SELECT job_id FROM schedule_runs WHERE id = :id"), {"id": run.id}).scalar_one()
    sending = Sending.begun(claims, person, run.id, job)
    assert sending is not None
    return sending


def queued(claims: Database) -> int:
    with claims.write() as connection:
        row = connection.execute("SELECT count(*) FROM jobs.procrastinate_jobs WHERE task_name = %s", (kept.TASK,))
        return int(row.fetchone()[0])  # type: ignore[index]


def test_what_was_made_is_there_and_due_next(claims: Database, persons: tuple[int, int]) -> None:
    me, _ = persons
    schedule = made(claims, me, "a@ministry.example", "b@ministry.example")
    [found] = kept.listed(claims, me)
    assert (found.id, found.ready, found.briefing, found.kind, found.language) == (schedule, "week", None, "pptx", "fa")
    assert (found.rule, found.addresses, found.folder, found.last) == (
        DAILY,
        ("a@ministry.example", "b@ministry.example"),
        "",
        None,
    )
    assert found.next_at == DAILY.next(datetime.now(UTC), claims.jurisdiction.timezone)


def test_another_persons_is_unknown(claims: Database, persons: tuple[int, int]) -> None:
    me, other = persons
    theirs = made(claims, other)
    now_due(claims, theirs)
    kept.due(claims)
    assert kept.listed(claims, me) == []
    assert kept.runs(claims, me, theirs) == []
    for act in (kept.pause, kept.resume, kept.drop, kept.send_now):
        with pytest.raises(Unknown):
            act(claims, me, theirs)
    run = kept.runs(claims, other, theirs)[0]
    with claims.write() as connection:
        row = connection.execute("SELECT job_id FROM schedule_runs WHERE id = %s", (run.id,)).fetchone()
    assert Sending.begun(claims, me, run.id, row[0]) is None  # type: ignore[index]
    briefing = briefings.make(claims, other, "Theirs", "fa", "jalali")
    with pytest.raises(Unknown):
        kept.make(claims, me, "pptx", "fa", DAILY, briefing=briefing, addresses=["a@ministry.example"])
    with claims.gate.begin() as gate:  # nobody has said whose
        assert gate.execute(text("SELECT count(*) FROM schedules")).scalar_one() == 0
        assert gate.execute(text("SELECT count(*) FROM schedule_runs")).scalar_one() == 0


def test_the_role_of_the_pages_reads_none_of_it(claims: Database) -> None:
    for table in ("schedules", "schedule_runs"):
        with pytest.raises(DBAPIError, match="permission denied"), claims.reading(NATION) as connection:
            connection.execute(text(f"SELECT * FROM {table}"))


def test_a_due_time_is_queued_once_whoever_finds_it(claims: Database, persons: tuple[int, int]) -> None:
    schedule = made(claims, persons[0])
    at, counted, ready = now_due(claims, schedule), [], threading.Barrier(8)

    def find() -> None:
        ready.wait()
        counted.append(kept.due(claims))

    threads = [threading.Thread(target=find) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counted) == 1
    assert [run.due_at for run in kept.runs(claims, persons[0], schedule)] == [at]
    assert queued(claims) == 1


def test_what_was_missed_is_made_up_for_once(claims: Database, persons: tuple[int, int]) -> None:
    schedule = made(claims, persons[0])
    at = now_due(claims, schedule, timedelta(days=9))
    assert [kept.due(claims), kept.due(claims)] == [1, 0]
    [run] = kept.runs(claims, persons[0], schedule)
    assert (run.due_at, run.late) == (at, True)
    assert kept.listed(claims, persons[0])[0].next_at > datetime.now(UTC)


def test_what_rests_is_not_due_and_goes_on_from_now(claims: Database, persons: tuple[int, int]) -> None:
    me, _ = persons
    schedule = made(claims, me)
    now_due(claims, schedule)
    kept.due(claims)
    assert begun(claims, me, schedule).again("mail_down")
    kept.pause(claims, me, schedule)
    run = kept.runs(claims, me, schedule)[0]
    assert (run.state, run.error) == ("refused", "paused")
    now_due(claims, schedule)
    assert kept.due(claims) == 0
    kept.resume(claims, me, schedule)
    assert kept.due(claims) == 0
    assert kept.listed(claims, me)[0].next_at > datetime.now(UTC)


def test_only_the_last_beginning_speaks(claims: Database, persons: tuple[int, int]) -> None:
    me, _ = persons
    schedule = made(claims, me, "a@ministry.example", "b@ministry.example")
    kept.send_now(claims, me, schedule)
    first = begun(claims, me, schedule)
    first.handing("a@ministry.example")
    second = begun(claims, me, schedule)  # the first one's worker was taken for dead
    assert second.unsent == ("b@ministry.example",)
    for say in (
        lambda: first.handed("a@ministry.example"),
        lambda: first.handing("b@ministry.example"),
        lambda: first.ended("done"),
        lambda: first.again("mail_down"),
    ):
        with pytest.raises(Ended):
            say()
    second.handed("b@ministry.example")
    second.ended("done", "unsure")
    run = kept.runs(claims, me, schedule)[0]
    assert (run.state, run.handed, run.unsure) == ("done", ("b@ministry.example",), ("a@ministry.example",))


def test_it_is_put_off_for_longer_each_time_and_then_fails(claims: Database, persons: tuple[int, int]) -> None:
    me, _ = persons
    schedule = made(claims, me)
    kept.send_now(claims, me, schedule)
    for wait in kept.WAITS:
        assert begun(claims, me, schedule).again("mail_down")
        run = kept.runs(claims, me, schedule)[0]
        assert run.again_at is not None
        assert abs(run.again_at - datetime.now(UTC) - wait) < timedelta(seconds=5)
    assert not begun(claims, me, schedule).again("mail_down")
    run = kept.runs(claims, me, schedule)[0]
    assert (run.state, run.error) == ("failed", "mail_down")
    assert list(kept.WAITS) == sorted(kept.WAITS)


def test_send_now_is_one_run_at_a_time_and_not_without_end(claims: Database, persons: tuple[int, int]) -> None:
    me, _ = persons
    schedule = made(claims, me)
    for _ in range(kept.MOST_ASKED):
        kept.send_now(claims, me, schedule)
        kept.send_now(claims, me, schedule)  # it is on its way already
        begun(claims, me, schedule).ended("done")
    assert len(kept.runs(claims, me, schedule)) == kept.MOST_ASKED
    with pytest.raises(BadSchedule, match="often"):
        kept.send_now(claims, me, schedule)


def test_what_no_job_works_on_has_failed(claims: Database, persons: tuple[int, int]) -> None:
    me, _ = persons
    schedule = made(claims, me)
    kept.send_now(claims, me, schedule)
    assert kept.tidy(claims) == 0
    with claims.write() as connection:
        connection.execute("SET search_path = jobs, public")
        connection.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE task_name = %s", (kept.TASK,))
    assert kept.tidy(claims) == 1
    run = kept.runs(claims, me, schedule)[0]
    assert (run.state, run.error) == ("failed", "lost")


def test_schedules_go_with_their_owner_and_their_briefing(claims: Database, persons: tuple[int, int]) -> None:
    me, other = persons
    briefing = briefings.make(claims, me, "Mine", "fa", "jalali")
    kept.make(claims, me, "pdf", "vi", DAILY, briefing=briefing, folder="morning")
    briefings.drop(claims, me, briefing)
    assert kept.listed(claims, me) == []
    made(claims, other)
    with claims.write() as connection:
        connection.execute("DELETE FROM people WHERE id = %s", (other,))
        assert connection.execute("SELECT count(*) FROM schedules").fetchone() == (0,)


def test_no_more_than_so_many(claims: Database, persons: tuple[int, int]) -> None:
    for _ in range(kept.MOST):
        made(claims, persons[0])
    with pytest.raises(BadSchedule, match="many"):
        made(claims, persons[0])
    made(claims, persons[1])


@pytest.mark.parametrize(
    ("written", "domains", "why"),
    [
        ("", (), "address"),
        ("nobody", (), "address"),
        ("a@b@c", (), "address"),
        ("a..b@ministry.example", (), "address"),
        ("a@ministry.example\r\nBcc: x@elsewhere.example", (), "address"),
        ("<a@ministry.example>", (), "address"),
        ("مدیر@ministry.example", (), "address"),
        ("a@elsewhere.example", ("ministry.example",), "domain"),
        ("a@sub.ministry.example", ("ministry.example",), "domain"),
        ("0499370899@ministry.example", (), "person"),
        (" ".join(f"a{n}@ministry.example" for n in range(kept.MOST_ADDRESSES + 1)), (), "addresses"),
    ],
)
def test_addresses_that_may_not_be_written_to(written: str, domains: tuple[str, ...], why: str) -> None:
    with pytest.raises(BadSchedule, match=f"^{why}$"):
        kept.addresses_in(written, domains, "ir")


def test_addresses_are_told_apart_however_they_are_parted() -> None:
    written = "a@Ministry.example; b@ministry.example،c@ministry.example\n a@ministry.example"
    wanted = ("a@ministry.example", "b@ministry.example", "c@ministry.example")
    assert kept.addresses_in(written, ("ministry.example",), "ir") == wanted


@pytest.mark.parametrize("written", ["", ".", "..", "a/b", "/etc", "a\\b", ".hidden", "a\nb", "x" * 61, "a\x00", "C:"])
def test_a_path_is_no_name_of_a_folder(written: str) -> None:
    with pytest.raises(BadSchedule, match=r"^folder$"):
        kept.folder_named(written, "ir")


def test_names_of_folders() -> None:
    assert [kept.folder_named(name, "ir") for name in (" صبح  7 ", "Hà Nội_2-b")] == ["صبح 7", "Hà Nội_2-b"]
