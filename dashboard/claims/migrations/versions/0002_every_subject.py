"""What the pages of every subject need: who files and how, money, steps of services, capacity, readiness, and what the
page itself keeps (problem reports, targets, annotations).
"""

from alembic import op

revision = "0002"
down_revision = "0001"

KEPT = "content_hash uuid NOT NULL, batch_id bigint NOT NULL"

UP = f"""
ALTER TABLE registrations ADD filer text, ADD device text, ADD excuse text;
ALTER TABLE service_requests ADD place text, ADD confirmed_at timestamptz, ADD followed_up_at timestamptz;
ALTER TABLE benefits ADD amount_granted bigint, ADD amount_paid bigint, ADD due_on date;

CREATE TABLE staffing (
    province text NOT NULL, office text NOT NULL, since date NOT NULL,
    experts integer NOT NULL, boards integer NOT NULL,
    updated_at timestamptz NOT NULL, {KEPT}, PRIMARY KEY (province, office, since)
);
CREATE TABLE readiness (
    province text NOT NULL, day date NOT NULL, staff integer NOT NULL, staff_trained integer NOT NULL,
    accounts integer NOT NULL, accounts_delegated integer NOT NULL, systems integer NOT NULL,
    systems_integrated integer NOT NULL, updated_at timestamptz NOT NULL, {KEPT}, PRIMARY KEY (province, day)
);

CREATE TABLE amount_cells (
    subject text NOT NULL, milestone text NOT NULL, month date NOT NULL, province text NOT NULL,
    category text NOT NULL, source text NOT NULL, n bigint NOT NULL,
    PRIMARY KEY (subject, milestone, month, province, category, source)
) WITH (fillfactor = 85);
COMMENT ON COLUMN amount_cells.n IS 'money, in the currency of the jurisdiction';

ALTER TABLE cohort_cells DROP CONSTRAINT cohort_cells_pkey, ADD timing text NOT NULL DEFAULT '';
ALTER TABLE cohort_cells ALTER timing DROP DEFAULT,
    ADD PRIMARY KEY (subject, milestone, opened_day, province, category, outcome, timing, age, source);

CREATE TABLE problem_reports (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    province text NOT NULL, subject text NOT NULL DEFAULT '', urgent boolean NOT NULL DEFAULT false,
    reporter text NOT NULL, title text NOT NULL, body text NOT NULL DEFAULT '',
    reported_at timestamptz NOT NULL DEFAULT now(),
    answered_at timestamptz, answered_by text, answer text, published boolean NOT NULL DEFAULT false,
    CHECK ((answered_at IS NULL) = (answer IS NULL))
);
CREATE INDEX problem_reports_open ON problem_reports (reported_at) WHERE answered_at IS NULL;

CREATE TABLE targets (
    measure text NOT NULL, province text NOT NULL DEFAULT '', value double precision NOT NULL,
    set_by text NOT NULL, set_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (measure, province)
);
COMMENT ON COLUMN targets.province IS 'empty: the nation, and every province that has none of its own';

CREATE TABLE annotations (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    day date NOT NULL, subject text NOT NULL DEFAULT '', province text NOT NULL DEFAULT '',
    words text NOT NULL, set_by text NOT NULL, set_at timestamptz NOT NULL DEFAULT now()
);

GRANT SELECT ON amount_cells, staffing, readiness, problem_reports, targets, annotations TO rasad_app;
GRANT SELECT (id, subject, source, demo, started_at, finished_at, status, received, accepted, unchanged, quarantined,
    conflicts, error) ON batches TO rasad_app;
"""
NEW = ("staffing", "readiness", "amount_cells", "problem_reports", "targets", "annotations")


def upgrade() -> None:
    """Add columns and tables. What was loaded before has none of the new values until it is loaded again."""
    op.execute(UP)


def downgrade() -> None:
    """Take them away again."""
    op.execute(
        "REVOKE ALL (id, subject, source, demo, started_at, finished_at, status, received, accepted, unchanged, "
        "quarantined, conflicts, error) ON batches FROM rasad_app"
    )
    for table in NEW:
        op.execute(f"DROP TABLE {table}")
    # Cells that only their timing told apart become one again.
    op.execute(
        "ALTER TABLE cohort_cells DROP CONSTRAINT cohort_cells_pkey; "
        "CREATE TEMP TABLE together ON COMMIT DROP AS SELECT subject, milestone, opened_day, province, category, "
        "outcome, age, source, sum(n)::bigint AS n FROM cohort_cells GROUP BY 1, 2, 3, 4, 5, 6, 7, 8; "
        "TRUNCATE cohort_cells; ALTER TABLE cohort_cells DROP timing; INSERT INTO cohort_cells SELECT * FROM together; "
        "ALTER TABLE cohort_cells "
        "ADD PRIMARY KEY (subject, milestone, opened_day, province, category, outcome, age, source)"
    )
    op.execute("ALTER TABLE benefits DROP amount_granted, DROP amount_paid, DROP due_on")
    op.execute("ALTER TABLE service_requests DROP place, DROP confirmed_at, DROP followed_up_at")
    op.execute("ALTER TABLE registrations DROP filer, DROP device, DROP excuse")
