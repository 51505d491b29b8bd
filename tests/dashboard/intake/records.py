"""Records made up for tests: sound ones, and what validation says of them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from dashboard.claims.subjects import SUBJECTS
from dashboard.intake.mapping import SourceMapping
from dashboard.intake.reading import from_objects
from dashboard.intake.validate import Validated, validate
from dashboard.jurisdictions import Jurisdiction, load

KEY = b"k" * 32
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PERSON = "0932833810"

CASE = {
    "id": "r1",
    "province": "IR-23",
    "channel": "online",
    "category": "unemployment_insurance",
    "opened_at": "2024-05-01 10:00:00",
    "updated_at": "2024-05-02 10:00:00",
}
SOUND: dict[str, dict[str, object]] = {
    "registrations": {**CASE, "national_code": PERSON, "workshop_code": "0183630045"},
    "disputes": {**CASE, "category": "individual", "national_code": PERSON},
    "procedures": {**CASE, "category": ""},
    "service_requests": {**CASE, "category": "inspection"},
    "benefits": {**CASE},
    "premiums": {
        "national_code": PERSON,
        "workshop_code": "0183630045",
        "months": 20,
        "premium_paid": True,
        "insurance": "compulsory",
        "standing": "active",
        "updated_at": "2024-05-02 10:00:00",
    },
    "aggregates": {
        "day": "2024-05-01",
        "province": "IR-23",
        "subject": "registrations",
        "milestone": "opened",
        "category": "unemployment_insurance",
        "n": 12,
        "updated_at": "2024-05-02 10:00:00",
    },
    "staffing": {
        "province": "IR-23",
        "office": "IR-23-01",
        "since": "2024-03-20",
        "experts": 6,
        "boards": 1,
        "updated_at": "2024-05-02 10:00:00",
    },
    "readiness": {
        "province": "IR-23",
        "day": "2024-05-01",
        "staff": 60,
        "staff_trained": 41,
        "accounts": 45,
        "accounts_delegated": 30,
        "systems": 6,
        "systems_integrated": 2,
        "updated_at": "2024-05-02 10:00:00",
    },
}


@cache
def jurisdiction(key: str) -> Jurisdiction:
    return load(key)


def checked(subject: str, *records: object, key: str = "ir", demo: bool = False) -> Validated:
    """Records, each the sound one with some values changed, or whatever is given, validated."""
    place = jurisdiction(key)
    whole = [{**SOUND[subject], **one} if isinstance(one, dict) else one for one in records]
    for one in whole:
        if isinstance(one, dict) and one.get("category") == "":
            one["category"] = place.procedures[0].key
    chunk = from_objects(whole, SourceMapping(SUBJECTS[subject]))
    return validate(chunk, SUBJECTS[subject], place, demo, KEY, NOW)


def reasons(found: Validated) -> list[tuple[int, str, str]]:
    """Line, code and column of what was rejected."""
    return [(one.line, one.code, one.column) for one in found.rejected]
