"""Which provinces need attention, and why: every reason is a rule with a threshold written here, and nowhere else.

Reasons look at today, whatever period the page shows: a director asks what is wrong now. The thresholds are Rasad's own
(no law or standard sets them); each is a multiple of the province's usual variation or a plain share.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import sqrt

import pandas as pd

from dashboard.claims.database import Database
from dashboard.claims.flows import CLOSED, OPENED
from dashboard.filters import Filters, Window
from dashboard.scope import Scope
from queries.counts import backlog, counts, days_of, pending
from queries.overview import IN_TIME, LIMITED, working_days

SUBJECTS = ("registrations", "disputes", "procedures", "service_requests")
"""The subjects with a backlog an office works off; benefits run until entitlement ends and are none."""

SILENT_HOURS = 24
"""A feed from which nothing came for that long, one working day at least, is silent."""
GROWTH_DAYS = 30
GROWTH = 0.10
"""A backlog that grew by this share within GROWTH_DAYS, and by more than chance (three standard deviations)."""
LATE_SHARE = 0.10
"""A backlog of which more than this share is past its due day."""
USUAL_WEEKS = 8
DEPARTURE = 3.0
"""Standard deviations by which a week's registrations per working day depart from those of the eight weeks before."""
LEAST_CASES = 30
"""Fewer cases than this say nothing of a province."""


def attention(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The provinces that need attention, the worst first.

    Columns: ``province``, ``severity`` ("bad" or "attention"), ``reasons`` (list of {"code", "values"}; codes
    ``feed_silent`` {hours}, ``backlog_grows`` {subject, growth}, ``backlog_late`` {subject, share, n},
    ``registrations_above`` / ``registrations_below`` {change}), ``since_days`` (how long the first reason holds, None
    where that is not known), ``backlog`` (cases open of all subjects), ``backlog_change`` (share, over 30 days),
    ``on_time`` (share of the last 30 days' closings under a limit), ``spark`` (backlog of the last 30 days).
    """
    now = filters.over(Window(filters.today - timedelta(days=GROWTH_DAYS - 1), filters.today))
    stocks = {subject: _stocks(db, now, scope, subject) for subject in SUBJECTS}
    whole = sum(stocks.values())
    late = {subject: _late(db, now, scope, subject) for subject in SUBJECTS}
    departures = _departures(db, now, scope)
    silent = _silent(db, scope)
    on_time = _on_time(db, now, scope)
    seen = scope.narrow(filters.provinces)
    rows = []
    for province in (p.code for p in db.jurisdiction.provinces if seen is None or p.code in seen):
        reasons: list[tuple[float, str, dict[str, object]]] = []
        if province in silent:
            reasons.append((4.0, "feed_silent", {"hours": silent[province]}))
        for subject in SUBJECTS:
            reasons += _backlog_reasons(subject, stocks[subject], late[subject], province)
        if province in departures:
            change, sigmas = departures[province]
            code = "registrations_above" if change > 0 else "registrations_below"
            reasons.append((min(abs(sigmas) / DEPARTURE, 2.0), code, {"change": change}))
        if not reasons:
            continue
        reasons.sort(key=lambda reason: -reason[0])
        course = whole[province]
        rows.append(
            {
                "province": province,
                "weight": sum(reason[0] for reason in reasons),
                "severity": "bad" if reasons[0][0] >= 2 else "attention",
                "reasons": [{"code": code, "values": values} for _, code, values in reasons],
                "since_days": _since(course) if reasons[0][1] == "backlog_grows" else None,
                "backlog": int(course.iloc[-1]),
                "backlog_change": course.iloc[-1] / course.iloc[0] - 1 if course.iloc[0] > 0 else None,
                "on_time": on_time.get(province),
                "spark": [float(n) for n in course],
            }
        )
    columns = ["province", "severity", "reasons", "since_days", "backlog", "backlog_change", "on_time", "spark"]
    if not rows:
        return pd.DataFrame(columns=columns)
    frame = pd.DataFrame(rows).sort_values(["weight", "backlog"], ascending=False, ignore_index=True)
    return frame[columns]


def _backlog_reasons(
    subject: str, stock: pd.DataFrame, late: pd.DataFrame, province: str
) -> list[tuple[float, str, dict[str, object]]]:
    reasons: list[tuple[float, str, dict[str, object]]] = []
    start, end = float(stock[province].iloc[0]), float(stock[province].iloc[-1])
    if start >= LEAST_CASES and end - start > 3 * sqrt(start) and end / start - 1 > GROWTH:
        growth = end / start - 1
        reasons.append((1 + min(growth, 2.0), "backlog_grows", {"subject": subject, "growth": growth}))
    if province in late.index and late.loc[province, "n"] >= LEAST_CASES:
        share = late.loc[province, "overdue"] / late.loc[province, "n"]
        if share > LATE_SHARE:
            values = {"subject": subject, "share": float(share), "n": int(late.loc[province, "overdue"])}
            reasons.append((1 + min(float(share) * 2, 2.0), "backlog_late", values))
    return reasons


def _stocks(db: Database, filters: Filters, scope: Scope, subject: str) -> pd.DataFrame:
    """The backlog at the end of each day: a row a day, a column a province."""
    window = filters.window
    codes = [province.code for province in db.jurisdiction.provinces]
    before = backlog(db, filters, scope, subject, window.start - timedelta(days=1), ("province",))
    frame = counts(db, filters, scope, subject, (OPENED, CLOSED), window, ("day", "province"))
    frame["n"] = frame["n"].where(frame["milestone"] == OPENED, -frame["n"])
    change = frame.pivot_table(index="day", columns="province", values="n", aggfunc="sum", fill_value=0)
    change = change.reindex(index=days_of(window), columns=codes, fill_value=0)
    return change.cumsum() + before.set_index("province")["n"].reindex(codes, fill_value=0)


def _late(db: Database, filters: Filters, scope: Scope, subject: str) -> pd.DataFrame:
    frame = pending(db, filters, scope, subject, ("province",))
    return frame.groupby("province")[["n", "overdue"]].sum()


def _departures(db: Database, filters: Filters, scope: Scope) -> dict[str, tuple[float, float]]:
    """Provinces whose last seven days' registrations per working day depart from their usual level.

    Holidays cannot raise an alarm: each week is divided by its own working days, and a week with fewer than three is
    left out. The spread is that of the eight weeks before, at least a Poisson count's.
    """
    ends = [filters.today - timedelta(days=1 + 7 * week) for week in range(USUAL_WEEKS + 1)]
    weeks = [Window(end - timedelta(days=6), end) for end in ends]
    worked = [working_days(db, week) for week in weeks]
    if worked[0] < 3:
        return {}
    reach = Window(weeks[-1].start, weeks[0].end)
    frame = counts(db, filters, scope, "registrations", (OPENED,), reach, ("day", "province"))
    week_of = {day: number for number, week in enumerate(weeks) for day in days_of(week)}
    by_week = frame.assign(week=frame["day"].map(week_of)).pivot_table(
        index="province", columns="week", values="n", aggfunc="sum", fill_value=0
    )
    departures = {}
    usable = [number for number in range(1, USUAL_WEEKS + 1) if worked[number] >= 3]
    for province, row in by_week.iterrows():
        rates = pd.Series([row.get(number, 0) / worked[number] for number in usable])
        if len(usable) < USUAL_WEEKS // 2 or rates.mean() * worked[0] < LEAST_CASES:
            continue
        latest = row.get(0, 0) / worked[0]
        spread = max(float(rates.std()), sqrt(rates.mean() / worked[0]))
        sigmas = (latest - rates.mean()) / spread
        if abs(sigmas) > DEPARTURE:
            departures[str(province)] = (float(latest / rates.mean() - 1), float(sigmas))
    return departures


def _silent(db: Database, scope: Scope) -> dict[str, int]:
    """Provinces from which nothing was accepted for long, with the hours since."""
    frame = db.frame(
        "SELECT province, max(heard_at) AS heard_at FROM feeds "
        "WHERE CAST(:scope AS text[]) IS NULL OR province = ANY(CAST(:scope AS text[])) GROUP BY province",
        {},
        scope,
    )
    now = datetime.now(UTC)
    hours = {str(row.province): int((now - row.heard_at).total_seconds() // 3600) for row in frame.itertuples()}
    return {
        province: silent
        for province, silent in hours.items()
        if silent >= SILENT_HOURS and working_days(db, Window(db.today() - timedelta(hours=silent), db.today())) > 1
    }


def _on_time(db: Database, filters: Filters, scope: Scope) -> dict[str, float]:
    frame = pd.concat(
        counts(db, filters, scope, subject, (CLOSED,), filters.window, ("province", "timing")) for subject in SUBJECTS
    )
    limited = frame[frame["timing"].isin(LIMITED)]
    n = limited.groupby("province")["n"].sum()
    in_time = limited[limited["timing"].isin(IN_TIME)].groupby("province")["n"].sum().reindex(n.index, fill_value=0)
    return {str(province): float(share) for province, share in (in_time / n).items()}


def _since(course: pd.Series[float]) -> int:
    """Days since the backlog was last as low as it began: how long it has been growing."""
    low = course[course <= course.iloc[0]]
    return int((course.index[-1] - low.index[-1]).days)
