"""Counting: the one way in which questions read the rollups, from the cheapest cubes that can answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from dashboard.claims.cubes import DUE, PENDING_CASES, Piece, choose
from dashboard.claims.database import Database
from dashboard.claims.flows import CLOSED, DISPUTE_CLAIMS, DISPUTES, OPENED
from dashboard.filters import Filters, Window
from dashboard.scope import Scope
from dashboard.text.calendars import calendar_named
from queries.source import cut, selection, source

BEGINNING = date(1990, 1, 1)
"""No case is older: the start of "all days so far"."""

IN_TIME = ("early", "on_time")
LIMITED = (*IN_TIME, "late")
"""The timings of cases closed under a limit."""

Restriction = Mapping[str, tuple[str, ...]]
"""Dimensions and the values that alone are counted."""


def counts(
    db: Database,
    filters: Filters,
    scope: Scope,
    subject: str | tuple[str, ...],
    milestones: Iterable[str],
    window: Window,
    by: tuple[str, ...] = (),
    only: Restriction | None = None,
) -> pd.DataFrame:
    """How many cases of ``subject`` passed each of ``milestones`` in ``window``.

    ``by`` names what is told apart: dimensions of a cube, ``day``, ``month``, or ``subject`` where several are asked
    about. A month is one of the official calendar, by its first day within the window; over long windows it costs far
    less than days. ``only`` restricts dimensions to values, beside what ``filters`` restrict (`narrowed`). Columns:
    ``milestone``, those of ``by``, ``n`` (whole numbers).

    Where only whole months are known (of traits, of reasons by category, and of offices long ago) the window must
    consist of them, as ``filters.window`` and ``filters.compared`` do for the filters that ask for them, and ``day`` is
    the first of the month.
    """
    statement, parameters = _statement(db, filters, scope, subject, milestones, window, by, only)
    return db.frame(statement, parameters, scope)


def courses(
    db: Database,
    filters: Filters,
    scope: Scope,
    subject: str | tuple[str, ...],
    milestones: Iterable[str],
    window: Window,
    by: tuple[str, ...],
    only: Restriction | None = None,
) -> pd.DataFrame:
    """`counts` by day, a row a course: ``milestone``, those of ``by``, ``course`` (an array with a place a day).

    Thousands of rows of one number each cost more on their way here than to count.
    """
    told = ("milestone", *by)
    days, parameters = _statement(db, filters, scope, subject, milestones, window, ("day", *by), only)
    frame = db.frame(
        f"SELECT {', '.join(told)}, array_agg(day - CAST(:first AS date)) AS places, array_agg(n) AS numbers "
        f"FROM ({days}) d GROUP BY {', '.join(told)}",
        {**parameters, "first": window.start},
        scope,
    )
    found = []
    for places, numbers in zip(frame["places"], frame["numbers"], strict=True):
        course = np.zeros(window.days, dtype=np.int64)
        course[places] = numbers
        found.append(course)
    return frame[list(told)].assign(course=pd.Series(found, dtype=object))


def _statement(
    db: Database,
    filters: Filters,
    scope: Scope,
    subject: str | tuple[str, ...],
    milestones: Iterable[str],
    window: Window,
    by: tuple[str, ...],
    only: Restriction | None,
) -> tuple[str, dict[str, object]]:
    wanted = narrowed(filters, subject, only)
    told = {*by} - {"day", "month", "subject"}
    asked = set(milestones)
    pieces = _pieces(db, filters, {"province", *told, *wanted}, asked, window, "day" in by)
    if "month" in by:
        pieces = cut(pieces, starts_in(db, window))
    parameters: dict[str, object] = {
        "subjects": _counted_as(filters, subject),
        "milestones": sorted(asked),
    }
    statements = []
    for number, piece in enumerate(pieces):
        read = source(piece.cube, filters, scope, told, wanted)
        parameters |= {**read.parameters, f"start_{number}": piece.start, f"end_{number}": piece.end}
        statements.append(selection(piece, number, by, read))
    columns = ", ".join(("milestone", *by))
    union = " UNION ALL ".join(statements)
    statement = f"SELECT {columns}, sum(n)::bigint AS n FROM ({union}) p GROUP BY {columns} HAVING sum(n) <> 0"
    return statement, parameters


def narrowed(
    filters: Filters, subject: str | tuple[str, ...], only: Restriction | None = None
) -> dict[str, tuple[str, ...]]:
    """The dimensions that a question about ``subject`` restricts, provinces aside, and the values alone counted.

    Those are the filters' and ``only``; what both restrict is counted where they agree. Categories are those of the
    filters' subject and restrict no other. Petitions with one type of claim are counted as the category of
    ``dispute_claims`` that they are there, so never as a sum over several types (`_counted_as`).
    """
    if filters.claim and subject == DISPUTES.subject:
        of_type = {**(only or {}), "category": (filters.claim,)}
        return narrowed(replace(filters, trait="", categories=()), subject, of_type)
    chosen = {
        "channel": filters.channels,
        "office": filters.offices,
        "category": filters.categories if subject == filters.subject else (),
        "trait": (filters.trait,) if filters.trait else (),
    }
    found = {name: values for name, values in chosen.items() if values}
    for name, values in (only or {}).items():
        if values:
            found[name] = tuple(value for value in values if value in found.get(name, values))
    return found


def _counted_as(filters: Filters, subject: str | tuple[str, ...]) -> list[str]:
    """The subjects whose cells are read for a question about some."""
    if filters.claim and subject == DISPUTES.subject:
        return [DISPUTE_CLAIMS.subject]
    return [subject] if isinstance(subject, str) else list(subject)


def _pieces(
    db: Database, filters: Filters, needed: set[str], milestones: set[str], window: Window, by_day: bool
) -> list[Piece]:
    """What to read of which cubes; in whole months where only those are known."""
    months = starts_in(db, window)
    asked = (needed, milestones, window.start, window.end, by_day, months)
    whole = "trait" in needed or needed >= {"reason", "category"}
    if not whole:
        pieces = choose(*asked)
        if not any(_forgotten(piece, filters.today) for piece in pieces):
            return pieces
    aligned = window.start in (BEGINNING, *months[:1])
    if not aligned or (window.end < filters.today and window.end + timedelta(days=1) not in months):
        raise ValueError(f"{window.start} to {window.end} are not whole months, and no others are known")
    return choose(*asked, whole=True)


def _forgotten(piece: Piece, today: date) -> bool:
    """Whether a piece begins before what its cube remembers; before the beginning there was nothing to remember."""
    return bool(piece.cube.keep_days) and BEGINNING < piece.start < today - timedelta(days=piece.cube.keep_days)


def total(frame: pd.DataFrame, milestone: str, **values: object) -> int:
    """The sum of ``n`` over the rows of a counts frame at a milestone and with these values."""
    chosen = frame["milestone"] == milestone
    for name, value in values.items():
        chosen &= frame[name].isin(value) if isinstance(value, tuple) else frame[name] == value
    return int(frame.loc[chosen, "n"].sum())


def backlog(
    db: Database,
    filters: Filters,
    scope: Scope,
    subject: str | tuple[str, ...],
    day: date,
    by: tuple[str, ...] = (),
    only: Restriction | None = None,
) -> pd.DataFrame:
    """Cases open at the end of ``day``: opened - closed over all days so far. Columns: those of ``by``, ``n``."""
    frame = counts(db, filters, scope, subject, (OPENED, CLOSED), Window(BEGINNING, day), by, only)
    frame["n"] = frame["n"].where(frame["milestone"] == OPENED, -frame["n"])
    if not by:
        return pd.DataFrame({"n": [int(frame["n"].sum())]})
    return frame.groupby(list(by), as_index=False)[["n"]].sum()


def backlog_by_day(db: Database, filters: Filters, scope: Scope, subject: str, window: Window) -> pd.Series[int]:
    """The backlog at the end of each day of ``window``, by backlog(t) = backlog(t-1) + opened - closed.

    At the end of each month where only whole months are known.
    """
    before = int(backlog(db, filters, scope, subject, window.start - timedelta(days=1))["n"].iloc[0])
    frame = counts(db, filters, scope, subject, (OPENED, CLOSED), window, ("day",))
    change = frame["n"].where(frame["milestone"] == OPENED, -frame["n"]).groupby(frame["day"]).sum()
    course = before + change.reindex(days_of(window), fill_value=0).cumsum()
    return course[[day for day in course.index if day in ends_of(filters, window)]] if filters.whole_months else course


def pending(
    db: Database,
    filters: Filters,
    scope: Scope,
    subject: str | tuple[str, ...],
    by: tuple[str, ...] = ("opened_day",),
    only: Restriction | None = None,
    terms: Mapping[str, date] | None = None,
) -> pd.DataFrame:
    """The cases open now, told apart ``by`` filing day, subject or where they are, under the filters (`narrowed`).

    Columns: those of ``by``, ``n``, ``overdue`` (of n, due before today) and one of each name in ``terms`` (of n, due
    before that day).
    """
    terms = {"overdue": filters.today, **(terms or {})}
    wanted = narrowed(filters, subject, only)
    cube = DUE if {*by, *wanted} <= set(DUE.key) else PENDING_CASES
    read = source(cube, filters, scope, by, wanted)
    conditions = ["subject = ANY(:subjects)", "milestone = 'pending'", "n <> 0", *read.conditions]
    columns = ", ".join(by)
    return db.frame(
        f"SELECT {columns}, sum(n)::bigint AS n, "
        + ", ".join(
            f"coalesce(sum(n) FILTER (WHERE due_on > DATE '0001-01-01' AND due_on < :term_{name}), 0)::bigint AS {name}"
            for name in terms
        )
        + f" FROM {read.table} WHERE {' AND '.join(conditions)} GROUP BY {columns}",
        {
            "subjects": _counted_as(filters, subject),
            **{f"term_{name}": day for name, day in terms.items()},
            **read.parameters,
        },
        scope,
    )


def median_age(frame: pd.DataFrame, today: date) -> float | None:
    """The median age in days of the cases of a ``pending`` frame; ``None`` when there are none."""
    if frame.empty or frame["n"].sum() <= 0:
        return None
    ordered = frame.groupby("opened_day")["n"].sum().sort_index(ascending=False)
    middle = ordered.cumsum().searchsorted(ordered.sum() / 2)
    return float((today - ordered.index[int(middle)]).days)


def days_of(window: Window) -> list[date]:
    """Every day of the window."""
    return [window.start + timedelta(days=n) for n in range(window.days)]


def months_of(db: Database, window: Window) -> list[date]:
    """The official months that a window touches, each by its first day within it."""
    starts = [start for start in starts_in(db, window) if start <= window.end]
    return starts if starts[:1] == [window.start] else [window.start, *starts]


def ends_of(filters: Filters, window: Window) -> frozenset[date]:
    """The last days of the months of ``window``, where whole months are counted; its own last day is one of them."""
    starts = filters.cut_by.bins(window.start, window.end, "month")
    return frozenset({*(start - timedelta(days=1) for start in starts[1:]), window.end})


def course_of(by_day: pd.Series[int], filters: Filters) -> list[float]:
    """The course of a number over the period as a line of points: days, or months where only those are known."""
    whole = by_day.reindex(days_of(filters.window), fill_value=0)
    if filters.whole_months:
        whole = whole.groupby([filters.cut_by.month_start(day) for day in whole.index]).sum()
    return [float(number) for number in whole]


def working_days(db: Database, window: Window, province: str | None = None) -> int:
    """Working days of the window, today included when it is one; its future days are not counted.

    Those of a ``province``, or without one of the country, which knows no province's own days off.
    """
    end = min(window.end, db.today())
    if end < window.start:
        return 0
    return int(db.jurisdiction.workdays.between(window.start - timedelta(days=1), end, province))


def starts_in(db: Database, window: Window) -> list[date]:
    """Month starts of the official calendar from the window's start to the day after its end."""
    calendar = calendar_named(db.jurisdiction.calendar)
    after = window.end + timedelta(days=1)
    month = calendar.month_start(window.start)
    if month < window.start:
        month = calendar.next_month(month)
    starts = []
    while month <= after:
        starts.append(month)
        month = calendar.next_month(month)
    return starts
