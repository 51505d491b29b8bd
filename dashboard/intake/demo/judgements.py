"""What headquarters of the demo judge by: targets and annotated days, through the door that the page's come in by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import psycopg

from dashboard.claims import judgement
from dashboard.jurisdictions import Jurisdiction
from dashboard.text import text

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class _Target:
    """A target (share 0 to 1, or days); ``place`` is its province's place in the list, None for the nation."""

    measure: str
    value: float
    place: int | None = None


@dataclass(frozen=True)
class _Noted:
    """An annotation by the key of its text, ``ago`` days before the last day of the demo."""

    key: str
    ago: int
    subject: str = ""


_TARGETS = (
    _Target("clearance", 1.0),
    _Target("on_time_rate", 0.9),
    _Target("prompt_share", 0.8),
    _Target("online_share", 0.95),
    _Target("conciliation_success", 0.2),
    _Target("conciliation_success", 0.3, place=7),
    _Target("readiness", 0.9),
)
_NOTED = (
    _Noted("codes", 5),
    _Noted("status", 18, "registrations"),
    _Noted("boards", 24, "disputes"),
    _Noted("forms", 61, "procedures"),
    _Noted("premiums", 150, "registrations"),
)


def judge(connection: Connection, jurisdiction: Jurisdiction, today: date) -> None:
    """Set some targets and annotate some days up to ``today``, unless there are any already. Commits.

    Of the targets those that the jurisdiction lets anybody set.
    """
    there = "SELECT EXISTS (SELECT FROM targets) OR EXISTS (SELECT FROM annotations)"
    if connection.execute(there).fetchall()[0][0]:
        return
    words = text(jurisdiction.languages[0])
    by = words("demo.answerer")
    known = judgement.measures(jurisdiction)
    for target in _TARGETS:
        if target.measure in known:
            places = jurisdiction.provinces
            province = "" if target.place is None else places[target.place % len(places)].code
            judgement.set_target(connection, jurisdiction, target.measure, province, target.value, by)
    for noted in _NOTED:
        day = today - timedelta(days=noted.ago)
        judgement.annotate(connection, jurisdiction, day, words(f"demo.noted.{noted.key}"), by, noted.subject)
