"""Milestone files: dated steps of cases, a row each, completed into the cases the database already has.

A milestone is the *earliest* date among the steps that stand for it, so that neither the order of rows nor how they are
split changes a case. Each row is held against the case it would make, by the same rules as any record. Account, row by
row: *accepted* when it set or moved a milestone; *unchanged* when its step is no milestone or its date not earlier;
quarantined when it cannot be read, its case is not there, or the case would contradict itself.

A case so completed is a newer version of itself, by one microsecond of ``updated_at``: the record it came from cannot
take the milestones back, and none that was made later is taken for older. Such a later record replaces the case as
ever, milestones included: where a source sends both, load the steps after the cases.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import psycopg
import pyarrow as pa

from dashboard.claims import cases, merge
from dashboard.claims.subjects import Subject
from dashboard.intake.chunk import Chunk, Layout, RawObjects
from dashboard.intake.mapping import plain
from dashboard.intake.masking import masking
from dashboard.intake.person import masked
from dashboard.intake.validate import Rejected, Validated
from dashboard.jurisdictions import Jurisdiction

Connection = psycopg.Connection[tuple[Any, ...]]
Validate = Callable[[Chunk, Subject], Validated]
Record = Mapping[str, str]

_TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class Completed:
    """What became of a chunk of steps: the changed ``cases``, as ``Validated.frame``, and the account of its rows."""

    cases: pd.DataFrame
    accepted: int
    unchanged: int
    rejected: Sequence[Rejected]


@dataclass(frozen=True)
class _Step:
    """A sound step: the line it stands on, its case, the milestone it stands for, when it was."""

    line: int
    id: str
    column: str
    at: datetime


def complete(
    connection: Connection, chunk: Chunk, subject: Subject, jurisdiction: Jurisdiction, validate: Validate
) -> Completed:
    """The cases a chunk of steps changes.

    Other merges of the subject wait from here until the transaction ends: of two loaders that complete the same case
    the second must see what the first has done.
    """
    found = validate(_milestones_of(chunk), chunk.mapping.subject)
    steps = _steps(found, chunk.mapping.milestones)
    merge.lock(connection, subject)
    known = _as_sent(cases.records(connection, subject, {step.id for step in steps}), subject, validate)
    orphans = {step.line: step.id for step in steps if step.id not in known}
    steps = [step for step in steps if step.id in known]

    def alone(step: _Step) -> Record:
        opened = datetime.fromisoformat(known[step.id]["opened_at"])
        moments = {"opened_at": opened, step.column: step.at}
        local = {name: at.astimezone(jurisdiction.timezone).isoformat() for name, at in moments.items()}
        return {**known[step.id], **local}

    tried = validate(_chunk([alone(step) for step in steps], [step.line for step in steps], subject), subject)
    sound = set(tried.lines.tolist())
    changed, accepted = _earliest([step for step in steps if step.line in sound], known)
    whole = validate(_chunk(list(changed.values()), range(1, len(changed) + 1), subject), subject)
    assert len(whole.frame) == len(changed)  # no rule of records ties two milestones of steps to each other
    if "match" in whole.frame:  # what the register answered when the case was filed
        whole.frame["match"] = [record["match"] or None for record in changed.values()]

    hide = masking(chunk.layout, chunk.mapping.subject, jurisdiction.person_code)
    places = {line: place for place, line in enumerate(chunk.lines.tolist())}
    raw = {line: hide.record(chunk.raw[places[line]], "") for line in {*orphans, *(one.line for one in tried.rejected)}}
    rejected = [
        *found.rejected,
        *(replace(one, raw=raw[one.line]) for one in tried.rejected),
        *(Rejected(line, raw[line], "unknown_case", "id", masked(id_), "") for line, id_ in orphans.items()),
    ]
    unchanged = chunk.received - accepted - len(rejected)
    return Completed(whole.frame, accepted, unchanged, sorted(rejected, key=lambda one: one.line))


def _as_sent(known: Mapping[str, Record], subject: Subject, validate: Validate) -> dict[str, Record]:
    """Known cases without the day they are due where the intake filled it in: a further step may make it another.

    That is where the rest of the case leads to the same day again.
    """
    own = [record for record in known.values() if record.get("due_on")]
    if not own:
        return dict(known)
    derived = validate(_chunk([{**record, "due_on": ""} for record in own], range(len(own)), subject), subject)
    follows = {
        own[place]["id"]
        for place, day in zip(derived.lines.tolist(), derived.frame["due_on"], strict=True)
        if not pd.isna(day) and day.date().isoformat() == own[place]["due_on"]
    }
    return {id_: {**record, "due_on": ""} if id_ in follows else record for id_, record in known.items()}


def _milestones_of(chunk: Chunk) -> Chunk:
    """The rows whose step is a milestone, or is missing; what cannot be taken apart is broken as before."""
    steps = chunk.columns["step"].to_pylist()
    rows = [row for row, step in enumerate(steps) if step is None or step in chunk.mapping.milestones]
    return replace(
        chunk,
        lines=chunk.lines[rows],
        raw=_Some(chunk.raw, rows),
        columns={name: column.take(pa.array(rows, pa.int64())) for name, column in chunk.columns.items()},
    )


def _steps(found: Validated, milestones: Mapping[str, str]) -> list[_Step]:
    frame = found.frame
    columns = [milestones[step] for step in frame["step"]]
    moments = [at.to_pydatetime() for at in frame["at"]]
    return [_Step(*row) for row in zip(found.lines.tolist(), frame["id"], columns, moments, strict=True)]


def _earliest(steps: Sequence[_Step], known: Mapping[str, Record]) -> tuple[dict[str, dict[str, str]], int]:
    """The cases that differ once every milestone has its earliest date, and how many steps moved one on the way."""
    changed: dict[str, dict[str, str]] = {}
    accepted = 0
    for step in steps:
        case = changed.get(step.id) or dict(known[step.id])
        if case[step.column] and datetime.fromisoformat(case[step.column]) <= step.at:
            continue
        case[step.column] = step.at.isoformat()
        case["updated_at"] = (datetime.fromisoformat(known[step.id]["updated_at"]) + _TICK).isoformat()
        changed[step.id] = case
        accepted += 1
    return changed, accepted


def _chunk(records: Sequence[Record], lines: Sequence[int], subject: Subject) -> Chunk:
    """Records by column name as a reader hands them over."""
    header = tuple(field.name for field in subject.fields)
    columns = {name: pa.array([record[name] or None for record in records], pa.string()) for name in header}
    layout = Layout("object", header, {name: (place,) for place, name in enumerate(header)})
    raw = RawObjects(header, list(columns.values()))
    return Chunk(np.array(lines, dtype=np.int64), raw, columns, (), 0, layout, plain(subject))


class _Some(Sequence[str]):
    """The raw text of some of the records."""

    def __init__(self, raw: Sequence[str], rows: Sequence[int]) -> None:
        self._raw, self._rows = raw, rows

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, index):  # type: ignore[no-untyped-def]  # slices are never asked for
        return self._raw[self._rows[index]]
