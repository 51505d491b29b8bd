"""The flows of cases: which column of a fact is which milestone, and what is counted with it.

A case counts once at every milestone it has passed, on the day it passed it. ``opened`` and ``closed`` exist in every
flow, so that backlog(t) = backlog(t-1) + opened - closed holds for each. Everything a rollup holds follows from this
declaration.
"""

from __future__ import annotations

from dataclasses import dataclass

OPENED, CLOSED, DECIDED, RETURNED = "opened", "closed", "decided", "returned"
FILING = "filing"
"""The milestone of filing as it is timed from the loss of the job."""
UNRULED = "unruled"
"""The milestone of closing for the petitions that no board has ruled on."""
UNPAID = "unpaid"
"""The milestone of filing for the registrations found eligible that are not paid yet: they leave it when they are."""
GRANTED, PAID_OUT = "amount_granted", "amount_paid"
"""The milestones under which money is summed, in the month a benefit was established."""
MONTHLY = "monthly"
"""The milestone under which the monthly amounts of the benefits that run now are summed."""
TO_ESTABLISH, TO_PAY, TO_ANNOUNCE = "to_establish", "to_pay", "to_announce"
"""The milestones under which registrations stand that are found eligible and wait for social security: referred but not
established, established but not paid, and of the latter those whose account is not announced."""

SUPPORT_SCHEME = "special_support"
"""The category of registrations from outside the insurance. They fail the premium match because nobody paid one, so
rates of eligibility leave them out: counted among refusals they would make the register look at fault."""


@dataclass(frozen=True)
class Milestone:
    """A step of a flow: the column of its moment, and the columns that are told apart when it is counted.

    ``prompt`` milestones are those whose promptness is judged by filing cohort. ``since`` is the column of the day or
    moment that ages count from where that is not filing, ``amount`` the column that is summed instead of counting
    cases; milestones with either are kept only in the cube of their kind. ``unless`` are the columns of moments that
    must not have come: of those closed, the ones without a ruling. ``when`` is the outcome a case must have. With
    ``per`` the amount is divided by that column (whole units, the rest left out). ``standing`` milestones say where
    cases stand now, not what happened on a day: a case leaves them, and they are kept only in the cubes of their kind.
    """

    key: str
    at: str
    outcome: str = ""
    reason: str = ""
    timing: str = ""
    prompt: bool = False
    since: str = ""
    amount: str = ""
    unless: tuple[str, ...] = ()
    when: str = ""
    per: str = ""
    standing: bool = False


@dataclass(frozen=True)
class Turn:
    """Whose turn it is in an open case once ``after`` has happened and ``until`` has not (empty: always)."""

    actor: str
    after: str = ""
    until: str = ""


@dataclass(frozen=True)
class Step:
    """A stretch of an open case that a limit of the jurisdiction may name: it runs from ``after`` until ``until``."""

    limit: str
    after: str
    until: str


@dataclass(frozen=True)
class Flow:
    """The milestones of a subject's cases.

    ``subject`` names the flow in the rollups, ``table`` the fact table it reads. ``place`` is the column counted as
    province: cases without one do not count, and no office is told where it is not the case's own. ``category`` is the
    column counted as category; ``each`` a column of several codes of which every one counts apart, as category (a
    petition's claim types). ``traits`` are the columns a case is told apart by in months, two of them joined by ``+``
    where they are needed together, ``due`` is the day it is due (empty: the flow has none), ``turns`` says whose turn
    it is while a case is open: the first that applies. ``steps`` are the stretches that are limited one by one: where
    no limit runs to its closing, the last that an open case has entered says when it is due.
    """

    subject: str
    table: str
    milestones: tuple[Milestone, ...]
    turns: tuple[Turn, ...]
    place: str = "province"
    category: str = "category"
    each: str = ""
    traits: tuple[str, ...] = ()
    due: str = "due_on"
    steps: tuple[Step, ...] = ()

    def milestone(self, key: str) -> Milestone:
        """The milestone of that key; KeyError when the flow has none."""
        for milestone in self.milestones:
            if milestone.key == key:
                return milestone
        raise KeyError(key)


_CLAIMANT = Turn("claimant", after="returned_at", until="resubmitted_at")
_OFFICE = Turn("office")
_TRAITS = ("sex", "age", "sector", "skill")


def _waits(key: str, after: str, *unless: str) -> Milestone:
    """Found eligible and waiting for a step since another."""
    return Milestone(key, after, unless=unless, when="eligible", standing=True)


REGISTRATIONS = Flow(
    "registrations",
    "registrations",
    (
        Milestone(OPENED, "opened_at"),
        Milestone(FILING, "opened_at", since="job_lost_on"),
        Milestone(RETURNED, "returned_at"),
        Milestone("review", "review_at"),
        Milestone(DECIDED, "decided_at", outcome="outcome", reason="reason", prompt=True),
        Milestone("referred", "referred_at"),
        Milestone("established", "established_at"),
        Milestone("account", "account_at"),
        Milestone("paid", "paid_at", prompt=True),
        Milestone(UNPAID, "opened_at", unless=("paid_at",), when="eligible"),
        Milestone(CLOSED, "closed_at", outcome="outcome", timing="timing", prompt=True),
        _waits(TO_ESTABLISH, "referred_at", "established_at", "account_at", "paid_at"),
        _waits(TO_PAY, "established_at", "paid_at"),
        _waits(TO_ANNOUNCE, "established_at", "account_at", "paid_at"),
    ),
    traits=(*_TRAITS, "cause", "filer", "device", "excuse", "match"),
    turns=(_CLAIMANT, Turn("social_security", after="referred_at"), _OFFICE),
)
DISPUTES = Flow(
    "disputes",
    "disputes",
    (
        Milestone(OPENED, "opened_at", reason="filer"),
        Milestone("conciliation", "conciliation_at", outcome="outcome"),
        Milestone("hearing", "hearing_at"),
        Milestone("ruling", "ruling_at", prompt=True),
        Milestone("served", "served_at"),
        Milestone("appealed", "appealed_at"),
        Milestone("appeal_ruling", "appeal_ruling_at"),
        Milestone("enforcement", "enforcement_at"),
        Milestone("judicial_review", "judicial_review_at"),
        Milestone("judicial_ruling", "judicial_ruling_at"),
        Milestone(UNRULED, "closed_at", outcome="outcome", unless=("ruling_at",)),
        Milestone(CLOSED, "closed_at", outcome="outcome", timing="timing", prompt=True),
        Milestone("ruling_after_hearing", "ruling_at", since="hearing_at"),
        Milestone("service_after_ruling", "served_at", since="ruling_at"),
        Milestone("appeal_after_service", "appealed_at", since="served_at"),
        Milestone("ruling_after_appeal", "appeal_ruling_at", since="appealed_at"),
        Milestone("enforcement_after_end", "enforcement_at", since="closed_at"),
        Milestone("review_after_end", "judicial_review_at", since="closed_at"),
        Milestone("ruling_after_review", "judicial_ruling_at", since="judicial_review_at"),
    ),
    traits=("sector",),
    turns=(Turn("board"),),
    steps=(
        Step("ruling", "hearing_at", "ruling_at"),
        Step("appeal", "served_at", "appealed_at"),
        Step("settlement_ruling", "appealed_at", "appeal_ruling_at"),
    ),
)
DISPUTE_CLAIMS = Flow(
    "dispute_claims",
    "disputes",
    (Milestone(OPENED, "opened_at"), Milestone(CLOSED, "closed_at", outcome="outcome")),
    turns=(Turn("board"),),
    each="claim_types",
)
"""Petitions once for each type of claim they carry. Of one type alone, these are the petitions that carry it."""
PROCEDURES = Flow(
    "procedures",
    "procedures",
    (
        Milestone(OPENED, "opened_at"),
        Milestone(RETURNED, "returned_at"),
        Milestone(CLOSED, "closed_at", outcome="outcome", reason="reason", timing="timing", prompt=True),
    ),
    traits=(*_TRAITS, "skill+channel"),
    turns=(_CLAIMANT, _OFFICE),
)
TRANSFERS = Flow(
    "transfers",
    "procedures",
    (Milestone(OPENED, "opened_at"), Milestone(CLOSED, "closed_at", outcome="outcome")),
    turns=(),
    place="to_province",
    category="province",
)
"""The receiving leg of a transfer: the procedure that one province opens, counted in the other it goes to. The category
is the province it comes from."""
SERVICE_REQUESTS = Flow(
    "service_requests",
    "service_requests",
    (
        Milestone(OPENED, "opened_at"),
        Milestone(RETURNED, "returned_at"),
        Milestone("confirmed", "confirmed_at", prompt=True),
        Milestone("followed_up", "followed_up_at", prompt=True),
        Milestone("petitioned", "petitioned_at", prompt=True),
        Milestone(CLOSED, "closed_at", outcome="outcome", timing="timing", prompt=True),
    ),
    traits=("sector", "place", "filer", "filer+place"),
    turns=(_CLAIMANT, _OFFICE),
)
BENEFITS = Flow(
    "benefits",
    "benefits",
    (
        Milestone(OPENED, "opened_at"),
        Milestone("suspended", "suspended_at"),
        Milestone("resumed", "resumed_at"),
        Milestone(CLOSED, "closed_at", outcome="outcome"),
        Milestone(GRANTED, "opened_at", amount="amount_granted"),
        Milestone(PAID_OUT, "opened_at", amount="amount_paid"),
        Milestone(
            MONTHLY,
            "opened_at",
            amount="amount_granted",
            per="months_granted",
            unless=("closed_at",),
            standing=True,
        ),
    ),
    traits=_TRAITS,
    turns=(Turn("claimant", after="suspended_at", until="resumed_at"), Turn("social_security")),
)
"""``due_on`` of a benefit is the day its entitlement ends, unless it is cut off before. A suspended one rests until the
claimant does what it was suspended for: by that turn the suspended are told from those who are paid."""

FLOWS = {
    flow.subject: flow
    for flow in (REGISTRATIONS, DISPUTES, DISPUTE_CLAIMS, PROCEDURES, TRANSFERS, SERVICE_REQUESTS, BENEFITS)
}
