"""The briefings of people: kept under the role ``rasad_gate``, each for its owner alone.

Whatever is asked of a briefing is asked with its owner's number: that of another person is as unknown as one that does
not exist (`Unknown`). Texts are stored on one line each, without control characters. Functions raise what SQLAlchemy
raises when the database is silent.
"""

from __future__ import annotations

import secrets
import string
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal, get_args

from sqlalchemy import Connection, text

from dashboard.claims.database import Database
from dashboard.text import LANGUAGES
from dashboard.text.calendars import CALENDARS

Style = Literal["light", "print"]
STYLES: Final[tuple[Style, ...]] = get_args(Style)
LONGEST: Final = {"name": 80, "headline": 120, "note": 400}
"""Characters of what people write: what stands on one slide beside its chart."""
MOST_CARDS: Final = 60
MOST_BRIEFINGS: Final = 100
"""Of one person."""
_LONGEST_QUERY: Final = 2000
_ID_LETTERS: Final = 24
_HIDDEN: Final = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""What changes the direction of all that follows it."""
_CHOICES: Final = {"language": frozenset(LANGUAGES), "calendar": frozenset(CALENDARS), "style": frozenset(STYLES)}


class BadBriefing(ValueError):
    """What cannot be kept so; ``why`` is the end of the text ``briefings.bad.<why>`` that says why."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Unknown(LookupError):
    """A briefing or a card that is not the person's, or is not there."""


@dataclass(frozen=True)
class Card:
    """A card of a briefing: the question by its panel and the parameters of an address, and the owner's words."""

    panel: str
    query: str = ""
    headline: str = ""
    note: str = ""
    id: int = 0


@dataclass(frozen=True)
class Briefing:
    """A briefing of a person, its cards in order."""

    id: str
    name: str
    language: str
    calendar: str
    style: Style
    changed_at: datetime | None = None
    cards: tuple[Card, ...] = ()


def listed(database: Database, person_id: int) -> list[tuple[Briefing, int]]:
    """The briefings of a person with the number of their cards, the last changed first; the cards are left out."""
    statement = (
        "SELECT id, name, language, calendar, style, changed_at, "
        "(SELECT count(*) FROM briefing_cards WHERE briefing = briefings.id) "
        "FROM briefings WHERE person_id = :person ORDER BY changed_at DESC, id"
    )
    with database.gate.connect() as connection:
        return [(Briefing(*row[:6]), int(row[6])) for row in connection.execute(text(statement), {"person": person_id})]


def find(database: Database, person_id: int, briefing: str) -> Briefing:
    """A briefing with its cards. Unknown where it is not the person's."""
    with database.gate.connect() as connection:
        found = connection.execute(
            text(
                "SELECT id, name, language, calendar, style, changed_at FROM briefings "
                "WHERE id = :id AND person_id = :person"
            ),
            {"id": briefing, "person": person_id},
        ).one_or_none()
        if found is None:
            raise Unknown(briefing)
        rows = connection.execute(
            text("SELECT panel, query, headline, note, id FROM briefing_cards WHERE briefing = :id ORDER BY place"),
            {"id": briefing},
        )
        cards = tuple(Card(*row) for row in rows)
        return replace(Briefing(*found), cards=cards)


def make(
    database: Database,
    person_id: int,
    name: str,
    language: str,
    calendar: str,
    style: str = "light",
    cards: Sequence[Card] = (),
) -> str:
    """Make a briefing and answer with its id. BadBriefing where it cannot be."""
    words = _fit("name", name)
    values = {"language": language, "calendar": calendar, "style": style}
    for field, value in values.items():
        _among(field, value)
    made = "".join(secrets.choice(string.ascii_letters) for _ in range(_ID_LETTERS))
    with database.gate.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('briefings'), :person)"), {"person": person_id})
        there = connection.execute(
            text("SELECT count(*) FROM briefings WHERE person_id = :person"), {"person": person_id}
        ).scalar_one()
        if there >= MOST_BRIEFINGS:
            raise BadBriefing("many")
        connection.execute(
            text(
                "INSERT INTO briefings (id, person_id, name, language, calendar, style) "
                "VALUES (:id, :person, :name, :language, :calendar, :style)"
            ),
            {"id": made, "person": person_id, "name": words, **values},
        )
        for card in cards:
            _append(connection, made, card)
    return made


def change(database: Database, person_id: int, briefing: str, field: str, value: str) -> None:
    """Change ``name``, ``language``, ``calendar`` or ``style`` of a briefing. BadBriefing, Unknown."""
    if field == "name":
        value = _fit("name", value)
    else:
        _among(field, value)
    with database.gate.begin() as connection:
        _own(connection, person_id, briefing)
        connection.execute(
            text(f"UPDATE briefings SET {field} = :value WHERE id = :id"),  # one of four names, looked up above
            {"value": value, "id": briefing},
        )


def drop(database: Database, person_id: int, briefing: str) -> None:
    """Throw a briefing away with its cards. Unknown."""
    with database.gate.begin() as connection:
        _own(connection, person_id, briefing)
        connection.execute(text("DELETE FROM briefings WHERE id = :id"), {"id": briefing})


def add(database: Database, person_id: int, briefing: str, card: Card) -> str:
    """Put a card behind the last one, and answer with the briefing's name. BadBriefing, Unknown."""
    with database.gate.begin() as connection:
        name = _own(connection, person_id, briefing)
        _append(connection, briefing, card)
    return name


def edit(database: Database, person_id: int, briefing: str, card: int, field: str, value: str) -> None:
    """Write the ``headline`` or the ``note`` of a card; empty takes it away. BadBriefing, Unknown."""
    if field not in ("headline", "note"):
        raise BadBriefing("field")
    words = _fit(field, value, least=0)
    with database.gate.begin() as connection:
        _own(connection, person_id, briefing)
        done = connection.execute(
            text(f"UPDATE briefing_cards SET {field} = :value WHERE id = :card AND briefing = :id"),
            {"value": words, "card": card, "id": briefing},
        )
        if not done.rowcount:
            raise Unknown(briefing)


def move(database: Database, person_id: int, briefing: str, card: int, by: Literal[-1, 1]) -> None:
    """Let a card change places with the one before it (-1) or behind it (1); where there is none it stays. Unknown."""
    order, sign = ("DESC", "<") if by < 0 else ("ASC", ">")
    with database.gate.begin() as connection:
        _own(connection, person_id, briefing)
        place = _place(connection, briefing, card)
        other = connection.execute(
            text(
                f"SELECT id, place FROM briefing_cards WHERE briefing = :id AND place {sign} :place "
                f"ORDER BY place {order} LIMIT 1"
            ),
            {"id": briefing, "place": place},
        ).one_or_none()
        if other is not None:
            for number, at in ((card, other.place), (other.id, place)):
                connection.execute(
                    text("UPDATE briefing_cards SET place = :place WHERE id = :id"), {"place": at, "id": number}
                )


def remove(database: Database, person_id: int, briefing: str, card: int) -> None:
    """Take a card out of a briefing. Unknown."""
    with database.gate.begin() as connection:
        _own(connection, person_id, briefing)
        _place(connection, briefing, card)
        connection.execute(text("DELETE FROM briefing_cards WHERE id = :card"), {"card": card})


def _own(connection: Connection, person_id: int, briefing: str) -> str:
    """The name of a person's briefing, which is marked as changed and held for this transaction. Unknown."""
    name: str | None = connection.execute(
        text("UPDATE briefings SET changed_at = now() WHERE id = :id AND person_id = :person RETURNING name"),
        {"id": briefing, "person": person_id},
    ).scalar_one_or_none()
    if name is None:
        raise Unknown(briefing)
    return name


def _place(connection: Connection, briefing: str, card: int) -> int:
    found: int | None = connection.execute(
        text("SELECT place FROM briefing_cards WHERE id = :card AND briefing = :id"), {"card": card, "id": briefing}
    ).scalar_one_or_none()
    if found is None:
        raise Unknown(briefing)
    return found


def _append(connection: Connection, briefing: str, card: Card) -> None:
    there, last = connection.execute(
        text("SELECT count(*), coalesce(max(place), 0) FROM briefing_cards WHERE briefing = :id"), {"id": briefing}
    ).one()
    if there >= MOST_CARDS:
        raise BadBriefing("full")
    if len(card.query) > _LONGEST_QUERY:
        raise BadBriefing("query")
    values: Mapping[str, Any] = {
        "id": briefing,
        "place": last + 1,
        "panel": card.panel,
        "query": card.query,
        "headline": _fit("headline", card.headline, least=0),
        "note": _fit("note", card.note, least=0),
    }
    connection.execute(
        text(
            "INSERT INTO briefing_cards (briefing, place, panel, query, headline, note) "
            "VALUES (:id, :place, :panel, :query, :headline, :note)"
        ),
        values,
    )


def _fit(field: str, written: str, least: int = 1) -> str:
    """What was written, on one line, of ordinary characters; BadBriefing where that is too long or nothing."""
    kept = (" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign for sign in written)
    plain = " ".join("".join(sign for sign in kept if _ordinary(sign)).split())
    if len(plain) > LONGEST[field]:
        raise BadBriefing(f"{field}_long")
    if len(plain) < least:
        raise BadBriefing(f"{field}_empty")
    return plain


def _ordinary(sign: str) -> bool:
    """Whether any file can hold a character: no half of a pair, nothing that Unicode calls no character."""
    return sign not in _HIDDEN and unicodedata.category(sign) != "Cs" and ord(sign) & 0xFFFE != 0xFFFE


def _among(field: str, value: str) -> None:
    if value not in _CHOICES.get(field, frozenset()):
        raise BadBriefing("field")
