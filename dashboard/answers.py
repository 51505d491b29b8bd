"""Answers to panels: computed once per question, scope and data version, however many people ask at the same time."""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

import orjson
import pandas as pd
from flask_caching import Cache
from psycopg import OperationalError as DriverError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from dashboard.claims.database import Database, DataVersion
from dashboard.claims.feed import Feed
from dashboard.disclosure.editions import Edition, latest, none_yet
from dashboard.filters import Filters
from dashboard.panel import Panel
from dashboard.scope import Scope

log = logging.getLogger(__name__)

_KEEP_SECONDS = 3600
_FRESH_SECONDS = 60
"""How long an answer holds that ages."""
_EDITION = "edition"
_EDITION_SECONDS = 20


class Unavailable(RuntimeError):
    """The claims database does not answer and nothing answered earlier is at hand."""


class Withheld(PermissionError):
    """The question is not answered to who sees only what is published."""


@dataclass(frozen=True)
class Answer:
    """A panel's frame, version and time of the data it was computed from, and whether newer data were out of reach."""

    frame: pd.DataFrame
    version: int
    as_of: datetime | None
    stale: bool = False


@dataclass
class Answers:
    """Answers panels out of a cache. Keys are hashes of panel, filters, scope and data version: scalars only.

    Of the filters a panel sees, and its key holds, what it heeds: any other may change without a new answer. An answer
    that ages holds for a minute of the ``clock`` (seconds), one that does not until the data change.

    Who sees only what is published is answered from the last edition of the published figures, whose number takes the
    place of the data version, and by no other query (`Panel.seen_by`).
    """

    database: Database
    feed: Feed
    cache: Cache
    clock: Callable[[], float] = time.time
    _flights: dict[str, threading.Lock] = field(default_factory=dict)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def of(self, panel: Panel, filters: Filters, scope: Scope) -> Answer:
        """The answer to a panel's question.

        Unavailable when the database is silent and no earlier answer is known, Withheld where nothing is published.
        """
        seen = panel.seen_by(scope)
        if seen is None:
            raise Withheld(f"nothing of {panel.key} is published")
        panel, version = seen, self.version_for(scope)
        if scope.published:
            filters = self.as_published(filters)
        heeded = panel.heeded(filters)
        question = _question(panel, heeded, scope)
        key = f"{question}:{version.number}"
        if panel.ages:
            key += f":{self.clock() // _FRESH_SECONDS:.0f}"
        known: Answer | None = self.cache.get(key)
        if known is not None:
            return known
        with self._flight(key):
            known = self.cache.get(key)
            if known is not None:
                return known
            try:
                frame = panel.query(self.database, heeded, scope)
            except (DBAPIError, PoolTimeout, DriverError) as error:
                return self._earlier(question, error)
            answer = Answer(frame, version.number, version.at)
            self.cache.set(key, answer, timeout=_FRESH_SECONDS if panel.ages else _KEEP_SECONDS)
            self.cache.set(question, answer, timeout=24 * _KEEP_SECONDS)
            return answer

    def version_for(self, scope: Scope) -> DataVersion:
        """Which data a reader is answered from: those of now, or of the last edition of the published figures."""
        if not scope.published:
            return self.feed.current
        edition = self.edition()
        return DataVersion(edition.number, edition.at)

    def edition(self) -> Edition:
        """The last edition of the published figures, looked for again after some seconds; of a silent database the
        last that was known.
        """
        known: Edition | None = self.cache.get(_EDITION)
        if known is None:
            try:
                known = latest(self.database)
            except (DBAPIError, PoolTimeout, DriverError) as error:
                log.warning("no edition could be looked for: %s", str(error).splitlines()[0])
                earlier: Edition | None = self.cache.get(f"{_EDITION}:last")
                return earlier or none_yet(self.database)
            self.cache.set(_EDITION, known, timeout=_EDITION_SECONDS)
            self.cache.set(f"{_EDITION}:last", known, timeout=24 * _KEEP_SECONDS)
        return known

    def as_published(self, filters: Filters) -> Filters:
        """A question as it is answered from published figures: over whole months, up to the last that is published."""
        return replace(filters, until=self.edition().through, official=self.database.jurisdiction.calendar)

    def _earlier(self, question: str, error: Exception) -> Answer:
        log.error("a question failed: %s", str(error).splitlines()[0])
        earlier: Answer | None = self.cache.get(question)
        if earlier is None:
            raise Unavailable("the claims database does not answer") from error
        return Answer(earlier.frame, earlier.version, earlier.as_of, stale=True)

    def _flight(self, key: str) -> threading.Lock:
        """One lock a question in flight: of those who ask the same at once, one computes and the others wait for it."""
        with self._guard:
            if len(self._flights) > 4096:
                self._flights = {k: lock for k, lock in self._flights.items() if lock.locked()}
            return self._flights.setdefault(key, threading.Lock())


def _question(panel: Panel, filters: Filters, scope: Scope) -> str:
    asked = orjson.dumps([panel.key, asdict(filters), asdict(scope)])
    return hashlib.blake2b(asked, digest_size=20).hexdigest()
