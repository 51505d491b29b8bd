"""A chart is one entry: a Panel. From it follow the card, table, states, data out, API and tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

    from dashboard.claims.database import Database
    from dashboard.figures.look import Look
    from dashboard.filters import Filters
    from dashboard.scope import Scope

Query = Callable[["Database", "Filters", "Scope"], "pd.DataFrame"]
Figure = Callable[["pd.DataFrame", "Look"], "go.Figure"]
Format = Literal[
    "count", "share", "change", "points", "days", "day", "moment", "text", "province", "category", "reasons", "hour"
]


@dataclass(frozen=True)
class Column:
    """A column of a panel's frame as readers see it, in table, file and API.

    ``label`` is a text key; a measure's key in ``measure`` gives label and format instead. ``codes`` names the
    jurisdiction's list that turns keys into names.
    """

    name: str
    format: Format = "count"
    label: str = ""
    measure: str = ""
    codes: str = ""


@dataclass(frozen=True)
class Panel:
    """One question of a page and how it is answered.

    ``key`` names it in ids, addresses and files (``overview-trend``); its title and subtitle are the texts
    ``panel.<key>.title`` and ``.subtitle``. ``query`` answers with the frame of ``columns``; ``figure`` draws it, a
    panel without one is a headline number (``kind="number"``) or a table. ``measures`` give definition and unit.
    ``answers`` names the filters the query heeds: any other that is set is named on the card. ``picks`` is the filter
    that a click writes, from the frame's column of that name. ``subject`` is what it is about, empty where that is the
    filters' own; ``otherwise`` is the same card with the columns and measures of any subject but registrations.
    """

    key: str
    query: Query
    columns: tuple[Column, ...]
    measures: tuple[str, ...]
    figure: Figure | None = None
    kind: Literal["figure", "number", "table"] = "figure"
    answers: frozenset[str] = frozenset({"period", "compare", "province", "channel"})
    picks: str = ""
    subject: str = ""
    otherwise: Panel | None = None
    width: int = 6
    height: int = 320

    def about(self, subject: str) -> Panel:
        """The panel as it is when ``subject`` is asked about."""
        return self if self.otherwise is None or subject == "registrations" else self.otherwise

    @property
    def follows(self) -> bool:
        """Whether it is about the subject that the filters name."""
        return not self.subject


@dataclass(frozen=True)
class Page:
    """An address with its panels. Its title is the text ``page.<key>.title``; ``icon`` a Bootstrap icon's name."""

    key: str
    path: str
    icon: str
    panels: tuple[Panel, ...]
