"""Counts by what a case is told apart by in months: sector, skill level, sex, age, or two of them together."""

from __future__ import annotations

import pandas as pd

from dashboard.claims.cubes import MONTH_TRAIT
from dashboard.claims.database import Database
from dashboard.filters import Filters, Window
from dashboard.scope import Scope
from queries.counts import Restriction
from queries.durations import whole_months
from queries.source import held, source


def by_trait(
    db: Database,
    filters: Filters,
    scope: Scope,
    subject: str,
    milestone: str,
    kind: str,
    window: Window,
    only: Restriction | None = None,
    by: tuple[str, ...] = (),
) -> pd.DataFrame:
    """How many cases passed a milestone in the months that ``window`` touches, by one kind of trait.

    ``kind`` is one of the flow's ``traits`` (``skill``, ``skill+channel``), ``only`` restricts provinces, categories
    or outcomes, ``by`` names those told apart. A case of which the trait is not known does not count. Columns: one a
    part of ``kind``, those of ``by``, ``n``.
    """
    months = whole_months(db, window)
    read = source(MONTH_TRAIT, filters, scope, by, held(only))
    conditions = [
        "subject = :subject",
        "milestone = :milestone",
        "month BETWEEN :start AND :end",
        "starts_with(trait, :kind)",
        *read.conditions,
    ]
    columns = ", ".join(("trait", *by))
    frame = db.frame(
        f"SELECT {columns}, sum(n)::bigint AS n FROM {read.table} "
        f"WHERE {' AND '.join(conditions)} GROUP BY {columns} HAVING sum(n) > 0 ORDER BY {columns}",
        {
            "subject": subject,
            "milestone": milestone,
            "start": months.start,
            "end": months.end,
            "kind": f"{kind}:",
            **read.parameters,
        },
        scope,
    )
    told = [str(trait).removeprefix(f"{kind}:").split("+", kind.count("+")) for trait in frame["trait"]]
    return pd.DataFrame(told, columns=kind.split("+")).assign(**{name: frame[name].to_numpy() for name in (*by, "n")})
