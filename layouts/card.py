"""A panel's card: the question, its tools, the answer in all its states, and what the answer rests on."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.exports.kinds import KINDS
from dashboard.measures import MEASURES
from dashboard.panel import Panel
from dashboard.text import Text
from layouts.empty import nothing_found
from layouts.marks import icon, marked

_FILES = {"data-page": "/files"}


def card(panel: Panel, text: Text) -> html.Section:
    """The card of a panel, empty as yet: the page's script fills it with what the server has drawn."""
    heading = ids.panel(panel.key, "title")
    return html.Section(
        [
            html.Header([_titles(panel, text, heading), html.Div(_tools(panel, text), className="tools")]),
            html.Div(
                [
                    html.Div(**marked({"aria-hidden": "true"}), className="skeleton"),
                    html.Div(_answer(panel, text), className="answer"),
                    _trouble(panel, text),
                ],
                id=ids.panel(panel.key, "body"),
                className="panel-body is-loading",
            ),
            html.Footer(id=ids.panel(panel.key, "note"), className="note"),
        ],
        id=ids.panel(panel.key, "card"),
        className=f"panel panel-{panel.kind} span-{panel.width}",
        style={"--height": f"{panel.height}px"},
        **marked(
            {"aria-labelledby": heading, "data-panel": panel.key, **({"data-ages": "true"} if panel.ages else {})}
        ),
    )


def _titles(panel: Panel, text: Text, heading: str) -> html.Div:
    subtitle = f"panel.{panel.key}.subtitle"
    return html.Div(
        [
            html.H2(text(f"panel.{panel.key}.title"), id=heading),
            *([_subtitle(panel, text)] if text.has(subtitle) and panel.kind != "number" else []),
        ],
        className="titles",
    )


def _subtitle(panel: Panel, text: Text) -> html.P:
    """Where it names the subject asked about, the answer fills it in."""
    words = "\u00a0" if panel.follows else text(f"panel.{panel.key}.subtitle")
    return html.P(words, id=ids.panel(panel.key, "subtitle"))


def _tools(panel: Panel, text: Text) -> list[Component]:
    number = panel.kind == "number"
    if number:
        return [_definition(panel, text, [html.P(text("card.files"), className="basis"), _files(text)])]
    tools: list[Component] = [_definition(panel, text, [])]
    if panel.figure is not None:
        tools.append(
            html.Button(
                icon("table"),
                className="tool",
                type="button",
                title=text("card.table"),
                **marked({"aria-label": text("card.table"), "aria-pressed": "false", "data-table": panel.key}),
            )
        )
    label = text("card.files")
    summary = html.Summary(icon("download"), className="tool", title=label, **marked({"aria-label": label}))
    return [*tools, html.Details([summary, html.Div(_files(text), className="pop")], className="taking")]


def _files(text: Text) -> html.Ul:
    """The kinds of files the answer can be taken away as; the page's script says of which question."""
    links = [
        [
            html.A([icon(kind.icon), text(f"file.{name}")], className="file", **marked({"data-file": name})),
            _later(text(f"file.{name}"), name, text),
        ]
        for name, kind in KINDS.items()
    ]
    said = html.P([text("files.asked_for"), " ", html.A(text("page.files.title"), href="/files", **marked(_FILES))])
    return html.Ul(
        [*(html.Li(each) for each in links), html.Li(said, className="asked"), _copy(text), _brief(text)],
        className="files",
    )


def _copy(text: Text) -> html.Li:
    """Copies the answer to where one pastes it: as a table, or as a picture; it is said in place what came of it."""
    told = (("working", "working"), ("done", "done"), ("trouble", "failed"))
    words = {f"data-{name}": text(f"copy.{key}") for name, key in told}
    buttons = [
        html.Button([icon(sign), text(f"copy.{name}")], className="file", type="button", **marked({"data-copy": name}))
        for name, sign in (("table", "clipboard-data"), ("picture", "clipboard-image"))
    ]
    return html.Li([*buttons, html.P(className="said", role="status", **marked(words))], className="copying")


def _brief(text: Text) -> html.Li:
    """Puts the card into a briefing: one of those there are, which the script lists, or a new one."""
    words = {"data-label": text("briefings.make"), "data-do": text("briefings.make.do")}
    said = html.P(className="said", role="status", **marked({"data-trouble": text("state.error")}))
    return html.Li(
        [
            html.Button(
                [icon("easel"), text("briefings.add")],
                className="file",
                type="button",
                **marked({"data-brief": "true", "aria-expanded": "false"}),
            ),
            html.Div([html.Ul(), html.Div(className="anew", **marked(words)), said], className="briefs", hidden=True),
        ],
        className="brief",
    )


def _later(kind: str, name: str, text: Text) -> html.Button:
    """The same file, made in the background."""
    words = text("files.later", kind=kind)
    marks = {"aria-label": words, "data-later": name}
    return html.Button(icon("hourglass-split"), className="tool", type="button", title=words, **marked(marks))


def _definition(panel: Panel, text: Text, more: list[Component]) -> html.Details:
    """What is counted, in words and as a formula, behind a button that works by keyboard without any script."""
    subtitle = f"panel.{panel.key}.subtitle"
    first = text(subtitle) if panel.kind == "number" and text.has(subtitle) else ""
    lines = html.Div(defined(panel.measures, first, text), id=ids.panel(panel.key, "definition"))
    label = text("card.definition")
    return html.Details(
        [
            html.Summary(
                icon("info-circle"),
                className="tool",
                title=label,
                **marked({"aria-label": label}),
            ),
            html.Div([lines, html.Div(id=ids.panel(panel.key, "links"), className="links"), *more], className="pop"),
        ],
        className="definition",
    )


def defined(measures: Sequence[str], first: str, text: Text) -> list[Component]:
    """The definitions of measures and the basis they are counted on, after a line of the card's own."""
    lines: list[Component] = [html.P(first)] if first else []
    for key in measures:
        lines += [
            html.P(html.Strong(text(f"measure.{key}.label"))),
            html.P(text(f"measure.{key}.definition")),
        ]
    basis = sorted({MEASURES[key].basis for key in measures})
    return [*lines, *(html.P(text(f"basis.{name}"), className="basis") for name in basis)]


def _answer(panel: Panel, text: Text) -> list[Component]:
    table = html.Div(
        id=ids.panel(panel.key, "table"),
        className="table-view",
        tabIndex=0,
        role="region",
        **marked({"aria-label": text("card.table_of", title=text(f"panel.{panel.key}.title"))}),
    )
    if panel.kind == "number":
        return [html.Div(id=ids.panel(panel.key, "table"), className="number-view")]
    if panel.figure is None:
        return [table]
    title = text(f"panel.{panel.key}.title")
    graph = html.Div(id=ids.panel(panel.key, "graph"), className="graph", style={"height": f"{panel.height}px"})
    return [html.Div(graph, className="chart-view", role="img", **marked({"aria-label": title})), table]


def _trouble(panel: Panel, text: Text) -> html.Div:
    """The two ways out: clear the filters where there is nothing, try again where there was an error."""
    return html.Div(
        [
            html.Div(nothing_found(text), id=ids.panel(panel.key, "empty"), className="when-empty"),
            html.Div(
                [
                    icon("cloud-slash"),
                    html.P(text("state.error"), className="what"),
                    html.P(text("state.error.hint")),
                    html.Button(
                        text("action.retry"),
                        className="btn btn-outline-secondary btn-sm",
                        type="button",
                        **marked({"data-retry": panel.key}),
                    ),
                ],
                className="when-error",
                role="alert",
            ),
        ],
        className="trouble",
    )
