"""Migrations on a database that holds records already."""

from __future__ import annotations

from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from dashboard.claims.cubes import COHORT_MONTH, DUE, MONTH_CATEGORY, OF_NATION, RUNNING_AMOUNT, Cube
from dashboard.claims.database import _MIGRATIONS, Database, _sqlalchemy
from dashboard.claims.subjects import BENEFITS, DISPUTES, SERVICE_REQUESTS
from tests.dashboard.claims.test_merge import _dispute, differences, load

LATER = (MONTH_CATEGORY, COHORT_MONTH)
OF_NATION_LATER = tuple(OF_NATION[cube] for cube in (*LATER, RUNNING_AMOUNT))


@pytest.mark.parametrize(
    ("before", "made"),
    [
        ("0005", {DUE, *OF_NATION.values()} - {*OF_NATION_LATER}),
        ("0007", {*LATER, *OF_NATION_LATER}),
    ],
)
def test_coarser_cells_are_counted_when_their_tables_are_made(claims: Database, before: str, made: set[Cube]) -> None:
    changes: list[dict[str, str]] = [
        {"due_on": f"2026-09-{n % 20 + 1:02}"} if n % 3 else {"closed_at": "2026-09-20T09:00:00Z", "outcome": "settled"}
        for n in range(40)
    ]
    provinces = ("IR-07", "IR-23")
    load(claims, DISPUTES, [_dispute(n, province=provinces[n % 2], **changed) for n, changed in enumerate(changes)])
    requests = [
        _dispute(n, province=provinces[n % 2], category="contracts", opened_at=f"2026-0{n % 9 + 1}-2{n % 5}T08:00:00Z")
        | {"confirmed_at": f"2026-0{n % 9 + 1}-2{n % 5 + 3}T09:00:00Z"}
        for n in range(40)
    ]
    load(claims, SERVICE_REQUESTS, requests)
    granted = {"category": "unemployment_insurance", "due_on": "2027-03-01", "months_granted": "6"}
    load(claims, BENEFITS, [_dispute(1, **granted, amount_granted="600")])
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    owner = create_engine(_sqlalchemy(claims.url))
    with owner.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, before)
        connection.commit()
        command.upgrade(config, "head")
        connection.commit()
    owner.dispose()
    tables = {cube.table for cube in made}
    with claims.write() as connection:
        for table in tables - {"nation_month_trait_cells"}:
            counting: Any = f"SELECT count(*) FROM {table}"  # psycopg's types want a literal
            assert connection.execute(counting).fetchone() != (0,), table
    assert not tables & {difference.cube for difference in differences(claims)}
