"""The raw text of a record that is kept, with nothing in it that names a person.

The person's code is replaced by ``#`` and its keyed hash, under which the record can be read again. What may be a
national code elsewhere is blotted out digit by digit: in columns that are not ours or hold keys always, in the others
when the person's own column is empty or at fault, as it is when a row slipped sideways.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from dashboard.claims.subjects import Kind, Subject
from dashboard.intake.characters import normalised
from dashboard.intake.chunk import Layout
from dashboard.intake.dialect import Dialect
from dashboard.intake.person import masked, names_person

_OPEN_KINDS: Final = ("workshop", "moment", "day")
"""Kinds whose values may have eight digits or more without naming anybody."""


@dataclass(frozen=True)
class Masking:
    """How the records of a layout are masked; ``algorithm`` is the jurisdiction's ``person_code``."""

    layout: Layout
    kinds: Mapping[int, Kind]
    algorithm: str

    def record(self, raw: str, person: str) -> str:
        """A record's raw text; ``person`` is the hash of its person, empty when it has none or one at fault."""
        if self.layout.form == "object":
            return self._object(raw, person)
        fields = Dialect(self.layout.delimiter).fields(raw) or []
        codes = self._codes(enumerate(fields))
        changed = [self._field(place, field, person, codes) for place, field in enumerate(fields)]
        if '"' not in raw:
            return self.layout.delimiter.join(changed)
        out = io.StringIO()
        csv.writer(out, delimiter=self.layout.delimiter, lineterminator="").writerow(changed)
        return out.getvalue()

    def _object(self, raw: str, person: str) -> str:
        places = {name: place for place, name in enumerate(map(normalised, self.layout.header))}
        cells: dict[str, Any] = orjson.loads(raw)
        texts = {
            name: (places.get(normalised(name), -1), str(cell))
            for name, cell in cells.items()
            if isinstance(cell, str | int | float) and not isinstance(cell, bool)
        }
        codes = self._codes(texts.values())
        for name, (place, text) in texts.items():
            changed = self._field(place, text, person, codes)
            if changed != text:
                cells[name] = changed
        return orjson.dumps(cells).decode()

    def _codes(self, fields: Iterable[tuple[int, str]]) -> list[str]:
        """What stands in the columns of the person."""
        return [normalised(text) for place, text in fields if self.kinds.get(place) == "person" and text.strip()]

    def _field(self, place: int, text: str, person: str, codes: list[str]) -> str:
        kind = self.kinds.get(place)
        if not text.strip():
            return text
        if kind == "person":
            return f"#{person}" if person else re.sub(r"\S", "•", text)
        if kind == "text" and not any(code in normalised(text) for code in codes):
            return text
        if kind in _OPEN_KINDS and (person or not names_person(normalised(text), self.algorithm)):
            return text
        return masked(text)


def masking(layout: Layout, subject: Subject, algorithm: str) -> Masking:
    """How the records of a layout of that subject are masked."""
    kinds: dict[int, Kind] = {}
    for field in subject.fields:
        for place in layout.sources.get(field.name, ()):
            if kinds.get(place) != "person":
                kinds[place] = field.kind
    return Masking(layout, kinds, algorithm)
