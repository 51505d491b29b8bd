"""Which column of a source is which of ours: the header held against the mapping before a single row is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

import pyarrow as pa
import pyarrow.compute as pc

from dashboard.intake.characters import absent, by_unique, clean, normalised
from dashboard.intake.mapping import SourceMapping
from dashboard.intake.reasons import BrokenInput


def wanted(mapping: SourceMapping) -> dict[str, tuple[str, ...]]:
    """For each of our columns the names of theirs it is read from; constants are read from none."""
    return {
        field.name: mapping.columns.get(field.name, (field.name,))
        for field in mapping.subject.fields
        if field.name not in mapping.constants
    }


def resolve(header: Sequence[str], mapping: SourceMapping, file: str, line: int) -> dict[str, tuple[int, ...]]:
    """For each of our columns that the source has, the places of the header it is read from.

    BrokenInput at ``line`` for a column that is there twice, one nobody asked for, and a required one that is missing.
    """
    names = [normalised(name) for name in header]
    for name in names:
        if name and names.count(name) > 1 and name not in mapping.ignore:
            raise BrokenInput(file, line, f"there are {names.count(name)} columns named {name!r}")
    places = {name: place for place, name in enumerate(names)}
    asked = wanted(mapping)
    sources = {
        ours: tuple(places[name] for name in theirs if name in places)
        for ours, theirs in asked.items()
        if any(name in places for name in theirs)
    }
    if not sources:
        shown = ", ".join(repr(name) for name in names[:6])
        raise BrokenInput(
            file, line, f"there is no header with columns of {mapping.subject.key}; found {shown}. {_hint(mapping)}"
        )
    for ours in mapping.columns:
        for name in mapping.columns[ours]:
            if name not in places:
                raise BrokenInput(file, line, f"{mapping.file} reads {ours} from {name!r}, which is not a column here")
    refuse_unknown(names, mapping, file, line)
    for field in mapping.subject.fields:
        if field.required and field.name not in sources and field.name not in mapping.constants:
            raise BrokenInput(file, line, missing(field.name, mapping))
    return sources


def refuse_unknown(names: Sequence[str], mapping: SourceMapping, file: str, line: int) -> None:
    """BrokenInput when there are columns that nobody asked for and the mapping does not ignore."""
    unknown = unknown_names(names, mapping)
    if unknown:
        known = [name for theirs in wanted(mapping).values() for name in theirs]
        near = {name: get_close_matches(name, known, n=1) for name in unknown}
        shown = "; ".join(
            f"{name!r}" + (f" (did you mean {near[name][0]!r}?)" if near[name] else "") for name in unknown
        )
        raise BrokenInput(
            file, line, f"unknown columns: {shown}. A mapping names them, or leaves them out by ignore = [...]"
        )


def unknown_names(names: Sequence[str], mapping: SourceMapping) -> list[str]:
    """Those of their columns that are neither read nor ignored."""
    if mapping.ignore_others:
        return []
    known = {name for theirs in wanted(mapping).values() for name in theirs} | mapping.ignore | {""}
    return [name for name in names if name not in known]


def ours(
    columns: Mapping[int, pa.Array], sources: Mapping[str, tuple[int, ...]], mapping: SourceMapping
) -> dict[str, pa.Array]:
    """Our columns out of theirs (by place in the header): cleaned, combined, with constants, words translated."""
    length = len(next(iter(columns.values())))
    found: dict[str, pa.Array] = {}
    for name, places in sources.items():
        column = _present(columns[places[0]], mapping)
        for place in places[1:]:
            column = pc.coalesce(column, _present(columns[place], mapping))
        found[name] = _translated(column, mapping.values.get(name, {}))
    for name, value in mapping.constants.items():
        constant = normalised(value)
        found[name] = pa.repeat(pa.scalar(constant), length) if constant else absent(length)
    return found


def _present(column: pa.Array, mapping: SourceMapping) -> pa.Array:
    """A cleaned column in which what the source writes for nothing is nothing."""
    column = clean(column)
    if mapping.missing:
        missing = pc.is_in(column, pa.array(sorted(mapping.missing), pa.string()))
        column = pc.if_else(missing, pa.scalar(None, pa.string()), column)
    return column


def _translated(column: pa.Array, words: Mapping[str, str]) -> pa.Array:
    if not words:
        return column
    return by_unique(column, lambda values: [words.get(v, v) or None if v is not None else None for v in values])


def missing(name: str, mapping: SourceMapping) -> str:
    """The sentence for a source without a column that is required."""
    return f"there is no column for {name}, which is required. {_hint(mapping)}"


def _hint(mapping: SourceMapping) -> str:
    if mapping.file:
        return f"The mapping is {mapping.file}."
    return f"`python -m dashboard schema {mapping.subject.key}` lists the columns; a mapping file translates others."
