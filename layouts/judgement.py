"""The page on which headquarters set what everything is held against: targets, and annotations of days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import dash_bootstrap_components as dbc
import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.claims.judgement import LONGEST, measures
from dashboard.jurisdictions import Jurisdiction
from dashboard.measures import MEASURES
from dashboard.panel import Page
from dashboard.text import Text
from layouts.day_picker import day_picker
from layouts.marks import icon, marked

DAY = "annotated"
"""The name of the day picker of an annotation."""
_SUBJECTS = ("registrations", "disputes", "procedures", "service_requests")


EVERYWHERE = "all"
"""The choice of no province or subject in particular: a select takes an empty value for no choice at all."""


def part(name: str) -> str:
    """The id of a part of the two forms."""
    return ids.panel("judgement-forms", name)


def body(text: Text, jurisdiction: Jurisdiction) -> html.Div:
    """Both forms, side by side where there is room."""
    return html.Div([_target(text, jurisdiction), _annotation(text, jurisdiction)], className="forms")


def _target(text: Text, jurisdiction: Jurisdiction) -> html.Section:
    options = {key: text(f"measure.{key}.label") for key in measures(jurisdiction)}
    fields = [
        _select("measure", options, text),
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
    """A card with fields, a button that saves, what came of it, and the way to take something away again."""
    return html.Section(
        [
            html.Header(html.Div(html.H2(text(f"judgement.{name}"), id=part(f"{name}-title")), className="titles")),
            html.P(text(f"judgement.{name}.hint"), className="hint"),
            html.Div(list(fields), className="fields"),
            html.Div(
                [
                    _button(f"save-{name}", "check-lg", text, "primary"),
                    html.P(id=part(f"{name}-said"), className="said", role="status"),
                ],
                className="act",
            ),
            html.Div(id=part(f"{name}-list")),
            html.Div(
                [_select(f"kept-{name}", {}, text), _button(f"drop-{name}", "trash", text, "secondary")],
                className="act",
            ),
        ],
        className="panel form",
        **marked({"aria-labelledby": part(f"{name}-title")}),
    )


def _button(name: str, sign: str, text: Text, colour: str) -> dbc.Button:
    label = [icon(sign, "me-1"), html.Span(text(f"judgement.{name.partition('-')[0]}"))]
    return dbc.Button(label, id=part(name), color=colour, size="sm", outline=colour == "secondary", type="button")


def _select(name: str, options: dict[str, str], text: Text) -> html.Label:
    listed = [{"label": label, "value": value} for value, label in options.items()]
    chosen = dbc.Select(id=part(name), options=listed, value=next(iter(options), ""), size="sm")
    return html.Label([html.Span(text(f"judgement.{name}.label")), chosen])


def _field(name: str, text: Text, hint: str, longest: int) -> html.Label:
    box = dbc.Input(id=part(name), type="text", size="sm", placeholder=hint, maxlength=longest, autocomplete="off")
    return html.Label([html.Span(text(f"judgement.{name}.label")), box])


def _provinces(text: Text, jurisdiction: Jurisdiction) -> dict[str, str]:
    return dict(jurisdiction.names_of("provinces", text.language))


def kept_targets(frame: pd.DataFrame, text: Text, jurisdiction: Jurisdiction) -> dict[str, str]:
    """What takes a target away (measure and province) → the target in words."""
    names = jurisdiction.names_of("provinces", text.language)
    return {
        "|".join((row["measure"], row["province"])): text(
            "judgement.kept.target",
            measure=text("measure.{}.label".format(row["measure"])),
            province=names.get(row["province"], text("judgement.nation")),
            value=text.written(row["value"], MEASURES[row["measure"]].format),
        )
        for row in frame.to_dict("records")
        if row["measure"] in MEASURES
    }


def kept_annotations(frame: pd.DataFrame, text: Text, jurisdiction: Jurisdiction) -> dict[str, str]:
    """The number of an annotation → the annotation in words."""
    names = jurisdiction.names_of("provinces", text.language)
    about = {key: text(f"show.{key}") for key in _SUBJECTS}
    return {
        str(row["id"]): text(
            "judgement.kept.annotation",
            day=text.day(row["day"]),
            words=row["words"],
            subject=about.get(row["subject"], text("judgement.every_subject")),
            province=names.get(row["province"], text("judgement.nation")),
        )
        for row in frame.to_dict("records")
    }


def listed(kept: dict[str, str], name: str, text: Text) -> Component:
    """What is set now, line by line; a sentence where nothing is."""
    if not kept:
        return html.P(text(f"judgement.{name}.none"), className="hint")
    return html.Ul([html.Li(html.Bdi(words)) for words in kept.values()], className="kept")


JUDGEMENT = Page(key="judgement", path="/targets", icon="bullseye", body=body, panels=())
"""Targets and annotations. Until people sign in, whoever sees the page may set them."""
