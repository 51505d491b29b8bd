"""The page on which administrators let people in: accounts, their roles and provinces, passwords and sessions."""

from __future__ import annotations

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.access.people import Account
from dashboard.access.person import Person
from dashboard.jurisdictions import Jurisdiction
from dashboard.panel import Page
from dashboard.text import Text
from layouts.administration import (
    act,
    button,
    field,
    form,
    listing,
    places,
    province_names,
    role_names,
    select,
    ticks,
)

_LONGEST_LOGIN = 64


def part(name: str) -> str:
    """The id of a part of the page."""
    return ids.panel("people", name)


def body(text: Text, jurisdiction: Jurisdiction, person: Person) -> html.Div:  # noqa: ARG001  as every page's body
    """The accounts there are, and the forms that make one and change one."""
    provinces = province_names(text, jurisdiction)
    make = form(
        part("make-title"),
        text("people.make"),
        text("people.make.hint"),
        [
            html.Div(
                [
                    field(part("login"), text("people.login"), longest=_LONGEST_LOGIN),
                    field(part("name"), text("people.name")),
                    select(part("role"), text("people.role"), role_names(text), "province"),
                    ticks(part("provinces"), text("people.provinces"), provinces),
                ],
                className="fields",
            ),
            act(part("make"), text("people.make.do"), part("make-said"), "person-plus"),
            html.Div(id=part("make-secret"), className="secret", role="status"),
        ],
    )
    change = form(
        part("change-title"),
        text("people.change"),
        text("people.change.hint"),
        [
            html.Div(
                [
                    select(part("who"), text("people.who"), {}),
                    select(part("new-role"), text("people.role"), role_names(text)),
                    ticks(part("new-provinces"), text("people.provinces"), provinces),
                ],
                className="fields",
            ),
            act(part("change"), text("people.change.do"), part("change-said")),
        ],
    )
    there = form(
        part("list-title"),
        text("people.list"),
        text("people.list.hint"),
        [
            html.P(id=part("act-said"), className="said", role="status"),
            html.Div(id=part("act-secret"), className="secret", role="status"),
            html.Div(id=part("list"), className="kept"),
            dcc.Store(id=part("act")),
            *(dcc.Store(id=part(f"{name}-done")) for name in ("make", "change", "act")),
        ],
    )
    return html.Div([there, html.Div([make, change], className="forms")], className="administration")


def listed(
    accounts: Sequence[Account], open_sessions: dict[int, int], text: Text, jurisdiction: Jurisdiction
) -> Component:
    """The accounts as a table; ``open_sessions`` is how many sessions each has."""
    heads = [text(f"people.{name}") for name in ("login", "role", "provinces", "state", "sessions")]
    rows = [
        [
            [html.Bdi(account.person.login), html.Div(html.Bdi(account.person.name), className="beneath")],
            text(f"role.{account.person.role.key}"),
            _places(account, text, jurisdiction),
            [
                text("people.closed" if account.disabled_at else "people.open"),
                *([html.Div(text("people.directory"), className="beneath")] if account.issuer else []),
            ],
            text.number(open_sessions.get(account.person.id, 0)),
            html.Div(_buttons(account, text), className="ends"),
        ]
        for account in accounts
    ]
    return listing(text("people.list"), [*heads, text("people.acts")], rows, text("people.none"))


def _places(account: Account, text: Text, jurisdiction: Jurisdiction) -> str:
    if account.person.role.subjects == ():
        return text.number(None)
    return places(account.person.provinces, text, jurisdiction)


def _buttons(account: Account, text: Text) -> list[Component]:
    number, login = account.person.id, account.person.login
    found: list[Component] = []
    ways = [("end", "box-arrow-right"), ("disable", "person-slash")]
    if account.disabled_at:
        ways = [("enable", "person-check")]
    if not account.issuer and not account.disabled_at:
        ways.insert(0, ("password", "key"))
    for name, sign in ways:
        ask = text(f"people.{name}.sure", login=login) if name != "enable" else ""
        found.append(button(sign, text(f"people.{name}", login=login), part("act"), f"{name}|{number}", ask))
    return found


PEOPLE = Page(key="people", path="/people", icon="people", right="administration", body=body, panels=())
"""People: for administrators alone."""
