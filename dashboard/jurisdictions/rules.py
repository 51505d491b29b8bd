"""What must happen: procedures, time limits and the rules of eligibility, with their validity checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from dashboard.claims.subjects import CASES
from dashboard.jurisdictions.entries import Entry, Folder
from dashboard.jurisdictions.model import (
    CLOSING,
    Code,
    Deadline,
    EligibilityRule,
    Limit,
    LimitKind,
    Procedure,
    ProcedureCode,
    Unit,
)
from dashboard.jurisdictions.places import once

PROCEDURES, LIMITS, ELIGIBILITY = "procedures.toml", "limits.csv", "eligibility.toml"

UNITS: Mapping[str, Unit] = {"working_day": "working_day", "day": "day"}
KINDS: Mapping[str, LimitKind] = {"law": "law", "by_law": "by_law", "target": "target"}
CHECKS: Mapping[str, Mapping[str, bool]] = {
    "registered": {},
    "workshop_matches": {},
    "premium_paid": {},
    "insurance_is": {"allowed": True},
    "standing_not": {"excluded": True},
    "min_months": {"months": True, "within_months": False},
    "filed_within": {"days": True, "excused_days": False},
}
"""The checks of eligibility with their parameters; True where a rule cannot do without."""
_LISTED = {"allowed": "insurances", "excluded": "standings"}

DECISION = "decision"
"""The step of a procedure's deadline that is also the limit from filing to closing."""

Codes = Mapping[str, tuple[Code, ...]]
Validity = tuple[date | None, date | None]


def read_procedures(folder: Folder, codes: Codes) -> tuple[Procedure, ...]:
    """``procedures.toml``: ``[[procedure]]`` with ``[[procedure.code]]`` and ``[[procedure.deadline]]``, in order."""
    outcomes = tuple(code.key for code in codes["procedures.outcome"])
    procedures = []
    for entry in once(folder.toml(PROCEDURES).only("procedure").parts("procedure"), "key"):
        entry.only("key", "names", "order", "ex_officio", "kept_apart", "outcomes", "code", "deadline", "note")
        for outcome in entry.texts("outcomes"):
            if outcomes and outcome not in outcomes:
                entry.wrong("outcomes", f"{outcome!r} is no key of the list procedures.outcome")
        published = entry.parts("code", required=False)
        _apart(((("",), each, each.validity()) for each in published), "code")
        deadlines = entry.parts("deadline", required=False)
        _apart((((each.text("step"),), each, each.validity()) for each in deadlines), "step")
        procedures.append(
            Procedure(
                key=entry.text("key"),
                names=entry.translations("names"),
                order=entry.whole("order") or 0,
                codes=tuple(_code(each) for each in published),
                ex_officio=entry.flag("ex_officio"),
                kept_apart=entry.flag("kept_apart"),
                outcomes=entry.texts("outcomes"),
                deadlines=tuple(_deadline(each) for each in deadlines),
            )
        )
    return tuple(sorted(procedures, key=lambda procedure: procedure.order))


def read_limits(folder: Folder, codes: Codes, procedures: tuple[Procedure, ...]) -> tuple[Limit, ...]:
    """``limits.csv``, then the decision deadlines of the procedures as limits of ``procedures``."""
    columns = ("subject", "category", "step", "days", "unit", "kind", "source", "confidence", "valid_from", "valid_to")
    subjects = tuple(subject.key for subject in CASES)
    rows = list(folder.table(LIMITS, columns, ("note",)))
    limits = [_limit(row, subjects, codes) for row in rows]
    keys = ((limit.subject, limit.category, limit.step) for limit in limits)
    _apart(((key, row, row.validity()) for key, row in zip(keys, rows, strict=True)), "valid_from")
    decisions = ((each, deadline) for each in procedures for deadline in each.deadlines if deadline.step == DECISION)
    return (*limits, *(_as_limit(procedure, deadline) for procedure, deadline in decisions))


def read_eligibility(folder: Folder, codes: Codes) -> tuple[EligibilityRule, ...]:
    """``eligibility.toml``: ``[[rule]]`` in order of application."""
    entries = folder.toml(ELIGIBILITY).only("rule").parts("rule")
    _apart((((each.text("key"),), each, each.validity()) for each in entries), "key")
    return tuple(_rule(entry, codes) for entry in entries)


def _key(entry: Entry, key: str, codes: Codes, name: str, *, required: bool = True) -> str:
    known = [code.key for code in codes.get(name, ())]
    return entry.refers(key, known, f"key of the list {name}", required=required)


def _code(entry: Entry) -> ProcedureCode:
    entry.only("code", "valid_from", "valid_to", "confidence")
    return ProcedureCode(entry.text("code"), *entry.validity(), entry.text("confidence"))


def _deadline(entry: Entry) -> Deadline:
    entry.only("step", "days", "unit", "kind", "source", "confidence", "valid_from", "valid_to")
    valid_from, valid_to = entry.validity()
    return Deadline(
        step=entry.text("step"),
        days=entry.whole("days") or 0,
        unit=UNITS.get(entry.text("unit", among=tuple(UNITS)), "day"),
        kind=KINDS.get(entry.text("kind", among=tuple(KINDS)), "target"),
        source=entry.text("source"),
        confidence=entry.text("confidence"),
        valid_from=valid_from,
        valid_to=valid_to,
    )


def _limit(row: Entry, subjects: tuple[str, ...], codes: Codes) -> Limit:
    subject = row.text("subject", among=subjects)
    if subject == "procedures" and row.text("step") == CLOSING:
        row.wrong("subject", f"limits of procedures to their closing are deadlines in {PROCEDURES}")
    valid_from, valid_to = row.validity()
    return Limit(
        subject=subject,
        category=_key(row, "category", codes, f"{subject}.category", required=False),
        step=row.text("step"),
        days=row.whole("days") or 0,
        unit=UNITS.get(row.text("unit", among=tuple(UNITS)), "day"),
        kind=KINDS.get(row.text("kind", among=tuple(KINDS)), "target"),
        source=row.text("source"),
        confidence=row.text("confidence"),
        valid_from=valid_from,
        valid_to=valid_to,
    )


def _rule(entry: Entry, codes: Codes) -> EligibilityRule:
    known = ("key", "check", "parameters", "reason", "names", "explanations", "source", "confidence", "note")
    entry.only(*known, "valid_from", "valid_to")
    valid_from, valid_to = entry.validity()
    return EligibilityRule(
        key=entry.text("key"),
        check=entry.text("check", among=tuple(CHECKS)),
        parameters=_parameters(entry, codes),
        reason=_key(entry, "reason", codes, "registrations.reason"),
        names=entry.translations("names"),
        explanations=entry.translations("explanations"),
        source=entry.text("source"),
        confidence=entry.text("confidence"),
        valid_from=valid_from,
        valid_to=valid_to,
    )


def _as_limit(procedure: Procedure, deadline: Deadline) -> Limit:
    return Limit(
        subject="procedures",
        category=procedure.key,
        days=deadline.days,
        unit=deadline.unit,
        kind=deadline.kind,
        source=deadline.source,
        confidence=deadline.confidence,
        valid_from=deadline.valid_from,
        valid_to=deadline.valid_to,
    )


def _parameters(entry: Entry, codes: Codes) -> dict[str, int | tuple[str, ...]]:
    known = CHECKS.get(entry.text("check"), {})
    if not known:
        if "parameters" in entry.values:
            entry.wrong("parameters", "this check takes none")
        return {}
    inner = entry.part("parameters").only(*known)
    parameters: dict[str, int | tuple[str, ...]] = {}
    for name, required in known.items():
        if name in _LISTED:
            parameters[name] = inner.texts(name, required=required)
            for key in inner.texts(name, required=False):
                if key not in [code.key for code in codes[_LISTED[name]]]:
                    inner.wrong(name, f"{key!r} is no key of the list {_LISTED[name]}")
        elif (number := inner.whole(name, required=required)) is not None:
            parameters[name] = number
    return parameters


def _apart(items: Iterable[tuple[tuple[str, ...], Entry, Validity]], key: str) -> None:
    """A problem for each entry whose validity overlaps an earlier one of the same identity."""
    earlier: dict[tuple[str, ...], list[tuple[date, date, str]]] = {}
    for identity, entry, (valid_from, valid_to) in items:
        start, end = valid_from or date.min, valid_to or date.max
        for other_start, other_end, place in earlier.get(identity, ()):
            if start <= other_end and other_start <= end:
                entry.wrong(key, f"its validity overlaps that of {place}")
        earlier.setdefault(identity, []).append((start, end, entry.place))
