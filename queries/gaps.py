"""Between ministry and social security: who is found eligible and stands still between two steps, and for how long.

All schemes, as of now, one by one from the cases themselves: a rollup holds each of them under the day since which it
stands there. The cases of a gap are those that the list of cases shows under its name (`queries.cases`).
"""

from __future__ import annotations

from datetime import date
from math import ceil

import pandas as pd

from dashboard.claims.cubes import WAITING
from dashboard.claims.database import Database
from dashboard.claims.flows import TO_ANNOUNCE, TO_ESTABLISH, TO_PAY
from dashboard.filters import Filters
from dashboard.scope import Scope
from queries.ages import BANDS
from queries.counts import narrowed
from queries.source import source

SUBJECT = "registrations"
GAPS = (TO_ESTABLISH, TO_PAY, TO_ANNOUNCE)
"""Referred and not established; established and not paid; and of the latter those whose account is not announced."""
MEDIAN, P90 = 0.5, 0.9


def gaps(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The cases in each gap and how long they have been there.

    Columns: ``gap`` (of ``GAPS``), ``waiting``, ``median`` and ``p90`` (days since the step before, None without a
    case), and the bands of `queries.ages`, the oldest first. Gaps overlap: ``attrs["n"]`` counts each case once;
    that there is none is a finding (``attrs["observed"]``).
    """
    found = _standing(db, filters, scope, ("day",))
    rows = [(gap, *_told(found[found["milestone"] == gap], filters.today)) for gap in GAPS]
    frame = pd.DataFrame(rows, columns=["gap", "waiting", "median", "p90", *BANDS])
    frame[["median", "p90"]] = frame[["median", "p90"]].astype(float)
    n = _cases(found)
    frame.attrs |= {"n": n, "observed": not n}
    return frame


def provinces(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The gaps by province, the most waiting first.

    Columns: ``province`` and of each gap the cases (its name), ``<gap>_median`` and ``<gap>_p90`` (days since the step
    before, None without a case). ``attrs["n"]`` as of `gaps`.
    """
    found = _standing(db, filters, scope, ("province", "day"))
    rows = []
    for province, cells in found.groupby("province"):
        row: dict[str, object] = {"province": province}
        for gap in GAPS:
            n, median, p90, *_ = _told(cells[cells["milestone"] == gap], filters.today)
            row |= {gap: n, f"{gap}_median": median, f"{gap}_p90": p90}
        rows.append({**row, "cases": _cases(cells)})
    names = [name for gap in GAPS for name in (gap, f"{gap}_median", f"{gap}_p90")]
    frame = pd.DataFrame(rows, columns=["province", *names, "cases"])
    frame = frame.sort_values(["cases", "province"], ascending=[False, True], ignore_index=True).drop(columns="cases")
    times = [name for name in names if name not in GAPS]
    frame[times] = frame[times].astype(float)
    n = _cases(found)
    frame.attrs |= {"n": n, "observed": not n}
    return frame


def _standing(db: Database, filters: Filters, scope: Scope, by: tuple[str, ...]) -> pd.DataFrame:
    """The cases in each gap told apart ``by`` province and day since when. Columns: ``milestone``, those of ``by``,
    ``n``.
    """
    read = source(WAITING, filters, scope, by, narrowed(filters, SUBJECT))
    columns = ", ".join(("milestone", *by))
    conditions = ("subject = :subject", "milestone = ANY(:gaps)", *read.conditions)
    return db.frame(
        f"SELECT {columns}, sum(n)::bigint AS n FROM {read.table} WHERE {' AND '.join(conditions)} "
        f"GROUP BY {columns} HAVING sum(n) <> 0 ORDER BY {columns}",
        {"subject": SUBJECT, "gaps": list(GAPS), **read.parameters},
        scope,
    )


def _told(cells: pd.DataFrame, today: date) -> tuple[int, int | None, int | None, *tuple[int, ...]]:
    """How many cases, the days within which half and nine of ten of them lie, and the cases of each band of age."""
    ages = pd.Series([max((today - day).days, 0) for day in cells["day"]], dtype="int64")
    counted = cells["n"].astype("int64").groupby(ages.to_numpy()).sum().sort_index()
    bands, above = [], None
    for least in BANDS.values():
        inside = [age >= least and (above is None or age < above) for age in counted.index]
        bands.append(int(counted[inside].sum()))
        above = least
    return int(counted.sum()), _age_at(counted, MEDIAN), _age_at(counted, P90), *bands


def _age_at(counted: pd.Series[int], share: float) -> int | None:
    """The age at that share of the cases, the youngest first; ``None`` of none."""
    if counted.empty:
        return None
    place = max(1, ceil(share * int(counted.sum()) - 1e-9))
    return int(counted.index[int(counted.cumsum().searchsorted(place))])


def _cases(found: pd.DataFrame) -> int:
    """The cases in any gap: those without an account are among the established."""
    return int(found.loc[found["milestone"] != TO_ANNOUNCE, "n"].sum())
