"""Briefings that people put together: which cards, in which order, under which words.

They are kept like people: ``rasad_app`` may touch none of them. What a card shows is asked anew whenever a briefing is
opened; no figure is kept here.
"""

from alembic import op

revision = "0013"
down_revision = "0012"

TABLES = """
CREATE TABLE briefings (
    id text PRIMARY KEY CHECK (id ~ '^[A-Za-z]{24}$'),
    person_id bigint NOT NULL REFERENCES people ON DELETE CASCADE,
    name text NOT NULL CHECK (name <> ''),
    language text NOT NULL,
    calendar text NOT NULL,
    style text NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX briefings_person ON briefings (person_id, changed_at);
COMMENT ON COLUMN briefings.id IS 'nobody can guess it; letters alone, so that it passes for no number of a person';

CREATE TABLE briefing_cards (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    briefing text NOT NULL REFERENCES briefings ON DELETE CASCADE,
    place integer NOT NULL,
    panel text NOT NULL,
    query text NOT NULL DEFAULT '',
    headline text NOT NULL DEFAULT '',
    note text NOT NULL DEFAULT '',
    UNIQUE (briefing, place) DEFERRABLE INITIALLY DEFERRED
);
COMMENT ON COLUMN briefing_cards.place IS 'the order, from 1 on; a card that is taken out leaves a gap';
COMMENT ON COLUMN briefing_cards.query IS 'the filters as in the address of a page: period=30d&province=IR-23';

GRANT SELECT, INSERT, UPDATE, DELETE ON briefings, briefing_cards TO rasad_gate;
"""


def upgrade() -> None:
    """Make the tables."""
    op.execute(TABLES)


def downgrade() -> None:
    """Drop them again."""
    op.execute("DROP TABLE briefing_cards, briefings")
