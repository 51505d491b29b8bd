"""Migrations on a database that holds records already."""

from __future__ import annotations

from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from dashboard.claims.cubes import DUE, OF_NATION
from dashboard.claims.database import _MIGRATIONS, Database, _sqlalchemy
from dashboard.claims.subjects import DISPUTES
from tests.dashboard.claims.test_merge import _dispute, differences, load


def test_the_nation_and_the_due_days_are_counted_when_their_tables_are_made(claims: Database) -> None:
    changes: list[dict[str, str]] = [
        {"due_on": f"2026-09-{n % 20 + 1:02}"} if n % 3 else {"closed_at": "2026-09-20T09:00:00Z", "outcome": "settled"}
        for n in range(40)
    ]
    provinces = ("IR-07", "IR-23")
    load(claims, DISPUTES, [_dispute(n, province=provinces[n % 2], **changed) for n, changed in enumerate(changes)])
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    owner = create_engine(_sqlalchemy(claims.url))
    with owner.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0005")
        connection.commit()
        command.upgrade(config, "head")
        connection.commit()
    owner.dispose()
    made = {cube.table for cube in (DUE, *OF_NATION.values())}
    with claims.write() as connection:
        for table in made - {"nation_month_trait_cells"}:
            counting: Any = f"SELECT count(*) FROM {table}"  # psycopg's types want a literal
            assert connection.execute(counting).fetchone() != (0,), table
    assert not made & {difference.cube for difference in differences(claims)}
