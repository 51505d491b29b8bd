"""What became of the cases filed in some days: counts by day of filing, whenever a milestone was passed."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from dashboard.claims.cubes import AGE_EDGES, COHORT, COHORT_MONTH, in_months
from dashboard.claims.database import Database
from dashboard.filters import Filters, Window
from dashboard.scope import Scope
from queries.counts import Restriction, starts_in
from queries.source import held, selection, source


def cohort(
    db: Database,
    filters: Filters,
    scope: Scope,
    subject: str,
    milestone: str,
    window: Window,
    by: tuple[str, ...] = (),
    only: Restriction | None = None,
) -> pd.DataFrame:
    """How many of the cases filed in ``window`` have passed ``milestone`` by now.

    Only of milestones that are judged by filing cohort (``Milestone.prompt``). ``by`` names what is told apart,
    ``only`` restricts it: ``opened_day``, ``province``, ``category``, ``outcome``, ``timing``, ``age``. Channels are
    not told apart. Columns: those of ``by``, ``n``.
    """
    parameters: dict[str, object] = {"subjects": [subject], "milestones": [milestone]}
    statements = []
    by_month = "opened_day" not in by and subject in COHORT_MONTH.subjects
    months = starts_in(db, window) if by_month else []
    for number, piece in enumerate(in_months(COHORT, COHORT_MONTH, window.start, window.end, months)):
        read = source(piece.cube, filters, scope, by, held(only))
        parameters |= {**read.parameters, f"start_{number}": piece.start, f"end_{number}": piece.end}
        statements.append(selection(piece, number, by, read))
    columns = ", ".join(by)
    union = " UNION ALL ".join(statements)
    return db.frame(
        f"SELECT {columns}{', ' if by else ''}coalesce(sum(n), 0)::bigint AS n FROM ({union}) p"
        + (f" GROUP BY {columns}" if by else ""),
        parameters,
        scope,
    )


def soon(
    db: Database,
    filters: Filters,
    scope: Scope,
    subject: str,
    milestone: str,
    window: Window,
    days: Iterable[int],
    only: Restriction | None = None,
) -> pd.DataFrame:
    """How many of the cases filed on each day of ``window`` have passed ``milestone`` at all, and within ``days``.

    Exact for days at which a bin of ages ends. Columns: ``opened_day``, ``n`` and one a number of days: ``within_30``.
    """
    days = tuple(days)
    _of_edges(days)
    read = source(COHORT, filters, scope, (), held(only))
    conditions = [
        "subject = :subject",
        "milestone = :milestone",
        "opened_day BETWEEN :start AND :end",
        *read.conditions,
    ]
    sums = [f"coalesce(sum(n) FILTER (WHERE age <= {number}), 0)::bigint AS within_{number}" for number in days]
    return db.frame(
        f"SELECT opened_day, {', '.join(['sum(n)::bigint AS n', *sums])} FROM {read.table} "
        f"WHERE {' AND '.join(conditions)} GROUP BY opened_day ORDER BY opened_day",
        {
            "subject": subject,
            "milestone": milestone,
            "start": window.start,
            "end": window.end,
            **read.parameters,
        },
        scope,
    )


def within(ages: pd.DataFrame, days: int) -> int:
    """How many of a `cohort` told apart by ``age`` took at most so many days, at which a bin of ages must end."""
    _of_edges((days,))
    return int(ages.loc[ages["age"] <= days, "n"].sum())


def _of_edges(days: Iterable[int]) -> None:
    if unknown := [number for number in days if number + 1 not in AGE_EDGES]:
        raise ValueError(f"no bin of ages ends after {unknown[0]} days")
