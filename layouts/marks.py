"""Small pieces that every layout uses: icons, and attributes that HTML names with a hyphen."""

from __future__ import annotations

from typing import Any

from dash import html


def icon(name: str, more: str = "") -> html.I:
    """A Bootstrap icon beside a word that says the same; readers of screens pass over it. ``more``: further classes."""
    return html.I(className=f"bi bi-{name} {more}".rstrip(), **marked({"aria-hidden": "true"}))


def marked(attributes: dict[str, str]) -> dict[str, Any]:
    """Attributes such as ``aria-label`` and ``data-pick`` as keyword arguments of a component."""
    return dict(attributes)
