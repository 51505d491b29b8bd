"""Labour disputes: is the work kept up with, what waits, what is it about, how long does it take, how does it end?"""

from __future__ import annotations

from dataclasses import replace

from dashboard.claims.flows import OPENED
from dashboard.figures import heat, lines, ranked, spans, stacked, trend
from dashboard.filters import CLAIMS, HEEDED
from dashboard.panel import Column, Page, Panel, Published, Query
from layouts.headline import STOCK, number
from queries import disputes, overview, published

_PERIOD = frozenset({"period", "province"})
_COURSE = frozenset({"period", "compare", "province", "channel", "step"})
_NOW = frozenset({"province", "channel"})
_STOCK_OF = ("backlog", "backlog_age", "overdue")
_AGE = Column("part", "text", label="stock.age", labels="stock.age")


_CLAIMS = (CLAIMS,)
"""What cards can count petitions by that are counted by type of claim too; the types never sum to petitions."""


def _number(name: str, query: Query, measure: str, width: int, heeds: frozenset[str] = HEEDED) -> Panel:
    return number(f"disputes-{name}", query, (measure,), "disputes", heeds, width)


def _of_claims(panel: Panel, *further: str) -> Panel:
    """The card, heeding a type of claim and ``further`` traits."""
    return replace(panel, answers=panel.answers | {"trait"}, traits=(*_CLAIMS, *further))


DISPUTES = Page(
    key="disputes",
    path="/disputes",
    icon="people",
    right="counts",
    subject="disputes",
    panels=(
        replace(
            _of_claims(_number("opened", disputes.opened, "opened", 3), "sector"),
            published=Published(published.number("opened", "disputes", OPENED), answers=published.ANY),
        ),
        _of_claims(_number("clearance", disputes.clearance, "clearance", 3)),
        _of_claims(number("disputes-open", overview.disputes_open, _STOCK_OF, "disputes", HEEDED, 3, STOCK)),
        _number("appealed", disputes.appealed, "appeal_ratio", 3, _PERIOD | {"compare"}),
        _number("agreed", disputes.agreed, "conciliation_success", 4, _PERIOD | {"compare"}),
        _number("unruled", disputes.settled_unruled, "settled_unruled", 4, _PERIOD | {"compare"}),
        _number("reviewed", disputes.reviewed, "judicial_ratio", 4, _PERIOD | {"compare"}),
        Panel(
            key="disputes-flow",
            query=disputes.flow,
            columns=(
                Column("bin", "day", picks="period"),
                Column("series", "text", label="disputes.series", labels="disputes.series"),
                Column("value", label="column.n"),
                Column("clearance", "share", measure="clearance"),
            ),
            measures=("disputes_moved", "clearance"),
            figure=lines.draw,
            subject="disputes",
            answers=_COURSE - {"compare"} | {"trait"},
            traits=_CLAIMS,
            published=Published(
                published.flow("disputes", "disputes.series"), answers=frozenset({"period", "province", "step"})
            ),
            width=8,
            height=330,
        ),
        Panel(
            key="disputes-age",
            query=disputes.backlog_age,
            columns=(
                Column("category", "category", label="disputes.kind", codes="disputes.category"),
                _AGE,
                Column("n", measure="open_now"),
                Column("overdue", measure="overdue"),
            ),
            measures=("open_now",),
            n=("n",),
            figure=stacked.draw,
            subject="disputes",
            answers=_NOW,
            width=4,
            height=330,
        ),
        Panel(
            key="disputes-stock",
            query=disputes.stock,
            columns=(
                Column("bin", "day", picks="period"),
                Column("n", measure="backlog"),
                Column("compared", label="column.compared"),
            ),
            measures=("backlog",),
            figure=trend.draw,
            subject="disputes",
            answers=_COURSE | {"trait"},
            traits=_CLAIMS,
            height=420,
        ),
        Panel(
            key="disputes-stages",
            query=disputes.stages,
            columns=(
                Column("stage", "text", label="disputes.stage", labels="disputes.stage"),
                Column("n", label="column.n"),
                Column("median", "days", label="disputes.median"),
                Column("p90", "days", label="disputes.p90"),
                Column("limit", "days", label="figure.spans.limit"),
            ),
            measures=("stage_days",),
            n=("n",),
            figure=spans.draw,
            subject="disputes",
            answers=_PERIOD,
            height=420,
        ),
        Panel(
            key="disputes-outcomes",
            query=disputes.outcomes,
            columns=(
                Column("outcome", "category", label="disputes.outcome", codes="disputes.outcome"),
                Column("closed", measure="closed"),
                Column("share", "share", measure="outcome_share"),
            ),
            measures=("closed", "outcome_share"),
            n=("closed",),
            figure=ranked.draw,
            subject="disputes",
            answers=_COURSE - {"compare", "step"} | {"trait"},
            traits=_CLAIMS,
            published=Published(published.outcomes, answers=frozenset({"period"})),
            height=220,
        ),
        Panel(
            key="disputes-filers",
            query=disputes.filers,
            columns=(
                Column("filer", "category", label="disputes.filer", codes="filers"),
                Column("opened", measure="opened"),
                Column("share", "share", measure="filer_share"),
            ),
            measures=("opened", "filer_share"),
            n=("opened",),
            figure=ranked.draw,
            subject="disputes",
            answers=_PERIOD,
            height=220,
        ),
        Panel(
            key="disputes-limits",
            query=disputes.limits,
            columns=(
                Column("step", "text", label="limit.step", labels="limit.step"),
                Column("category", "category", label="disputes.kind", codes="disputes.category"),
                Column("days", "days", label="limit.time"),
                Column("late", measure="limit_late"),
                Column("share", "share", measure="limit_late_share"),
                Column("n", label="limit.ended"),
                Column("kind", "text", label="limit.kind", labels="limit.kind"),
                Column("unit", "text", label="limit.unit", labels="limit.unit"),
                Column("source", "text", label="limit.source"),
                Column("sure", "text", label="limit.sure", labels="limit.sure"),
            ),
            measures=("limit_late", "limit_late_share"),
            n=("n",),
            kind="table",
            subject="disputes",
            answers=_PERIOD,
            width=12,
            height=260,
        ),
        Panel(
            key="disputes-claims",
            query=disputes.claims,
            columns=(
                Column("province", "province", codes="provinces", picks="province"),
                Column(
                    "claim_type",
                    "category",
                    label="disputes.claim_type",
                    codes="claim_types",
                    picks=f"trait:{CLAIMS}",
                ),
                Column("claim_share", measure="claim_share"),
                Column("claims", label="disputes.claims"),
                Column("n", label="disputes.petitions"),
            ),
            measures=("claim_share",),
            figure=heat.draw,
            subject="disputes",
            answers=_COURSE - {"compare", "step"} | {"trait"},
            traits=_CLAIMS,
            width=12,
            height=520,
        ),
    ),
)
