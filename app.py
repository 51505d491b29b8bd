"""The application: everything of a deployment put together on one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from callbacks import (
    appearance,
    audit,
    bounds,
    briefings,
    case_lists,
    cases,
    exports,
    files,
    filters,
    guard,
    headers,
    health,
    judgement,
    live,
    origin,
    panels,
    people,
    problems,
    refusals,
    router,
    schedules,
    sign_in,
    timing,
    tokens,
)
from callbacks.index import Rasad
from dashboard import logs, vendor
from dashboard.access import starting
from dashboard.answers import Answers
from dashboard.caching import cache_for
from dashboard.claims import database
from dashboard.claims.feed import Feed
from dashboard.commands.opening import end_in_order, one_sentence
from dashboard.commands.serving import first_look, first_settings
from dashboard.deployment import Deployment
from dashboard.disclosure.editions import Publisher
from dashboard.intake import door
from dashboard.intake.demo import identities
from dashboard.jurisdictions import load
from dashboard.settings import ROOT, Settings
from queries import published

if TYPE_CHECKING:
    import dash
    from flask import Flask


def create_app(settings: Settings | None = None) -> dash.Dash:
    """An application over one claims database, ready to serve; each call makes another, with a feed of its own.

    Raises JurisdictionError, DatabaseError, VendorError, KeyMissing or UnsafeStart with one sentence for the operator.
    """
    settings = settings or Settings()
    starting.check_settings(settings)
    lacking = vendor.missing(ROOT)
    if lacking:
        raise vendor.VendorError(lacking)
    jurisdiction = load(settings.jurisdiction)
    claims = database.connect(settings.database_url, settings.data_dir, jurisdiction, settings.demo)
    if settings.demo:
        identities.make(claims)
    feed = Feed(claims).start()
    app = Rasad(settings, jurisdiction, feed)
    answers = Answers(claims, feed, cache_for(app.server, settings.redis_url))
    deployment = Deployment(settings, jurisdiction, claims, feed, answers)
    for module in (
        headers,
        refusals,
        health,
        bounds,
        origin,
        guard,
        sign_in,
        router,
        filters,
        panels,
        cases,
        case_lists,
        judgement,
        problems,
        people,
        tokens,
        audit,
        live,
        appearance,
        exports,
        briefings,
        schedules,
        files,
        timing,
        door,
    ):
        module.register(app, deployment)
    starting.check_server(settings, app.server)
    app.server.extensions["rasad"] = deployment
    app.make_ready()
    return app


def publish(app: dash.Dash) -> Publisher:
    """Bring the published figures up to date, now where an hour was missed and then day by day."""
    deployment: Deployment = app.server.extensions["rasad"]
    return Publisher(deployment.database, published.counted, deployment.settings.publish_hour).start()


def __getattr__(name: str) -> Any:
    """``app:server`` for gunicorn: made when it is asked for, so that importing this module does nothing."""
    if name == "server":
        settings = Settings()
        logs.begin(settings.log_level)
        made = create_app(settings)
        publish(made)
        server: Flask = made.server
        globals()["server"] = server
        return server
    raise AttributeError(name)


def main() -> None:
    """Show the page, the way every Dash user tries first; ``python -m dashboard serve`` is for many people."""
    end_in_order()
    with one_sentence():
        settings = first_settings()
        logs.begin(settings.log_level)
        with first_look(settings):
            app = create_app(settings)
            publisher = publish(app)
            try:
                app.run(host=settings.host, port=str(settings.port), debug=False)
            finally:
                publisher.stop()
                app.server.extensions["rasad"].feed.stop()


if __name__ == "__main__":
    main()
