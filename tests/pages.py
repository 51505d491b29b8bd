"""What tests of the page share: an application over a claims database, served or asked directly, callback bodies."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dash.development.base_component import Component
from flask.testing import FlaskClient
from werkzeug.serving import make_server

import app
from callbacks.index import Rasad
from callbacks.session import cookie_name
from dashboard.access import csrf, people, sessions
from dashboard.access.keys import secret_key
from dashboard.access.person import Person
from dashboard.access.roles import ROLES
from dashboard.claims.database import Database
from dashboard.panel import Page
from dashboard.settings import Settings

if TYPE_CHECKING:
    from playwright._impl._api_structures import SetCookieParam

KEY = "a key for tests only, of more than thirty-two characters"
SPAN = {"period": "custom", "from": "2026-10-24", "to": "2026-11-22"}
"""The last month of the demo data of the tests, whatever day the tests run on."""
SPAN_QUERY = "period=custom&from=2026-10-24&to=2026-11-22"
TODAY = date(2026, 11, 22)
HEADQUARTERS = Person(1, "hq", "Headquarters", ROLES["hq"])
DIRECTOR = Person(2, "director", "The director", ROLES["province"], ("IR-23",))


@contextmanager
def application(claims: Database, **changes: Any) -> Iterator[Rasad]:
    """An application over a claims database that is there already; its feed ends with the block.

    Its test clients are signed in as headquarters: `client` gives those of anybody else.
    """
    settings = Settings(
        database_url=claims.url,
        jurisdiction=changes.pop("jurisdiction", claims.jurisdiction.key),
        demo=claims.demo,
        secret_key=KEY,
        data_dir=Path(os.devnull),  # nothing may be kept there
        **changes,
    )
    made = app.create_app(settings)
    assert isinstance(made, Rasad)
    deployment = made.server.extensions["rasad"]
    headquarters = signed_in(made)
    _COOKIES[id(made)] = headquarters
    made.server.test_client_class = _client_class(headquarters)
    try:
        yield made
    finally:
        deployment.feed.stop()
        deployment.renderer.stop()
        deployment.database.close()


_COOKIES: dict[int | str, str] = {}
"""The cookie of headquarters, by the application and by the address it is served under."""


def signed_in(made: Rasad, role: str = "hq", provinces: Sequence[str] | None = None) -> str:
    """The cookie of a new session of a person with a role and provinces, who is made when there is none such."""
    deployment = made.server.extensions["rasad"]
    login = "-".join([f"test-{role}", *(provinces or ())]).lower()[:64]
    account = people.by_login(deployment.database, login)
    person = account.person if account else people.make(deployment.database, login, login, role, provinces)
    return sessions.start(deployment.database, person.id, "127.0.0.1", "tests", hours=12)


_SERVED: dict[str, Rasad] = {}
"""What is served, by its address."""


def session_at(base: str, page: Page) -> str:
    """The cookie of somebody whom a page is open to, at the address it is served under."""
    role = next(key for key, role in ROLES.items() if page.right in role.rights)
    return signed_in(_SERVED[base], role, ["IR-23"] if ROLES[role].bound == "provinces" else None)


def client(made: Rasad, cookie: str = "") -> FlaskClient:
    """A client with the cookie of `signed_in`; without one nobody is signed in."""
    return _client_class(cookie)(made.server, made.server.response_class)


def cookies(base: str, cookie: str | None = None) -> list[SetCookieParam]:
    """What Playwright has to know to be signed in at the address of a `served` application: as headquarters."""
    return [{"name": "rasad_session", "value": cookie or _COOKIES[base], "url": base}]


def _client_class(cookie: str) -> type[FlaskClient]:
    class Client(FlaskClient):
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            self.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"  # as a browser on one of our pages says
            if cookie and self._cookies is not None:
                settings = self.application.extensions["rasad"].settings
                self.set_cookie(cookie_name(settings), cookie)
                self.environ_base["HTTP_X_RASAD_TOKEN"] = csrf.token(cookie, secret_key(settings))

    return Client


@contextmanager
def served(made: Rasad) -> Iterator[str]:
    """The address under which an application is served as long as the block lasts."""
    server = make_server("127.0.0.1", 0, made.server, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    _COOKIES[address], _SERVED[address] = _COOKIES[id(made)], made
    try:
        yield address
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def body_of(made: Rasad, output: str, **values: Any) -> dict[str, Any]:
    """The body a browser would send for the callback with an output of that id and property.

    ``values`` are inputs and states by ``id__property``, ``_`` for ``-`` in the id; the first of them is what changed.
    """
    made.server.test_client().get("/_dash-dependencies")
    key, entry = next((k, e) for k, e in made.callback_map.items() if output in k.strip(".").split("..."))
    parts = {name.rpartition("__"): value for name, value in values.items()}
    given = {f"{id_.replace('_', '-')}.{prop}": value for (id_, _, prop), value in parts.items()}

    def filled(wanted: list[dict[str, str]]) -> list[dict[str, Any]]:
        return [{**want, "value": given.get(f"{want['id']}.{want['property']}")} for want in wanted]

    outputs = [dict(zip(("id", "property"), part.rsplit(".", 1), strict=True)) for part in key.strip(".").split("...")]
    return {
        "output": key,
        "outputs": outputs if key.startswith("..") else outputs[0],
        "inputs": filled(entry["inputs"]),
        "state": filled(entry["state"]),
        "changedPropIds": [next(iter(given))] if given else [],
    }


def components(root: Any) -> Iterator[Component]:
    """A component and everything in it."""
    if isinstance(root, Component):
        yield root
        root = getattr(root, "children", None)
    if isinstance(root, list | tuple):
        for child in root:
            yield from components(child)
    elif isinstance(root, Component):
        yield from components(root)


def words(root: Any) -> str:
    """All text in a component, in order, its spaces made plain."""
    if isinstance(root, Component):
        return words(getattr(root, "children", None))
    if isinstance(root, list | tuple):
        return " ".join(filter(None, map(words, root)))
    return "" if root is None else " ".join(str(root).split())
