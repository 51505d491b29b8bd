"""What belongs to one person: a connection that sees nothing of anybody else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from dashboard.claims.database import Database


@contextmanager
def own(database: Database, person_id: int) -> Iterator[Connection]:
    """A transaction under ``rasad_gate`` in which policies let through what is a person's own, and no other's."""
    with database.gate.begin() as connection:
        connection.execute(text("SELECT set_config('rasad.person', :id, true)"), {"id": str(person_id)})
        yield connection
