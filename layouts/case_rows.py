"""Cases as rows: of a list, and of what a look-up found; and how one stands against its limit, in words and a sign."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.exports.words import missing
from dashboard.jurisdictions import Jurisdiction
from dashboard.text import Text
from layouts.marks import icon, marked

Case = Mapping[Any, Any]
_COLUMNS = ("id", "province", "office", "category", "channel", "opened_at", "turn", "due_on", "left")


def rows(cases: pd.DataFrame, subject: str, text: Text, jurisdiction: Jurisdiction) -> html.Table:
    """A page of a list (`queries.cases.ListPage.rows`) as a table, which on a telephone becomes a block a case."""
    columns = [name for name in _COLUMNS if name not in cases or not cases[name].isna().all() or name == "left"]
    heads = [html.Th(text(f"cases.column.{name}"), scope="col") for name in columns]
    written = [_row(case, columns, subject, text, jurisdiction) for case in cases.to_dict("records")]
    caption = html.Caption(text("panel.cases-list.title"), className="visually-hidden")
    return html.Table([caption, html.Thead(html.Tr(heads)), html.Tbody(written)], className="table case-table")


def _row(case: Case, columns: list[str], subject: str, text: Text, jurisdiction: Jurisdiction) -> html.Tr:
    cells: list[Component] = []
    for name in columns:
        kind = html.Th if name == "id" else html.Td
        said = marked({"scope": "row"} if name == "id" else {"data-label": text(f"cases.column.{name}")})
        cells.append(kind(_cell(name, case, subject, text, jurisdiction), className=f"col-{name}", **said))
    return html.Tr(cells)


def _cell(name: str, case: Case, subject: str, text: Text, jurisdiction: Jurisdiction) -> Any:
    match name:
        case "id":
            return link(subject, str(case["id"]))
        case "turn":
            return turn(case, subject, text, jurisdiction)
        case "left":
            return standing(case, text)
        case "category":
            return named(f"{subject}.category", case[name], text, jurisdiction)
        case "opened_at":
            return text.day(case[name].astimezone(jurisdiction.timezone).date())
        case "due_on":
            return text.number(None) if missing(case[name]) else text.day(case[name])
    return named(
        {"province": "provinces", "office": "offices", "channel": "channels"}[name], case[name], text, jurisdiction
    )


def link(subject: str, number: str) -> html.A:
    """The number of a case as the way to it, filters kept."""
    return html.A(
        html.Bdi(number), href=address(subject, number), **marked({"data-page": "/cases", "data-chooses": "subject"})
    )


def address(subject: str, number: str) -> str:
    """Where a case is in view."""
    return f"/cases/{subject}/{quote(number, safe='')}"


def named(codes: str, key: Any, text: Text, jurisdiction: Jurisdiction) -> str:
    """A key by its name; a dash where there is none."""
    return text.number(None) if missing(key) else jurisdiction.names_of(codes, text.language).get(str(key), str(key))


def turn(case: Case, subject: str, text: Text, jurisdiction: Jurisdiction) -> Component:
    """Whose turn it is and since when; of a closed case, how it ended."""
    if not missing(case["closed_at"]):
        day = text.day(case["closed_at"].astimezone(jurisdiction.timezone).date(), "short")
        outcome = "" if missing(case["outcome"]) else named(f"{subject}.outcome", case["outcome"], text, jurisdiction)
        return html.Span([outcome or text("cases.closed"), html.Small(text("cases.on", day=day))], className="turn")
    day = text.day(case["since"].astimezone(jurisdiction.timezone).date(), "short")
    actor = text(f"cases.actor.{case['actor']}")
    return html.Span([html.Strong(actor), html.Small(text("cases.since", day=day))], className="turn")


def standing(case: Case, text: Text) -> Component:
    """Days against the limit: a sign, and words that say the same."""
    left = None if missing(case["left"]) else int(case["left"])
    closed = not missing(case["closed_at"])
    sign, colour, words = stands(left, closed, case["unit"] == "working_day", bool(case["stopped"]), text)
    return html.Span([icon(sign, colour), html.Span(words)], className=f"standing {colour}".rstrip())


def stands(left: int | None, closed: bool, in_working_days: bool, stopped: bool, text: Text) -> tuple[str, str, str]:
    """How a case stands against its limit (`queries.limits.against`): a sign, its colour, and words."""
    if stopped:
        return "pause-circle", "", text("cases.stopped")
    if left is None:
        return "dash", "", text("cases.no_limit")
    days = text.counted("unit.working_days" if in_working_days else "unit.days", abs(left))
    if closed:
        if left > 0:
            return "check2", "", text("cases.early", days=days)
        return (
            ("check2", "", text("cases.on_time"))
            if left == 0
            else ("exclamation-circle", "attention", text("cases.late", days=days))
        )
    if left > 0:
        return "clock", "", text("cases.left", days=days)
    if left == 0:
        return "exclamation-triangle", "attention", text("cases.due_today")
    return "exclamation-octagon", "bad", text("cases.over", days=days)
