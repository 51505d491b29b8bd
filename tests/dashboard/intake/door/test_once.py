"""However often a request comes, and however many at a time, it counts once."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.claims.merge import lock_subjects
from dashboard.claims.reconcile import reconcile
from tests.dashboard.intake.door.doors import Doors, Record, case, code, packed, until

RECORDS = "/api/v1/records/registrations"
STATUS = "SELECT status, error, idempotency_key IS NOT NULL FROM batches ORDER BY id"


def differences(doors: Doors) -> list[object]:
    with doors.database.write() as connection:
        return list(reconcile(connection, doors.database.setting(connection)))


def test_a_named_request_is_loaded_once_and_answered_the_same(doors: Doors) -> None:
    token = doors.token()
    sent = [case(1), case(2, province="IR-99")]
    first = doors.send("registrations", sent, token, Idempotency_Key="monday")
    version = doors.rows("SELECT number FROM data_version")
    again = doors.send("registrations", sent, token, Idempotency_Key="monday", Accept_Language="vi")
    body = packed(json.dumps(sent).encode())
    shorter = doors.ask(RECORDS, body, token, Idempotency_Key="monday", Content_Encoding="gzip")
    assert first.get_json() == again.get_json() == shorter.get_json()
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert doors.rows("SELECT count(*) FROM batches") == doors.rows("SELECT count(*) FROM quarantine") == [(1,)]
    assert doors.rows("SELECT number FROM data_version") == version


def test_a_name_stands_for_one_request_of_one_sender(doors: Doors) -> None:
    token = doors.token()
    doors.send("registrations", [case(1)], token, Idempotency_Key="monday")
    for subject, sent in (("registrations", [case(2)]), ("benefits", [case(1)])):
        assert doors.send(subject, sent, token, Idempotency_Key="monday").status_code == 422
    assert doors.rows("SELECT count(*) FROM batches") == [(1,)]
    assert doors.send("registrations", [case(2)], doors.token(), Idempotency_Key="monday").get_json()["accepted"] == 1


def test_without_a_name_every_request_is_a_batch(doors: Doors) -> None:
    token = doors.token()
    answers = [doors.send("registrations", [case(1)], token).get_json() for _ in range(2)]
    assert [answer["accepted"] for answer in answers] == [1, 0]
    assert answers[1]["unchanged"] == 1
    assert doors.rows("SELECT idempotency_key, request_hash, answer FROM batches") == [(None, None, None)] * 2


def test_what_was_refused_may_be_put_right_under_its_name(doors: Doors) -> None:
    token = doors.token()
    assert doors.ask(RECORDS, b"[", token, Idempotency_Key="monday").status_code == 400
    assert doors.send("registrations", [case(1)], token, Idempotency_Key="monday").status_code == 200


def test_while_it_is_at_work_and_when_it_broke_off(doors: Doors) -> None:
    token = doors.token()
    with ThreadPoolExecutor() as pool, doors.database.write() as connection:
        lock_subjects(connection)
        first = pool.submit(doors.send, "registrations", [case(1)], token, Idempotency_Key="monday")
        waiting = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'advisory' AND datname = current_database()"
        until(lambda: doors.rows(waiting) != [])
        again = doors.send("registrations", [case(1)], token, Idempotency_Key="monday")
        assert (again.status_code, again.headers["Retry-After"]) == (409, "2")
        assert doors.send("registrations", [case(2)], token, Idempotency_Key="monday").status_code == 422
        assert doors.send("registrations", [], token, Idempotency_Key="tuesday").status_code == 200
        ours = f"pg_backend_pid(), {connection.info.backend_pid}"
        others = f"FROM pg_stat_activity WHERE datname = current_database() AND pid NOT IN ({ours})"
        doors.rows(f"SELECT pg_terminate_backend(pid) {others}")  # all its sessions, as when its process is killed
        broken = first.result()
        assert (broken.status_code, broken.headers["Retry-After"]) == (503, "5")
    assert doors.rows("SELECT * FROM registrations") == []
    last = doors.send("registrations", [case(1)], token, Idempotency_Key="monday")
    assert last.get_json()["accepted"] == 1
    assert "Idempotency-Replayed" not in last.headers
    assert doors.rows(STATUS) == [
        ("failed", "interrupted", False),
        ("complete", None, True),
        ("complete", None, True),
    ]


def test_one_name_sent_by_many_at_once(doors: Doors) -> None:
    token = doors.token()

    def send(_: int) -> int:
        return doors.send("registrations", [case(1)], token, Idempotency_Key="monday").status_code

    with ThreadPoolExecutor(4) as pool:
        answered = list(pool.map(send, range(12)))
    assert set(answered) <= {200, 409}
    assert 200 in answered
    assert doors.rows("SELECT count(*) FROM batches") == [(1,)]


def test_many_senders_bring_the_same_new_cases_at_once(doors: Doors) -> None:
    token = doors.token()

    def send(first: int) -> dict[str, int]:
        sent = [case(n, province=f"IR-{n % 30:02}", national_code=code(n)) for n in range(first, first + 120)]
        answer = doors.send("registrations", sent[::-1] if first % 40 else sent, token)
        assert answer.status_code == 200
        return dict(answer.get_json())

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(send, [0, 20, 40, 60] * 3))
    assert doors.rows("SELECT count(*), count(DISTINCT id) FROM registrations") == [(180, 180)]
    assert sum(answer["accepted"] for answer in said) == 180
    assert sum(answer["unchanged"] for answer in said) == 12 * 120 - 180
    assert doors.rows("SELECT sum(n) FROM day_cells WHERE milestone = 'opened'") == [(180,)]
    assert differences(doors) == []


_versions = count()
VERSIONS = st.lists(
    st.fixed_dictionaries(
        {"id": st.sampled_from("abc"), "day": st.integers(1, 3), "channel": st.sampled_from(["online", "office"])}
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(batches=st.lists(VERSIONS, min_size=1, max_size=3), again=st.permutations(range(3)))
def test_order_and_repetition_change_nothing(doors: Doors, batches: list[list[Record]], again: list[int]) -> None:
    """Cases of ids of their own, sent in order; then once more in any order, named and not: the state stays."""
    token, run = doors.token(), next(_versions)
    sent = [[_version(run, version) for version in batch] for batch in batches]
    for number, batch in enumerate(sent):
        doors.send("registrations", batch, token, Idempotency_Key=f"{run} {number}")
    state = doors.state()
    for number in (place for place in again if place < len(sent)):
        for headers in ({"Idempotency_Key": f"{run} {number}"}, {}):
            assert doors.send("registrations", sent[number], token, **headers).status_code == 200
    assert doors.state() == state
    latest: dict[str, int] = {}
    for version in (version for batch in batches for version in batch):
        name = f"r{run} {version['id']}"
        latest[name] = max(latest.get(name, 0), version["day"])
    found = doors.rows("SELECT id, extract(day FROM updated_at)::int FROM registrations WHERE id LIKE %s", f"r{run} %")
    assert dict(found) == latest
    assert differences(doors) == []


def _version(run: int, version: Record) -> Record:
    moment = f"2024-05-0{version['day']}T10:00:00Z"
    return case(f"{run} {version['id']}", channel=version["channel"], opened_at="2024-05-01", updated_at=moment)
