"""Demo data on their way through the intake that real data take: same checks, same matching, same ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
from tqdm import tqdm

from dashboard.claims.database import Database
from dashboard.claims.ledger import Account
from dashboard.claims.subjects import SUBJECTS, Subject
from dashboard.intake.characters import clean
from dashboard.intake.chunk import Chunk, Layout, RawObjects
from dashboard.intake.demo import judgements, reports
from dashboard.intake.demo.arrays import Columns
from dashboard.intake.demo.generate import generate, plan
from dashboard.intake.load import Loaded, Loader
from dashboard.intake.mapping import plain

SOURCE = "demo"


def chunk_of(columns: Columns, subject: Subject, first_line: int = 1) -> Chunk:
    """Generated columns of text as a reader would hand them over; the records are numbered from ``first_line``."""
    header = tuple(columns)
    arrays = [pa.array(columns[name], pa.string()) for name in header]
    layout = Layout("object", header, {name: (place,) for place, name in enumerate(header)})
    lines = np.arange(first_line, first_line + len(arrays[0]), dtype=np.int64)
    cleaned = {name: clean(array) for name, array in zip(header, arrays, strict=True)}
    return Chunk(lines, RawObjects(header, arrays), cleaned, (), 0, layout, plain(subject))


def is_loaded(database: Database) -> bool:
    """Whether demo data were loaded to the end before."""
    with database.write() as connection:
        row = connection.execute("SELECT 1 FROM deployment WHERE key = 'demo_loaded'").fetchone()
        return row is not None


def load_demo(
    database: Database,
    key: str,
    *,
    cases: int | None = None,
    seed: int = 1,
    years: float = 3.0,
    scenario: str | None = None,
    until: datetime | None = None,
) -> Mapping[str, Account]:
    """Load the demo unless it is there already; the accounts of its batches by subject (empty: it was there).

    A load that broke off is taken up again: what came in before is recognised as unchanged.
    """
    if is_loaded(database):
        return {}
    until = until or _begun(database)
    jurisdiction = database.jurisdiction
    expected = plan(jurisdiction, cases=cases, seed=seed, years=years, scenario=scenario, until=until)
    parts = generate(jurisdiction, cases=cases, seed=seed, years=years, scenario=scenario, until=until)
    accounts: dict[str, Account] = {}
    with tqdm(total=sum(expected.values()), unit=" records", unit_scale=True, desc="Demo data", disable=None) as bar:

        def advance(chunk: Chunk, _: Account) -> None:
            bar.update(chunk.received)

        for subject, chunks in _by_subject(parts):
            bar.set_postfix_str(subject)
            loader = Loader(database, SUBJECTS[subject], key)
            loaded = loader.chunks(SOURCE, chunks.__iter__, advance)
            _complete(loaded)
            accounts[subject] = loaded.account
    with database.write() as connection:
        reports.report(connection, jurisdiction)
        judgements.judge(connection, jurisdiction, until.astimezone(jurisdiction.timezone).date())
        connection.execute("INSERT INTO deployment VALUES ('demo_loaded', 'true') ON CONFLICT DO NOTHING")
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM (ANALYZE)")
    return accounts


def _begun(database: Database) -> datetime:
    """Now; or, where a load broke off, the now of its beginning, so that it makes the same records again."""
    with database.write() as connection:
        now = datetime.now(UTC).replace(microsecond=0).isoformat()
        connection.execute("INSERT INTO deployment VALUES ('demo_until', %s) ON CONFLICT DO NOTHING", (now,))
        row = connection.execute("SELECT value FROM deployment WHERE key = 'demo_until'").fetchone()
        connection.commit()
        return datetime.fromisoformat(row[0] if row else now)


def _by_subject(parts: Iterator[tuple[str, Columns]]) -> Iterator[tuple[str, Iterator[Chunk]]]:
    """The parts grouped by subject, as they come; each group is read to its end before the next begins."""
    waiting = next(parts, None)
    while waiting is not None:
        subject = waiting[0]

        def chunks(subject: str = subject) -> Iterator[Chunk]:
            nonlocal waiting
            line = 1
            while waiting is not None and waiting[0] == subject:
                chunk = chunk_of(waiting[1], SUBJECTS[subject], line)
                line += chunk.received
                yield chunk
                waiting = next(parts, None)

        yield subject, chunks()


def _complete(loaded: Loaded) -> None:
    if loaded.error:
        raise OSError(f"the demo data broke off: {loaded.error}")
