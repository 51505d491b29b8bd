"""What an answer's time went into, told to the browser's own tools by the header ``Server-Timing``."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from dash import Dash
from flask import Flask, Response, g, has_request_context

from dashboard.deployment import Deployment


def register(app: Dash, deployment: Deployment) -> None:  # noqa: ARG001  every module registers alike
    """Write the header onto every response for which something was timed."""
    server: Flask = app.server

    @server.after_request
    def told(response: Response) -> Response:
        parts = g.pop("timing", None)
        if parts:
            written = (f"{name};dur={1000 * seconds:.1f}" for name, seconds in parts.items())
            response.headers["Server-Timing"] = ", ".join(written)
        return response


@contextmanager
def timed(part: str) -> Iterator[None]:
    """Time what runs inside as a part (``query``, ``figure``) of the present request; what it does twice adds up."""
    begun = time.perf_counter()
    try:
        yield
    finally:
        if has_request_context():
            parts = g.setdefault("timing", {})
            parts[part] = parts.get(part, 0.0) + time.perf_counter() - begun
