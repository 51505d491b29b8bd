"""Boards that hear disputes, judicial review of their rulings, and what became of those whose identity was verified."""

from alembic import op

revision = "0005"
down_revision = "0004"

READ = {
    "disputes": "board, judicial_review_at, judicial_ruling_at",
    "service_requests": "filer, petitioned_at",
}

UP = """
ALTER TABLE disputes ADD board text, ADD judicial_review_at timestamptz, ADD judicial_ruling_at timestamptz;
ALTER TABLE service_requests ADD filer text, ADD petitioned_at timestamptz;

CREATE TABLE board_cells (
    subject text NOT NULL, milestone text NOT NULL, month date NOT NULL, province text NOT NULL, board text NOT NULL,
    outcome text NOT NULL, source text NOT NULL, n bigint NOT NULL,
    PRIMARY KEY (subject, milestone, month, province, board, outcome, source)
) WITH (fillfactor = 85);
COMMENT ON COLUMN board_cells.board IS 'code of a board within its province; empty: none is known';

GRANT SELECT ON board_cells TO rasad_app;
"""


def upgrade() -> None:
    """Add columns and the rollup. Rollups of what was loaded before are made anew by ``reconcile --repair``."""
    op.execute(UP)
    for table, columns in READ.items():
        op.execute(f"GRANT SELECT ({columns}) ON {table} TO rasad_app")


def downgrade() -> None:
    """Take them away again; the other rollups are then made anew by ``reconcile --repair``."""
    op.execute("DROP TABLE board_cells")
    for table, columns in READ.items():
        op.execute(f"ALTER TABLE {table} {', '.join(f'DROP {name.strip()}' for name in columns.split(','))}")
