"""A document that stands without Dash: for who is not signed in, and for what cannot be shown."""

from __future__ import annotations

from html import escape

from dash.development.base_component import Component

from dashboard import vendor
from dashboard.settings import ROOT
from dashboard.text import Text
from layouts.markup import Html, markup

_DOCUMENT = """<!DOCTYPE html>
<html lang="{lang}" dir="{dir}" data-bs-theme="{theme}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>{title}</title>
    <link rel="icon" type="image/svg+xml" href="/assets/icon.svg">
    <link rel="stylesheet" href="/assets/vendor/{bootstrap}?v={version}">
    <link rel="stylesheet" href="/assets/vendor/{icons}?v={version}">
    <link rel="stylesheet" href="/assets/vendor/{fonts}?v={version}">
    <link rel="stylesheet" href="/theme.css">
    <link rel="stylesheet" href="/assets/rasad.css">
    <link rel="stylesheet" href="/assets/document.css">
    <link rel="stylesheet" href="/assets/sign_in.css">
    <script src="/assets/early/appearance.js"></script>
  </head>
  <body>{body}</body>
</html>
"""


def document(title: str, body: Component | Html, text: Text, theme: str) -> str:
    """A whole document around some components. ``theme`` is the one chosen earlier, ``light`` where none was."""
    return _DOCUMENT.format(
        lang=text.language,
        dir=text.direction,
        theme=theme,
        title=escape(f"{title} · {text('app.name')}"),
        bootstrap=vendor.BOOTSTRAP[text.direction],
        icons=vendor.ICONS,
        fonts=vendor.FONTS,
        version=vendor.version(ROOT),
        body=markup(body),
    )
