"""Single cases: the list and its pages, the case in view, and what a look-up finds; rows are asked anew, never kept."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, get_args

import pandas as pd
from dash import ClientsideFunction, Dash, Input, Output, State, ctx, html, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate
from psycopg import Error as DriverError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from callbacks.asking import current_person, current_scope, language_of, read
from callbacks.audited import audited, filtered, places
from callbacks.changing import strings
from dashboard import ids
from dashboard.access import audit
from dashboard.access.audit import Unwritten
from dashboard.access.keys import KeyMissing, secret_key
from dashboard.deployment import Deployment
from dashboard.filters import Filters
from dashboard.intake.characters import normalised
from dashboard.intake.coverage import Unsound, pair
from dashboard.scope import Scope
from dashboard.text import Text
from layouts import case_finds, case_rows, case_view
from layouts.cases import CASE, CASES, FIND, LIST, OWN
from layouts.empty import nothing_found
from layouts.shell import LANGUAGE
from queries import cases
from queries.cases import Asked, ListPage, NotEntitled, Place, Sort
from queries.cases import State as Kind

SILENT = (DBAPIError, PoolTimeout, DriverError)
"""What a database says that does not answer."""
_CHOICES = ("of", "state", "turn", "filed", "sort", "gap")
_TYPED = ("number", "person", "workshop")
_LONGEST = 64

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Shown:
    """What a card shows: the class of its body, its content or why there is none, its note, and a mark of all that.

    ``province`` is that of the case in view.
    """

    state: str
    content: Any
    empty: Any
    note: list[Component]
    digest: str
    province: str = ""


def register(app: Dash, deployment: Deployment) -> None:
    """Wire the page of cases."""
    _wire(app)

    @app.callback(
        *_outputs(LIST),
        Output(ids.panel(LIST, "page"), "children"),
        Output(ids.panel(LIST, "previous"), "disabled"),
        Output(ids.panel(LIST, "next"), "disabled"),
        Input(ids.panel(LIST, "ask"), "data"),
        State(LANGUAGE, "data"),
        State(ids.panel(LIST, "held"), "data"),
        prevent_initial_call=True,
        right="cases",
    )
    def listed(ask: Any, language: Any, held: Any) -> list[Any]:
        if not isinstance(ask, dict):
            raise PreventUpdate
        text = language_of(language, deployment)
        given = ask.get("filters")
        filters, _ = read(strings(given), deployment, text.calendar_name, CASES)
        asked, number = asked_for(given.get("list") if isinstance(given, dict) else None, filters)
        version = deployment.feed.current
        try:
            shown, page = list_shown(deployment, current_scope(), filters, asked, text)
            _list_seen(deployment, filters, asked, page)
        except (*SILENT, Unwritten) as error:
            return [*_failed("list", error, ask), no_update, no_update, no_update]
        number = max(number, 2) if page.previous else 1
        turning = {"previous": page.previous and page.previous.before, "next": page.next and page.next.after}
        more = {"version": version.number, "serial": ask.get("serial"), "page": number, **turning}
        words = text("cases.page", n=number) if len(page.rows) else ""
        return [*_answered(shown, held, more), words, page.previous is None, page.next is None]

    @app.callback(
        *_outputs(CASE),
        Input(ids.panel(CASE, "ask"), "data"),
        State(LANGUAGE, "data"),
        State(ids.panel(CASE, "held"), "data"),
        prevent_initial_call=True,
        right="cases",
    )
    def in_view(ask: Any, language: Any, held: Any) -> list[Any]:
        if not isinstance(ask, dict):
            raise PreventUpdate
        text = language_of(language, deployment)
        given = ask.get("filters")
        wanted = given.get("case") if isinstance(given, dict) else None
        subject, number = (wanted.get("subject"), wanted.get("number")) if isinstance(wanted, dict) else ("", "")
        version = deployment.feed.current
        try:
            shown = case_shown(deployment, current_scope(), subject, number, text)
            if shown.province:
                named = audit.case_object(str(subject), str(number), deployment.database, deployment.settings)
                audited(deployment, "case_view", named, places([shown.province]), 1, once=True)
        except (*SILENT, Unwritten) as error:
            return _failed("case", error, ask)
        return _answered(shown, held, {"version": version.number, "serial": ask.get("serial")})

    @app.callback(
        Output(ids.panel(FIND, "found"), "children"),
        *(Output(ids.panel(FIND, name), "value") for name in _TYPED),
        Input(ids.panel(FIND, "by-number"), "n_clicks"),
        Input(ids.panel(FIND, "by-pair"), "n_clicks"),
        *(Input(ids.panel(FIND, name), "n_submit") for name in _TYPED),
        *(State(ids.panel(FIND, name), "value") for name in _TYPED),
        State(LANGUAGE, "data"),
        prevent_initial_call=True,
        right="cases",
    )
    def find(*given: Any) -> tuple[Any, ...]:
        typed = [value.strip()[:_LONGEST] if isinstance(value, str) else "" for value in given[-4:-1]]
        text = language_of(given[-1], deployment)
        by_number = ctx.triggered_id in (ids.panel(FIND, "by-number"), ids.panel(FIND, "number"))
        scope = current_scope()
        found = (
            found_by_number(deployment, scope, typed[0], text)
            if by_number
            else found_by_pair(deployment, scope, typed[1], typed[2], text)
        )
        return found, *("" for _ in _TYPED)


def _wire(app: Dash) -> None:
    """What the browser decides itself: the place in the list, what is in view, and when to ask."""
    app.clientside_callback(
        ClientsideFunction("rasad", "turnCases"),
        Output(OWN, "data"),
        *(Output(ids.panel(LIST, name), "value") for name in _CHOICES),
        Input(ids.FILTERS, "data"),
        *(Input(ids.panel(LIST, name), "value") for name in _CHOICES),
        *(Input(ids.panel(LIST, name), "n_clicks") for name in ("next", "previous")),
        State(ids.control("subject"), "value"),
        State(OWN, "data"),
        State(ids.panel(LIST, "held"), "data"),
    )
    for name, key, told in (("askCases", LIST, Input(OWN, "data")), ("askCase", CASE, Input(ids.ADDRESS, "data"))):
        app.clientside_callback(
            ClientsideFunction("rasad", name),
            Output(ids.panel(key, "ask"), "data"),
            told,
            Input(ids.VERSION, "data"),
            Input(ids.THEME, "data"),
            Input(ids.panel(key, "retry"), "n_clicks"),
            Input(ids.panel(key, "held"), "data"),
        )


def _outputs(key: str) -> list[Output]:
    names = (
        ("body", "className"),
        ("note", "children"),
        ("held", "data"),
        ("table", "children"),
        ("empty", "children"),
    )
    return [Output(ids.panel(key, part), name) for part, name in names]


def _answered(shown: Shown, held: Any, more: dict[str, Any]) -> list[Any]:
    """The values of `_outputs`; what the card holds already is not sent again."""
    same = isinstance(held, dict) and held.get("digest") == shown.digest
    parts = [no_update if same else shown.content, no_update if same else shown.empty]
    return [shown.state, shown.note, {"digest": shown.digest, **more}, *parts]


def _failed(what: str, error: Exception, ask: dict[str, Any]) -> list[Any]:
    log.error("a %s of cases could not be read: %s", what, type(error).__name__)
    failed = {"digest": "", "version": 0, "serial": ask.get("serial")}
    return ["panel-body is-error", [], failed, no_update, no_update]


def asked_for(given: Any, filters: Filters) -> tuple[Asked, int]:
    """The list that the page asks for, and the number of its page; what is not understood is as at the beginning."""
    own: dict[str, Any] = given if isinstance(given, dict) else {}
    subject = own.get("subject") if own.get("subject") in cases.LISTED else filters.subject
    state: Kind = own["state"] if own.get("state") in get_args(Kind) else "all"
    sort: Sort = own["sort"] if own.get("sort") in get_args(Sort) else "newest"
    turn = str(own["turn"]) if own.get("turn") in cases.TURNS else ""
    gap = str(own["gap"]) if own.get("gap") in cases.GAPS[str(subject)] else ""
    asked = Asked(str(subject), state, sort, turn, own.get("filed") == "ever", gap)
    cursor: dict[str, Any] = own["cursor"] if isinstance(own.get("cursor"), dict) else {}
    after, before = (_place(cursor.get(name), asked.by_due) for name in ("after", "before"))
    number = own.get("page")
    return replace(asked, after=after, before=None if after else before), number if isinstance(number, int) else 1


def _moment(told: str, by_due: bool) -> str:
    """A moment or day in the one way it is kept: ISO 8601 can be written in many."""
    return (date if by_due else datetime).fromisoformat(told).isoformat()


def _place(given: Any, by_due: bool) -> Place | None:
    if not (isinstance(given, list) and len(given) == 2 and all(isinstance(part, str) for part in given)):
        return None
    try:
        if by_due:
            date.fromisoformat(given[0])
        elif datetime.fromisoformat(given[0]).tzinfo is None:
            return None
    except ValueError:
        return None
    return None if "\0" in given[1] else (given[0], given[1])


def list_shown(
    deployment: Deployment, scope: Scope, filters: Filters, asked: Asked, text: Text
) -> tuple[Shown, ListPage]:
    """A page of a list as its card shows it."""
    try:
        page = cases.page(deployment.database, filters, scope, asked)
    except NotEntitled:
        page = ListPage(pd.DataFrame(), None, None)
        return Shown("panel-body is-empty", [], case_view.denied(text), [], f"denied {text.language}"), page
    about: list[Component] = [
        html.Span(text("note.as_of", time=text.clock(datetime.now(UTC), deployment.jurisdiction.timezone)))
    ]
    left = [name for name in filters.chosen if name not in cases.heeded(filters, asked.subject, asked.ever) | {"step"}]
    if left:
        names = text("note.and").join(text(f"filter.{name}") for name in left)
        about.append(html.Span(text("note.unheeded", names=names), className="unheeded"))
    digest = _digest(text, asked.subject, page.rows.to_dict("split"))
    if page.rows.empty:
        return Shown("panel-body is-empty", [], nothing_found(text), about, digest), page
    return Shown(
        "panel-body", case_rows.rows(page.rows, asked.subject, text, deployment.jurisdiction), [], about, digest
    ), page


def case_shown(deployment: Deployment, scope: Scope, subject: Any, number: Any, text: Text) -> Shown:
    """One case as its card shows it; where there is none in the scope, that."""
    back: list[Component] = [case_view.back(text)]
    try:
        cases.entitled(scope)
        known = subject in cases.LISTED and isinstance(number, str) and "\0" not in number
        found = cases.case(deployment.database, scope, subject, number) if known else None
    except NotEntitled:
        return Shown("panel-body is-empty", [], case_view.denied(text), [], f"denied {text.language}")
    if found is None:
        empty = [*case_view.no_case(text), *back]
        return Shown("panel-body is-empty", [], empty, [], _digest(text, subject, None))
    content = [*back, *case_view.view(found, subject, text, deployment.jurisdiction)]
    return Shown("panel-body", content, [], [], _digest(text, subject, found.to_dict()), str(found["province"]))


def _list_seen(deployment: Deployment, filters: Filters, asked: Asked, page: ListPage) -> None:
    """Write a page of a list into the audit: once however often it is brought up to date, and each page of it."""
    scope = current_scope()
    if not scope.cases or not scope.covers(asked.subject):
        return  # nothing was shown
    cursor = asked.after or asked.before
    detail: dict[str, Any] = {
        "state": asked.state,
        "sort": asked.sort,
        **{name: told for name, told in (("turn", asked.turn), ("gap", asked.gap)) if told},
        **({"filed": "ever"} if asked.ever else {}),
        **({"after" if asked.after else "before": _moment(cursor[0], asked.by_due)} if cursor else {}),
        **filtered(filters, current_person()),
    }
    audited(deployment, "case_list", asked.subject, detail, len(page.rows), once=True)


def _digest(text: Text, subject: Any, content: Any) -> str:
    return hashlib.blake2b(repr((text.language, subject, content)).encode(), digest_size=12).hexdigest()


def found_by_number(deployment: Deployment, scope: Scope, number: str, text: Text) -> Any:
    """What a look-up by case number shows."""
    if not number:
        return case_finds.trouble("no_number", text)
    wanted = normalised(number).replace("\0", "")

    def ask() -> Any:
        found = cases.numbered(deployment.database, scope, wanted)
        named = audit.case_object("number", wanted, deployment.database, deployment.settings)
        audited(deployment, "look_up", named, places(found["province"]), len(found))
        return case_finds.found(found, text, deployment.jurisdiction)

    return _looked_up(ask, text)


def found_by_pair(deployment: Deployment, scope: Scope, person: str, workshop: str, text: Text) -> Any:
    """What a look-up by person and workshop shows. The person's code goes no further than its hash."""
    if not person or not workshop:
        return case_finds.trouble("no_pair", text)

    def ask() -> Any:
        cases.entitled(scope)
        key = secret_key(deployment.settings).encode()
        asked = pair({"national_code": person, "workshop_code": workshop}, deployment.database, key)
        answer = cases.coverage(deployment.database, scope, asked)
        found = cases.of_pair(deployment.database, scope, asked)
        detail = {"covered": answer.covered, **places(found["province"])}
        audited(deployment, "look_up", f"person/#{asked.person_hash.hex()}", detail, len(found))
        return [*case_finds.found(found, text, deployment.jurisdiction), case_finds.covered(answer, text)]

    return _looked_up(ask, text)


def _looked_up(ask: Callable[[], Any], text: Text) -> Any:
    """What a look-up shows, or why it could not be made; nothing of what was typed is in either."""
    try:
        return ask()
    except Unsound as bad:
        return case_finds.trouble("bad_workshop" if bad.column == "workshop_code" else "bad_person", text)
    except NotEntitled:
        return case_finds.trouble("denied", text)
    except KeyMissing:
        return case_finds.trouble("no_key", text)
    except Unwritten:
        return case_finds.trouble("unwritten", text)
    except SILENT as error:
        log.error("a case could not be looked up: %s", type(error).__name__)  # noqa: TRY400  no more than that
        return case_finds.trouble("silent", text)
