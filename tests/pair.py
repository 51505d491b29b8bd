"""Cases of two invented persons at two workshops in two provinces, for tests of looking them up."""

from __future__ import annotations

from dashboard.claims.database import Database
from dashboard.claims.subjects import SUBJECTS
from dashboard.intake.load import Loader
from dashboard.intake.mapping import plain
from dashboard.intake.reading import from_objects
from tests.conftest import KEY

WORKSHOP, OTHER = "1234567890", "1234567891"
PREMIUM = {"months": "20", "premium_paid": "true", "insurance": "compulsory", "standing": "active"}


def code(n: int) -> str:
    """A synthetic national code of Iran, which demo mode takes."""
    return f"{n:010}"


def load_pairs(db: Database) -> Database:
    """Fill a database of Iran: ``mine`` and ``away`` (of IR-01) are of person 7 at the workshop, ``else`` is theirs at
    another, ``paid`` names none, ``them`` is of another person; the register has person 7 at the workshop.
    """
    common = {"channel": "online", "updated_at": "2026-05-02 10:00:00", "opened_at": "2026-05-01 10:00:00"}
    registration = {**common, "category": "unemployment_insurance", "province": "IR-23"}
    seven = {"national_code": code(7), "workshop_code": WORKSHOP}
    benefit = {**common, "category": db.jurisdiction.codes["benefits.category"][0].key, "province": "IR-23"}
    records = {
        "premiums": [{**PREMIUM, **seven, "updated_at": common["updated_at"]}],
        "registrations": [
            {**registration, **seven, "id": "mine"},
            {**registration, **seven, "id": "away", "province": "IR-01"},
            {**registration, **seven, "id": "else", "workshop_code": OTHER},
            {**registration, **seven, "id": "them", "national_code": code(8)},
        ],
        "benefits": [{**benefit, "id": "paid", "national_code": code(7)}],
    }
    for key, rows in records.items():
        subject = SUBJECTS[key]
        loaded = Loader(db, subject, KEY).chunks("test", lambda: [from_objects(rows, plain(subject))])  # noqa: B023
        assert loaded.account.accepted == len(rows), loaded.rejected
    return db
