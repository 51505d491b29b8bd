"""What a record as a whole may not say: against itself, the jurisdiction, or the clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.claims.flows import FLOWS
from dashboard.claims.localtime import local_days
from dashboard.claims.subjects import AGGREGATES, REGISTRATIONS, Subject
from dashboard.intake.characters import flags
from dashboard.intake.eras import eras
from dashboard.intake.findings import Findings
from dashboard.jurisdictions import Jurisdiction

Columns = dict[str, pa.Array]
Mask = npt.NDArray[np.bool_]

_AHEAD: Final = timedelta(days=1)
"""How far a clock of the source may run ahead of ours, its time zone mistaken included."""
_NOT_MILESTONES: Final = ("opened_at", "updated_at")
_MAY_LIE_AHEAD: Final = ("due_on",)
_CONCLUDED: Final = ("closed_at", "decided_at", "ruling_at", "conciliation_at")
"""The moments of which one must be known where there is an outcome."""
_NEEDS_DECISION: Final = ("eligible", "not_eligible")


def check(
    subject: Subject,
    columns: Columns,
    texts: Mapping[str, pa.Array],
    findings: Findings,
    jurisdiction: Jurisdiction,
    now: datetime,
    as_of: date | None = None,
) -> None:
    """Add the findings against whole records; province codes of former units become those of today in ``columns``.

    ``as_of`` is the day the source was drawn, as far as its mapping says.
    """
    days = opening_days(columns, jurisdiction)
    if days is not None:
        for name in ("province", "to_province"):
            if name in columns:
                _resolve(name, columns, texts, days, findings, jurisdiction)
    if "office" in columns:
        _offices(columns, findings, jurisdiction)
    _person_in_text(subject, columns, texts, findings)
    _later(subject, columns, texts, findings, jurisdiction, now + _AHEAD, "in_the_future")
    if as_of is not None:
        drawn = datetime.combine(as_of, time.max, jurisdiction.timezone)
        _later(subject, columns, texts, findings, jurisdiction, drawn, "after_as_of")
    if "opened_at" in columns:
        _order(subject, columns, texts, findings)
        _outcomes(subject, columns, texts, findings)
    if subject is AGGREGATES:
        _tallies(columns, findings, jurisdiction)


def opening_days(columns: Columns, jurisdiction: Jurisdiction) -> npt.NDArray[np.datetime64] | None:
    """The local day each record belongs to (``datetime64[D]``, NaT unknown); ``None`` for a subject without."""
    if "opened_at" in columns:
        return local_days(moments(columns["opened_at"]), jurisdiction.timezone)
    return days_of(columns["day"]) if "day" in columns else None


def moments(column: pa.Array) -> npt.NDArray[np.datetime64]:
    """A column of moments as ``datetime64[us]`` in UTC, NaT where there is none."""
    return np.asarray(column.cast(pa.timestamp("us")).to_numpy(zero_copy_only=False))


def days_of(column: pa.Array) -> npt.NDArray[np.datetime64]:
    """A column of days as ``datetime64[D]``, NaT where there is none."""
    return np.asarray(column.to_numpy(zero_copy_only=False)).astype("datetime64[D]")


def _resolve(
    name: str,
    columns: Columns,
    texts: Mapping[str, pa.Array],
    days: npt.NDArray[np.datetime64],
    findings: Findings,
    jurisdiction: Jurisdiction,
) -> None:
    """Every code as the province it means on its day; one that means none on that day is a finding."""
    validities = [(each.valid_from, each.valid_to) for each in jurisdiction.provinces]
    times = eras([*validities, *((merge.day, None) for merge in jurisdiction.merges.values())])
    encoded = columns[name].dictionary_encode()
    codes = encoded.dictionary.to_pylist()
    answers: list[str | None] = []
    details: list[str | None] = []
    for code in codes:
        for day in times.days:
            answer = jurisdiction.resolve_province(code, day)
            answers.append(answer if isinstance(answer, str) else None)
            details.append("" if isinstance(answer, str) else answer.successor)
    known = flags(columns[name].is_valid()) & ~np.isnat(days)
    place = np.where(known, pc.fill_null(encoded.indices, 0).to_numpy() * len(times.days) + times.of(days), 0)
    at = pa.array(place, mask=~known)
    resolved = pa.array(answers, pa.string()).take(at)
    findings.add(
        "province_not_on_day",
        known & flags(resolved.is_null()),
        name,
        texts[name],
        pa.array(details, pa.string()).take(at),
    )
    columns[name] = resolved


def _offices(columns: Columns, findings: Findings, jurisdiction: Jurisdiction) -> None:
    provinces = {office.code: office.province for office in jurisdiction.offices}
    encoded = columns["office"].dictionary_encode()
    own = pa.array([provinces.get(code) for code in encoded.dictionary.to_pylist()], pa.string()).take(encoded.indices)
    elsewhere = flags(pc.not_equal(own, columns["province"]))
    findings.add("office_not_in_province", elsewhere, "office", columns["office"], columns["province"])


def _person_in_text(subject: Subject, columns: Columns, texts: Mapping[str, pa.Array], findings: Findings) -> None:
    """A national code that serves as id would be stored with it."""
    for person in (field.name for field in subject.fields if field.kind == "person"):
        for field in subject.fields:
            if field.kind == "text":
                findings.add("national_code_in_text", flags(pc.equal(columns[field.name], texts[person])), field.name)


def _later(
    subject: Subject,
    columns: Columns,
    texts: Mapping[str, pa.Array],
    findings: Findings,
    jurisdiction: Jurisdiction,
    latest: datetime,
    code: str,
) -> None:
    """Nothing that has happened lies after ``latest``."""
    last_day = latest.astimezone(jurisdiction.timezone).date()
    for field in subject.fields:
        if field.kind == "moment":
            ahead = pc.greater(columns[field.name], pa.scalar(latest, pa.timestamp("us", "UTC")))
        elif field.kind == "day" and field.name not in _MAY_LIE_AHEAD:
            ahead = pc.greater(columns[field.name], pa.scalar(last_day, pa.date32()))
        else:
            continue
        findings.add(code, flags(ahead), field.name, texts[field.name], last_day.isoformat())


def _order(subject: Subject, columns: Columns, texts: Mapping[str, pa.Array], findings: Findings) -> None:
    """No step of a case lies before its opening, and nothing is handed in again before it was returned."""
    opened = columns["opened_at"]
    for field in subject.fields:
        if field.kind == "moment" and field.name not in _NOT_MILESTONES:
            code = "closed_before_opened" if field.name == "closed_at" else "milestone_before_opened"
            before = flags(pc.less(columns[field.name], opened))
            findings.add(code, before, field.name, texts[field.name], texts["opened_at"])
    if "resubmitted_at" in columns:
        before = flags(pc.less(columns["resubmitted_at"], columns["returned_at"]))
        before |= flags(pc.and_(columns["resubmitted_at"].is_valid(), columns["returned_at"].is_null()))
        findings.add(
            "resubmitted_before_returned", before, "resubmitted_at", texts["resubmitted_at"], texts["returned_at"]
        )


def _outcomes(subject: Subject, columns: Columns, texts: Mapping[str, pa.Array], findings: Findings) -> None:
    """An outcome comes of a decision or an end, and a decision has an outcome."""
    outcome = columns["outcome"]
    concluded = np.zeros(len(outcome), dtype=np.bool_)
    for name in _CONCLUDED:
        if name in columns:
            concluded |= flags(columns[name].is_valid())
    without = flags(outcome.is_valid()) & ~concluded
    if subject is REGISTRATIONS:
        undecided = columns["decided_at"].is_null()
        without |= flags(pc.and_(undecided, pc.is_in(outcome, pa.array(_NEEDS_DECISION))))
        decided = flags(columns["decided_at"].is_valid()) & flags(outcome.is_null())
        findings.add("decision_without_outcome", decided, "decided_at", texts["decided_at"])
    findings.add("outcome_without_decision", without, "outcome", outcome)


def _tallies(columns: Columns, findings: Findings, jurisdiction: Jurisdiction) -> None:
    """A tally counts a milestone of a flow, in a category and with an outcome that its cases can have."""
    for name, known in (
        ("subject", {(key,) for key in FLOWS}),
        (
            "milestone",
            {(key, each.key) for key, flow in FLOWS.items() for each in flow.milestones if not each.standing},
        ),
        ("category", {(key, code) for key in FLOWS for code in _keys(jurisdiction, _category_list(key))}),
        ("outcome", {(key, code) for key in FLOWS for code in _keys(jurisdiction, f"{FLOWS[key].table}.outcome")}),
    ):
        joined = columns["subject"] if name == "subject" else _pairs(columns["subject"], columns[name])
        allowed = pa.array(["\x1f".join(each) for each in known], pa.string())
        unknown = flags(pc.invert(pc.is_in(joined, allowed))) & flags(columns[name].is_valid())
        findings.add("unknown_code", unknown, name, columns[name])


def _pairs(first: pa.Array, second: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(first, second, "\x1f")


def _category_list(flow: str) -> str:
    return FLOWS[flow].each or f"{flow}.category"


def _keys(jurisdiction: Jurisdiction, name: str) -> tuple[str, ...]:
    return tuple(code.key for code in jurisdiction.codes.get(name, ()))
