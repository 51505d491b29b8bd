"""The code lists: every key a record may carry, with its names."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.jurisdictions.entries import Folder
from dashboard.jurisdictions.model import Code
from dashboard.jurisdictions.places import once

CODES = "codes.csv"

LISTS = (
    "benefits.category",
    "benefits.outcome",
    "causes",
    "channels",
    "claim_types",
    "devices",
    "disputes.category",
    "disputes.outcome",
    "excuses",
    "filers",
    "insurances",
    "offices.kind",
    "places",
    "procedures.outcome",
    "procedures.reason",
    "registrations.category",
    "registrations.outcome",
    "registrations.reason",
    "sectors",
    "service_requests.category",
    "service_requests.outcome",
    "sexes",
    "skills",
    "standings",
)
"""The lists of ``codes.csv``. ``procedures.category`` is not among them: its keys are those of the procedures."""

COMMON = {
    "filers": ("association", "employer", "worker"),
    "insurances": ("compulsory", "optional", "self_employed"),
    "registrations.outcome": ("eligible", "not_eligible", "withdrawn"),
    "sexes": ("female", "male"),
    "standings": ("active", "disabled", "foreign", "retired"),
}
"""Keys that mean the same everywhere, for measures and rules name them: a folder has these and may have more."""


def read_codes(folder: Folder) -> Mapping[str, tuple[Code, ...]]:
    """``codes.csv``: every list of ``LISTS`` with at least one key, each key once in its list."""
    lists: dict[str, list[Code]] = {name: [] for name in LISTS}
    found = len(folder.problems)
    for row in once(folder.table(CODES, ("list", "key", "name"), ("note",)), "list", "key"):
        name = row.text("list", among=LISTS)
        code = Code(row.text("key"), row.names(), row.text("note", required=False))
        lists.setdefault(name, []).append(code)
    if not any(problem.file == CODES for problem in folder.problems[found:]):
        for name, codes in lists.items():
            if not codes:
                folder.wrong(CODES, "", name, "the list has no key")
            for key in COMMON.get(name, ()):
                if codes and all(code.key != key for code in codes):
                    folder.wrong(CODES, "", name, f"the key {key!r} is missing")
    return {name: tuple(codes) for name, codes in lists.items()}
