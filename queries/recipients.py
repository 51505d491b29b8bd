"""Recipients of the benefit: how many, in which state and for how long; who comes and goes; and the money."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pandas as pd

from dashboard.claims.cubes import AMOUNT, RUNNING_AMOUNT
from dashboard.claims.database import Database
from dashboard.claims.dimensions import NO_DAY
from dashboard.claims.flows import CLOSED, GRANTED, MONTHLY, OPENED, PAID_OUT
from dashboard.claims.walls import SUBJECT_IN_SCOPE
from dashboard.filters import Filters, Window
from dashboard.scope import Scope
from dashboard.text.calendars import calendar_named
from queries.bins import axis_of, by_bin, not_over, official_months, over_time
from queries.counts import backlog, backlog_by_day, counts, pending, total
from queries.durations import whole_months
from queries.headlines import headline
from queries.source import IN_VIEW, source

SUBJECT = "benefits"
STATES = {"active": "social_security", "suspended": "claimant"}
"""The state of a benefit that runs → whose turn it is."""
LEFT = {"to_3": 3, "to_6": 6, "to_12": 12}
"""Parts by months left, up to so many."""
PARTS = ("ended", *LEFT, "over_12", "unknown")
AHEAD = 6
"""Months that the run-off looks ahead."""
OTHER = "other"
_REASONS = 3
"""Reasons of cut-off with a line of their own; the others are one."""
_MOST_DAYS = 31
_MONTHS = 13


def recipients(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Benefits that run at the end of the period."""
    course = backlog_by_day(db, filters, scope, SUBJECT, filters.window)
    before = int(backlog(db, filters, scope, SUBJECT, filters.compared.end)["n"].iloc[0]) if filters.compared else None
    n = int(course.iloc[-1])
    return headline("recipients", n, before, n, course)


def left(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Today's recipients by state and months left, in months of the reader's calendar.

    Columns: ``state`` (active, suspended) and ``PARTS``: ``ended`` are those whose entitlement is over though they are
    not cut off, ``unknown`` those of whom nobody stated the months granted.
    """
    calendar = calendar_named(filters.calendar)
    ends = {name: calendar.add_months(filters.today, months) for name, months in LEFT.items()}
    now = pending(db, filters, scope, SUBJECT, ("actor",), terms={**ends, "known": date.max})
    rows = []
    for state, actor in STATES.items():
        of_state = now[now["actor"] == actor]
        if of_state.empty:
            continue
        upto = [int(of_state[name].sum()) for name in ("overdue", *LEFT, "known")]
        parts = [upto[0], *(after - before for before, after in pairwise(upto))]
        rows.append((state, *parts, int(of_state["n"].sum()) - upto[-1]))
    frame = pd.DataFrame(rows, columns=["state", *PARTS])
    shown = [part for part in PARTS if part != "unknown" or frame[part].any()]
    frame.attrs |= {"key": "state", "labels": "eligibility.state", "columns": shown, "parts": "eligibility.left"}
    return frame


def run_off(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """How many of today's recipients are left at the end of this month and of the six to come, if nobody leaves early.

    Months are those of the official calendar. Columns: ``bin`` (first day of the month), ``n`` (left at its end),
    ``ending`` (whose entitlement ends in it; with this month those whose entitlement is over already). Who has no known
    end stays. ``attrs["n"]`` is how many there are today.
    """
    bins = _ahead(db, filters)
    terms = {f"end_{place}": day for place, day in enumerate(bins[1:])}
    now = pending(db, filters, scope, SUBJECT, ("subject",), terms=terms)
    whole = int(now["n"].sum())
    gone = [int(now[name].sum()) for name in terms]
    frame = pd.DataFrame({"bin": bins[:-1], "n": [whole - ended for ended in gone]})
    frame["ending"] = [after - before for before, after in zip([0, *gone], gone, strict=False)]
    frame.attrs |= {**official_months(db), "n": whole}
    return frame if whole else frame.iloc[:0]


def run_off_money(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """What today's recipients are to be paid for this month and the six to come, if nobody leaves early.

    Each is taken to receive a month what was granted divided by the months granted (whole units), for the months that
    the entitlement covers to their end; as in `run_off`. Suspended benefits rest. Whose end is not known receives on;
    whose amount or months nobody stated adds nothing. Months are those of the official calendar. Columns: ``bin``
    (first day of the month), ``n`` (the amount of the month), ``ending`` (what is less in it than in the month before,
    in the first than were all paid). ``attrs["n"]`` is how many are paid today.
    """
    bins = _ahead(db, filters)
    active = {"actor": (STATES["active"],)}
    parts = [
        f"coalesce(sum(n) FILTER (WHERE due_on >= :end_{place} OR due_on = :unknown), 0)::bigint AS left_{place}"
        for place in range(1, len(bins))
    ]
    read = source(RUNNING_AMOUNT, filters, scope, (), active)
    conditions = ("subject = :subject", "milestone = :milestone", *read.conditions)
    found = db.frame(
        f"SELECT coalesce(sum(n), 0)::bigint AS whole, {', '.join(parts)} FROM {read.table} "
        f"WHERE {' AND '.join(conditions)}",
        {
            "subject": SUBJECT,
            "milestone": MONTHLY,
            "unknown": NO_DAY,
            **{f"end_{place}": day for place, day in enumerate(bins) if place},
            **read.parameters,
        },
        scope,
    ).iloc[0]
    amounts = [int(found["whole"]), *(int(found[f"left_{place}"]) for place in range(1, len(bins)))]
    frame = pd.DataFrame({"bin": bins[:-1], "n": amounts[1:]})
    frame["ending"] = [before - after for before, after in pairwise(amounts)]
    n = int(pending(db, filters, scope, SUBJECT, ("subject",), active)["n"].sum())
    frame.attrs |= {**official_months(db), "n": n}
    return frame if amounts[0] else frame.iloc[:0]


def movement(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Benefits established and cut off over time, the most frequent reasons of the period apart; by week, over more
    than a month of days, unless days are asked for: daily numbers of several reasons are a thicket.

    Columns: ``bin``, ``series`` (opened, reasons, other), ``value``, ``provisional``.
    """
    window = filters.window
    if filters.step == "day" and not filters.chosen_step and window.days > _MOST_DAYS:
        filters = replace(filters, chosen_step="week")
    found = over_time(db, filters, scope, SUBJECT, (OPENED, CLOSED), window, ("outcome",))
    ended = found[found["milestone"] == CLOSED]
    most = ended.groupby("outcome")["n"].sum().sort_values(ascending=False, kind="stable")
    apart = list(most.index[:_REASONS])
    courses = {OPENED: found[found["milestone"] == OPENED]}
    courses |= {reason: ended[ended["outcome"] == reason] for reason in apart}
    if len(most) > _REASONS:
        courses[OTHER] = ended[~ended["outcome"].isin(apart)]
    parts = []
    for series, rows in courses.items():
        course = by_bin(rows.groupby("day")["n"].sum(), window, filters, db)
        parts.append(pd.DataFrame({"bin": course.index, "series": series, "value": course.to_numpy()}))
    frame = pd.concat(parts, ignore_index=True)
    frame["provisional"] = not_over(frame["bin"], filters, db)
    frame.attrs |= {**axis_of(filters), "codes": "benefits.outcome", "labels": "eligibility.movement"}
    return frame


def granted(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The amount granted with the benefits established in the months that the period touches; ``n`` is how many."""
    months = whole_months(db, filters.window)
    by_month = _amounts(db, filters, scope, months)
    n = total(counts(db, filters, scope, SUBJECT, (OPENED,), months), OPENED)
    return headline("amount_granted", float(by_month["granted"].sum()) if n else None, None, n, by_month["granted"])


def money(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Amounts by official month in which the benefit was established, over at least the year up to the period's end.

    Columns: ``bin``, ``granted``, ``paid`` (of that, so far), ``share`` (paid ÷ granted), ``provisional``.
    ``attrs["n"]`` is how many benefits were established.
    """
    calendar = calendar_named(db.jurisdiction.calendar)
    year = calendar.add_months(calendar.month_start(filters.window.end), 1 - _MONTHS)
    months = whole_months(db, Window(min(year, filters.window.start), filters.window.end))
    found = _amounts(db, filters, scope, months)
    frame = found.rename_axis("bin").reset_index()
    frame["share"] = frame["paid"] / frame["granted"].where(frame["granted"] > 0)
    frame["provisional"] = frame["bin"] >= calendar.month_start(filters.today)
    n = total(counts(db, filters, scope, SUBJECT, (OPENED,), months), OPENED)
    frame.attrs |= {**official_months(db), "n": n}
    return frame


def _ahead(db: Database, filters: Filters) -> list[date]:
    """The first days of this official month, of those looked at ahead, and of the one after them."""
    calendar = calendar_named(db.jurisdiction.calendar)
    first = calendar.month_start(filters.today)
    return [calendar.add_months(first, ahead) for ahead in range(AHEAD + 2)]


def _amounts(db: Database, filters: Filters, scope: Scope, months: Window) -> pd.DataFrame:
    """Amounts of the benefits established in whole months. Index: the month; columns ``granted``, ``paid``."""
    provinces = scope.narrow(filters.provinces)
    found = db.frame(
        f"SELECT month, milestone, sum(n)::bigint AS n FROM {AMOUNT.table} "
        "WHERE subject = :subject AND milestone = ANY(:milestones) AND month BETWEEN :start AND :end "
        f"AND {IN_VIEW} AND {SUBJECT_IN_SCOPE} "
        "GROUP BY month, milestone HAVING sum(n) <> 0",
        {
            "subject": SUBJECT,
            "milestones": [GRANTED, PAID_OUT],
            "start": months.start,
            "end": months.end,
            "provinces": None if provinces is None else list(provinces),
        },
        scope,
    )
    every = calendar_named(db.jurisdiction.calendar).bins(months.start, months.end, "month")
    columns = {"granted": GRANTED, "paid": PAID_OUT}
    by_month = {name: found[found["milestone"] == key].set_index("month")["n"] for name, key in columns.items()}
    known = pd.DataFrame(by_month, index=pd.Index(every, dtype=object)).fillna(0).astype("int64")
    return known[(known != 0).cummax()["granted"]]
