"""Which counts depart from their expected level: one rule, whatever is counted and in whatever spans of days.

Of nine spans of days in a row the last is held against the eight before it. Holidays raise no alarm: each span is
divided by its own working days, and the level so found is multiplied by those of the last one. What varies by chance
alone varies by the root of its number (Poisson); where the spans before vary more than that, their own standard
deviation holds (quasi-Poisson). A departure is more than `DEPARTURE` standard deviations off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import sqrt

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.claims.database import Database
from dashboard.claims.flows import OPENED
from dashboard.filters import Filters, Window
from dashboard.scope import Scope
from dashboard.text.calendars import calendar_named
from queries.counts import counts, courses, working_days

BEFORE = 8
"""Spans that the expected level rests on."""
SPANS = BEFORE + 1
DAYS = 7 * SPANS
LEAST_WORKED = 3
"""A span with fewer working days says nothing, neither of itself nor of the others."""
LEAST_EXPECTED = 30
"""Where fewer cases are expected, single ones would be an alarm."""
DEPARTURE = 3.0

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Departure:
    """What was counted in the last span and what was expected, with the standard deviation of that expectation."""

    counted: int
    expected: float
    deviation: float

    @property
    def change(self) -> float:
        """Counted against expected, as a share."""
        return self.counted / self.expected - 1

    @property
    def sigmas(self) -> float:
        """How far from the expected level, in standard deviations."""
        return (self.counted - self.expected) / self.deviation

    @property
    def outside(self) -> bool:
        """Whether that is more than chance and habit explain."""
        return abs(self.sigmas) > DEPARTURE

    @property
    def limits(self) -> tuple[float, float]:
        """The numbers below and above which it departs."""
        return max(0.0, self.expected - DEPARTURE * self.deviation), self.expected + DEPARTURE * self.deviation


def judge(counted: Numbers, worked: Sequence[int]) -> list[Departure | None]:
    """Each row of ``counted`` (`SPANS` numbers, the last one judged) against its own level before.

    ``worked`` are the working days of the spans. ``None`` where nothing can be said.
    """
    days = np.array(worked)
    usable = np.flatnonzero(days[:-1] >= LEAST_WORKED)
    if days[-1] < LEAST_WORKED or len(usable) < BEFORE // 2:
        return [None] * len(counted)
    judged: list[Departure | None] = []
    for row in counted:
        rates = row[usable] / days[usable]
        usual = float(rates.mean())
        deviation = max(float(rates.std(ddof=1)), sqrt(usual / days[-1]))
        expected = usual * days[-1]
        enough = expected >= LEAST_EXPECTED
        judged.append(Departure(int(row[-1]), float(expected), float(deviation * days[-1])) if enough else None)
    return judged


def of_weeks(db: Database, today: date, by_day: Numbers) -> list[Departure | None]:
    """The last seven days before ``today`` against the eight weeks before them, row by row.

    ``by_day`` holds the counts of the `DAYS` days before today; later days are not looked at.
    """
    starts = [today - timedelta(days=DAYS - 7 * week) for week in range(SPANS)]
    worked = [working_days(db, Window(start, start + timedelta(days=6))) for start in starts]
    return judge(by_day[:, :DAYS].reshape(len(by_day), SPANS, 7).sum(axis=2), worked)


def provinces(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The provinces whose registrations of the last seven days depart from their expected level, the farthest first.

    Columns: ``province``, ``reasons`` (codes ``departs_above`` and ``departs_below``, values {n, expected, low, high}),
    ``registered``, ``change`` (against the expected level), ``expected``. ``attrs["observed"]`` is how many provinces
    have any cases in these weeks, ``attrs["span"]`` the days judged, ``attrs["n"]`` the registrations of these days.
    """
    last = Window(filters.today - timedelta(days=7), filters.today - timedelta(days=1))
    reach = Window(filters.today - timedelta(days=DAYS), last.end)
    found = courses(db, filters, scope, "registrations", (OPENED,), reach, ("province",))
    by_day = np.array([*found["course"]], dtype=np.int64).reshape(len(found), reach.days)
    judged = of_weeks(db, filters.today, by_day)
    return _outside("province", found["province"].tolist(), judged, last, int(by_day[:, -last.days :].sum()))


def sectors(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The sectors whose registrations of the last whole month depart from the eight months before, the farthest first.

    Columns as `provinces`, with ``sector`` for the province.
    """
    calendar = calendar_named(db.jurisdiction.calendar)
    running = calendar.month_start(filters.today)
    months = [calendar.add_months(running, back) for back in range(-SPANS, 1)]
    spans = [Window(start, after - timedelta(days=1)) for start, after in pairwise(months)]
    reach = Window(spans[0].start, spans[-1].end)
    found = counts(db, filters, scope, "registrations", (OPENED,), reach, ("trait", "day"))
    found = found[found["trait"].str.startswith("sector:")]
    keys = sorted(found["trait"].unique())
    counted = np.zeros((len(keys), SPANS), np.int64)
    for trait, month, n in zip(found["trait"], found["day"], found["n"], strict=True):
        counted[keys.index(trait), months.index(month)] += n
    judged = judge(counted, [working_days(db, span) for span in spans])
    names = [key.removeprefix("sector:") for key in keys]
    return _outside("sector", names, judged, spans[-1], int(counted[:, -1].sum()))


def _outside(name: str, keys: Sequence[str], judged: Sequence[Departure | None], span: Window, n: int) -> pd.DataFrame:
    rows = []
    for key, departure in zip(keys, judged, strict=True):
        if departure is None or not departure.outside:
            continue
        low, high = departure.limits
        code = "departs_above" if departure.sigmas > 0 else "departs_below"
        values = {"n": departure.counted, "expected": round(departure.expected), "low": round(low), "high": round(high)}
        reasons = [{"code": code, "values": values}]
        rows.append((key, reasons, departure.counted, departure.change, round(departure.expected), departure.sigmas))
    frame = pd.DataFrame(rows, columns=[name, "reasons", "registered", "change", "expected", "sigmas"])
    frame = frame.sort_values("sigmas", key=abs, ascending=False, ignore_index=True).drop(columns="sigmas")
    frame.attrs |= {
        "observed": len(keys),
        "span": [span.start.isoformat(), span.end.isoformat()],
        "n": n,
    }
    return frame
