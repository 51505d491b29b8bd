"""Joins of a chunk with a cube: the way is decided by size, never by statistics."""

from __future__ import annotations

from dashboard.claims.database import Database
from dashboard.claims.lookup import at_once, by_key

JOIN = (
    "EXPLAIN SELECT * FROM arriving d LEFT JOIN day_cells c ON c.subject = d.subject AND c.milestone = d.milestone "
    "AND c.day = d.day AND c.province = d.province AND c.outcome = d.outcome AND c.reason = d.reason "
    "AND c.timing = d.timing AND c.source = d.source"
)


def test_a_table_that_passes_for_empty_is_not_read_for_every_row(claims: Database) -> None:
    with claims.write() as connection:
        connection.execute(
            "INSERT INTO day_cells (subject, milestone, day, province, outcome, reason, timing, source, n) "
            "SELECT 'registrations', 'opened', DATE '2024-01-01' + d, 'p', 'o', 'r', 't', 'cases', 1 "
            "FROM generate_series(1, 5000) d"
        )
        connection.execute("CREATE TEMP TABLE arriving AS SELECT * FROM day_cells")
        # As ANALYZE leaves a table whose first rows are not committed: pages, and no rows in them.
        connection.execute("UPDATE pg_class SET relpages = 60, reltuples = 0 WHERE relname = 'day_cells'")
        with by_key(connection):
            plan = "\n".join(row[0] for row in connection.execute(JOIN))
        assert "Index Scan using day_cells_pkey" in plan
        assert "Materialize" not in plan
        with at_once(connection):
            plan = "\n".join(row[0] for row in connection.execute(JOIN))
        assert "Hash" in plan
        usual = (
            connection.execute("SHOW enable_seqscan").fetchall() + connection.execute("SHOW enable_nestloop").fetchall()
        )
        assert usual == [("on",), ("on",)]
        connection.rollback()
