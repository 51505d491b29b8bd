"""The claims database holds to one jurisdiction, one mode and one key; pages read under a role that may do no more."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from dashboard.claims import ledger, server
from dashboard.claims.database import CHANNEL, Database, DatabaseError, connect, remember_key
from dashboard.claims.feed import Feed
from dashboard.claims.reconcile import prune
from dashboard.jurisdictions import load
from dashboard.scope import NATION


def test_another_jurisdiction_or_mode_is_refused(claims: Database, tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="jurisdiction = ir"):
        connect(claims.url, tmp_path, load("vn"), demo=True)
    with pytest.raises(DatabaseError, match="demo = true"):
        connect(claims.url, tmp_path, load("ir"), demo=False)


def test_another_key_is_refused(claims: Database) -> None:
    with claims.write() as connection:
        remember_key(connection, "the first key of at least thirty-two characters")
        remember_key(connection, "the first key of at least thirty-two characters")
        with pytest.raises(DatabaseError, match="RASAD_SECRET_KEY"):
            remember_key(connection, "another key of at least thirty-two characters!!")


def test_a_server_that_cannot_be_reached_is_named_in_one_sentence(tmp_path: Path) -> None:
    url = f"postgresql://nobody@/nothing?host={tmp_path}"
    with pytest.raises(DatabaseError, match="cannot reach the claims database"):
        connect(url, tmp_path, load("ir"))


def test_an_owner_without_further_rights_suffices(
    cluster: server.Cluster, templates: Callable[..., str], tmp_path: Path
) -> None:
    templates(load("ir"), True)  # with it came the role of pages
    make = (
        "CREATE ROLE humble LOGIN PASSWORD 'humble'",
        "CREATE DATABASE humble OWNER humble",
    )
    url = f"postgresql://humble:humble@/humble?host={cluster.sockets}"
    with psycopg.connect(cluster.url, autocommit=True) as connection:
        for statement in make:
            connection.execute(statement)
        for role in ("rasad_app", "rasad_gate"):
            with pytest.raises(DatabaseError, match=f"GRANT {role} TO humble"):
                connect(url, tmp_path, load("ir"), demo=True)
            connection.execute(f"GRANT {role} TO humble")
    database = connect(url, tmp_path, load("ir"), demo=True)
    assert database.version().number == 0
    database.close()


def test_an_owner_who_may_make_roles_makes_the_role_of_pages(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="rasad-tests-") as folder:
        fresh = server.ensure_running(Path(folder))
        with psycopg.connect(fresh.url, autocommit=True) as connection:
            connection.execute("CREATE ROLE maker LOGIN CREATEROLE PASSWORD 'maker'")
            connection.execute("CREATE DATABASE maker OWNER maker")
        database = connect(f"postgresql://maker:maker@/maker?host={fresh.sockets}", tmp_path, load("ir"), demo=True)
        assert database.version().number == 0
        database.close()
        server.release(fresh)


@pytest.mark.parametrize(
    "table", ["registrations", "disputes", "premiums", "quarantine", "tokens", "batches", "people", "sessions", "audit"]
)
def test_the_role_of_pages_reads_no_case_and_no_secret(claims: Database, table: str) -> None:
    with claims.reading(NATION) as connection, pytest.raises(DBAPIError, match="permission denied"):
        connection.execute(text(f"SELECT * FROM {table}"))


@pytest.mark.parametrize("table", ["registrations", "day_cells", "premiums", "targets"])
def test_the_role_of_the_gate_reads_no_data(claims: Database, table: str) -> None:
    with claims.gate.connect() as connection, pytest.raises(DBAPIError, match="permission denied"):
        connection.execute(text(f"SELECT * FROM {table}"))


@pytest.mark.parametrize("change", ["UPDATE audit SET login = 'other'", "DELETE FROM audit", "TRUNCATE audit"])
def test_the_audit_can_only_be_added_to(claims: Database, change: str) -> None:
    with claims.gate.begin() as connection:
        connection.execute(
            text("INSERT INTO audit (action, login, role, address) VALUES ('sign-in', 'a', 'hq', '::1')")
        )
    with claims.gate.connect() as connection, pytest.raises(DBAPIError, match="permission denied"):
        connection.execute(text(change))
    with claims.write() as owner, pytest.raises(psycopg.errors.RaiseException, match="can only be added to"):
        owner.execute(change)


def test_the_role_of_pages_writes_nothing(claims: Database) -> None:
    with claims.reading(NATION) as connection, pytest.raises(DBAPIError, match=r"read-only|permission denied"):
        connection.execute(text("DELETE FROM day_cells RETURNING n"))


def test_no_column_holds_a_national_code(claims: Database) -> None:
    with claims.write() as connection:
        names = connection.execute("SELECT column_name FROM information_schema.columns WHERE table_schema = 'public'")
        assert "national_code" not in {row[0] for row in names}


def test_the_feed_hears_a_commit_and_outlives_its_connection(claims: Database) -> None:
    feed = Feed(claims).start()
    try:
        before = feed.current.number
        _announce(claims)
        _wait(lambda: feed.current.number == before + 1)
        with psycopg.connect(claims.url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE %s "
                "AND pid <> pg_backend_pid() AND datname = current_database()",
                (f"%{CHANNEL}%",),
            )
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
                "AND datname = current_database()"
            )
        _announce(claims)
        _wait(lambda: feed.current.number == before + 2)
    finally:
        feed.stop()


def test_cubes_of_limited_memory_forget_once_a_week(claims: Database) -> None:
    today = claims.today()
    with claims.write() as connection:
        connection.execute(
            "INSERT INTO office_cells VALUES ('disputes', 'opened', %s, 'IR-23', '', 'individual', '', '', 'cases', 1)",
            (today - timedelta(days=95),),
        )
        connection.commit()
        prune(connection, today + timedelta(days=6))
        assert connection.execute("SELECT count(*) FROM office_cells").fetchone() == (1,)
        prune(connection, today + timedelta(days=7))
        assert connection.execute("SELECT count(*) FROM office_cells").fetchone() == (0,)
        horizon = connection.execute("SELECT day FROM cube_horizons WHERE cube = 'office_cells'").fetchone()
    assert horizon == (today + timedelta(days=7 - 100),)


def _announce(claims: Database) -> None:
    with claims.write() as connection:
        ledger.announce(connection)
        connection.commit()


def _wait(met: Callable[[], bool]) -> None:
    for _ in range(200):
        if met():
            return
        time.sleep(0.05)
    raise AssertionError("not within ten seconds")
