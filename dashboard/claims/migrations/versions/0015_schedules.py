"""Briefings that are sent by themselves: when and to whom, and each time that one was due.

Schedules are for who made them alone: ``rasad_gate`` sees those of the person that ``rasad.person`` names, and none
without. A moment at which one was due is there once, whoever finds that it has come.
"""

from alembic import op

revision = "0015"
down_revision = "0014"

TABLES = """
CREATE TABLE schedules (
    id text PRIMARY KEY CHECK (id ~ '^[A-Za-z]{24}$'),
    person_id bigint NOT NULL REFERENCES people ON DELETE CASCADE,
    briefing text REFERENCES briefings ON DELETE CASCADE,
    ready text,
    kind text NOT NULL,
    language text NOT NULL,
    rule jsonb NOT NULL,
    addresses text[] NOT NULL DEFAULT '{}',
    folder text NOT NULL DEFAULT '',
    next_at timestamptz NOT NULL,
    paused_at timestamptz,
    made_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((briefing IS NULL) <> (ready IS NULL)),
    CHECK ((addresses = '{}') <> (folder = ''))
);
CREATE INDEX schedules_person ON schedules (person_id);
CREATE INDEX schedules_briefing ON schedules (briefing);
CREATE INDEX schedules_due ON schedules (next_at) WHERE paused_at IS NULL;
COMMENT ON COLUMN schedules.id IS 'nobody can guess it; letters alone, so that it passes for no number of a person';
COMMENT ON COLUMN schedules.ready IS 'the key of a ready briefing, where it is none that the person put together';
COMMENT ON COLUMN schedules.rule IS 'when it is due, as dashboard.schedules.rule tells it';
COMMENT ON COLUMN schedules.folder IS 'a plain name below the folder that is set for deliveries';

CREATE TABLE schedule_runs (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    schedule text NOT NULL REFERENCES schedules ON DELETE CASCADE,
    due_at timestamptz NOT NULL,
    asked boolean NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'working', 'done', 'failed', 'refused')),
    error text NOT NULL DEFAULT '' CHECK ((state IN ('failed', 'refused')) <= (error <> '')),
    attempt integer NOT NULL DEFAULT 0,
    tries integer NOT NULL DEFAULT 0,
    job_id bigint,
    again_at timestamptz,
    began_at timestamptz,
    ended_at timestamptz,
    handing text,
    handed text[] NOT NULL DEFAULT '{}',
    unsure text[] NOT NULL DEFAULT '{}',
    refused text[] NOT NULL DEFAULT '{}',
    UNIQUE (schedule, due_at)
);
CREATE INDEX schedule_runs_open ON schedule_runs (id) WHERE state IN ('waiting', 'working');
COMMENT ON COLUMN schedule_runs.asked IS 'somebody wanted it now; no schedule was due';
COMMENT ON COLUMN schedule_runs.error IS 'why it was not sent, or not yet: the text schedules.error.<error>';
COMMENT ON COLUMN schedule_runs.attempt IS 'how often it was begun; an earlier beginning may hand over no more';
COMMENT ON COLUMN schedule_runs.tries IS 'how often it was put off';
COMMENT ON COLUMN schedule_runs.handing IS 'the address whose message is complete but for the mark that ends it';
COMMENT ON COLUMN schedule_runs.handed IS 'addresses for which the mail server has taken it over';
COMMENT ON COLUMN schedule_runs.unsure IS 'addresses for which nobody heard whether it was taken; it is not sent again';
COMMENT ON COLUMN schedule_runs.refused IS 'addresses that the mail server does not take';

ALTER TABLE schedules ENABLE ROW LEVEL SECURITY;
ALTER TABLE schedule_runs ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON schedules TO rasad_gate
    USING (person_id = (SELECT nullif(current_setting('rasad.person', true), '')::bigint));
CREATE POLICY own ON schedule_runs TO rasad_gate
    USING (EXISTS (SELECT FROM schedules WHERE schedules.id = schedule));
GRANT SELECT, INSERT, DELETE, UPDATE (next_at, paused_at) ON schedules TO rasad_gate;
GRANT SELECT, INSERT (schedule, due_at, asked), UPDATE ON schedule_runs TO rasad_gate;
"""


def upgrade() -> None:
    """Make the tables."""
    op.execute(TABLES)


def downgrade() -> None:
    """Drop them again."""
    op.execute("DROP TABLE schedule_runs, schedules")
