"""The page on which administrators give tokens to the systems that send records, and take them back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.access.person import Person
from dashboard.claims.subjects import SUBJECTS
from dashboard.jurisdictions import Jurisdiction
from dashboard.panel import Page
from dashboard.text import Text
from layouts.administration import act, button, field, form, listing, places, province_names, select, ticks

NEVER = "never"
DAYS = ("30", "90", "365", NEVER)
"""How long a token may last."""
LONGEST = 60


def part(name: str) -> str:
    """The id of a part of the page."""
    return ids.panel("tokens", name)


def body(text: Text, jurisdiction: Jurisdiction, person: Person) -> html.Div:  # noqa: ARG001  as every page's body
    """The tokens there are, and the form that makes one."""
    subjects = {key: text(f"records.{key}") for key in SUBJECTS}
    days = {key: text("tokens.never") if key == NEVER else text.days(int(key)) for key in DAYS}
    make = form(
        part("make-title"),
        text("tokens.make"),
        text("tokens.make.hint"),
        [
            html.Div(
                [
                    field(part("name"), text("tokens.name"), text("tokens.name.hint"), LONGEST),
                    select(part("days"), text("tokens.days"), days, "90"),
                    ticks(part("subjects"), text("tokens.subjects"), subjects),
                    ticks(part("provinces"), text("people.provinces"), province_names(text, jurisdiction)),
                ],
                className="fields",
            ),
            act(part("make"), text("tokens.make.do"), part("make-said"), "key"),
            html.Div(id=part("make-secret"), className="secret", role="status"),
        ],
    )
    there = form(
        part("list-title"),
        text("tokens.list"),
        text("tokens.list.hint"),
        [
            html.P(id=part("act-said"), className="said", role="status"),
            html.Div(id=part("list"), className="kept"),
            dcc.Store(id=part("act")),
            *(dcc.Store(id=part(f"{name}-done")) for name in ("make", "act")),
        ],
    )
    return html.Div([there, html.Div([make], className="forms")], className="administration")


def listed(kept: Sequence[tuple[Any, ...]], text: Text, jurisdiction: Jurisdiction) -> Component:
    """Tokens (`access.tokens.listed`) as a table."""
    heads = [
        text("tokens.name"),
        text("tokens.subjects"),
        text("people.provinces"),
        text("people.state"),
        text("people.acts"),
    ]
    rows = []
    for number, name, subjects, provinces, expires, revoked in kept:
        ended = revoked or (expires is not None and expires < datetime.now(UTC))
        revoke = text("tokens.revoke", name=name)
        ways = (
            [] if ended else [button("trash", revoke, part("act"), str(number), text("tokens.revoke.sure", name=name))]
        )
        rows.append(
            [
                [html.Bdi(name), html.Div(text("tokens.number", n=text.digits(number)), className="beneath")],
                _opens(subjects, text),
                places(provinces, text, jurisdiction),
                _state(expires, revoked, text, jurisdiction),
                html.Div(ways, className="ends"),
            ]
        )
    return listing(text("tokens.list"), heads, rows, text("tokens.none"))


def _opens(subjects: Sequence[str], text: Text) -> str:
    if set(subjects) == set(SUBJECTS):
        return text("tokens.all")
    return text("note.and").join(text(f"records.{key}") for key in subjects if text.has(f"records.{key}"))


def _state(expires: datetime | None, revoked: datetime | None, text: Text, jurisdiction: Jurisdiction) -> str:
    if revoked:
        return text("tokens.revoked", day=text.day(revoked.astimezone(jurisdiction.timezone).date()))
    if expires is None:
        return text("tokens.never")
    return text("tokens.until", day=text.day(expires.astimezone(jurisdiction.timezone).date()))


TOKENS = Page(key="tokens", path="/tokens", icon="key", right="administration", body=body, panels=())
"""Tokens: for administrators alone."""
