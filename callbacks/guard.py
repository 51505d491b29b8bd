"""Who is let in, and requests that no page of ours sends.

Every address is closed to who is not signed in, unless `OPEN` says otherwise; every callback is closed to everybody,
unless its registration says whom it is open to (`Rasad.callback`): what is added tomorrow is closed. A malformed
request is answered with 400 and a sentence, never with a fault of the server.
"""

from __future__ import annotations

from typing import Any

from dash import Dash
from flask import Flask, redirect, request
from werkzeug.exceptions import BadRequest, Forbidden, Unauthorized
from werkzeug.wrappers import Response as AnyResponse

from callbacks.index import Rasad, SignedIn
from callbacks.origin import is_under
from callbacks.refusals import for_people, sign_in_address
from callbacks.session import current_session, session_of_request
from dashboard.access.roles import Right
from dashboard.deployment import Deployment

OPEN = {
    "/livez": "whether the process lives, for who watches it",
    "/readyz": "whether the database answers, for load balancers",
    "/metrics": "figures of the process, none of the data",
    "/assets/": "styles, fonts and scripts, the same for all",
    "/_dash-component-suites/": "scripts of Dash, the same for all",
    "/theme.css": "colours",
    "/sign-in": "where one signs in",
    "/api/v1/records": "systems that send records, with tokens of their own",
    "/api/v1/eligibility": "systems that ask who is covered, with tokens of their own",
}
"""The beginnings of addresses that nobody has to be signed in for, and why. Without a slash at the end the address
itself and what lies below it.
"""
ACCOUNT = ("/account", "/sign-out")
"""What is open to who has to choose a new password first."""
_CALLBACK = "/_dash-update-component"


def register(app: Rasad, deployment: Deployment) -> None:  # noqa: ARG001  every module registers alike
    """Let in who is signed in, and check the shape of every callback's body before Dash takes it apart."""
    server: Flask = app.server
    server.before_request(closed)

    @server.before_request
    def called() -> None:
        if request.path == _CALLBACK and request.method == "POST":
            _check(app)


def closed() -> AnyResponse | None:
    """Turn away who is not signed in: people to where one signs in, programs with 401."""
    if is_under(request.path, OPEN):
        return None
    session = session_of_request()
    if session is None:
        if for_people() and request.method in ("GET", "HEAD"):
            return redirect(sign_in_address())
        raise Unauthorized("sign in first")
    if session.must_change and not is_under(request.path, ACCOUNT):
        if for_people():
            return redirect("/account")
        raise Forbidden("choose a new password first")
    return None


def _check(app: Rasad) -> None:
    """Forbidden or BadRequest unless the callback is open to the person, and brought what it takes."""
    body = request.get_json(silent=True)
    output = body.get("output") if isinstance(body, dict) else None
    if isinstance(output, str) and output in app.callback_map:
        _entitled(app.rights.get(output))
    fault = _fault(body, app)
    if fault is not None:
        raise BadRequest(fault)


def _entitled(right: Right | SignedIn | None) -> None:
    """Forbidden unless a callback is declared open to the person who asks."""
    if right is None:
        raise Forbidden("this callback is declared open to nobody")
    if right != "signed in" and not current_session().person.may(right):
        raise Forbidden(f"this needs the right to {right}")


def _fault(body: Any, app: Dash) -> str | None:
    """What is wrong with a callback's body; ``None`` when it names one of the callbacks and brings what that takes."""
    if not isinstance(body, dict):
        return "the body is no JSON object"
    output = body.get("output")
    known = app.callback_map.get(output) if isinstance(output, str) else None
    if known is None:
        return "output: there is no such callback"
    for part, wanted in (("inputs", known["inputs"]), ("state", known["state"]), ("outputs", _outputs(str(output)))):
        if not _same(body.get(part, []), wanted):
            return f"{part}: not what this callback takes"
    if isinstance(body.get("outputs"), list) != str(output).startswith(".."):
        return "outputs: one where there is one, a list where there are several"
    names = {f"{entry['id']}.{entry['property']}" for entry in known["inputs"]}
    changed = body.get("changedPropIds")
    if not isinstance(changed, list) or not all(isinstance(name, str) and name in names for name in changed):
        return "changedPropIds: not a list of this callback's inputs"
    return None


def _outputs(key: str) -> list[dict[str, str]]:
    """The outputs that a callback's key names: ``id.property``, or ``..id.property...id.property..``."""
    parts = (part.rpartition(".") for part in key.strip(".").split("..."))
    return [{"id": name, "property": prop} for name, _, prop in parts]


def _same(given: Any, wanted: list[dict[str, str]]) -> bool:
    """Whether a body's inputs, states or outputs are those of the callback, one by one."""
    entries = [given] if isinstance(given, dict) else given
    return (
        isinstance(entries, list)
        and len(entries) == len(wanted)
        and all(
            isinstance(entry, dict) and (entry.get("id"), entry.get("property")) == (want["id"], want["property"])
            for entry, want in zip(entries, wanted, strict=True)
        )
    )
