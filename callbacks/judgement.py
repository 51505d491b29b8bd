"""Setting targets and annotations, and taking them away again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date
from typing import Any

import psycopg
from dash import Dash, Input, Output, State, no_update
from dash.exceptions import PreventUpdate
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from callbacks.asking import current_scope, language_of
from dashboard import ids
from dashboard.claims import judgement as kept
from dashboard.deployment import Deployment
from dashboard.filters import SUBJECTS, Filters
from dashboard.measures import MEASURES
from dashboard.text import Text
from layouts.day_picker import PARTS, picked
from layouts.judgement import DAY, EVERYWHERE, kept_annotations, kept_targets, listed, part
from layouts.shell import LANGUAGE
from queries import judgement

log = logging.getLogger(__name__)

_BY = "page"
"""Who set it, until people sign in."""
Connection = psycopg.Connection[tuple[Any, ...]]


def register(app: Dash, deployment: Deployment) -> None:
    """Wire both forms and the lists of what is set."""
    _lists(app, deployment)
    jurisdiction = deployment.jurisdiction

    @app.callback(
        Output(part("target-said"), "children"),
        Output(part("value"), "value"),
        Input(part("save-target"), "n_clicks"),
        State(part("measure"), "value"),
        State(part("target-province"), "value"),
        State(part("value"), "value"),
        State(LANGUAGE, "data"),
        prevent_initial_call=True,
    )
    def save_target(clicks: Any, measure: Any, province: Any, written: Any, language: Any) -> tuple[Any, Any]:
        def write(connection: Connection) -> None:
            value = number(written)
            if measure in MEASURES and MEASURES[measure].format == "share":
                value /= 100
            kept.set_target(connection, jurisdiction, str(measure), _of(province), value, _BY)

        return _written(clicks, write, language, deployment)

    @app.callback(
        Output(part("annotation-said"), "children"),
        Output(part("words"), "value"),
        Input(part("save-annotation"), "n_clicks"),
        State(part("words"), "value"),
        State(part("subject"), "value"),
        State(part("annotation-province"), "value"),
        *(State(ids.control(DAY, name), "value") for name in PARTS),
        State(LANGUAGE, "data"),
        prevent_initial_call=True,
    )
    def annotate(clicks: Any, words: Any, subject: Any, province: Any, *rest: Any) -> tuple[Any, Any]:
        *days, language = rest

        def write(connection: Connection) -> None:
            if _of(subject) and subject not in SUBJECTS:
                raise kept.BadJudgement("subject")
            day = _day((days[0], days[1], days[2]), language_of(language, deployment))
            kept.annotate(connection, jurisdiction, day, str(words or ""), _BY, _of(subject), _of(province))

        return _written(clicks, write, language, deployment)

    for name in ("target", "annotation"):
        _dropping(app, deployment, name)


def _lists(app: Dash, deployment: Deployment) -> None:
    @app.callback(
        Output(part("target-list"), "children"),
        Output(part("kept-target"), "options"),
        Output(part("annotation-list"), "children"),
        Output(part("kept-annotation"), "options"),
        Input(ids.VERSION, "data"),
        Input(part("target-list"), "id"),
        State(LANGUAGE, "data"),
    )
    def show(_version: Any, _there: Any, language: Any) -> tuple[Any, ...]:
        text = language_of(language, deployment)
        database, jurisdiction, scope = deployment.database, deployment.jurisdiction, current_scope()
        filters = Filters(today=database.today(), calendar=text.calendar_name)
        try:
            targets = kept_targets(judgement.targets(database, filters, scope), text, jurisdiction)
            notes = kept_annotations(judgement.annotated(database, filters, scope), text, jurisdiction)
        except (DBAPIError, PoolTimeout) as silent:
            raise PreventUpdate from silent  # what is shown stays; the header says that there is no connection
        return (
            *(listed(targets, "target", text), _options(targets)),
            *(listed(notes, "annotation", text), _options(notes)),
        )


def _dropping(app: Dash, deployment: Deployment, name: str) -> None:
    @app.callback(
        Output(part(f"kept-{name}"), "value"),
        Input(part(f"drop-{name}"), "n_clicks"),
        State(part(f"kept-{name}"), "value"),
        prevent_initial_call=True,
    )
    def drop(clicks: Any, chosen: Any) -> Any:
        if not clicks or not isinstance(chosen, str) or not chosen:
            raise PreventUpdate
        with deployment.database.write() as connection:
            if name == "target":
                measure, _, province = chosen.partition("|")
                kept.drop_target(connection, measure, province)
            elif chosen.isdecimal() and len(chosen) < 18:
                kept.drop_annotation(connection, int(chosen))
        return ""


def _written(
    clicks: Any, write: Callable[[Connection], None], language: Any, deployment: Deployment
) -> tuple[Any, Any]:
    """What is said after writing, and what the field then holds: nothing, or what it held when that was at fault."""
    if not clicks:
        raise PreventUpdate
    text = language_of(language, deployment)
    try:
        with deployment.database.write() as connection:
            write(connection)
    except kept.BadJudgement as bad:
        return text(f"judgement.bad.{bad.reason}"), no_update
    except psycopg.OperationalError as error:
        log.warning("a judgement was not kept: %s", str(error).splitlines()[0])
        return text("judgement.bad.silent"), no_update
    return text("judgement.saved"), ""


def _of(choice: Any) -> str:
    """A chosen province or subject; empty for all of them."""
    return "" if choice in (None, EVERYWHERE) else str(choice)


def number(written: Any) -> float:
    """A number as people of the three languages type it, in any digits; BadJudgement where it is none."""
    plain = str(written or "").strip().rstrip("%٪ ").replace("٫", ".").replace(",", ".")
    try:
        return float(plain)
    except ValueError:
        raise kept.BadJudgement("value") from None


def _day(parts: tuple[Any, Any, Any], text: Text) -> date:
    try:
        return picked(parts, text)
    except (ValueError, OverflowError):
        raise kept.BadJudgement("day") from None


def _options(found: dict[str, str]) -> list[dict[str, str]]:
    return [{"label": label, "value": value} for value, label in found.items()]
