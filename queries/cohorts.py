"""What became of the cases filed in some days: counts by day of filing, whenever a milestone was passed."""

from __future__ import annotations

import pandas as pd

from dashboard.claims.database import Database
from dashboard.filters import Filters, Window
from dashboard.scope import Scope
from queries.counts import Restriction


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
    provinces = scope.narrow(filters.provinces)
    wanted = {name: values for name, values in (only or {}).items() if values}
    columns = ", ".join(by)
    conditions = [
        "subject = :subject",
        "milestone = :milestone",
        "opened_day BETWEEN :start AND :end",
        "(CAST(:scope AS text[]) IS NULL OR province = ANY(CAST(:scope AS text[])))",
        "(CAST(:provinces AS text[]) IS NULL OR province = ANY(CAST(:provinces AS text[])))",
        *(f"{name} = ANY(:only_{name})" for name in wanted),
    ]
    return db.frame(
        f"SELECT {columns}{', ' if by else ''}coalesce(sum(n), 0)::bigint AS n FROM cohort_cells "
        f"WHERE {' AND '.join(conditions)}" + (f" GROUP BY {columns}" if by else ""),
        {
            "subject": subject,
            "milestone": milestone,
            "start": window.start,
            "end": window.end,
            "provinces": None if provinces is None else list(provinces),
            **{f"only_{name}": list(values) for name, values in wanted.items()},
        },
        scope,
    )
