"""What the gates of the web stand on: an application over a claims database, given or made for the gate."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from benchmarks.ground import KEY, database, scratch
from callbacks.index import Rasad
from dashboard.claims.database import Database
from dashboard.intake.demo.loading import load_demo
from tests.pages import application


@contextmanager
def applied(claims: Database | None, cases: int = 5_000) -> Iterator[tuple[Database, Rasad]]:
    """A claims database and an application of its own over it; without one, a scratch database with a demo."""
    with ExitStack() as stack:
        if claims is None:
            folder = stack.enter_context(scratch())
            claims = stack.enter_context(database(folder / "var"))
            load_demo(claims, KEY, cases=cases)
        yield claims, stack.enter_context(application(claims))
