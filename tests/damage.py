"""Registrations as a file with damage of every kind among them, each labelled: for tests and benchmarks.

The same numbers and seed give the same file. National codes are synthetic, so it is read in demo mode.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import count
from pathlib import Path

from dashboard.claims.subjects import REGISTRATIONS
from dashboard.jurisdictions import Jurisdiction, load

COLUMNS = tuple(field.name for field in REGISTRATIONS.fields)
_AT = {name: place for place, name in enumerate(COLUMNS)}
_START = datetime(2023, 4, 1, 5, 0, tzinfo=UTC)
_SPAN = 2 * 365 * 86_400

Row = list[str]


@dataclass(frozen=True)
class Label:
    """A damaged row: the line it stands on, the kind of damage, and the reason it must be rejected under.

    ``code`` is empty where the damage may show in several ways.
    """

    line: int
    kind: str
    code: str


@dataclass(frozen=True)
class Written:
    """What a file holds: the ids of the good rows, the labels of the damaged ones, every national code in it."""

    good: tuple[str, ...]
    damaged: tuple[Label, ...]
    persons: frozenset[str]


@dataclass(frozen=True)
class Maker:
    """Makes rows for a jurisdiction with the numbers of ``chance``."""

    jurisdiction: Jurisdiction
    chance: random.Random

    @cached_property
    def offices(self) -> dict[str, list[str]]:
        """The offices of each province; provinces without one are not used."""
        found: dict[str, list[str]] = {}
        for office in self.jurisdiction.offices:
            found.setdefault(office.province, []).append(office.code)
        return found

    @cached_property
    def provinces(self) -> list[str]:
        return sorted(self.offices) or [province.code for province in self.jurisdiction.provinces]

    def key(self, codes: str) -> str:
        return self.chance.choice([code.key for code in self.jurisdiction.codes[codes]])

    def row(self, number: int) -> Row:
        """A registration that is in order."""
        province = self.chance.choice(self.provinces)
        opened = _START + timedelta(seconds=self.chance.randrange(_SPAN))
        decided = opened + timedelta(minutes=self.chance.randrange(1, 20_000))
        eligible = self.chance.random() < 0.8
        refused = "" if eligible else self.key("registrations.reason")
        paid = decided + timedelta(days=20)
        values = {
            "id": f"D{number:09d}",
            "province": province,
            "office": self.chance.choice(self.offices.get(province, [""])),
            "channel": self.key("channels"),
            "category": "unemployment_insurance",
            "opened_at": f"{opened:%Y-%m-%d %H:%M:%S}",
            "updated_at": f"{paid:%Y-%m-%d %H:%M:%S}",
            "national_code": self.person(),
            "workshop_code": f"{self.chance.randrange(10**9, 10**10)}",
            "job_lost_on": f"{opened - timedelta(days=self.chance.randrange(2, 25)):%Y-%m-%d}",
            "cause": self.key("causes"),
            "decided_at": f"{decided:%Y-%m-%d %H:%M:%S}",
            "outcome": "eligible" if eligible else "not_eligible",
            "reason": refused,
            "paid_at": f"{paid:%Y-%m-%d %H:%M:%S}" if eligible else "",
            "sex": self.key("sexes"),
            "age": str(self.chance.randrange(18, 65)),
            "sector": self.key("sectors"),
            "skill": self.key("skills"),
        }
        return [values.get(name, "") for name in COLUMNS]

    def person(self) -> str:
        """A synthetic national code."""
        length = 12 if self.jurisdiction.person_code == "vn" else 10
        return "000" + "".join(self.chance.choice("123456789") for _ in range(length - 3))


Damage = Callable[[Row, Maker], str]
"""Turns a row that is in order into the text of a line that is not."""


def _joined(row: Row) -> str:
    return ",".join(row)


def _with(**values: str) -> Damage:
    def damage(row: Row, _: Maker) -> str:
        for name, value in values.items():
            row[_AT[name]] = value
        return _joined(row)

    return damage


def _later(earlier: str, later: str) -> Damage:
    """Swaps two moments of which one comes after the other."""

    def damage(row: Row, _: Maker) -> str:
        row[_AT[earlier]], row[_AT[later]] = "2024-05-02 10:00:00", "2024-05-01 10:00:00"
        return _joined(row)

    return damage


def _unclosed(row: Row, maker: Maker) -> str:
    place = maker.chance.randrange(len(row))
    row[place] = '"' + row[place]
    return _joined(row)


def _stray_quote(row: Row, _: Maker) -> str:
    row[_AT["channel"]] = '"online"x'
    return _joined(row)


def _too_few(row: Row, maker: Maker) -> str:
    return _joined(row[: maker.chance.randrange(1, len(row))])


def _shifted(row: Row, _: Maker) -> str:
    return _joined(["", *row[:-1]])


def _elsewhere(row: Row, maker: Maker) -> str:
    others = [office for province, offices in maker.offices.items() if province != row[1] for office in offices]
    row[_AT["office"]] = maker.chance.choice(others)
    return _joined(row)


def _wrong_digits(row: Row, maker: Maker) -> str:
    row[_AT["national_code"]] = "987999888777" if maker.jurisdiction.person_code == "vn" else "0932833811"
    return _joined(row)


def _code_as_id(row: Row, _: Maker) -> str:
    row[_AT["id"]] = row[_AT["national_code"]]
    return _joined(row)


KINDS: dict[str, tuple[str, Damage]] = {
    "unclosed quote": ("unclosed_quote", _unclosed),
    "text after a quote": ("stray_quote", _stray_quote),
    "line break in a row": ("stray_line_break", lambda row, _: _joined(row).replace("unemployment", "unemp\rloyment")),
    "too few columns": ("wrong_column_count", _too_few),
    "too many columns": ("wrong_column_count", lambda row, _: _joined([*row, "", "x"])),
    "NUL byte": ("nul_byte", lambda row, _: _joined(row).replace("unemployment", "unem\0ployment")),
    "undecodable bytes": (
        "undecodable",
        lambda row, _: _joined(row).replace("unemployment", "unem\udcff\udcfeloyment"),
    ),
    "overlong line": ("line_too_long", lambda row, _: _joined([*row[:-1], "x" * 70_000])),
    "shifted columns": ("missing_value", _shifted),
    "no id": ("missing_value", _with(id="")),
    "no opening": ("missing_value", _with(opened_at=" ")),
    "overlong id": ("too_long", _with(id="D" + "0" * 200)),
    "unknown channel": ("unknown_code", _with(channel="telegram")),
    "unknown category": ("unknown_code", _with(category="UI")),
    "unknown province": ("unknown_province", _with(province="XX-99", office="")),
    "office elsewhere": ("office_not_in_province", _elsewhere),
    "30 February": ("bad_moment", _with(opened_at="2024-02-30 10:00:00")),
    "30 Esfand of a common year": ("bad_moment", _with(opened_at="1402/12/30 10:00")),
    "no date": ("bad_moment", _with(decided_at="yesterday")),
    "no day": ("bad_day", _with(job_lost_on="2024-13-01")),
    "negative age": ("bad_whole", _with(age="-3")),
    "age in words": ("bad_whole", _with(age="forty")),
    "short national code": ("bad_national_code_length", _with(national_code="123")),
    "letters in the national code": ("bad_national_code_length", _with(national_code="00012x4567")),
    "one digit all along": ("bad_national_code_repeated", lambda row, maker: _repeated(row, maker)),
    "wrong check digit": ("bad_national_code_check", _wrong_digits),
    "national code as id": ("national_code_in_text", _code_as_id),
    "workshop in words": ("bad_workshop", _with(workshop_code="bakery!")),
    "closed before opened": ("closed_before_opened", _later("opened_at", "closed_at")),
    "paid before opened": ("milestone_before_opened", _later("opened_at", "paid_at")),
    "in the future": ("in_the_future", _with(updated_at="2099-01-01 00:00:00")),
    "back before returned": (
        "resubmitted_before_returned",
        _with(returned_at="2025-12-02", resubmitted_at="2025-12-01"),
    ),
    "outcome without decision": ("outcome_without_decision", _with(decided_at="", reason="")),
    "decision without outcome": ("decision_without_outcome", _with(outcome="", reason="", paid_at="")),
}
"""Every kind of damage: the reason expected, and how it is done."""


def _repeated(row: Row, maker: Maker) -> str:
    row[_AT["national_code"]] = "7" * (12 if maker.jurisdiction.person_code == "vn" else 10)
    return _joined(row)


def write(path: Path, good: int, damaged: int, seed: int = 1, jurisdiction: Jurisdiction | None = None) -> Written:
    """Write a CSV file of so many good and damaged rows, mixed, every kind of damage as often as any other."""
    chance = random.Random(seed)
    maker = Maker(jurisdiction or load("ir"), chance)
    ids: list[str] = []
    labels: list[Label] = []
    persons: set[str] = set()
    with path.open("wb") as file:
        file.write(",".join(COLUMNS).encode() + b"\n")
        for number, line, kind in zip(count(1), count(2), _plan(good, damaged, chance)):
            row = maker.row(number)
            person = row[_AT["national_code"]]
            if kind is None:
                ids.append(row[0])
                text = _joined(row)
            else:
                code, damage = KINDS[kind]
                text = damage(row, maker)
                labels.append(Label(line, kind, code))
                changed = row[_AT["national_code"]]
                if changed.isdigit() and len(changed) == len(person):
                    person = changed
            persons.add(person)
            file.write(text.encode("utf-8", "surrogateescape") + b"\n")
    return Written(tuple(ids), tuple(labels), frozenset(persons))


def _plan(good: int, damaged: int, chance: random.Random) -> Iterator[str | None]:
    """The kind of damage of each row in turn, ``None`` for a good one."""
    kinds = list(KINDS)
    plan: list[str | None] = [None] * good
    plan += [kinds[number % len(kinds)] for number in range(damaged)]
    chance.shuffle(plan)
    yield from plan
