"""Cases as records: the newest state of facts, in the form in which the intake takes them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Any

import psycopg

from dashboard.claims.subjects import Subject

Connection = psycopg.Connection[tuple[Any, ...]]


def open_records(connection: Connection, subject: Subject, limit: int) -> Iterator[dict[str, str]]:
    """At most ``limit`` cases that are open, the newest first, as texts by field; persons as ``#`` and their hash."""
    fields = subject.fields
    columns = ", ".join(field.column for field in fields)
    statement = f"SELECT {columns} FROM {subject.key} WHERE closed_at IS NULL ORDER BY opened_at DESC LIMIT %s"
    for row in connection.execute(statement, (limit,)):
        yield {field.name: _text(value) for field, value in zip(fields, row, strict=True)}


def records(connection: Connection, subject: Subject, ids: Collection[str]) -> dict[str, dict[str, str]]:
    """The cases of those ids that there are, by id, each as texts by column, derived columns included."""
    columns = ", ".join(field.column for field in subject.columns)
    statement = f"SELECT {columns} FROM {subject.key} WHERE id = ANY(%s)"
    found: dict[str, dict[str, str]] = {}
    for row in connection.execute(statement, (list(ids),)):
        record = {field.name: _text(value) for field, value in zip(subject.columns, row, strict=True)}
        found[record["id"]] = record
    return found


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bytes):
        return f"#{value.hex()}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list):
        return "|".join(value)
    return str(value)
