"""Where registrations stand between ministry and social security, what the benefits that run are paid a month, and one
measure of the online share.
"""

from alembic import op

revision = "0007"
down_revision = "0006"

UP = """
CREATE TABLE waiting_cells (
    subject text NOT NULL, milestone text NOT NULL, day date NOT NULL, province text NOT NULL, office text NOT NULL,
    channel text NOT NULL, category text NOT NULL, source text NOT NULL, n bigint NOT NULL,
    PRIMARY KEY (subject, milestone, day, province, office, channel, category, source)
) WITH (fillfactor = 85);
COMMENT ON COLUMN waiting_cells.day IS 'since when';

CREATE TABLE running_amount_cells (
    subject text NOT NULL, milestone text NOT NULL, due_on date NOT NULL, province text NOT NULL,
    category text NOT NULL, actor text NOT NULL, source text NOT NULL, n bigint NOT NULL,
    PRIMARY KEY (subject, milestone, due_on, province, category, actor, source)
) WITH (fillfactor = 85);
COMMENT ON COLUMN running_amount_cells.n IS 'money a month, in the currency of the jurisdiction';

GRANT SELECT ON waiting_cells, running_amount_cells TO rasad_app;

CREATE INDEX registrations_unpaid ON registrations (province, opened_at, id)
    WHERE outcome = 'eligible' AND paid_at IS NULL;

DELETE FROM targets t WHERE measure IN ('registered_online', 'electronic_share', 'index_online_share')
    AND EXISTS (SELECT FROM targets o WHERE o.province = t.province AND (o.measure = 'online_share'
        OR (o.measure IN ('registered_online', 'electronic_share', 'index_online_share') AND o.set_at > t.set_at)));
UPDATE targets SET measure = 'online_share'
    WHERE measure IN ('registered_online', 'electronic_share', 'index_online_share');
DELETE FROM targets WHERE measure IN ('online_share_chosen', 'registered_online_chosen');
"""


def upgrade() -> None:
    """Add both rollups and the index of the list. ``reconcile --repair`` fills them from what was loaded before."""
    op.execute(UP)


def downgrade() -> None:
    """Take them away again; targets stay under the one measure."""
    op.execute("DROP INDEX registrations_unpaid")
    op.execute("DROP TABLE running_amount_cells")
    op.execute("DROP TABLE waiting_cells")
