"""Grounds of the gates: a small demo that is copied, and never changed itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from benchmarks.security.ground import Ground, run
from dashboard.claims import server
from dashboard.claims.database import Database
from dashboard.intake.demo.loading import load_demo
from dashboard.jurisdictions import Jurisdiction, load
from tests.conftest import KEY

CASES = 3_000
UNTIL = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
"""Gates ask about these days."""


@pytest.fixture(scope="session")
def grounds(cluster: server.Cluster, templates: Callable[[Jurisdiction, bool], str]) -> Callable[[str], Ground]:
    """``grounds("ir")``: a ground over a demo of a jurisdiction that no other test uses: in use it has no copy."""
    made: dict[str, Ground] = {}

    def of(jurisdiction: str) -> Ground:
        if jurisdiction not in made:
            loaded, name = load(jurisdiction), f"ground_{jurisdiction}"
            run(cluster, f"CREATE DATABASE {name} TEMPLATE {templates(loaded, True)}")
            whole = Database(cluster.url.replace(f"/{server.DATABASE}?", f"/{name}?"), loaded, True)
            load_demo(whole, KEY, cases=CASES, until=UNTIL)
            made[jurisdiction] = Ground(whole, lambda statement: run(cluster, statement))
        return made[jurisdiction]

    return of
