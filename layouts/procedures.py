"""Benefit procedures: kept up with and on time, what waits for whom, how recipients move, and who files online."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import plotly.graph_objects as go

from dashboard.claims.flows import OPENED
from dashboard.figures import bars, heat, lines, ranked, stacked, trend
from dashboard.figures.look import Look
from dashboard.filters import HEEDED
from dashboard.panel import Column, Page, Panel, Published, Query
from layouts.headline import STOCK, number
from queries import online, overview, procedures, published

_PERIOD = frozenset({"period", "province"})
_PLACE = _PERIOD | {"channel"}
_PROCEDURE = Column("category", "category", label="column.procedure", codes="procedures.category", picks="category")


def _number(name: str, query: Query, measures: tuple[str, ...], width: int, heeds: frozenset[str]) -> Panel:
    return number(f"procedures-{name}", query, measures, "procedures", heeds | {"compare"}, width)


def _applied(frame: pd.DataFrame, look: Look) -> go.Figure:
    """The shares of what applicants open; what offices open by themselves has none and stands in the table."""
    shown = frame[frame["online_share"].notna()]
    shown.attrs = {**frame.attrs, "roomy": True}
    return ranked.draw(shown, look)


PROCEDURES = Page(
    key="procedures",
    path="/procedures",
    icon="list-check",
    right="counts",
    subject="procedures",
    panels=(
        replace(
            _number("received", procedures.received, ("opened",), 2, _PLACE | {"category"}),
            published=Published(published.number("opened", "procedures", OPENED), answers=published.ANY),
        ),
        replace(
            _number("closed", procedures.closed_per_day, ("closed_per_working_day",), 2, _PLACE | {"category"}),
            published=Published(published.pace("procedures"), answers=published.ANY),
        ),
        _number("on-time", procedures.on_time, ("cohort_on_time_rate", "closed_unlimited"), 3, _PERIOD),
        number(
            "procedures-open",
            procedures.waiting,
            ("backlog", "backlog_age", "overdue"),
            "procedures",
            HEEDED | {"category"},
            3,
            STOCK,
        ),
        _number("online", online.of("procedures"), ("online_share",), 2, _PERIOD),
        Panel(
            key="procedures-each",
            query=overview.procedures,
            columns=(
                _PROCEDURE,
                Column("received", label="procedures.opened"),
                Column("finished", label="procedures.closed"),
                Column("opened", label="figure.bars.received"),
                Column("closed", measure="closed_per_working_day"),
                Column("on_time", "share", measure="on_time_rate"),
                Column("n_limit", label="column.n_limit"),
                Column("backlog", measure="backlog"),
            ),
            measures=("opened", "closed_per_working_day", "on_time_rate"),
            figure=bars.draw,
            subject="procedures",
            answers=HEEDED | {"category"},
            published=Published(published.glance("procedures"), lacks=frozenset({"backlog"})),
            height=340,
        ),
        Panel(
            key="procedures-promptness",
            query=procedures.promptness,
            columns=(
                _PROCEDURE,
                Column("part", "text", label="procedures.part", labels="procedures.part"),
                Column("n", label="column.n"),
                Column("share", "share", label="procedures.part_share"),
            ),
            measures=("cohort_on_time_rate",),
            n=("n",),
            figure=stacked.draw,
            subject="procedures",
            answers=_PERIOD,
            height=340,
        ),
        Panel(
            key="procedures-turn",
            query=procedures.backlog_by_turn,
            columns=(
                Column("actor", "text", label="procedures.actor", labels="procedures.actor"),
                Column("part", "text", label="stock.age", labels="stock.age"),
                Column("n", measure="open_now"),
                Column("overdue", measure="overdue"),
            ),
            measures=("open_now",),
            n=("n",),
            figure=stacked.draw,
            subject="procedures",
            answers=frozenset({"province", "channel", "category"}),
            width=4,
            height=300,
        ),
        Panel(
            key="procedures-apart",
            query=procedures.apart,
            columns=(
                Column("bin", "day", picks="period"),
                Column("n", measure="opened"),
                Column("compared", label="column.compared"),
            ),
            measures=("opened",),
            n=("n",),
            figure=trend.draw,
            subject="procedures",
            answers=_PLACE | {"compare", "step"},
            width=8,
            height=300,
        ),
        Panel(
            key="procedures-movement",
            query=procedures.movement,
            columns=(
                Column("bin", "day", picks="period"),
                Column("series", "text", label="procedures.movement", labels="procedures.movement"),
                Column("value", label="procedures.recipients"),
            ),
            measures=("movement",),
            n=("value",),
            figure=lines.draw,
            subject="procedures",
            answers=_PERIOD | {"step"},
            width=12,
            height=300,
        ),
        Panel(
            key="procedures-online-each",
            query=procedures.online_by_procedure,
            columns=(
                _PROCEDURE,
                Column("online_share", measure="online_share"),
                Column("opened", label="procedures.opened"),
            ),
            measures=("online_share",),
            figure=_applied,
            subject="procedures",
            answers=_PERIOD,
            height=240,
        ),
        Panel(
            key="procedures-online-skill",
            query=procedures.online_by_skill,
            columns=(
                Column("skill", "category", label="procedures.skill", codes="skills"),
                Column("online_share", measure="online_share"),
                Column("opened", measure="opened"),
            ),
            measures=("online_share", "opened"),
            n=("opened",),
            figure=ranked.draw,
            subject="procedures",
            answers=_PERIOD,
            height=240,
        ),
        Panel(
            key="procedures-legs",
            query=procedures.legs,
            columns=(
                Column("province", "province", codes="provinces", picks="province"),
                Column("sent", measure="transfers_sent"),
                Column("received", measure="transfers_received"),
                Column("net", label="procedures.net"),
            ),
            measures=("transfers_sent", "transfers_received"),
            n=("sent", "received"),
            kind="table",
            subject="procedures",
            answers=_PLACE,
            width=4,
            height=460,
        ),
        Panel(
            key="procedures-routes",
            query=procedures.routes,
            columns=(
                Column("from_province", "province", label="procedures.from", codes="provinces"),
                Column("province", "province", label="procedures.to", codes="provinces"),
                Column("transfers", measure="transfers"),
            ),
            measures=("transfers",),
            n=("transfers",),
            figure=heat.draw,
            subject="procedures",
            answers=_PLACE,
            width=8,
            height=460,
        ),
    ),
)
