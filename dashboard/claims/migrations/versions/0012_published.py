"""Published figures, and the editions in which they came: what is shown of them, and never what is withheld.

Anybody who may ask a question may read them. They can only be added to: a figure once published stays as it was, since
the difference of two would tell the few cases between them. To withdraw all and begin anew is the owner's decision.
"""

from alembic import op

revision = "0012"
down_revision = "0010"

TABLES = """
CREATE TABLE published_editions (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    through date NOT NULL
);
COMMENT ON COLUMN published_editions.through IS 'the last day of the last month that was over for long enough';

CREATE TABLE published_figures (
    subject text NOT NULL, milestone text NOT NULL, told_by text NOT NULL,
    month date NOT NULL, key text NOT NULL, part text NOT NULL,
    n bigint CHECK (n = 0 OR n >= 10),
    edition bigint NOT NULL REFERENCES published_editions,
    PRIMARY KEY (subject, milestone, told_by, month, key, part)
);
COMMENT ON COLUMN published_figures.key IS '* is the total over all keys';
COMMENT ON COLUMN published_figures.part IS '* is the total over all parts, or the figure where there are none';
COMMENT ON COLUMN published_figures.n IS 'NULL: withheld; 0 only where a rule says that there can be none';

CREATE FUNCTION published_stays() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'what is published stays as it was'; END $$;
CREATE TRIGGER published_stays BEFORE UPDATE ON published_figures FOR EACH ROW EXECUTE FUNCTION published_stays();

ALTER TABLE published_editions ENABLE ROW LEVEL SECURITY;
ALTER TABLE published_figures ENABLE ROW LEVEL SECURITY;
CREATE POLICY walls ON published_editions FOR SELECT TO rasad_app USING (true);
CREATE POLICY walls ON published_figures FOR SELECT TO rasad_app USING (true);
GRANT SELECT ON published_editions, published_figures TO rasad_app;
"""


def upgrade() -> None:
    """Make the tables."""
    op.execute(TABLES)


def downgrade() -> None:
    """Drop them again."""
    op.execute("DROP TABLE published_figures, published_editions")
    op.execute("DROP FUNCTION published_stays")
