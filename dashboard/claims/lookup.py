"""How rows of a chunk are joined with a table by its primary key: decided here, whatever statistics say.

The planner's own choice can be ruinous: where statistics were gathered while the first chunk was being written, the
table passes for empty, and every row of the next chunk is held against every row of the table.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final

import psycopg

Connection = psycopg.Connection[tuple[Any, ...]]

DENSE: Final = 8
"""A chunk at least as large as the table ÷ DENSE is joined faster by reading the whole table than row by row."""

_ROW_BY_ROW = ("hashjoin", "mergejoin", "seqscan", "bitmapscan", "material")
_AT_ONCE = ("nestloop", "mergejoin", "indexscan", "indexonlyscan", "bitmapscan")


def by_key(connection: Connection) -> AbstractContextManager[None]:
    """Statements run inside join by looking up each key: the time it takes does not depend on the table's size.

    A context, in a transaction that is under way.
    """
    return _without(connection, _ROW_BY_ROW)


def at_once(connection: Connection) -> AbstractContextManager[None]:
    """Statements run inside join by reading both sides whole. A context, in a transaction that is under way."""
    return _without(connection, _AT_ONCE)


@contextmanager
def _without(connection: Connection, ways: tuple[str, ...]) -> Iterator[None]:
    _set(connection, ways, "off")
    yield
    _set(connection, ways, "on")  # not after an error: then the transaction is over, and the settings with it


def _set(connection: Connection, ways: tuple[str, ...], to: str) -> None:
    changes = ", ".join(f"set_config('enable_{way}', %(to)s, true)" for way in ways)
    connection.execute(f"SELECT {changes}", {"to": to})
