"""How well data come in: records received by province and day, recounts, what pages may read of the quarantine."""

from alembic import op

revision = "0004"
down_revision = "0003"

_DIGIT = "[0-9٠-٩۰-۹]"
_NAMED = "'bad_national_code_length', 'bad_national_code_repeated', 'bad_national_code_check', 'synthetic_code', "
_NAMED += "'national_code_in_text'"
_READ = "id, batch_id, subject, source, line, code, field, province, at, replayed_in, example"

UP = f"""
CREATE TABLE feed_days (
    province text NOT NULL, subject text NOT NULL, day date NOT NULL,
    received bigint NOT NULL, accepted bigint NOT NULL, quarantined bigint NOT NULL,
    PRIMARY KEY (province, subject, day)
);
COMMENT ON TABLE feed_days IS 'records that came in, by the local day of arrival; province empty: none or unknown';
CREATE INDEX feed_days_day ON feed_days (day);

CREATE TABLE reconciliations (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(), cubes integer NOT NULL, differing text[] NOT NULL,
    cells bigint NOT NULL, cases bigint NOT NULL, repaired boolean NOT NULL
);

ALTER TABLE quarantine ADD example text NOT NULL GENERATED ALWAYS AS (
    CASE WHEN code IN ({_NAMED}) THEN ''
    WHEN length(regexp_replace(value, '[^0-9٠-٩۰-۹]', '', 'g')) > 8
    THEN regexp_replace(left(value, 40), '{_DIGIT}', '•', 'g')
    ELSE left(value, 40) END
) STORED;
COMMENT ON COLUMN quarantine.example IS 'the value at fault, shortened, without digits where they may name a person';
CREATE INDEX problem_reports_published ON problem_reports (answered_at) WHERE published;

GRANT SELECT ON feed_days, reconciliations TO rasad_app;
GRANT SELECT ({_READ}) ON quarantine TO rasad_app;
"""


def upgrade() -> None:
    """Add both tables and the masked example. What came in before is in the ledger only, by batch."""
    op.execute(UP)


def downgrade() -> None:
    """Take them away again."""
    op.execute(f"REVOKE SELECT ({_READ}) ON quarantine FROM rasad_app")
    op.execute("ALTER TABLE quarantine DROP example")
    op.execute("DROP INDEX problem_reports_published")
    op.execute("DROP TABLE reconciliations")
    op.execute("DROP TABLE feed_days")
