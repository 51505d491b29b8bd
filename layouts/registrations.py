"""Registrations: how many file, who, where, how, how soon after losing the job, and what departs from its level."""

from __future__ import annotations

from dataclasses import replace

from dashboard.claims.flows import OPENED
from dashboard.figures import areas, lines, ranked, stacked, trend
from dashboard.filters import HEEDED
from dashboard.panel import Column, Page, Panel, Published, Query
from layouts.headline import number
from queries import departures, filing, online, overview, published, registrations

_PROVINCE = Column("province", "province", codes="provinces", picks="province")
_REGISTERED = Column("registered", measure="registered")
_MONTHS = frozenset({"period", "province", "category"})
"""What cases are told apart by where whole months are counted."""


def _number(name: str, query: Query, answers: frozenset[str], *measures: str) -> Panel:
    return number(f"registrations-{name}", query, measures, "registrations", answers, 3)


def _trait(kind: str, codes: str, height: int) -> Panel:
    """A small card of a trait of claimants, sorted bars as the others."""
    return Panel(
        key=f"registrations-{kind}",
        query=registrations.of(kind),
        columns=(
            Column(
                "key",
                "text",
                label=f"trait.{kind}",
                codes=codes,
                labels=f"registrations.{kind}",
                picks=f"trait:{kind}",
            ),
            _REGISTERED,
            Column("registered_share", "share", measure="registered_share"),
        ),
        measures=("registered",),
        n=("registered",),
        figure=ranked.draw,
        subject="registrations",
        answers=_MONTHS,
        width=4,
        height=height,
    )


def _departing(name: str, key: Column, query: Query) -> Panel:
    return Panel(
        key=f"registrations-departing-{name}",
        query=query,
        columns=(
            key,
            Column("reasons", "reasons", label="column.departure"),
            Column("registered", label="measure.registered.label"),
            Column("change", "change", label="column.against_expected"),
            Column("expected", label="column.expected"),
        ),
        measures=("registered",),
        kind="table",
        subject="registrations",
        answers=frozenset({"province"}),
        width=6,
        height=300,
    )


REGISTRATIONS = Page(
    key="registrations",
    path="/registrations",
    icon="person-plus",
    right="counts",
    subject="registrations",
    panels=(
        _number(
            "today", overview.registered_today, frozenset({"province", "channel"}), "registered", "registered_usual"
        ),
        replace(
            _number("registered", overview.registered, HEEDED | {"office", "category", "trait"}, "registered"),
            published=Published(published.number("registered", "registrations", OPENED), answers=published.ANY),
        ),
        replace(
            _number("online", online.of("registrations"), (HEEDED - {"channel"}) | {"category"}, "online_share"),
            published=Published(published.online("registrations")),
        ),
        _number("in-time", filing.in_time, _MONTHS, "filed_in_time"),
        Panel(
            key="registrations-hours",
            query=registrations.hours,
            columns=(
                Column("bin", "hour"),
                Column("today", label="registrations.hours.today"),
                Column("usual", label="registrations.hours.usual"),
            ),
            measures=("registered",),
            n=("today",),
            figure=lines.draw,
            subject="registrations",
            answers=frozenset({"province", "channel"}),
            ages=True,
            width=5,
            height=330,
        ),
        Panel(
            key="registrations-trend",
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
            subject="registrations",
            answers=HEEDED | {"office", "category", "trait", "step"},
            published=Published(published.trend("registrations"), answers=published.ANY | {"step"}),
            width=7,
            height=330,
        ),
        Panel(
            key="registrations-map",
            query=overview.provinces,
            columns=(
                _PROVINCE,
                _REGISTERED,
                Column("registered_per_100k", measure="registered_per_100k"),
                Column("eligibility_rate", "share", measure="eligibility_rate"),
                Column("decided", measure="decided"),
                Column("backlog", measure="backlog"),
            ),
            measures=("registered_per_100k", "registered", "eligibility_rate", "backlog"),
            n=("registered",),
            figure=areas.draw,
            subject="registrations",
            answers=HEEDED | {"category"},
            published=Published(published.provinces("registrations"), lacks=frozenset({"backlog"})),
            width=4,
            height=460,
        ),
        Panel(
            key="registrations-places",
            query=registrations.places,
            columns=(
                _PROVINCE,
                Column(
                    "office",
                    "text",
                    label="column.office",
                    codes="offices",
                    labels="registrations.place",
                    picks="office",
                ),
                _REGISTERED,
                Column("change", "change", label="column.change"),
            ),
            measures=("registered",),
            n=("registered",),
            figure=ranked.draw,
            subject="registrations",
            answers=frozenset({"period", "compare", "province", "office", "category"}),
            published=Published(published.places),
            width=4,
            height=460,
        ),
        Panel(
            key="registrations-channels",
            query=registrations.channels,
            columns=(
                Column("bin", "day", picks="period"),
                Column("series", "text", label="column.channel", codes="channels", picks="channel"),
                Column("value", measure="registered"),
            ),
            measures=("registered",),
            n=("value",),
            figure=lines.draw,
            subject="registrations",
            answers=frozenset({"period", "province", "channel", "category", "step"}),
            published=Published(
                published.series("registrations", "channel", "channels"), answers=frozenset({"period", "step"})
            ),
            width=4,
            height=460,
        ),
        Panel(
            key="registrations-schemes",
            query=registrations.schemes,
            columns=(
                Column("category", "category", label="column.scheme", codes="registrations.category", picks="category"),
                _REGISTERED,
                Column("eligibility_rate", "share", measure="eligibility_rate"),
                Column("decided", measure="decided"),
                Column("closed", measure="closed"),
                Column("backlog", measure="backlog"),
            ),
            measures=("registered", "eligibility_rate", "backlog"),
            n=("registered",),
            kind="table",
            subject="registrations",
            answers=frozenset({"period", "province", "channel", "category"}),
            published=Published(
                published.schemes, lacks=frozenset({"closed", "backlog"}), answers=frozenset({"period"})
            ),
            width=12,
            height=160,
        ),
        Panel(
            key="registrations-days",
            query=filing.days_to_filing,
            columns=(
                Column("band", "text", label="column.days_since_loss", labels="registrations.band"),
                _REGISTERED,
                Column("within", label="registrations.filed.within"),
                Column("late", label="registrations.filed.late"),
                Column("unlimited", label="registrations.filed.unlimited"),
            ),
            measures=("registered", "filed_in_time"),
            n=("registered",),
            figure=stacked.draw,
            subject="registrations",
            answers=_MONTHS,
            width=5,
            height=380,
        ),
        Panel(
            key="registrations-lateness",
            query=filing.lateness,
            columns=(
                Column("month", "month", picks="period"),
                Column("filed_in_time", "share", measure="filed_in_time"),
                Column("registered", label="column.judged_in_time"),
                Column("refused_late", measure="refused_late"),
                Column("excused", measure="excused"),
                Column("late", label="registrations.filed.late"),
                Column("closed_days", label="column.closed_days"),
                Column("limit", "days", label="column.limit_to_file"),
            ),
            measures=("filed_in_time", "refused_late", "excused"),
            n=("registered",),
            kind="table",
            subject="registrations",
            answers=frozenset({"period", "province"}),
            width=7,
            height=380,
        ),
        _departing("provinces", _PROVINCE, departures.provinces),
        _departing(
            "sectors",
            Column("sector", "text", label="trait.sector", codes="sectors", picks="trait:sector"),
            departures.sectors,
        ),
        _trait("cause", "causes", 300),
        _trait("sector", "sectors", 300),
        _trait("age", "", 300),
        *(
            replace(_trait(kind, codes, 150), width=3)
            for kind, codes in (("skill", "skills"), ("sex", "sexes"), ("filer", "filers"), ("device", "devices"))
        ),
    ),
)
"""The page of registrations for unemployment insurance."""
