"""Problem reports of the demo."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dashboard.claims.database import Database
from dashboard.intake.demo import reports
from dashboard.text import text


@pytest.mark.parametrize("jurisdiction", ["ir", "vn"])
def test_a_handful_is_reported_once_and_one_is_answered_to_all(
    new_claims: Callable[..., Database], jurisdiction: str
) -> None:
    db = new_claims(jurisdiction)
    for _ in range(2):
        with db.write() as connection:
            reports.report(connection, db.jurisdiction)
    with db.write() as connection:
        rows = connection.execute("SELECT title, answer, published, province FROM problem_reports").fetchall()
    words = text(db.jurisdiction.languages[0])
    assert {row[0] for row in rows} == {
        words(f"demo.report.{key}.title") for key in ("premiums", "codes", "scans", "boards", "line")
    }
    assert [row[1:3] for row in rows if row[1]] == [(words("demo.report.codes.answer"), True)]
    assert len({row[3] for row in rows}) == 5
