"""Steps: rows that are not cases but one dated step of a case each, and the milestones they may set."""

from __future__ import annotations

from typing import Final

from dashboard.claims.flows import FLOWS
from dashboard.claims.subjects import Field, Subject

_WITH_THE_CASE: Final = ("opened_at", "returned_at", "decided_at", "paid_at", "closed_at")
"""Milestones from which other columns follow (the outcome, the day a case is due, when it was over): they come with the
record of the case."""


def milestone_columns(subject: Subject) -> tuple[str, ...]:
    """The columns of a subject that steps may set: its milestones but for those other columns follow from."""
    flow = FLOWS.get(subject.key)
    columns = (each.at for each in flow.milestones if each.at not in _WITH_THE_CASE) if flow else ()
    return tuple(dict.fromkeys(columns))


def steps_of(subject: Subject) -> Subject:
    """What a row of steps brings: the case, the source's word for the step, and when it was."""
    return Subject(
        subject.key,
        (
            Field("id", "text", required=True),
            Field("step", "text", required=True),
            Field("at", "moment", required=True),
        ),
    )
