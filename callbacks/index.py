"""The document every page begins as: language, direction, theme, styles and scripts, all from this server."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from html import escape
from typing import Any, Literal

import dash
from dash.development.base_component import Component
from flask import Flask, Response, has_request_context, make_response, redirect, request

from callbacks.asking import language_named
from callbacks.origin import page_token
from callbacks.session import person_of_request
from dashboard import vendor
from dashboard.access.roles import Right
from dashboard.claims.feed import Feed
from dashboard.figures import theme
from dashboard.jurisdictions import Jurisdiction
from dashboard.settings import ROOT, Settings
from dashboard.text import Text
from layouts.markup import markup
from layouts.pages import page_at, page_for, pages_for
from layouts.refusal import said
from layouts.shell import shell

SignedIn = Literal["signed in"]
"""What is open to everybody who is signed in."""
LANGUAGE_COOKIE = "rasad_language"
THEME_COOKIE = "rasad_theme"

_DOCUMENT = """<!DOCTYPE html>
<html lang="{lang}" dir="{dir}" data-bs-theme="{theme}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="rasad-token" content="{token}">
    <title>{title}</title>
    <link rel="icon" type="image/svg+xml" href="/assets/icon.svg">
    <link rel="stylesheet" href="/assets/vendor/{bootstrap}?v={version}">
    <link rel="stylesheet" href="/assets/vendor/{icons}?v={version}">
    <link rel="stylesheet" href="/assets/vendor/{fonts}?v={version}">
    <link rel="stylesheet" href="/theme.css?v={colours}">
    {css}
    <script src="/assets/early/appearance.js?v={early}"></script>
  </head>
  <body>
    <noscript><p>{noscript}</p></noscript>
    {app_entry}
    {said}
    <footer>
      <script src="/assets/vendor/{plotly}?v={version}"></script>
      {config}
      {scripts}
      {renderer}
    </footer>
  </body>
</html>"""


class Rasad(dash.Dash):
    """Dash with a document of its own and a layout in the language of the person who asks."""

    def __init__(self, settings: Settings, jurisdiction: Jurisdiction, feed: Feed) -> None:
        super().__init__(
            "rasad",
            assets_folder=str(ROOT / "assets"),
            assets_path_ignore=["vendor", "early"],
            serve_locally=True,
            suppress_callback_exceptions=True,
            update_title="",
            enable_mcp=False,
            use_async=False,  # whatever else is installed: a callback here waits for nothing but the database
            add_log_handler=False,
        )
        if getattr(self, "_enable_mcp", False):
            raise RuntimeError("MCP would serve every callback to anyone: it must stay off")
        self.rights: dict[str, Right | SignedIn | None] = {}
        """What the callback of an output needs, as it was declared; ``None``: forgotten, and nobody may call it."""
        self._settings, self._jurisdiction, self._feed = settings, jurisdiction, feed
        self._early = _mark((ROOT / "assets" / "early" / "appearance.js").read_bytes())
        self.layout = self._build
        colours = theme.css()
        self._colours = _mark(colours.encode())

        server: Flask = self.server

        @server.get("/theme.css")
        def theme_css() -> Response:
            headers = {"Cache-Control": "public, max-age=31536000, immutable"}
            return Response(colours, content_type="text/css; charset=utf-8", headers=headers)

    def callback(self, *args: Any, right: Right | SignedIn | None = None, **kwargs: Any) -> Callable[..., Any]:
        """Dash's own, with ``right``: what a person needs to call it. Without one it is closed."""
        known = set(self.callback_map)
        register: Callable[..., Any] = super().callback(*args, **kwargs)
        self.rights |= dict.fromkeys(set(self.callback_map) - known, right)
        return register

    def index(self, *args: Any, **kwargs: Any) -> Any:
        """The document; with status 404 at an address where there is no page, 403 where it is not for who asks.

        Who has no page at the root is led to the first there is.
        """
        person, path = person_of_request(), request.path
        there = page_for(path, person, self._jurisdiction)
        if there is None and path == "/" and person is not None:
            return redirect(next((page.path for page in pages_for(person, self._jurisdiction)), "/account"))
        document = super().index(*args, **kwargs)  # type: ignore[no-untyped-call]  # Dash's own
        if there is not None:
            return document
        return make_response(document, 403 if page_at(path, self._jurisdiction) else 404)

    def make_ready(self) -> None:
        """Learn which scripts the document names, which Dash does as it writes it: one process may be asked for the
        scripts of a document that another wrote, before it wrote any of its own.
        """
        with self.server.test_request_context("/"):
            self.index()

    def interpolate_index(self, **parts: str) -> str:  # type: ignore[override]  # Dash hands in all by name
        """The document around Dash's own pieces."""
        text = self.text()
        chosen = request.cookies.get(THEME_COOKIE, "")
        page = page_for(request.path, person_of_request(), self._jurisdiction)
        name = text(f"page.{page.key}.title") if page else text("state.not_found")
        return _DOCUMENT.format(
            lang=text.language,
            dir=text.direction,
            theme=chosen if chosen in theme.THEMES else "light",
            title=escape(f"{name} · {text('app.name')}"),
            bootstrap=vendor.BOOTSTRAP[text.direction],
            icons=vendor.ICONS,
            fonts=vendor.FONTS,
            plotly=vendor.PLOTLY,
            version=vendor.version(ROOT),
            colours=self._colours,
            early=self._early,
            token=page_token(self._settings),
            said=markup(said(text)),
            noscript=escape(text("shell.noscript")),
            **{name: parts[name] for name in ("css", "app_entry", "config", "scripts", "renderer")},
        )

    def text(self) -> Text:
        """The texts of the language that the present request's cookie asks for; Dash also builds a page for itself."""
        wanted = request.cookies.get(LANGUAGE_COOKIE) if has_request_context() else None
        return language_named(wanted, self._settings, self._jurisdiction)

    def _build(self) -> Component:
        return shell(
            self.text(),
            self._jurisdiction,
            person_of_request(),
            self._feed.database.today(),
            self._feed.current.number,
            demo=self._settings.demo,
            token=page_token(self._settings),
        )


def _mark(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]
