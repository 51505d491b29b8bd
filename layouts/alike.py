"""Like cases alike: which offices decide otherwise than the others, by more than chance explains?"""

from __future__ import annotations

from dashboard.figures import control
from dashboard.panel import Column, Page, Panel, Query
from queries import alike, boards

_ANSWERS = frozenset({"period", "province"})
_OFFICE = Column("key", "text", label="column.office_compared", codes="offices")
_BOARD = Column("key", "text", label="column.board")
_CASES = Column("n", label="column.n")
_PROVINCE = Column("province", "province", codes="provinces", picks="province")
_OFF = Column("off", "points", label="column.off")
_FINDING = Column("reasons", "reasons", label="column.finding")
_LIMITS = (Column("low", "share", label="column.limit_low"), Column("high", "share", label="column.limit_high"))


def _pair(
    subject: str,
    name: str,
    measure: str,
    query: Query,
    outside: Query,
    n: Column = _CASES,
    who: tuple[Column, ...] = (_OFFICE, _PROVINCE),
) -> tuple[Panel, Panel]:
    """A funnel of a rate and beside it those outside; ``n`` is the column of the cases it rests on, ``who`` those that
    say whose rate it is.
    """
    rate = Column("rate", "share", measure=measure)
    first, last = who[:1], who[1:]
    funnel = Panel(
        key=f"alike-{name}",
        query=query,
        columns=(*first, *last, n, rate, _OFF, *_LIMITS),
        measures=(measure,),
        n=("n",),
        figure=control.draw,
        subject=subject,
        answers=_ANSWERS,
        width=6,
        height=430,
    )
    table = Panel(
        key=f"alike-{name}-outside",
        query=outside,
        columns=(*first, _FINDING, _CASES, rate, _OFF, *last),
        measures=(measure,),
        kind="table",
        subject=subject,
        answers=_ANSWERS,
        width=6,
        height=430,
    )
    return funnel, table


_FILED = Column("n", measure="registered")
_DECIDED = Column("n", measure="decided")
_ELIGIBILITY = (alike.eligibility, alike.eligibility_outside)
_OVERRIDDEN = (alike.overridden, alike.overridden_outside)
_BOARDS = (boards.ruled, boards.ruled_outside)

ALIKE = Page(
    key="alike",
    path="/alike",
    icon="distribute-horizontal",
    right="operations",
    panels=(
        *_pair("registrations", "eligibility", "eligibility_rate", *_ELIGIBILITY, _DECIDED),
        *_pair("registrations", "returned", "office_return_rate", alike.returned, alike.returned_outside, _FILED),
        *_pair("registrations", "overridden", "overridden", *_OVERRIDDEN, who=(_PROVINCE,)),
        *_pair("procedures", "approved", "office_grant_rate", alike.approved, alike.approved_outside),
        *_pair("disputes", "ruled", "office_ruling_rate", alike.ruled, alike.ruled_outside),
        *_pair("disputes", "boards", "board_ruling_rate", *_BOARDS, who=(_BOARD, _PROVINCE)),
    ),
)
"""Each rate as a funnel and as the table of those outside it."""
