"""The rollups ("cubes") of the claims database: declared once, filled by one mechanism, chosen by one function.

A cube's row ("cell") holds ``n``, how many cases passed a milestone, for one combination of its dimensions. Every cube
begins with ``subject, milestone`` and its time column, and ends with ``source``: ``cases`` for what was counted from
facts, ``tally`` for what a province sent as counts, so that neither ever overwrites the other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from dashboard.claims.flows import (
    CLOSED,
    DECIDED,
    GRANTED,
    MONTHLY,
    OPENED,
    PAID_OUT,
    RETURNED,
    TO_ANNOUNCE,
    TO_ESTABLISH,
    TO_PAY,
    UNPAID,
    Milestone,
)

PENDING = "pending"
"""The milestone under which cases open now are kept in ``pending_cells``; it leaves no trace in any other cube."""

AGE_EDGES = (
    *range(9),
    *(10, 12, 15, 16, 18, 22, 26, 31, 36, 41, 46, 53, 61, 76, 91, 121, 151, 181, 241, 366, 548, 731, 1096),
)
"""Lower edges, in days since filing, of the bins of ages and durations: exact for a week, then some 15 % wide, and cut
where limits commonly lie (7, 14, 15, 21, 30, 35, 45, 60, 90 days)."""

AGE_BANDS = (15, 25, 35, 45, 55)
"""Lower edges, in years, of the bands that ages are counted in; the last is open."""


@dataclass(frozen=True)
class Cube:
    """A rollup table: its time column, its further dimensions and which milestones it counts (empty: all).

    ``subjects`` are the flows it counts (empty: all). ``traits`` adds the dimension ``trait``: every case counts once
    under each trait its flow declares and it has (``sector:construction``, ``age:25-34``). Told apart by all traits at
    once, nearly every case were a cell of its own. ``prompt`` limits it to milestones whose promptness is judged,
    ``ages`` admits those timed from another day than filing, ``amounts`` makes it sum amounts of money instead of
    counting cases, ``standing`` makes it hold where cases stand now and nothing else. ``keep_days`` limits the memory:
    only days of the last so many are held.
    """

    table: str
    time: str
    dimensions: tuple[str, ...]
    milestones: tuple[str, ...] = ()
    without: tuple[str, ...] = (PENDING,)
    tallies: bool = False
    traits: bool = False
    prompt: bool = False
    ages: bool = False
    amounts: bool = False
    standing: bool = False
    keep_days: int = 0
    subjects: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that identify a cell, in the order of the primary key."""
        trait = ("trait",) if self.traits else ()
        return ("subject", "milestone", self.time, *self.dimensions, *trait, "source")

    def counts(self, milestone: str, prompt: bool = False) -> bool:
        """Whether it counts cases at that milestone, of which the flow says whether it is a ``prompt`` one."""
        wanted = milestone in self.milestones if self.milestones else milestone not in self.without
        return wanted and (prompt or not self.prompt)

    def holds(self, subject: str, milestone: Milestone) -> bool:
        """Whether it counts a milestone of the flow ``subject``, or sums it."""
        if self.subjects and subject not in self.subjects:
            return False
        if (milestone.since and not self.ages) or bool(milestone.amount) is not self.amounts:
            return False
        if milestone.standing is not self.standing:
            return False
        return self.counts(milestone.key, milestone.prompt)


_FLOW = (OPENED, DECIDED, CLOSED)
_LEAN = ("province", "outcome", "reason", "timing")
_FULL = ("province", "category", "channel", "outcome", "timing")
_KIND = ("province", "category", "outcome", "timing")
_OFFICE = ("province", "office", "category", "outcome", "timing")

HOUR = Cube("hour_cells", "hour", ("province", "channel", "outcome"), _FLOW, keep_days=70)
DAY = Cube("day_cells", "day", _LEAN, tallies=True)
MONTH = Cube("month_cells", "month", _LEAN, tallies=True)
DAY_FULL = Cube("day_full_cells", "day", _FULL, _FLOW, tallies=True)
MONTH_FULL = Cube("month_full_cells", "month", (*_FULL, "reason"), _FLOW, tallies=True)
MONTH_CATEGORY = Cube("month_category_cells", "month", _KIND, _FLOW, tallies=True)
"""The months of `MONTH_FULL` without channels and reasons, which multiply its cells: categories and outcomes over years
rest on few."""
MONTH_TRAIT = Cube("month_trait_cells", "month", ("province", "category", "outcome"), (OPENED, DECIDED), traits=True)
OFFICE = Cube("office_cells", "day", _OFFICE, (*_FLOW, RETURNED), keep_days=100)
OFFICE_MONTH = Cube("office_month_cells", "month", _OFFICE, (*_FLOW, RETURNED))
COHORT = Cube("cohort_cells", "opened_day", ("province", "category", "outcome", "timing", "age"), prompt=True)
"""Its timing answers how many of the cases filed in some days were closed in time: a count by day of closing cannot."""
COHORT_MONTH = Cube(
    "cohort_month_cells",
    "opened_month",
    ("province", "category", "outcome", "timing", "age"),
    prompt=True,
    subjects=("service_requests",),
)
"""Cohorts by month of filing, where steps are followed over years."""
DURATION = Cube(
    "duration_cells", "month", ("province", "category", "age"), without=(PENDING, OPENED, UNPAID), ages=True
)
AMOUNT = Cube("amount_cells", "month", ("province", "category"), (GRANTED, PAID_OUT), amounts=True)
BOARD = Cube("board_cells", "month", ("province", "board", "outcome"), (OPENED, CLOSED), subjects=("disputes",))
"""Boards by themselves, in months: told apart in the other cubes they would multiply every cell. Filed less closed are
the disputes a board has open."""
WAITING = Cube(
    "waiting_cells",
    "day",
    ("province", "office", "channel", "category"),
    (TO_ESTABLISH, TO_PAY, TO_ANNOUNCE),
    standing=True,
)
"""Where registrations stand between ministry and social security; the day is the one since when."""
RUNNING_AMOUNT = Cube(
    "running_amount_cells", "due_on", ("province", "category", "actor"), (MONTHLY,), amounts=True, standing=True
)
"""What the benefits that run now are paid a month, by the day their entitlement ends."""
PENDING_CASES = Cube(
    "pending_cells", "opened_day", ("province", "office", "channel", "category", "actor", "due_on"), (PENDING,)
)
DUE = Cube("due_cells", "due_on", ("province", "category", "actor"), (PENDING,))
"""The cases open now without the day of filing and without offices: what is late, and when, rests on few cells."""

COUNTED = (
    *(HOUR, DAY, MONTH, DAY_FULL, MONTH_FULL, MONTH_TRAIT),
    *(OFFICE, OFFICE_MONTH, COHORT, COHORT_MONTH, DURATION, AMOUNT, BOARD, WAITING, RUNNING_AMOUNT, PENDING_CASES, DUE),
)
"""The cubes that cases are counted in one by one, all of them by province."""


def _summed(cube: Cube, *without: str) -> Cube:
    left = tuple(name for name in cube.dimensions if name not in ("province", *without))
    return replace(cube, table=f"nation_{cube.table}", dimensions=left)


OF_NATION = {
    **{cube: _summed(cube) for cube in (DAY, MONTH, DAY_FULL, MONTH_FULL, MONTH_CATEGORY, MONTH_TRAIT)},
    **{cube: _summed(cube) for cube in (COHORT, COHORT_MONTH, DURATION, RUNNING_AMOUNT, DUE)},
    PENDING_CASES: _summed(PENDING_CASES, "office", "channel"),
}
"""A cube → the same cells summed up over all provinces. Most questions are about the nation as a whole: they read a
thirtieth of the cells, and how many cells those are hardly depends on how many cases there are."""

SUMMED_UP = {
    **{cube: (nation,) for cube, nation in OF_NATION.items()},
    MONTH_FULL: (OF_NATION[MONTH_FULL], MONTH_CATEGORY),
}
"""A cube → the coarser ones whose cells are sums of its own: they are counted from those, not from the cases."""

CUBES = (*COUNTED, MONTH_CATEGORY, *OF_NATION.values())


@dataclass(frozen=True)
class Piece:
    """Days ``start`` to ``end`` (included) to be read from ``cube``."""

    cube: Cube
    start: date
    end: date


def choose(
    needed: set[str],
    milestones: set[str],
    start: date,
    end: date,
    by_day: bool,
    months: list[date],
    whole: bool = False,
) -> list[Piece]:
    """The cheapest cubes that together answer a question about the days ``start`` to ``end``, both included.

    ``needed`` are the dimensions asked for or filtered by, at ``milestones``. ``months`` are the month starts of the
    official calendar from ``start`` to the day after ``end``. Unless the answer is told apart ``by_day``, whole months
    come from a month cube and only the days at both ends from a day cube. ``whole`` says that they are whole months, of
    which what is told apart by day is told apart by month; traits, and reasons by category, are known of no others.
    """
    pairs = [(DAY, MONTH), (DAY_FULL, MONTH_CATEGORY), (DAY_FULL, MONTH_FULL), (OFFICE, OFFICE_MONTH)]
    if whole:
        pairs += [(MONTH_FULL, MONTH_FULL), (MONTH_TRAIT, MONTH_TRAIT)]
    daily, monthly = next(
        (pair for pair in pairs if all(needed <= set(cube.key) and all(map(cube.counts, milestones)) for cube in pair)),
        (None, None),
    )
    if daily is None or monthly is None:
        raise ValueError(f"no cube of days tells {', '.join(sorted(needed))} apart at {', '.join(sorted(milestones))}")
    if whole:
        return [Piece(monthly, start, end)]
    return [Piece(daily, start, end)] if by_day else in_months(daily, monthly, start, end, months)


def in_months(daily: Cube, monthly: Cube, start: date, end: date, months: list[date]) -> list[Piece]:
    """The days ``start`` to ``end``, whole months of them from ``monthly`` and those at both ends from ``daily``.

    ``months`` as in `choose`.
    """
    if len(months) < 2:
        return [Piece(daily, start, end)]
    first, last = months[0], months[-1] - timedelta(days=1)
    pieces = [Piece(monthly, first, last)]
    if start < first:
        pieces.append(Piece(daily, start, first - timedelta(days=1)))
    if last < end:
        pieces.append(Piece(daily, last + timedelta(days=1), end))
    return pieces
