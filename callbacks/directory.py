"""Signing in with a directory: off to it, and back with what it says (`access.directory`)."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from flask import Flask, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from dashboard.access import audit, directory
from dashboard.access.directory import SECONDS, Directory, DirectoryError
from dashboard.access.keys import secret_key
from dashboard.deployment import Deployment
from dashboard.settings import Settings
from layouts.sign_in import Told

if TYPE_CHECKING:
    from callbacks.sign_in import Door

BEGIN = "/sign-in/directory"
_BACK = "/sign-in/directory/back"
_STATUS = {"down": 503, "lost": 400, "refused": 403, "token": 403}
"""Of what went wrong; everything else is 403, for the person has nothing to do here."""

log = logging.getLogger(__name__)


def register(server: Flask, door: Door, deployment: Deployment) -> None:
    """Serve ``/sign-in/directory`` and the way back, where a directory is set; else there is no such page."""
    settings, database = deployment.settings, deployment.database
    if not settings.oidc_issuer:
        return
    key = secret_key(settings)
    there = Directory(settings, key)

    @server.get(BEGIN)
    def begin() -> AnyResponse:
        try:
            address, journey = there.begin(_back(settings), door.onward())
        except DirectoryError as error:
            return failed(error)
        answer = redirect(address)
        answer.set_cookie(
            *(_cookie(settings), journey.sealed(key)),
            max_age=SECONDS,
            httponly=True,
            samesite="Lax",
            secure=settings.secure,
            path="/",
        )
        return answer

    @server.get(_BACK)
    def back() -> AnyResponse:
        try:
            journey = directory.unsealed(request.cookies.get(_cookie(settings), ""), key)
            identity = there.finish(journey, request.args.to_dict(), _back(settings))
            person = directory.admit(database, settings, identity, request.remote_addr or "")
        except DirectoryError as error:
            answer = failed(error)
        else:
            answer = door.let_in(person, how="directory", onward=journey.onward)
        # Whatever came of it, the same answer of the directory is good for nothing a second time.
        answer.delete_cookie(_cookie(settings), path="/", secure=settings.secure, httponly=True, samesite="Lax")
        return answer

    def failed(error: DirectoryError) -> AnyResponse:
        log.warning("a sign-in with the directory came to nothing: %s", error)
        address = request.remote_addr or ""
        audit.record(database, None, "sign_in_refused", address, detail={"how": "directory", "why": error.why})
        return door.form(_STATUS.get(error.why, 403), Told(door.text(f"sign_in.directory.{error.why}")))


def _back(settings: Settings) -> str:
    """Where the directory sends browsers back to."""
    return f"{settings.public_url or request.url_root.rstrip('/')}{_BACK}"


def _cookie(settings: Settings) -> str:
    return "__Host-rasad_directory" if settings.secure else "rasad_directory"
