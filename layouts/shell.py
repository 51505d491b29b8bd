"""The shell around the pages: header, navigation, the place of the page, and the stores the page lives by."""

from __future__ import annotations

from datetime import date
from typing import Literal

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.access.person import Person
from dashboard.jurisdictions import Jurisdiction
from dashboard.panel import Page
from dashboard.scope import NOTHING
from dashboard.text import LANGUAGES, Text
from layouts.card import card
from layouts.filter_bar import filter_bar
from layouts.marks import icon, marked
from layouts.markup import markup
from layouts.pages import pages_for
from layouts.person_menu import person_menu

LANGUAGE = ids.shell("language")
"""Store: the language this page was built in, so that two tabs may differ."""
PICK = ids.control("pick", "data")
"""Store: what a click on a mark, a chip or a table's row asks of a filter."""
_HOME = {"data-page": "/", "data-chooses": "subject"}
"""A link between pages, which keeps the filters; the script goes there without loading everything anew."""


def shell(
    text: Text,
    jurisdiction: Jurisdiction,
    person: Person | None,
    today: date,
    version: int,
    *,
    demo: bool,
    token: str = "",
) -> html.Div:
    """Everything around the page in view. ``version`` is the data's when the shell was built.

    It has what the ``person`` may see: without one, which Dash builds for itself, there are no pages. ``token`` is that
    of the session, which a form has to bring back (`dashboard.access.csrf`).
    """
    scope = person.scope if person is not None else NOTHING
    return html.Div(
        [
            dcc.Store(id=ids.ADDRESS),
            dcc.Store(id=ids.shell("path")),
            dcc.Store(id=ids.FILTERS),
            dcc.Store(id=ids.VERSION, data=version),
            dcc.Store(id=ids.THEME),
            dcc.Store(id=LANGUAGE, data=text.language),
            dcc.Store(id=PICK),
            dcc.Store(id=ids.SHOWN),
            dcc.Store(id=ids.shell("filter-marks")),
            *(dcc.Store(id=ids.lane(number, part)) for number in range(ids.LANES) for part in ("ask", "answer")),
            html.A(text("app.skip"), href=f"#{ids.PAGE}", className="skip"),
            _header(text, jurisdiction, person, demo, token),
            _navigation(text, pages_for(person, jurisdiction)),
            html.Div(className="veil", **marked({"data-closes": "all"})),
            html.Main(
                [
                    filter_bar(text, jurisdiction, today, scope),
                    html.Div(id=ids.NOTICE, className="notice", role="status"),
                    html.Div(id=ids.PAGE, tabIndex=-1, **marked({"aria-live": "off"})),
                    _footer(text, jurisdiction, demo),
                ]
            ),
        ],
        className="shell",
        **marked({"data-who": person.mark, "data-person": str(person.id)} if person is not None else {}),
    )


def _header(text: Text, jurisdiction: Jurisdiction, person: Person | None, demo: bool, token: str) -> html.Header:
    about = [html.Span(text("app.tagline"), className="tagline"), html.Span(jurisdiction.names[text.language])]
    if demo:
        about.append(html.Span(text("demo.badge"), className="demo", title=text("demo.notice")))
    return html.Header(
        [
            _menu_button(text),
            html.A([html.Span(text("app.name"), className="name")], href="/", className="brand", **marked(_HOME)),
            html.P(about, className="about"),
            _live(text, jurisdiction),
            html.Div(
                [
                    html.Label(
                        [
                            html.Span(text("language.choose"), className="visually-hidden"),
                            dbc.Select(
                                id=ids.shell("choose-language"),
                                options=[{"label": text(f"language.{name}"), "value": name} for name in LANGUAGES],
                                value=text.language,
                                size="sm",
                            ),
                        ]
                    ),
                    html.Button(
                        [
                            icon("moon", "when-light"),
                            icon("sun", "when-dark"),
                        ],
                        id=ids.shell("choose-theme"),
                        className="icon-button",
                        type="button",
                        title=text("theme.choose"),
                        **marked({"aria-label": text("theme.choose")}),
                    ),
                    *([person_menu(person, text, jurisdiction, token, demo)] if person is not None else []),
                ],
                className="choices",
            ),
        ],
        className="top",
    )


def _live(text: Text, jurisdiction: Jurisdiction) -> html.Button:
    """The live indicator; also the switch that stops and resumes updates. The script finds its words here."""
    words = {f"data-{state}": text(f"live.{state}") for state in ("on", "paused", "late", "off")}
    return html.Button(
        [
            html.Span(className="dot", **marked({"aria-hidden": "true"})),
            html.Span(text("live.on"), className="state", **marked({"aria-live": "polite"})),
            html.Span(className="as-of"),
            icon("pause-fill", "when-running"),
            icon("play-fill", "when-paused"),
        ],
        id=ids.LIVE,
        className="live",
        type="button",
        title=text("live.pause"),
        **marked(
            {
                **words,
                "data-as-of": text("live.as_of", time="{time}"),
                "data-silent": text("live.feed_silent"),
                "data-pause": text("live.pause"),
                "data-resume": text("live.resume"),
                "data-zone": str(jurisdiction.timezone),
                "aria-pressed": "false",
            }
        ),
    )


def _navigation(text: Text, pages: tuple[Page, ...]) -> html.Nav:
    links: list[Component] = [
        html.Li(
            html.A(
                [
                    icon(f"{page.icon}"),
                    html.Span(text(f"page.{page.key}.title")),
                ],
                href=page.path,
                **marked({"data-page": page.path, **_marks(page)}),
            )
        )
        for page in pages
        if not page.aside
    ]
    close = html.Button(
        icon("x-lg"),
        className="tool",
        type="button",
        **marked({"aria-label": text("shell.close"), "data-closes": "navigation"}),
    )
    return html.Nav(
        [close, html.Ul(links)],
        id=ids.shell("navigation"),
        className="side",
        **marked({"aria-label": text("shell.navigation")}),
    )


def _marks(page: Page) -> dict[str, str]:
    """What the script has to know of a page: whether it has a choice of subject, and addresses beneath its own."""
    marks = {"data-chooses": "subject"} if page.chooses else {}
    return {**marks, "data-beneath": "true"} if page.beneath else marks


def _menu_button(text: Text) -> html.Button:
    return html.Button(
        icon("list"),
        className="icon-button opens-navigation",
        type="button",
        **marked(
            {
                "data-opens": "navigation",
                "aria-label": text("shell.menu"),
                "aria-expanded": "false",
                "aria-controls": ids.shell("navigation"),
            }
        ),
    )


def _footer(text: Text, jurisdiction: Jurisdiction, demo: bool) -> html.Footer:
    notes = [text("demo.notice")] if demo else []
    if jurisdiction.boundaries and jurisdiction.boundary_notice:
        notes.append(text("shell.boundaries", notice=jurisdiction.boundary_notice))
    return html.Footer([html.P(note) for note in notes], className="foot")


def page(spec: Page, text: Text, jurisdiction: Jurisdiction, person: Person) -> html.Div:
    """A page: its heading, what it has of its own, and the place of its cards."""
    return html.Div(
        [
            html.H1(text(f"page.{spec.key}.title"), className="visually-hidden"),
            *([spec.body(text, jurisdiction, person)] if spec.body else []),
            html.Div(id=ids.cards(spec.key), className="cards"),
        ],
        className="page",
    )


def cards(spec: Page, text: Text, jurisdiction: Jurisdiction) -> str:
    """The cards that a page has in a jurisdiction, as HTML, empty as yet."""
    return markup([card(panel, text) for panel in spec.panels if panel.there(jurisdiction)])


def no_page(why: Literal["403", "404"], text: Text) -> html.Div:
    """What stands where there is no page, or none for the reader, with the way back."""
    return html.Div(
        [
            icon("signpost-split" if why == "404" else "shield-lock"),
            html.H1(text("state.not_found") if why == "404" else text("refusal.403")),
            *([] if why == "404" else [html.P(text("refusal.403.why"))]),
            html.P(html.A(text("shell.home"), href="/", className="btn btn-primary", **marked(_HOME))),
        ],
        className="nowhere",
    )
