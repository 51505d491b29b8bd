"""Where a question reads: the nation's own cells where it asks of no place, else those of the provinces it may see."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dashboard.claims.cubes import OF_NATION, Cube, Piece
from dashboard.claims.walls import IN_SCOPE, NATION_ONLY, SUBJECT_IN_SCOPE
from dashboard.filters import Filters
from dashboard.scope import Scope

IN_VIEW = f"{IN_SCOPE} AND (CAST(:provinces AS text[]) IS NULL OR province = ANY(CAST(:provinces AS text[])))"
"""Holds a table of provinces to those asked about within the scope (``:provinces``, NULL for all of it)."""


@dataclass(frozen=True)
class Source:
    """A table of cells, the conditions under which its rows may be read (joined by AND) and what they are bound to."""

    table: str
    conditions: tuple[str, ...]
    parameters: Mapping[str, object]


def is_national(filters: Filters, scope: Scope) -> bool:
    """Whether all provinces are asked about by a reader who may see them all."""
    return scope.provinces is None and not filters.provinces


def held(only: Mapping[str, tuple[str, ...]] | None) -> dict[str, tuple[str, ...]]:
    """The dimensions that ``only`` restricts: one of which it names no values is left as it is."""
    return {name: values for name, values in (only or {}).items() if values}


def source(
    cube: Cube,
    filters: Filters,
    scope: Scope,
    told: Collection[str],
    only: Mapping[str, tuple[str, ...]],
) -> Source:
    """Where to read cells of ``cube`` told apart by the dimensions ``told`` and held to the values ``only``."""
    conditions = tuple(f"{name} = ANY(:only_{name})" for name in only)
    parameters: dict[str, object] = {f"only_{name}": list(values) for name, values in only.items()}
    nation = OF_NATION.get(cube)
    if nation and is_national(filters, scope) and {*told, *only} <= set(nation.key):
        return Source(nation.table, (NATION_ONLY, SUBJECT_IN_SCOPE, *conditions), parameters)
    provinces = scope.narrow(filters.provinces)
    parameters["provinces"] = None if provinces is None else list(provinces)
    return Source(cube.table, (IN_VIEW, SUBJECT_IN_SCOPE, *conditions), parameters)


def cut(pieces: Iterable[Piece], months: Sequence[date]) -> list[Piece]:
    """The pieces with those of days cut where months start, so that each lies in one month."""
    found = []
    for piece in pieces:
        inside = [start for start in months if piece.start < start <= piece.end and piece.cube.time != "month"]
        starts, ends = [piece.start, *inside], [*(start - timedelta(days=1) for start in inside), piece.end]
        found += [replace(piece, start=start, end=end) for start, end in zip(starts, ends, strict=True)]
    return found


def selection(piece: Piece, number: int, by: tuple[str, ...], read: Source) -> str:
    """The statement that counts the cells of the ``number``-th piece of a question, told apart ``by``.

    It is bound to ``subjects``, ``milestones``, ``start_<number>``, ``end_<number>`` and the source's own parameters.
    """
    time = piece.cube.time
    # Days that are counted by month lie in one (`cut`).
    month = time if time == "month" else f"CAST(:start_{number} AS date)"
    placed = {"day": time, "month": month}
    columns = ", ".join(("milestone", *(placed.get(name, name) for name in by)))
    named = ", ".join(
        (
            "milestone",
            *(f"{placed[name]} AS {name}" if name in placed and placed[name] != name else name for name in by),
        )
    )
    conditions = [
        "subject = ANY(:subjects)",
        "milestone = ANY(:milestones)",
        f"{time} BETWEEN :start_{number} AND :end_{number}",
        *read.conditions,
    ]
    return f"SELECT {named}, sum(n) AS n FROM {read.table} WHERE {' AND '.join(conditions)} GROUP BY {columns}"
