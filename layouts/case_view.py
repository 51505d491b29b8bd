"""One case: where it stands, its course step by step, and what else is known of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.claims.subjects import SUBJECTS, Field
from dashboard.exports.words import missing
from dashboard.jurisdictions import Jurisdiction
from dashboard.text import Text
from layouts.case_rows import link, named, standing, turn
from layouts.marks import icon, marked
from queries import timeline
from queries.limits import limit_of

_HEAD = frozenset({"id", "province", "office", "category", "timing", "due_on"})
"""What the head of the view says."""


def view(case: pd.Series[Any], subject: str, text: Text, jurisdiction: Jurisdiction) -> list[Component]:
    """A case (`queries.cases.case`) as its page shows it."""
    return [
        html.Div(
            [
                html.P([text(f"cases.one.{subject}"), " ", html.Bdi(str(case["id"]))], className="case-number"),
                html.P(_where(case, subject, text, jurisdiction), className="case-where"),
            ],
            className="case-head",
        ),
        _standing(case, subject, text, jurisdiction),
        html.H3(text("cases.course")),
        _course(case, subject, text, jurisdiction),
        html.H3(text("cases.known")),
        html.Dl(_known(case, subject, text, jurisdiction), className="case-known"),
    ]


def back(text: Text) -> html.A:
    """The way back to the list, to where it was."""
    return html.A(
        [icon("arrow-left"), html.Span(text("cases.back"))],
        href="/cases",
        className="back",
        **marked({"data-page": "/cases", "data-chooses": "subject", "data-back": "list"}),
    )


def no_case(text: Text) -> list[Component]:
    """What stands at the address of a case that is not there for this reader: why, and the way back."""
    return [
        icon("folder-x"),
        html.P(text("cases.none"), className="what"),
        html.P(text("cases.none.hint")),
    ]


def denied(text: Text) -> list[Component]:
    """What those see to whom only counts are open."""
    return [icon("shield-lock"), html.P(text("cases.denied"), className="what"), html.P(text("cases.denied.hint"))]


def _where(case: pd.Series[Any], subject: str, text: Text, jurisdiction: Jurisdiction) -> str:
    parts = [(f"{subject}.category", "category"), ("provinces", "province"), ("offices", "office")]
    return " · ".join(named(codes, case[name], text, jurisdiction) for codes, name in parts if not missing(case[name]))


def _standing(case: pd.Series[Any], subject: str, text: Text, jurisdiction: Jurisdiction) -> html.Dl:
    told = case.to_dict()
    closed = not missing(case["closed_at"])
    said: list[tuple[str, Any]] = [
        (text("cases.ended" if closed else "cases.column.turn"), turn(told, subject, text, jurisdiction)),
        (text("cases.column.left"), standing(told, text)),
    ]
    if not missing(case["due_on"]):
        name = f"cases.step.due_on.{subject}"
        said.append((text(name if text.has(name) else "cases.step.due_on"), text.day(case["due_on"], "long")))
    opened = case["opened_at"].astimezone(jurisdiction.timezone).date()
    limit = limit_of(subject, str(case["category"]), opened, jurisdiction)
    if limit is not None:
        days = text.counted("unit.working_days" if limit.unit == "working_day" else "unit.days", limit.days)
        kind = text(f"cases.kind.{limit.kind}")
        words = text("cases.limit", days=days, kind=kind) if limit.days else text("cases.limit_same_day", kind=kind)
        said.append((text("cases.rule"), [words, html.Small([text("cases.source"), " ", html.Bdi(limit.source)])]))
    return html.Dl([html.Div([html.Dt(name), html.Dd(value)]) for name, value in said], className="case-standing")


def _course(case: pd.Series[Any], subject: str, text: Text, jurisdiction: Jurisdiction) -> html.Ol:
    items = []
    for step in timeline.timeline(case, subject, jurisdiction):
        after: list[Component] = []
        if step.after is not None:
            words = text("cases.same_day") if step.after == 0 else text("cases.after", days=text.days(step.after))
            after.append(html.Small(words, className="after"))
        when = text.day(step.day) if step.at is None else text.moment(step.at, jurisdiction.timezone)
        key = f"cases.step.{step.column}.{subject}"
        name = text(key if text.has(key) else f"cases.step.{step.column}")
        items.append(html.Li([html.Strong(name), html.Time(when), *after], className="passed"))
    if missing(case["closed_at"]):
        items.append(html.Li(turn(case.to_dict(), subject, text, jurisdiction), className="now"))
    return html.Ol(items, className="case-course")


def _known(case: pd.Series[Any], subject: str, text: Text, jurisdiction: Jurisdiction) -> list[Component]:
    passed = {*timeline.columns(subject), *_HEAD}
    found: list[Component] = []
    for field in SUBJECTS[subject].columns:
        if field.kind == "person" or field.column in passed or _missing(case[field.column]):
            continue
        written = _written(field, case[field.column], text, jurisdiction)
        found.append(html.Div([html.Dt(text(f"cases.field.{field.name}")), html.Dd(written)]))
    return found


def _missing(value: Any) -> bool:
    return not value if isinstance(value, list | str) else missing(value)


def _written(field: Field, value: Any, text: Text, jurisdiction: Jurisdiction) -> Any:
    match field.kind:
        case "code":
            return named(field.codes, value, text, jurisdiction)
        case "codes":
            return text("note.and").join(named(field.codes, key, text, jurisdiction) for key in value)
        case "day":
            return text.day(value)
        case "moment":
            assert isinstance(value, datetime)
            return text.moment(value, jurisdiction.timezone)
        case "whole":
            return text.number(int(value))
    if field.name == "match":
        return (
            text("cases.match.covered")
            if value == "covered"
            else named("registrations.reason", value, text, jurisdiction)
        )
    return link("registrations", str(value)) if field.name == "registration_id" else html.Bdi(str(value))
