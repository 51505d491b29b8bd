"""Cases of a list as rows of a file: the words of the list, days as ISO, and what the file rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.choices import called, chosen
from dashboard.exports.csv import safe, safe_column
from dashboard.exports.taken import jalali_day
from dashboard.filters import SUBJECTS, Filters
from dashboard.jurisdictions import Jurisdiction
from dashboard.text import Text
from dashboard.text.bidi import plain
from layouts.case_rows import named, stands
from queries.cases import Asked, heeded

_DAYS: Final = ("opened_at", "since", "due_on")
_LIST: Final = (
    "id",
    "province",
    "office",
    "category",
    "channel",
    "opened_at",
    "turn",
    "since",
    "due_on",
    "left",
    "days",
)
_CHOSEN: Final = ("province", "office", "channel", "category", "trait")


class CaseFile:
    """Blocks of cases (`queries.cases.every`) in a reader's words; what was told once is not told anew."""

    def __init__(self, subject: str, text: Text, jurisdiction: Jurisdiction) -> None:
        self._text = text
        self._jalali = text.calendar_name == "jalali"
        self._day = cache(jalali_day)
        self._standing = cache(
            lambda left, closed, working, stopped: safe(plain(stands(left, closed, working, stopped, text)[2]))
        )
        self._actor = cache(lambda actor: safe(plain(text(f"cases.actor.{actor}"))))
        self._ended = cache(self._name(f"{subject}.outcome", jurisdiction))
        lists = {"province": "provinces", "office": "offices", "channel": "channels", "category": f"{subject}.category"}
        self._names = {name: cache(self._name(codes, jurisdiction)) for name, codes in lists.items()}

    def _name(self, codes: str, jurisdiction: Jurisdiction) -> Callable[[str], str]:
        return lambda code: safe(plain(named(codes, code, self._text, jurisdiction)))

    def heads(self) -> list[str]:
        """The names of the columns."""
        heads = []
        for name in _LIST:
            heads.append(safe(plain(self._text(f"cases.column.{name}"))))
            if name in _DAYS and self._jalali:
                heads.append(f"{heads[-1]} ({plain(self._text('export.jalali_day'))})")
        return heads

    def rows(self, block: pa.Table) -> pa.Table:
        """The columns of a block as they are written."""
        closed = ~np.isnat(block["closed_on"].to_numpy())
        told: dict[str, Any] = {"id": safe_column(block["id"])}
        told |= {name: _told(block[name], name_of) for name, name_of in self._names.items()}
        told |= self._dated("opened_at", block["opened_on"].to_numpy())
        ended = _told(block["outcome"], self._ended).fill_null(safe(plain(self._text("cases.closed"))))
        told["turn"] = pc.if_else(pa.array(closed), ended, _told(block["actor"], self._actor))
        told |= self._dated("since", np.where(closed, block["closed_on"].to_numpy(), block["since_on"].to_numpy()))
        told |= self._dated("due_on", block["due_on"].to_numpy())
        told["left"] = self._standings(block, closed)
        told["days"] = block["left"]
        written = [name for column in _LIST for name in (column, f"{column}_jalali") if name in told]
        return pa.table([told[name] for name in written], names=written)

    def _dated(self, name: str, days: Any) -> dict[str, Any]:
        days = days.astype("datetime64[D]")
        found = {name: pa.array(days)}
        if self._jalali:
            known, places = np.unique(days, return_inverse=True)
            words = [day and self._day(day) for day in known.tolist()]
            found[f"{name}_jalali"] = pa.array(words, pa.string()).take(pa.array(places))
        return found

    def _standings(self, block: pa.Table, closed: Any) -> pa.Array:
        """How cases stand in words, found once for those that stand alike."""
        none = block["left"].is_null().to_numpy()
        left = block["left"].fill_null(0).to_numpy()
        flags = [none, closed, block["in_working_days"].to_numpy(), block["stopped"].to_numpy()]
        key = left
        for flag in flags:
            key = key * 2 + flag
        _, first, places = np.unique(key, return_index=True, return_inverse=True)
        words = [
            self._standing(None if none[at] else int(left[at]), *(bool(flag[at]) for flag in flags[1:])) for at in first
        ]
        return pa.array(words, pa.string()).take(pa.array(places))


def _told(column: pa.ChunkedArray, word: Callable[[str], str]) -> pa.Array:
    """A column of codes in words."""
    encoded = pc.dictionary_encode(pa.concat_arrays(column.chunks))
    return pa.array([word(code) for code in encoded.dictionary.to_pylist()], pa.string()).take(encoded.indices)


def about(
    filters: Filters, asked: Asked, whose: str, at: datetime, text: Text, jurisdiction: Jurisdiction, demo: bool
) -> Iterator[list[str]]:
    """What a list is, a line each: its name, then what there is to say."""
    subject = asked.subject
    yield [text("export.title"), text("panel.cases-list.title")]
    yield [text("cases.choose.of"), text(f"show.{subject}" if subject in SUBJECTS else f"cases.of.{subject}")]
    window = filters.asked
    if asked.ever:
        yield [text("cases.choose.filed"), text("cases.filed.ever")]
    else:
        span = text.span(window.start, window.end)
        yield [text("cases.choose.filed"), window.start.isoformat(), window.end.isoformat(), plain(span)]
    choices = {"state": asked.state, "turn": asked.turn, "gap": asked.gap, "sort": "due" if asked.by_due else "newest"}
    for name, value in choices.items():
        if value:
            kind = "actor" if name == "turn" else name
            yield [text(f"cases.choose.{name}"), plain(text(f"cases.{kind}.{value}"))]
    by_name = heeded(filters, subject, asked.ever)
    for name in _CHOSEN:
        names = chosen(name, filters, filters.subject, jurisdiction, text) if name in by_name else {}
        if names:
            yield [called(name, filters.subject, text), *map(plain, names.values())]
    left = [name for name in filters.chosen if name not in by_name | {"step"}]
    if left:
        yield [plain(text("note.unheeded", names=text("note.and").join(text(f"filter.{name}") for name in left)))]
    local = at.astimezone(jurisdiction.timezone)
    yield [text("export.as_of"), local.isoformat(timespec="seconds"), plain(text.moment(local, jurisdiction.timezone))]
    yield [text("export.scope"), plain(whose)]
    if demo:
        yield [text("demo.badge"), text("demo.notice")]
