"""Briefings: put together on a page of their own and from the menu of each card, and taken away as files."""

from __future__ import annotations

import logging
from typing import Any, Final
from urllib.parse import urlencode

from dash import Dash, Input, Output, State, ctx, no_update
from dash.exceptions import PreventUpdate
from flask import Flask, Response, redirect, request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import BadRequest, Forbidden
from werkzeug.wrappers import Response as AnyResponse

from callbacks.asking import current_person, language_of
from callbacks.audited import audited
from callbacks.composing import CONTENT_TYPES, FORMS, as_briefing, composed, found, is_ready, query_of, title_of
from callbacks.index import LANGUAGE_COOKIE
from callbacks.taking import Refusal, asked
from dashboard import ids
from dashboard.access.audit import Unwritten
from dashboard.access.person import Person
from dashboard.briefings import kept
from dashboard.briefings.kept import BadBriefing, Briefing, Card
from dashboard.briefings.ready import ready_for
from dashboard.deployment import Deployment
from dashboard.exports.notes import narrowed_to
from dashboard.jobs import files
from dashboard.jobs.queue import works
from dashboard.text import LANGUAGES, Text
from dashboard.text.bidi import plain
from layouts.briefings import gone, lists, opened, part, preview
from layouts.files import FILES
from layouts.pages import panels_for
from layouts.shell import LANGUAGE

log = logging.getLogger(__name__)

_SILENT: Final = (DBAPIError, PoolTimeout)
_PATH: Final = "/briefings/"
_LONG: Final = 30
"""Cards above which a worker makes the file, where there is one."""


def register(app: Dash, deployment: Deployment) -> None:
    """Serve the page, ``/briefing/<id>.<kind>``, and what the menus of cards ask."""
    _page(app, deployment)
    _files(app.server, deployment)
    _menu(app.server, deployment)


def _page(app: Dash, deployment: Deployment) -> None:
    @app.callback(
        Output(part("shown"), "children"),
        Output(part("said"), "children"),
        Input(part("act"), "data"),
        Input(ids.ADDRESS, "data"),
        Input(part("shown"), "id"),
        State(LANGUAGE, "data"),
        right="counts",
    )
    def show(act: Any, address: Any, _there: Any, language: Any) -> tuple[Any, Any]:
        text, number = language_of(language, deployment), _number(address)
        said, anew = "", True
        try:
            if isinstance(act, dict) and ctx.triggered_id == part("act"):
                said, anew = _acted(deployment, number, str(act.get("key", "")), str(act.get("value") or ""), text)
            return (_shown(deployment, number, text) if anew else no_update), said
        except BadBriefing as bad:
            return _shown(deployment, number, text), text(f"briefings.bad.{bad.why}")
        except (kept.Unknown, Refusal):
            return gone(text), ""
        except _SILENT as silent:
            log.warning("briefings cannot be read: %s", type(silent).__name__)
            return no_update, text("briefings.bad.silent")


def _acted(deployment: Deployment, number: str, key: str, value: str, text: Text) -> tuple[str, bool]:
    """Do what a button or a field of the page stands for; what is said, and whether the page is another one now.

    BadBriefing, Unknown.
    """
    database, person = deployment.database, current_person().id
    what, _, of = key.partition(":")
    if what == "make":
        kept.make(database, person, value, text.language, text.calendar_name)
        return text("briefings.made"), True
    if what == "drop":
        kept.drop(database, person, of)
        return text("briefings.dropped"), True
    if what == "copy":
        ready = found(deployment, current_person(), of, text.language)
        kept.make(database, person, ready.name, text.language, text.calendar_name, cards=ready.cards)
        return text("briefings.made"), True
    if what in ("name", "language", "calendar", "style"):
        kept.change(database, person, number, what, value)
        return text("briefings.saved"), what == "name"
    card = int(of) if of.isascii() and of.isdecimal() and len(of) < 18 else 0
    match what:
        case "headline" | "note":
            kept.edit(database, person, number, card, what, value)
            return text("briefings.saved"), False
        case "up" | "down":
            kept.move(database, person, number, card, -1 if what == "up" else 1)
            place = [each.id for each in kept.find(database, person, number).cards].index(card) + 1
            return text("briefings.moved", place=place), True
        case "remove":
            kept.remove(database, person, number, card)
            return text("briefings.removed"), True
    raise PreventUpdate


def _shown(deployment: Deployment, number: str, text: Text) -> Any:
    """The lists, or the briefing that is opened. Refusal where that is not the person's."""
    person, zone = current_person(), deployment.jurisdiction.timezone
    if not number:
        ready = [as_briefing(each, person, deployment, text) for each in ready_for(person)]
        return lists(kept.listed(deployment.database, person.id), ready, text, zone)
    of = found(deployment, person, number, text.language)
    shown = [_told(deployment, person, card, text, of) for card in of.cards]
    return preview(of, shown, text) if is_ready(of.id) else opened(of, shown, text)


def _told(deployment: Deployment, person: Person, card: Card, text: Text, of: Briefing) -> tuple[str, str]:
    """A card's question and what it is narrowed to, in words; why it cannot be asked where that is so."""
    title = title_of(card, text, deployment)
    try:
        panel, filters, _ = asked(deployment, person, card.panel, query_of(card), of.calendar)
    except Refusal as refusal:
        return title, text("briefings.unasked" if refusal.code == 400 else "briefings.closed")
    window = panel.heeded(filters).window
    days = [text.span(window.start, window.end)] if "period" in panel.answers else []
    return title, plain(" · ".join([*days, *narrowed_to(panel, filters, text, deployment.jurisdiction)]))


def _files(server: Flask, deployment: Deployment) -> None:
    @server.get("/briefing/<number>.<kind>")
    def briefing(number: str, kind: str) -> AnyResponse:
        person = current_person()
        if not person.may("counts"):
            raise Refusal(403, "this needs the right to counts")
        if kind not in FORMS:
            raise Refusal(404, f"there is no kind {kind!r} of briefing; there are: {', '.join(FORMS)}")
        language = _language(deployment)
        asked_for = _found(deployment, person, number, language)
        if len(asked_for.cards) > _LONG and works(deployment.database):
            return _later(deployment, person, asked_for, kind, language)
        of = composed(deployment, person, asked_for)
        content = of.file(kind)
        try:
            detail = {"format": kind, **of.detail}
            audited(deployment, "export", f"briefing/{of.id}", detail, of.rows)
        except Unwritten as error:
            raise Refusal(503, f"{error}, so nothing is given out; try again in a moment") from error
        disposition = f'attachment; filename="{of.stem}.{kind}"'
        headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
        return Response(content, content_type=CONTENT_TYPES[kind], headers=headers)


def _later(deployment: Deployment, person: Person, of: Briefing, kind: str, language: str) -> AnyResponse:
    """Leave a long one to a worker, and lead to where its files are. Refusal."""
    try:
        audited(deployment, "export_asked", f"briefing/{of.id}", {"format": kind})
        files.ask(deployment.database, person.id, "briefing", kind, of.name, language, {"briefing": of.id})
    except files.TooMany as many:
        raise Refusal(429, f"{many}; wait for them, or give one up") from many
    except Unwritten as error:
        raise Refusal(503, f"{error}, so nothing is asked for; try again in a moment") from error
    return redirect(FILES.path)


def _menu(server: Flask, deployment: Deployment) -> None:
    """What the menu of a card asks: one's briefings, and to put the card into one of them."""

    @server.get("/api/v1/briefings")
    def own() -> dict[str, Any]:
        person = _entitled()
        try:
            there = kept.listed(deployment.database, person.id)
        except _SILENT as silent:
            raise Refusal(503, "the database does not answer; try again in a moment") from silent
        return {"briefings": [{"id": each.id, "name": each.name, "cards": number} for each, number in there]}

    @server.post("/api/v1/briefings/cards")
    def add() -> tuple[dict[str, Any], int]:
        """Put a card into a briefing, or into a new one: ``{"panel", "query", "briefing"}`` or ``"name"``."""
        person, text = _entitled(), language_of(_language(deployment), deployment)
        given = request.get_json(silent=True)
        if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
            raise BadRequest("the body is no JSON object of texts")
        try:
            card = _card(deployment, person, given.get("panel", ""), given.get("query", ""))
            number, name = given.get("briefing", ""), given.get("name", "")
            if number:
                name = kept.add(deployment.database, person.id, number, card)
            else:
                number = kept.make(
                    deployment.database, person.id, name, text.language, text.calendar_name, cards=[card]
                )
                name = kept.find(deployment.database, person.id, number).name
        except BadBriefing as bad:
            return {"said": text(f"briefings.bad.{bad.why}")}, 400
        except kept.Unknown as unknown:
            raise Refusal(404, "there is no such briefing") from unknown
        except _SILENT as silent:
            raise Refusal(503, "the database does not answer; try again in a moment") from silent
        return {"said": text("briefings.added", name=name), "briefing": number}, 200


def _entitled() -> Person:
    person = current_person()
    if not person.may("counts"):
        raise Forbidden("this needs the right to counts")
    return person


def _card(deployment: Deployment, person: Person, panel: str, query: str) -> Card:
    """A card as it is kept: of a panel that is open to the person, with filters that are understood. BadBriefing."""
    if panel not in panels_for(person, deployment.jurisdiction):
        raise BadBriefing("panel")
    given = {name: value for name, value in query_of(Card(panel, query[:4000])).items() if name != "lang"}
    try:
        _, filters, _ = asked(deployment, person, panel, given, "")
    except Refusal as refusal:
        raise BadBriefing("query") from refusal
    return Card(panel, urlencode(filters.to_query()))


def _found(deployment: Deployment, person: Person, number: str, language: str) -> Briefing:
    try:
        return found(deployment, person, number, language)
    except _SILENT as silent:
        raise Refusal(503, "the database does not answer; try again in a moment") from silent


def _language(deployment: Deployment) -> str:
    """The language that a request asks for, or that of the page."""
    wanted = request.args.get("lang") or request.cookies.get(LANGUAGE_COOKIE, "")
    return wanted if wanted in LANGUAGES else language_of("", deployment).language


def _number(address: Any) -> str:
    """The id of the briefing that an address names; empty where it is that of the lists."""
    path = address.get("path") if isinstance(address, dict) else ""
    return path.removeprefix(_PATH).strip("/") if isinstance(path, str) and path.startswith(_PATH) else ""
