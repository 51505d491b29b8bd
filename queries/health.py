"""How well the data come in: feeds, what is in quarantine, batches, the last recounts, and how ready provinces are.

What a batch brought is known by batch, and by province and day. Batches themselves belong to no province: only who sees
the whole nation sees them, and recounts.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd

from dashboard.claims.database import Database
from dashboard.claims.walls import NATION_ONLY, SUBJECT_IN_SCOPE
from dashboard.filters import Filters, Window
from dashboard.scope import Scope
from queries.attention import silent
from queries.places import provinces_in_view
from queries.source import IN_VIEW

BATCHES = 50
RECOUNTS = 5
"""How many of the latest are shown."""

_SEEN = f"{IN_VIEW} AND {SUBJECT_IN_SCOPE}"
_LEFT_OUT = "…"
_READY = {"trained": "staff", "delegated": "accounts", "integrated": "systems"}
"""What is ready, and of how many."""
_PARTS = {"trained": "staff_trained", "delegated": "accounts_delegated", "integrated": "systems_integrated"}


def feeds_silent(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """How many provinces have sent nothing for a day and a working day, or never; ``n`` is how many there are.

    A headline as `queries.overview` describes it.
    """
    codes = provinces_in_view(db, filters, scope)
    frame = feeds(db, filters, scope)
    quiet = frame["severity"] != "good"
    return _headline("feeds_silent", int(quiet.sum()), None, len(codes))


def quarantined(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The share of the records received in the period that went to quarantine; ``n`` is how many were received."""

    def share(window: Window) -> tuple[float | None, int]:
        frame = _received(db, filters, scope, window)
        n = int(frame["received"].sum())
        return (float(frame["quarantined"].sum() / n) if n else None), n

    value, n = share(filters.window)
    before = share(filters.compared)[0] if filters.compared else None
    return _headline("quarantine_share", value, before, n)


def feeds(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The feed of each province, the silent ones first.

    Columns: ``province``; ``severity`` ("bad": silent, "attention": never heard, "good") and ``reasons`` (one of
    ``feed_silent``, ``feed_heard`` {hours}, ``feed_live``, ``feed_never``); ``heard_at``, when a record was last
    accepted; ``lag``, hours that the newest change reported was old by then; ``received``, ``accepted`` and
    ``quarantined`` records of the period; ``share``, quarantined ÷ received.
    """
    codes = provinces_in_view(db, filters, scope)
    heard = db.frame(
        "SELECT province, max(heard_at) AS heard_at, max(updated_at) AS updated_at FROM feeds "
        f"WHERE {_SEEN} GROUP BY province",
        _places(filters, scope),
        scope,
    ).set_index("province")
    came = _received(db, filters, scope, filters.window).set_index("province")
    quiet, now = silent(db, scope), datetime.now(UTC)
    rows = []
    for code in codes:
        at = heard["heard_at"].get(code)
        received, accepted, bad = (int(came[name].get(code, 0)) for name in ("received", "accepted", "quarantined"))
        hours = None if at is None else max((now - at).total_seconds() / 3600, 0.0)
        reason = "feed_never" if at is None else "feed_silent" if code in quiet else "feed_heard"
        told = reason if reason != "feed_heard" or (hours or 0.0) >= 1 else "feed_live"
        rows.append(
            {
                "province": code,
                "severity": {"feed_never": "attention", "feed_silent": "bad"}.get(reason, "good"),
                "reasons": [{"code": told, "values": {} if hours is None else {"hours": int(hours)}}],
                "heard_at": at,
                "lag": None if at is None else max((at - heard["updated_at"][code]).total_seconds() / 3600, 0.0),
                "received": received,
                "accepted": accepted,
                "quarantined": bad,
                "share": bad / received if received else None,
                "order": (reason == "feed_heard", -(hours or 0.0)),
            }
        )
    names = ["province", "severity", "reasons", "heard_at", "lag", "received", "accepted", "quarantined", "share"]
    frame = pd.DataFrame(rows, columns=[*names, "order"])
    frame = frame.iloc[frame["order"].argsort(kind="stable")][names].reset_index(drop=True)
    frame.attrs["observed"] = len(heard)
    return frame


def in_quarantine(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """What waits in quarantine, whenever it came: by subject, reason and source, the most first, 100 at most.

    Columns: ``subject``; ``severity`` and ``reasons`` (the intake's reason, its sentence quoting the newest record's
    column and value, masked when it was stored and left out where it may name a person); ``n``; ``source``; ``line``
    and ``newest`` of the newest.
    """
    frame = db.frame(
        "SELECT subject, code, source, count(*) AS n, "
        "(array_agg(field ORDER BY id DESC))[1] AS field, (array_agg(example ORDER BY id DESC))[1] AS example, "
        "(array_agg(line ORDER BY id DESC))[1]::text AS line, max(at) AS newest "
        f"FROM quarantine WHERE replayed_in IS NULL AND {_SEEN} "
        "GROUP BY subject, code, source ORDER BY n DESC, subject, code, source LIMIT 100",
        _places(filters, scope),
        scope,
    )
    frame["severity"] = "attention"
    reasons = [
        [
            {
                "code": f"intake.reason.{code}",
                "values": {"column": field, "value": example or _LEFT_OUT, "detail": _LEFT_OUT},
            }
        ]
        for code, field, example in zip(frame["code"], frame["field"], frame["example"], strict=True)
    ]
    frame["reasons"] = pd.Series(reasons, dtype=object)
    frame = frame[["subject", "severity", "reasons", "n", "source", "line", "newest"]]
    frame.attrs["observed"] = True
    return frame


def batches(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:  # noqa: ARG001  batches heed no filter
    """The latest batches, the newest first: ``received = accepted + unchanged + quarantined`` for each.

    Columns: ``id``, ``started_at``, ``subject``, ``source``, ``status``, ``received``, ``accepted``, ``unchanged``,
    ``quarantined``, ``error``.
    """
    return db.frame(
        "SELECT id::text AS id, started_at, subject, source, status, received, accepted, unchanged, quarantined, error "
        f"FROM batches WHERE {NATION_ONLY} AND {SUBJECT_IN_SCOPE} ORDER BY batches.id DESC LIMIT :most",
        {"most": BATCHES},
        scope,
    )


def recounts(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:  # noqa: ARG001  nor do recounts
    """The last recounts of the rollups from the facts.

    Columns: ``at``; ``severity`` and ``reasons`` (``recount_equal``, ``recount_differs``, ``recount_repaired``);
    ``cubes`` (rollups recounted), ``cells`` that differed, ``cases`` (by how much in all).
    """
    frame = db.frame(
        "SELECT at, cubes, cardinality(differing) AS differing, cells, cases, repaired "
        f"FROM reconciliations WHERE {NATION_ONLY} ORDER BY id DESC LIMIT :most",
        {"most": RECOUNTS},
        scope,
    )
    codes = [
        "recount_equal" if not differing else "recount_repaired" if repaired else "recount_differs"
        for differing, repaired in zip(frame["differing"], frame["repaired"], strict=True)
    ]
    severity = {"recount_equal": "good", "recount_repaired": "attention", "recount_differs": "bad"}
    frame["severity"] = [severity[code] for code in codes]
    reasons = [
        [{"code": code, "values": {} if code == "recount_equal" else {"n": int(n)}}]
        for code, n in zip(codes, frame["differing"], strict=True)
    ]
    frame["reasons"] = pd.Series(reasons, dtype=object)
    frame = frame[["at", "severity", "reasons", "cubes", "cells", "cases"]]
    frame.attrs["observed"] = True
    return frame


def readiness(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """How ready each province is to work online, by its latest report up to the period's end; the least ready first.

    Columns: ``province``, ``day`` of the report; ``trained``, ``delegated`` and ``integrated``, shares of ``staff``,
    ``accounts`` and ``systems`` (how many there are; a share of none is missing); ``ready``, the mean of the shares;
    ``spark``, its course over all reports.
    """
    names = ", ".join((*_READY.values(), *_PARTS.values()))
    frame = db.frame(
        f"SELECT province, day, {names} FROM readiness WHERE day <= :end AND {IN_VIEW} ORDER BY province, day",
        {"end": filters.window.end, **_places(filters, scope)},
        scope,
    )
    for share, whole in _READY.items():
        frame[share] = (frame[_PARTS[share]] / frame[whole].where(frame[whole] > 0)).astype(float)
    frame["ready"] = frame[list(_READY)].mean(axis=1)
    courses = frame.groupby("province")["ready"].apply(lambda course: [float(share) for share in course.dropna()])
    latest = frame.groupby("province", as_index=False).last()
    latest["spark"] = [courses[code] for code in latest["province"]]
    columns = ["province", "ready", *(name for pair in _READY.items() for name in pair), "day", "spark"]
    return latest.sort_values(["ready", "province"], ignore_index=True)[columns]


def _received(db: Database, filters: Filters, scope: Scope, window: Window) -> pd.DataFrame:
    """Records received, accepted and quarantined in a window by province; the empty one is none that anybody knows."""
    return db.frame(
        "SELECT province, sum(received)::bigint AS received, sum(accepted)::bigint AS accepted, "
        "sum(quarantined)::bigint AS quarantined FROM feed_days "
        f"WHERE day BETWEEN :start AND :end AND {_SEEN} GROUP BY province",
        {"start": window.start, "end": window.end, **_places(filters, scope)},
        scope,
    )


def _places(filters: Filters, scope: Scope) -> dict[str, object]:
    seen = scope.narrow(filters.provinces)
    return {"provinces": None if seen is None else list(seen)}


def _headline(measure: str, value: float | None, compared: float | None, n: int) -> pd.DataFrame:
    return pd.DataFrame([{"measure": measure, "value": value, "compared": compared, "n": n, "spark": []}])
