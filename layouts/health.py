"""Data health and problems: do the data come in, are they sound, who is ready, and what is reported?"""

from __future__ import annotations

from dashboard.panel import Column, Page, Panel
from layouts.headline import VALUE, number
from layouts.problem_forms import body
from queries import health, problems

_DATA = "data"
"""What the panels are about: none of the subjects of cases."""
_PLACE = frozenset({"province"})
_PLACE_AND_TIME = frozenset({"period", "province"})
_COMPARED = frozenset({"period", "compare", "province"})
_NOTHING: frozenset[str] = frozenset()
_PROVINCE = Column("province", "province", codes="provinces", picks="province")
_STATE = Column("reasons", "reasons", label="column.health.state")
_SUBJECT = Column("subject", "text", label="column.health.records_of", labels="records")
_RECEIVED = Column("received", label="column.health.received")
_QUARANTINED = Column("quarantined", label="column.health.quarantined")
_WAITING = (
    *VALUE,
    Column("n", label="column.health.urgent"),
    Column("hours", "hours", label="column.health.waited"),
)

HEALTH = Page(
    key="health",
    path="/health",
    icon="heart-pulse",
    right="operations",
    body=body,
    panels=(
        number(
            "health-problems-open", problems.problems_open, ("problems_open",), _DATA, _PLACE, 3, _WAITING, ages=True
        ),
        number(
            "health-answer-time",
            problems.answer_time,
            ("answer_time",),
            _DATA,
            _COMPARED,
            3,
            (*VALUE, Column("n", label="column.health.answered")),
        ),
        number(
            "health-feeds-silent",
            health.feeds_silent,
            ("feeds_silent",),
            _DATA,
            _PLACE,
            3,
            (*VALUE, Column("n", label="column.health.provinces")),
            ages=True,
        ),
        number(
            "health-quarantined",
            health.quarantined,
            ("quarantine_share",),
            _DATA,
            _COMPARED,
            3,
            (*VALUE, Column("n", label="column.health.records")),
        ),
        Panel(
            key="health-reports",
            query=problems.reports,
            columns=(
                _PROVINCE,
                Column("id", "text", label="column.health.number", beneath=True),
                Column("subject", "text", label="column.health.records_of", labels="records", beneath=True),
                _STATE,
                Column("reported_at", "moment", label="column.health.reported_at", beneath=True),
                Column("reporter", "text", label="column.health.reporter", beneath=True),
                Column("title", "text", label="column.health.problem"),
                Column("body", "text", label="column.health.happened", beneath=True),
                Column("answer", "text", label="column.health.answer"),
                Column("answered_by", "text", label="column.health.answered_by", beneath=True),
            ),
            measures=("problems_open",),
            kind="table",
            subject=_DATA,
            answers=_PLACE,
            ages=True,
            width=12,
            height=260,
        ),
        Panel(
            key="health-known",
            query=problems.known,
            columns=(
                Column("title", "text", label="column.health.problem"),
                Column("body", "text", label="column.health.happened", beneath=True),
                Column("answer", "text", label="column.health.answer"),
                Column("answered_at", "moment", label="column.health.answered_at"),
            ),
            measures=("problems_known",),
            kind="table",
            subject=_DATA,
            answers=_NOTHING,
            width=12,
            height=220,
        ),
        Panel(
            key="health-feeds",
            query=health.feeds,
            columns=(
                _PROVINCE,
                _STATE,
                Column("heard_at", "moment", label="column.health.heard_at"),
                Column("lag", "hours", measure="feed_lag"),
                _RECEIVED,
                Column("accepted", label="column.health.accepted"),
                _QUARANTINED,
                Column("share", "share", measure="quarantine_share"),
            ),
            measures=("feeds_silent", "feed_lag", "quarantine_share"),
            n=("received",),
            kind="table",
            subject=_DATA,
            answers=_PLACE_AND_TIME,
            ages=True,
            width=12,
            height=420,
        ),
        Panel(
            key="health-readiness",
            query=health.readiness,
            columns=(
                _PROVINCE,
                Column("ready", "share", measure="readiness"),
                Column("trained", "share", label="column.health.trained"),
                Column("staff", label="column.health.staff"),
                Column("delegated", "share", label="column.health.delegated"),
                Column("accounts", label="column.health.accounts"),
                Column("integrated", "share", label="column.health.integrated"),
                Column("systems", label="column.health.systems"),
                Column("day", "day", label="column.health.reported_on"),
            ),
            measures=("readiness",),
            kind="table",
            subject=_DATA,
            answers=_PLACE_AND_TIME,
            width=12,
            height=420,
        ),
        Panel(
            key="health-quarantine",
            query=health.in_quarantine,
            columns=(
                _SUBJECT,
                Column("reasons", "reasons", label="column.health.why"),
                Column("n", label="column.health.records"),
                Column("source", "text", label="column.health.source"),
                Column("line", "text", label="column.health.line"),
                Column("newest", "moment", label="column.health.newest"),
            ),
            measures=("quarantine_open",),
            n=("n",),
            kind="table",
            subject=_DATA,
            answers=_PLACE,
            width=7,
            height=360,
        ),
        Panel(
            key="health-recounts",
            query=health.recounts,
            columns=(
                Column("at", "moment", label="column.health.recounted_at"),
                _STATE,
                Column("cubes", label="column.health.cubes"),
                Column("cells", label="column.health.cells"),
                Column("cases", label="column.n"),
            ),
            measures=("recounted",),
            kind="table",
            subject=_DATA,
            answers=_NOTHING,
            width=5,
            height=360,
        ),
        Panel(
            key="health-batches",
            query=health.batches,
            columns=(
                Column("id", "text", label="column.health.batch"),
                Column("started_at", "moment", label="column.health.started_at"),
                _SUBJECT,
                Column("source", "text", label="column.health.source"),
                Column("status", "text", label="column.health.status", labels="batch"),
                _RECEIVED,
                Column("accepted", label="column.health.accepted"),
                Column("unchanged", label="column.health.unchanged"),
                _QUARANTINED,
                Column("error", "text", label="column.health.error"),
            ),
            measures=("batch_account",),
            n=("received",),
            kind="table",
            subject=_DATA,
            answers=_NOTHING,
            width=12,
            height=420,
        ),
    ),
)
"""Problems first, for somebody waits; then feeds, quarantine, recounts and batches, for who looks after the data."""
