"""What a sender may send: records of its own provinces, and no new version of a case that another province has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.claims.subjects import Subject
from dashboard.intake.characters import flags
from dashboard.intake.findings import Findings
from dashboard.intake.validate import Check

Connection = psycopg.Connection[tuple[Any, ...]]


def only(connection: Connection, subject: Subject, provinces: tuple[str, ...]) -> Check:
    """The check that finds records a sender entitled to ``provinces`` may not send.

    A former code of a province counts as today's. Without the look at the cases that are known, a sender could take
    another province's case over by sending its id. ValueError for a subject whose records have no province.
    """
    if "province" not in {field.name for field in subject.fields}:
        raise ValueError(f"{subject.key} have no province to restrict a sender to")
    statement = f"SELECT id FROM {subject.key} WHERE id = ANY(%s) AND province <> ALL(%s)"

    def check(columns: Mapping[str, pa.Array], texts: Mapping[str, pa.Array], findings: Findings) -> None:
        own = pa.array(provinces, pa.string())
        foreign = flags(pc.invert(pc.is_in(columns["province"], own)))
        findings.add("province_not_allowed", foreign, "province", texts["province"])
        if "id" in columns:
            ids = columns["id"].filter(pa.array(findings.sound)).to_pylist()
            rows = connection.execute(statement, (ids, list(provinces))).fetchall()
            connection.rollback()  # nothing was written; the next chunk shall see the cases of its own time
            taken = pa.array([row[0] for row in rows], pa.string())
            findings.add("case_not_allowed", flags(pc.is_in(columns["id"], taken)), "id", texts["id"])

    return check
