"""Cases as records: the newest state of facts, in the form in which the intake takes them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, LiteralString, cast

import psycopg

from dashboard.claims.subjects import Field, Subject

Connection = psycopg.Connection[tuple[Any, ...]]


def open_records(connection: Connection, subject: Subject, limit: int) -> Iterator[dict[str, str]]:
    """At most ``limit`` cases that are open, the newest first, as texts by field; persons as ``#`` and their hash."""
    fields = subject.fields
    columns = ", ".join(field.column for field in fields)
    statement = f"SELECT {columns} FROM {subject.key} WHERE closed_at IS NULL ORDER BY opened_at DESC LIMIT %s"
    for row in connection.execute(cast(LiteralString, statement), (limit,)):
        yield {field.name: _text(field, value) for field, value in zip(fields, row, strict=True)}


def _text(field: Field, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bytes):
        return f"#{value.hex()}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list):
        return "|".join(value)
    return str(value)
