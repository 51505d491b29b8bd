"""Whether the deployment is well: for load balancers, orchestrators and Prometheus."""

from __future__ import annotations

import time
from typing import Any

import orjson
from dash import Dash
from flask import Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from dashboard.deployment import Deployment

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


def register(app: Dash, deployment: Deployment) -> None:
    """Serve ``/livez`` (the process), ``/readyz`` (database and schema) and ``/metrics``; count every request.

    The figures are those of one process: a collector adds up those of several workers.
    """
    server: Flask = app.server
    registry = CollectorRegistry()
    requests = Counter("rasad_requests", "Requests answered", ["route", "status"], registry=registry)
    seconds = Histogram("rasad_request_seconds", "Time to answer", ["route"], buckets=_SECONDS, registry=registry)
    version = Gauge("rasad_data_version", "Version of the data known to this process", registry=registry)
    version.set_function(lambda: deployment.feed.current.number)
    silence = Gauge("rasad_feed_silent_seconds", "Seconds since the database gave a sign of life", registry=registry)
    silence.set_function(lambda: deployment.feed.silent_seconds)

    @server.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @server.after_request
    def end(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "none"
        requests.labels(route, str(response.status_code)).inc()
        seconds.labels(route).observe(time.perf_counter() - g.get("began", time.perf_counter()))
        return response

    @server.get("/livez")
    def livez() -> Response:
        return _said(200, status="alive")

    @server.get("/readyz")
    def readyz() -> Response:
        try:
            version = deployment.database.version()
        except SQLAlchemyError as error:
            return _said(503, status="not ready", why=str(error).splitlines()[0])
        return _said(200, status="ready", version=version.number, jurisdiction=deployment.jurisdiction.key)

    @server.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _said(code: int, **content: Any) -> Response:
    return Response(orjson.dumps(content), code, mimetype="application/json", headers={"Cache-Control": "no-store"})
