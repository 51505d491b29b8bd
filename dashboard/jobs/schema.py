"""The queue's own tables (Procrastinate's), in a schema of their own, brought up to the version that is installed."""

from __future__ import annotations

from pathlib import Path

from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, text

SCHEMA = "jobs"
PATH = f"{SCHEMA}, public"
"""The search path under which the queue finds its tables: it names them without a schema."""

_KEY = "jobs_schema"
_GRANTS = f"""
GRANT USAGE ON SCHEMA {SCHEMA} TO rasad_gate;
GRANT INSERT, SELECT (id, queueing_lock) ON {SCHEMA}.procrastinate_jobs TO rasad_gate;
GRANT INSERT ON {SCHEMA}.procrastinate_events TO rasad_gate;
GRANT SELECT (last_heartbeat) ON {SCHEMA}.procrastinate_workers TO rasad_gate;
GRANT USAGE ON SEQUENCE {SCHEMA}.procrastinate_jobs_id_seq, {SCHEMA}.procrastinate_events_id_seq TO rasad_gate;
"""
"""Who asks from a page may add a job, see that a worker lives, and read of a job nothing but its number and the name
under which no second one waits (without that, the server does not say which was there); ``rasad_app`` may do nothing.
"""


def bring_up(connection: Connection) -> None:
    """Make the queue's tables, or apply what newer versions of it change; the caller holds the lock of the schema.

    The steps come with the package, named by the version they belong to, in order. The name of the last one applied is
    kept in ``deployment``. Rasad is stopped while it is upgraded, so the steps before and after a new version's start
    are applied at once.
    """
    steps = sorted(path.name for path in Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    done = connection.execute(text("SELECT value FROM deployment WHERE key = :key"), {"key": _KEY}).scalar()
    if done is None:
        connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
        _run(connection, SchemaManager.get_schema())
    for step in steps:
        if done is not None and step > done:
            _run(connection, (Path(SchemaManager.get_migrations_path()) / step).read_text(encoding="utf-8"))
    if done is None or steps[-1] > done:
        kept = "INSERT INTO deployment VALUES (:key, :step) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
        connection.execute(text(kept), {"key": _KEY, "step": steps[-1]})
    connection.execute(text(_GRANTS))
    connection.commit()


def _run(connection: Connection, statements: str) -> None:
    """Run the package's own statements as they are: they are several, and hold signs that SQLAlchemy would read."""
    connection.execute(text(f"SET LOCAL search_path = {PATH}"))
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute(statements)
    connection.execute(text("SET LOCAL search_path = DEFAULT"))
