"""The published view of a question: answered from published figures (`dashboard.disclosure`) and from nothing else.

Every number is a published figure, or worked out of such: a sum over months is told where each of them is, a share
where both its numbers are. So nothing here can tell what was withheld when the figures were published. A frame has the
columns of the question it stands in for, without those that no figure tells; ``attrs["withheld"]`` says which of its
values are withheld (column → places of rows), their value is NaN. ``attrs["n"]`` is ``None`` where that is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
import pandas as pd

from dashboard.claims.database import Database
from dashboard.claims.flows import CLOSED, DECIDED, OPENED, SUPPORT_SCHEME
from dashboard.disclosure.tables import ALL, ELIGIBLE, IN_TIME, LATE, NOT_ELIGIBLE, Table
from dashboard.filters import Filters, Window
from dashboard.panel import Query
from dashboard.scope import NATION, Scope
from queries.bins import axis_of, bins_of
from queries.counts import counts, months_of, working_days
from queries.online import ONLINE
from queries.subjects import insured, one_total

ANY = frozenset({"period", "compare", "province", "category", "channel"})
"""The filters that cases opened are published by, one of the last three at a time."""
DECIDED_BY = ANY - {"channel"}
"""The filters that decisions are published by."""
KINDS = frozenset({"period", "compare", "category"})
"""The filters that the timings of cases closed are published by."""
_CHOICES = {"province": "provinces", "category": "categories", "channel": "channels"}


def counted(db: Database, table: Table, until: date) -> pd.DataFrame:
    """What a table of published figures is made of: the nation's counts by month, nothing withheld.

    Columns: ``month``, ``key``, ``part`` (empty where there is no split), ``n``. Over whole months up to the day
    ``until``, from the first of which anything was counted.
    """
    calendar = db.jurisdiction.calendar
    everything = Filters(today=db.today(), calendar=calendar, official=calendar)
    only = insured(db) if table.milestone == DECIDED else one_total(db, table.subject)
    of_parts = tuple(value for values in (table.parts or {}).values() for value in values)
    if table.split and not table.rest:
        only = {**(only or {}), table.split: of_parts}
    first = _first_month(db, table.subject)
    if first is None or first > until:
        return pd.DataFrame(columns=["month", "key", "part", "n"])
    found = counts(
        *(db, everything, NATION, table.subject, (table.milestone,), Window(first, until)),
        ("month", *table.dimensions),
        only,
    )
    part_of = {value: part for part, values in (table.parts or {}).items() for value in values}
    parts = found[table.split].map(part_of).fillna(table.rest) if table.split else ""
    frame = found.assign(key=found[table.told_by].astype(str), part=parts)
    return frame.groupby(["month", "key", "part"], as_index=False)[["n"]].sum()


def _first_month(db: Database, subject: str) -> date | None:
    calendar = db.jurisdiction.calendar
    everything = Filters(today=db.today(), calendar=calendar, official=calendar)
    years = counts(db, everything, NATION, subject, (OPENED,), Window(date(1990, 1, 1), db.today()), ("month",))
    return min(years["month"]) if len(years) else None


def loaded(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:  # noqa: ARG001  every question takes them
    """The subjects of which anything is published. Column: ``subject``."""
    return db.frame("SELECT DISTINCT subject FROM published_figures ORDER BY subject", {}, scope)


def course(
    db: Database,
    filters: Filters,
    scope: Scope,
    subject: str,
    milestone: str,
    window: Window,
    part: str = ALL,
) -> pd.Series[float]:
    """How many cases passed a milestone in each month of a window, of the one choice that the filters make.

    Index: the first days of the months. NaN where that is not published.
    """
    months = months_of(db, window)
    told_by = next((name for name, of in _CHOICES.items() if getattr(filters, of)), "")
    keys = list(getattr(filters, _CHOICES[told_by])) if told_by else [ALL]
    found = _figures(db, scope, subject, milestone, told_by, months, part)
    # The total over all is the same in every table of a milestone that holds it.
    of_keys = found[found["key"].isin(keys)].groupby(["month", "key"])["n"].max().unstack("key")
    return of_keys.reindex(index=months, columns=keys).sum(axis=1, skipna=False)


def by_key(
    db: Database, scope: Scope, subject: str, milestone: str, told_by: str, window: Window, part: str = ALL
) -> pd.Series[float]:
    """How many cases passed a milestone in a window, by what ``told_by`` tells apart; NaN where that is withheld."""
    crossed = months_by_key(db, scope, subject, milestone, told_by, window, part)
    return crossed.sum(axis=1, skipna=False)


def months_by_key(
    db: Database, scope: Scope, subject: str, milestone: str, told_by: str, window: Window, part: str = ALL
) -> pd.DataFrame:
    """`by_key` month by month: an index of keys, the months as columns."""
    months = months_of(db, window)
    found = _figures(db, scope, subject, milestone, told_by, months, part)
    crossed = found[found["key"] != ALL].set_index(["key", "month"])["n"].unstack("month")
    return crossed.reindex(columns=months)


def _figures(
    db: Database, scope: Scope, subject: str, milestone: str, told_by: str, months: Sequence[date], part: str
) -> pd.DataFrame:
    """The figures of a milestone by month. Columns: ``month``, ``key``, ``n`` (NaN: withheld)."""
    frame = db.frame(
        "SELECT month, key, n FROM published_figures WHERE subject = :subject AND milestone = :milestone "
        "AND (:told_by = '' OR told_by = :told_by) AND part = :part AND month = ANY(:months)",
        {"subject": subject, "milestone": milestone, "told_by": told_by, "part": part, "months": list(months)},
        scope,
    )
    return frame.astype({"n": float})


def number(measure: str, subject: str, milestone: str) -> Query:
    """The question for a headline of how many cases passed a milestone."""

    def question(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
        asked = (db, filters, scope, subject, milestone)
        by_month = course(*asked, filters.window)
        before = course(*asked, filters.compared).sum(skipna=False) if filters.compared else None
        n = by_month.sum(skipna=False)
        return _headline(measure, n, before, n, by_month)

    return question


def share_of(measure: str, subject: str, milestone: str, part: str, *beside: str) -> Query:
    """The question for a headline of the cases of one part among those of it and the parts ``beside``."""

    def question(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
        def parts(window: Window) -> tuple[pd.Series[float], pd.Series[float]]:
            one, *others = (course(db, filters, scope, subject, milestone, window, name) for name in (part, *beside))
            return one, sum(others, one)

        some, whole = parts(filters.window)
        before = None
        if filters.compared:
            some_before, whole_before = parts(filters.compared)
            before = _share(some_before.sum(skipna=False), whole_before.sum(skipna=False))
        n = whole.sum(skipna=False)
        return _headline(measure, _share(some.sum(skipna=False), n), before, n, some / whole)

    return question


def procedures_on_time(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Procedures closed in time of those closed under a limit; where there are no limits, how many were closed."""
    limited = any(limit.subject == "procedures" for limit in db.jurisdiction.limits)
    question = share_of("on_time_rate", "procedures", CLOSED, IN_TIME, LATE) if limited else None
    return (question or number("closed", "procedures", CLOSED))(db, filters, scope)


def pace(subject: str) -> Query:
    """The question for the headline how many cases were closed per working day."""

    def question(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
        def closed(window: Window) -> tuple[float, float]:
            n = float(course(db, filters, scope, subject, CLOSED, window).sum(skipna=False))
            return _share(n, working_days(db, window)), n

        value, n = closed(filters.window)
        before = closed(filters.compared)[0] if filters.compared else None
        return _headline("closed_per_working_day", value, before, n, ())

    return question


def online(subject: str) -> Query:
    """The question for the headline of the cases opened online among those opened."""

    def question(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
        def opened(window: Window) -> tuple[pd.Series[float], pd.Series[float]]:
            asked = (db, scope, subject, OPENED, "channel", window)
            of_net = months_by_key(*asked).reindex([ONLINE]).iloc[0]
            return of_net, course(db, filters.only({"period"}), scope, subject, OPENED, window)

        part, whole = opened(filters.window)
        before = None
        if filters.compared:
            before = _share(*(each.sum(skipna=False) for each in opened(filters.compared)))
        n = whole.sum(skipna=False)
        measure = "online_share" if db.jurisdiction.online_is_aim else "online_share_chosen"
        return _headline(measure, _share(part.sum(skipna=False), n), before, n, part / whole)

    return question


ELIGIBILITY = share_of("eligibility_rate", "registrations", DECIDED, ELIGIBLE, NOT_ELIGIBLE)
"""The question for the headline of the registrations found eligible among those decided, insured schemes only."""


def trend(subject: str = "") -> Query:
    """The question how many cases were opened over time, of ``subject`` or of the filters' own.

    Columns: ``bin``, ``n``, ``mean`` (none: there are no days), ``compared``, ``provisional``.
    """

    def question(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
        asked = (db, filters, scope, subject or filters.subject, OPENED)
        of_bins = _binned(course(*asked, filters.window), filters, db, filters.window)
        frame = pd.DataFrame({"bin": of_bins.index, "n": of_bins.to_numpy(), "mean": np.nan, "compared": np.nan})
        looked_at = ["n"]
        if filters.compared:
            before = _binned(course(*asked, filters.compared), filters, db, filters.compared).to_numpy()
            length = min(len(before), len(frame))
            frame.loc[frame.index[:length], "compared"] = before[:length]
            looked_at.append("compared")
        frame["provisional"] = False
        frame.attrs |= axis_of(filters)
        return _told(frame, looked_at, of_bins.sum(skipna=False))

    return question


def flow(subject: str, labels: str) -> Query:
    """The question how many cases were opened and closed over time.

    Columns: ``bin``, ``series`` (opened, closed), ``value``, ``clearance`` (on the row of what was closed),
    ``provisional``.
    """

    def question(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
        of = {
            series: _binned(course(db, filters, scope, subject, series, filters.window), filters, db, filters.window)
            for series in (OPENED, CLOSED)
        }
        rows = [
            pd.DataFrame({"bin": each.index, "series": series, "value": each.to_numpy()}) for series, each in of.items()
        ]
        frame = pd.concat(rows, ignore_index=True)
        frame["clearance"] = frame["bin"].map(of[CLOSED] / of[OPENED]).where(frame["series"] == CLOSED)
        frame["provisional"] = False
        frame.attrs |= {**axis_of(filters), "labels": labels}
        told = _told(frame, ["value", "clearance"], of[OPENED].sum(skipna=False))
        told.attrs["withheld"]["clearance"] = [
            place for place in told.attrs["withheld"].get("clearance", []) if frame["series"].iloc[place] == CLOSED
        ]
        return told

    return question


def series(subject: str, told_by: str, codes: str, name: str = "series") -> Query:
    """The question how many cases were opened over time, by what ``told_by`` tells apart.

    Columns: ``bin``, ``name`` (key), ``value``, ``provisional``; ``codes`` is the jurisdiction's list of the keys.
    """

    def question(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
        crossed = months_by_key(db, scope, subject, OPENED, told_by, filters.window)
        rows = []
        for key in _in_order(db, codes, crossed.index):
            of_bins = _binned(crossed.T[key], filters, db, filters.window)
            rows.append(pd.DataFrame({"bin": of_bins.index, name: key, "value": of_bins.to_numpy()}))
        frame = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=["bin", name, "value"])
        if name == "series":
            frame = frame.sort_values("bin", kind="stable", ignore_index=True)
        frame["provisional"] = False
        frame.attrs |= {**axis_of(filters), "codes": codes}
        return _told(frame, ["value"], course(db, filters, scope, subject, OPENED, filters.window).sum(skipna=False))

    return question


def provinces(subject: str = "") -> Query:
    """The question what came in where, of ``subject`` or of the filters' own. A row a province.

    Columns for registrations: ``province``, ``registered``, ``registered_per_100k``, ``eligibility_rate``,
    ``decided``; for others ``province``, ``opened``, ``opened_per_100k``, ``closed``.
    """

    def question(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
        about = subject or filters.subject
        frame = pd.DataFrame({"province": [province.code for province in db.jurisdiction.provinces]})

        def of(milestone: str, part: str = ALL) -> pd.Series[float]:
            told = by_key(db, scope, about, milestone, "province", filters.window, part)
            return frame["province"].map(told).astype(float)

        name = "registered" if about == "registrations" else "opened"
        frame[name] = of(OPENED)
        people = frame["province"].map({p.code: p.population for p in db.jurisdiction.provinces}).astype(float)
        frame[f"{name}_per_100k"] = frame[name] * 100_000 / people.where(people > 0)
        if about == "registrations":
            frame["decided"] = of(DECIDED)
            frame["eligibility_rate"] = of(DECIDED, ELIGIBLE) / frame["decided"]
            told = [name, "decided", "eligibility_rate"]
        else:
            frame["closed"] = of(CLOSED)
            told = [name, "closed"]
        whole = course(db, filters, scope, about, OPENED, filters.window).sum(skipna=False)
        return _told(frame, [*told, f"{name}_per_100k"], whole)

    return question


def places(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """By province, the most first; columns ``province``, ``office`` (None), ``registered``, ``change``."""
    asked = (db, scope, "registrations", OPENED, "province")
    now = by_key(*asked, filters.window)
    frame = pd.DataFrame({"province": [p.code for p in db.jurisdiction.provinces], "office": None})
    frame["registered"] = frame["province"].map(now).astype(float)
    frame["change"] = np.nan
    looked_at = ["registered"]
    if filters.compared:
        frame["change"] = frame["registered"] / frame["province"].map(by_key(*asked, filters.compared)) - 1
        looked_at.append("change")
    frame = frame.sort_values("registered", ascending=False, na_position="last", ignore_index=True)
    frame.attrs |= {"key": "province", "codes": "provinces"}
    whole = course(db, filters, scope, "registrations", OPENED, filters.window).sum(skipna=False)
    return _told(frame, looked_at, whole)


def schemes(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Registrations by scheme. Columns: ``category``, ``registered``, ``decided``, ``eligibility_rate``."""
    asked = (db, scope, "registrations")
    registered = by_key(*asked, OPENED, "category", filters.window)
    decided = by_key(*asked, DECIDED, "category", filters.window)
    eligible = by_key(*asked, DECIDED, "category", filters.window, ELIGIBLE)
    keys = sorted(_in_order(db, "registrations.category", registered.index), key=lambda key: key == SUPPORT_SCHEME)
    frame = pd.DataFrame({"category": keys})
    frame["registered"] = frame["category"].map(registered).astype(float)
    frame["decided"] = frame["category"].map(decided).astype(float)
    frame["eligibility_rate"] = frame["category"].map(eligible).astype(float) / frame["decided"]
    told = _told(
        frame,
        ["registered", "decided", "eligibility_rate"],
        course(db, filters, scope, "registrations", OPENED, filters.window).sum(skipna=False),
    )
    for name in ("decided", "eligibility_rate"):  # the support scheme has none, which is not withheld
        places_of = [place for place in told.attrs["withheld"].get(name, []) if keys[place] in decided.index]
        told.attrs["withheld"][name] = places_of
    return told


def glance(subject: str) -> Query:
    """The question for the kinds of a subject's cases; columns as of `queries.glance`, without what is open."""

    def question(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
        window, codes = filters.window, f"{subject}.category"
        asked = (db, scope, subject)
        received = by_key(*asked, OPENED, "category", window)
        frame = pd.DataFrame({"category": _in_order(db, codes, received.index)})

        def of(milestone: str, part: str = ALL) -> pd.Series[float]:
            return frame["category"].map(by_key(*asked, milestone, "category", window, part)).astype(float)

        frame["received"] = of(OPENED)
        frame["finished"] = of(CLOSED)
        worked = working_days(db, window)
        frame["opened"] = frame["received"] / worked if worked else np.nan
        frame["closed"] = frame["finished"] / worked if worked else np.nan
        in_time = of(CLOSED, IN_TIME)
        frame["n_limit"] = in_time + of(CLOSED, LATE)
        frame["on_time"] = in_time / frame["n_limit"].where(frame["n_limit"] > 0)
        frame.attrs |= {"codes": codes, "kept_apart": []}
        whole = course(db, filters, scope, subject, OPENED, window).sum(skipna=False)
        told = _told(frame, ["received", "finished", "opened", "closed", "n_limit"], whole)
        told.attrs["withheld"]["on_time"] = told.attrs["withheld"].get("n_limit", [])
        return told

    return question


def outcomes(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Petitions closed by how they ended, the most first. Columns: ``outcome``, ``closed``, ``share``."""
    found = by_key(db, scope, "disputes", CLOSED, "outcome", filters.window)
    found = found[found.index != ""]
    whole = course(db, filters, scope, "disputes", CLOSED, filters.window).sum(skipna=False)
    frame = pd.DataFrame({"outcome": found.index, "closed": found.to_numpy()})
    frame["share"] = frame["closed"] / whole
    frame = frame.sort_values("closed", ascending=False, na_position="last", ignore_index=True)
    frame.attrs |= {"key": "outcome", "codes": "disputes.outcome"}
    return _told(frame, ["closed", "share"], whole)


def _in_order(db: Database, codes: str, keys: Iterable[str]) -> list[str]:
    """Keys in the order of the jurisdiction's list, those it does not know last."""
    known = [code.key for code in db.jurisdiction.codes[codes]]
    found = set(keys)
    return [*(key for key in known if key in found), *sorted(found - set(known))]


def _binned(by_month: pd.Series[float], filters: Filters, db: Database, window: Window) -> pd.Series[float]:
    """Months brought together by the step of the question: a bin is told where each of its months is."""
    bins = bins_of(window, filters, db)
    of = [max(start for start in bins if start <= month) for month in by_month.index]
    return by_month.groupby(of).agg(lambda months: months.sum(skipna=False)).reindex(bins)


def _share(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")


def _told(frame: pd.DataFrame, columns: Sequence[str], n: float) -> pd.DataFrame:
    """The frame with what it must say of itself: where its values are withheld, and what it rests on."""
    frame.attrs["withheld"] = {name: np.flatnonzero(frame[name].isna()).tolist() for name in columns}
    frame.attrs["n"] = None if np.isnan(n) else int(n)
    return frame


def _headline(measure: str, value: float, compared: float | None, n: float, points: Iterable[float]) -> pd.DataFrame:
    """One row as of `queries.headlines.headline`; of a course with gaps none is drawn."""
    course_of = [float(point) for point in points]
    row = {
        "measure": measure,
        "value": _known(value),
        "compared": None if compared is None else _known(compared),
        "n": _known(n),
        "spark": [] if np.isnan(course_of).any() else course_of,
    }
    frame = pd.DataFrame([row])
    return _told(frame, ["value", "n", *(["compared"] if compared is not None else [])], n)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else int(value) if float(value).is_integer() and value >= 1 else float(value)
