"""Whatever pages may read has a policy that restricts it, also what is made tomorrow; nobody needs to remember."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg import sql

from dashboard.claims import walls
from dashboard.claims.database import APP_ROLE, GATE_ROLE, Database
from dashboard.scope import NATION, NOTHING, Scope

READABLE = """
SELECT c.relname, c.relkind, c.relrowsecurity, coalesce(c.reloptions::text, '') AS options
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_t'
AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND has_any_column_privilege(%s, c.oid, 'SELECT') ORDER BY 1
"""
HELD = f"SELECT 1 FROM day_cells WHERE {walls.IN_SCOPE} AND {walls.SUBJECT_IN_SCOPE}"


def unwalled(owner: psycopg.Connection[tuple[object, ...]]) -> Iterator[str]:
    """What pages may read past the second wall, a sentence each."""
    for name, kind, secured, options in owner.execute(READABLE, (APP_ROLE,)).fetchall():
        if name in walls.PUBLIC:
            continue
        if kind in ("v", "m", "f"):
            if "security_invoker=true" not in str(options) and "security_invoker=on" not in str(options):
                yield f"{name} is read under its owner"
            continue
        if not secured:
            yield f"{name} heeds no policy"
        policies = owner.execute(
            "SELECT polcmd, polpermissive, pg_get_expr(polqual, polrelid) FROM pg_policy WHERE polrelid = %s::regclass",
            (name,),
        ).fetchall()
        if not policies:
            yield f"{name} has no policy"
        for command, _, condition in policies:
            if command != "r":
                yield f"{name} has a policy for more than reading"
            if not any(heeded in str(condition) for heeded in ("rasad_nation()", "rasad_provinces()")):
                yield f"{name}: {condition} heeds no province"


def test_whatever_pages_may_read_has_a_policy(claims: Database) -> None:
    with claims.write() as owner:
        assert list(unwalled(owner)) == []
        names = {row[0] for row in owner.execute(READABLE, (APP_ROLE,)).fetchall()}
    assert {"registrations", "day_cells", "nation_day_cells", "problem_reports", "data_version"} <= names


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("CREATE TABLE tomorrow (n int); GRANT SELECT ON tomorrow TO rasad_app", "tomorrow heeds no policy"),
        ("CREATE TABLE tomorrow (n int); GRANT SELECT (n) ON tomorrow TO rasad_app", "tomorrow has no policy"),
        ("CREATE VIEW tomorrow AS TABLE day_cells; GRANT SELECT ON tomorrow TO rasad_app", "is read under its owner"),
        ("ALTER TABLE feeds DISABLE ROW LEVEL SECURITY", "feeds heeds no policy"),
        ("DROP POLICY walls ON feeds", "feeds has no policy"),
        ("ALTER POLICY walls ON feeds USING (true)", "heeds no province"),
        ("CREATE POLICY more ON feeds FOR SELECT TO rasad_app USING (true)", "heeds no province"),
        ("CREATE POLICY more ON feeds TO rasad_app USING (rasad_nation())", "for more than reading"),
    ],
)
def test_what_is_forgotten_is_found(claims: Database, change: str, found: str) -> None:
    with claims.write() as owner:
        for statement in change.split("; "):
            owner.execute(sql.SQL(statement))  # type: ignore[arg-type]  # of the list above
        assert any(found in sentence for sentence in unwalled(owner))


@pytest.mark.parametrize("settings", [{}, {"rasad.provinces": "", "rasad.subjects": "", "rasad.cases": ""}])
def test_without_settings_nothing_is_seen(demo_claims: Callable[[str], Database], settings: dict[str, str]) -> None:
    db = demo_claims("ir")
    with db.write() as owner:
        names = [row[0] for row in owner.execute(READABLE, (APP_ROLE,)).fetchall()]
        full = [name for name in names if _rows(owner, str(name))]
        owner.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(APP_ROLE)))
        for name, value in settings.items():
            owner.execute("SELECT set_config(%s, %s, true)", (name, value))
        seen = {str(name) for name in full if _rows(owner, str(name))}
        owner.rollback()
    assert len(full) > 30
    # What belongs to all provinces and subjects at once holds no figure: a target, a note that all may read.
    assert seen <= {*walls.PUBLIC, "targets", "annotations"}


def test_the_settings_end_with_their_transaction(demo_claims: Callable[[str], Database]) -> None:
    db = demo_claims("ir")
    with db.engine.connect() as connection:
        count = "SELECT count(*) FROM day_cells"
        connection.exec_driver_sql(
            "SELECT set_config('rasad.provinces', '*', true), set_config('rasad.subjects', '*', true)"
        )
        assert connection.exec_driver_sql(count).scalar_one() > 0
        connection.commit()
        assert connection.exec_driver_sql("SELECT current_setting('rasad.provinces', true)").scalar_one() == ""
        assert connection.exec_driver_sql(count).scalar_one() == 0


def test_the_role_of_pages_is_nobody_that_policies_spare(claims: Database) -> None:
    with claims.write() as owner:
        rows = owner.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname = ANY(%s)",
            ([APP_ROLE, GATE_ROLE],),
        ).fetchall()
        owned = owner.execute(
            "SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = ANY(%s)", ([APP_ROLE, GATE_ROLE],)
        ).fetchone()
        member = owner.execute(
            "SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = ANY(%s)",
            ([APP_ROLE, GATE_ROLE],),
        ).fetchone()
    assert sorted(rows) == [(APP_ROLE, False, False, False), (GATE_ROLE, False, False, False)]
    assert (owned, member) == ((0,), (0,))


def test_a_code_that_would_mean_everything_is_refused() -> None:
    for codes in (("*",), ("IR-23", ""), ("IR-23,IR-01",)):
        with pytest.raises(ValueError, match="no code"):
            walls.settings(Scope(codes))
    assert walls.settings(NOTHING) == {"rasad.provinces": "", "rasad.subjects": "", "rasad.cases": "off"}
    assert walls.settings(NATION) == {"rasad.provinces": "*", "rasad.subjects": "*", "rasad.cases": "on"}


@pytest.mark.parametrize(
    ("statement", "scope", "refused"),
    [
        ("SELECT 1 FROM day_cells", NATION, walls.Unrestricted),
        (f"SELECT 1 FROM day_cells WHERE {walls.IN_SCOPE}", NATION, walls.Unrestricted),
        (f"SELECT 1 FROM day_cells WHERE {walls.SUBJECT_IN_SCOPE}", NATION, walls.Unrestricted),
        (f"{HELD} UNION ALL SELECT 1 FROM hour_cells WHERE {walls.IN_SCOPE}", NATION, walls.Unrestricted),
        (
            f"SELECT 1 FROM feeds, staffing WHERE {walls.IN_SCOPE} AND {walls.SUBJECT_IN_SCOPE}",
            NATION,
            walls.Unrestricted,
        ),
        ("SELECT 1 FROM made_tomorrow", NATION, walls.Unrestricted),
        ("SELECT 1 FROM registrations", NATION, walls.Unrestricted),
        (f"SELECT 1 FROM registrations WHERE {walls.IN_SCOPE}", Scope(None), walls.OutOfScope),
        (f"SELECT 1 FROM disputes WHERE {walls.IN_SCOPE}", Scope(None, ("benefits",), cases=True), walls.OutOfScope),
        (
            f"SELECT 1 FROM nation_day_cells WHERE {walls.NATION_ONLY} AND {walls.SUBJECT_IN_SCOPE}",
            Scope(("IR-23",)),
            walls.OutOfScope,
        ),
    ],
)
def test_a_statement_without_its_restriction_is_never_sent(
    claims: Database, statement: str, scope: Scope, refused: type[Exception]
) -> None:
    with pytest.raises(refused):
        claims.frame(statement, {}, scope)


def test_a_statement_that_holds_itself_is_sent(claims: Database) -> None:
    assert claims.frame(HELD, {}, Scope(("IR-23",))).empty


def test_what_is_public_says_why() -> None:
    assert set(walls.PUBLIC) == {"data_version", "published_answers", "published_editions", "published_figures"}
    assert all(reason for reason in walls.PUBLIC.values())


def _rows(owner: psycopg.Connection[tuple[object, ...]], table: str) -> int:
    statement = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
    found = owner.execute(statement).fetchone()
    assert found is not None
    return int(str(found[0]))
