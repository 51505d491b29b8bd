"""Components as HTML text, which the browser draws many times faster than components it has to keep track of."""

from __future__ import annotations

from html import escape
from typing import Any

from dash.development.base_component import Component

_NAMESPACE = "dash_html_components"
_NAMES = {"className": "class", "tabIndex": "tabindex", "colSpan": "colspan", "rowSpan": "rowspan"}
"""How HTML names what Dash names otherwise."""
_PLAIN = frozenset({"id", "title", "href", "src", "alt", "role", "scope", "type", "lang", "dir", *_NAMES})
_FLAGS = frozenset({"hidden", "open", "disabled"})
_VOID = frozenset({"img", "br", "hr", "wbr"})


class Html(str):
    """Text that is HTML already, made by this server, what came from elsewhere escaped in it."""

    __slots__ = ()


def markup(content: Any) -> str:
    """HTML of a component, a list of them, a text or a number; all text in it is escaped, unless it is `Html`.

    Raises TypeError for a component that needs more than HTML, and for an attribute that is not known to be harmless.
    """
    if content is None:
        return ""
    if isinstance(content, list | tuple):
        return "".join(map(markup, content))
    if isinstance(content, Component):
        return _element(content)
    if isinstance(content, Html):
        return content
    if isinstance(content, str | int | float):
        return escape(str(content))
    raise TypeError(f"{type(content).__name__} has no HTML")


def _element(component: Component) -> str:
    named: dict[str, Any] = component.to_plotly_json()
    if named["namespace"] != _NAMESPACE:
        raise TypeError(f"{named['type']} of {named['namespace']} needs more than HTML")
    name = named["type"].lower()
    properties = {key: value for key, value in named["props"].items() if value is not None}
    children = properties.pop("children", None)
    opening = "".join([name, *(_attribute(key, value) for key, value in properties.items())])
    return f"<{opening}>" if name in _VOID else f"<{opening}>{markup(children)}</{name}>"


def _attribute(name: str, value: Any) -> str:
    if name in _FLAGS:
        return f" {name}" if value else ""
    if name == "style":
        value = ";".join(f"{key}:{each}" for key, each in value.items())
    elif name not in _PLAIN and not name.startswith(("aria-", "data-")):
        raise TypeError(f"{name}: no attribute of what is only shown")
    return f' {_NAMES.get(name, name)}="{escape(str(value))}"'
