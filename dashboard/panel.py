"""A chart is one entry: a Panel. From it follow the card, table, states, data out, API and tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from dashboard.claims.flows import FLOWS
from dashboard.claims.subjects import SUBJECTS
from dashboard.filters import HEEDED

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go
    from dash.development.base_component import Component

    from dashboard.access.person import Person
    from dashboard.access.roles import Right
    from dashboard.claims.database import Database
    from dashboard.figures.look import Look
    from dashboard.filters import Filters
    from dashboard.jurisdictions import Jurisdiction
    from dashboard.scope import Scope
    from dashboard.text import Text

Query = Callable[["Database", "Filters", "Scope"], "pd.DataFrame"]
Figure = Callable[["pd.DataFrame", "Look"], "go.Figure"]
Format = Literal[
    "count",
    "share",
    "change",
    "points",
    "score",
    "money",
    "days",
    "hours",
    "day",
    "month",
    "moment",
    "text",
    "province",
    "category",
    "reasons",
    "hour",
]
_APART = ("trait", "office", "channel")


@dataclass(frozen=True)
class Column:
    """A column of a panel's frame as readers see it, in table, file and API.

    ``label`` is a text key; a measure's key in ``measure`` gives label and format instead. ``codes`` names the
    jurisdiction's list that turns keys into names; ``labels`` is how the text keys of such names begin. ``picks`` is
    the filter that its values are values of, ``period`` for the bins of a time axis, ``trait:sector`` for a trait of
    one kind: a click on what stands for a row writes it (`dashboard.picks`). ``beneath`` puts it in tables into the
    cell of the column before it, on a line of its own where it has a value: what is read together stands together.
    """

    name: str
    format: Format = "count"
    label: str = ""
    measure: str = ""
    codes: str = ""
    labels: str = ""
    picks: str = ""
    beneath: bool = False


@dataclass(frozen=True)
class Published:
    """How a panel is answered to who sees only what is fit for publication.

    ``query`` reads published figures and nothing else (`queries.published`). ``lacks`` names the columns that none of
    them tells. ``answers`` are the filters heeded; of province, category and channel one at a time, since nothing is
    published by two of them.
    """

    query: Query
    lacks: frozenset[str] = frozenset()
    answers: frozenset[str] = frozenset({"period", "compare"})


@dataclass(frozen=True)
class Panel:
    """One question of a page and how it is answered.

    ``key`` names it in ids, addresses and files (``overview-trend``); its title and subtitle are the texts
    ``panel.<key>.title`` and ``.subtitle``. ``query`` answers with the frame of ``columns``; ``figure`` draws it, a
    panel without one is a headline number (``kind="number"``) or a table. ``measures`` give definition and unit.
    ``answers`` names the filters the query heeds (out of `dashboard.filters.NAMES`): it never sees any other, and one
    that is set is named on the card. ``subject`` is what it is about, empty where that is the filters' own, a name of
    its own where that is no subject of cases; ``otherwise`` is the same card with the columns and measures of any
    subject but registrations. ``n`` names the columns that add up, over all rows, to the number of cases that the
    answer rests on. ``traits`` are the kinds of trait it can count by (empty: those of its subject). ``ages`` says that
    the answer is another one as time passes, without new data: hours of silence, hours waited. ``needs`` is the
    category it is all about (``service_requests:contracts``): where the jurisdiction has none such, there is no card.
    ``published`` is how it is answered from published figures; a panel without is shown to nobody who sees only those.
    Of the filters in ``apart`` one is heeded at a time, the first that is set.
    """

    key: str
    query: Query
    columns: tuple[Column, ...]
    measures: tuple[str, ...]
    figure: Figure | None = None
    kind: Literal["figure", "number", "table"] = "figure"
    answers: frozenset[str] = HEEDED
    subject: str = ""
    otherwise: Panel | None = None
    n: tuple[str, ...] = ()
    ages: bool = False
    traits: tuple[str, ...] = ()
    needs: str = ""
    published: Published | None = None
    apart: tuple[str, ...] = _APART
    width: int = 6
    height: int = 320

    def there(self, jurisdiction: Jurisdiction) -> bool:
        """Whether the jurisdiction has what it is about."""
        subject, _, category = self.needs.partition(":")
        return not self.needs or category in {code.key for code in jurisdiction.codes.get(f"{subject}.category", ())}

    def within(self, scope: Scope) -> bool:
        """Whether a scope holds what it is about. Of what is about several subjects its queries give those in scope."""
        return scope.covers(self.subject) if self.subject in SUBJECTS else scope.subjects != ()

    def about(self, subject: str) -> Panel:
        """The panel as it is when ``subject`` is asked about."""
        return self if self.otherwise is None or subject == "registrations" else self.otherwise

    def seen_by(self, scope: Scope) -> Panel | None:
        """The panel as a reader gets it: itself, or what is published of it; ``None`` where that is nothing."""
        if not scope.published:
            return self
        otherwise = self.otherwise.seen_by(scope) if self.otherwise is not None else None
        if self.published is None or (self.otherwise is not None and otherwise is None):
            return None
        lacks = self.published.lacks
        kept = tuple(column for column in self.columns if column.name not in lacks)
        untold = {name for column in self.columns if column.name in lacks for name in (column.name, column.measure)}
        return replace(
            self,
            query=self.published.query,
            columns=kept,
            measures=tuple(key for key in self.measures if key not in untold) or self.measures[:1],
            answers=self.published.answers,
            apart=("province", "category", "channel"),
            otherwise=otherwise,
            ages=False,
        )

    def rests_on(self, frame: pd.DataFrame) -> int | None:
        """How many cases an answer rests on; ``None`` where it counts none.

        Where rows overlap, or hold what stands in no total, nothing adds up: the query says the number itself, as
        ``frame.attrs["n"]``.
        """
        if "n" in frame.attrs:
            return None if frame.attrs["n"] is None else int(frame.attrs["n"])
        return int(frame[list(self.n)].fillna(0).to_numpy(dtype=float).sum()) if self.n else None

    @property
    def follows(self) -> bool:
        """Whether it is about the subject that the filters name."""
        return not self.subject

    def heeds(self, filters: Filters) -> frozenset[str]:
        """The names of the filters that its query heeds in this question.

        Categories and traits mean something only for their own subject. What a claimant is, at which office and by
        which channel are not counted together: of those that are set the first in this order is heeded (``apart``).
        """
        about = self.subject or filters.subject
        heeded = set(self.answers)
        kinds = self.traits or (FLOWS[about].traits if about in FLOWS else ())
        if about != filters.subject:
            heeded.discard("category")
        if filters.trait.partition(":")[0] not in kinds:
            heeded.discard("trait")
        apart = [name for name in self.apart if name in heeded and name in filters.chosen]
        if filters.claim and "trait" in apart:  # a type of claim is counted as a category is
            apart.remove("trait")
        return frozenset(heeded.difference(apart[1:]))

    def heeded(self, filters: Filters) -> Filters:
        """The part of a question that its query sees, and nothing else depends on."""
        about = self.subject or filters.subject
        return replace(filters.only(self.heeds(filters)), subject=about, usual=about)

    def unheeded(self, filters: Filters) -> tuple[str, ...]:
        """The names of the filters that are set and not heeded; a step only where there is a time axis to cut."""
        left = set(filters.chosen) - self.heeds(filters)
        if all(column.name != "bin" for column in self.columns):
            left.discard("step")
        return tuple(name for name in filters.chosen if name in left)


@dataclass(frozen=True)
class Page:
    """An address with its panels. Its title is the text ``page.<key>.title``; ``icon`` a Bootstrap icon's name.

    ``right`` is what a person needs for it: every page says so, for without one nobody has it.
    ``subject`` is the one its filter of categories speaks of, and that its panels without a subject are about; empty
    where that is the reader's choice or where there is none. ``body`` builds what stands above its cards, where they
    are not all there is: a list of cases, a form; ``choosing`` says that it lets choose the subject, ``beneath`` that
    addresses beneath the page's own are its own too. ``answers`` names the filters that the body heeds. ``needs`` is
    what a jurisdiction must define for the page to be there. A page ``aside`` is in no navigation: the menu of the
    person leads to it.
    """

    key: str
    path: str
    icon: str
    panels: tuple[Panel, ...]
    right: Right
    subject: str = ""
    body: Callable[[Text, Jurisdiction, Person], Component] | None = None
    choosing: bool = False
    beneath: bool = False
    answers: frozenset[str] = frozenset()
    needs: Literal["", "index"] = ""
    aside: bool = False

    @property
    def chooses(self) -> bool:
        """Whether its reader chooses the subject."""
        return not self.subject and (self.choosing or any(panel.otherwise is not None for panel in self.panels))

    @property
    def heeds(self) -> frozenset[str]:
        """The names of the filters that anything on it heeds; of any other there is nothing to choose."""
        cards = [card for panel in self.panels for card in (panel, panel.otherwise) if card is not None]
        return self.answers.union(*(card.answers for card in cards))
