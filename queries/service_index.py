"""The service index of a jurisdiction: the published scores, and beside them what its cases say by the rules known.

Published scores are public: they are answered for every province, whatever the reader may see or has chosen, for a
ranking of some is none. What is counted from cases is held to the reader's scope like everything else. Where a
jurisdiction has no index, every answer is empty. ``attrs["source"]`` says where it comes from, by language, and
``attrs["source_day"]`` when it was published.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import pandas as pd

from dashboard.claims.database import Database
from dashboard.claims.flows import CLOSED, OPENED
from dashboard.filters import Filters
from dashboard.jurisdictions import ServiceIndex
from dashboard.scope import Scope
from queries.cohorts import cohort
from queries.counts import Restriction, counts, pending
from queries.online import applied, shares
from queries.places import provinces_in_view

_SUBJECT = "procedures"


def ranking(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:  # noqa: ARG001  every question takes them
    """The published total of each province, the highest first.

    Columns: ``rank`` (equal totals share one), ``province``, ``index_total`` (points).
    """
    index = db.jurisdiction.index
    scores = index.scores if index is not None else ()
    frame = pd.DataFrame({"province": [s.province for s in scores], "index_total": [float(s.total) for s in scores]})
    frame.attrs |= _published(index)
    frame.insert(0, "rank", frame["index_total"].rank(ascending=False, method="min").astype(int))
    return frame.sort_values(["rank", "province"], ignore_index=True)


def groups(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:  # noqa: ARG001  every question takes them
    """The published points of each province in each group.

    Columns: ``province``, ``group``, ``points``, ``most`` (points to be had), ``index_share`` (points ÷ most).
    """
    index = db.jurisdiction.index
    rows = [
        (score.province, group.key, score.groups[group.key], group.max)
        for score in (index.scores if index is not None else ())
        for group in (index.groups if index is not None else ())
    ]
    frame = pd.DataFrame(rows, columns=["province", "group", "points", "most"])
    frame["index_share"] = frame["points"] / frame["most"]
    frame.attrs |= {"row": "province", "column": "group", "rows": "provinces", "columns": "index.groups"}
    frame.attrs |= _published(index)
    return frame


def progress(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The group of progress by province: the points published, and those its procedures of the period would give.

    The rule: points to be had · handled on time ÷ received. Received are the procedures that applicants filed in the
    period, without those counted apart. On time are all of them but those closed after the day they were due and those
    open now past it: the one wait for the claimant's supplement is in the due day, a case that waits for it is not
    late. For a period that ends before today, open cases are judged by today.

    Columns: ``province``, ``index_published``, ``index_estimate`` (None where nothing was received), ``index_on_time``,
    ``index_received``, ``online_share`` (of those received, for information).
    """
    index = db.jurisdiction.index
    group = index.estimated("on_time") if index is not None else None
    if index is None or group is None:
        return pd.DataFrame(columns=["province", *_COUNTED, "online_share"])
    only = applied(db, _SUBJECT)
    received = counts(db, filters, scope, _SUBJECT, (OPENED,), filters.window, ("province", "channel"), only)
    late = _late(db, filters, scope, only)
    published = {score.province: score.groups[group.key] for score in index.scores}
    codes = provinces_in_view(db, filters, scope)
    frame = pd.DataFrame({"province": codes})
    frame["index_published"] = frame["province"].map(published).astype(float)
    frame["index_received"] = _by_province(frame, received)
    frame["index_on_time"] = frame["index_received"] - _by_province(frame, late)
    some = frame["index_received"].where(frame["index_received"] > 0)
    frame["index_estimate"] = group.max * frame["index_on_time"] / some
    frame["online_share"] = frame["province"].map(shares(received, "province")["online_share"])
    frame = frame[["province", *_COUNTED, "online_share"]]
    frame.attrs |= {"pair": ["index_published", "index_estimate"], **_published(index)}
    return frame


_COUNTED = ("index_published", "index_estimate", "index_on_time", "index_received")


def rules(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:  # noqa: ARG001  every question takes them
    """What the score is made of.

    Columns: ``group``, ``metric``, ``most`` (points), ``rule`` (the metric, of which ``index.rules`` holds the words;
    "unknown" where none reproduces what is published), ``source`` ("estimated" from cases or "published" only),
    ``remark`` (the group, once, where there is something to be said of it).
    """
    index = db.jurisdiction.index
    rows = [
        {
            "group": group.key,
            "metric": metric.key,
            "most": metric.max,
            "rule": metric.key if metric.rule else "unknown",
            "source": "estimated" if metric.estimate else "published",
            "remark": group.key if place == 0 and group.remark else None,
        }
        for group in (index.groups if index is not None else ())
        for place, metric in enumerate(group.metrics)
    ]
    frame = pd.DataFrame(rows, columns=["group", "metric", "most", "rule", "source", "remark"])
    if index is not None:
        sure = index.confidence
        frame.attrs["source"] = {language: f"{words} ({sure[language]})" for language, words in index.source.items()}
    return frame


def _published(index: ServiceIndex | None) -> dict[Hashable | None, object]:
    return {} if index is None else {"source": dict(index.published_source), "source_day": index.published_on}


def _late(db: Database, filters: Filters, scope: Scope, only: Restriction) -> pd.DataFrame:
    """Cases filed in the period and closed late, or open past the day they are due. Columns: ``province``, ``n``."""
    window = filters.window
    timed: Mapping[str, tuple[str, ...]] = {**only, "timing": ("late",)}
    closed = cohort(db, filters, scope, _SUBJECT, CLOSED, window, ("province",), timed)
    still = pending(db, filters, scope, _SUBJECT, ("province", "opened_day"), only)
    within = still["opened_day"].map(lambda day: window.start <= day <= window.end).astype(bool)
    return pd.concat([closed, still.loc[within, ["province", "overdue"]].rename(columns={"overdue": "n"})])


def _by_province(frame: pd.DataFrame, counted: pd.DataFrame) -> pd.Series[int]:
    return frame["province"].map(counted.groupby("province")["n"].sum()).fillna(0).astype(int)
