"""Files that are made for people beside the pages: what was asked, how far it is, and what came of it.

A file is for who asked alone: ``rasad_gate`` sees those of the person that ``rasad.person`` names, and none without.
What it may write is a wish; content and outcome are written by the owner, under which workers act.
"""

from alembic import op

revision = "0014"
down_revision = "0013"

TABLES = """
CREATE TABLE files (
    id text PRIMARY KEY CHECK (id ~ '^[A-Za-z]{24}$'),
    person_id bigint NOT NULL REFERENCES people ON DELETE CASCADE,
    maker text NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    language text NOT NULL,
    ask jsonb NOT NULL DEFAULT '{}',
    state text NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'working', 'done', 'failed', 'cancelled', 'expired')),
    progress real NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 1),
    step text NOT NULL DEFAULT '',
    error text NOT NULL DEFAULT '' CHECK ((state = 'failed') <= (error <> '')),
    attempt integer NOT NULL DEFAULT 0,
    job_id bigint,
    asked_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    ended_at timestamptz,
    expires_at timestamptz,
    name text,
    content_type text,
    rows bigint,
    detail jsonb NOT NULL DEFAULT '{}',
    seen_as text NOT NULL DEFAULT '',
    bytes bigint,
    data bytea,
    CHECK ((state = 'done') = (data IS NOT NULL)),
    CHECK (state <> 'done' OR (name, content_type, bytes, ended_at, expires_at) IS NOT NULL)
);
ALTER TABLE files ALTER COLUMN data SET STORAGE EXTERNAL;
CREATE INDEX files_person ON files (person_id, asked_at);
CREATE INDEX files_due ON files (expires_at) WHERE state = 'done';
COMMENT ON COLUMN files.id IS 'nobody can guess it; letters alone, so that it passes for no number of a person';
COMMENT ON COLUMN files.maker IS 'what makes it, as a panel';
COMMENT ON COLUMN files.kind IS 'the ending of its name';
COMMENT ON COLUMN files.ask IS 'what was asked, as an address says it: never a national code';
COMMENT ON COLUMN files.step IS 'what is being done: the text file.step.<step>';
COMMENT ON COLUMN files.error IS 'why there is no file: the text file.error.<error>';
COMMENT ON COLUMN files.attempt IS 'how often it was begun; what an earlier beginning still has to say is not heard';
COMMENT ON COLUMN files.detail IS 'what the audit is told when it is taken: filters, provinces';
COMMENT ON COLUMN files.seen_as IS 'role and provinces of the person when it was made; for any other it is closed';
COMMENT ON COLUMN files.data IS 'kept as it is, so that a part of it can be read without the rest';

ALTER TABLE files ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON files TO rasad_gate
    USING (person_id = (SELECT nullif(current_setting('rasad.person', true), '')::bigint));
GRANT SELECT, DELETE, INSERT (id, person_id, maker, kind, title, language, ask),
    UPDATE (state, progress, step, error, job_id, asked_at) ON files TO rasad_gate;
"""


def upgrade() -> None:
    """Make the table."""
    op.execute(TABLES)


def downgrade() -> None:
    """Drop it again."""
    op.execute("DROP TABLE files")
