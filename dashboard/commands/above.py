"""What verbs need of the rooms above, called by name as gunicorn calls ``app:server``: nothing here may import them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Final

import procrastinate

from dashboard.access.person import Person
from dashboard.deployment import Deployment
from dashboard.jobs.files import Made
from dashboard.settings import Settings

TASKS: Final = ("callbacks.making", "callbacks.sending")
"""The modules that have tasks for workers, each with ``register(queue, deployment)``."""


def deployment_of(settings: Settings) -> Deployment:
    """A running deployment, as the server has one; `end` it."""
    made: Deployment = import_module("app").create_app(settings).server.extensions["rasad"]
    return made


def end(deployment: Deployment) -> None:
    """Stop what a deployment runs."""
    deployment.feed.stop()
    deployment.renderer.stop()
    deployment.database.close()


def register_tasks(queue: procrastinate.App, deployment: Deployment) -> None:
    """Add every task there is to a worker's queue."""
    for name in TASKS:
        import_module(name).register(queue, deployment)


def shown(deployment: Deployment, person: Person, panel: str, kind: str, query: Mapping[str, str], style: str) -> Made:
    """What a panel shows to a person, as a file of a kind. Raises HTTPException, whose description says why not."""
    made: Made = import_module("callbacks.making").shown(deployment, person, panel, kind, query, style)
    return made
