"""Coarser cells for questions over long windows: by category without channels and reasons, filing cohorts of services
by month, and the nation's running amounts.
"""

from alembic import op

revision = "0008"
down_revision = "0007"

_CATEGORY = ("month date", "category", "outcome", "timing")
_COHORT = ("opened_month date", "category", "outcome", "timing", "age smallint")

# Which days make a month is told by the months in which anything was filed: whoever filed on a day was counted there.
_COHORTS = """(
    SELECT c.*, m.month AS opened_month FROM cohort_cells c CROSS JOIN LATERAL (
        SELECT month FROM month_cells o WHERE o.subject = c.subject AND o.milestone = 'opened'
        AND o.month <= c.opened_day ORDER BY month DESC LIMIT 1
    ) m WHERE c.subject = 'service_requests'
) c"""

CELLS = {
    "month_category_cells": (("province", *_CATEGORY), "month_full_cells"),
    "nation_month_category_cells": (_CATEGORY, "month_category_cells"),
    "cohort_month_cells": (("province", *_COHORT), _COHORTS),
    "nation_cohort_month_cells": (_COHORT, "cohort_month_cells"),
    "nation_running_amount_cells": (("due_on date", "category", "actor"), "running_amount_cells"),
}
"""A table → its dimensions, and the finer cells that it is filled from."""


def upgrade() -> None:
    """Make the tables and fill them."""
    for table, (dimensions, finer) in CELLS.items():
        told = sorted(dimensions, key=lambda name: " date" not in name)  # the time column leads, as in every cube
        columns = [name if " " in name else f"{name} text" for name in told]
        key = ", ".join(("subject", "milestone", *(name.split()[0] for name in told), "source"))
        definitions = ", ".join(
            f"{column} NOT NULL" for column in ("subject text", "milestone text", *columns, "source text", "n bigint")
        )
        op.execute(f"CREATE TABLE {table} ({definitions}, PRIMARY KEY ({key})) WITH (fillfactor = 85)")
        op.execute(
            f"INSERT INTO {table} ({key}, n) SELECT {key}, sum(n)::bigint FROM {finer} GROUP BY {key} "
            "HAVING sum(n) <> 0"
        )
        op.execute(f"GRANT SELECT ON {table} TO rasad_app")


def downgrade() -> None:
    """Drop them again."""
    for table in CELLS:
        op.execute(f"DROP TABLE {table}")
