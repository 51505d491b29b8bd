"""Records sent over HTTP are loaded like a file, and every one of them is accounted for."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from dashboard.claims.database import Database
from dashboard.claims.merge import lock_subjects
from dashboard.claims.reconcile import reconcile
from dashboard.claims.subjects import SUBJECTS
from dashboard.intake.load import Loader
from dashboard.intake.mapping import plain
from dashboard.intake.reading import from_objects
from tests.dashboard.intake.door.doors import KEY, PREMIUM, Doors, case, code, opened, packed, until

NDJSON = "application/x-ndjson"


def test_every_record_is_accounted_for(doors: Doors) -> None:
    token = doors.token()
    assert doors.send("registrations", [case(1)], token).status_code == 200
    sent = [case(1), case(2), case(3, province="IR-99"), 7, case(4, channel="pigeon"), {**case(5), "colour": "red"}]
    answer = doors.send("registrations", sent, token)
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    said = answer.get_json()
    batch = said.pop("batch")
    rejected = said.pop("rejected")
    assert said == {"received": 6, "accepted": 1, "unchanged": 1, "quarantined": 4, "conflicts": 0}
    assert [(one["record"], one["code"], one["column"]) for one in rejected] == [
        (3, "unknown_province", "province"),
        (4, "not_an_object", None),
        (5, "unknown_code", "channel"),
        (6, "unknown_column", None),
    ]
    assert rejected[2]["reason"] == "pigeon is no known code of channel."
    assert doors.rows("SELECT id FROM registrations ORDER BY id") == [("r1",), ("r2",)]
    assert doors.rows("SELECT line, code FROM quarantine WHERE batch_id = %s ORDER BY id", batch) == [
        (one["record"], one["code"]) for one in rejected
    ]
    ledger = "SELECT token_id, source, status, received, accepted, unchanged, quarantined FROM batches WHERE id = %s"
    (number,) = doors.rows("SELECT id FROM tokens")[0]
    assert doors.rows(ledger, batch) == [(number, f"token-{number}", "complete", 6, 1, 1, 4)]


def test_it_is_the_load_of_a_file(doors: Doors, new_claims: Any) -> None:
    sent = [case(n, national_code=code(n), workshop_code="0183630045", province=f"IR-{n:02}") for n in range(1, 9)]
    premiums = [{**PREMIUM, "national_code": code(n), "months": n} for n in range(1, 6)]
    other = new_claims()
    for subject, records in (("premiums", premiums), ("registrations", sent)):
        assert doors.send(subject, records, doors.token()).get_json()["accepted"] == len(records)
        chosen = SUBJECTS[subject]
        Loader(other, chosen, KEY).chunks("file", [from_objects(records, plain(chosen))].__iter__)
    assert doors.state() == Doors(doors.server, other).state()
    assert doors.state()["registrations"]


def test_a_conflict_is_told(doors: Doors) -> None:
    token = doors.token()
    doors.send("registrations", [case(1)], token)
    assert doors.send("registrations", [case(1, channel="office")], token).get_json()["conflicts"] == 1


def test_one_object_a_line(doors: Doors) -> None:
    lines = [json.dumps(case(1)).encode(), b"", b'{"id": "r2"', b'"\xff"', json.dumps(case(3)).encode() + b"\r", b" "]
    body = b"\xef\xbb\xbf" + b"\n".join(lines)
    for sent, headers, accepted in ((body, {}, 2), (packed(body), {"Content_Encoding": "gzip"}, 0)):
        answer = doors.ask("/api/v1/records/registrations", sent, doors.token(), Content_Type=NDJSON, **headers)
        said = answer.get_json()
        assert (said["received"], said["accepted"], said["quarantined"]) == (4, accepted, 2)
        assert [(one["record"], one["code"]) for one in said["rejected"]] == [(2, "bad_json"), (3, "undecodable")]
    assert doors.rows("SELECT id FROM registrations ORDER BY id") == [("r1",), ("r3",)]


def test_a_packed_body_may_be_packed_in_parts(doors: Doors) -> None:
    body = packed(b"[" + json.dumps(case(1)).encode()) + packed(b"]")
    answer = doors.ask("/api/v1/records/registrations", body, doors.token(), Content_Encoding="gzip")
    assert answer.get_json()["accepted"] == 1


def test_no_record_at_all_is_an_empty_batch(doors: Doors) -> None:
    said = doors.send("registrations", [], doors.token()).get_json()
    assert (said["received"], said["rejected"]) == (0, [])


def test_reasons_are_told_in_the_language_asked_for(doors: Doors) -> None:
    token = doors.token()
    for asked, language, sentence in (
        ("en", "en", "IR-99 in province is no known province code."),
        ("vi-VN,vi;q=0.9", "vi", "IR-99 trong province không phải là mã tỉnh, thành phố."),
        ("fr;q=0.9, fa;q=0.5", "fa", "کد هیچ استانی نیست."),
        ("de", "fa", "کد هیچ استانی نیست."),
    ):
        answer = doors.send("registrations", [case(1, province="IR-99")], token, Accept_Language=asked)
        assert answer.headers["Content-Language"] == language
        assert sentence in answer.get_json()["rejected"][0]["reason"]


def test_nothing_in_a_value_breaks_the_load_or_the_answer(doors: Doors) -> None:
    odd = ["a\0b", "\\N", '"', "a\nb", "\ufeff", "x" * 5_000, "\u202e", {"a": 1}, ["a", "b"], 1e300, -1, True, None]
    columns = ("id", "channel", "opened_at", "age")
    sent = [case(n, **{column: value}) for n, value in enumerate(odd) for column in columns]
    token = doors.token()
    answer = doors.send("registrations", sent, token, Idempotency_Key="odd")
    assert answer.status_code == 200
    said = answer.get_json()
    assert said["received"] == len(sent) == said["accepted"] + said["unchanged"] + said["quarantined"]
    assert max(len(one["reason"]) for one in said["rejected"]) < 300
    assert doors.send("registrations", sent, token, Idempotency_Key="odd").get_json() == said


def test_what_a_sender_of_some_provinces_may_send(doors: Doors) -> None:
    doors.send("registrations", [case(1, province="IR-07"), case(2)], doors.token())
    before = doors.rows("SELECT * FROM registrations ORDER BY id")
    token = doors.token(provinces=("IR-23",))
    later = {"updated_at": "2024-06-01 10:00:00"}
    sent = [case(1, **later), case(2, **later), case(3), case(4, province="IR-07"), case(5, province="IR-99")]
    said = doors.send("registrations", sent, token).get_json()
    assert [(one["record"], one["code"], one["column"]) for one in said["rejected"]] == [
        (1, "case_not_allowed", "id"),
        (4, "province_not_allowed", "province"),
        (5, "unknown_province", "province"),
    ]
    assert said["accepted"] == 2
    after = doors.rows("SELECT * FROM registrations ORDER BY id")
    assert after[0] == before[0]
    assert [row[0] for row in after] == ["r1", "r2", "r3"]
    with doors.database.write() as connection:
        assert reconcile(connection, doors.database.setting(connection)) == []


def test_a_sender_of_some_provinces_may_use_their_former_codes(new_claims: Any) -> None:
    doors = opened(new_claims("vn"))
    jurisdiction = doors.database.jurisdiction
    old, merge = next((old, merge) for old, merge in jurisdiction.merges.items() if old != merge.new)
    category = jurisdiction.codes["registrations.category"][0].key
    other = next(province.code for province in jurisdiction.provinces if province.code != merge.new)
    for own, accepted in ((merge.new, 1), (other, 0)):
        sent = [case(own, province=old, category=category)]
        said = doors.send("registrations", sent, doors.token(provinces=(own,))).get_json()
        assert said["accepted"] == accepted, said


def test_tallies_of_other_provinces_are_refused(doors: Doors) -> None:
    tally = {
        "day": "2024-05-01",
        "subject": "registrations",
        "milestone": "opened",
        "n": 3,
        "category": "unemployment_insurance",
        "updated_at": "2024-05-02 10:00:00",
    }
    sent = [{**tally, "province": "IR-23"}, {**tally, "province": "IR-07"}]
    said = doors.send("aggregates", sent, doors.token(provinces=("IR-23",))).get_json()
    assert [(one["record"], one["code"]) for one in said["rejected"]] == [(2, "province_not_allowed")]


def test_the_page_keeps_its_threads(claims: Database) -> None:
    doors = opened(claims, threads=5)
    token = doors.token()
    with ThreadPoolExecutor() as pool, claims.write() as connection:
        lock_subjects(connection)  # so the one place there is stays taken
        first = pool.submit(doors.send, "registrations", [case(1)], token)
        until(lambda: doors.rows("SELECT 1 FROM batches") != [])
        second = doors.send("registrations", [case(2)], token)
        connection.rollback()
        assert first.result().status_code == 200
    assert (second.status_code, second.headers["Retry-After"]) == (503, "1")
    assert doors.send("registrations", [case(2)], token).status_code == 200
