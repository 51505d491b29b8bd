"""The doors over HTTP: records in, and the answer to who is covered. ``register`` opens them on a server."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from flask import Response

from dashboard.access.keys import KeyMissing, secret_key
from dashboard.claims.database import remember_key
from dashboard.deployment import Deployment
from dashboard.intake.door.coverage import CoverageDoor
from dashboard.intake.door.problems import Problem, answering
from dashboard.intake.door.records import RecordsDoor

if TYPE_CHECKING:
    from dash import Dash

_RULES: Final = ("/api/v1/records", "/api/v1/records/<path:subject>", "/api/v1/eligibility")
_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
"""All are taken, to be refused here: what no route takes ends at the page, with a document for people."""

log = logging.getLogger(__name__)


def register(app: Dash, deployment: Deployment) -> None:
    """Serve ``POST /api/v1/records/<subject>`` and ``POST /api/v1/eligibility``.

    Without a secret key outside demo mode the page is served and the doors stay closed, which the log and every answer
    say. DatabaseError when the data were loaded with another key than the present one.
    """
    for rule, view in _doors(deployment).items():
        app.server.add_url_rule(
            *(rule, rule, answering(view)), methods=_METHODS, provide_automatic_options=False, strict_slashes=False
        )


def _doors(deployment: Deployment) -> dict[str, Callable[..., Response]]:
    try:
        key = secret_key(deployment.settings)
    except KeyMissing as missing:
        log.warning("the doors for records and eligibility stay closed: %s", missing)
        return dict.fromkeys(_RULES, _closed)
    with deployment.database.write() as connection:
        remember_key(connection, key)
    records = RecordsDoor(deployment, key)
    return dict(zip(_RULES, (records.subjects, records.load, CoverageDoor(deployment, key).answer), strict=True))


def _closed(**_: str) -> Response:
    raise Problem(503, "this door is closed until RASAD_SECRET_KEY is set")
