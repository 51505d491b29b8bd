"""The rollups that questions about the whole nation read: the cells of provinces, summed up. Open cases by due day."""

from alembic import op

revision = "0006"
down_revision = "0005"

CELLS = {
    "day_cells": ("day date", "outcome", "reason", "timing"),
    "month_cells": ("month date", "outcome", "reason", "timing"),
    "day_full_cells": ("day date", "category", "channel", "outcome", "timing"),
    "month_full_cells": ("month date", "category", "channel", "outcome", "timing", "reason"),
    "month_trait_cells": ("month date", "category", "outcome", "trait"),
    "cohort_cells": ("opened_day date", "category", "outcome", "timing", "age smallint"),
    "duration_cells": ("month date", "category", "age smallint"),
    "pending_cells": ("opened_day date", "category", "actor", "due_on date"),
    "due_cells": ("due_on date", "category", "actor"),
}

DUE = """
CREATE TABLE due_cells (
    subject text NOT NULL, milestone text NOT NULL, due_on date NOT NULL, province text NOT NULL,
    category text NOT NULL, actor text NOT NULL, source text NOT NULL, n bigint NOT NULL,
    PRIMARY KEY (subject, milestone, due_on, province, category, actor, source)
) WITH (fillfactor = 85);
INSERT INTO due_cells SELECT subject, milestone, due_on, province, category, actor, source, sum(n)::bigint
    FROM pending_cells GROUP BY subject, milestone, due_on, province, category, actor, source HAVING sum(n) <> 0;
GRANT SELECT ON due_cells TO rasad_app;
"""


def upgrade() -> None:
    """Make the tables and fill them from those of the provinces."""
    op.execute(DUE)
    for table, dimensions in CELLS.items():
        columns = [name if " " in name else f"{name} text" for name in dimensions]
        key = ", ".join(("subject", "milestone", *(name.split()[0] for name in dimensions), "source"))
        definitions = ", ".join(
            f"{column} NOT NULL" for column in ("subject text", "milestone text", *columns, "source text", "n bigint")
        )
        op.execute(f"CREATE TABLE nation_{table} ({definitions}, PRIMARY KEY ({key})) WITH (fillfactor = 85)")
        op.execute(
            f"INSERT INTO nation_{table} ({key}, n) "
            f"SELECT {key}, sum(n)::bigint FROM {table} GROUP BY {key} HAVING sum(n) <> 0"
        )
        op.execute(f"GRANT SELECT ON nation_{table} TO rasad_app")


def downgrade() -> None:
    """Drop them again."""
    for table in CELLS:
        op.execute(f"DROP TABLE nation_{table}")
    op.execute("DROP TABLE due_cells")
