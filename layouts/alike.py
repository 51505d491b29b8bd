"""Like cases alike: which offices decide otherwise than the others, by more than chance explains?"""

from __future__ import annotations

from dashboard.figures import control
from dashboard.panel import Column, Page, Panel, Query
from queries import alike

_ANSWERS = frozenset({"period", "province"})
_OFFICE = Column("key", "text", label="column.office_compared", codes="offices")
_CASES = Column("n", label="column.n")
_PROVINCE = Column("province", "province", codes="provinces")
_OFF = Column("off", "points", label="column.off")
_LIMITS = (Column("low", "share", label="column.limit_low"), Column("high", "share", label="column.limit_high"))


def _pair(name: str, measure: str, counted: str, query: Query, outside: Query) -> tuple[Panel, Panel]:
    """A funnel of a rate and beside it the offices outside; ``counted`` is the measure of the cases it rests on."""
    n = Column("n", measure=counted) if counted else _CASES
    rate = Column("rate", "share", measure=measure)
    funnel = Panel(
        key=f"alike-{name}",
        query=query,
        columns=(_OFFICE, _PROVINCE, n, rate, _OFF, *_LIMITS),
        measures=(measure,),
        figure=control.draw,
        subject=_SUBJECTS[name],
        answers=_ANSWERS,
        picks="province",
        width=7,
        height=430,
    )
    table = Panel(
        key=f"alike-{name}-outside",
        query=outside,
        columns=(_OFFICE, Column("reasons", "reasons", label="column.finding"), _CASES, rate, _OFF, _PROVINCE),
        measures=(measure,),
        kind="table",
        subject=_SUBJECTS[name],
        answers=_ANSWERS,
        picks="province",
        width=5,
        height=430,
    )
    return funnel, table


_SUBJECTS = {
    "eligibility": "registrations",
    "returned": "registrations",
    "approved": "procedures",
    "ruled": "disputes",
}

ALIKE = Page(
    key="alike",
    path="/alike",
    icon="distribute-horizontal",
    panels=(
        *_pair("eligibility", "eligibility_rate", "decided", alike.eligibility, alike.eligibility_outside),
        *_pair("returned", "office_return_rate", "registered", alike.returned, alike.returned_outside),
        *_pair("approved", "office_grant_rate", "", alike.approved, alike.approved_outside),
        *_pair("ruled", "office_ruling_rate", "", alike.ruled, alike.ruled_outside),
    ),
)
"""Each rate as a funnel and as the table of those outside it."""
