"""Loading registrations: the whole way (checks, match, rollups, ledger) against the same rows into the facts alone."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pandas as pd
import psutil
import pyarrow as pa

from benchmarks.ground import KEY, Report, database, load_subject, scratch, shuffle_csv, write_csv
from dashboard.claims import merge
from dashboard.claims.cells import as_csv
from dashboard.claims.content import content_hashes, to_arrow
from dashboard.claims.cubes import CUBES
from dashboard.claims.database import Database
from dashboard.claims.subjects import REGISTRATIONS
from dashboard.intake.load import Loader
from dashboard.intake.mapping import plain
from dashboard.intake.person import hashes

CHUNK = 50_000


def run(report: Report, rows: int = 1_000_000) -> None:
    """Measure ``rows`` registrations in the order of time and shuffled over three years."""
    with scratch() as folder, database(folder / "var") as claims:
        ordered, shuffled = folder / "ordered.csv", folder / "shuffled.csv"
        load_subject(claims, "premiums", rows)
        write_csv(claims, "registrations", rows, ordered)
        shuffle_csv(ordered, shuffled)
        facts = rows / _timed(lambda: _facts_alone(claims, ordered))
        report.say(f"facts alone, {rows:,} registrations: {facts:,.0f} rows/s")
        for name, file, least in (("in the order of time", ordered, 0.5), ("shuffled", shuffled, 0.25)):
            _empty(claims)
            with Memory() as memory:
                whole = rows / _timed(lambda file=file: _whole(claims, file))  # type: ignore[misc]
            report.say(f"the whole way, {name}: {whole:,.0f} rows/s, at most {memory.peak_mb:,.0f} MB")
            report.gate(f"the whole way ÷ facts alone, {name}", whole / facts, least=least)
            report.gate("memory of the loader, MB", memory.peak_mb, most=500)


class Memory:
    """The most resident memory of this process over what it had before, sampled while the block runs."""

    def __enter__(self) -> Memory:
        self._process, self._stop = psutil.Process(), threading.Event()
        self.peak_mb = 0.0
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.1):
            self.peak_mb = max(self.peak_mb, self._process.memory_info().rss / 2**20)


def _timed(work: object) -> float:
    begun = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - begun


def _whole(claims: Database, file: Path) -> None:
    loaded = Loader(claims, REGISTRATIONS, KEY).file(file, plain(REGISTRATIONS))
    assert loaded.status == "complete", loaded.error
    assert loaded.account.quarantined == 0


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
            merge.stage(connection, REGISTRATIONS, rows_of(part))
            connection.execute(
                f"INSERT INTO registrations ({columns}, batch_id) SELECT {columns}, 0 FROM stage_registrations "
                "ON CONFLICT (id) DO UPDATE SET updated_at = excluded.updated_at"
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
