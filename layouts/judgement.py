"""The page on which headquarters set what everything is held against: targets, and annotations of days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import dash_bootstrap_components as dbc
import pandas as pd
from dash import dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.access.person import Person
from dashboard.claims.judgement import LONGEST, measures
from dashboard.jurisdictions import Jurisdiction
from dashboard.measures import MEASURES
from dashboard.panel import Page
from dashboard.text import Text
from layouts.day_picker import day_picker
from layouts.filter_choices import alphabetical
from layouts.marks import icon, marked

DAY = "annotated"
"""The name of the day picker of an annotation."""
_SUBJECTS = ("registrations", "disputes", "procedures", "service_requests")


EVERYWHERE = "all"
"""The choice of no province or subject in particular: a select takes an empty value for no choice at all."""


def part(name: str) -> str:
    """The id of a part of the two forms."""
    return ids.panel("judgement-forms", name)


def body(text: Text, jurisdiction: Jurisdiction, person: Person) -> html.Div:  # noqa: ARG001  as every page's body
    """Both forms, side by side where there is room, each with what is set so far beneath."""
    return html.Div([_target(text, jurisdiction), _annotation(text, jurisdiction)], className="forms")


def _target(text: Text, jurisdiction: Jurisdiction) -> html.Section:
    options = {key: text(f"measure.{key}.label") for key in measures(jurisdiction)}
    fields = [
        _select("measure", alphabetical(options, text), text),
        _select("target-province", {EVERYWHERE: text("judgement.nation"), **_provinces(text, jurisdiction)}, text),
        _field("value", text, text("judgement.value.hint"), 12),
    ]
    return _form("target", fields, text)


def _annotation(text: Text, jurisdiction: Jurisdiction) -> html.Section:
    today = datetime.now(jurisdiction.timezone).date()
    subjects = {key: text(f"show.{key}") for key in _SUBJECTS}
    fields = [
        day_picker(DAY, text, today),
        _select("subject", {EVERYWHERE: text("judgement.every_subject"), **subjects}, text),
        _select("annotation-province", {EVERYWHERE: text("judgement.nation"), **_provinces(text, jurisdiction)}, text),
        _field("words", text, text("judgement.words.hint"), LONGEST),
    ]
    return _form("annotation", fields, text)


def _form(name: str, fields: Sequence[Component], text: Text) -> html.Section:
    """A card with fields, a button that saves, what came of it, and what is set, each with a button that takes it away.

    Those buttons come and go with what is set: a script writes what they stand for to the store ``drop-<name>``.
    """
    return html.Section(
        [
            html.Header(
                html.Div(
                    [
                        html.H2(text(f"judgement.{name}"), id=part(f"{name}-title")),
                        html.P(text(f"judgement.{name}.hint")),
                    ],
                    className="titles",
                )
            ),
            html.Div(list(fields), className="fields"),
            html.Div(
                [
                    dbc.Button(
                        [icon("check-lg", "me-1"), html.Span(text("judgement.save"))],
                        id=part(f"save-{name}"),
                        color="primary",
                        size="sm",
                        type="button",
                    ),
                    html.P(id=part(f"{name}-said"), className="said", role="status"),
                ],
                className="act",
            ),
            html.Div(id=part(f"{name}-list"), className=f"kept of-{name}"),
            dcc.Store(id=part(f"drop-{name}")),
        ],
        className="panel form",
        **marked({"aria-labelledby": part(f"{name}-title")}),
    )


def _select(name: str, options: dict[str, str], text: Text) -> html.Label:
    listed = [{"label": label, "value": value} for value, label in options.items()]
    chosen = dbc.Select(id=part(name), options=listed, value=next(iter(options), ""), size="sm")
    return html.Label([html.Span(text(f"judgement.{name}.label")), chosen])


def _field(name: str, text: Text, hint: str, longest: int) -> html.Label:
    box = dbc.Input(id=part(name), type="text", size="sm", placeholder=hint, maxlength=longest, autocomplete="off")
    return html.Label([html.Span(text(f"judgement.{name}.label")), box], className=f"of-{name}")


def _provinces(text: Text, jurisdiction: Jurisdiction) -> dict[str, str]:
    return alphabetical(dict(jurisdiction.names_of("provinces", text.language)), text)


def kept_targets(frame: pd.DataFrame, text: Text, jurisdiction: Jurisdiction) -> Component:
    """The targets that are set, as a table; a sentence where none is."""
    names = jurisdiction.names_of("provinces", text.language)
    heads = [text(f"judgement.{name}.label") for name in ("measure", "target-province", "value")]
    rows = [
        (
            "|".join((row["measure"], row["province"])),
            [
                text("measure.{}.label".format(row["measure"])),
                names.get(row["province"], text("judgement.nation")),
                text.written(row["value"], MEASURES[row["measure"]].format),
            ],
        )
        for row in frame.to_dict("records")
        if row["measure"] in MEASURES
    ]
    return _listed("target", heads, rows, text)


def kept_annotations(frame: pd.DataFrame, text: Text, jurisdiction: Jurisdiction) -> Component:
    """The days that are annotated, as a table; a sentence where none is."""
    names = jurisdiction.names_of("provinces", text.language)
    about = {key: text(f"show.{key}") for key in _SUBJECTS}
    heads = [text("filter.annotated"), text("judgement.words.label"), text("judgement.annotation-province.label")]
    rows = [
        (
            str(row["id"]),
            [
                text.day(row["day"]),
                [
                    html.Bdi(row["words"]),
                    html.Div(about.get(row["subject"], text("judgement.every_subject")), className="beneath"),
                ],
                names.get(row["province"], text("judgement.nation")),
            ],
        )
        for row in frame.to_dict("records")
    ]
    return _listed("annotation", heads, rows, text)


def _listed(name: str, heads: Sequence[str], rows: Sequence[tuple[str, Sequence[Any]]], text: Text) -> Component:
    """What is set, a row each under ``heads``: the key by which it is taken away, and its cells."""
    if not rows:
        return html.P(text(f"judgement.{name}.none"), className="hint")
    drop = text("judgement.drop")
    return html.Table(
        [
            html.Caption(text(f"judgement.{name}.kept"), className="visually-hidden"),
            html.Thead(html.Tr([*(html.Th(head, scope="col") for head in heads), html.Th()])),
            html.Tbody(
                [
                    html.Tr(
                        [
                            html.Th(cells[0], scope="row"),
                            *map(html.Td, cells[1:]),
                            html.Td(
                                html.Button(
                                    icon("trash"),
                                    className="tool",
                                    type="button",
                                    title=drop,
                                    **marked({"aria-label": drop, "data-drop": part(f"drop-{name}"), "data-key": key}),
                                ),
                                className="ends",
                            ),
                        ]
                    )
                    for key, cells in rows
                ]
            ),
        ],
        className="table",
    )


JUDGEMENT = Page(key="judgement", path="/targets", icon="bullseye", right="targets", body=body, panels=())
"""Targets and annotations. Until people sign in, whoever sees the page may set them."""
