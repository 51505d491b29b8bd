"""What stops the start outside demo mode: whatever would let in who should not be, said in one sentence."""

from __future__ import annotations

import os
from collections.abc import Iterable

from flask import Flask

from dashboard.access import people
from dashboard.access.keys import secret_key
from dashboard.claims.database import Database
from dashboard.settings import Settings

_KEY_COMMAND = "python -c 'import secrets; print(secrets.token_urlsafe(48))'"
_LEAST_DIFFERENT = 12
_EXAMPLES = (
    "changeme",
    "change-me",
    "change_me",
    "example",
    "default",
    "your-secret",
    "secret-key",
    "secretkey",
    "xxxx",
)
"""What keys hold that were copied out of somebody's instructions."""
_DEBUG = ("FLASK_DEBUG", "DASH_DEBUG", "DASH_MCP_ENABLED")
_TOOLS = ("mcp", "dev-tools", "dev_tools", "devtools", "console")


class UnsafeStart(RuntimeError):
    """The deployment would be open to who should not be let in; the message says why, and what to set."""


def check_settings(settings: Settings) -> None:
    """UnsafeStart where the settings are not fit for real data. KeyMissing where there is no key at all."""
    if settings.demo:
        return
    key = secret_key(settings)
    plain = key.casefold()
    if len(set(key)) < _LEAST_DIFFERENT or any(word in plain for word in _EXAMPLES):
        raise UnsafeStart(
            f"RASAD_SECRET_KEY is no secret: it looks like an example or a default; make one with {_KEY_COMMAND}"
        )
    for name in _DEBUG:
        if os.environ.get(name, "").lower() not in ("", "0", "false", "no", "off"):
            raise UnsafeStart(f"{name} is set: outside demo mode nothing may be debugged or driven by tools; unset it")


def check_server(settings: Settings, server: Flask) -> None:
    """UnsafeStart where the application has its debugger, or an address for tools, open."""
    if settings.demo:
        return
    if server.debug:
        raise UnsafeStart("the application is in debug mode, which shows its inside to everybody: start it without")
    found = tools(rule.rule for rule in server.url_map.iter_rules())
    if found:
        raise UnsafeStart(f"the address {found} is for tools, and would let everybody call everything: switch it off")


def tools(rules: Iterable[str]) -> str:
    """The first address that is one for tools; empty where there is none."""
    return next((rule for rule in rules if any(name in rule.lower() for name in _TOOLS)), "")


def first_account(settings: Settings, database: Database) -> str:
    """What to do where nobody can sign in as yet; empty where somebody can."""
    if settings.demo or settings.oidc_issuer or not people.none_yet(database):
        return ""
    return (
        "Nobody has an account yet. Make the first administrator, who then makes the others in the page:\n"
        '  python -m dashboard user add LOGIN --name "NAME" --role admin'
    )
