"""What verbs need of the rooms above, called by name as gunicorn calls ``app:server``: nothing here may import them."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

import procrastinate

from dashboard.deployment import Deployment
from dashboard.settings import Settings

TASKS: Final = ("callbacks.making",)
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


def taking() -> Any:
    """The module that puts together what is taken away."""
    return import_module("callbacks.taking")
