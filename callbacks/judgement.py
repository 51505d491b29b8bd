"""Setting targets and annotations, and taking them away again."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from datetime import date
from typing import Any

import psycopg
from dash import Dash, Input, Output, State, ctx, no_update
from dash.exceptions import PreventUpdate
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from callbacks.asking import current_person, current_scope, language_of
from callbacks.audited import audited_with, numbered, places
from dashboard import ids
from dashboard.access.audit import Unwritten
from dashboard.claims import judgement as kept
from dashboard.deployment import Deployment
from dashboard.filters import SUBJECTS, Filters
from dashboard.measures import MEASURES
from dashboard.text import Text
from layouts.day_picker import PARTS, picked
from layouts.judgement import DAY, EVERYWHERE, kept_annotations, kept_targets, part
from layouts.shell import LANGUAGE
from queries import judgement

log = logging.getLogger(__name__)

Connection = psycopg.Connection[tuple[Any, ...]]


def register(app: Dash, deployment: Deployment) -> None:
    """Wire both forms and the lists of what is set."""
    _lists(app, deployment)
    _targets(app, deployment)
    _annotations(app, deployment)


def _targets(app: Dash, deployment: Deployment) -> None:
    @app.callback(
        Output(part("target-said"), "children"),
        Output(part("value"), "value"),
        Input(part("save-target"), "n_clicks"),
        Input(part("drop-target"), "data"),
        State(part("measure"), "value"),
        State(part("target-province"), "value"),
        State(part("value"), "value"),
        State(LANGUAGE, "data"),
        prevent_initial_call=True,
        right="targets",
    )
    def write_target(
        clicks: Any, dropped: Any, measure: Any, province: Any, written: Any, language: Any
    ) -> tuple[Any, Any]:
        def save(connection: Connection) -> None:
            value = number(written)
            if _measure(measure) and MEASURES[measure].format == "share":
                value /= 100
            detail = {"value": value, **_about(province)}
            audited_with(connection, deployment, "target_set", f"target/{_measure(measure)}", detail)
            by = current_person().name
            kept.set_target(connection, deployment.jurisdiction, str(measure), _of(province), value, by)

        def drop(connection: Connection) -> None:
            dropped_measure, _, of_province = _key(dropped).partition("|")
            about = _about(of_province)
            audited_with(connection, deployment, "target_dropped", f"target/{_measure(dropped_measure)}", about)
            kept.drop_target(connection, dropped_measure, of_province)

        return _done(clicks, dropped, save, drop, language, deployment)


def _annotations(app: Dash, deployment: Deployment) -> None:
    @app.callback(
        Output(part("annotation-said"), "children"),
        Output(part("words"), "value"),
        Input(part("save-annotation"), "n_clicks"),
        Input(part("drop-annotation"), "data"),
        State(part("words"), "value"),
        State(part("subject"), "value"),
        State(part("annotation-province"), "value"),
        *(State(ids.control(DAY, name), "value") for name in PARTS),
        State(LANGUAGE, "data"),
        prevent_initial_call=True,
        right="targets",
    )
    def write_annotation(
        clicks: Any, dropped: Any, words: Any, subject: Any, province: Any, *rest: Any
    ) -> tuple[Any, Any]:
        *days, language = rest

        def save(connection: Connection) -> None:
            if _of(subject) and subject not in SUBJECTS:
                raise kept.BadJudgement("subject")
            day = _day((days[0], days[1], days[2]), language_of(language, deployment))
            place, by = _of(province), current_person().name
            detail = {"day": day.isoformat(), "subject": _of(subject), **_about(place)}
            noted = numbered(connection, deployment, "annotation_made", "annotation", detail)
            told = str(words or "")
            kept.annotate(connection, deployment.jurisdiction, day, told, by, _of(subject), place, noted)

        def drop(connection: Connection) -> None:
            key = _key(dropped)
            if key.isdecimal() and len(key) < 18:
                audited_with(connection, deployment, "annotation_dropped", f"annotation/{key}")
                kept.drop_annotation(connection, int(key))

        return _done(clicks, dropped, save, drop, language, deployment)


def _lists(app: Dash, deployment: Deployment) -> None:
    @app.callback(
        Output(part("target-list"), "children"),
        Output(part("annotation-list"), "children"),
        Input(ids.VERSION, "data"),
        Input(part("target-list"), "id"),
        State(LANGUAGE, "data"),
        right="targets",
    )
    def show(_version: Any, _there: Any, language: Any) -> tuple[Any, Any]:
        text = language_of(language, deployment)
        database, jurisdiction, scope = deployment.database, deployment.jurisdiction, current_scope()
        filters = Filters(today=database.today(), calendar=text.calendar_name)
        try:
            targets, notes = judgement.targets(database, filters, scope), judgement.annotated(database, filters, scope)
        except (DBAPIError, PoolTimeout) as silent:
            raise PreventUpdate from silent  # what is shown stays; the header says that there is no connection
        return kept_targets(targets, text, jurisdiction), kept_annotations(notes, text, jurisdiction)


def _done(
    clicks: Any,
    dropped: Any,
    save: Callable[[Connection], None],
    drop: Callable[[Connection], None],
    language: Any,
    deployment: Deployment,
) -> tuple[Any, Any]:
    """What is said after saving or taking away, and what the field then holds: nothing after it was saved."""
    taken = str(ctx.triggered_id or "").startswith(part("drop-"))
    if not (dropped if taken else clicks):
        raise PreventUpdate
    text = language_of(language, deployment)
    try:
        with deployment.database.write() as connection:
            (drop if taken else save)(connection)
    except kept.BadJudgement as bad:
        return text(f"judgement.bad.{bad.reason}"), no_update
    except Unwritten:
        return text("audit.unwritten"), no_update
    except psycopg.OperationalError as error:
        log.warning("a judgement was not kept: %s", str(error).splitlines()[0])
        return text("judgement.bad.silent"), no_update
    return (text("judgement.dropped"), no_update) if taken else (text("judgement.saved"), "")


def _key(dropped: Any) -> str:
    """What is to be taken away, as its row in the list names it: ``{"key": …, "at": …}`` out of the store."""
    return str(dropped.get("key", "")) if isinstance(dropped, dict) else ""


def _of(choice: Any) -> str:
    """A chosen province or subject; empty for all of them."""
    return "" if choice in (None, EVERYWHERE) else str(choice)


def _measure(key: Any) -> str:
    """A measure as the audit names it: what is none is refused before anything is kept."""
    return key if isinstance(key, str) and key in MEASURES else ""


def _about(province: Any) -> dict[str, list[str]]:
    place = _of(province)
    return places([place] if place else None)


def number(written: Any) -> float:
    """A number as people of the three languages type it, in any digits; BadJudgement where it is none."""
    plain = str(written or "").strip().rstrip("%٪ ").replace("٫", ".").replace(",", ".")
    try:
        value = float(plain)
    except ValueError:
        raise kept.BadJudgement("value") from None
    if not math.isfinite(value):
        raise kept.BadJudgement("value")
    return value


def _day(parts: tuple[Any, Any, Any], text: Text) -> date:
    try:
        return picked(parts, text)
    except (ValueError, OverflowError):
        raise kept.BadJudgement("day") from None
