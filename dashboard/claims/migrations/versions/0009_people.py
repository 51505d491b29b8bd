"""People, their sessions and failed sign-ins, and the audit; the role under which they are kept.

What is known of people lies apart from what pages read: ``rasad_app`` may touch none of it, and ``rasad_gate``, which
asks who somebody is, may read no case. The audit can only be added to: its role has no other right, and a trigger
refuses its change by anybody.
"""

from alembic import op

revision = "0009"
down_revision = "0008"

TABLES = """
CREATE TABLE people (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    login text NOT NULL UNIQUE CHECK (login = lower(login) AND login <> ''),
    name text NOT NULL,
    role text NOT NULL,
    provinces text[],
    password_hash text,
    must_change boolean NOT NULL DEFAULT false,
    issuer text,
    external_id text,
    demo boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    disabled_at timestamptz
);
CREATE UNIQUE INDEX people_elsewhere ON people (issuer, external_id) WHERE issuer IS NOT NULL;
COMMENT ON COLUMN people.provinces IS 'NULL: the whole nation, where the role allows it';
COMMENT ON COLUMN people.password_hash IS 'argon2id; NULL: signs in with a directory (issuer, external_id)';
COMMENT ON COLUMN people.demo IS 'an identity offered with one click in demo mode';

CREATE TABLE sessions (
    token_hash bytea PRIMARY KEY,
    person_id bigint NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now(),
    ends_at timestamptz NOT NULL,
    ended_at timestamptz,
    address text NOT NULL,
    agent text NOT NULL
);
CREATE INDEX sessions_person ON sessions (person_id) WHERE ended_at IS NULL;
COMMENT ON COLUMN sessions.token_hash IS 'SHA-256 of the cookie, which is kept nowhere';
COMMENT ON COLUMN sessions.ends_at IS 'when it ends however busy it is';

CREATE TABLE sign_in_failures (
    account bytea NOT NULL, address text NOT NULL, at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sign_in_failures_account ON sign_in_failures (account, at);
CREATE INDEX sign_in_failures_address ON sign_in_failures (address, at);
COMMENT ON COLUMN sign_in_failures.account IS 'keyed hash of the name typed, which may be a password by mistake';

CREATE TABLE audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    action text NOT NULL,
    person_id bigint, login text NOT NULL, role text NOT NULL,
    address text NOT NULL,
    object text NOT NULL DEFAULT '',
    detail jsonb NOT NULL DEFAULT '{}',
    rows bigint
);
CREATE INDEX audit_at ON audit (at, id);
CREATE INDEX audit_person ON audit (person_id, at, id);
CREATE INDEX audit_login ON audit (login text_pattern_ops, at, id);
CREATE INDEX audit_action ON audit (action, at, id);
CREATE INDEX audit_object ON audit (object text_pattern_ops, at, id);
CREATE INDEX audit_provinces ON audit USING gin ((detail -> 'provinces'));
COMMENT ON COLUMN audit.person_id IS 'NULL: nobody known, or the command line';
COMMENT ON COLUMN audit.object IS 'what it was done to: a panel, a case, an account';
COMMENT ON COLUMN audit.detail IS 'filters, provinces, outcome: never a national code';

CREATE FUNCTION audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit can only be added to'; END $$;
CREATE TRIGGER audit_is_kept BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_is_kept();
CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_is_kept();

DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'rasad_gate') THEN
        CREATE ROLE rasad_gate NOLOGIN;
        GRANT rasad_gate TO CURRENT_USER;
    END IF;
END $$;
GRANT SELECT, INSERT, UPDATE ON people, sessions, tokens TO rasad_gate;
GRANT SELECT, INSERT, DELETE ON sign_in_failures TO rasad_gate;
GRANT SELECT, INSERT ON audit TO rasad_gate;
"""


def upgrade() -> None:
    """Make the tables, the trigger and the role."""
    op.execute(TABLES)


def downgrade() -> None:
    """Drop them again; the role stays, which other databases of the server may use."""
    op.execute("REVOKE ALL ON tokens FROM rasad_gate")
    for table in ("people", "sessions", "sign_in_failures", "audit"):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION audit_is_kept")
