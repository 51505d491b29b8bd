"""What stands in a card that has nothing to show: why, and the way out."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.text import Text
from layouts.marks import icon, marked


def nothing_found(text: Text) -> list[Component]:
    """Nothing in this choice: another would show something."""
    return [
        icon("inbox"),
        html.P(text("state.empty"), className="what"),
        html.P(text("state.empty.hint")),
        html.Button(
            text("filter.clear_all"),
            className="btn btn-outline-secondary btn-sm",
            type="button",
            **marked({"data-pick": "all"}),
        ),
    ]


def nothing_loaded(subject: str, text: Text) -> list[Component]:
    """Nothing of a subject was ever loaded: no other choice would help."""
    return [
        icon("database"),
        html.P(text("state.unloaded", subject=text(f"subject.{subject}")), className="what"),
        html.P(text("state.unloaded.hint")),
    ]


def withheld(text: Text) -> list[Component]:
    """All of it is too few to be published."""
    return [
        icon("incognito"),
        html.P(text("state.withheld"), className="what"),
        html.P(text("state.withheld.hint")),
    ]


def calm(key: str, text: Text) -> list[Component]:
    """What a table of troubles says when there are none."""
    return [
        html.Div(
            [icon("check2-circle", "good"), html.P(text(f"panel.{key}.calm"), className="what")],
            className="calm",
        )
    ]
