"""What every headline number says of itself, the same on all pages: the columns of its row, and the panel around it."""

from __future__ import annotations

from dashboard.panel import Column, Panel, Query

VALUE = (
    Column("measure", "text", label="column.measure"),
    Column("value", label="column.value"),
    Column("compared", label="column.compared"),
)
"""The number and the same over the compared days."""
HEADLINE = (*VALUE, Column("n", label="column.n"))
"""The columns of `queries.headlines.headline`: the number and the cases it rests on."""
STOCK = (*HEADLINE, Column("age", "days", measure="backlog_age"), Column("overdue", measure="overdue"))
"""Of cases that are open: also how old they are and how many are overdue."""


def number(
    key: str,
    query: Query,
    measures: tuple[str, ...],
    subject: str,
    answers: frozenset[str],
    width: int,
    columns: tuple[Column, ...] = HEADLINE,
    ages: bool = False,
) -> Panel:
    """A headline number of a page."""
    return Panel(
        key=key,
        query=query,
        columns=columns,
        measures=measures,
        kind="number",
        subject=subject,
        answers=answers,
        ages=ages,
        width=width,
    )
