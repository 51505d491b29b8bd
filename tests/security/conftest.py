"""Grounds of the gates: a small demo that is copied, and never changed itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from benchmarks.security.ground import Ground, run
from dashboard.claims import server
from dashboard.claims.database import Database


@pytest.fixture(scope="session")
def grounds(cluster: server.Cluster, demo_claims: Callable[[str], Database]) -> Callable[[str], Ground]:
    """``grounds("ir")``: a ground over the demo of a jurisdiction."""
    made: dict[str, Ground] = {}

    def of(jurisdiction: str) -> Ground:
        if jurisdiction not in made:
            whole = demo_claims(jurisdiction)
            whole.close()  # of a database that somebody uses there is no copy
            made[jurisdiction] = Ground(whole, lambda statement: run(cluster, statement))
        return made[jurisdiction]

    return of
