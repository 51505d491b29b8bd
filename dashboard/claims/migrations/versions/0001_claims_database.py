"""The claims database: facts, rollups, ledger, quarantine, feeds, tokens.

A migration is frozen: the tables are spelled out here and not derived from today's declarations. Unique keys hold the
column a distributed table would be spread by (a fact's id, a cell's province or its whole key); there are no foreign
keys and no triggers, which keeps every table fit for a distributed PostgreSQL.
"""

from alembic import op

revision = "0001"
down_revision = None

CASE = """
    id text PRIMARY KEY,
    province text NOT NULL,
    office text,
    channel text,
    category text NOT NULL,
    opened_at timestamptz NOT NULL,
    closed_at timestamptz,
    outcome text,
    updated_at timestamptz NOT NULL"""
PERSON = "sex text, age smallint, sector text, skill text"
KEPT = "content_hash uuid NOT NULL, batch_id bigint NOT NULL"

FACTS = {
    "registrations": f"""{CASE},
    person_hash bytea, workshop_code text, job_lost_on date, cause text, returned_at timestamptz,
    resubmitted_at timestamptz, review_at timestamptz, decided_at timestamptz, reason text, referred_at timestamptz,
    established_at timestamptz, account_at timestamptz, paid_at timestamptz, due_on date, {PERSON},
    match text, timing text, {KEPT}""",
    "disputes": f"""{CASE},
    claim_types text[], filer text, person_hash bytea, workshop_code text, conciliation_at timestamptz,
    hearing_at timestamptz, ruling_at timestamptz, served_at timestamptz, appealed_at timestamptz,
    appeal_ruling_at timestamptz, enforcement_at timestamptz, due_on date, sector text, timing text, {KEPT}""",
    "procedures": f"""{CASE},
    person_hash bytea, to_province text, returned_at timestamptz, resubmitted_at timestamptz, reason text, due_on date,
    {PERSON}, timing text, {KEPT}""",
    "service_requests": f"""{CASE},
    workshop_code text, returned_at timestamptz, resubmitted_at timestamptz, due_on date, sector text, timing text,
    {KEPT}""",
    "benefits": f"""{CASE},
    registration_id text, person_hash bytea, suspended_at timestamptz, resumed_at timestamptz, months_granted smallint,
    months_paid smallint, {PERSON}, {KEPT}""",
    "premiums": f"""
    person_hash bytea NOT NULL, workshop_code text NOT NULL, months smallint NOT NULL, premium_paid boolean NOT NULL,
    insurance text NOT NULL, standing text NOT NULL, last_paid_on date, updated_at timestamptz NOT NULL, {KEPT},
    PRIMARY KEY (person_hash, workshop_code)""",
    "aggregates": f"""
    day date NOT NULL, province text NOT NULL, subject text NOT NULL, milestone text NOT NULL, category text NOT NULL,
    channel text NOT NULL DEFAULT '', outcome text NOT NULL DEFAULT '', n bigint NOT NULL,
    updated_at timestamptz NOT NULL, {KEPT},
    PRIMARY KEY (day, province, subject, milestone, category, channel, outcome)""",
}

CELLS = {
    "hour_cells": ("hour timestamptz", "province", "channel", "outcome"),
    "day_cells": ("day date", "province", "outcome", "reason", "timing"),
    "month_cells": ("month date", "province", "outcome", "reason", "timing"),
    "day_full_cells": ("day date", "province", "category", "channel", "outcome", "timing"),
    "month_full_cells": ("month date", "province", "category", "channel", "outcome", "timing", "reason"),
    "month_trait_cells": ("month date", "province", "category", "outcome", "trait"),
    "office_cells": ("day date", "province", "office", "category", "outcome", "timing"),
    "office_month_cells": ("month date", "province", "office", "category", "outcome", "timing"),
    "cohort_cells": ("opened_day date", "province", "category", "outcome", "age smallint"),
    "duration_cells": ("month date", "province", "category", "age smallint"),
    "pending_cells": ("opened_day date", "province", "office", "channel", "category", "actor", "due_on date"),
}

OTHERS = """
CREATE TABLE cube_horizons (cube text PRIMARY KEY, day date NOT NULL);
COMMENT ON TABLE cube_horizons IS 'first day that a cube of limited memory holds';

CREATE TABLE deployment (key text PRIMARY KEY, value text NOT NULL);
CREATE TABLE data_version (one boolean PRIMARY KEY DEFAULT true CHECK (one), number bigint NOT NULL, at timestamptz);
INSERT INTO data_version VALUES (true, 0, NULL);

CREATE TABLE batches (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subject text NOT NULL, source text NOT NULL, demo boolean NOT NULL, token_id bigint, idempotency_key text,
    request_hash text, answer jsonb,
    started_at timestamptz NOT NULL DEFAULT now(), finished_at timestamptz,
    status text NOT NULL CHECK (status IN ('running', 'complete', 'partial', 'failed')),
    received bigint NOT NULL DEFAULT 0, accepted bigint NOT NULL DEFAULT 0, unchanged bigint NOT NULL DEFAULT 0,
    quarantined bigint NOT NULL DEFAULT 0, conflicts bigint NOT NULL DEFAULT 0, error text,
    CHECK (received = accepted + unchanged + quarantined)
);
CREATE UNIQUE INDEX batches_idempotency ON batches (token_id, idempotency_key) WHERE idempotency_key IS NOT NULL;

CREATE TABLE quarantine (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    batch_id bigint NOT NULL, subject text NOT NULL, source text NOT NULL, line bigint NOT NULL, raw text NOT NULL,
    code text NOT NULL, field text NOT NULL, value text NOT NULL, detail text NOT NULL, header text NOT NULL,
    province text, at timestamptz NOT NULL DEFAULT now(), replayed_in bigint
);
CREATE INDEX quarantine_open ON quarantine (subject, id) WHERE replayed_in IS NULL;

CREATE TABLE conflicts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    batch_id bigint NOT NULL, subject text NOT NULL, record text NOT NULL, updated_at timestamptz NOT NULL,
    kept uuid NOT NULL, other uuid NOT NULL, at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE feeds (
    province text NOT NULL, subject text NOT NULL, heard_at timestamptz NOT NULL, updated_at timestamptz NOT NULL,
    PRIMARY KEY (province, subject)
);
COMMENT ON COLUMN feeds.heard_at IS 'when a record of the province was last accepted';
COMMENT ON COLUMN feeds.updated_at IS 'newest change of a record that the province reported';

CREATE TABLE tokens (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL, secret_hash bytea NOT NULL UNIQUE, subjects text[] NOT NULL, provinces text[],
    created_at timestamptz NOT NULL DEFAULT now(), expires_at timestamptz, revoked_at timestamptz
);

CREATE VIEW dispute_claims AS
    SELECT d.id AS dispute_id, c.claim_type, d.province
    FROM disputes d CROSS JOIN LATERAL unnest(d.claim_types) AS c(claim_type);

DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'rasad_app') THEN
        CREATE ROLE rasad_app NOLOGIN;
        GRANT rasad_app TO CURRENT_USER;  -- who makes a role may not yet act as it, unless a superuser
    END IF;
END $$;
"""


def upgrade() -> None:
    """Make every table, the view of claim types and the application's role."""
    for table, declared in FACTS.items():
        op.execute(f"CREATE TABLE {table} ({declared})")
    for table, dimensions in CELLS.items():
        columns = [name if " " in name else f"{name} text" for name in dimensions]
        names = [name.split()[0] for name in dimensions]
        key = ", ".join(("subject", "milestone", *names, "source"))
        definitions = ", ".join(
            f"{column} NOT NULL" for column in ("subject text", "milestone text", *columns, "source text", "n bigint")
        )
        # Room on each page keeps the many updates of a cell on its page: its index entry need not be written again.
        op.execute(f"CREATE TABLE {table} ({definitions}, PRIMARY KEY ({key})) WITH (fillfactor = 85)")
    op.execute(OTHERS)
    cells = ", ".join(CELLS)
    op.execute(f"GRANT SELECT ON {cells}, data_version, feeds TO rasad_app")


def downgrade() -> None:
    """Drop them again; the role stays, which other databases of the server may use."""
    op.execute("DROP VIEW dispute_claims")
    for table in (*FACTS, *CELLS, *(t.split()[0] for t in OTHERS.split("CREATE TABLE ")[1:])):
        op.execute(f"DROP TABLE {table}")
