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
    # One array literal in and one text out: a parameter and a message for each of some ten thousand persons would cost
    # more than the look-up.
    row = connection.execute(
        f"SELECT string_agg(concat_ws(',', {', '.join(_TYPES)}), E'\\n') FROM premiums "
        "WHERE person_hash = ANY(%s::bytea[])",
        ("{" + ",".join(f'"\\{person}"' for person in persons) + "}",),
    ).fetchone()
    connection.rollback()  # nothing was written; the next chunk shall see the register of its own time
    if row is None or row[0] is None:
        return pd.DataFrame({name: pd.Series(dtype="object") for name in _TYPES})
    rows = pa.BufferReader(row[0].encode())
    register: pd.DataFrame = arrow_csv.read_csv(rows, _READING, convert_options=_CONVERTING).to_pandas()
    return register
