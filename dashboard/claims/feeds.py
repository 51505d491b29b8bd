"""The feeds: how many records came in from each province, by subject and day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import psycopg

from dashboard.claims.subjects import Subject

Connection = psycopg.Connection[tuple[Any, ...]]


def note(
    connection: Connection, subject: Subject, zone: ZoneInfo, merged: bool, quarantined: Mapping[str, int]
) -> None:
    """Count a chunk into ``feed_days``, inside the transaction that merges it.

    What was accepted and what was not is read from the session's staging tables where something was ``merged``;
    ``quarantined`` counts rejected records by province. The empty province stands for none: the premium register has
    none, and of a broken line nobody knows it. One sorted statement a chunk: two loaders never wait for each other.
    """
    province = "province" if "province" in {field.name for field in subject.fields} else "''"
    parts = [
        "SELECT unnest(%(provinces)s::text[]) AS province, unnest(%(n)s::bigint[]) AS n, 0 AS accepted, true AS bad"
    ]
    if merged:
        parts += [
            f"SELECT {province}, count(*), 0, false FROM stage_{subject.key} GROUP BY 1",
            f"SELECT {province}, 0, count(*), false FROM changed_{subject.key} GROUP BY 1",
        ]
    # Generated from the declarations of this package; values are bound.
    statement = (
        "INSERT INTO feed_days AS d (province, subject, day, received, accepted, quarantined) "
        "SELECT province, %(subject)s, (clock_timestamp() AT TIME ZONE %(zone)s)::date, sum(n), sum(accepted), "
        f"coalesce(sum(n) FILTER (WHERE bad), 0) FROM ({' UNION ALL '.join(parts)}) p GROUP BY province "
        "ORDER BY province ON CONFLICT (province, subject, day) DO UPDATE "
        "SET received = d.received + excluded.received, "
        "accepted = d.accepted + excluded.accepted, quarantined = d.quarantined + excluded.quarantined"
    )
    connection.execute(
        statement,
        {
            "provinces": list(quarantined),
            "n": list(quarantined.values()),
            "subject": subject.key,
            "zone": str(zone),
        },
    )
