"""Single cases for those entitled to them: what a page of the list and a look-up need to find their rows at once.

A list is read in the order of an index, of a few provinces or of open cases province by province; the ends of the key
make the place of a page. Cases that are open are few beside those ever filed: they have indexes of their own.
"""

from alembic import op

revision = "0003"
down_revision = "0002"

CASE = "id, province, office, channel, category, opened_at, closed_at, outcome, updated_at"
PERSON = "sex, age, sector, skill"
READ = {
    "registrations": f"{CASE}, person_hash, workshop_code, job_lost_on, cause, returned_at, resubmitted_at, review_at, "
    "decided_at, reason, referred_at, established_at, account_at, paid_at, due_on, "
    f"{PERSON}, filer, device, excuse, match, timing",
    "disputes": f"{CASE}, claim_types, filer, person_hash, workshop_code, conciliation_at, hearing_at, ruling_at, "
    "served_at, appealed_at, appeal_ruling_at, enforcement_at, due_on, sector, timing",
    "procedures": f"{CASE}, person_hash, to_province, returned_at, resubmitted_at, reason, due_on, {PERSON}, timing",
    "service_requests": f"{CASE}, workshop_code, returned_at, resubmitted_at, due_on, sector, place, confirmed_at, "
    "followed_up_at, timing",
    "benefits": f"{CASE}, registration_id, person_hash, suspended_at, resumed_at, months_granted, months_paid, "
    f"amount_granted, amount_paid, due_on, {PERSON}",
}
"""What the pages' role may read of each fact: everything but the bookkeeping."""


def upgrade() -> None:
    """Let the pages' role read facts, and index them in the orders in which lists are read."""
    for table, columns in READ.items():
        op.execute(f"GRANT SELECT ({columns}) ON {table} TO rasad_app")
        op.execute(f"CREATE INDEX {table}_newest ON {table} (opened_at, id)")
        op.execute(f"CREATE INDEX {table}_filed ON {table} (province, opened_at, id)")
        op.execute(f"CREATE INDEX {table}_open ON {table} (province, opened_at, id) WHERE closed_at IS NULL")
        op.execute(
            f"CREATE INDEX {table}_due ON {table} (province, coalesce(due_on, DATE '9999-12-31'), id) "
            "INCLUDE (opened_at) WHERE closed_at IS NULL"
        )
        if "person_hash" in columns:
            op.execute(f"CREATE INDEX {table}_person ON {table} (person_hash)")


def downgrade() -> None:
    """Take both away again."""
    for table, columns in READ.items():
        op.execute(f"REVOKE SELECT ({columns}) ON {table} FROM rasad_app")
        for order in ("newest", "filed", "open", "due", "person"):
            op.execute(f"DROP INDEX IF EXISTS {table}_{order}")
