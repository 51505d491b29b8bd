"""Problem reports: what the two forms send is kept, and every open page hears of it by the data version."""

from __future__ import annotations

import logging
from typing import Any

from dash import Dash, Input, Output, State, no_update
from dash.exceptions import PreventUpdate
from psycopg import Error as DriverError

from callbacks.asking import current_person, current_scope, language_of
from callbacks.audited import audited_with, numbered
from dashboard import ids
from dashboard.access.audit import Unwritten
from dashboard.answers import Unavailable
from dashboard.claims import problems
from dashboard.claims.problems import Refused, Report
from dashboard.deployment import Deployment
from dashboard.filters import Filters
from dashboard.panel import Panel
from dashboard.text import Text
from layouts.problem_forms import ANSWER, NO_SUBJECT, REPORT
from layouts.shell import LANGUAGE
from queries.problems import reports

_REPORTS = Panel("problems", reports, (), (), kind="table", answers=frozenset())
"""A question on no page: which reports are open, whatever province the page shows."""

_DIGITS = 18

log = logging.getLogger(__name__)


def register(app: Dash, deployment: Deployment) -> None:
    """Wire both forms, and the list of open reports that can be answered."""

    @app.callback(
        *_outputs(REPORT, "title", "body", "urgent"),
        Input(ids.panel(REPORT, "send"), "n_clicks"),
        *(State(ids.panel(REPORT, name), "value") for name in ("province", "subject", "title", "body")),
        State(ids.panel(REPORT, "urgent"), "value"),
        State(LANGUAGE, "data"),
        prevent_initial_call=True,
        right="reports",
    )
    def send(clicks: Any, *given: Any) -> list[Any]:
        if not clicks:
            raise PreventUpdate
        *texts, urgent, language = given
        province, subject, title, body = map(_text, texts)
        text = language_of(language, deployment)
        try:
            about = "" if subject == NO_SUBJECT else subject
            told = Report(province, current_person().name, title, body, about, urgent is True)
            number = _report(deployment, told)
        except (Refused, Unwritten, DriverError) as error:
            return [_refusal(error, text), "said bad", *[no_update] * 3]
        return [text("problem.report.sent", n=text.digits(number)), "said good", "", "", False]

    @app.callback(
        *_outputs(ANSWER, "answer", "publish", "number"),
        Input(ids.panel(ANSWER, "send"), "n_clicks"),
        *(State(ids.panel(ANSWER, name), "value") for name in ("number", "answer", "publish")),
        State(LANGUAGE, "data"),
        prevent_initial_call=True,
        right="answers",
    )
    def reply(clicks: Any, number: Any, answer: Any, publish: Any, language: Any) -> list[Any]:
        if not clicks:
            raise PreventUpdate
        text = language_of(language, deployment)
        try:
            _answer(deployment, _text(number), _text(answer), publish is True)
        except (Refused, Unwritten, DriverError) as error:
            return [_refusal(error, text), "said bad", *[no_update] * 3]
        return [text("problem.answer.sent"), "said good", "", False, ""]

    @app.callback(
        Output(ids.panel(ANSWER, "number"), "options"),
        Input(ids.VERSION, "data"),
        State(LANGUAGE, "data"),
        State(ids.panel(ANSWER, "number"), "options"),
        right="answers",
    )
    def waiting(_version: Any, language: Any, known: Any) -> Any:
        text = language_of(language, deployment)
        options = _open(deployment, text)
        return no_update if options == known else options


def _report(deployment: Deployment, told: Report) -> int:
    """Keep a report of a province that the caller may speak for; its number."""
    seen = current_scope().provinces
    if seen is not None and told.province not in seen:
        raise Refused("province", "unknown")
    with deployment.database.write() as connection:
        detail = {"subject": told.subject, "urgent": told.urgent, "provinces": [told.province]}
        noted = numbered(connection, deployment, "problem_reported", "problem", detail)
        return problems.report(connection, told, deployment.jurisdiction, noted)


def _answer(deployment: Deployment, number: str, answer: str, publish: bool) -> None:
    """Answer a report in the name of who is signed in."""
    if not number.isdecimal() or len(number) > _DIGITS:
        raise Refused("number", "empty")
    by = current_person().name
    with deployment.database.write() as connection:
        audited_with(connection, deployment, "problem_answered", f"problem/{int(number)}", {"published": publish})
        problems.answer(connection, int(number), answer, by, deployment.jurisdiction, publish)


def _outputs(form: str, *cleared: str) -> list[Output]:
    """What a form says, how, and the fields that are empty again once it was sent."""
    said = ids.panel(form, "said")
    return [
        Output(said, "children"),
        Output(said, "className"),
        *(Output(ids.panel(form, c), "value") for c in cleared),
    ]


def _open(deployment: Deployment, text: Text) -> list[dict[str, str]]:
    """The open reports as choices: number, province, title."""
    asked = Filters(today=deployment.database.today(), calendar=text.calendar_name)
    try:
        frame = deployment.answers.of(_REPORTS, asked, current_scope()).frame
    except Unavailable:
        return []
    names = deployment.jurisdiction.names_of("provinces", text.language)
    is_open = frame["answer"].isna()
    return [
        {"label": f"{text.digits(int(number))} · {names.get(province, province)} · {title}", "value": str(number)}
        for number, province, title in frame.loc[is_open, ["id", "province", "title"]].itertuples(index=False)
    ]


def _refusal(error: Exception, text: Text) -> str:
    if isinstance(error, Refused):
        longest = problems.LONGEST.get(error.field, 0)
        return text(f"problem.refused.{error.why}", field=text(f"problem.{error.field}"), n=longest)
    if isinstance(error, Unwritten):
        return text("audit.unwritten")
    log.error("a report could not be kept: %s", str(error).splitlines()[0])
    return text("problem.refused.silent")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
