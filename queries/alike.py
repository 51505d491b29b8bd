"""Like cases alike: does an office decide otherwise than the others, by more than chance explains?

Every question compares the rate of each office with that of all together and answers twice: with all offices, to be
drawn as a funnel, and with those outside. How that is judged:

- The limits are exact binomial ones for the office's number of cases (`queries.chance`): 95 % and 99.8 %. Outside is
  who lies beyond the 99.8 % limits; of many offices alike, one in 500 does so by chance, and the answer says how many
  that makes of those in view.
- An office with fewer than LEAST_CASES cases is shown and not judged.
- Whether an office would be outside even when one allows for how many were compared is told apart by Holm's method, at
  ERROR for all of them together.
- Offices see different cases. Where all of them vary more than chance makes them, the answer says how many times as
  widely, and Holm's method is applied to the distances divided by that.

The rate of all is that of everything the reader may see, whichever provinces are chosen: a province is held against the
country. The office cubes hold days of the last OFFICE.keep_days only; what lies before is counted in whole months.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from statistics import NormalDist

import numpy as np
import pandas as pd

from dashboard.claims.cubes import OFFICE
from dashboard.claims.database import Database
from dashboard.claims.flows import CLOSED, DECIDED, OPENED, RETURNED
from dashboard.filters import Filters, Window
from dashboard.scope import Scope
from dashboard.text.calendars import calendar_named
from queries.chance import Binomial, beyond_chance, spread
from queries.counts import Restriction, counts
from queries.durations import whole_months
from queries.overview import DECISIONS
from queries.subjects import insured
from queries.traits import by_trait

INNER, OUTER = 0.025, 0.001
"""The tails on each side of the 95 % and the 99.8 % limits."""
LEAST_CASES = 30
"""Of fewer cases than this, a rate says nothing of an office."""
ERROR = 0.05
"""The probability with which any office at all is called outside for sure though all are alike."""
COVERED = "covered"
"""What the register answers of an application that meets all rules; anything else is the reason why not."""
_CURVE = 48
"""Points of a drawn limit."""
_COLUMNS = ["key", "province", "n", "rate", "off", "outside", "judged", "low", "high", "distance", "sure"]


@dataclass(frozen=True)
class Rate:
    """A rate of cases: those at milestone ``part`` with one of its outcomes (empty: any) ÷ those at ``whole``."""

    subject: str
    part: str
    whole: str
    of_part: tuple[str, ...] = ()
    of_whole: tuple[str, ...] = ()
    only: Callable[[Database], Restriction | None] = lambda _db: None


def _granting(db: Database) -> Restriction:
    """The procedures in which something is granted or refused; the others have no such choice."""
    keys = tuple(p.key for p in db.jurisdiction.procedures if {"approved", "denied"} <= set(p.outcomes))
    return {"category": keys or ("",)}


_ELIGIBLE = Rate("registrations", DECIDED, DECIDED, ("eligible",), DECISIONS, insured)
_RETURNED = Rate("registrations", RETURNED, OPENED, only=insured)
_APPROVED = Rate("procedures", CLOSED, CLOSED, ("approved",), ("approved", "denied"), _granting)
MERITS, AGAINST = ("for_petitioner", "partly"), "against_petitioner"
"""The outcomes of a dispute ruled on its merits."""
_RULED = Rate("disputes", CLOSED, CLOSED, MERITS, (*MERITS, AGAINST))


def eligibility(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Eligible ÷ decided eligible or not, by office and day of decision, insured schemes only; as `compare` answers."""
    return compare(db, filters, scope, _ELIGIBLE)


def eligibility_outside(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The offices outside in `eligibility`; as `outside` answers."""
    return outside(eligibility(db, filters, scope))


def returned(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Returned for completion ÷ opened in the period, by office, insured schemes only; as `compare` answers."""
    return compare(db, filters, scope, _RETURNED)


def returned_outside(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The offices outside in `returned`; as `outside` answers."""
    return outside(returned(db, filters, scope))


def approved(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Granted ÷ granted or refused, by office and day of closing, procedures that have both; as `compare` answers."""
    return compare(db, filters, scope, _APPROVED)


def approved_outside(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The offices outside in `approved`; as `outside` answers."""
    return outside(approved(db, filters, scope))


def ruled(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Ruled for the petitioner, wholly or in part ÷ disputes ruled on their merits, by office and day of closing."""
    return compare(db, filters, scope, _RULED)


def ruled_outside(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The offices outside in `ruled`; as `outside` answers."""
    return outside(ruled(db, filters, scope))


def overridden(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Decided otherwise than the register answered at once ÷ decided and known to it, by province, in whole months.

    Answers as `compare` does, ``key`` being the province: what the register answered is not counted by office.
    """
    everywhere = replace(filters, provinces=(), channels=())
    months = whole_months(db, filters.window)
    asked = (db, everywhere, scope, "registrations", DECIDED, "match", months)
    found = by_trait(*asked, {**(insured(db) or {}), "outcome": DECISIONS}, ("province", "outcome"))
    against = (found["match"] == COVERED) != (found["outcome"] == "eligible")
    cases = pd.DataFrame(
        {"n": found.groupby("province")["n"].sum(), "k": found[against].groupby("province")["n"].sum()}
    )
    cases = cases.fillna(0).astype(int).rename_axis("key").reset_index()
    frame = in_view(judged(cases.assign(province=cases["key"])), filters, scope, months)
    frame.attrs["codes"] = "provinces"
    return frame


def overridden_outside(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The provinces outside in `overridden`; as `outside` answers."""
    return outside(overridden(db, filters, scope))


def compare(db: Database, filters: Filters, scope: Scope, rate: Rate) -> pd.DataFrame:
    """The offices in view, each with its rate against that of all.

    Columns: ``key`` (office), ``province``, ``n`` (what the rate rests on), ``rate``, ``off`` (rate less that of all),
    ``outside`` (+1 above the 99.8 % limits, -1 below, else 0), ``judged`` (has cases enough), ``low`` and ``high`` (its
    99.8 % limits, None where it has not), ``distance`` (from the rate of all, in standard deviations), ``sure``
    (outside even when allowing for how many were compared).
    ``attrs``: ``mean`` and ``cases`` (rate of all and what it rests on, cases of no known office included), ``limits``
    (the drawn limits: lists ``n``, ``inner_low``, ``inner_high``, ``outer_low``, ``outer_high``), ``compared`` (offices
    judged, of all), ``judged`` (of those in view), ``least`` (cases asked for),
    ``by_chance`` (how many of those judged chance alone puts outside), ``spread`` (how many times as widely as by
    chance offices vary; None where chance explains it) and ``start``, ``end`` (the days counted, where they are not
    those asked for).
    """
    window = countable(db, filters)
    return in_view(judged(_cases(db, filters, scope, rate, window)), filters, scope, window)


def in_view(frame: pd.DataFrame, filters: Filters, scope: Scope, window: Window) -> pd.DataFrame:
    """The rows of the provinces chosen, with what is told of them and of the days counted, as `compare` says."""
    seen = scope.narrow(filters.provinces)
    if seen is not None:
        frame = frame[frame["province"].isin(seen)]
    frame = frame.sort_values(["province", "key"], ignore_index=True)
    in_view = int(frame["judged"].sum())
    frame.attrs |= {
        "limits": _curves(frame["n"], frame.attrs["mean"]),
        "judged": in_view,
        "least": LEAST_CASES,
        "by_chance": 2 * OUTER * in_view,
    }
    if window != filters.window:
        frame.attrs |= {"start": window.start, "end": window.end}
    return frame


def judged(cases: pd.DataFrame) -> pd.DataFrame:
    """Offices held against all of them together.

    ``cases`` has the columns ``key`` (empty: of no known office), ``province``, ``n`` and ``k`` (counted of n). The
    answer has the columns of `compare`, and of its attrs ``mean``, ``cases``, ``compared`` and ``spread``.
    """
    whole = int(cases["n"].sum())
    mean = float(cases["k"].sum() / whole) if whole else 0.0
    frame = _placed(cases[(cases["key"] != "") & (cases["n"] > 0)], mean)
    times = spread(frame.loc[frame["judged"], "distance"].to_numpy(dtype=float))
    frame["sure"] = _sure(frame, times)
    frame = frame[_COLUMNS]
    frame.attrs = {"mean": mean, "cases": whole, "compared": int(frame["judged"].sum()), "spread": times}
    return frame


def outside(frame: pd.DataFrame) -> pd.DataFrame:
    """The offices of a comparison that lie beyond the 99.8 % limits, the farthest first.

    Columns: ``key``, ``province``, ``n``, ``rate``, ``off`` and ``reasons`` (a sentence: codes ``alike_above`` and
    ``alike_below``, with ``_sure`` where it holds even when allowing for how many were compared; values {rate, n,
    mean, offices}). ``attrs["observed"]`` is how many have any cases, ``attrs["n"]`` how many cases those have.
    """
    found = frame[frame["outside"] != 0]
    found = found.sort_values("distance", key=abs, ascending=False, ignore_index=True)
    attrs = frame.attrs
    reasons = [
        [
            {
                "code": f"alike_{'above' if row['outside'] > 0 else 'below'}{'_sure' if row['sure'] else ''}",
                "values": {"rate": row["rate"], "n": row["n"], "mean": attrs["mean"], "offices": attrs["compared"]},
            }
        ]
        for row in found.to_dict("records")
    ]
    answer = found[["key", "province", "n", "rate", "off"]].assign(reasons=pd.Series(reasons, dtype=object))
    answer.attrs = {"observed": len(frame), "n": int(frame["n"].sum())}
    return answer


def countable(db: Database, filters: Filters) -> Window:
    """The days that can be counted by office: those asked for, their ends widened to whole months where days are no
    longer held.
    """
    calendar = calendar_named(db.jurisdiction.calendar)
    held = filters.today - timedelta(days=OFFICE.keep_days)
    start, end = filters.window.start, filters.window.end
    if start >= held:
        return filters.window
    last = calendar.month_start(end)
    whole = calendar.next_month(last) - timedelta(days=1)
    return Window(calendar.month_start(start), end if last >= held else whole)


def _cases(db: Database, filters: Filters, scope: Scope, rate: Rate, window: Window) -> pd.DataFrame:
    """Cases by office, of all provinces in scope. Columns: ``key``, ``province``, ``n``, ``k`` (counted of n)."""
    everywhere = replace(filters, provinces=(), channels=())  # the office cubes do not tell channels apart
    by = ("province", "office", "outcome")
    found = counts(db, everywhere, scope, rate.subject, {rate.part, rate.whole}, window, by, rate.only(db))

    def summed(milestone: str, outcomes: tuple[str, ...]) -> pd.Series[int]:
        chosen = found["milestone"] == milestone
        if outcomes:
            chosen &= found["outcome"].isin(outcomes)
        return found[chosen].groupby(["office", "province"])["n"].sum()

    cases = pd.DataFrame({"n": summed(rate.whole, rate.of_whole), "k": summed(rate.part, rate.of_part)})
    return cases.fillna(0).astype(int).rename_axis(["key", "province"]).reset_index()


def _placed(cases: pd.DataFrame, mean: float) -> pd.DataFrame:
    """Offices with their rates, and where they lie against what chance explains."""
    frame = cases.copy()
    frame["rate"] = frame["k"] / frame["n"]
    frame["off"] = frame["rate"] - mean
    frame["judged"] = (frame["n"] >= LEAST_CASES) & (0 < mean < 1)
    deviation = np.sqrt(frame["n"] * mean * (1 - mean)).replace(0, np.nan)
    frame["distance"] = ((frame["k"] - frame["n"] * mean) / deviation).fillna(0.0)
    tails = [_tails(n, k, mean) if judged else (1.0, 1.0) for n, k, judged in _each(frame)]
    frame["chance"] = [min(1.0, 2 * min(low, high)) for low, high in tails]
    frame["outside"] = [int(high <= OUTER) - int(low <= OUTER) for low, high in tails]
    limits = [Binomial(n, mean).limits(OUTER) if judged else (None, None) for n, _, judged in _each(frame)]
    frame[["low", "high"]] = pd.DataFrame(limits, index=frame.index, columns=["low", "high"], dtype=float)
    return frame


def _each(frame: pd.DataFrame) -> zip[tuple[int, int, bool]]:
    return zip(frame["n"].tolist(), frame["k"].tolist(), frame["judged"].tolist(), strict=True)


def _tails(n: int, k: int, mean: float) -> tuple[float, float]:
    """How probable so few cases are by chance, and how probable so many."""
    chance = Binomial(n, mean)
    return chance.at_most(k), chance.at_least(k)


def _sure(frame: pd.DataFrame, times: float | None) -> pd.Series[bool]:
    """Which offices are outside when allowing for how many were judged, and for how widely all of them vary."""
    judged = frame[frame["judged"]]
    chances = judged["chance"]
    if times is not None:
        normal = NormalDist()
        chances = (judged["distance"].abs() / times).map(lambda far: 2 * normal.cdf(-far))
    found = pd.Series(beyond_chance(chances.to_numpy(dtype=float), ERROR), index=judged.index)
    return found.reindex(frame.index, fill_value=False).astype(bool) & (frame["outside"] != 0)


def _curves(numbers: pd.Series[int], mean: float) -> dict[str, list[float]]:
    """The limits over the numbers of cases that occur, as lists of points."""
    names = ("n", "inner_low", "inner_high", "outer_low", "outer_high")
    if numbers.empty or not 0 < mean < 1:
        return {name: [] for name in names}
    least, most = max(1, int(numbers.min())), int(numbers.max())
    places = sorted({round(place) for place in np.geomspace(least, max(most, least + 1), _CURVE)})
    rows = [(n, *Binomial(n, mean).limits(INNER), *Binomial(n, mean).limits(OUTER)) for n in places]
    return {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}
