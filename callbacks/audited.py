"""Writing into the audit from a request: who asks, from where, under which filters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from flask import request
from sqlalchemy import Connection as GateConnection
from werkzeug.exceptions import BadRequest

from callbacks.asking import current_person
from dashboard.access import audit
from dashboard.access.audit import Action, Unfit
from dashboard.access.person import Person
from dashboard.deployment import Deployment
from dashboard.filters import Filters

Connection = psycopg.Connection[tuple[Any, ...]]


def audited(
    deployment: Deployment,
    action: Action,
    object: str = "",  # noqa: A002  as the audit calls it
    detail: Mapping[str, Any] | None = None,
    rows: int | None = None,
    once: bool = False,
) -> None:
    """Write what the person behind the present request is about to be given (`audit.record`).

    Unwritten where it cannot be: nothing may be given then.
    """
    with _fit():
        audit.record(deployment.database, current_person(), action, address(), object, detail, rows, once=once)


def audited_with(
    connection: Connection,
    deployment: Deployment,
    action: Action,
    object: str = "",  # noqa: A002  as the audit calls it
    detail: Mapping[str, Any] | None = None,
    rows: int | None = None,
) -> None:
    """Write what the person behind the present request changes, in the transaction that changes it (`audit.entry`)."""
    with _fit():
        audit.entry(connection, deployment.database, current_person(), action, address(), object, detail, rows)


def numbered(
    connection: Connection,
    deployment: Deployment,
    action: Action,
    kind: str,
    detail: Mapping[str, Any] | None = None,
) -> Callable[[int], None]:
    """`audited_with` for what has a number only once it is kept: called with it, it names ``<kind>/<number>``."""
    return lambda number: audited_with(connection, deployment, action, f"{kind}/{number}", detail)


@contextmanager
def _fit() -> Iterator[None]:
    """What a browser sends may pass for a national code, which no page of ours does: such a request is malformed."""
    try:
        yield
    except Unfit as unfit:
        raise BadRequest("this cannot be written into the audit") from unfit


def account_noted(
    deployment: Deployment, action: Action, detail: Mapping[str, Any] | None = None
) -> Callable[[GateConnection, int], None]:
    """Writes what the person behind the present request changes of an account, in the transaction that changes it."""

    def noted(connection: GateConnection, number: int) -> None:
        with _fit():
            audit.add(
                *(connection, deployment.database, current_person(), action, address()),
                *(f"account/{number}", detail),
            )

    return noted


def own_noted(
    deployment: Deployment, action: Action, kind: str, detail: Mapping[str, Any] | None = None
) -> Callable[[GateConnection, str], None]:
    """Writes what the person behind the present request changes of its own, ``<kind>/<id>``, with the change."""

    def noted(connection: GateConnection, name: str) -> None:
        with _fit():
            audit.add(
                *(connection, deployment.database, current_person(), action, address()),
                *(f"{kind}/{name}", detail),
            )

    return noted


def address() -> str:
    """Where the present request comes from."""
    return request.remote_addr or ""


def filtered(filters: Filters, person: Person) -> dict[str, Any]:
    """The filters of a question, and the provinces that it is answered for: none named means the whole nation."""
    return {"filters": filters.to_query(), **places(person.scope.narrow(filters.provinces))}


def places(provinces: Iterable[str] | None) -> dict[str, list[str]]:
    """The provinces that an entry is about, by which it can be searched; of the whole nation there is none to name."""
    return {} if provinces is None else {"provinces": sorted(set(provinces))}
