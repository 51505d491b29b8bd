"""People of the demo, offered with one click: one of each role, and the directors of the provinces with most people."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from dashboard.access import people
from dashboard.access.people import PeopleError
from dashboard.claims.database import Database
from dashboard.jurisdictions import Jurisdiction
from dashboard.text import text

_DIRECTORS: Final = 3


def make(database: Database) -> None:
    """Make the people that are not there yet; none of them has a password."""
    there = {account.person.login for account in people.listed(database)}
    for login, role, provinces in _wanted(database.jurisdiction):
        if login not in there:
            name = name_of(role, provinces, database.jurisdiction)
            with suppress(PeopleError):  # another process made it a moment ago
                people.make(database, login, name, role, provinces, demo=True)


def name_of(role: str, provinces: tuple[str, ...], jurisdiction: Jurisdiction) -> str:
    """What somebody invented is called: by what they are, in the first language of the jurisdiction."""
    words = text(jurisdiction.languages[0])
    names = jurisdiction.names_of("provinces", words.language)
    places = [names[code] for code in provinces]
    return words("person.demo.director", province=places[0]) if places else words(f"role.{role}")


def _wanted(jurisdiction: Jurisdiction) -> list[tuple[str, str, tuple[str, ...]]]:
    largest = sorted(jurisdiction.provinces, key=lambda province: -(province.population or 0))[:_DIRECTORS]
    directors = [(f"demo-{province.code.lower()}", "province", (province.code,)) for province in largest]
    return [
        ("demo-hq", "hq", ()),
        ("demo-sso", "sso", ()),
        *directors,
        ("demo-analyst", "analyst", ()),
        ("demo-admin", "admin", ()),
    ]
