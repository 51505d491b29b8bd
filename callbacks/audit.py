"""The audit as administrators search it: a page of entries at a time, and all that a search finds as a file."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from dash import Dash, Input, Output, State, ctx, no_update
from flask import Flask, Response, request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import BadRequest, Forbidden, ServiceUnavailable

from callbacks.asking import current_person, language_of
from callbacks.audited import audited
from dashboard import ids
from dashboard.access import audit, people
from dashboard.access.audit import ACTIONS, Entry, Search, Unfit, Unwritten
from dashboard.deployment import Deployment
from dashboard.exports import csv
from dashboard.intake.characters import normalised
from dashboard.intake.person import masked, names_person
from dashboard.text import Text
from layouts.audit import ANY, FROM, TO, found, part
from layouts.day_picker import PARTS, picked
from layouts.shell import LANGUAGE

_SILENT = (DBAPIError, PoolTimeout)
_TEXTS = ("login", "object")
_LONGEST = 200
_MOST_PAGES = 10_000
_DAY = timedelta(days=1)

log = logging.getLogger(__name__)


def register(app: Dash, deployment: Deployment) -> None:
    """Wire the search, and serve ``/audit.csv``."""
    _search(app, deployment)
    _file(app.server, deployment)


def _search(app: Dash, deployment: Deployment) -> None:
    @app.callback(
        Output(part("table"), "children"),
        Output(part("said"), "children"),
        Output(part("place"), "data"),
        Output(part("newer"), "disabled"),
        Output(part("older"), "disabled"),
        Output(part("file"), "href"),
        Input(part("table"), "id"),
        *(Input(part(name), "n_clicks") for name in ("search", "newer", "older")),
        *(State(part(name), "value") for name in ("login", "action", "object", "province")),
        *(State(ids.control(name, each), "value") for name in (FROM, TO) for each in PARTS),
        State(part("place"), "data"),
        State(LANGUAGE, "data"),
        right="administration",
    )
    def search(*given: Any) -> tuple[Any, ...]:
        login, action, of, province, *days, place, language = given[4:]
        text = language_of(language, deployment)
        turned = ctx.triggered_id in (part("newer"), part("older")) and isinstance(place, dict)
        try:
            asked = place.get("asked") if turned else _asked(login, action, of, province, days, text)
            wanted = _wanted(asked, deployment)
            pages = _turned(place, ctx.triggered_id == part("older")) if turned else []
            entries = audit.entries(deployment.database, wanted, pages[-1] if pages else None, audit.PAGE + 1)
            logins = {f"account/{each.person.id}": each.person.login for each in people.listed(deployment.database)}
            seen = min(len(entries), audit.PAGE)
            audited(deployment, "audit_view", "audit", {"filters": _told(asked, deployment)}, seen, once=True)
        except (BadRequest, Unfit):
            return no_update, text("audit.bad"), *(no_update for _ in range(4))
        except (*_SILENT, Unwritten) as error:
            log.warning("the audit could not be searched: %s", type(error).__name__)
            return no_update, text("people.bad.silent"), *(no_update for _ in range(4))
        shown = entries[: audit.PAGE]
        last = [shown[-1].at.isoformat(), shown[-1].id] if len(entries) > audit.PAGE else None
        kept = {"asked": asked, "pages": [[at.isoformat(), number] for at, number in pages], "last": last}
        address = f"/audit.csv?{urlencode({**_told(asked, deployment), 'lang': text.language})}"
        words = text("audit.page", n=len(pages) + 1) if shown else ""
        return found(shown, logins, text, deployment.jurisdiction), words, kept, not pages, last is None, address


def _file(server: Flask, deployment: Deployment) -> None:
    @server.get("/audit.csv")
    def audit_file() -> Response:
        if not current_person().may("administration"):
            raise Forbidden("the audit is for administrators")
        query = request.args.to_dict()
        text = language_of(query.pop("lang", ""), deployment)
        wanted = _wanted(query, deployment)
        try:
            rows = audit.number(deployment.database, wanted)
            audited(deployment, "audit_export", "audit", {"filters": _told(query, deployment)}, rows)
        except (*_SILENT, Unwritten) as error:
            raise ServiceUnavailable("the audit cannot be given out at the moment; try again shortly") from error
        heads = [text(f"audit.{name}") for name in ("when", "who", "role", "what", "object", "detail", "rows", "where")]
        content = csv.streamed(heads, _lines(audit.every(deployment.database, wanted), text))
        name = f"rasad-audit-{deployment.database.today()}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return Response(content, content_type="text/csv; charset=utf-8", headers=headers)


def _lines(entries: Iterator[Entry], text: Text) -> Iterator[list[Any]]:
    for entry in entries:
        action = f"audit.action.{entry.action}"
        detail = " ".join(f"{name}={_plain(value)}" for name, value in entry.detail.items())
        yield [
            *(entry.at.astimezone(UTC).isoformat(timespec="seconds"), entry.login, entry.role),
            *(text(action) if text.has(action) else entry.action, entry.object, detail, entry.rows, entry.address),
        ]


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return "&".join(f"{name}={each}" for name, each in value.items())
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _asked(login: Any, action: Any, of: Any, province: Any, days: list[Any], text: Text) -> dict[str, str]:
    """What the form asks, as an address says it. BadRequest where a day is none."""
    try:
        start, end = (picked((day, month, year), text) for day, month, year in (days[:3], days[3:]))
    except (ValueError, OverflowError) as error:
        raise BadRequest("this is no day") from error
    given = {"login": login, "action": action, "object": of, "province": province}
    told = {name: str(value).strip() for name, value in given.items() if value and value != ANY}
    return {**told, "from": start.isoformat(), "to": end.isoformat()}


def _wanted(asked: Any, deployment: Deployment) -> Search:
    """The search that the parameters of an address ask for; BadRequest where they ask what there is not."""
    if not isinstance(asked, dict) or not set(asked) <= {*_TEXTS, "action", "province", "from", "to"}:
        raise BadRequest("the audit is searched by login, action, object, province, from and to")
    told = {name: str(value) for name, value in asked.items()}
    if any(len(value) > _LONGEST or "\0" in value for value in told.values()):
        raise BadRequest("a value is too long")
    action, province = told.get("action", ""), told.get("province", "")
    if action and action not in ACTIONS:
        raise BadRequest("action: there is no such action")
    if province and province not in {each.code for each in deployment.jurisdiction.provinces}:
        raise BadRequest("province: there is no such province")
    zone = deployment.jurisdiction.timezone
    bounds: dict[str, datetime] = {}
    for name, field, more in (("from", "start", timedelta(0)), ("to", "end", _DAY)):
        if name in told:
            try:
                bounds[field] = datetime.combine(date.fromisoformat(told[name]) + more, time(), zone)
            except (ValueError, OverflowError) as error:
                raise BadRequest(f"{name}: this is no day") from error
    return Search(
        login=told.get("login", "").lower(),
        actions=(action,) if action else (),
        object=told.get("object", ""),
        province=province,
        **bounds,
    )


def _told(asked: Mapping[str, Any], deployment: Deployment) -> dict[str, str]:
    """A search as it may be kept and stand in an address: what passes for a national code is blotted out."""
    algorithm = deployment.jurisdiction.person_code
    told = {str(name): str(value) for name, value in asked.items()}
    return {
        name: masked(value) if names_person(normalised(value), algorithm) else value for name, value in told.items()
    }


def _turned(place: Mapping[str, Any], older: bool) -> list[tuple[datetime, int]]:
    """The places where the pages begin, down to the one asked for; BadRequest where they are none."""
    pages, last = place.get("pages"), place.get("last")
    if not isinstance(pages, list) or len(pages) > _MOST_PAGES:
        raise BadRequest("no such page")
    wanted = [*pages, last] if older and last else pages if older else pages[:-1]
    try:
        return [(datetime.fromisoformat(at), int(number)) for at, number in wanted]
    except (TypeError, ValueError) as error:
        raise BadRequest("no such page") from error
