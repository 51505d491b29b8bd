"""Row-level security on all that pages read: what the settings of the transaction name is seen, and nothing else.

``rasad.provinces`` and ``rasad.subjects`` hold codes joined by commas, ``*`` for all; ``rasad.cases`` is ``on`` for
single cases. Unset and empty, which is what they are again after a commit, mean nothing. Policies read them as
subqueries, so that a setting is taken apart once a statement and not once a row.

The owner of the tables is held to no policy (no FORCE): it loads all provinces and recounts them. Pages act under
``rasad_app``, which owns nothing.
"""

from alembic import op
from sqlalchemy import text

revision = "0010"
down_revision = "0009"

SEES = """
CREATE FUNCTION rasad_provinces() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT string_to_array(nullif(current_setting('rasad.provinces', true), ''), ',') $$;
CREATE FUNCTION rasad_subjects() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT string_to_array(nullif(current_setting('rasad.subjects', true), ''), ',') $$;
CREATE FUNCTION rasad_nation() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT current_setting('rasad.provinces', true) IS NOT DISTINCT FROM '*' $$;
CREATE FUNCTION rasad_every_subject() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT current_setting('rasad.subjects', true) IS NOT DISTINCT FROM '*' $$;
CREATE FUNCTION rasad_cases() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT current_setting('rasad.cases', true) IS NOT DISTINCT FROM 'on' $$;
"""
FUNCTIONS = ("rasad_provinces", "rasad_subjects", "rasad_nation", "rasad_every_subject", "rasad_cases")

NATION = "(SELECT rasad_nation())"
PLACE = f"({NATION} OR province = ANY((SELECT rasad_provinces())::text[]))"
SUBJECT = "((SELECT rasad_every_subject()) OR subject = ANY((SELECT rasad_subjects())::text[]))"
FACT = "((SELECT rasad_every_subject()) OR (SELECT '{table}' = ANY(rasad_subjects())))"

POLICIES = {
    "feeds": f"{PLACE} AND {SUBJECT}",
    "feed_days": f"{PLACE} AND {SUBJECT}",
    "quarantine": f"{PLACE} AND {SUBJECT}",
    "batches": f"{NATION} AND {SUBJECT}",
    "reconciliations": NATION,
    "staffing": PLACE,
    "readiness": PLACE,
    "problem_reports": f"{PLACE} AND (subject = '' OR {SUBJECT})",
    "targets": f"(province = '' OR {PLACE})",
    "annotations": f"(province = '' OR {PLACE}) AND (subject = '' OR {SUBJECT})",
    "data_version": "true",  # how often the data changed, and when: no figure
    **{
        table: f"(SELECT rasad_cases()) AND {FACT.format(table=table)} AND {PLACE}"
        for table in ("registrations", "disputes", "procedures", "service_requests", "benefits")
    },
}

ANSWERS = """
CREATE VIEW published_answers WITH (security_barrier) AS
    SELECT id, title, body, answer, answered_at FROM problem_reports WHERE published;
COMMENT ON VIEW published_answers IS 'public: read under its owner, without who asked or where';
GRANT SELECT ON published_answers TO rasad_app;
"""

CELLS = """
SELECT c.relname, EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'province')
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname ~ '_cells$'
"""


def upgrade() -> None:
    """Close every table, then open it for what the settings name."""
    op.execute(SEES)
    cells = {name: PLACE if placed else NATION for name, placed in op.get_bind().execute(text(CELLS))}
    policies = {**POLICIES, **{name: f"{place} AND {SUBJECT}" for name, place in cells.items()}}
    for table, seen in policies.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY walls ON {table} FOR SELECT TO rasad_app USING ({seen})")
    op.execute(ANSWERS)


def downgrade() -> None:
    """Open them again."""
    op.execute("DROP VIEW published_answers")
    for table in (*POLICIES, *(name for name, _ in op.get_bind().execute(text(CELLS)).all())):
        op.execute(f"DROP POLICY walls ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    for name in FUNCTIONS:
        op.execute(f"DROP FUNCTION {name}")
