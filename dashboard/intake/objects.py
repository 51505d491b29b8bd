"""Records that come as objects: NDJSON lines, and the JSON of the HTTP door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import orjson
import pyarrow as pa

from dashboard.intake.characters import normalised
from dashboard.intake.chunk import Broken, Lines
from dashboard.intake.columns import refuse_unknown, unknown_names
from dashboard.intake.lines import Block
from dashboard.intake.mapping import SourceMapping
from dashboard.intake.person import masked

_EXACT: Final = 2**53
"""From here on a number of JSON that was read as a float may have lost digits."""


class BadObject(Exception):
    """A JSON value that is no record; ``code`` is the reason."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class Objects:
    """The records of a block of NDJSON: their lines, where they lie in its bytes, their values; and the broken ones."""

    lines: Lines
    starts: Lines
    ends: Lines
    values: list[dict[str, str | None]]
    broken: list[Broken]


def parsed(block: Block, mapping: SourceMapping, file: str) -> Objects:
    """The records of NDJSON lines; blank ones are none. BrokenInput when the first of a file has unknown names."""
    at: list[tuple[int, int, int]] = []
    values: list[dict[str, str | None]] = []
    broken: list[Broken] = []
    start = 0
    for place, line in enumerate(block.data.split(b"\n")):
        number = block.first_line + place
        try:
            if line.strip() or place in block.damaged:
                values.append(record(_loaded(line, place in block.damaged), mapping))
                at.append((number, start, start + len(line)))
        except BadObject as bad:
            if bad.code == "unknown_column" and block.first_line == 1 and not values and not broken:
                refuse_unknown(bad.detail.split(", "), mapping, file, number)
            raw = masked(block.damaged.get(place) or line.decode().rstrip("\r")).replace("\0", "\\x00")
            broken.append(Broken(number, raw, bad.code, bad.detail))
        start += len(line) + 1
    lines, starts, ends = np.array(at, dtype=np.int64).reshape(-1, 3).T
    return Objects(lines, starts, ends, values, broken)


def columns(values: Sequence[Mapping[str, str | None]], header: Sequence[str]) -> dict[int, pa.Array]:
    """The columns of those names out of objects, by place in ``header``."""
    return {place: pa.array([one.get(name) for one in values], pa.string()) for place, name in enumerate(header)}


def record(value: Any, mapping: SourceMapping) -> dict[str, str | None]:
    """An object of JSON as texts by name; BadObject says why it is no record."""
    if not isinstance(value, dict):
        raise BadObject("not_an_object")
    found = {normalised(name): _text(name, cell) for name, cell in value.items()}
    unknown = unknown_names(list(found), mapping)
    if unknown:
        raise BadObject("unknown_column", ", ".join(unknown[:5]))
    return found


def _loaded(line: bytes, damaged: bool) -> Any:
    if damaged:
        raise BadObject("undecodable")
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise BadObject("bad_json", error.msg) from error


def _text(name: str, value: Any) -> str | None:
    """A value of JSON as a file of text would have it; a list as its elements separated by ``|``."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        if abs(value) >= _EXACT:
            raise BadObject("bad_json", f"{name}: a number too long to be exact; write it in quotes")
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return "|".join(value)
    raise BadObject("nested_value", name)
