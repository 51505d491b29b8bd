"""The service index, where a jurisdiction defines one: what is published, and what its cases say of it."""

from __future__ import annotations

from dashboard.figures import beside, heat, ranked
from dashboard.panel import Column, Page, Panel
from queries import service_index

_PROVINCE = Column("province", "province", codes="provinces", picks="province")
_GROUP = Column("group", "text", label="column.index_group", codes="index.groups")
_NOTHING: frozenset[str] = frozenset()

SERVICE_INDEX = Page(
    key="index",
    path="/index",
    icon="award",
    right="counts",
    needs="index",
    subject="procedures",
    panels=(
        Panel(
            key="index-ranking",
            query=service_index.ranking,
            columns=(
                Column("rank", label="column.index_rank"),
                _PROVINCE,
                Column("index_total", measure="index_total"),
            ),
            measures=("index_total",),
            figure=ranked.draw,
            subject="procedures",
            answers=_NOTHING,
            width=5,
            height=850,
        ),
        Panel(
            key="index-groups",
            query=service_index.groups,
            columns=(
                _PROVINCE,
                _GROUP,
                Column("points", "score", label="column.index_points"),
                Column("most", "score", label="column.index_most"),
                Column("index_share", "share", measure="index_share"),
            ),
            measures=("index_share",),
            figure=heat.draw,
            subject="procedures",
            answers=_NOTHING,
            width=7,
            height=850,
        ),
        Panel(
            key="index-progress",
            query=service_index.progress,
            columns=(
                _PROVINCE,
                Column("index_published", measure="index_published"),
                Column("index_estimate", measure="index_estimate"),
                Column("index_on_time", measure="index_on_time"),
                Column("index_received", measure="index_received"),
                Column("online_share", "share", measure="online_share"),
            ),
            measures=("index_published", "index_estimate", "index_on_time", "index_received", "online_share"),
            n=("index_received",),
            figure=beside.draw,
            subject="procedures",
            answers=frozenset({"period", "province"}),
            width=12,
            height=850,
        ),
        Panel(
            key="index-rules",
            query=service_index.rules,
            columns=(
                _GROUP,
                Column("metric", "text", label="column.index_metric", codes="index.metrics"),
                Column("most", "score", label="column.index_most"),
                Column("rule", "text", label="column.index_rule", codes="index.rules", labels="index.rule"),
                Column("source", "text", label="column.index_source", labels="index.source"),
                Column("remark", "text", label="column.index_remark", codes="index.remarks"),
            ),
            measures=("index_total",),
            kind="table",
            subject="procedures",
            answers=_NOTHING,
            width=12,
            height=480,
        ),
    ),
)
"""Published figures stand for themselves; what is computed here is always called an estimate."""
