"""Due soon: what is late, what becomes late next and by whose turn, and how much there is to do for each."""

from __future__ import annotations

from dataclasses import replace

from dashboard.figures import ranked, stacked
from dashboard.filters import SUBJECTS
from dashboard.panel import Column, Page, Panel, Query
from layouts.headline import VALUE, number
from queries import boards, due, workload

_SUBJECT = "cases"
"""All subjects whose cases an office works off."""
_NOW = frozenset({"province", "office", "channel"})
_STAFFED = frozenset({"province", "office"})
_PROVINCE = Column("province", "province", codes="provinces", picks="province")
_OFFICE = Column("office", "text", label="column.office", codes="offices", labels="due.place", picks="office")
_SOON = (
    Column("late", measure="overdue"),
    Column("in_one", label="due.part.in_one"),
    Column("in_three", label="due.part.in_three"),
    Column("in_seven", label="due.part.in_seven"),
    Column("later", label="column.due_later"),
    Column("free", label="column.due_free"),
)


def _number(name: str, measure: str, query: Query) -> Panel:
    columns = (*VALUE[:2], Column("n", label="column.due_limited"))
    return number(f"due-{name}", query, (measure,), _SUBJECT, _NOW, 3, columns)


def _load(name: str, measure: str, staff: str, cases: str, query: Query) -> Panel:
    return Panel(
        key=f"due-{name}",
        query=query,
        columns=(
            _PROVINCE,
            _OFFICE,
            Column(measure, measure=measure),
            Column("cases", label=cases),
            Column(staff, label=f"column.{staff}"),
            Column("unrecorded", label="column.unrecorded"),
        ),
        measures=(measure,),
        n=("cases",),
        figure=ranked.draw,
        subject=_SUBJECT,
        answers=_STAFFED,
        width=6,
        height=400,
    )


DUE = Page(
    key="due",
    path="/due",
    icon="alarm",
    right="operations",
    panels=(
        _number("late", "overdue", due.late),
        _number("one", "due_in_one", due.late_in_one),
        _number("three", "due_in_three", due.late_in_three),
        _number("seven", "due_in_seven", due.late_in_seven),
        Panel(
            key="due-category",
            query=due.by_category,
            columns=(
                Column("subject", "text", label="column.subject", labels="show"),
                Column("category", "category", label="column.category"),
                *_SOON,
            ),
            measures=("overdue", "due_in_seven"),
            figure=stacked.draw,
            subject=_SUBJECT,
            answers=_NOW,
            width=6,
            height=360,
        ),
        Panel(
            key="due-actor",
            query=due.by_actor,
            columns=(Column("actor", "text", label="column.actor", labels="due.actor"), *_SOON),
            measures=("overdue", "due_in_seven"),
            n=(*due.PARTS, "later"),
            figure=stacked.draw,
            subject=_SUBJECT,
            answers=_NOW,
            width=6,
            height=360,
        ),
        Panel(
            key="due-place",
            query=due.by_place,
            columns=(_PROVINCE, _OFFICE, *_SOON),
            measures=("overdue", "due_in_seven"),
            n=(*due.PARTS, "later"),
            figure=stacked.draw,
            subject=_SUBJECT,
            answers=_NOW,
            width=6,
            height=320,
        ),
        Panel(
            key="due-age",
            query=due.how_late,
            columns=(
                Column("band", "text", label="column.band", labels="due.band"),
                Column("overdue", measure="overdue"),
                *(Column(subject, label=f"show.{subject}") for subject in SUBJECTS),
            ),
            measures=("overdue",),
            n=("overdue",),
            figure=stacked.draw,
            subject=_SUBJECT,
            answers=_NOW,
            width=6,
            height=320,
        ),
        _load("experts", "per_expert", "experts", "column.in_hand", workload.per_expert),
        replace(
            _load("closing", "closed_per_expert", "experts", "measure.closed.label", workload.closed_per_expert),
            answers=_STAFFED | {"period"},
        ),
        _load("boards", "per_board", "boards", "column.waiting", workload.per_board),
        Panel(
            key="due-board",
            query=boards.open_now,
            columns=(
                Column("board", "text", label="column.board"),
                _PROVINCE,
                Column("board_open", measure="board_open"),
                Column("share", "share", label="column.board_share"),
            ),
            measures=("board_open",),
            n=("board_open",),
            figure=ranked.draw,
            subject="disputes",
            answers=frozenset({"province"}),
            width=6,
            height=400,
        ),
    ),
)
"""The page a director opens first: of today, whatever the period; only what experts closed is of the period."""
