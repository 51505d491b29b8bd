"""Which provinces need attention, and why: every reason is a rule with a threshold written here, and nowhere else
(departures in `queries.departures`).

Reasons look at today, whatever period the page shows: a director asks what is wrong now. The thresholds are Rasad's own
(no law or standard sets them); each is a multiple of the province's usual variation or a plain share. Procedures that
are kept apart (`queries.subjects.one_total`) stay out of every figure here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.claims.database import Database
from dashboard.claims.flows import CLOSED, OPENED
from dashboard.claims.walls import IN_SCOPE, SUBJECT_IN_SCOPE
from dashboard.filters import SUBJECTS, Filters, Window
from dashboard.scope import Scope
from queries.counts import BEGINNING, IN_TIME, LIMITED, Restriction, counts, courses, pending, working_days
from queries.departures import DAYS, DEPARTURE, of_weeks
from queries.places import provinces_in_view
from queries.problems import waiting
from queries.subjects import one_total

SILENT_HOURS = 24
"""A feed from which nothing came for that long, one working day at least, is silent."""
GROWTH_DAYS = 30
GROWTH = 0.10
GROWTH_SIGMAS = 3.0
"""A backlog that grew by more than this share within GROWTH_DAYS, and by more than chance: the change is opened less
closed, each of which varies by the root of its number, so its standard deviation is √(opened + closed)."""
LATE_SHARE = 0.10
LEAST_LATE = 5
"""A backlog of which more than this share is past its due day; fewer cases than LEAST_LATE are single cases. That they
are late is no matter of chance, so nothing else is asked of their number."""
SOON_DAYS = 3
"""Working days within which more cases become late than are closed in as many at the pace of the last GROWTH_DAYS days,
and LEAST_LATE at least: if all else waited, they still would not be closed in time."""
LEAST_CASES = 30
"""Of fewer cases than this, growth says nothing of a province."""

_COLUMNS = ["province", "severity", "reasons", "since_days", "backlog", "backlog_change", "on_time", "spark"]

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class _Reason:
    weight: float
    code: str
    values: dict[str, object]


@dataclass(frozen=True)
class _Flows:
    """Cases ``opened`` and ``closed``: by subject, province and day, the last day being today. ``before`` is how many
    were open at the end of the day before the first, ``ever`` how many were opened up to today.
    """

    opened: Numbers
    closed: Numbers
    before: Numbers
    ever: Numbers

    @property
    def stock(self) -> Numbers:
        """The backlog by subject, province and day, from GROWTH_DAYS ago to today."""
        course: Numbers = self.before[:, :, np.newaxis] + np.cumsum(self.opened - self.closed, axis=2)
        return course[:, :, -GROWTH_DAYS - 1 :]

    @property
    def moved(self) -> Numbers:
        """Cases opened and cases closed in the last GROWTH_DAYS days, by subject and province."""
        number: Numbers = (self.opened + self.closed)[:, :, -GROWTH_DAYS:].sum(axis=2)
        return number


def attention(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The provinces that need attention, the worst first.

    Columns: ``province``, ``severity`` ("bad" or "attention"), ``reasons`` (list of {"code", "values"}; codes
    ``feed_silent`` {hours}, ``problem_waits`` {n, hours}, ``backlog_grows`` {subject, growth}, ``backlog_late``
    {subject, share, n}, ``late_soon`` {subject, n, closed}, what is closed in as many days at the usual pace, and
    ``filed_above`` / ``filed_below`` {subject, change}, of the filters' subject), ``since_days``
    (how long the gravest reason holds, None where that is not known), ``backlog`` (cases open, all subjects),
    ``backlog_change`` (share, over 30 days), ``on_time`` (share of the last 30 days' closings under a limit), ``spark``
    (backlog of the last 30 days).
    ``attrs["observed"]`` is how many provinces in view have any data: with none there is nothing to be calm about;
    ``attrs["n"]`` the cases open in all of them.
    """
    codes = provinces_in_view(db, filters, scope)
    flows = _flows(db, filters, scope, codes)
    reasons = _reasons(db, filters, scope, codes, flows)
    on_time = _on_time(db, filters, scope)
    whole = flows.stock.sum(axis=0)
    rows = []
    for place, province in enumerate(codes):
        if province not in reasons:
            continue
        ordered = sorted(reasons[province], key=lambda reason: -reason.weight)
        first, course = ordered[0], whole[place]
        grown = flows.stock[SUBJECTS.index(str(first.values["subject"])), place] if "growth" in first.values else None
        rows.append(
            {
                "province": province,
                "weight": sum(reason.weight for reason in ordered),
                "severity": "bad" if first.weight >= 2 else "attention",
                "reasons": [{"code": reason.code, "values": reason.values} for reason in ordered],
                "since_days": None if grown is None else since(grown),
                "backlog": int(course[-1]),
                "backlog_change": float(course[-1] / course[0] - 1) if course[0] > 0 else None,
                "on_time": on_time.get(province),
                "spark": [float(n) for n in course],
            }
        )
    frame = pd.DataFrame(rows, columns=[*_COLUMNS, "weight"])
    frame = frame.sort_values(["weight", "backlog"], ascending=False, ignore_index=True)[_COLUMNS]
    frame.attrs |= {"observed": int((flows.ever.sum(axis=0) > 0).sum()), "n": int(whole[:, -1].sum())}
    return frame


def since(course: Numbers) -> int:
    """Days since a backlog was last as low as it began: how long it has been growing."""
    return int(len(course) - 1 - np.flatnonzero(course <= course[0])[-1])


def _reasons(db: Database, filters: Filters, scope: Scope, codes: list[str], flows: _Flows) -> dict[str, list[_Reason]]:
    """The reasons of each province that has any."""
    found: dict[str, list[_Reason]] = defaultdict(list)
    for province, hours in silent(db, scope).items():
        if province in codes:
            found[province].append(_Reason(4.0, "feed_silent", {"hours": hours}))
    for province, (n, hours, urgent) in waiting(db, scope).items():
        if province in codes:
            found[province].append(_Reason(3.5 if urgent else 0.5, "problem_waits", {"n": n, "hours": hours}))
    for subject, province, growth in _growing(codes, flows):
        weight = 1 + min(growth, 2.0)
        found[province].append(_Reason(weight, "backlog_grows", {"subject": subject, "growth": growth}))
    paces = _paces(db, filters, flows)
    for subject, province, n, overdue, soon in _due(db, filters, scope):
        share = overdue / n
        if overdue >= LEAST_LATE and share > LATE_SHARE:
            values: dict[str, object] = {"subject": subject, "share": share, "n": overdue}
            found[province].append(_Reason(1 + min(share * 2, 2.0), "backlog_late", values))
        pace = float(paces[SUBJECTS.index(subject), codes.index(province)])
        if soon >= LEAST_LATE and soon > pace:
            values = {"subject": subject, "n": soon, "closed": round(pace)}
            found[province].append(_Reason(2 - pace / soon, "late_soon", values))
    opened = flows.opened[SUBJECTS.index(filters.subject)]
    for province, change, sigmas in _departing(db, filters, codes, opened):
        code = "filed_above" if change > 0 else "filed_below"
        values = {"subject": filters.subject, "change": change}
        found[province].append(_Reason(min(abs(sigmas) / DEPARTURE, 2.0), code, values))
    return found


def _flows(db: Database, filters: Filters, scope: Scope, codes: list[str]) -> _Flows:
    reach = Window(filters.today - timedelta(days=DAYS), filters.today)
    earlier = Window(BEGINNING, reach.start - timedelta(days=1))
    place_of = {code: place for place, code in enumerate(codes)}
    days = {milestone: np.zeros((len(SUBJECTS), len(codes), reach.days), np.int64) for milestone in (OPENED, CLOSED)}
    before = {milestone: np.zeros((len(SUBJECTS), len(codes)), np.int64) for milestone in (OPENED, CLOSED)}
    for subjects, only in _parts(db):
        asked = (db, filters, scope, subjects, (OPENED, CLOSED))
        for milestone, subject, province, course in _rows(courses(*asked, reach, ("subject", "province"), only)):
            if province in place_of:
                days[milestone][SUBJECTS.index(subject), place_of[province]] = course
        for milestone, subject, province, n in _rows(counts(*asked, earlier, ("subject", "province"), only)):
            if province in place_of:
                before[milestone][SUBJECTS.index(subject), place_of[province]] = n
    ever = before[OPENED] + days[OPENED].sum(axis=2)
    return _Flows(days[OPENED], days[CLOSED], before[OPENED] - before[CLOSED], ever)


def _parts(db: Database) -> list[tuple[tuple[str, ...], Restriction | None]]:
    """All subjects in as few statements as their restrictions allow."""
    apart = [subject for subject in SUBJECTS if one_total(db, subject)]
    together = tuple(subject for subject in SUBJECTS if subject not in apart)
    return [(together, None), *(((subject,), one_total(db, subject)) for subject in apart)]


def _growing(codes: list[str], flows: _Flows) -> Iterator[tuple[str, str, float]]:
    """Subject, province and growth (a share) of the backlogs that grow."""
    stock = flows.stock
    start, end = stock[:, :, 0], stock[:, :, -1]
    grows = (start >= LEAST_CASES) & (end > start * (1 + GROWTH)) & (end - start > GROWTH_SIGMAS * np.sqrt(flows.moved))
    for subject, place in zip(*np.nonzero(grows), strict=True):
        yield SUBJECTS[subject], codes[place], float(end[subject, place] / start[subject, place] - 1)


def _due(db: Database, filters: Filters, scope: Scope) -> Iterator[tuple[str, str, int, int, int]]:
    """Subject, province, cases open, cases overdue, and cases that become late within SOON_DAYS working days."""
    terms = {"by_then": db.jurisdiction.workdays.add(filters.today, SOON_DAYS)}
    for subjects, only in _parts(db):
        for subject, province, n, overdue, by_then in _rows(
            pending(db, filters, scope, subjects, ("subject", "province"), only, terms)
        ):
            yield subject, province, int(n), int(overdue), int(by_then - overdue)


def _paces(db: Database, filters: Filters, flows: _Flows) -> npt.NDArray[np.float64]:
    """Cases closed in SOON_DAYS working days at the pace of the last GROWTH_DAYS days, by subject and province."""
    worked = working_days(db, Window(filters.today - timedelta(days=GROWTH_DAYS - 1), filters.today))
    paces: npt.NDArray[np.float64] = flows.closed[:, :, -GROWTH_DAYS:].sum(axis=2) * (SOON_DAYS / max(worked, 1))
    return paces


def _departing(db: Database, filters: Filters, codes: list[str], opened: Numbers) -> Iterator[tuple[str, float, float]]:
    """Province, change (a share) and standard deviations where the last seven days' filings depart
    (`queries.departures`).
    """
    for province, departure in zip(codes, of_weeks(db, filters.today, opened), strict=True):
        if departure is not None and departure.outside:
            yield province, departure.change, departure.sigmas


def silent(db: Database, scope: Scope) -> dict[str, int]:
    """Provinces from which nothing was accepted for long, with the hours since."""
    frame = db.frame(
        "SELECT province, max(heard_at) AS heard_at FROM feeds "
        f"WHERE {IN_SCOPE} AND {SUBJECT_IN_SCOPE} GROUP BY province",
        {},
        scope,
    )
    now = datetime.now(UTC)
    hours = {str(province): int((now - heard).total_seconds() // 3600) for province, heard in _rows(frame)}
    return {
        province: silent
        for province, silent in hours.items()
        if silent >= SILENT_HOURS and working_days(db, Window(db.today() - timedelta(hours=silent), db.today())) > 1
    }


def _on_time(db: Database, filters: Filters, scope: Scope) -> dict[str, float]:
    """By province the share on time of what was closed under a limit in the last GROWTH_DAYS days."""
    window = Window(filters.today - timedelta(days=GROWTH_DAYS - 1), filters.today)
    limited: dict[str, int] = defaultdict(int)
    in_time: dict[str, int] = defaultdict(int)
    for subjects, only in _parts(db):
        of_limit = {**(only or {}), "timing": LIMITED}
        closed = counts(db, filters, scope, subjects, (CLOSED,), window, ("province", "timing"), of_limit)
        for _, province, timing, n in _rows(closed):
            limited[province] += n
            in_time[province] += n if timing in IN_TIME else 0
    return {province: in_time[province] / n for province, n in limited.items() if n}


def _rows(frame: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """The rows as plain tuples."""
    return frame.itertuples(index=False, name=None)
