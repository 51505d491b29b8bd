"""Loading registrations: the whole way (checks, match, rollups, ledger) against the same rows into the facts alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa

from benchmarks.ground import KEY, Report, database, load_subject, scratch, shuffle_csv, write_csv
from benchmarks.processes import Loading
from dashboard.claims import merge
from dashboard.claims.cells import as_csv
from dashboard.claims.content import content_hashes, to_arrow
from dashboard.claims.cubes import CUBES
from dashboard.claims.database import Database
from dashboard.claims.subjects import REGISTRATIONS
from dashboard.intake.person import hashes

CHUNK = 50_000


def run(report: Report, rows: int = 1_000_000) -> None:
    """Measure ``rows`` registrations in the order of time and shuffled over three years."""
    with scratch() as folder, database(folder / "var") as claims:
        ordered, shuffled = folder / "ordered.csv", folder / "shuffled.csv"
        load_subject(claims, "premiums", rows)
        write_csv(claims, "registrations", rows, ordered)
        shuffle_csv(ordered, shuffled)
        for name, file, least in (("in the order of time", ordered, 0.5), ("shuffled", shuffled, 0.25)):
            _empty(claims)
            facts = rows / _timed(lambda file=file: _facts_alone(claims, file))
            _empty(claims)
            process = Loading(claims, folder, file)
            output = process.end()
            whole = rows / _seconds(claims)
            report.say(f"{name}: facts alone {facts:,.0f} rows/s, the whole way {whole:,.0f} rows/s")
            report.say(output.strip().splitlines()[0])
            report.gate(f"the whole way ÷ facts alone, {name}", whole / facts, least=least)
            report.gate("memory of the loader, MB", process.peak_mb, most=500)


def _seconds(claims: Database) -> float:
    """How long the last batch took, by the ledger."""
    with claims.write() as connection:
        row = connection.execute(
            "SELECT extract(epoch FROM finished_at - started_at) FROM batches ORDER BY id DESC LIMIT 1"
        ).fetchone()
    assert row is not None
    return float(row[0])


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _facts_alone(claims: Database, file: Path) -> None:
    """Read, type, hash, COPY, upsert: what any loader must do; nothing is checked, matched, counted or booked."""
    moments = [field.name for field in REGISTRATIONS.fields if field.kind == "moment"]
    days = [field.name for field in REGISTRATIONS.fields if field.kind == "day"]
    columns = ", ".join([*(field.column for field in REGISTRATIONS.columns), "content_hash"])
    with claims.write() as connection:
        for part in pd.read_csv(file, dtype="str", chunksize=CHUNK):
            for name in moments:
                part[name] = pd.to_datetime(part[name], format="ISO8601", utc=True)
            for name in days:
                part[name] = pd.to_datetime(part[name], format="ISO8601")
            part["age"] = part["age"].astype("Int64")
            part["person_hash"] = ["\\x" + code for code in hashes(part["national_code"], KEY.encode())]
            for field in REGISTRATIONS.derived:
                part[field.name] = None
            merge.copy(connection, REGISTRATIONS, rows_of(part))
            connection.execute(
                f"INSERT INTO registrations ({columns}, batch_id) SELECT {columns}, 0 FROM stage_registrations "
                "ON CONFLICT (id) DO UPDATE SET updated_at = excluded.updated_at "
                "WHERE excluded.updated_at > registrations.updated_at"
            )
            connection.commit()


def rows_of(part: pd.DataFrame) -> memoryview:
    """A frame as COPY reads it, and nothing else."""
    arrays = to_arrow(REGISTRATIONS, part)
    names = [field.column for field in REGISTRATIONS.columns]
    return as_csv(pa.table([*arrays, content_hashes(REGISTRATIONS, arrays)], names=[*names, "content_hash"]))


def _empty(claims: Database) -> None:
    with claims.write() as connection:
        connection.execute(f"TRUNCATE registrations, feeds, {', '.join(cube.table for cube in CUBES)}")
        connection.commit()
