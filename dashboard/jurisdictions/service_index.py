"""An index of services: points in groups, published by province, with the rules behind them as far as they are known.

``index.toml`` and ``index_scores.csv``; a country that has no such index has neither file.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from dashboard.jurisdictions.entries import Entry, Folder
from dashboard.jurisdictions.model import Code, Names
from dashboard.jurisdictions.places import PROVINCE, once

INDEX, SCORES = "index.toml", "index_scores.csv"

ESTIMATES = ("on_time",)
"""What can be computed from cases: ``on_time``, the share handled in time of those received."""
TOLERANCE = 0.01
"""How far published groups may add to another number than the published total: each is rounded by itself."""


@dataclass(frozen=True)
class Metric:
    """A part of a group's points. ``rule`` is empty where none is known; ``estimate`` says what computes it here."""

    key: str
    names: Names
    max: float
    rule: Names
    estimate: str = ""


@dataclass(frozen=True)
class Group:
    """A group of the index: its points at most, its metrics, and a remark its readers need (may be empty)."""

    key: str
    names: Names
    max: float
    metrics: tuple[Metric, ...]
    remark: Names


@dataclass(frozen=True)
class Score:
    """The published points of a province: ``groups`` by key, and their ``total`` as it was published."""

    province: str
    total: float
    groups: Mapping[str, float]


@dataclass(frozen=True)
class ServiceIndex:
    """An index of services and its latest published scores. ``total`` are its points at most.

    ``source`` and ``confidence`` say where its rules come from and how sure they are, ``published_source`` where the
    scores were published, in every language.
    """

    key: str
    names: Names
    total: float
    source: Names
    confidence: Names
    groups: tuple[Group, ...]
    published_on: date
    published_source: Names
    scores: tuple[Score, ...]

    def estimated(self, what: str) -> Group | None:
        """The group that is estimated by ``what`` alone, one of ESTIMATES; ``None`` where none is."""
        alone = (group for group in self.groups if [metric.estimate for metric in group.metrics] == [what])
        return next(alone, None)


def read_service_index(folder: Folder, provinces: Collection[str]) -> ServiceIndex | None:
    """The index of a folder; ``None`` when it has no ``index.toml``."""
    if not (folder.path / INDEX).exists():
        return None
    head = folder.toml(INDEX).only("key", "names", "total", "source", "confidence", "published", "group")
    groups = tuple(_group(entry) for entry in once(head.parts("group"), "key"))
    total = head.number("total") or 0.0
    if groups and total != sum(group.max for group in groups):
        head.wrong("total", f"{total:g} is not what the groups add to, {sum(group.max for group in groups):g}")
    published = head.part("published").only("day", "source")
    return ServiceIndex(
        key=head.text("key"),
        names=head.translations("names"),
        total=total,
        source=head.translations("source"),
        confidence=head.translations("confidence"),
        groups=groups,
        published_on=published.day("day", required=True) or date.min,
        published_source=published.translations("source"),
        scores=_scores(folder, groups, provinces),
    )


def codes_of(index: ServiceIndex | None) -> dict[str, tuple[Code, ...]]:
    """The code lists that follow from an index: its groups, its metrics, their rules, the remarks on groups; else empty
    ones.
    """
    groups = index.groups if index is not None else ()
    return {
        "index.groups": tuple(Code(group.key, group.names) for group in groups),
        "index.metrics": tuple(Code(metric.key, metric.names) for group in groups for metric in group.metrics),
        "index.rules": tuple(
            Code(metric.key, metric.rule) for group in groups for metric in group.metrics if metric.rule
        ),
        "index.remarks": tuple(Code(group.key, group.remark) for group in groups if group.remark),
    }


def _group(entry: Entry) -> Group:
    entry.only("key", "names", "max", "metric", "remark")
    metrics = tuple(_metric(each) for each in once(entry.parts("metric"), "key"))
    most = entry.number("max") or 0.0
    if metrics and most != sum(metric.max for metric in metrics):
        entry.wrong("max", f"{most:g} is not what the metrics add to, {sum(metric.max for metric in metrics):g}")
    remark = entry.translations("remark") if "remark" in entry.values else {}
    return Group(entry.text("key"), entry.translations("names"), most, metrics, remark)


def _metric(entry: Entry) -> Metric:
    entry.only("key", "names", "max", "rule", "estimate")
    rule = entry.translations("rule") if "rule" in entry.values else {}
    estimate = entry.text("estimate", required=False, among=ESTIMATES)
    if estimate and not rule:
        entry.wrong("estimate", "a metric without a rule cannot be estimated")
    return Metric(entry.text("key"), entry.translations("names"), entry.number("max") or 0.0, rule, estimate)


def _scores(folder: Folder, groups: tuple[Group, ...], provinces: Collection[str]) -> tuple[Score, ...]:
    """``index_scores.csv``: a row a province, the points of each group and the total as they were published."""
    scores = []
    for row in once(folder.table(SCORES, ("province", "total", *(group.key for group in groups))), "province"):
        points = {group.key: _points(row, group.key, group.max) for group in groups}
        total = row.number("total") or 0.0
        if abs(sum(points.values()) - total) > TOLERANCE + 1e-9:
            row.wrong("total", f"{total:g} is not what the groups add to, {sum(points.values()):.2f}")
        scores.append(Score(row.refers("province", provinces, PROVINCE), total, points))
    return tuple(scores)


def _points(row: Entry, key: str, most: float) -> float:
    points = row.number(key) or 0.0
    if not 0 <= points <= most:
        row.wrong(key, f"{points:g} is not between 0 and {most:g}")
    return points
