"""Problem reports of the demo: what provinces would report, through the door that real reports come in by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg

from dashboard.claims import problems
from dashboard.claims.problems import Report
from dashboard.jurisdictions import Jurisdiction
from dashboard.text import text

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class _Told:
    """A report by the key of its texts; ``place`` is its province's place in the list, counted from the first."""

    key: str
    place: int
    subject: str = ""
    urgent: bool = False
    answered: bool = False


_REPORTS = (
    _Told("premiums", 3, "registrations", urgent=True),
    _Told("codes", 8, urgent=True, answered=True),
    _Told("scans", 14, "service_requests"),
    _Told("boards", 20, "disputes"),
    _Told("line", 26, "service_requests"),
)


def report(connection: Connection, jurisdiction: Jurisdiction) -> None:
    """Report a handful of problems, one of them answered and published, unless there are reports already. Commits."""
    if connection.execute("SELECT EXISTS (SELECT FROM problem_reports)").fetchall()[0][0]:
        return
    words = text(jurisdiction.languages[0])
    for told in _REPORTS:
        province = jurisdiction.provinces[told.place % len(jurisdiction.provinces)].code
        title, body = (words(f"demo.report.{told.key}.{part}") for part in ("title", "body"))
        made = Report(province, words("demo.reporter"), title, body, told.subject, told.urgent)
        number = problems.report(connection, made, jurisdiction)
        if told.answered:
            given = words(f"demo.report.{told.key}.answer")
            problems.answer(connection, number, given, words("demo.answerer"), jurisdiction, publish=True)
