"""Between ministry and social security: who is found eligible and stands still between two steps, and for how long.

All schemes, as of now, one by one from the cases themselves: a rollup holds each of them under the day since which it
stands there. The cases of a gap are those that the list of cases shows under its name (`queries.cases`).
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from math import ceil

import numpy as np
import numpy.typing as npt
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
_ONCE = (TO_ESTABLISH, TO_PAY)
"""The gaps that hold each case once: those without an account are among the established."""
MEDIAN, P90 = 0.5, 0.9

Numbers = npt.NDArray[np.int64]


def gaps(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The cases in each gap and how long they have been there.

    Columns: ``gap`` (of ``GAPS``), ``waiting``, ``median`` and ``p90`` (days since the step before, None without a
    case), and the bands of `queries.ages`, the oldest first. Gaps overlap: ``attrs["n"]`` counts each case once;
    that there is none is a finding (``attrs["observed"]``).
    """
    found = _standing(db, filters, scope, ("day",))
    ages, numbers = _ages(found, filters.today)
    inside = [(gap, (found["milestone"] == gap).to_numpy()) for gap in GAPS]
    rows = [(gap, *_told(ages[mine], numbers[mine])) for gap, mine in inside]
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
    ages, numbers = _ages(found, filters.today)
    places = found.groupby(["province", "milestone"]).indices
    rows = []
    for province in found["province"].unique():
        row: dict[str, object] = {"province": province}
        for gap in GAPS:
            mine = places.get((province, gap), [])
            n, median, p90, *_ = _told(ages[mine], numbers[mine])
            row |= {gap: n, f"{gap}_median": median, f"{gap}_p90": p90}
        rows.append({**row, "cases": sum(int(numbers[places.get((province, gap), [])].sum()) for gap in _ONCE)})
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


def _ages(found: pd.DataFrame, today: date) -> tuple[Numbers, Numbers]:
    """How many days each cell of `_standing` has been where it is, and its cases."""
    ages = [max((today - day).days, 0) for day in found["day"]]
    return np.array(ages, dtype=np.int64), found["n"].to_numpy(dtype=np.int64)


def _told(ages: Numbers, numbers: Numbers) -> tuple[int, int | None, int | None, *tuple[int, ...]]:
    """How many cases, the days within which half and nine of ten of them lie, and the cases of each band of age."""
    order = np.argsort(ages)
    ages, reached = ages[order], np.cumsum(numbers[order])
    before = [int(reached[place - 1]) if place else 0 for place in np.searchsorted(ages, list(BANDS.values()))]
    n = int(reached[-1]) if len(reached) else 0
    bands = [above - below for above, below in pairwise((n, *before))]
    return n, _age_at(ages, reached, MEDIAN), _age_at(ages, reached, P90), *bands


def _age_at(ages: Numbers, reached: Numbers, share: float) -> int | None:
    """The age at that share of the cases, the youngest first; ``None`` of none."""
    if not len(ages):
        return None
    place = max(1, ceil(share * int(reached[-1]) - 1e-9))
    return int(ages[int(np.searchsorted(reached, place))])


def _cases(found: pd.DataFrame) -> int:
    """The cases in any gap."""
    return int(found.loc[found["milestone"].isin(_ONCE), "n"].sum())
