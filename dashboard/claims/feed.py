"""The live feed of one process: which version the data have now, learnt by notification and never by asking often."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from dashboard.claims.database import CHANNEL, Database, DataVersion

log = logging.getLogger(__name__)

_COALESCE_SECONDS = 0.5
"""At most two versions a second: a burst of batches costs each panel one computation, not one a batch."""
_HEARTBEAT_SECONDS = 20


@dataclass
class Feed:
    """Listens to a claims database on a thread of its own; ``start`` begins, ``stop`` ends it.

    ``current`` is the newest version heard of, ``heard`` the monotonic time of the last sign of life of the database.
    """

    database: Database
    current: DataVersion = field(default_factory=lambda: DataVersion(0, None))
    heard: float = 0.0
    _stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> Feed:
        """Read the version once and listen from then on."""
        self.current = self.database.version()
        self.heard = time.monotonic()
        self._thread = threading.Thread(target=self._listen, name="rasad-feed", daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop listening; returns when the thread has ended."""
        self._stopping.set()
        if self._thread:
            self._thread.join(timeout=5)

    @property
    def silent_seconds(self) -> float:
        """How long the database has given no sign of life."""
        return time.monotonic() - self.heard

    def _listen(self) -> None:
        while not self._stopping.is_set():
            try:
                self._follow()
            except (psycopg.Error, SQLAlchemyError, OSError) as error:
                log.warning("live feed lost, trying again: %s", str(error).splitlines()[0])
                self._stopping.wait(2)

    def _follow(self) -> None:
        with psycopg.connect(self.database.url, autocommit=True, connect_timeout=3) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            self._refresh(connection)  # what was committed while nobody listened
            last_beat = time.monotonic()
            while not self._stopping.is_set():
                heard = list(connection.notifies(timeout=1, stop_after=1))
                if heard or time.monotonic() - last_beat > _HEARTBEAT_SECONDS:
                    self._refresh(connection)
                    last_beat = time.monotonic()
                    if heard:
                        self._stopping.wait(_COALESCE_SECONDS)

    def _refresh(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        row = connection.execute("SELECT number, at FROM data_version").fetchone()
        if row is not None:
            self.current = DataVersion(*row)
        self.heard = time.monotonic()
