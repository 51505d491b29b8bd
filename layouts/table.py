"""A panel's frame as a table: the whole card of a table panel, and the view behind every chart."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.exports.words import cell, heading, is_number, missing, sentence
from dashboard.figures.look import Look
from dashboard.figures.spark import spark
from dashboard.panel import Column, Panel

_SEVERITY = {"bad": "exclamation-octagon", "attention": "exclamation-triangle"}
_FIRST_REASONS = 2


def table(panel: Panel, frame: pd.DataFrame, look: Look) -> html.Table:
    """The frame with its columns as the panel declares them; a column ``spark`` becomes a picture a row."""
    text = look.text
    courses = panel.kind == "table" and "spark" in frame
    heads = [
        html.Th(heading(column, text, frame.attrs), scope="col", className="number" if is_number(column) else None)
        for column in panel.columns
    ]
    if courses:
        heads.append(html.Th(text("column.course"), scope="col"))
    rows = [html.Tr(_row(panel, row, look, courses)) for row in frame.to_dict("records")]
    return html.Table(
        [
            html.Caption(text(f"panel.{panel.key}.title"), className="visually-hidden"),
            html.Thead(html.Tr(heads)),
            html.Tbody(rows),
        ],
        className="table",
    )


def _row(panel: Panel, row: dict[Any, Any], look: Look, courses: bool) -> list[Component]:
    cells: list[Component] = []
    for position, column in enumerate(panel.columns):
        value = row[column.name]
        content: Any = cell(column, value, look.text, look.jurisdiction)
        if column.format == "reasons":
            content = _reasons(value, str(row.get("severity", "attention")), look)
        elif column.format == "change" and not missing(value):
            content = _change(float(value), content)
        elif panel.picks == column.name:
            content = html.Button(
                content,
                className="pick",
                type="button",
                title=look.text("table.pick", name=content),
                **{"data-pick": panel.picks, "data-value": str(value)},
            )
        kind = html.Th if position == 0 else html.Td
        attributes = {"scope": "row"} if position == 0 else {}
        cells.append(kind(content, className=_class(column), **attributes))
    if courses:
        picture = html.Img(src=spark(row["spark"], look).uri, alt="", className="spark")
        cells.append(html.Td(picture, className="course"))
    return cells


def _class(column: Column) -> str | None:
    if column.format == "reasons":
        return "reasons"
    return "number" if is_number(column) else None


def _reasons(reasons: list[dict[str, Any]], severity: str, look: Look) -> list[Component]:
    """The gravest reasons as sentences, each with its sign; what is beyond them is only counted."""
    lines: list[Component] = [
        html.Div(
            [
                html.I(className=f"bi bi-{_SEVERITY[severity]} {severity}", **{"aria-hidden": "true"}),
                html.Span(look.text(f"severity.{severity}"), className="visually-hidden") if index == 0 else None,
                html.Span(sentence(reason, look.text, look.jurisdiction)),
            ],
            className="reason" if index == 0 else "reason further",
        )
        for index, reason in enumerate(reasons[:_FIRST_REASONS])
    ]
    beyond = reasons[_FIRST_REASONS:]
    if beyond:
        every = "\n".join(sentence(reason, look.text, look.jurisdiction) for reason in beyond)
        lines.append(html.Div(look.text("reason.more", n=len(beyond)), title=every, className="reason beyond"))
    return lines


def _change(value: float, written: str) -> list[Component]:
    arrow = "caret-up-fill" if value > 0 else "caret-down-fill" if value < 0 else "dash"
    return [html.I(className=f"bi bi-{arrow}", **{"aria-hidden": "true"}), html.Span(written)]
