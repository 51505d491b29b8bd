"""The page of one's files: what was asked for, how far it is, and what came of it. Only for who asked."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.access.person import Person
from dashboard.jobs.files import File
from dashboard.jurisdictions import Jurisdiction
from dashboard.panel import Page
from dashboard.text import Text
from layouts.marks import icon, marked

_ICONS = {
    "waiting": "hourglass-split",
    "working": "gear",
    "done": "check-circle",
    "failed": "exclamation-octagon",
    "cancelled": "slash-circle",
    "expired": "clock-history",
    "closed": "shield-lock",
}
_ACTS = {"cancel": "x-lg", "again": "arrow-clockwise", "remove": "trash"}
_MEGABYTE = 1_000_000


def body(text: Text, jurisdiction: Jurisdiction, person: Person) -> html.Div:  # noqa: ARG001  as every page's body
    """The place of the list; ``assets/files.js`` fills it and keeps it as it is on the server."""
    lost = html.P([icon("wifi-off"), text("files.lost")], className="lost", role="status")
    listed = html.Div(
        html.P(text("files.loading"), className="hint"), className="own-files", **marked({"data-files": ""})
    )
    titles = html.Div([html.H2(text("files.list"), id="files-title"), html.P(text("files.hint"))], className="titles")
    section = html.Section(
        [html.Header(titles), lost, listed], className="panel form", **marked({"aria-labelledby": "files-title"})
    )
    return html.Div(section, className="files-page")


def listed(
    files: Sequence[File], person: Person, works: bool, text: Text, jurisdiction: Jurisdiction
) -> list[Component]:
    """The files of a person; ``works`` is whether any worker lives."""
    if not files:
        return [html.P(text("files.none"), className="hint")]
    items = html.Ul(
        [html.Li(_item(file, person, works, text, jurisdiction), className=_state(file, person)) for file in files]
    )
    if works or not any(file.unmade for file in files):
        return [items]
    return [html.P([icon("pause-circle"), text("files.idle")], className="idle", role="status"), items]


def _state(file: File, person: Person) -> str:
    """The state as the person finds it: a file made for another role is closed."""
    return "closed" if file.state == "done" and not file.open_to(person) else file.state


def _item(file: File, person: Person, works: bool, text: Text, jurisdiction: Jurisdiction) -> list[Component]:
    state, zone = _state(file, person), jurisdiction.timezone
    told = [text(f"file.{file.kind}"), text("files.asked", at=text.moment(file.asked_at, zone))]
    if file.bytes and state == "done":
        told.append(_size(file.bytes, text))
    if file.expires_at and state == "done":
        told.append(text("files.until", at=text.moment(file.expires_at, zone)))
    return [
        icon(_ICONS[state], "sign"),
        html.Div(
            [
                html.P(html.Bdi(file.title), className="title"),
                html.P(" · ".join(told), className="facts"),
                html.P(_said(file, state, works, text), className="standing"),
                *([_bar(file, text)] if state == "working" else []),
            ],
            className="of-file",
        ),
        html.Div(_ways(file, state, text), className="ways"),
    ]


def _said(file: File, state: str, works: bool, text: Text) -> str:
    """What is to be known of the state, in words."""
    if state == "failed":
        return text(f"file.error.{file.error}")
    if state == "working" and file.step:
        return text(f"file.step.{file.step}")
    if state == "waiting" and file.error:
        return text("files.tried", why=text(f"file.error.{file.error}"))
    if state == "waiting" and not works:
        return text("files.stands")
    return text(f"file.state.{state}")


def _bar(file: File, text: Text) -> html.Div:
    percent = round(file.progress * 100)
    marks = {"aria-valuenow": str(percent), "aria-valuemin": "0", "aria-valuemax": "100", "aria-label": file.title}
    return html.Div(
        html.Div(style={"inline-size": f"{percent}%"}),
        className="bar",
        role="progressbar",
        title=text.written(file.progress, "share", 0),
        **marked(marks),
    )


def _ways(file: File, state: str, text: Text) -> list[Component]:
    """What can be done with a file: the file itself first."""
    if file.unmade:
        return [_act("cancel", file, text)]
    remove = _act("remove", file, text)
    if state == "done":
        words = text("files.download", title=file.title)
        link = html.A(
            [icon("download"), html.Span(text("files.take"))],
            href=f"/files/{file.id}/{file.name}",
            className="btn btn-primary btn-sm",
            title=words,
            **marked({"aria-label": words}),
        )
        return [link, remove]
    return [remove] if state == "closed" else [_act("again", file, text), remove]


def _act(name: str, file: File, text: Text) -> html.Button:
    words = text(f"files.{name}", title=file.title)
    return html.Button(
        icon(_ACTS[name]),
        className="tool",
        type="button",
        title=words,
        **marked({"aria-label": words, "data-file-act": name, "data-id": file.id}),
    )


def _size(size: int, text: Text) -> str:
    if size < _MEGABYTE:
        return text("files.kilobytes", n=text.number(max(size / 1000, 1)))
    return text("files.megabytes", n=text.number(size / _MEGABYTE, 1))


FILES = Page(key="files", path="/files", icon="folder2-open", right="counts", body=body, panels=(), aside=True)
"""One's files."""
