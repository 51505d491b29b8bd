"""What stands where something was refused or went wrong: what it was, what to do, and the ways out."""

from __future__ import annotations

from typing import Final

from dash import html

from dashboard.text import Text
from layouts.marks import icon, marked

_ICONS: Final = {
    "400": "question-diamond",
    "401": "person-lock",
    "403": "shield-lock",
    "404": "signpost-split",
    "405": "signpost-split",
    "413": "box-seam",
    "429": "hourglass-split",
    "500": "exclamation-octagon",
    "503": "database-exclamation",
    "stale": "arrow-clockwise",
}
KINDS: Final = tuple(_ICONS)
"""The kinds of refusals that have words of their own: a status, or ``stale`` for a page of an earlier session."""


def kind_of(status: int) -> str:
    """The words for a status: its own, or those of its like."""
    if status in (414, 431):  # an address or a header that is too long
        return "413"
    return str(status) if str(status) in _ICONS else "500" if status >= 500 else "400"


def refusal(kind: str, text: Text, sign_in: str, back: str = "", detail: str = "") -> html.Main:
    """A refusal as the content of a document. ``sign_in`` is the address of the sign-in page, ``back`` where the reader
    came from, empty where that is not known; ``detail`` is the English sentence that programs are told.
    """
    to_sign_in = html.A(text("refusal.sign_in"), href=sign_in, className="btn btn-primary")
    to_back = html.A(text("refusal.back"), href=back, className="btn btn-outline-secondary") if back else None
    plain = "btn btn-outline-secondary" if kind == "401" else "btn btn-primary"
    home = html.A(text("shell.home"), href="/", className=plain)
    ways = [to_sign_in] if kind == "401" else [home, to_back]
    return html.Main(
        [
            icon(_ICONS[kind]),
            html.H1(text(f"refusal.{kind}")),
            html.P(text(f"refusal.{kind}.why")),
            html.P(detail, className="detail", lang="en", dir="ltr"),
            html.P([way for way in ways if way is not None], className="ways"),
        ],
        className="nowhere refusal",
    )


def said(text: Text) -> list[html.Dialog | html.Div]:
    """What a page says of itself when its session is over, and when something was refused; hidden until then.

    ``assets/refusals.js`` finds the words of every kind here.
    """
    ended = html.Dialog(
        [
            icon(_ICONS["401"]),
            html.H2(text("refusal.ended")),
            html.P(text("refusal.ended.why")),
            html.P(html.A(text("refusal.sign_in"), href="/sign-in", className="btn btn-primary")),
        ],
        id="ended",
        className="ended",
    )
    words = {f"data-{kind}": f"{text(f'refusal.{kind}')}. {text(f'refusal.{kind}.why')}" for kind in KINDS}
    reload = html.Button(
        text("refusal.reload"), type="button", className="btn btn-primary", **marked({"data-reload": "y"})
    )
    close = html.Button(
        icon("x-lg"),
        type="button",
        className="tool",
        **marked({"data-close": "y", "aria-label": text("refusal.close")}),
    )
    return [
        ended,
        html.Div([html.P(), reload, close], id="said", className="said", hidden=True, role="alert", **marked(words)),
    ]
