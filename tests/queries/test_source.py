"""Who reads the nation's own cells: nobody whose view or question is narrower than the nation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from dashboard.claims.cubes import DAY, DAY_FULL, OF_NATION, OFFICE, PENDING_CASES, Cube
from dashboard.claims.database import Database
from dashboard.claims.walls import NATION_ONLY, SUBJECT_IN_SCOPE
from dashboard.filters import Filters
from dashboard.scope import NATION, Scope
from queries.source import source
from tests.queries.facts import TODAY

EVERYWHERE = Filters(TODAY, "jalali")


def test_the_whole_nation_is_read_from_cells_of_its_own() -> None:
    read = source(DAY_FULL, EVERYWHERE, NATION, ("channel",), {"category": ("wage",)})
    assert read.table == OF_NATION[DAY_FULL].table
    assert read.conditions == (NATION_ONLY, SUBJECT_IN_SCOPE, "category = ANY(:only_category)")


@pytest.mark.parametrize(
    ("filters", "scope", "told", "only"),
    [
        (EVERYWHERE, Scope(("IR-23",)), (), {}),
        (EVERYWHERE, Scope(()), (), {}),
        (replace(EVERYWHERE, provinces=("IR-23",)), NATION, (), {}),
        (EVERYWHERE, NATION, ("province",), {}),
        (EVERYWHERE, NATION, (), {"province": ("IR-23",)}),
    ],
)
def test_whoever_sees_or_asks_for_less_reads_provinces(
    filters: Filters, scope: Scope, told: tuple[str, ...], only: dict[str, tuple[str, ...]]
) -> None:
    read = source(DAY, filters, scope, told, only)
    assert read.table == DAY.table
    assert any(":scope" in condition for condition in read.conditions)
    assert any(":provinces" in condition for condition in read.conditions)


@pytest.mark.parametrize("name", ["office", "channel"])
def test_what_the_nation_does_not_tell_apart_is_read_of_provinces(name: str) -> None:
    assert source(PENDING_CASES, EVERYWHERE, NATION, (name,), {}).table == PENDING_CASES.table
    assert source(PENDING_CASES, EVERYWHERE, NATION, (), {name: ("x",)}).table == PENDING_CASES.table
    assert source(OFFICE, EVERYWHERE, NATION, ("office",), {}).table == OFFICE.table


@pytest.mark.parametrize("jurisdiction", ["ir", "vn"])
@pytest.mark.parametrize("cube", OF_NATION, ids=[cube.table for cube in OF_NATION])
def test_cells_of_the_nation_are_those_of_its_provinces(
    demo_claims: Callable[[str], Database], jurisdiction: str, cube: Cube
) -> None:
    nation = OF_NATION[cube]
    key = ", ".join(nation.key)
    summing: Any = f"SELECT {key}, sum(n) FROM {cube.table} GROUP BY {key} HAVING sum(n) <> 0 ORDER BY {key}"
    keeping: Any = f"SELECT {key}, n FROM {nation.table} WHERE n <> 0 ORDER BY {key}"  # psycopg's types want literals
    with demo_claims(jurisdiction).write() as connection:
        summed, kept = (connection.execute(statement).fetchall() for statement in (summing, keeping))
    assert kept
    assert kept == summed
