"""Applications over the shared demo databases; tests that use them only read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from callbacks.index import Rasad
from dashboard.claims.database import Database
from tests.pages import application


@pytest.fixture(scope="session")
def rasad(demo_claims: Callable[[str], Database]) -> Iterator[Callable[[str], Rasad]]:
    """``rasad("ir")``: an application over the demo data of a jurisdiction, made once."""
    made: dict[str, Rasad] = {}
    with ExitStack() as stack:

        def of(jurisdiction: str) -> Rasad:
            if jurisdiction not in made:
                made[jurisdiction] = stack.enter_context(application(demo_claims(jurisdiction)))
            return made[jurisdiction]

        yield of
