"""The overview: is something wrong, where, and since when?"""

from __future__ import annotations

from dataclasses import replace

from dashboard.figures import areas, bars, trend
from dashboard.filters import HEEDED
from dashboard.panel import Column, Page, Panel
from queries import attention, overview

_PLACES = frozenset({"province", "channel"})
_STOCKS = HEEDED | {"office", "category"}
"""What cases open or closed are told apart by."""
_FLOWS = _STOCKS | {"trait"}
"""What cases filed or decided are told apart by."""
_HEADLINE = (
    Column("measure", "text", label="column.measure"),
    Column("value", label="column.value"),
    Column("compared", label="column.compared"),
    Column("n", label="column.n"),
)
_STOCK = (*_HEADLINE, Column("age", "days", measure="backlog_age"), Column("overdue", measure="overdue"))

_TREND = Panel(
    key="overview-trend",
    query=overview.trend,
    columns=(
        Column("bin", "day"),
        Column("n", measure="registered"),
        Column("mean", label="figure.trend.mean.day"),
        Column("compared", label="column.compared"),
    ),
    measures=("registered",),
    figure=trend.draw,
    answers=_FLOWS | {"step"},
    width=8,
    height=330,
)
_MAP = Panel(
    key="overview-map",
    query=overview.provinces,
    columns=(
        Column("province", "province", codes="provinces"),
        Column("registered", measure="registered"),
        Column("registered_per_100k", measure="registered_per_100k"),
        Column("eligibility_rate", "share", measure="eligibility_rate"),
        Column("decided", measure="decided"),
        Column("backlog", measure="backlog"),
    ),
    measures=("registered_per_100k", "registered", "eligibility_rate", "backlog"),
    figure=areas.draw,
    answers=_STOCKS,
    picks="province",
    width=4,
    height=330,
)
_TREND_OF_CASES = replace(
    _TREND,
    columns=(_TREND.columns[0], Column("n", measure="opened"), *_TREND.columns[2:]),
    measures=("opened",),
)
_MAP_OF_CASES = replace(
    _MAP,
    columns=(
        _MAP.columns[0],
        Column("opened", measure="opened"),
        Column("opened_per_100k", measure="opened_per_100k"),
        Column("closed", measure="closed"),
        Column("backlog", measure="backlog"),
    ),
    measures=("opened_per_100k", "opened", "closed", "backlog"),
)

OVERVIEW = Page(
    key="overview",
    path="/",
    icon="speedometer2",
    panels=(
        Panel(
            key="overview-registered-today",
            query=overview.registered_today,
            columns=_HEADLINE,
            measures=("registered", "registered_usual"),
            kind="number",
            subject="registrations",
            answers=_PLACES,
            width=2,
        ),
        Panel(
            key="overview-registered",
            query=overview.registered,
            columns=_HEADLINE,
            measures=("registered",),
            kind="number",
            subject="registrations",
            answers=_FLOWS,
            width=2,
        ),
        Panel(
            key="overview-eligibility",
            query=overview.eligibility,
            columns=_HEADLINE,
            measures=("eligibility_rate", "decided"),
            kind="number",
            subject="registrations",
            answers=_FLOWS,
            width=2,
        ),
        Panel(
            key="overview-disputes-open",
            query=overview.disputes_open,
            columns=_STOCK,
            measures=("backlog", "backlog_age", "overdue"),
            kind="number",
            subject="disputes",
            answers=_STOCKS,
            width=2,
        ),
        Panel(
            key="overview-procedures-on-time",
            query=overview.procedures_on_time,
            columns=_HEADLINE,
            measures=("on_time_rate", "closed"),
            kind="number",
            subject="procedures",
            answers=_STOCKS,
            width=2,
        ),
        Panel(
            key="overview-backlog",
            query=overview.registrations_open,
            columns=_STOCK,
            measures=("backlog", "backlog_age", "overdue"),
            kind="number",
            subject="registrations",
            answers=_STOCKS,
            width=2,
        ),
        replace(_TREND, otherwise=_TREND_OF_CASES),
        replace(_MAP, otherwise=_MAP_OF_CASES),
        Panel(
            key="overview-attention",
            query=attention.attention,
            columns=(
                Column("province", "province", codes="provinces"),
                Column("reasons", "reasons", measure="attention"),
                Column("since_days", "days", label="column.since"),
                Column("backlog", measure="backlog"),
                Column("backlog_change", "change", label="column.backlog_change"),
                Column("on_time", "share", measure="on_time_rate"),
            ),
            measures=("attention", "backlog", "on_time_rate"),
            kind="table",
            answers=_PLACES,
            picks="province",
            width=7,
            height=330,
        ),
        Panel(
            key="overview-procedures",
            query=overview.procedures,
            columns=(
                Column("category", "category", label="column.procedure", codes="procedures.category"),
                Column("received", measure="opened"),
                Column("finished", measure="closed"),
                Column("opened", label="figure.bars.received"),
                Column("closed", measure="closed_per_working_day"),
                Column("on_time", "share", measure="on_time_rate"),
                Column("n_limit", label="column.n_limit"),
                Column("backlog", measure="backlog"),
            ),
            measures=("opened", "closed_per_working_day", "on_time_rate"),
            figure=bars.draw,
            subject="procedures",
            answers=HEEDED | {"office"},
            width=5,
            height=330,
        ),
    ),
)
"""The first page, and so far the only one."""
