"""The forms above the page of data health: provinces report, headquarters answer and find the verbs of upkeep."""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.access.person import Person
from dashboard.claims.problems import LONGEST
from dashboard.claims.subjects import CASES
from dashboard.jurisdictions import Jurisdiction
from dashboard.scope import Scope
from dashboard.text import Text
from layouts.filter_choices import alphabetical
from layouts.marks import icon, marked

REPORT, ANSWER = "problem-report", "problem-answer"
"""The keys of the two forms; the ids of their parts are those of `ids.panel`."""
NO_SUBJECT = "none"
"""What a report is about that is about no kind of records."""
COMMANDS = (
    "python -m dashboard quarantine --download quarantine.csv",
    "python -m dashboard quarantine --corrected quarantine.csv",
    "python -m dashboard quarantine --replay",
    "python -m dashboard reconcile",
    "python -m dashboard reconcile --repair",
)
"""What operators do at the command line: each is explained by the text ``health.command.<place>``."""


def body(text: Text, jurisdiction: Jurisdiction, person: Person) -> html.Div:
    """The folds that the person has a use for, closed as yet. Which reports are open the callbacks fill in."""
    folds = [_report(text, jurisdiction, person.scope)] if person.may("reports") else []
    if person.may("answers"):
        folds += [_answer(text), _commands(text)]
    return html.Div(folds, className="folds")


def _report(text: Text, jurisdiction: Jurisdiction, scope: Scope) -> html.Details:
    names = jurisdiction.names_of("provinces", text.language)
    provinces = {code: name for code, name in names.items() if scope.provinces is None or code in scope.provinces}
    only = next(iter(provinces)) if len(provinces) == 1 else ""
    subjects = {NO_SUBJECT: text("problem.subject.none")} | {each.key: text(f"records.{each.key}") for each in CASES}
    fields = [
        _field(text, REPORT, "province", _select(text, REPORT, "province", alphabetical(provinces, text), only)),
        _field(text, REPORT, "subject", _select(text, REPORT, "subject", subjects, NO_SUBJECT)),
        _field(text, REPORT, "title", _line(REPORT, "title"), wide=True),
        _field(text, REPORT, "body", _lines(REPORT, "body"), wide=True),
        _tick(text, REPORT, "urgent"),
    ]
    return _fold(text, REPORT, "megaphone", fields)


def _answer(text: Text) -> html.Details:
    fields = [
        _field(text, ANSWER, "number", _select(text, ANSWER, "number", {}), wide=True),
        _field(text, ANSWER, "answer", _lines(ANSWER, "answer"), wide=True),
        _tick(text, ANSWER, "publish"),
    ]
    return _fold(text, ANSWER, "reply", fields)


def _commands(text: Text) -> html.Details:
    lines = [
        html.Li([html.Code(command, dir="ltr"), html.Span(text(f"health.command.{place}"))])
        for place, command in enumerate(COMMANDS, 1)
    ]
    return html.Details([_summary(text("health.commands"), "terminal"), html.Ul(lines)], className="fold")


def _fold(text: Text, form: str, sign: str, fields: list[Component]) -> html.Details:
    end = html.Div(
        [
            html.Button(
                text(f"{_key(form)}.send"),
                id=ids.panel(form, "send"),
                className="btn btn-primary btn-sm",
                type="button",
            ),
            html.P(id=ids.panel(form, "said"), className="said", role="status"),
        ],
        className="end",
    )
    content = html.Div(
        [html.P(text(f"{_key(form)}.hint"), className="hint"), *fields, end],
        className="form",
    )
    return html.Details([_summary(text(f"{_key(form)}.title"), sign), content], className="fold")


def _summary(words: str, sign: str) -> html.Summary:
    return html.Summary([icon(sign), html.Span(words)])


def _key(form: str) -> str:
    return form.replace("-", ".")


def _field(text: Text, form: str, name: str, control: Component, wide: bool = False) -> html.Div:
    label = html.Label(text(f"problem.{name}"), htmlFor=ids.panel(form, name))
    return html.Div([label, control], className="field wide" if wide else "field")


def _select(text: Text, form: str, name: str, options: dict[str, str], value: str = "") -> dbc.Select:
    listed = [{"label": label, "value": value} for value, label in options.items()]
    choose = text("problem.choose")
    return dbc.Select(id=ids.panel(form, name), options=listed, value=value, placeholder=choose, size="sm")


def _line(form: str, name: str) -> dbc.Input:
    return dbc.Input(id=ids.panel(form, name), type="text", value="", maxLength=LONGEST[name], size="sm", **_plain())


def _lines(form: str, name: str) -> dbc.Textarea:
    return dbc.Textarea(id=ids.panel(form, name), value="", maxLength=LONGEST[name], rows=3, size="sm")


def _tick(text: Text, form: str, name: str) -> dbc.Checkbox:
    return dbc.Checkbox(id=ids.panel(form, name), label=text(f"problem.{name}"), value=False)


def _plain() -> dict[str, Any]:
    """Names and titles of problems are nobody else's to suggest."""
    return marked({"autocomplete": "off"})
