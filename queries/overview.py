"""The questions of the overview: is something wrong, where, and since when?

A headline answers with one row: ``value``, ``compared`` (the same over the compared days, None when nothing is
compared), ``n`` (what a rate rests on), ``measure`` (the key of the measure that ``value`` is) and ``spark`` (its
course over the period, a list of numbers, for the sparkline only).
"""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from dashboard.claims.database import Database
from dashboard.claims.flows import CLOSED, DECIDED, OPENED
from dashboard.filters import Filters, Window
from dashboard.scope import Scope
from queries.counts import (
    IN_TIME,
    LIMITED,
    Restriction,
    backlog,
    backlog_by_day,
    counts,
    course_of,
    days_of,
    median_age,
    months_of,
    pending,
    total,
)
from queries.glance import glance
from queries.hours import USUAL_WEEKS, filed_by_hour, hours_known
from queries.places import provinces_in_view
from queries.subjects import insured, one_total

ELIGIBLE = ("eligible",)
DECISIONS = ("eligible", "not_eligible")
MOST_DAYS = 92
"""A course that is told apart by day and scheme is told by month over more days than these."""
_NEIGHBOURS = 7


def registered_today(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Registrations of today so far, against the mean of the same weekday in the last four weeks up to this hour.

    Early in the morning that may be none; nothing is usual (``compared`` is None) only where no such day is known.
    """
    today = filters.today
    now = datetime.now(db.jurisdiction.timezone)
    before = [today - timedelta(weeks=week) for week in range(1, USUAL_WEEKS + 1)]
    hours = filed_by_hour(db, filters, scope, "registrations", [today, *before])
    so_far = hours[hours["hour_of_day"] <= now.hour]
    value = int(hours.loc[hours["day"] == today, "n"].sum())
    usual = so_far.loc[so_far["day"].isin(before), "n"].sum() / USUAL_WEEKS if hours["day"].isin(before).any() else None
    by_hour = hours[hours["day"] == today].groupby("hour_of_day")["n"].sum()
    spark = by_hour.reindex(range(now.hour + 1), fill_value=0).tolist()
    return _headline("registered", value, usual, value, spark)


def registered(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Registrations opened in the period."""
    by_day = counts(db, filters, scope, "registrations", (OPENED,), filters.window, ("day",))
    value = int(by_day["n"].sum())
    before = None
    if filters.compared:
        before = total(counts(db, filters, scope, "registrations", (OPENED,), filters.compared), OPENED)
    return _headline("registered", value, before, value, _course(by_day, filters))


def eligibility(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Eligible ÷ decided eligible or not, by day of decision, insured schemes only; ``n`` is how many were decided."""
    of_schemes = insured(db)

    def rate(window: Window) -> tuple[float | None, int]:
        frame = counts(db, filters, scope, "registrations", (DECIDED,), window, ("outcome",), of_schemes)
        n = total(frame, DECIDED, outcome=DECISIONS)
        return (total(frame, DECIDED, outcome=ELIGIBLE) / n if n else None), n

    value, n = rate(filters.window)
    before = rate(filters.compared)[0] if filters.compared else None
    course = eligible_over_time(db, filters, scope, filters.window)
    spark = (course["eligible"] / course["decided"])[course["decided"] > 0].tolist()
    return _headline("eligibility_rate", value, before, n, spark)


def eligible_over_time(db: Database, filters: Filters, scope: Scope, window: Window) -> pd.DataFrame:
    """Decided and eligible of the insured schemes, by day of decision: a row a day, or a month of a long window.

    Index: the day, or the first day of the official month within the window; columns ``decided``, ``eligible``. By day
    and scheme a rate over years would cost more than all the rest of a page.
    """
    finest = "month" if window.days > MOST_DAYS or filters.whole_months else "day"
    found = counts(db, filters, scope, "registrations", (DECIDED,), window, (finest, "outcome"), insured(db))
    every = days_of(window) if finest == "day" else months_of(db, window)
    answer = pd.DataFrame(index=pd.Index(every, dtype=object))
    for name, outcomes in (("decided", DECISIONS), ("eligible", ELIGIBLE)):
        answer[name] = found[found["outcome"].isin(outcomes)].groupby(finest)["n"].sum()
    return answer.fillna(0).astype(int)


def disputes_open(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Disputes open at the end of the period, with the median age of those open now."""
    return _stock(db, filters, scope, "disputes")


def registrations_open(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Registrations not yet closed at the end of the period, with the median age of those open now."""
    return _stock(db, filters, scope, "registrations")


def procedures_on_time(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Procedures closed in time ÷ closed under a limit, by day of closing; ``n`` is how many were closed under one.

    Where the jurisdiction sets procedures no limit, nothing can be late: the answer is how many were closed.
    """
    counted = _together(db, filters, "procedures")
    by_day = counts(db, filters, scope, "procedures", (CLOSED,), filters.window, ("day", "timing"), counted)

    def rate(frame: pd.DataFrame) -> tuple[float | None, int]:
        n = total(frame, CLOSED, timing=LIMITED)
        return (total(frame, CLOSED, timing=IN_TIME) / n if n else None), n

    compared = None
    if filters.compared:
        compared = counts(db, filters, scope, "procedures", (CLOSED,), filters.compared, ("timing",), counted)
    limited = any(limit.subject == "procedures" for limit in db.jurisdiction.limits)
    if not limited:
        value = int(by_day["n"].sum())
        before = None if compared is None else int(compared["n"].sum())
        return _headline("closed", value, before, value, _course(by_day, filters))
    value_rate, n = rate(by_day)
    before_rate = None if compared is None else rate(compared)[0]
    whole = _course(by_day[by_day["timing"].isin(LIMITED)], filters)
    part = _course(by_day[by_day["timing"].isin(IN_TIME)], filters)
    spark = [a / b for a, b in zip(part, whole, strict=True) if b]
    return _headline("on_time_rate", value_rate, before_rate, n, spark)


def trend(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Cases of the filters' subject filed over time, in bins of ``filters.step``.

    Columns: ``bin`` (first day of the bin; hour of the day for a single day), ``n``, ``mean`` (of the seven days
    ending there; days only), ``compared`` (the bin at the same place of the compared days), ``provisional`` (the bin is
    not over). ``attrs["step"]`` is the step. A single day whose hours are not known is one bin.
    """
    window, compared = filters.window, filters.compared
    if filters.step == "hour" and hours_known(db, filters, window.start):
        return _trend_by_hour(db, filters, scope)
    step = "day" if filters.step == "hour" else filters.step
    # The mean of the first days rests on the days before the period.
    reach = Window(window.start - timedelta(days=_NEIGHBOURS - 1), window.end) if step == "day" else window
    by_day = _filed(db, filters, scope, reach)
    calendar = filters.cut_by

    def binned(series: pd.Series[int], over: Window) -> pd.Series[int]:
        inside = series[[over.start <= day <= over.end for day in series.index]]
        week = db.jurisdiction.week_start
        starts = [max(calendar.bin_start(day, step, week), over.start) for day in inside.index]
        return inside.groupby(starts).sum()

    n = binned(by_day, window)
    frame = pd.DataFrame({"bin": n.index, "n": n.to_numpy()})
    frame["mean"] = by_day.rolling(_NEIGHBOURS).mean().reindex(frame["bin"]).to_numpy() if step == "day" else np.nan
    frame["compared"] = np.nan
    if compared:
        before = binned(_filed(db, filters, scope, compared), compared).to_numpy()
        length = min(len(before), len(frame))
        frame.loc[frame.index[:length], "compared"] = before[:length]
    last = calendar.bin_start(filters.today, step, db.jurisdiction.week_start)
    frame["provisional"] = [start >= last for start in frame["bin"]]
    frame.attrs |= {"step": step, "calendar": calendar.name}
    return frame


def provinces(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Every province in view, of the filters' subject.

    Columns: ``province``, then for registrations ``registered``, ``registered_per_100k`` (None without a population),
    ``eligibility_rate``, ``decided``; for any other subject ``opened``, ``opened_per_100k``, ``closed``; and
    ``backlog`` (cases open at the period's end).
    """
    subject = filters.subject
    only = _together(db, filters, subject)
    asked = (db, filters, scope, subject)
    flows = counts(*asked, (OPENED, CLOSED), filters.window, ("province",), only)
    stock = backlog(*asked, filters.window.end, ("province",), only)
    codes = provinces_in_view(db, filters, scope)
    frame = pd.DataFrame({"province": codes})
    name = "registered" if subject == "registrations" else "opened"
    frame[name] = _by(flows[flows["milestone"] == OPENED], frame, "province")
    people = frame["province"].map({p.code: p.population for p in db.jurisdiction.provinces}).astype(float)
    frame[f"{name}_per_100k"] = frame[name] * 100_000 / people.where(people > 0)
    if subject == "registrations":
        decided = counts(*asked, (DECIDED,), filters.window, ("province", "outcome"), insured(db))
        frame["decided"] = _by(decided[decided["outcome"].isin(DECISIONS)], frame, "province")
        eligible = _by(decided[decided["outcome"].isin(ELIGIBLE)], frame, "province")
        frame["eligibility_rate"] = eligible / frame["decided"].where(frame["decided"] > 0)
    else:
        frame["closed"] = _by(flows[flows["milestone"] == CLOSED], frame, "province")
    frame["backlog"] = _by(stock, frame, "province")
    return frame


def procedures(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The procedures of the jurisdiction, in its own order; columns as of `queries.glance`."""
    every = [p.key for p in sorted(db.jurisdiction.procedures, key=lambda p: p.order)]
    keys = [key for key in every if not filters.categories or key in filters.categories]
    return glance(db, filters, scope, "procedures", keys)


def _filed(db: Database, filters: Filters, scope: Scope, window: Window) -> pd.Series[int]:
    """Cases of the filters' subject filed on each day of a window."""
    subject = filters.subject
    only = _together(db, filters, subject)
    return _series(counts(db, filters, scope, subject, (OPENED,), window, ("day",), only), window)


def _together(db: Database, filters: Filters, subject: str) -> Restriction | None:
    """The categories of a subject that may stand in one total, of those that the filters choose."""
    return one_total(db, subject, filters.categories if subject == filters.subject else ())


def _trend_by_hour(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    day, compared = filters.window.start, filters.compared
    now = datetime.now(db.jurisdiction.timezone)
    last = now.hour if day == now.date() else 23
    known = compared.start if compared and hours_known(db, filters, compared.start) else None
    hours = filed_by_hour(db, filters, scope, filters.subject, {day, known or day})
    of_day = hours[hours["day"] == day].groupby("hour_of_day")["n"].sum()
    frame = pd.DataFrame({"bin": range(24), "n": of_day.reindex(range(24), fill_value=0).to_numpy(dtype=float)})
    frame["mean"] = np.nan
    frame["compared"] = np.nan
    if known:
        before = hours[hours["day"] == known].groupby("hour_of_day")["n"].sum()
        frame["compared"] = before.reindex(range(24), fill_value=0).to_numpy(dtype=float)
    frame["provisional"] = [day == now.date() and hour >= last for hour in frame["bin"]]
    frame.loc[frame["bin"] > last, "n"] = np.nan
    frame.attrs["step"] = "hour"
    return frame


def _stock(db: Database, filters: Filters, scope: Scope, subject: str) -> pd.DataFrame:
    by_day = backlog_by_day(db, filters, scope, subject, filters.window)
    before = None
    if filters.compared:
        before = int(backlog(db, filters, scope, subject, filters.compared.end)["n"].iloc[0])
    now = pending(db, filters, scope, subject)
    headline = _headline("backlog", int(by_day.iloc[-1]), before, int(by_day.iloc[-1]), by_day.tolist())
    headline["age"] = median_age(now, filters.today)
    headline["overdue"] = int(now["overdue"].sum())
    return headline


def _headline(
    measure: str, value: float | None, compared: float | None, n: int, spark: list[float] | list[int]
) -> pd.DataFrame:
    return pd.DataFrame(
        {"measure": [measure], "value": [value], "compared": [compared], "n": [n], "spark": [[float(s) for s in spark]]}
    )


def _course(by_day: pd.DataFrame, filters: Filters) -> list[float]:
    return course_of(by_day.groupby("day")["n"].sum(), filters)


def _series(by_day: pd.DataFrame, window: Window) -> pd.Series[int]:
    return by_day.groupby("day")["n"].sum().reindex(days_of(window), fill_value=0).astype(int)


def _by(counted: pd.DataFrame, frame: pd.DataFrame, key: str) -> pd.Series[int]:
    return frame[key].map(counted.groupby(key)["n"].sum()).fillna(0).astype(int)
