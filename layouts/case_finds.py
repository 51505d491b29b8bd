"""What a look-up found: the cases, and whether a person at a workshop is covered; or why nothing was looked up."""

from __future__ import annotations

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.exports.words import missing
from dashboard.intake.coverage import Coverage
from dashboard.jurisdictions import Jurisdiction
from dashboard.text import Text
from layouts.case_rows import Case, link, named
from layouts.marks import icon


def found(cases: pd.DataFrame, text: Text, jurisdiction: Jurisdiction) -> list[Component]:
    """The cases of a look-up (`queries.cases.numbered`), each with the way to it."""
    if cases.empty:
        return [html.P([icon("folder-x"), html.Span(text("cases.find.nothing"))], className="what")]
    count = html.P(text.counted("cases.find.n", len(cases)), className="what")
    items = [_item(case, text, jurisdiction) for case in cases.to_dict("records")]
    return [count, html.Ul(items, className="found-cases")]


def covered(answer: Coverage, text: Text) -> html.Div:
    """The answer to who is covered: in a word, why, and by which rule of which source."""
    state = "covered" if answer.covered else "open" if answer.outcome is None else "refused"
    sign, colour = {
        "covered": ("check-circle", "good"),
        "open": ("question-circle", "attention"),
        "refused": ("x-circle", "bad"),
    }[state]
    lines: list[Component] = [
        html.P([icon(sign, colour), html.Strong(text(f"cases.coverage.{state}"))]),
        html.P(answer.why(text)),
    ]
    if answer.rule is not None:
        rule = answer.rule.names[text.language]
        lines.append(html.P(text("cases.coverage.rule", rule=rule), className="hint"))
        lines.append(html.P([text("cases.source"), " ", html.Bdi(answer.rule.source)], className="hint"))
    return html.Div(lines, className="coverage")


def trouble(key: str, text: Text) -> html.P:
    """Why nothing was looked up."""
    return html.P([icon("exclamation-triangle", "attention"), html.Span(text(f"cases.find.{key}"))], className="what")


def _item(case: Case, text: Text, jurisdiction: Jurisdiction) -> html.Li:
    subject = str(case["subject"])
    about = [
        text(f"cases.one.{subject}"),
        named(f"{subject}.category", case["category"], text, jurisdiction),
        named("provinces", case["province"], text, jurisdiction),
        text("cases.filed", day=text.day(case["opened_at"].astimezone(jurisdiction.timezone).date())),
        text("cases.state.open" if missing(case["closed_at"]) else "cases.state.closed"),
    ]
    return html.Li([link(subject, str(case["id"])), html.Span(" · ".join(about))])
