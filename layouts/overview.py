"""The overview: is something wrong, where, and since when?"""

from __future__ import annotations

from dataclasses import replace

from dashboard.claims.flows import OPENED
from dashboard.figures import areas, bars, trend
from dashboard.filters import HEEDED
from dashboard.panel import Column, Page, Panel, Published
from layouts.headline import STOCK, number
from queries import attention, overview, published

_PLACES = frozenset({"province", "channel"})
_STOCKS = HEEDED | {"office", "category"}
"""What cases open or closed are told apart by."""
_FLOWS = _STOCKS | {"trait"}
"""What cases filed or decided are told apart by."""

_TREND = Panel(
    key="overview-trend",
    query=overview.trend,
    columns=(
        Column("bin", "day", picks="period"),
        Column("n", measure="registered"),
        Column("mean", label="figure.trend.mean.day"),
        Column("compared", label="column.compared"),
    ),
    measures=("registered",),
    n=("n",),
    figure=trend.draw,
    answers=_FLOWS | {"step"},
    published=Published(published.trend(), answers=published.ANY | {"step"}),
    width=8,
    height=330,
)
_MAP = Panel(
    key="overview-map",
    query=overview.provinces,
    columns=(
        Column("province", "province", codes="provinces", picks="province"),
        Column("registered", measure="registered"),
        Column("registered_per_100k", measure="registered_per_100k"),
        Column("eligibility_rate", "share", measure="eligibility_rate"),
        Column("decided", measure="decided"),
        Column("backlog", measure="backlog"),
    ),
    measures=("registered_per_100k", "registered", "eligibility_rate", "backlog"),
    n=("registered",),
    figure=areas.draw,
    answers=_STOCKS,
    published=Published(published.provinces(), lacks=frozenset({"backlog"})),
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
    n=("opened",),
)

OVERVIEW = Page(
    key="overview",
    path="/",
    icon="speedometer2",
    right="counts",
    panels=(
        number(
            "overview-registered-today",
            overview.registered_today,
            ("registered", "registered_usual"),
            "registrations",
            _PLACES,
            2,
            ages=True,
        ),
        replace(
            number("overview-registered", overview.registered, ("registered",), "registrations", _FLOWS, 2),
            published=Published(published.number("registered", "registrations", OPENED), answers=published.ANY),
        ),
        replace(
            number(
                "overview-eligibility",
                overview.eligibility,
                ("eligibility_rate", "decided"),
                "registrations",
                _FLOWS,
                2,
            ),
            published=Published(published.ELIGIBILITY, answers=published.DECIDED_BY),
        ),
        number(
            "overview-disputes-open",
            overview.disputes_open,
            ("backlog", "backlog_age", "overdue"),
            "disputes",
            _STOCKS,
            2,
            STOCK,
        ),
        replace(
            number(
                "overview-procedures-on-time",
                overview.procedures_on_time,
                ("on_time_rate", "closed"),
                "procedures",
                _STOCKS,
                2,
            ),
            published=Published(published.procedures_on_time, answers=published.KINDS),
        ),
        number(
            "overview-backlog",
            overview.registrations_open,
            ("backlog", "backlog_age", "overdue"),
            "registrations",
            _STOCKS,
            2,
            STOCK,
        ),
        replace(_TREND, otherwise=_TREND_OF_CASES),
        replace(_MAP, otherwise=_MAP_OF_CASES),
        Panel(
            key="overview-attention",
            query=attention.attention,
            columns=(
                Column("province", "province", codes="provinces", picks="province"),
                Column("reasons", "reasons", measure="attention"),
                Column("since_days", "days", label="column.since"),
                Column("backlog", measure="backlog"),
                Column("backlog_change", "change", label="column.backlog_change"),
                Column("on_time", "share", measure="on_time_rate"),
            ),
            measures=("attention", "backlog", "on_time_rate"),
            kind="table",
            answers=_PLACES,
            ages=True,
            width=7,
            height=330,
        ),
        Panel(
            key="overview-procedures",
            query=overview.procedures,
            columns=(
                Column("category", "category", label="column.procedure", codes="procedures.category", picks="category"),
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
            published=Published(published.glance("procedures"), lacks=frozenset({"backlog"})),
            width=5,
            height=330,
        ),
    ),
)
"""The first page, and so far the only one."""
