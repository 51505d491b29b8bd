"""What headquarters judge by: targets for measures, and annotations of days on which something changed.

Both are written here and nowhere else; each writing raises the data version, so that every open page shows it at once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

import psycopg

from dashboard.claims.ledger import announce
from dashboard.jurisdictions import Jurisdiction
from dashboard.measures import MEASURES

Connection = psycopg.Connection[tuple[Any, ...]]

LONGEST: Final = 160
"""Characters of an annotation: what a reader takes in beside a chart."""
_JUDGED: Final = frozenset({"share", "days"})


class BadJudgement(ValueError):
    """A target or an annotation that cannot be kept; ``reason`` is the key of the sentence that says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def measures(jurisdiction: Jurisdiction) -> tuple[str, ...]:
    """The measures a target may be set for: shares and durations, whatever the volume of cases.

    Where the jurisdiction is neutral about the online share, a target would press applicants online: there is none.
    """
    return tuple(
        key
        for key, measure in MEASURES.items()
        if measure.format in _JUDGED and (not measure.choice or (jurisdiction.online_is_aim and measure.good))
    )


def set_target(
    connection: Connection, jurisdiction: Jurisdiction, measure: str, province: str, value: float, by: str
) -> None:
    """Set the target of a measure (share 0 to 1, or days) for a province, or with "" for the nation. Commits."""
    if measure not in measures(jurisdiction):
        raise BadJudgement("measure")
    if province and province not in {p.code for p in jurisdiction.provinces}:
        raise BadJudgement("province")
    most = 1.0 if MEASURES[measure].format == "share" else 3660.0
    if not 0 <= value <= most:
        raise BadJudgement("value")
    connection.execute(
        "INSERT INTO targets (measure, province, value, set_by) VALUES (%s, %s, %s, %s) "
        "ON CONFLICT (measure, province) DO UPDATE "
        "SET value = excluded.value, set_by = excluded.set_by, set_at = now()",
        (measure, province, value, by),
    )
    _commit(connection)


def drop_target(connection: Connection, measure: str, province: str) -> None:
    """Take a target away. Commits."""
    connection.execute("DELETE FROM targets WHERE measure = %s AND province = %s", (measure, province))
    _commit(connection)


def annotate(
    connection: Connection,
    jurisdiction: Jurisdiction,
    day: date,
    words: str,
    by: str,
    subject: str = "",
    province: str = "",
    noted: Callable[[int], None] | None = None,
) -> None:
    """Note on a day what happened: a new rule, an outage. Empty subject or province: all of them. Commits.

    ``noted`` is called with its number before that, to write what belongs into the same transaction.
    """
    told = " ".join(words.split())
    if not told or len(told) > LONGEST:
        raise BadJudgement("words")
    if not date(1990, 1, 1) <= day <= date(2100, 12, 31):
        raise BadJudgement("day")
    if province and province not in {p.code for p in jurisdiction.provinces}:
        raise BadJudgement("province")
    row = connection.execute(
        "INSERT INTO annotations (day, subject, province, words, set_by) VALUES (%s, %s, %s, %s, %s) RETURNING id",
        (day, subject, province, told, by),
    ).fetchone()
    assert row is not None
    if noted:
        noted(int(row[0]))
    _commit(connection)


def drop_annotation(connection: Connection, number: int) -> None:
    """Take an annotation away. Commits."""
    connection.execute("DELETE FROM annotations WHERE id = %s", (number,))
    _commit(connection)


def _commit(connection: Connection) -> None:
    announce(connection)
    connection.commit()
