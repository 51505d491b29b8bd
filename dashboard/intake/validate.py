"""From the text of a chunk to typed records: each value by its kind, then the record as a whole.

A record is rejected under the first reason found: the columns in the order in which the subject declares them, then
what contradicts itself, the jurisdiction or the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.claims.subjects import Subject
from dashboard.intake import derive, records
from dashboard.intake.characters import absent, flags
from dashboard.intake.chunk import Chunk, Lines
from dashboard.intake.dates import DateReader
from dashboard.intake.findings import Findings
from dashboard.intake.masking import masking
from dashboard.intake.moments import MomentReader
from dashboard.intake.person import masked
from dashboard.intake.values import ValueReader
from dashboard.jurisdictions import Jurisdiction

Mask = npt.NDArray[np.bool_]
Check = Callable[[Mapping[str, pa.Array], Mapping[str, pa.Array], Findings], None]


@dataclass(frozen=True)
class Rejected:
    """A record for quarantine: the line it starts on, its raw text, the reason, the column and value it quotes.

    Raw text and value are masked: no national code is in them. ``province`` is its code, empty where nobody knows.
    """

    line: int
    raw: str
    code: str
    column: str
    value: str
    detail: str
    province: str = ""


@dataclass(frozen=True)
class Validated:
    r"""The sound records of a chunk, and those for quarantine, broken ones among them, in the order of their lines.

    ``frame`` has the columns of ``subject.columns`` under their names in the fact table:

    ==========================  ===========================================================
    text, code, workshop        ``str``, NaN where there is none (empty in columns of a key)
    codes                       ``str``, an array as PostgreSQL writes it: ``{bonus,overtime}``
    person (``person_hash``)    ``str``, bytes as PostgreSQL writes them: ``\x`` and 32 digits
    moment                      ``datetime64[us, UTC]``
    day                         ``datetime64[s]`` at midnight, without a zone
    whole, flag                 ``Int64``, ``boolean``
    ==========================  ===========================================================

    ``lines`` holds the line of each row of ``frame``.
    """

    frame: pd.DataFrame
    lines: Lines
    rejected: Sequence[Rejected]


def validate(
    chunk: Chunk,
    subject: Subject,
    jurisdiction: Jurisdiction,
    settings_demo: bool,
    secret_key: bytes,
    now: datetime,
    further: Check | None = None,
) -> Validated:
    """Check and type the records of a chunk; ``now`` is aware. Columns the intake derives are filled in.

    ``further`` adds findings of its own, last of all: it is given the typed columns and their texts.
    """
    mapping = chunk.mapping
    moments = MomentReader(
        jurisdiction.timezone, DateReader(mapping.date_format, mapping.calendar), chunk.layout.serials
    )
    reader = ValueReader(jurisdiction, moments, secret_key, settings_demo)
    findings = Findings(len(chunk.lines))
    texts = {field.name: chunk.columns.get(field.name, absent(findings.length)) for field in subject.fields}
    columns: dict[str, pa.Array] = {}
    for field in subject.fields:
        text = texts[field.name]
        if field.required:
            findings.add("missing_value", flags(text.is_null()), field.name)
        typed = reader.typed(field, text)
        for fault in typed.faults:
            findings.add(fault.code, fault.rows, field.name, text, "128" if fault.code == "too_long" else "")
        columns[field.name] = typed.column
    records.check(subject, columns, texts, findings, jurisdiction, now, mapping.as_of)
    if further is not None:
        further(columns, texts, findings)
    rejected = _rejected(chunk, subject, columns, texts.get("province"), findings, jurisdiction)
    sound = pa.array(findings.sound)
    table = {name: column.filter(sound) for name, column in columns.items()}
    return Validated(
        _frame(subject, derive.complete(subject, table, jurisdiction)), chunk.lines[findings.sound], rejected
    )


def _rejected(
    chunk: Chunk,
    subject: Subject,
    columns: dict[str, pa.Array],
    provinces: pa.Array | None,
    findings: Findings,
    jurisdiction: Jurisdiction,
) -> list[Rejected]:
    # What is quoted may be the name of a column, and anything can stand there.
    found = [Rejected(broken.line, broken.raw, broken.code, "", "", masked(broken.detail)) for broken in chunk.broken]
    hide = masking(chunk.layout, subject, jurisdiction.person_code)
    persons = next((columns[field.name] for field in subject.fields if field.kind == "person"), None)
    personal = {field.name for field in subject.fields if field.kind == "person"}
    # A code is resolved by the day of the record; where that is at fault, today's code still says whose it is.
    known = {province.code for province in jurisdiction.provinces}
    for row in np.flatnonzero(~findings.sound):
        finding, value, detail = findings.of(int(row))
        person = "" if persons is None else persons[int(row)].as_py() or ""
        province = "" if provinces is None else columns["province"][int(row)].as_py() or provinces[int(row)].as_py()
        found.append(
            Rejected(
                line=int(chunk.lines[row]),
                raw=hide.record(chunk.raw[int(row)], person),
                code=finding.code,
                column=finding.column,
                value="•" * len(value) if finding.column in personal else masked(value),
                detail=masked(detail),
                province=province if province in known else "",
            )
        )
    return sorted(found, key=lambda rejected: rejected.line)


def _frame(subject: Subject, table: dict[str, pa.Array]) -> pd.DataFrame:
    """The typed columns as a frame with the names of the fact table."""
    series: dict[str, object] = {}
    for field in subject.columns:
        column = table[field.name]
        match field.kind:
            case "whole":
                series[field.column] = column.to_pandas().astype("Int64")
            case "flag":
                series[field.column] = column.to_pandas().astype("boolean")
            case "day":
                series[field.column] = column.cast(pa.timestamp("s")).to_pandas()
            case "person":
                hexadecimal = pc.binary_join_element_wise("\\x", column, "")
                series[field.column] = hexadecimal.to_pandas().astype("str")
            case "text" | "code" if field.name in subject.identity:
                series[field.column] = pc.fill_null(column, "").to_pandas().astype("str")
            case _:
                series[field.column] = column.to_pandas()
    return pd.DataFrame(series)
