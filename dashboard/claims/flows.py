"""The flows of cases: which column of a fact is which milestone, and what is counted with it.

A case counts once at every milestone it has passed, on the day it passed it. ``opened`` and ``closed`` exist in every
flow, so that backlog(t) = backlog(t-1) + opened - closed holds for each. The expressions are SQL over the columns of
one fact row; everything a rollup holds follows from this declaration.
"""

from __future__ import annotations

from dataclasses import dataclass

OPENED, CLOSED, DECIDED = "opened", "closed", "decided"

SUPPORT_SCHEME = "special_support"
"""The category of registrations from outside the insurance. They fail the premium match because nobody paid one, so
rates of eligibility leave them out: counted among refusals they would make the register look at fault."""


@dataclass(frozen=True)
class Milestone:
    """A step of a flow: the moment column, and what is told apart when it is counted."""

    key: str
    at: str
    outcome: str = ""
    reason: str = ""
    timing: str = ""


@dataclass(frozen=True)
class Flow:
    """The milestones of a subject's cases.

    ``subject`` names the flow in the rollups, ``table`` the fact table it reads. ``category`` is the expression counted
    as category; ``unnest`` an array column of which every element counts apart (a petition's claim types).
    ``traits`` are the columns a case is told apart by in months. ``next_actor`` says whose turn it is while a case is open, ``due`` is the day it is due (empty: the flow has none).
    """

    subject: str
    table: str
    milestones: tuple[Milestone, ...]
    category: str = "category"
    unnest: str = ""
    traits: tuple[str, ...] = ()
    next_actor: str = "'office'"
    due: str = "due_on"

    def milestone(self, key: str) -> Milestone:
        """The milestone of that key; KeyError when the flow has none."""
        for milestone in self.milestones:
            if milestone.key == key:
                return milestone
        raise KeyError(key)


_WAITS_FOR_CLAIMANT = "CASE WHEN returned_at IS NOT NULL AND resubmitted_at IS NULL THEN 'claimant' ELSE 'office' END"
_TRAITS = ("sex", "age", "sector", "skill")

REGISTRATIONS = Flow(
    "registrations",
    "registrations",
    (
        Milestone(OPENED, "opened_at"),
        Milestone("returned", "returned_at"),
        Milestone("review", "review_at"),
        Milestone(DECIDED, "decided_at", outcome="outcome", reason="reason"),
        Milestone("referred", "referred_at"),
        Milestone("established", "established_at"),
        Milestone("account", "account_at"),
        Milestone("paid", "paid_at"),
        Milestone(CLOSED, "closed_at", outcome="outcome", timing="timing"),
    ),
    traits=(*_TRAITS, "cause"),
    next_actor=(
        "CASE WHEN returned_at IS NOT NULL AND resubmitted_at IS NULL THEN 'claimant' "
        "WHEN referred_at IS NOT NULL THEN 'social_security' ELSE 'office' END"
    ),
)
DISPUTES = Flow(
    "disputes",
    "disputes",
    (
        Milestone(OPENED, "opened_at", reason="filer"),
        Milestone("conciliation", "conciliation_at"),
        Milestone("hearing", "hearing_at"),
        Milestone("ruling", "ruling_at"),
        Milestone("served", "served_at"),
        Milestone("appealed", "appealed_at"),
        Milestone("appeal_ruling", "appeal_ruling_at"),
        Milestone("enforcement", "enforcement_at"),
        Milestone(CLOSED, "closed_at", outcome="outcome", timing="timing"),
    ),
    traits=("sector",),
    next_actor="'board'",
)
DISPUTE_CLAIMS = Flow(
    "dispute_claims",
    "disputes",
    (Milestone(OPENED, "opened_at"), Milestone(CLOSED, "closed_at", outcome="outcome")),
    category="claim_type",
    unnest="claim_types",
)
PROCEDURES = Flow(
    "procedures",
    "procedures",
    (
        Milestone(OPENED, "opened_at"),
        Milestone("returned", "returned_at"),
        Milestone(CLOSED, "closed_at", outcome="outcome", reason="reason", timing="timing"),
    ),
    traits=_TRAITS,
    next_actor=_WAITS_FOR_CLAIMANT,
)
SERVICE_REQUESTS = Flow(
    "service_requests",
    "service_requests",
    (
        Milestone(OPENED, "opened_at"),
        Milestone("returned", "returned_at"),
        Milestone(CLOSED, "closed_at", outcome="outcome", timing="timing"),
    ),
    traits=("sector",),
    next_actor=_WAITS_FOR_CLAIMANT,
)
BENEFITS = Flow(
    "benefits",
    "benefits",
    (
        Milestone(OPENED, "opened_at"),
        Milestone("suspended", "suspended_at"),
        Milestone("resumed", "resumed_at"),
        Milestone(CLOSED, "closed_at", outcome="outcome"),
    ),
    traits=_TRAITS,
    next_actor="'social_security'",
    due="",
)

FLOWS = {
    flow.subject: flow
    for flow in (REGISTRATIONS, DISPUTES, DISPUTE_CLAIMS, PROCEDURES, SERVICE_REQUESTS, BENEFITS)
}
