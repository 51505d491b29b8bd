"""Who is signed in, and what one can do about that: the own account, another identity of the demo, out."""

from __future__ import annotations

from collections.abc import Mapping

from dash import dcc, html

from dashboard.access import csrf
from dashboard.access.person import Person
from dashboard.jurisdictions import Jurisdiction
from dashboard.text import Text
from layouts.files import FILES
from layouts.marks import icon, marked
from layouts.trail import scope_name


def person_menu(person: Person, text: Text, jurisdiction: Jurisdiction, token: str, demo: bool) -> html.Details:
    """The menu of the person behind the page; ``token`` is what the form to sign out has to bring."""
    role = text(f"role.{person.role.key}")
    places = scope_name(person.scope, text, jurisdiction) if person.role.subjects != () else ""
    short = places if person.scope.provinces else role
    ways = [_way("/account", "key", text("account.open"))]
    if person.may(FILES.right):
        title = text(f"page.{FILES.key}.title")
        ways.insert(0, _way(FILES.path, FILES.icon, title, {"data-page": FILES.path}))
    if demo:
        ways.append(_way("/sign-in", "people", text("account.switch")))
    out = html.Form(
        [
            dcc.Input(type="hidden", name=csrf.FIELD, value=token),
            html.Button([icon("box-arrow-right"), html.Span(text("account.out"))], type="submit", className="way"),
        ],
        action="/sign-out",
        method="POST",
    )
    return html.Details(
        [
            html.Summary(
                [icon("person"), html.Span(short, className="beside-icon"), icon("chevron-down")],
                className="btn pill",
                title=text("account.menu", name=person.name),
                **marked({"aria-label": text("account.menu", name=person.name)}),
            ),
            html.Div(
                [
                    html.P(html.Bdi(person.name), className="who"),
                    html.P(" · ".join(filter(None, [role, places])), className="hint"),
                    *ways,
                    out,
                ],
                className="drop",
            ),
        ],
        className="dropdown-box of-person",
    )


def _way(to: str, sign: str, words: str, marks: Mapping[str, str] | None = None) -> html.A:
    return html.A([icon(sign), html.Span(words)], href=to, className="way", **marked(dict(marks or {})))
