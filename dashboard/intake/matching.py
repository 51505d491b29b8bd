"""The premium register held against registrations: read for the persons of a chunk, decided by the rules, applied."""

from __future__ import annotations

from typing import Any

import pandas as pd
import psycopg
import pyarrow as pa
from pyarrow import csv as arrow_csv

from dashboard.intake.eligibility import apply, decide
from dashboard.jurisdictions import Jurisdiction

Connection = psycopg.Connection[tuple[Any, ...]]

_TYPES = {
    "person_hash": pa.string(),
    "workshop_code": pa.string(),
    "months": pa.int64(),
    "premium_paid": pa.bool_(),
    "insurance": pa.string(),
    "standing": pa.string(),
}
_READING = arrow_csv.ReadOptions(column_names=list(_TYPES))
_CONVERTING = arrow_csv.ConvertOptions(column_types=_TYPES, true_values=["t"], false_values=["f"])


def matched(connection: Connection, registrations: pd.DataFrame, jurisdiction: Jurisdiction) -> pd.DataFrame:
    """Registrations (as ``validate`` gives them) with the match and, where it answers them at once, the answer."""
    persons = registrations["person_hash"].dropna().unique().tolist()
    return apply(registrations, decide(registrations, register_of(connection, persons), jurisdiction), jurisdiction)


def register_of(connection: Connection, persons: list[str]) -> pd.DataFrame:
    r"""All rows of the register for persons, given and answered as ``\x`` and the hash in hexadecimal.

    Columns: ``person_hash``, ``workshop_code``, ``months``, ``premium_paid``, ``insurance``, ``standing``.
    """
    if not persons:
        return pd.DataFrame({name: pd.Series(dtype="object") for name in _TYPES})
    statement = f"COPY (SELECT {', '.join(_TYPES)} FROM premiums WHERE person_hash = ANY(%s)) TO STDOUT (FORMAT csv)"
    hashes = [bytes.fromhex(person[2:]) for person in persons]
    with connection.cursor().copy(statement, (hashes,)) as copy:
        rows = b"".join(bytes(piece) for piece in copy)
    connection.rollback()  # nothing was written; the next chunk shall see the register of its own time
    if not rows:
        return pd.DataFrame({name: pd.Series(dtype="object") for name in _TYPES})
    return arrow_csv.read_csv(pa.BufferReader(rows), _READING, convert_options=_CONVERTING).to_pandas()
