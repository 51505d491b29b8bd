"""The cases the simulator knows: drawn at random, replaced and dropped in constant time."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

Record = dict[str, str]
"""Column → text, as a province would send it."""


@dataclass
class Pool:
    """Records by id, at most ``room`` of them: a new one takes the place of one drawn at random when it is full."""

    room: int
    records: dict[str, Record] = field(default_factory=dict)
    _order: list[str] = field(default_factory=list)
    _place: dict[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._order)

    def put(self, record: Record, rng: np.random.Generator) -> None:
        """Adds a record, or replaces the one with its id."""
        key = record["id"]
        if key not in self.records:
            if len(self._order) >= self.room:
                self.drop(self._order[int(rng.integers(len(self._order)))])
            self._place[key] = len(self._order)
            self._order.append(key)
        self.records[key] = record

    def drop(self, key: str) -> None:
        """Forgets a record; nothing happens for an id that is not there."""
        if key not in self.records:
            return
        del self.records[key]
        place, last = self._place.pop(key), self._order.pop()
        if last != key:
            self._order[place] = last
            self._place[last] = place

    def pick(self, rng: np.random.Generator, before: str) -> Record | None:
        """A random record last changed before that moment; None where a few draws find none."""
        for _ in range(8 if self._order else 0):
            record = self.records[self._order[int(rng.integers(len(self._order)))]]
            if record["updated_at"] < before:
                return record
        return None
