"""The page of briefings: one's own and the ready ones of one's role; and one of them opened, to be put in order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.access.person import Person
from dashboard.briefings.kept import LONGEST, STYLES, Briefing
from dashboard.jurisdictions import Jurisdiction
from dashboard.panel import Page
from dashboard.text import LANGUAGES, Text
from dashboard.text.calendars import CALENDARS
from layouts import schedules
from layouts.administration import button, form, listing
from layouts.marks import icon, marked

FORMS = {"pptx": "file-earmark-slides", "pdf": "filetype-pdf", "xlsx": "file-earmark-spreadsheet"}
"""The kinds of files a briefing becomes, with their icons."""


def part(name: str) -> str:
    """The id of a part of the page."""
    return ids.panel("briefings", name)


def body(text: Text, jurisdiction: Jurisdiction, person: Person) -> html.Div:  # noqa: ARG001  as every page's body
    """The place of the lists, or of the briefing that the address names, and what came of the last act."""
    return html.Div(
        [
            html.P(id=part("said"), className="said", role="status"),
            html.Div(id=part("shown")),
            dcc.Store(id=part("act")),
            schedules.place(text),
        ],
        className="administration briefings",
    )


def lists(own: Sequence[tuple[Briefing, int]], ready: Sequence[Briefing], text: Text, zone: tzinfo) -> list[Component]:
    """The ready briefings and one's own, each with the files it becomes, and the form that makes another."""
    heads = [text("briefings.name"), text("briefings.cards"), text("briefings.acts")]
    rows = [
        [
            _link(each, text),
            text.number(len(each.cards)),
            html.Div([*_files(each, text), _copy(each, text)], className="ends"),
        ]
        for each in ready
    ]
    kept = [
        [
            [_link(each, text), _changed(each, text, zone)],
            text.number(number),
            html.Div([*_files(each, text), _drop(each, text)], className="ends"),
        ]
        for each, number in own
    ]
    there = listing(text("briefings.ready"), heads, rows, text("briefings.none"))
    mine = listing(text("briefings.own"), heads, kept, text("briefings.none"))
    hint = text("briefings.own.hint")
    return [
        form(part("own-title"), text("briefings.own"), hint, [html.Div(mine, className="kept"), _make(text)]),
        *(
            [
                form(
                    part("ready-title"),
                    text("briefings.ready"),
                    text("briefings.ready.hint"),
                    [html.Div(there, className="kept")],
                )
            ]
            if ready
            else []
        ),
    ]


def opened(of: Briefing, shown: Sequence[tuple[str, str]], text: Text) -> list[Component]:
    """One of one's own with its cards, each by its question and its filters in words, to be edited in place."""
    cards = [
        _card(card.id, title, filters, (card.headline, card.note), (place, len(shown)), text)
        for place, (card, (title, filters)) in enumerate(zip(of.cards, shown, strict=True), 1)
    ]
    none = html.P(text("briefings.empty"), className="hint")
    settings = [
        _written("name", text("briefings.name"), of.name, LONGEST["name"]),
        _chosen("language", text, of.language, {name: text(f"language.{name}") for name in LANGUAGES}),
        _chosen("calendar", text, of.calendar, {name: text(f"briefings.calendar.{name}") for name in CALENDARS}),
        _chosen("style", text, of.style, {name: text(f"briefings.style.{name}") for name in STYLES}),
    ]
    return [
        _back(text),
        form(
            part("one-title"),
            of.name,
            text("briefings.own.hint"),
            [
                html.Div(settings, className="fields"),
                html.Div(_files(of, text), className="act"),
                html.Ol(cards, className="ordered") if cards else none,
            ],
        ),
    ]


def preview(of: Briefing, shown: Sequence[tuple[str, str]], text: Text) -> list[Component]:
    """A ready one: what it asks, and the files it becomes."""
    lines = [
        html.Li(html.Div([html.H3(html.Bdi(title)), html.P(html.Bdi(filters), className="beneath")]))
        for title, filters in shown
    ]
    return [
        _back(text),
        form(
            part("one-title"),
            of.name,
            text("briefings.ready.hint"),
            [html.Div([*_files(of, text), _copy(of, text)], className="act"), html.Ol(lines, className="ordered")],
        ),
    ]


def gone(text: Text) -> list[Component]:
    """What stands where there is no such briefing, or one of another person."""
    return [_back(text), html.P(text("briefings.gone"), className="hint")]


def _back(text: Text) -> html.P:
    return html.P(_to("/briefings", [icon("arrow-left"), html.Span(text("briefings.all"))]), className="back")


def _link(of: Briefing, text: Text) -> html.A:  # noqa: ARG001
    return _to(f"/briefings/{of.id}", [html.Bdi(of.name)])


def _to(path: str, inside: Sequence[Component]) -> html.A:
    return html.A(list(inside), href=path, **marked({"data-page": path}))


def _changed(of: Briefing, text: Text, zone: tzinfo) -> html.Div:
    moment = text.moment(of.changed_at, zone) if of.changed_at else ""
    return html.Div(f"{text('briefings.changed')}: {moment}", className="beneath")


def _files(of: Briefing, text: Text) -> list[html.A]:
    """The address of each file, in the language of the page for a ready one."""
    tail = f"?lang={text.language}" if not of.changed_at else ""
    return [
        html.A(
            [icon(sign), html.Span(kind.upper())],
            href=f"/briefing/{of.id}.{kind}{tail}",
            className="tool file",
            title=text("briefings.get", name=of.name, kind=kind.upper()),
            **marked({"aria-label": text("briefings.get", name=of.name, kind=kind.upper())}),
        )
        for kind, sign in FORMS.items()
    ]


def _copy(of: Briefing, text: Text) -> html.Button:
    return button("copy", text("briefings.copy", name=of.name), part("act"), f"copy:{of.id}")


def _drop(of: Briefing, text: Text) -> html.Button:
    sure = text("briefings.drop.sure", name=of.name)
    return button("trash", text("briefings.drop", name=of.name), part("act"), f"drop:{of.id}", sure)


def _make(text: Text) -> html.Div:
    """A name and a button: the script sends both together."""
    hint = text("briefings.make.hint")
    box = dbc.Input(type="text", size="sm", placeholder=hint, maxlength=LONGEST["name"], autocomplete="off")
    return html.Div(
        [
            html.Label([html.Span(text("briefings.make")), box]),
            html.Button(
                [icon("plus-lg", "me-1"), html.Span(text("briefings.make.do"))],
                className="btn btn-primary btn-sm",
                type="button",
                **marked({"data-sends": part("act"), "data-key": "make"}),
            ),
        ],
        className="act making",
    )


def _card(number: int, title: str, filters: str, words: tuple[str, str], place: tuple[int, int], text: Text) -> html.Li:
    ways = [
        *([button("arrow-up", text("briefings.up", title=title), part("act"), f"up:{number}")] if place[0] > 1 else []),
        *(
            [button("arrow-down", text("briefings.down", title=title), part("act"), f"down:{number}")]
            if place[0] < place[1]
            else []
        ),
        button("x-lg", text("briefings.remove", title=title), part("act"), f"remove:{number}"),
    ]
    return html.Li(
        html.Div(
            [
                html.Div(
                    [
                        html.Div([html.H3(html.Bdi(title)), html.P(html.Bdi(filters), className="beneath")]),
                        html.Div(ways, className="ends"),
                    ],
                    className="question",
                ),
                _written(f"headline:{number}", text("briefings.headline"), words[0], LONGEST["headline"]),
                _written(f"note:{number}", text("briefings.note"), words[1], LONGEST["note"], long=True),
            ],
            className="briefing-card",
        ),
        key=str(number),
    )


def _written(key: str, label: str, value: str, longest: int, long: bool = False) -> html.Label:
    """A line or a few to write: the script sends them when they are left."""
    box = (
        dbc.Textarea(value=value, maxlength=longest, rows=2, size="sm")
        if long
        else dbc.Input(type="text", value=value, maxlength=longest, size="sm", autocomplete="off")
    )
    return html.Label([html.Span(label), box], **marked({"data-writes": part("act"), "data-key": key}))


def _chosen(key: str, text: Text, value: str, options: dict[str, str]) -> html.Label:
    listed = [{"label": words, "value": name} for name, words in options.items()]
    box = dbc.Select(options=listed, value=value, size="sm")
    label = html.Span(text(f"briefings.{key}"))
    return html.Label([label, box], **marked({"data-writes": part("act"), "data-key": key}))


BRIEFINGS = Page(key="briefings", path="/briefings", icon="easel", right="counts", body=body, panels=(), beneath=True)
"""Briefings: for who sees figures."""
