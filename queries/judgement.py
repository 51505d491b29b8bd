"""What headquarters judge by, as pages show it: targets and annotations within the scope."""

from __future__ import annotations

import pandas as pd

from dashboard.claims.database import Database
from dashboard.claims.walls import OF_ALL, SUBJECT_OF_ALL
from dashboard.filters import Filters
from dashboard.scope import Scope


def targets(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:  # noqa: ARG001  every question takes them
    """Targets, the nation's ("") first. Columns: ``measure``, ``province``, ``value``, ``set_by``, ``set_at``."""
    return db.frame(
        f"SELECT measure, province, value, set_by, set_at FROM targets WHERE {OF_ALL} ORDER BY measure, province",
        {},
        scope,
    )


def annotated(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:  # noqa: ARG001  every question takes them
    """Annotations, the newest day first. Columns: ``id``, ``day``, ``subject``, ``province``, ``words``, ``set_by``."""
    return db.frame(
        f"SELECT id, day, subject, province, words, set_by FROM annotations WHERE {OF_ALL} AND {SUBJECT_OF_ALL} "
        "ORDER BY day DESC, id DESC",
        {},
        scope,
    )


def target_of(found: pd.DataFrame, measure: str, provinces: tuple[str, ...]) -> float | None:
    """The target that holds for a measure looking at ``provinces``: that of the only one, else the nation's."""
    of_measure = found[found["measure"] == measure].set_index("province")["value"]
    if len(provinces) == 1 and provinces[0] in of_measure:
        return float(of_measure[provinces[0]])
    return float(of_measure[""]) if "" in of_measure else None


def noted(found: pd.DataFrame, filters: Filters, subject: str) -> list[tuple[str, str]]:
    """The annotations of a subject's charts within the filters' window: day (ISO) and words, in order of time."""
    window = filters.window
    rows = found[
        found["day"].between(window.start, window.end)
        & found["subject"].isin(["", subject])
        & found["province"].isin(["", *filters.provinces])
    ]
    return sorted((day.isoformat(), words) for day, words in zip(rows["day"], rows["words"], strict=True))
