"""Problem reports: kept with their limits, answered once, and told to every open page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dashboard.claims.database import Database
from dashboard.claims.problems import LONGEST, MOST_AN_HOUR, Refused, Report, answer, report

TOLD = Report("IR-23", "A. Clerk", "Uploads fail", "Since this morning.\nEvery file.", "registrations", urgent=True)


def send(claims: Database, told: Report = TOLD) -> int:
    with claims.write() as connection:
        return report(connection, told, claims.jurisdiction)


def reply(claims: Database, number: int, words: str = "Put right.", by: str = "Desk", publish: bool = False) -> None:
    with claims.write() as connection:
        answer(connection, number, words, by, claims.jurisdiction, publish)


def kept(claims: Database, number: int) -> tuple[object, ...]:
    with claims.write() as connection:
        row = connection.execute(
            "SELECT province, subject, urgent, reporter, title, body, answer, answered_by, published, "
            "answered_at >= reported_at FROM problem_reports WHERE id = %s",
            (number,),
        ).fetchone()
    assert row is not None
    return row


def test_a_report_is_kept_and_announced(claims: Database) -> None:
    before = claims.version().number
    number = send(claims, replace(TOLD, title="  Uploads fail\0 "))
    told = ("IR-23", "registrations", True, "A. Clerk", "Uploads fail", "Since this morning.\nEvery file.")
    assert kept(claims, number) == (*told, None, None, False, None)
    assert claims.version().number == before + 1


@pytest.mark.parametrize("publish", [True, False])
def test_an_answer_is_kept_and_announced(claims: Database, publish: bool) -> None:
    number = send(claims)
    before = claims.version().number
    reply(claims, number, publish=publish)
    assert kept(claims, number)[6:] == ("Put right.", "Desk", publish, True)
    assert claims.version().number == before + 1


def test_a_report_is_answered_once(claims: Database) -> None:
    number = send(claims)
    reply(claims, number)
    for wrong in (number, number + 1000):
        with pytest.raises(Refused) as refused:
            reply(claims, wrong, "Something else.")
        assert (refused.value.field, refused.value.why) == ("number", "gone")
    assert kept(claims, number)[6] == "Put right."


@pytest.mark.parametrize(
    ("changes", "field", "why"),
    [
        ({"province": "IR-99"}, "province", "unknown"),
        ({"province": ""}, "province", "unknown"),
        ({"subject": "weather"}, "subject", "unknown"),
        ({"title": " \n "}, "title", "empty"),
        ({"reporter": ""}, "reporter", "empty"),
        ({"title": "x" * (LONGEST["title"] + 1)}, "title", "long"),
        ({"body": "x" * (LONGEST["body"] + 1)}, "body", "long"),
        ({"body": "Applicant 0932833810 cannot file."}, "body", "person"),
        ({"title": "کد ملی ۰۹۳۲۸۳۳۸۱۰"}, "title", "person"),
    ],
)
def test_what_cannot_be_kept_is_refused(claims: Database, changes: dict[str, str], field: str, why: str) -> None:
    with pytest.raises(Refused) as refused:
        send(claims, replace(TOLD, **changes))
    assert (refused.value.field, refused.value.why) == (field, why)
    with claims.write() as connection:
        assert connection.execute("SELECT count(*) FROM problem_reports").fetchone() == (0,)


@pytest.mark.parametrize(
    ("words", "by", "field", "why"), [("", "D", "answer", "empty"), ("A", " ", "answered_by", "empty")]
)
def test_an_answer_needs_words_and_a_name(claims: Database, words: str, by: str, field: str, why: str) -> None:
    number = send(claims)
    with pytest.raises(Refused) as refused:
        reply(claims, number, words, by)
    assert (refused.value.field, refused.value.why) == (field, why)
    assert kept(claims, number)[6] is None


def test_a_flood_of_one_province_ends_and_leaves_the_others_room(claims: Database) -> None:
    with claims.write() as connection:
        connection.execute(
            "INSERT INTO problem_reports (province, reporter, title) "
            "SELECT 'IR-23', 'a', 'b' FROM generate_series(1, %s)",
            (MOST_AN_HOUR,),
        )
        connection.commit()
    with pytest.raises(Refused, match="many"):
        send(claims)
    assert send(claims, replace(TOLD, province="IR-07"))


def test_words_are_never_taken_for_a_statement(claims: Database) -> None:
    words = "'); DROP TABLE problem_reports; -- <script>alert(1)</script> {title} %s"
    number = send(claims, replace(TOLD, title=words, body=words, reporter=words))
    reply(claims, number, words, words)
    assert kept(claims, number)[3:8] == (words, words, words, words, words)
