"""What every answer tells the browser it may do with it: next to nothing but what the page itself brings."""

from __future__ import annotations

from dash import Dash
from flask import Flask, Response

from dashboard.deployment import Deployment

_YEAR = 31_536_000
_NOT_WANTED = ("camera", "geolocation", "microphone", "payment", "usb", "serial", "midi", "display-capture")
"""Abilities of a browser that no page of ours uses."""
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Addresses hold filters, which are nobody else's business. Not "no-referrer": under it a browser says no more
    # where a form comes from ("Origin: null"), and that is what tells our own forms from those of others.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _NOT_WANTED),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Whatever does not say that it may be kept is of one person: neither the browser nor a proxy keeps it.
    "Cache-Control": "no-store",
}


def register(app: Dash, deployment: Deployment) -> None:
    """Write the headers onto every answer, also those that other modules refuse."""
    server: Flask = app.server
    policy = ""

    @server.after_request
    def told(response: Response) -> Response:
        nonlocal policy
        policy = policy or content_security(app)  # only now have all modules registered their callbacks
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", policy)
        if deployment.settings.secure:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={_YEAR}")
        return response


def content_security(app: Dash) -> str:
    """Content-Security-Policy: what a page may load, run and send to. Violations are refused by the browser.

    The only script that stands in the document itself is the line with which Dash starts, known by its hash; the
    configuration beside it is data. No code is made out of text.
    """
    directives = {
        "default-src": "'self'",
        "script-src": " ".join(["'self'", *sorted(set(app.csp_hashes()))]),
        # Figures are drawn, and cells are coloured, by style attributes: those cannot be known by a hash, and they
        # run nothing.
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items())
