"""What benchmarks stand on: scratch databases on an embedded server of their own, files of demo records, reports."""

from __future__ import annotations

import platform
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import psutil
import psycopg
import pyarrow as pa
import pyarrow.csv as arrow_csv

from dashboard.access import people, sessions
from dashboard.claims import server
from dashboard.claims.database import Database, connect
from dashboard.claims.subjects import SUBJECTS
from dashboard.intake.demo.generate import generate
from dashboard.intake.demo.loading import chunk_of
from dashboard.intake.load import Loader
from dashboard.jurisdictions import load

if TYPE_CHECKING:
    from playwright._impl._api_structures import SetCookieParam

KEY = "a key for benchmarks only, of more than thirty-two characters"
UNTIL = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


@dataclass
class Report:
    """Figures of one benchmark and the gates they are held to."""

    name: str
    failed: list[str] = field(default_factory=list)

    def say(self, line: str) -> None:
        """Print a line of figures."""
        print(f"  {line}", flush=True)

    def gate(self, what: str, value: float, least: float | None = None, most: float | None = None) -> None:
        """Hold a figure to a bound; a miss fails the benchmark at its end."""
        bound = f"≥ {least:g}" if least is not None else f"≤ {most:g}"
        kept = (least is None or value >= least) and (most is None or value <= most)
        self.say(f"{'ok  ' if kept else 'MISS'} {what}: {value:.3g} ({bound})")
        if not kept:
            self.failed.append(what)


def machine() -> str:
    """The machine in a line."""
    memory = psutil.virtual_memory().total / 2**30
    return f"{psutil.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}, {platform.system()}"


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="rasad-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def connected(cluster: server.Cluster, folder: Path, name: str = server.DATABASE, jurisdiction: str = "ir") -> Database:
    """A migrated claims database of that name in demo mode, made when there is none."""
    with psycopg.connect(cluster.url, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
            connection.execute(f"CREATE DATABASE {name}")
    return connect(cluster.url.replace(f"/{server.DATABASE}?", f"/{name}?"), folder, load(jurisdiction), demo=True)


@contextmanager
def database(folder: Path, jurisdiction: str = "ir") -> Iterator[Database]:
    """A migrated claims database in demo mode on a server of its own."""
    cluster = server.ensure_running(folder)
    claims = connected(cluster, folder, jurisdiction=jurisdiction)
    try:
        yield claims
    finally:
        claims.close()
        server.release(cluster)


def signed_in(claims: Database, address: str) -> list[SetCookieParam]:
    """The cookies of a browser at an address, signed in as headquarters."""
    account = people.by_login(claims, "benchmark")
    person = account.person if account else people.make(claims, "benchmark", "Benchmark", "hq")
    cookie = sessions.start(claims, person.id, "127.0.0.1", "benchmark", hours=12)
    return [{"name": "rasad_session", "value": cookie, "url": address}]


def load_subject(claims: Database, subject: str, cases: int) -> int:
    """Load the demo records of one subject that ``cases`` registrations bring; how many they were."""
    parts = generate(claims.jurisdiction, cases=cases, until=UNTIL, subjects=[subject, "registrations"])
    chunks = (chunk_of(columns, SUBJECTS[key]) for key, columns in parts if key == subject)
    return Loader(claims, SUBJECTS[subject], KEY).chunks("benchmark", lambda: chunks).account.received


def write_csv(claims: Database, subject: str, cases: int, file: Path) -> int:
    """Write the demo records of a subject to a CSV file, in the order of time; how many they are."""
    rows = 0
    writer = None
    for key, columns in generate(claims.jurisdiction, cases=cases, until=UNTIL, subjects=[subject]):
        if key == subject:
            table = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
            writer = writer or arrow_csv.CSVWriter(file, table.schema)
            writer.write_table(table)
            rows += len(table)
    if writer:
        writer.close()
    return rows


def shuffle_csv(file: Path, shuffled: Path, seed: int = 1) -> None:
    """The same records in a random order."""
    header, *lines = file.read_bytes().splitlines(keepends=True)
    order = np.random.default_rng(seed).permutation(len(lines))
    with shuffled.open("wb") as out:
        out.write(header)
        out.writelines(lines[n] for n in order)
