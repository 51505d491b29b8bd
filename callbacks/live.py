"""What is new: a few bytes out of memory, asked for about once a second by every page in view."""

from __future__ import annotations

from datetime import UTC, datetime

import orjson
from dash import Dash
from flask import Flask, Response

from callbacks.asking import current_person, current_scope
from dashboard.deployment import Deployment

SILENT_SECONDS = 45
"""Twice the feed's heartbeat and a little: after that the database is taken for silent."""


def register(app: Dash, deployment: Deployment) -> None:
    """Serve ``/live``: ``version``, ``as_of``, ``now`` (ISO 8601, UTC), ``silent``, and ``who`` it is told.

    The database is not asked, but every few seconds for whom only an edition of the published figures is new.
    """
    server: Flask = app.server

    @server.get("/live")
    def live() -> Response:
        current = deployment.answers.version_for(current_scope())
        body = orjson.dumps(
            {
                "version": current.number,
                "as_of": current.at.astimezone(UTC).isoformat() if current.at else None,
                "now": datetime.now(UTC).isoformat(),
                "silent": deployment.feed.silent_seconds > SILENT_SECONDS,
                "silent_seconds": round(deployment.feed.silent_seconds),
                "who": current_person().mark,
            }
        )
        return Response(body, mimetype="application/json", headers={"Cache-Control": "no-store"})
