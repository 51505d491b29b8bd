"""What a door refuses it tells in one way, and leaves no trace."""

from __future__ import annotations

import http.client
import io
import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from werkzeug.serving import make_server

from app import create_app
from dashboard.access import tokens
from dashboard.claims.database import Database, DatabaseError
from dashboard.intake.door import body
from dashboard.settings import Settings
from tests.dashboard.intake.door.doors import KEY, Doors, case, opened, packed

RECORDS, COVERED = "/api/v1/records/registrations", "/api/v1/eligibility"
ONE = json.dumps([case(1)]).encode()
QUESTION = json.dumps({"national_code": "0932833810", "workshop_code": "0183630045"}).encode()
NDJSON = {"Content_Type": "application/x-ndjson"}
GZIP = {"Content_Encoding": "gzip"}


def refused(answer: Any, status: int) -> dict[str, Any]:
    """The problem an answer tells."""
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    problem = answer.get_json()
    assert (problem["status"], problem["type"]) == (status, "about:blank")
    assert problem["title"]
    assert problem["detail"]
    return problem


def test_only_posts_are_answered(doors: Doors) -> None:
    for path, method in product(
        (RECORDS, COVERED, "/api/v1/records"), ("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS")
    ):
        answer = doors.ask(path, b"", None, method)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
        if method != "HEAD":
            refused(answer, 405)


def test_who_brings_no_good_token_is_not_let_in(doors: Doors) -> None:
    with doors.database.write() as connection:
        revoked = doors.token()
        assert tokens.revoke(connection, 1)
        expired = doors.token(days=1)
        connection.execute("UPDATE tokens SET expires_at = now() - interval '1 second' WHERE id = 2")
        connection.commit()
    good = doors.token()
    paths = (RECORDS, COVERED, "/api/v1/records/nothing")
    for path, authorization in product(paths, ("", good, "Basic dTpw", "Bearer", "Bearer ", "Token " + good)):
        challenge = doors.ask(path, ONE, None, Authorization=authorization)
        refused(challenge, 401)
        assert challenge.headers["WWW-Authenticate"] == 'Bearer realm="rasad"'
    for path, secret in product(paths, (revoked, expired, good[:-1], good.upper(), "rasad_ü", "x" * 5_000)):
        challenge = doors.ask(path, ONE, secret)
        refused(challenge, 401)
        assert 'error="invalid_token"' in challenge.headers["WWW-Authenticate"]
    assert doors.ask(RECORDS, ONE, None, Authorization="bearer  " + good).status_code == 200


def test_a_token_opens_what_it_is_for(doors: Doors) -> None:
    disputes, provincial = doors.token("disputes"), doors.token(provinces=("IR-23",))
    for answer in (
        doors.ask(RECORDS, ONE, disputes),
        doors.ask(COVERED, QUESTION, disputes),
        doors.ask("/api/v1/records/premiums", ONE, provincial),
    ):
        refused(answer, 403)
        assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]
    assert "disputes" in refused(doors.ask(RECORDS, ONE, disputes), 403)["detail"]
    assert doors.ask(COVERED, QUESTION, provincial).status_code == 200


def test_there_is_no_such_subject(doors: Doors) -> None:
    token = doors.token()
    for subject in ("", "/", "/nothing", "/registrations/", "/registrations/1", "/batches", "/%00"):
        problem = refused(doors.ask(f"/api/v1/records{subject}", ONE, token), 404)
        assert "service_requests" in problem["detail"]


def test_other_forms_are_not_taken(doors: Doors) -> None:
    token = doors.token()
    forms = (
        {"Content_Type": "text/csv"},
        {"Content_Type": ""},
        {"Content_Type": "application/json; charset=utf-16"},
        {"Content_Encoding": "br"},
        {"Content_Encoding": "gzip, gzip"},
    )
    for path, headers in product((RECORDS, COVERED), forms):
        refused(doors.ask(path, ONE, token, **headers), 415)
    assert doors.ask(RECORDS, ONE, token, Content_Type="application/json; charset=UTF-8").status_code == 200


def test_what_cannot_be_read_is_told_in_a_sentence(doors: Doors) -> None:
    token = doors.token()
    bodies: list[tuple[bytes, dict[str, str], str]] = [
        (b"", {}, "empty"),
        (b" \n", {}, "empty"),
        (b"[", {}, "not valid JSON"),
        (b'[{"id": NaN}]', {}, "not valid JSON"),
        (b"[" * 5_000, {}, "not valid JSON"),
        ('["é"]'.encode("latin-1"), {}, "not valid JSON"),
        (json.dumps(case(1)).encode(), {}, "not a JSON array"),
        (ONE + b"\n" + ONE, {}, "not valid JSON"),
        (ONE, NDJSON, "is a JSON array"),
        (ONE, GZIP, "cannot be unpacked"),
        (packed(ONE)[:-9], GZIP, "breaks off"),
        (packed(ONE) + b"junk", GZIP, "cannot be unpacked"),
        (packed(b""), GZIP, "not valid JSON"),
        (ONE, {"Idempotency_Key": " "}, "Idempotency-Key"),
        (ONE, {"Idempotency_Key": "k" * 256}, "Idempotency-Key"),
    ]
    for sent, headers, says in bodies:
        assert says in refused(doors.ask(RECORDS, sent, token, **headers), 400)["detail"], sent
    assert doors.rows("SELECT * FROM batches") == []


def test_bodies_are_bounded(doors: Doors) -> None:
    token = doors.token()
    long = b"[" + b" " * body.MOST_SENT + b"]"
    many = b"[" + b"1," * body.MOST_RECORDS + b"1]"
    assert "10,485,760 bytes" in refused(doors.ask(RECORDS, long, token), 413)["detail"]
    unpacked = packed(b"[" + b" " * body.MOST_UNPACKED + b"]")
    assert "33,554,432 bytes" in refused(doors.ask(RECORDS, unpacked, token, **GZIP), 413)["detail"]
    several = packed(b" " * (body.MOST_UNPACKED // 2)) * 3
    assert "33,554,432 bytes" in refused(doors.ask(RECORDS, several, token, **GZIP), 413)["detail"]
    assert "50,001 records" in refused(doors.ask(RECORDS, many, token), 413)["detail"]
    lines = b"1\n" * (body.MOST_RECORDS + 1)
    assert "50,001 records" in refused(doors.ask(RECORDS, lines, token, **NDJSON), 413)["detail"]
    refused(doors.ask(COVERED, b'{"national_code": "' + b" " * 20_000 + b'"}', token), 413)
    assert doors.rows("SELECT * FROM batches") == []
    assert doors.ask(RECORDS, b"[" + b" " * 9_000_000 + b"]", token).status_code == 200


@contextmanager
def listening(doors: Doors) -> Iterator[http.client.HTTPConnection]:
    """A connection to a server on a port of its own."""
    server = make_server("127.0.0.1", 0, doors.server, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=30)
    try:
        yield connection
    finally:
        connection.close()
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_body_sent_in_pieces_is_bounded_too(doors: Doors) -> None:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {doors.token()}"}
    pieces = [b"["] + [b" " * 1_000_000] * 10 + [b"]"]
    for sent, status in ((pieces[:2] + pieces[-1:], 200), (pieces[:6] + pieces, 413)):
        with listening(doors) as connection:
            connection.request("POST", RECORDS, iter(sent), headers, encode_chunked=True)
            answer = connection.getresponse()
            assert answer.status == status
            assert json.loads(answer.read())


def test_a_sender_is_heard_out_before_it_is_refused(doors: Doors) -> None:
    """Or it would find its line cut before it could read why."""
    long = b"[" + b" " * 12_000_000 + b"]"
    for headers, status in (({}, 401), ({"Authorization": f"Bearer {doors.token()}"}, 413)):
        sent = io.BytesIO(long)
        answer = doors.server.test_client().post(
            RECORDS, input_stream=sent, headers=headers, content_type="application/json", content_length=len(long)
        )
        assert (answer.status_code, sent.tell()) == (status, len(long))


def test_without_the_database_a_sender_is_told_to_come_again(doors: Doors) -> None:
    away = replace(doors.database, url="postgresql://nobody@127.0.0.1:1/nothing")
    with pytest.raises(Exception, match="refused"):
        opened(away)
    object.__setattr__(doors.database, "url", away.url)  # as if its server had gone
    for path in (RECORDS, COVERED):
        answer = doors.ask(path, ONE, "any")
        refused(answer, 503)
        assert answer.headers["Retry-After"] == "5"


def test_without_a_key_the_doors_stay_closed(new_claims: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        doors = opened(new_claims("ir", demo=False), secret_key="")
    assert "RASAD_SECRET_KEY" in caplog.text
    for path in ("/api/v1/records", RECORDS, COVERED):
        assert "RASAD_SECRET_KEY" in refused(doors.ask(path, ONE, doors.token()), 503)["detail"]
    assert doors.rows("SELECT * FROM deployment WHERE key = 'key_mark'") == []


def test_another_key_than_the_datas_own_stops_the_start(claims: Database) -> None:
    opened(claims)
    with pytest.raises(DatabaseError, match="RASAD_SECRET_KEY"):
        opened(claims, secret_key="another key, of more than thirty-two characters")


def test_the_application_has_the_doors(claims: Database, tmp_path: Any) -> None:
    app = create_app(Settings(database_url=claims.url, data_dir=tmp_path, demo=True, secret_key=KEY))
    doors = Doors(app.server, claims)
    try:
        refused(doors.ask(RECORDS, ONE, None), 401)
        refused(doors.ask(COVERED, b"", None, "GET"), 405)
        assert doors.ask(RECORDS, ONE, doors.token()).get_json()["accepted"] == 1
        assert doors.ask(COVERED, QUESTION, doors.token()).get_json()["covered"] is False
        assert app.server.test_client().get("/livez").status_code == 200
    finally:
        app.server.extensions["rasad"].feed.stop()
        app.server.extensions["rasad"].database.close()


def test_refusals_do_not_count_as_data(doors: Doors) -> None:
    before = doors.rows("SELECT number FROM data_version")
    doors.ask(RECORDS, b"[", doors.token())
    doors.ask(COVERED, QUESTION, doors.token())
    assert doors.rows("SELECT number FROM data_version") == before
