"""The quarantine: rejected records with where they came from, why, and their text without any national code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class Kept:
    """A rejected record. ``header`` and ``raw`` together are a file of one record that can be corrected and loaded."""

    subject: str
    source: str
    line: int
    raw: str
    code: str
    field: str
    value: str
    detail: str
    header: str
    province: str | None = None
    id: int = 0


_COLUMNS = "subject, source, line, raw, code, field, value, detail, header, province"


def keep(connection: Connection, batch_id: int, records: Iterable[Kept]) -> None:
    """Put records into quarantine, inside the transaction that books them."""
    with connection.cursor().copy(f"COPY quarantine (batch_id, {_COLUMNS}) FROM STDIN") as copy:
        for kept in records:
            # PostgreSQL's text cannot hold the character NUL.
            texts = [text.replace("\0", "\\x00") for text in (kept.raw, kept.code, kept.field, kept.value, kept.detail)]
            copy.write_row((batch_id, kept.subject, kept.source, kept.line, *texts, kept.header, kept.province))


def listed(connection: Connection, subject: str | None = None, batch_id: int | None = None) -> Iterator[Kept]:
    """Records in quarantine that were not replayed yet, oldest first."""
    with connection.cursor(name="quarantine_listed") as cursor:
        cursor.execute(
            f"SELECT {_COLUMNS}, id FROM quarantine WHERE replayed_in IS NULL "
            "AND (%(subject)s::text IS NULL OR subject = %(subject)s) "
            "AND (%(batch)s::bigint IS NULL OR batch_id = %(batch)s) ORDER BY id",
            {"subject": subject, "batch": batch_id},
        )
        for row in cursor:
            yield Kept(*row)


def tally(connection: Connection) -> list[tuple[str, str, int]]:
    """How many records of each subject are in quarantine for each reason: subject, code, n."""
    return connection.execute(
        "SELECT subject, code, count(*) FROM quarantine WHERE replayed_in IS NULL GROUP BY 1, 2 ORDER BY 1, 3 DESC"
    ).fetchall()


def mark_replayed(connection: Connection, ids: list[int], batch_id: int) -> None:
    """Note in which batch records were tried again; those rejected once more are in quarantine anew."""
    connection.execute("UPDATE quarantine SET replayed_in = %s WHERE id = ANY(%s)", (batch_id, ids))
