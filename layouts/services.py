"""Services: the other services of the labour-relations system, each with its own steps."""

from __future__ import annotations

from dataclasses import replace

from dashboard.claims.flows import OPENED
from dashboard.figures import bars, multiples, ranked, stacked, steps
from dashboard.panel import Column, Page, Panel, Published, Query
from layouts.headline import HEADLINE, STOCK, number
from queries import online, published, services

_SUBJECT = services.SUBJECT
_FLOW = frozenset({"period", "compare", "province", "channel", "category"})
_COURSE = frozenset({"period", "province", "channel", "category", "step"})
_COHORT = frozenset({"period", "province"})
_SERVICE = Column("category", "category", label="column.service", codes=f"{_SUBJECT}.category", picks="category")


def _number(name: str, query: Query, *measures: str, columns: tuple[Column, ...] = HEADLINE) -> Panel:
    answers = _FLOW if name != "online" else _FLOW - {"channel"}
    return number(f"services-{name}", query, measures, _SUBJECT, answers, 3, columns)


SERVICES = Page(
    key="services",
    path="/services",
    icon="grid",
    right="counts",
    subject=_SUBJECT,
    panels=(
        replace(
            _number("received", services.received, "opened"),
            published=Published(published.number("opened", _SUBJECT, OPENED), answers=published.ANY),
        ),
        replace(
            _number("closed", services.closed_per_day, "closed_per_working_day"),
            published=Published(published.pace(_SUBJECT), answers=published.ANY),
        ),
        _number("open", services.waiting, "backlog", "backlog_age", "overdue", columns=STOCK),
        replace(
            _number("online", online.of(_SUBJECT), "online_share"), published=Published(published.online(_SUBJECT))
        ),
        Panel(
            key="services-glance",
            query=services.services,
            columns=(
                _SERVICE,
                Column("received", measure="opened"),
                Column("finished", measure="closed"),
                Column("opened", label="figure.bars.received"),
                Column("closed", measure="closed_per_working_day"),
                Column("on_time", "share", measure="on_time_rate"),
                Column("n_limit", label="column.n_limit"),
                Column("online_share", "share", measure="online_share"),
                Column("backlog", measure="backlog"),
            ),
            measures=("opened", "closed_per_working_day", "on_time_rate", "online_share"),
            figure=bars.draw,
            answers=_FLOW - {"compare", "channel"},
            published=Published(published.glance(_SUBJECT), lacks=frozenset({"backlog", "online_share"})),
            subject=_SUBJECT,
            height=320,
        ),
        Panel(
            key="services-trend",
            query=services.trend,
            columns=(_SERVICE, Column("bin", "day", picks="period"), Column("value", measure="opened")),
            measures=("opened",),
            n=("value",),
            figure=multiples.draw,
            answers=_COURSE,
            published=Published(
                published.series(_SUBJECT, "category", f"{_SUBJECT}.category", "category"),
                answers=frozenset({"period", "step"}),
            ),
            subject=_SUBJECT,
            height=320,
        ),
        Panel(
            key="services-contracts",
            query=services.contracts,
            columns=(
                Column("step", "text", label="column.services_step", labels="services.step"),
                Column("n", measure="contract_steps"),
                Column("share", "share", label="column.services_share"),
                Column("lost", label="figure.steps.lost"),
                Column("median", "days", label="figure.spans.median"),
                Column("p90", "days", label="figure.spans.p90"),
            ),
            measures=("contract_steps",),
            figure=steps.draw,
            answers=_COHORT,
            subject=_SUBJECT,
            needs=f"{_SUBJECT}:{services.CONTRACTS}",
            height=230,
        ),
        Panel(
            key="services-places",
            query=services.places,
            columns=(
                Column("place", "text", label="column.services_place", codes="places"),
                Column("places_verified", measure="places_verified"),
                Column("share", "share", label="column.services_share_places"),
            ),
            measures=("places_verified",),
            n=("places_verified",),
            figure=ranked.draw,
            answers=_COHORT,
            subject=_SUBJECT,
            needs=f"{_SUBJECT}:{services.IDENTITY}",
            height=230,
        ),
        Panel(
            key="services-verified",
            query=services.verified,
            columns=(
                Column("place", "text", label="column.services_place", codes="places"),
                Column("part", "text", label="column.services_filer", codes="filers"),
                Column("n", measure="identities_verified"),
                Column("share", "share", label="column.services_share_places"),
            ),
            measures=("identities_verified",),
            n=("n",),
            figure=stacked.draw,
            answers=_COHORT,
            subject=_SUBJECT,
            needs=f"{_SUBJECT}:{services.IDENTITY}",
            height=260,
        ),
        Panel(
            key="services-petitioned",
            query=services.petitioned,
            columns=(
                Column("step", "text", label="column.services_step", labels="services.verification"),
                Column("n", measure="petition_steps"),
                Column("share", "share", label="column.services_share_verified"),
                Column("lost", label="figure.steps.lost"),
            ),
            measures=("petition_steps",),
            figure=steps.draw,
            answers=_COHORT,
            subject=_SUBJECT,
            needs=f"{_SUBJECT}:{services.IDENTITY}",
            height=260,
        ),
        Panel(
            key="services-age",
            query=services.backlog_by_age,
            columns=(
                _SERVICE,
                Column("part", "text", label="column.services_age", labels="stock.age"),
                Column("n", measure="backlog"),
            ),
            measures=("backlog",),
            n=("n",),
            figure=stacked.draw,
            answers=frozenset({"province", "office", "channel", "category"}),
            subject=_SUBJECT,
            height=540,
        ),
        Panel(
            key="services-outcomes",
            query=services.outcomes,
            columns=(
                _SERVICE,
                Column("part", "text", label="column.services_outcome", codes=f"{_SUBJECT}.outcome"),
                Column("n", measure="closed"),
                Column("share", "share", label="column.services_share_closed"),
            ),
            measures=("closed",),
            n=("n",),
            figure=stacked.draw,
            answers=_FLOW - {"compare"},
            subject=_SUBJECT,
            height=540,
        ),
        Panel(
            key="services-online-each",
            query=services.online_by_service,
            columns=(
                _SERVICE,
                Column("bin", "day", picks="period"),
                Column("value", "share", measure="online_share"),
                Column("n", measure="opened"),
            ),
            measures=("online_share",),
            n=("n",),
            figure=multiples.draw,
            answers=_COURSE - {"channel"},
            subject=_SUBJECT,
            width=12,
            height=320,
        ),
    ),
)
