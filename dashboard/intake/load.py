"""Loading: from a source of chunks into the claims database, chunk by chunk, with an account of every record.

Reading, checking and staging run ahead of merging by one chunk, on a thread of their own and in a session of their own:
two sessions take turns, so that one COPYs while the other merges. Each chunk is one transaction. Where a source breaks
off, its committed chunks stay, the ledger says *partial* and loading it again is harmless.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from typing import Any

import psycopg

from dashboard.access import audit
from dashboard.access.audit import By
from dashboard.claims import feeds, ledger, merge, quarantine
from dashboard.claims.database import Database
from dashboard.claims.dimensions import Setting
from dashboard.claims.ledger import Account, Sent
from dashboard.claims.reconcile import prune
from dashboard.claims.subjects import REGISTRATIONS, Subject
from dashboard.intake.chunk import Chunk
from dashboard.intake.entitled import only
from dashboard.intake.mapping import SourceMapping
from dashboard.intake.matching import matched
from dashboard.intake.milestones import complete
from dashboard.intake.person import masked
from dashboard.intake.reading import read
from dashboard.intake.reasons import BrokenInput
from dashboard.intake.validate import Check, Rejected, Validated, validate

Connection = psycopg.Connection[tuple[Any, ...]]
Progress = Callable[[Chunk, Account], None]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Loaded:
    """A batch that ended: its account, and why it broke off (empty: it did not)."""

    batch_id: int
    account: Account
    status: str
    error: str = ""
    rejected: Sequence[Rejected] = ()


@dataclass(frozen=True)
class _Ready:
    """A chunk that waits in its session to be merged. Steps of cases stage nothing: what they change shows at their
    turn.
    """

    session: Connection
    chunk: Chunk
    staged: merge.Staged | None
    n: int
    rejected: Sequence[Rejected]


@dataclass(frozen=True)
class Loader:
    """Loads records of one subject; ``key`` hashes persons.

    ``provinces`` are those the sender may send (``None``: all); ``shown`` is how many rejected records `Loaded` lists.
    ``by`` says whose doing it is: what is loaded so is audited, and not loaded where it cannot be. ``None`` is for the
    demo's own data.
    """

    database: Database
    subject: Subject
    key: str
    provinces: tuple[str, ...] | None = None
    shown: int = 20
    by: By | None = None

    def file(self, path: Path, mapping: SourceMapping, progress: Progress | None = None) -> Loaded:
        """Load a file."""
        return self.chunks(path.name, lambda: read(path, mapping, self.database.jurisdiction), progress)

    def chunks(
        self,
        source: str,
        read_chunks: Callable[[], Iterable[Chunk]],
        progress: Progress | None = None,
        sent: Sent | None = None,
    ) -> Loaded:
        """Load the chunks of a source of that name as one batch."""
        write = self.database.write
        with write() as connection, write() as one, write() as other:
            noted = self._noted(connection, source)
            batch_id = ledger.open_batch(connection, self.subject.key, source, self.database.demo, sent, noted)
            loaded = self._batch(connection, (one, other), batch_id, source, read_chunks, progress)
            self._ended(loaded)
            return loaded

    def _noted(self, connection: Connection, source: str) -> Callable[[int], None]:
        """Writes into the audit that a batch begins, in the transaction in which it does."""

        def noted(batch_id: int) -> None:
            if self.by:
                detail = {"subject": self.subject.key, "source": masked(source), **self._places()}
                audit.entry(
                    connection, self.database, self.by.who, self.by.action, self.by.address, f"batch/{batch_id}", detail
                )

        return noted

    def _ended(self, loaded: Loaded) -> None:
        """Write into the audit what became of a batch. The ledger tells it too: a failure here undoes nothing."""
        if not self.by:
            return
        account = loaded.account
        detail = {"subject": self.subject.key, "status": loaded.status, **asdict(account), **self._places()}
        try:
            audit.record(
                self.database,
                *(self.by.who, "load_ended", self.by.address, f"batch/{loaded.batch_id}"),
                detail=detail,
                rows=account.received,
            )
        except audit.Unwritten:
            log.exception("the end of batch %d stands in the ledger only", loaded.batch_id)

    def _places(self) -> dict[str, list[str]]:
        return {} if self.provinces is None else {"provinces": list(self.provinces)}

    def _batch(
        self,
        connection: Connection,
        sessions: tuple[Connection, Connection],
        batch_id: int,
        source: str,
        read_chunks: Callable[[], Iterable[Chunk]],
        progress: Progress | None,
    ) -> Loaded:
        account, error = Account(), ""
        first: Sequence[Rejected] = ()
        try:
            prune(connection, self.database.today())
            setting = self.database.setting(connection)
            connection.commit()
            with closing(_ahead(lambda: self._ready(read_chunks(), sessions, setting))) as chunks:
                for ready in chunks:
                    booked, rejected = self._merge(batch_id, source, ready, setting)
                    account += booked
                    first = first or tuple(rejected[: self.shown])
                    if progress:
                        progress(ready.chunk, account)
        except (BrokenInput, psycopg.errors.DiskFull, psycopg.errors.OperationalError) as broken:
            error = str(broken).strip().splitlines()[0]
            if connection.closed:
                raise
            connection.rollback()
        except BaseException:
            if not connection.closed:
                connection.rollback()
                ledger.close_batch(connection, batch_id, "partial" if account.received else "failed", "interrupted")
            raise
        status = "complete" if not error else "partial" if account.received else "failed"
        ledger.close_batch(connection, batch_id, status, error or None)
        return Loaded(batch_id, account, status, error, first)

    def _ready(
        self, chunks: Iterable[Chunk], sessions: tuple[Connection, Connection], setting: Setting
    ) -> Generator[_Ready, None, None]:
        """Chunks checked, matched with the premium register and staged for the merge, in each session by turns."""
        turns = cycle(sessions)
        for chunk in chunks:
            session = next(turns)
            further = None if self.provinces is None else only(session, self.subject, self.provinces)
            ready = self._staged(session, chunk, further, setting)
            del chunk  # while the merge is waited for, only what it needs is kept
            yield ready

    def _staged(self, session: Connection, chunk: Chunk, further: Check | None, setting: Setting) -> _Ready:
        if chunk.mapping.milestones:
            return _Ready(session, chunk, None, 0, ())
        jurisdiction, demo = self.database.jurisdiction, self.database.demo
        found = validate(chunk, self.subject, jurisdiction, demo, self.key.encode(), datetime.now(UTC), further)
        frame = found.frame
        if self.subject is REGISTRATIONS:
            frame = matched(session, frame, jurisdiction)
        staged = None
        if len(frame):
            staged = merge.stage(session, self.subject, merge.prepare(self.subject, frame, setting, found.frame))
        return _Ready(session, replace(chunk, raw=(), columns={}), staged, len(frame), found.rejected)

    def _merge(self, batch_id: int, source: str, ready: _Ready, setting: Setting) -> tuple[Account, Sequence[Rejected]]:
        session = ready.session
        try:
            if ready.chunk.mapping.milestones:
                account, rejected = self._complete(session, batch_id, ready.chunk, setting)
            else:
                account, rejected = self._replace(batch_id, ready, setting), ready.rejected
            quarantine.keep(session, batch_id, (self._kept(source, ready.chunk, each) for each in rejected))
            merged = ready.staged is not None or account.accepted > 0
            feeds.note(session, self.subject, setting.zone, merged, Counter(each.province for each in rejected))
            ledger.book(session, batch_id, account)
            ledger.announce(session)
            session.commit()
        except BaseException:
            if not session.closed:
                session.rollback()  # at once: the batch is closed from another session, which would wait for this one
            raise
        return account, rejected

    def _replace(self, batch_id: int, ready: _Ready, setting: Setting) -> Account:
        """Merge whole records."""
        done = merge.Merged(0, 0, 0)
        if ready.staged is not None:
            done = merge.merge(ready.session, self.subject, batch_id, ready.staged, setting)
        return Account(
            received=ready.n + len(ready.rejected),
            accepted=done.accepted,
            unchanged=done.unchanged,
            quarantined=len(ready.rejected),
            conflicts=done.conflicts,
        )

    def _complete(
        self, connection: Connection, batch_id: int, chunk: Chunk, setting: Setting
    ) -> tuple[Account, Sequence[Rejected]]:
        """Merge what steps make of their cases. ValueError for a sender entitled to some provinces only."""
        if self.provinces is not None:
            raise ValueError("steps of cases are loaded for the whole jurisdiction")
        jurisdiction, demo = self.database.jurisdiction, self.database.demo

        def checked(records: Chunk, subject: Subject) -> Validated:
            return validate(records, subject, jurisdiction, demo, self.key.encode(), datetime.now(UTC))

        done = complete(connection, chunk, self.subject, jurisdiction, checked)
        if len(done.cases):
            staged = merge.stage(connection, self.subject, merge.prepare(self.subject, done.cases, setting))
            merge.merge(connection, self.subject, batch_id, staged, setting)
        return Account(chunk.received, done.accepted, done.unchanged, len(done.rejected)), done.rejected

    def _kept(self, source: str, chunk: Chunk, rejected: Rejected) -> quarantine.Kept:
        layout = chunk.layout
        header = layout.heading
        return quarantine.Kept(
            self.subject.key,
            source,
            rejected.line,
            rejected.raw,
            rejected.code,
            rejected.column,
            rejected.value,
            rejected.detail,
            header,
            rejected.province or None,
        )


def _ahead(make: Callable[[], Generator[_Ready, None, None]]) -> Generator[_Ready, None, None]:
    """The same items, made one ahead on another thread; its error is raised here, after the items before it."""
    pool = ThreadPoolExecutor(1, "rasad-intake")
    with closing(make()) as items:
        try:
            coming = pool.submit(next, items, None)
            while (item := coming.result()) is not None:
                coming = pool.submit(next, items, None)
                yield item
        finally:
            pool.shutdown(cancel_futures=True)
