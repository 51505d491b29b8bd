"""Briefings as they are kept: each for its owner alone, in order, of fit words, and not for the pages' role."""

from __future__ import annotations

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from dashboard.access import people
from dashboard.briefings import kept
from dashboard.briefings.kept import BadBriefing, Card, Unknown
from dashboard.claims.database import Database
from dashboard.scope import NATION


@pytest.fixture
def persons(claims: Database) -> tuple[int, int]:
    """Two people of headquarters."""
    first, second = (people.make(claims, login, login, "hq", None).id for login in ("first", "second"))
    return first, second


def made(claims: Database, person: int, *panels: str) -> str:
    return kept.make(claims, person, "Monday", "fa", "jalali", cards=[Card(panel) for panel in panels])


def order(claims: Database, person: int, briefing: str) -> list[str]:
    return [card.panel for card in kept.find(claims, person, briefing).cards]


def test_what_was_put_in_comes_out_in_order(claims: Database, persons: tuple[int, int]) -> None:
    me, _ = persons
    briefing = made(claims, me)
    kept.add(claims, me, briefing, Card("overview-trend", "period=7d&province=IR-23", "More", "since Monday"))
    kept.add(claims, me, briefing, Card("due-late"))
    found = kept.find(claims, me, briefing)
    assert (found.name, found.language, found.calendar, found.style) == ("Monday", "fa", "jalali", "light")
    assert [(c.panel, c.query, c.headline, c.note) for c in found.cards] == [
        ("overview-trend", "period=7d&province=IR-23", "More", "since Monday"),
        ("due-late", "", "", ""),
    ]
    assert [(b.id, n) for b, n in kept.listed(claims, me)] == [(briefing, 2)]


def test_moving_is_that_of_a_list(claims: Database, persons: tuple[int, int]) -> None:
    me, _ = persons
    chance = random.Random(5)
    briefing = made(claims, me, *"abcdefg")
    wanted = list("abcdefg")
    for _ in range(60):
        cards = {card.panel: card.id for card in kept.find(claims, me, briefing).cards}
        panel = chance.choice(wanted)
        at = wanted.index(panel)
        if chance.random() < 0.05 and len(wanted) > 2:
            kept.remove(claims, me, briefing, cards[panel])
            wanted.pop(at)
        else:
            by = chance.choice((-1, 1))
            kept.move(claims, me, briefing, cards[panel], by)  # type: ignore[arg-type]
            if 0 <= at + by < len(wanted):
                wanted[at], wanted[at + by] = wanted[at + by], wanted[at]
        assert order(claims, me, briefing) == wanted


def test_another_persons_is_unknown(claims: Database, persons: tuple[int, int]) -> None:
    me, other = persons
    briefing, theirs = made(claims, me, "a", "b"), made(claims, other, "c", "d")
    card = kept.find(claims, other, theirs).cards[0].id
    for act in (
        lambda: kept.find(claims, me, theirs),
        lambda: kept.change(claims, me, theirs, "name", "Mine"),
        lambda: kept.drop(claims, me, theirs),
        lambda: kept.add(claims, me, theirs, Card("e")),
        lambda: kept.edit(claims, me, theirs, card, "note", "Mine"),
        lambda: kept.move(claims, me, theirs, card, 1),
        lambda: kept.remove(claims, me, theirs, card),
        lambda: kept.edit(claims, me, briefing, card, "note", "Mine"),
        lambda: kept.move(claims, me, briefing, card, 1),
        lambda: kept.remove(claims, me, briefing, card),
    ):
        with pytest.raises(Unknown):
            act()  # type: ignore[no-untyped-call]
    assert order(claims, other, theirs) == ["c", "d"]
    assert kept.find(claims, other, theirs).cards[0].note == ""
    assert [b.id for b, _ in kept.listed(claims, me)] == [briefing]


def test_what_is_too_long_too_much_or_none_is_refused(claims: Database, persons: tuple[int, int]) -> None:
    me, _ = persons
    briefing = made(claims, me, *("a" for _ in range(kept.MOST_CARDS)))
    card = kept.find(claims, me, briefing).cards[0].id

    def why(act: object) -> str:
        with pytest.raises(BadBriefing) as bad:
            act()  # type: ignore[operator]
        return bad.value.why

    assert why(lambda: kept.add(claims, me, briefing, Card("b"))) == "full"
    assert why(lambda: kept.make(claims, me, " \u202e\x07 ", "fa", "jalali")) == "name_empty"
    assert why(lambda: kept.change(claims, me, briefing, "name", "n" * 81)) == "name_long"
    assert why(lambda: kept.edit(claims, me, briefing, card, "note", "n" * 401)) == "note_long"
    assert why(lambda: kept.edit(claims, me, briefing, card, "place", "1")) == "field"
    assert why(lambda: kept.change(claims, me, briefing, "person_id", "1")) == "field"
    assert why(lambda: kept.change(claims, me, briefing, "style", "dark")) == "field"
    assert why(lambda: kept.make(claims, me, "x", "tlh", "jalali")) == "field"


def test_the_role_of_the_pages_reads_none_of_it(claims: Database, persons: tuple[int, int]) -> None:
    made(claims, persons[0], "a")
    for table in ("briefings", "briefing_cards"):
        with pytest.raises(DBAPIError, match="permission denied"), claims.reading(NATION) as connection:
            connection.execute(text(f"SELECT * FROM {table}"))


def test_briefings_go_with_their_owner(claims: Database, persons: tuple[int, int]) -> None:
    made(claims, persons[0], "a")
    with claims.write() as connection:
        connection.execute("DELETE FROM people WHERE id = %s", (persons[0],))
    with claims.gate.connect() as gate:
        assert gate.execute(text("SELECT count(*) FROM briefing_cards")).scalar_one() == 0


@given(st.text(max_size=60))
def test_words_are_kept_as_any_file_can_hold_them(written: str) -> None:
    fit = kept._fit("note", written, least=0)
    assert not any(unicodedata.category(sign) in ("Cc", "Cs") for sign in fit)
    assert not set(fit) & {"\u202e", "\u2066", "\ufffe", "\uffff"}
    assert kept._fit("note", fit, least=0) == fit
    letters = [sign for sign in written if sign.isalnum()]
    assert [sign for sign in fit if sign.isalnum()] == letters
