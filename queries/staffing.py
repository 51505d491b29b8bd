"""With how many: the experts who work off cases and the boards that hear disputes, as last reported before a day."""

from __future__ import annotations

from datetime import date

import pandas as pd

from dashboard.claims.database import Database
from dashboard.filters import Filters
from dashboard.scope import Scope
from queries.source import IN_VIEW


def staff(db: Database, filters: Filters, scope: Scope, day: date) -> pd.DataFrame:
    """The staff of each office on ``day``, by the latest record that began by then; offices without one have no row.

    Columns: ``province``, ``office``, ``experts``, ``boards``.
    """
    seen = scope.narrow(filters.provinces)
    return db.frame(
        "SELECT DISTINCT ON (province, office) province, office, experts, boards FROM staffing WHERE since <= :day "
        f"AND {IN_VIEW} "
        "ORDER BY province, office, since DESC",
        {"day": day, "provinces": None if seen is None else list(seen)},
        scope,
    )
