"""A panel's frame as a table: the whole card of a table panel, and the view behind every chart."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.exports.words import cell, heading, is_number, is_withheld, missing, sentence
from dashboard.figures.look import Look
from dashboard.figures.spark import spark
from dashboard.panel import Column, Panel
from dashboard.picks import Picks, key_of
from layouts.drill import of_reason
from layouts.marks import icon, marked

_SEVERITY = {"bad": "exclamation-octagon", "attention": "exclamation-triangle", "good": "check2-circle"}


def table(panel: Panel, frame: pd.DataFrame, look: Look) -> html.Table:
    """The frame with its columns as the panel declares them.

    A column without any value is left out. Where the table is the card itself, a change stands beside the number it
    belongs to, and a column ``spark`` becomes a picture a row.
    """
    text = look.text
    own = panel.kind == "table"
    courses = own and "spark" in frame
    withheld = frame.attrs.get("withheld", {})
    columns = [c for c in panel.columns if not frame[c.name].isna().all() or withheld.get(c.name)]
    groups = _groups(columns) if own else [[column] for column in columns]
    heads = [html.Th(heading(first, text, frame.attrs), scope="col", className=_class(first)) for first, *_ in groups]
    if courses:
        heads.append(html.Th(text("column.course"), scope="col"))
    lines = any(column.beneath for group in groups for column in group[1:])
    kinds = ["table", *(["of-lines"] if lines else [])]
    kinds += ["of-reasons"] if any(column.format == "reasons" for column in columns) else []
    records = enumerate(frame.to_dict("records"))
    rows = [html.Tr(_row(groups, place, row, look, courses, frame.attrs)) for place, row in records]
    return html.Table(
        [
            html.Caption(text(f"panel.{panel.key}.title"), className="visually-hidden"),
            html.Thead(html.Tr(heads)),
            html.Tbody(rows),
        ],
        className=" ".join(kinds),
    )


def _groups(columns: list[Column]) -> list[list[Column]]:
    """The columns that share a cell: a change joins the number before it, others stand beneath what they belong to."""
    groups: list[list[Column]] = []
    for column in columns:
        if groups and (column.beneath or column.format == "change"):
            groups[-1].append(column)
        else:
            groups.append([column])
    return groups


def _row(
    groups: list[list[Column]],
    place: int,
    row: dict[Any, Any],
    look: Look,
    courses: bool,
    attrs: Mapping[Any, Any],
) -> list[Component]:
    cells: list[Component] = []
    for position, (first, *further) in enumerate(groups):
        content = [
            _withheld(look) if is_withheld(attrs, first.name, place) else _content(first, row, look, attrs),
            *_further(further, row, look),
        ]
        kind = html.Th if position == 0 else html.Td
        attributes = marked({"scope": "row"} if position == 0 else {})
        beneath = [f"with-{column.name}" for column in further if column.beneath and _told(row[column.name])]
        cells.append(kind(content, className=" ".join([_class(first), *beneath]), **attributes))
    if courses:
        picture = html.Img(src=spark(row["spark"], look).uri, alt="", className="spark")
        cells.append(html.Td(picture, className="course"))
    return cells


def _further(columns: list[Column], row: dict[Any, Any], look: Look) -> Iterator[Component]:
    """What shares the cell of another column: a change beside it, else a line each, of what there is."""
    for column in columns:
        value = row[column.name]
        written = _written(column, value, look, {})
        if not column.beneath:
            yield _change(value, written)
        elif _told(value):
            name = html.Span(heading(column, look.text), className="beneath-name")
            yield html.Div([name, " ", written], className=f"beneath col-{column.name}")


def _told(value: Any) -> bool:
    return not missing(value) and value != ""


def _written(column: Column, value: Any, look: Look, attrs: Mapping[Any, Any]) -> str:
    """A value in words; the number of a report, a batch or a line, which is a name and no count, in the digits too."""
    written = cell(column, value, look.text, look.jurisdiction, attrs)
    return look.text.digits(written) if isinstance(value, str) and value.isdecimal() else written


def _content(column: Column, row: dict[Any, Any], look: Look, attrs: Mapping[Any, Any]) -> Any:
    value = row[column.name]
    if column.format == "reasons":
        return _reasons(value, row, look)
    written = _written(column, value, look, attrs)
    picks: Picks = attrs.get("picks", {})
    asked = picks.get(column.name, {}).get(key_of(value))
    if not asked:
        return written
    what = "table.pick.cases" if "gap" in asked else "table.pick.period" if "period" in asked else "table.pick"
    return html.Button(
        written,
        className="pick",
        type="button",
        title=look.text(what, name=written),
        **marked({"data-picks": json.dumps(asked)}),
    )


def _withheld(look: Look) -> html.Span:
    return html.Span(look.text("value.withheld"), className="withheld")


def _class(column: Column) -> str:
    """Its own class for each column, so that a narrow screen can give each its place."""
    kind = "reasons" if column.format == "reasons" else "number" if is_number(column) else "words"
    return f"{kind} col-{column.name}"


def _reasons(reasons: list[dict[str, Any]], row: dict[Any, Any], look: Look) -> html.Div:
    """The gravest reason as a sentence with its sign; the others one click away. Each leads to what shows it."""
    severity = str(row.get("severity", "attention"))
    first, *others = [_sentence(reason, row, look) for reason in reasons]
    lines: list[Component] = [
        html.Div(
            [
                icon(_SEVERITY[severity], severity),
                html.Span([html.Span(look.text(f"severity.{severity}") + " ", className="visually-hidden"), first]),
            ],
            className="reason",
        )
    ]
    if others:
        more = html.Summary(look.text("reason.more", n=len(others)))
        lines.append(html.Details([more, html.Ul([html.Li(other) for other in others])], className="further"))
    return html.Div(lines)


def _sentence(reason: dict[str, Any], row: dict[Any, Any], look: Look) -> Any:
    written, address = sentence(reason, look.text, look.jurisdiction), of_reason(reason, row, look.jurisdiction)
    if not address:
        return written
    return html.A(written, href=address, **marked({"data-page": address.partition("?")[0], "data-own": "reason"}))


def _change(value: Any, written: str) -> html.Span:
    """A change with the direction of its arrow; what is missing is a dash."""
    arrow = "dash" if missing(value) or value == 0 else "caret-up-fill" if value > 0 else "caret-down-fill"
    return html.Span([icon(f"{arrow}"), written], className="joined")
