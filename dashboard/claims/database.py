"""The claims database as the rest of the house uses it: connections, roles, migrations and scoped reading."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import psycopg
import pyarrow as pa
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import OperationalError

from dashboard.claims import cells, server, walls
from dashboard.claims.cubes import CUBES
from dashboard.claims.dimensions import Setting
from dashboard.jobs import schema
from dashboard.jurisdictions import Jurisdiction
from dashboard.scope import NOTHING, Scope
from dashboard.text.calendars import calendar_named

LEAST_SERVER = 150000
"""PostgreSQL 15 is the least version supported."""

CHANNEL = "rasad_data"
"""The notification channel a committed batch is announced on."""

APP_ROLE = "rasad_app"
GATE_ROLE = "rasad_gate"
_SCHEMA_LOCK = 726_173_001
_STATEMENT_SECONDS = 8
_STREAM_SECONDS = 900
_PIECE = 1 << 20
"""Bytes of a long answer that are read together."""
_SETTINGS = text("SELECT set_config(key, value, true) FROM json_each_text(CAST(:settings AS json))")
_MIGRATIONS = Path(__file__).parent / "migrations"

log = logging.getLogger(__name__)


class DatabaseError(RuntimeError):
    """The claims database cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class DataVersion:
    """How often the data have changed, and when they last did (``None``: nothing was ever loaded)."""

    number: int
    at: datetime | None


@dataclass(frozen=True)
class Database:
    """One claims database of one jurisdiction.

    ``url`` is the owner's address (``postgresql://…``). Reading for a page goes through ``frame``, which runs under the
    application's role, read-only; ``write`` is for the intake.
    """

    url: str = field(repr=False)  # it holds a password
    jurisdiction: Jurisdiction = field(repr=False)
    demo: bool = False

    @cached_property
    def engine(self) -> Engine:
        """Connections of the application's role. A dead server costs two seconds at most, a frozen one eight.

        Nothing is read in parallel: starting workers takes longer than any question, and the processors are for others.
        """
        return self._pool(APP_ROLE, "-c default_transaction_read_only=on -c max_parallel_workers_per_gather=0", 8)

    @cached_property
    def gate(self) -> Engine:
        """Connections of the role that keeps people, sessions, tokens and the audit, and may read no case."""
        return self._pool(GATE_ROLE, "", 4)

    @cached_property
    def streams(self) -> Engine:
        """Connections of the application's role for what is read as a whole, which may take minutes: no page waits for
        one of them.
        """
        options = f"-c default_transaction_read_only=on -c statement_timeout={_STREAM_SECONDS}s"
        return self._pool(APP_ROLE, f"{options} -c max_parallel_workers_per_gather=0", 5)

    def close(self) -> None:
        """Close the connections that no question uses at present."""
        for pool in ("engine", "gate", "streams"):
            if pool in self.__dict__:
                getattr(self, pool).dispose()

    def _pool(self, role: str, options: str, size: int) -> Engine:
        return create_engine(
            _sqlalchemy(self.url),
            pool_size=size,
            max_overflow=size,
            pool_timeout=2,
            pool_pre_ping=True,
            hide_parameters=True,  # an error is logged, and what was asked about may be a person
            connect_args={
                "options": f"-c role={role} -c statement_timeout={_STATEMENT_SECONDS}s {options}",
                "connect_timeout": 2,
                "keepalives_idle": 5,
                "tcp_user_timeout": _STATEMENT_SECONDS * 1000,
            },
        )

    def frame(self, statement: str, parameters: Mapping[str, Any], scope: Scope) -> pd.DataFrame:
        """Run a query and answer with its rows.

        ``scope`` is required of every question. A statement carries its own restriction to it, and is refused when it
        does not (`walls.parameters`).
        """
        bound = {**parameters, **walls.parameters(statement, scope)}
        with self.reading(scope) as connection:
            result = connection.execute(text(statement), bound)
            return pd.DataFrame(result.fetchall(), columns=list(result.keys()))

    @contextmanager
    def reading(self, scope: Scope) -> Iterator[Connection]:
        """A connection on which, until its transaction ends, the policies let through what the scope holds."""
        with self.engine.connect() as connection:
            connection.execute(_SETTINGS, {"settings": json.dumps(walls.settings(scope))})
            yield connection

    def blocks(
        self, statement: str, parameters: Mapping[str, Any], scope: Scope, types: Mapping[str, pa.DataType]
    ) -> Iterator[pa.Table]:
        """`frame` for an answer of any length: its rows as of one moment, in order, a block at a time.

        ``types`` are those of the columns, by name and in their order. Closing the iterator ends the query.
        """
        bound = {**parameters, **walls.parameters(statement, scope)}
        with self.streams.connect() as connection:
            connection.execute(_SETTINGS, {"settings": json.dumps(walls.settings(scope))})
            driver = connection.connection.driver_connection
            assert isinstance(driver, psycopg.Connection)
            written = str(text(statement).compile(dialect=connection.dialect))
            with driver.cursor().copy(f"COPY ({written}) TO STDOUT (FORMAT csv)", bound) as stream:
                yield from cells.tables(stream, types, _PIECE, broken=True)

    def version(self) -> DataVersion:
        """The version of the data as last committed."""
        with self.reading(NOTHING) as connection:
            number, at = connection.execute(text("SELECT number, at FROM data_version")).one()
            return DataVersion(number, at)

    @contextmanager
    def write(self) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        """A connection of the owner, for intake and upkeep. The caller commits."""
        options = "-c TimeZone=UTC -c work_mem=128MB -c temp_buffers=128MB -c statement_timeout=0"
        with psycopg.connect(self.url, connect_timeout=5, options=options) as connection:
            yield connection

    def setting(self, connection: psycopg.Connection[tuple[Any, ...]]) -> Setting:
        """What contributions to the cubes are counted by here."""
        horizons = connection.execute("SELECT cube, day FROM cube_horizons").fetchall()
        return Setting(self.jurisdiction.timezone, calendar_named(self.jurisdiction.calendar), dict(horizons))

    def today(self) -> date:
        """The day it is in the jurisdiction."""
        return datetime.now(self.jurisdiction.timezone).date()


def connect(url: str, data_dir: Path, jurisdiction: Jurisdiction, demo: bool = False) -> Database:
    """The claims database at ``url``, or an embedded one under ``data_dir``; migrated and checked, ready to use."""
    if not url:
        url = server.ensure_running(folder_of(data_dir, jurisdiction, demo)).url
    database = Database(_plain(url), jurisdiction, demo)
    try:
        _prepare(database)
    except (OperationalError, psycopg.OperationalError) as error:
        raise DatabaseError(f"cannot reach the claims database: {str(error).splitlines()[0]}") from error
    return database


def folder_of(data_dir: Path, jurisdiction: Jurisdiction, demo: bool) -> Path:
    """The folder of an embedded database: each jurisdiction has its own, and demo data never share one with real."""
    return data_dir / (f"{jurisdiction.key}-demo" if demo else jurisdiction.key)


def _prepare(database: Database) -> None:
    owner = create_engine(_sqlalchemy(database.url), connect_args={"connect_timeout": 5})
    try:
        with owner.connect() as connection:
            number = int(connection.execute(text("SHOW server_version_num")).scalar_one())
            if number < LEAST_SERVER:
                least = LEAST_SERVER // 10000
                raise DatabaseError(f"PostgreSQL {least} or newer is needed, this server is {number // 10000}")
            connection.execute(text(f"SELECT pg_advisory_lock({_SCHEMA_LOCK})"))
            try:
                _migrate(connection)
                schema.bring_up(connection)
                _may_act_for_pages(connection)
                _remember(connection, database)
            finally:
                connection.rollback()
                connection.execute(text(f"SELECT pg_advisory_unlock({_SCHEMA_LOCK})"))
                connection.commit()
    finally:
        owner.dispose()


def _migrate(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    connection.commit()


def _may_act_for_pages(connection: Connection) -> None:
    """On a server where these roles were there before, the database's owner may not be allowed to act as them."""
    for role in (APP_ROLE, GATE_ROLE):
        member, owner = connection.execute(text(f"SELECT pg_has_role('{role}', 'MEMBER'), current_user")).one()
        if not member:
            raise DatabaseError(f"pages act under the role {role}: let a superuser say GRANT {role} TO {owner}")


def _remember(connection: Connection, database: Database) -> None:
    """Hold the database to one jurisdiction and one mode, and give its cubes of limited memory a beginning."""
    for key, value in (("jurisdiction", database.jurisdiction.key), ("demo", str(database.demo).lower())):
        insert = "INSERT INTO deployment VALUES (:key, :value) ON CONFLICT DO NOTHING"
        connection.execute(text(insert), {"key": key, "value": value})
        known = connection.execute(text("SELECT value FROM deployment WHERE key = :key"), {"key": key}).scalar_one()
        if known != value:
            raise DatabaseError(
                f"this claims database was made with {key} = {known}, the settings say {value}: "
                "use another database (RASAD_DATABASE_URL or RASAD_DATA_DIR) or set them right"
            )
    horizons = [
        {"cube": cube.table, "day": database.today() - timedelta(days=cube.keep_days)}
        for cube in CUBES
        if cube.keep_days
    ]
    connection.execute(text("INSERT INTO cube_horizons VALUES (:cube, :day) ON CONFLICT DO NOTHING"), horizons)
    connection.commit()


def remember_key(connection: psycopg.Connection[Any], secret_key: str) -> None:
    """Hold the database to one secret key: hashes of national codes made with another would never match again."""
    mark = hashlib.sha256(b"rasad key mark" + secret_key.encode()).hexdigest()
    connection.execute("INSERT INTO deployment VALUES ('key_mark', %s) ON CONFLICT DO NOTHING", (mark,))
    row = connection.execute("SELECT value FROM deployment WHERE key = 'key_mark'").fetchone()
    connection.commit()
    if row != (mark,):
        raise DatabaseError("RASAD_SECRET_KEY is not the key this claims database was loaded with")


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def _sqlalchemy(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)
