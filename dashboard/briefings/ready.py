"""The ready briefings: for each role the questions it begins its day, its week or its month with.

Which cards, in which order, under which filters is written here and nowhere else. Figures come when one is asked for,
under the scope of who asks: a question that is not open to that person, or not known in the jurisdiction, is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dashboard.access.person import Person
from dashboard.briefings.kept import Card


@dataclass(frozen=True)
class Ready:
    """A briefing that puts itself together; its name is the text ``briefings.ready.<key>``."""

    key: str
    roles: frozenset[str]
    cards: tuple[Card, ...]


def _asked(*questions: str) -> tuple[Card, ...]:
    """Cards out of ``panel?parameters``."""
    parts = (question.partition("?") for question in questions)
    return tuple(Card(panel, query) for panel, _, query in parts)


READY: Final[tuple[Ready, ...]] = (
    Ready(
        "morning",
        frozenset({"province"}),
        _asked(
            "overview-registered-today",
            "due-late",
            "due-one",
            "due-three",
            "due-category",
            "overview-backlog",
            "due-place",
            "registrations-trend?period=30d",
            "eligibility-rate?period=30d",
            "eligibility-reasons?period=30d",
            "eligibility-gaps",
            "disputes-open?period=30d",
            "disputes-stages?period=30d",
            "procedures-on-time?period=30d",
            "procedures-each?period=30d",
            "overview-attention?period=30d",
        ),
    ),
    Ready(
        "week",
        frozenset({"hq"}),
        _asked(
            "overview-registered?period=7d",
            "overview-trend?period=30d",
            "overview-map?period=7d",
            "registrations-departing-provinces",
            "registrations-departing-sectors",
            "overview-attention?period=7d",
            "overview-eligibility?period=7d",
            "eligibility-provinces?period=30d",
            "eligibility-steps?period=90d",
            "disputes-opened?period=7d",
            "disputes-clearance?period=7d",
            "disputes-open?period=7d",
            "disputes-stages?period=90d",
            "overview-procedures-on-time?period=7d",
            "procedures-each?period=7d",
            "services-glance?period=7d",
            "due-late",
            "due-category",
            "health-feeds-silent",
            "health-feeds",
        ),
    ),
    Ready(
        "insurance",
        frozenset({"sso"}),
        _asked(
            "registrations-registered?period=7d",
            "registrations-trend?period=30d",
            "registrations-in-time?period=90d",
            "registrations-departing-provinces",
            "eligibility-rate?period=7d",
            "eligibility-at-once?period=30d",
            "eligibility-reasons?period=30d",
            "eligibility-match?period=30d",
            "eligibility-unpaid",
            "eligibility-gaps",
            "eligibility-recipients",
            "eligibility-granted?period=30d",
            "eligibility-money?period=12m",
            "eligibility-run-off",
        ),
    ),
    Ready(
        "month",
        frozenset({"analyst"}),
        _asked(
            "overview-registered?period=30d",
            "overview-trend?period=12m",
            "overview-map?period=30d",
            "overview-eligibility?period=30d",
            "registrations-schemes?period=30d",
            "registrations-channels?period=12m",
            "disputes-opened?period=30d",
            "disputes-flow?period=12m",
            "disputes-outcomes?period=30d",
            "procedures-received?period=30d",
            "procedures-each?period=30d",
            "services-received?period=30d",
            "services-glance?period=30d",
        ),
    ),
)


def ready_for(person: Person) -> tuple[Ready, ...]:
    """The ready briefings of a person's role."""
    return tuple(ready for ready in READY if person.role.key in ready.roles)
