"""Problem reports: what is open and for how long, how soon it is answered, and what is known to all.

A province sees its own reports and what was published, without who asked; who sees the whole nation sees all.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import ceil

import pandas as pd

from dashboard.claims.database import Database
from dashboard.claims.walls import IN_SCOPE, SUBJECT_OF_ALL
from dashboard.filters import Filters
from dashboard.scope import Scope
from queries.source import IN_VIEW

SHOWN = 100
"""How many reports a list holds: all that are open come first."""

_SEEN = f"{IN_VIEW} AND {SUBJECT_OF_ALL}"


def problems_open(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Reports open now, of which ``n`` are urgent, and the median ``hours`` they have waited (none: missing).

    A headline as `queries.overview` describes it.
    """
    row = db.frame(
        "SELECT count(*) AS open, count(*) FILTER (WHERE urgent) AS urgent, "
        "(percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM :now - reported_at)) / 3600)::float AS hours "
        f"FROM problem_reports WHERE answered_at IS NULL AND {_SEEN}",
        {"now": datetime.now(UTC), **_places(filters, scope)},
        scope,
    ).iloc[0]
    answer = {"measure": "problems_open", "value": int(row["open"]), "compared": None, "n": int(row["urgent"])}
    return pd.DataFrame([{**answer, "spark": [], "hours": row["hours"]}])


def answer_time(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The median hours to an answer of the ``n`` reports answered in the period, by the local day of the answer."""

    def median(start: object, end: object) -> tuple[float | None, int]:
        row = db.frame(
            "SELECT count(*) AS n, (percentile_cont(0.5) WITHIN GROUP "
            "(ORDER BY extract(epoch FROM (answered_at - reported_at))) / 3600)::float AS hours FROM problem_reports "
            f"WHERE (answered_at AT TIME ZONE :zone)::date BETWEEN :start AND :end AND {_SEEN}",
            {"zone": str(db.jurisdiction.timezone), "start": start, "end": end, **_places(filters, scope)},
            scope,
        ).iloc[0]
        return (float(row["hours"]) if row["n"] else None), int(row["n"])

    value, n = median(filters.window.start, filters.window.end)
    compared = median(filters.compared.start, filters.compared.end)[0] if filters.compared else None
    return pd.DataFrame([{"measure": "answer_time", "value": value, "compared": compared, "n": n, "spark": []}])


def reports(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The reports: those open first, urgent before others and the oldest first, then the answered, the newest first.

    Columns: ``id``; ``province``; ``severity`` and ``reasons`` (``problem_urgent``, ``problem_open``,
    ``problem_answered``, each with the {hours} it waits or waited); ``title``, ``body``, ``subject``, ``reporter``,
    ``reported_at``, ``answer``, ``answered_by``.
    """
    now = datetime.now(UTC)
    frame = db.frame(
        "SELECT id::text AS id, province, urgent, title, body, subject, reporter, reported_at, answered_at, answer, "
        f"answered_by FROM problem_reports WHERE {_SEEN} "
        "ORDER BY answered_at IS NOT NULL, CASE WHEN answered_at IS NULL THEN NOT urgent END, "
        "CASE WHEN answered_at IS NULL THEN reported_at END, answered_at DESC, problem_reports.id LIMIT :shown",
        {"shown": SHOWN, **_places(filters, scope)},
        scope,
    )
    kinds, reasons = [], []
    for urgent, reported, answered in zip(frame["urgent"], frame["reported_at"], frame["answered_at"], strict=True):
        is_open = pd.isna(answered)
        hours = _begun((now if is_open else answered) - reported)
        code = "problem_answered" if not is_open else "problem_urgent" if urgent else "problem_open"
        kinds.append({"problem_answered": "good", "problem_urgent": "bad"}.get(code, "attention"))
        reasons.append([{"code": code, "values": {"hours": hours}}])
    frame["severity"], frame["reasons"] = kinds, pd.Series(reasons, dtype=object)
    for name in ("body", "subject"):
        frame[name] = frame[name].where(frame[name] != "", None)
    columns = ["id", "province", "severity", "reasons", "title", "body", "subject", "reporter", "reported_at"]
    frame = frame[[*columns, "answer", "answered_by"]]
    frame.attrs["observed"] = True
    return frame


def known(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:  # noqa: ARG001  what is known is known to all
    """Answers published to all, whatever province asked, the newest first: ``title``, ``body``, ``answer``,
    ``answered_at``.
    """
    frame = db.frame(
        "SELECT title, nullif(body, '') AS body, answer, answered_at FROM published_answers "
        "ORDER BY answered_at DESC LIMIT :shown",
        {"shown": SHOWN},
        scope,
    )
    frame.attrs["observed"] = True
    return frame


def waiting(db: Database, scope: Scope) -> dict[str, tuple[int, int, bool]]:
    """By province: open reports, hours that the oldest has waited, and whether one of them is urgent."""
    frame = db.frame(
        "SELECT province, count(*) AS n, min(reported_at) AS first, bool_or(urgent) AS urgent FROM problem_reports "
        f"WHERE answered_at IS NULL AND {IN_SCOPE} AND {SUBJECT_OF_ALL} "
        "GROUP BY province",
        {},
        scope,
    )
    now = datetime.now(UTC)
    return {
        str(province): (int(n), _begun(now - first), bool(urgent))
        for province, n, first, urgent in frame.itertuples(index=False, name=None)
    }


def _begun(span: timedelta) -> int:
    """Hours begun, so that a report of this minute has not waited for nothing."""
    return max(ceil(span.total_seconds() / 3600), 1)


def _places(filters: Filters, scope: Scope) -> dict[str, object]:
    seen = scope.narrow(filters.provinces)
    return {"provinces": None if seen is None else list(seen)}
