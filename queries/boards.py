"""The boards that hear disputes: do they rule alike, and how much has each of them to do?

A board is the one of first instance, by the code that its province's records give it; a country has no list of them.
Boards are counted by themselves, in whole months of the official calendar.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from dashboard.claims.database import Database
from dashboard.claims.flows import CLOSED, OPENED
from dashboard.claims.walls import SUBJECT_IN_SCOPE
from dashboard.filters import Filters, Window
from dashboard.scope import Scope
from queries import alike
from queries.counts import BEGINNING
from queries.durations import whole_months
from queries.source import IN_VIEW


def ruled(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Ruled for the petitioner, wholly or in part ÷ ruled on the merits, by board and month of closing.

    Answers as `alike.compare` does, ``key`` being the board. The outcome is that of the dispute: a ruling that was
    changed on appeal counts as it was changed.
    """
    months = whole_months(db, filters.window)
    found = _counted(db, replace(filters, provinces=()), scope, (CLOSED,), months, ("province", "board", "outcome"))
    found = found[found["outcome"].isin((*alike.MERITS, alike.AGAINST))]
    by = [found["province"], found["board"]]
    cases = pd.DataFrame({"n": found["n"].groupby(by).sum()})
    cases["k"] = found["n"].where(found["outcome"].isin(alike.MERITS), 0).groupby(by).sum()
    cases = cases.astype(int).reset_index()
    cases["key"] = _keys(cases)
    frame = alike.in_view(alike.judged(cases), filters, scope, months)
    frame.attrs["codes"] = ""
    return frame


def ruled_outside(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The boards outside in `ruled`; as `alike.outside` answers."""
    return alike.outside(ruled(db, filters, scope))


def open_now(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The disputes that each board has open now, the most first; boards without any are left out.

    Columns: ``board`` (its code, beside that of its province where several have the same), ``province``,
    ``board_open``, ``share`` (of the disputes of the provinces in view that are with a known board). ``attrs["mean"]``
    is that of all boards in ``scope``.
    """
    everywhere = replace(filters, provinces=())
    months = whole_months(db, Window(BEGINNING, filters.today))
    found = _counted(db, everywhere, scope, (OPENED, CLOSED), months, ("milestone", "province", "board"))
    change = found["n"].where(found["milestone"] == OPENED, -found["n"])
    frame = change.groupby([found["province"], found["board"]]).sum().rename("board_open").reset_index()
    frame = frame[(frame["board"] != "") & (frame["board_open"] > 0)]
    mean = float(frame["board_open"].mean()) if len(frame) else None
    frame["board"] = _keys(frame)
    seen = scope.narrow(filters.provinces)
    if seen is not None:
        frame = frame[frame["province"].isin(seen)]
    frame = frame.sort_values(["board_open", "board"], ascending=[False, True], ignore_index=True)
    frame["share"] = frame["board_open"] / frame["board_open"].sum()
    frame = frame[["board", "province", "board_open", "share"]]
    frame.attrs |= {"key": "board", "codes": ""}
    if mean is not None:
        frame.attrs["mean"] = mean
    return frame


def _keys(boards: pd.DataFrame) -> pd.Series[str]:
    """What each board is called: its code, and where another province has the same, that of its own as well."""
    twice = boards["board"].duplicated(keep=False) & (boards["board"] != "")
    return boards["board"].where(~twice, boards["board"] + " · " + boards["province"])


def _counted(
    db: Database, filters: Filters, scope: Scope, milestones: tuple[str, ...], months: Window, by: tuple[str, ...]
) -> pd.DataFrame:
    """Disputes that passed any of ``milestones`` in some months. Columns: those of ``by``, ``n``."""
    provinces = scope.narrow(filters.provinces)
    columns = ", ".join(by)
    return db.frame(
        f"SELECT {columns}, sum(n)::bigint AS n FROM board_cells WHERE subject = 'disputes' "
        "AND milestone = ANY(:milestones) AND month BETWEEN :start AND :end "
        f"AND {IN_VIEW} AND {SUBJECT_IN_SCOPE} "
        f"GROUP BY {columns} HAVING sum(n) <> 0 ORDER BY {columns}",
        {
            "milestones": list(milestones),
            "start": months.start,
            "end": months.end,
            "provinces": None if provinces is None else list(provinces),
        },
        scope,
    )
