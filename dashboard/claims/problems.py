"""Problem reports: what a province reports, what headquarters answer, and answers published to all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg

from dashboard.claims.ledger import announce
from dashboard.claims.subjects import SUBJECTS
from dashboard.intake.characters import normalised
from dashboard.intake.person import names_person
from dashboard.jurisdictions import Jurisdiction

Connection = psycopg.Connection[tuple[Any, ...]]

LONGEST = {"reporter": 80, "title": 120, "body": 2000, "answered_by": 80, "answer": 2000}
"""Characters of each text at most."""
MOST_AN_HOUR = 200
"""Reports of one province within an hour that are still taken for reports."""


class Refused(ValueError):
    """A report or an answer that cannot be kept: ``field`` says what of it, ``why`` is the key of the reason.

    Reasons: ``empty``, ``long``, ``unknown``, ``person``, ``many``, ``gone``.
    """

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field = field
        self.why = why


@dataclass(frozen=True)
class Report:
    """What a province reports. ``subject`` may be empty: it is not about records of one."""

    province: str
    reporter: str
    title: str
    body: str = ""
    subject: str = ""
    urgent: bool = False


def report(
    connection: Connection, told: Report, jurisdiction: Jurisdiction, noted: Callable[[int], None] | None = None
) -> int:
    """Keep a report and tell every open page; its number. Commits. Refused for what cannot be kept.

    ``noted`` is called with its number before that, to write what belongs into the same transaction.
    """
    if told.province not in {province.code for province in jurisdiction.provinces}:
        raise Refused("province", "unknown")
    if told.subject and told.subject not in SUBJECTS:
        raise Refused("subject", "unknown")
    texts = {
        name: _checked(name, getattr(told, name), jurisdiction, needed=name != "body")
        for name in ("title", "body", "reporter")
    }
    row = connection.execute(
        "INSERT INTO problem_reports (province, subject, urgent, reporter, title, body) "
        "SELECT %(province)s, %(subject)s, %(urgent)s, %(reporter)s, %(title)s, %(body)s "
        "WHERE (SELECT count(*) FROM problem_reports WHERE province = %(province)s AND answered_at IS NULL "
        "AND reported_at > now() - interval '1 hour') < %(most)s RETURNING id",
        {
            **texts,
            "province": told.province,
            "subject": told.subject,
            "urgent": told.urgent,
            "most": MOST_AN_HOUR,
        },
    ).fetchone()
    if row is None:
        connection.rollback()
        raise Refused("province", "many")
    if noted:
        noted(int(row[0]))
    announce(connection)
    connection.commit()
    return int(row[0])


def answer(
    connection: Connection, number: int, words: str, by: str, jurisdiction: Jurisdiction, publish: bool = False
) -> None:
    """Answer an open report and tell every open page; ``publish`` shows report and answer to all provinces. Commits.

    Refused for what cannot be kept, and for a report that is not there or was answered meanwhile.
    """
    given = _checked("answer", words, jurisdiction)
    name = _checked("answered_by", by, jurisdiction)
    done = connection.execute(
        "UPDATE problem_reports SET answered_at = clock_timestamp(), answer = %s, answered_by = %s, published = %s "
        "WHERE id = %s AND answered_at IS NULL",
        (given, name, publish, number),
    )
    if not done.rowcount:
        connection.rollback()
        raise Refused("number", "gone")
    announce(connection)
    connection.commit()


def _checked(field: str, text: str, jurisdiction: Jurisdiction, needed: bool = True) -> str:
    """A text fit to be kept: trimmed, not too long, and naming no person by a national code."""
    kept = text.replace("\0", "").strip()
    if needed and not kept:
        raise Refused(field, "empty")
    if len(kept) > LONGEST[field]:
        raise Refused(field, "long")
    if names_person(normalised(kept), jurisdiction.person_code):
        raise Refused(field, "person")
    return kept
