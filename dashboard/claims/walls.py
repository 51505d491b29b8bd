"""The two walls around what a person may see: the restriction that every statement carries, and the settings that the
policies of the tables read.

Each holds without the other. A statement without its restriction is refused before it is sent; the policies
(migration 0010) let through what the settings of the transaction name and nothing else, whatever a statement says. A
policy is no index, which is why a statement restricts itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from dashboard.claims.cubes import CUBES
from dashboard.claims.flows import FLOWS
from dashboard.scope import NOTHING, Scope

_ANY_PLACE: Final = "CAST(:scope AS text[]) IS NULL"
_ANY_SUBJECT: Final = "CAST(:scope_subjects AS text[]) IS NULL"

IN_SCOPE: Final = f"({_ANY_PLACE} OR province = ANY(CAST(:scope AS text[])))"
"""Holds a table of provinces to those of the scope."""
OF_ALL: Final = f"(province = '' OR {IN_SCOPE})"
"""The same where rows of no province are everybody's."""
NATION_ONLY: Final = f"({_ANY_PLACE})"
"""Keeps a table without provinces for those who see the nation."""
SUBJECT_IN_SCOPE: Final = f"({_ANY_SUBJECT} OR subject = ANY(CAST(:scope_subjects AS text[])))"
"""Holds a table of several subjects to those of the scope."""
SUBJECT_OF_ALL: Final = f"(subject = '' OR {SUBJECT_IN_SCOPE})"
"""The same where rows of no subject are about all of them."""

PUBLIC: Final = {
    "data_version": "how often the data changed, and when: no figure",
    "published_answers": "answers that headquarters publish to all, without who asked or where",
    "published_editions": "when figures were published",
    "published_figures": "figures fit for publication, small ones withheld",
}
"""What everybody may read whose request reaches a query, with the reason."""
OF_ONE_SUBJECT: Final = frozenset(flow.table for flow in FLOWS.values())
"""Tables of single cases: each is one subject's."""
OF_NO_SUBJECT: Final = frozenset({"staffing", "readiness", "targets", "reconciliations"})
"""Tables that are about places or measures, and no subject."""
_OF_NATION: Final = frozenset(cube.table for cube in CUBES if "province" not in cube.dimensions)

_READS: Final = re.compile(r"\b(?:FROM|JOIN)\s+(?:ONLY\s+)?([\w.\"]+)(?!\w|\s*\()", re.IGNORECASE)
_LISTED: Final = re.compile(r"\bFROM\s+[\w.\"]+(?:\s+(?:AS\s+)?\w+)?\s*,", re.IGNORECASE)


class Unrestricted(ValueError):
    """A statement does not carry the restriction to the reader's scope that its tables need."""


class OutOfScope(PermissionError):
    """A statement reads a table of which nothing lies in the reader's scope."""


@dataclass(frozen=True)
class _Statement:
    """What a statement reads, and how often it holds itself to places and to subjects."""

    tables: tuple[str, ...]
    places: int
    subjects: int
    listed: bool


def parameters(statement: str, scope: Scope) -> dict[str, list[str] | None]:
    """What a statement's restrictions are bound to: ``:scope`` and ``:scope_subjects``, NULL for all there are.

    Unrestricted when a table is read without them; OutOfScope for one of which the reader may see nothing, whatever
    the statement says: cells of the nation for who sees provinces, single cases for who sees counts or other subjects,
    all that is not published for who sees only that.
    """
    read = _read(statement)
    if read.listed:
        raise Unrestricted("tables are joined by JOIN, so that each can be seen to be restricted")
    private = [table for table in read.tables if table not in PUBLIC]
    several = [table for table in private if table not in OF_NO_SUBJECT | OF_ONE_SUBJECT]
    if len(private) > read.places:
        raise Unrestricted(f"{len(private)} readings of {', '.join(private)}, {read.places} restricted to places")
    if len(several) > read.subjects:
        raise Unrestricted(f"{len(several)} readings of {', '.join(several)}, {read.subjects} restricted to subjects")
    if private and scope.published:
        raise OutOfScope(f"{private[0]} is not published")
    for table in private:
        if table in _OF_NATION and scope.provinces is not None:
            raise OutOfScope(f"{table} is about the whole nation")
        if table in OF_ONE_SUBJECT and not (scope.cases and scope.covers(table)):
            raise OutOfScope(f"{table} holds single cases that are not open to the reader")
    return {
        "scope": None if scope.provinces is None else list(scope.provinces),
        "scope_subjects": None if scope.subjects is None else list(counted(scope)),
    }


def settings(scope: Scope) -> dict[str, str]:
    """What the policies read, by setting: ``*`` for all there are, else the codes joined by commas.

    Who sees what is published sees nothing else.
    """
    if scope.published:
        scope = NOTHING
    return {
        "rasad.provinces": _joined(scope.provinces),
        "rasad.subjects": _joined(None if scope.subjects is None else counted(scope)),
        "rasad.cases": "on" if scope.cases else "off",
    }


def counted(scope: Scope) -> tuple[str, ...]:
    """The subjects of a scope as cells and feeds name them: those of its cases that are counted in other ways, too."""
    seen = scope.subjects or ()
    return (*seen, *(key for key, flow in FLOWS.items() if flow.table in seen and key not in seen))


def _joined(codes: tuple[str, ...] | None) -> str:
    if codes is None:
        return "*"
    if wrong := [code for code in codes if not code or "*" in code or "," in code]:
        raise ValueError(f"{wrong[0]!r} is no code of a province or subject")
    return ",".join(codes)


@lru_cache(maxsize=4096)
def _read(statement: str) -> _Statement:
    return _Statement(
        tuple(name.strip('"').lower() for name in _READS.findall(statement)),
        statement.count(_ANY_PLACE),
        statement.count(_ANY_SUBJECT),
        bool(_LISTED.search(statement)),
    )
