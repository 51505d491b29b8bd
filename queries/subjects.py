"""The subjects as a whole: which were ever loaded, and which of their cases may stand in one total."""

from __future__ import annotations

import pandas as pd

from dashboard.claims.database import Database
from dashboard.claims.flows import FLOWS, SUPPORT_SCHEME
from dashboard.claims.walls import IN_SCOPE, SUBJECT_IN_SCOPE
from dashboard.filters import Filters
from dashboard.scope import Scope
from queries.counts import Restriction


def loaded(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:  # noqa: ARG001  every question takes them
    """The subjects of which anything in ``scope`` was ever opened, whatever is filtered. Column: ``subject``."""
    return db.frame(
        "SELECT key AS subject FROM unnest(CAST(:subjects AS text[])) WITH ORDINALITY AS s (key, place) WHERE EXISTS ("
        f"SELECT FROM month_cells WHERE subject = key AND milestone = 'opened' AND n <> 0 AND {IN_SCOPE} "
        f"AND {SUBJECT_IN_SCOPE}) ORDER BY place",
        {"subjects": list(FLOWS)},
        scope,
    )


def one_total(db: Database, subject: str, chosen: tuple[str, ...] = ()) -> Restriction | None:
    """The categories of a subject that may stand in one total; ``None`` where that is all of them.

    Of the procedures, those so many that they would drown the others are kept apart, unless none but such are
    ``chosen``.
    """
    if subject != "procedures":
        return None
    kept = [procedure.key for procedure in db.jurisdiction.procedures if not procedure.kept_apart]
    if chosen and not set(chosen) & set(kept):
        return None
    return {"category": tuple(kept)} if len(kept) < len(db.jurisdiction.procedures) else None


def insured(db: Database) -> Restriction | None:
    """The schemes of registrations that premiums are matched for; ``None`` where that is all of them."""
    schemes = [code.key for code in db.jurisdiction.codes["registrations.category"]]
    return {"category": tuple(key for key in schemes if key != SUPPORT_SCHEME)} if SUPPORT_SCHEME in schemes else None
