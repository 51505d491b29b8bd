"""How much there is to do for each expert and each board, and how much an expert closes.

Open cases are those of now; only what experts closed is of a period. Procedures that are kept apart
(`queries.subjects.one_total`) are in no load.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from dashboard.claims.cubes import OFFICE
from dashboard.claims.database import Database
from dashboard.claims.flows import CLOSED
from dashboard.filters import Filters, Window
from dashboard.scope import Scope
from queries.counts import Restriction, counts, pending, working_days
from queries.durations import whole_months
from queries.places import of_offices, place_of, provinces_in_view
from queries.staffing import staff
from queries.subjects import one_total

IN_HAND = ("registrations", "procedures", "service_requests")
"""The subjects that experts work off; disputes are heard by boards."""
Count = Callable[[Filters, tuple[str, ...]], pd.DataFrame]
"""Cases under some filters by some dimensions: those, ``n``."""


def per_expert(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The cases whose turn it is the office's, for each expert, by province or by office of the one in view.

    Columns: ``province``, ``office`` (None by province), ``per_expert`` (None without staff on record), ``cases``,
    ``experts``, ``unrecorded`` (offices of the province without a record; None by office). Cases that name no office
    count for their province only. ``attrs["mean"]`` is that of all provinces in ``scope``.
    """
    return _load(db, filters, scope, _in_hand(db, scope, IN_HAND, "office"), "experts", "per_expert", filters.today)


def per_board(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The disputes that wait for a board, for each board; columns as for `per_expert`: ``boards``, ``per_board``."""
    return _load(db, filters, scope, _in_hand(db, scope, ("disputes",), "board"), "boards", "per_board", filters.today)


def closed_per_expert(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """What an expert closed on a working day of the period, by place; staff as on record at the period's end.

    Columns as for `per_expert`, with ``closed_per_expert`` and, as ``cases``, those closed. Offices are counted for the
    whole months that the period touches where their days are no longer held.
    """
    window = filters.window
    if place_of(filters, scope) == "office" and window.start <= filters.today - timedelta(days=OFFICE.keep_days):
        months = whole_months(db, window)
        window = Window(months.start, min(months.end, filters.today))

    def closed(asked: Filters, by: tuple[str, ...]) -> pd.DataFrame:
        return pd.concat(
            counts(db, asked, scope, subject, (CLOSED,), window, by, _only(db, asked, subject)) for subject in IN_HAND
        )

    days = working_days(db, window)
    return _load(db, filters, scope, closed, "experts", "closed_per_expert", window.end, days)


def _in_hand(db: Database, scope: Scope, subjects: tuple[str, ...], actor: str) -> Count:
    """Counts the open cases of ``subjects`` in which it is ``actor``'s turn."""

    def waiting(asked: Filters, by: tuple[str, ...]) -> pd.DataFrame:
        return pd.concat(
            pending(db, asked, scope, subject, by, {**_only(db, asked, subject), "actor": (actor,)})
            for subject in subjects
        )

    return waiting


def _only(db: Database, filters: Filters, subject: str) -> Restriction:
    """The cases of a subject that may stand in one total, of the offices asked for."""
    return {**(one_total(db, subject) or {}), **of_offices(filters)}


def _load(
    db: Database,
    filters: Filters,
    scope: Scope,
    count: Count,
    unit: str,
    measure: str,
    day: date,
    days: int = 1,
) -> pd.DataFrame:
    """Cases ÷ ``days`` ÷ staff of one ``unit`` by place, the heaviest load first; ``days`` are working days."""
    everywhere = replace(filters, provinces=(), offices=())
    nation = count(everywhere, ("province",)).groupby("province")["n"].sum()
    staffed = staff(db, everywhere, scope, day)
    of_province = staffed.groupby("province")[unit].sum()
    place, seen = place_of(filters, scope), scope.narrow(filters.provinces)
    offices = [office for office in db.jurisdiction.offices if seen is None or office.province in seen]
    if place == "office":
        here = [office.code for office in offices if not filters.offices or office.code in filters.offices]
        frame = pd.DataFrame({"province": offices[0].province if offices else None, "office": here})
        cases = count(filters, ("province", "office")).groupby("office")["n"].sum()
        workers = staffed.set_index("office")[unit]
        frame["unrecorded"] = None
    else:
        frame = pd.DataFrame({"province": provinces_in_view(db, filters, scope)})
        frame["office"] = None
        cases, workers = nation, of_province
        lacking = Counter(office.province for office in offices if office.code not in set(staffed["office"]))
        frame["unrecorded"] = [lacking[code] for code in frame["province"]]
    frame["cases"] = frame[place].map(cases).fillna(0).astype(int)
    frame[unit] = frame[place].map(workers)
    frame[measure] = frame["cases"] / frame[unit].where(frame[unit] > 0) / (days or np.nan)
    frame = frame.sort_values(measure, ascending=False, ignore_index=True)
    on_record = of_province[of_province > 0]
    if len(on_record) and days:
        frame.attrs["mean"] = float(nation.reindex(on_record.index).sum() / on_record.sum() / days)
    frame.attrs |= {"key": place, "codes": f"{place}s"}
    return frame
