"""Which places a question is about: the provinces in view, and whether it tells them apart or the offices of one."""

from __future__ import annotations

from typing import Literal

from dashboard.claims.database import Database
from dashboard.filters import Filters
from dashboard.scope import Scope
from queries.counts import Restriction


def provinces_in_view(db: Database, filters: Filters, scope: Scope) -> list[str]:
    """The provinces that are chosen and may be seen, in the order of the jurisdiction's list."""
    seen = scope.narrow(filters.provinces)
    return [p.code for p in db.jurisdiction.provinces if seen is None or p.code in seen]


def place_of(filters: Filters, scope: Scope) -> Literal["office", "province"]:
    """What places are told apart by: offices where one province is in view, provinces elsewhere."""
    seen = scope.narrow(filters.provinces)
    return "office" if seen is not None and len(seen) == 1 else "province"


def of_offices(filters: Filters) -> Restriction:
    """The offices asked for, as a restriction."""
    return {"office": filters.offices} if filters.offices else {}
