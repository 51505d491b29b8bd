"""What the tests of the doors share: a server with the doors on it over a real claims database, and who knocks."""

from __future__ import annotations

import gzip
import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dash
from flask import Flask
from flask_caching import Cache
from werkzeug.test import TestResponse

from dashboard.access import tokens
from dashboard.answers import Answers
from dashboard.claims.cubes import CUBES
from dashboard.claims.database import Database
from dashboard.claims.feed import Feed
from dashboard.claims.subjects import SUBJECTS
from dashboard.deployment import Deployment
from dashboard.intake import door
from dashboard.settings import Settings

KEY = "a key for tests only, of more than thirty-two characters"
Record = dict[str, Any]

CASE: Record = {
    "id": "r1",
    "province": "IR-23",
    "channel": "online",
    "category": "unemployment_insurance",
    "opened_at": "2024-05-01 10:00:00",
    "updated_at": "2024-05-02 10:00:00",
}
PREMIUM: Record = {
    "workshop_code": "0183630045",
    "months": 20,
    "premium_paid": True,
    "insurance": "compulsory",
    "standing": "active",
    "updated_at": "2024-04-02 10:00:00",
}


@dataclass(frozen=True)
class Doors:
    """A server with the doors, and its database."""

    server: Flask
    database: Database

    def token(
        self, *subjects: str, provinces: tuple[str, ...] | None = None, days: int | None = None, name: str = "a system"
    ) -> str:
        """A new token; for all subjects unless told."""
        with self.database.write() as connection:
            return tokens.issue(connection, name, subjects or tuple(SUBJECTS), provinces, days)

    def ask(self, path: str, body: bytes, token: str | None, method: str = "POST", **headers: str) -> TestResponse:
        """A request; underscores in names of headers stand for hyphens."""
        sent = {"Content-Type": "application/json", "Accept-Language": "en"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            sent.setdefault("Authorization", f"Bearer {token}")
        return self.server.test_client().open(path, method=method, data=body, headers=sent)

    def send(self, subject: str, records: Any, token: str, **headers: str) -> TestResponse:
        """Records as a JSON array, or whatever is given as JSON."""
        return self.ask(f"/api/v1/records/{subject}", json.dumps(records).encode(), token, **headers)

    def covered(self, token: str, language: str = "en", **question: Any) -> TestResponse:
        """A question to the door for eligibility."""
        return self.ask("/api/v1/eligibility", json.dumps(question).encode(), token, Accept_Language=language)

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """What the database holds."""
        with self.database.write() as connection:
            return connection.execute(statement, values).fetchall()

    def state(self) -> dict[str, list[tuple[Any, ...]]]:
        """All facts and all cells that are not zero."""
        found: dict[str, list[tuple[Any, ...]]] = {}
        for subject in SUBJECTS.values():
            columns = ", ".join(field.column for field in subject.columns)
            found[subject.key] = self.rows(
                f"SELECT {columns} FROM {subject.key} ORDER BY {', '.join(subject.identity)}"
            )
        for cube in CUBES:
            key = ", ".join(cube.key)
            found[cube.table] = self.rows(f"SELECT {key}, n FROM {cube.table} WHERE n <> 0 ORDER BY {key}")
        return found


def opened(database: Database, **settings: Any) -> Doors:
    """The doors over a database, beside a page that would answer every address with GET."""
    chosen = {"demo": database.demo, "secret_key": KEY, "data_dir": Path(os.devnull), **settings}
    feed = Feed(database)
    app = dash.Dash("doors", add_log_handler=False)
    app.layout = dash.html.Div("a page")
    answers = Answers(database, feed, Cache(app.server, config={"CACHE_TYPE": "SimpleCache"}))
    door.register(app, Deployment(Settings(**chosen), database.jurisdiction, database, feed, answers))
    return Doors(app.server, database)


def case(number: int | str, **changes: Any) -> Record:
    """A sound registration of that number."""
    return {**CASE, "id": f"r{number}", **changes}


def code(number: int) -> str:
    """A national code of Iran that can exist."""
    digits = f"{12_345_678 + number:09}"
    rest = sum(int(digit) * (10 - place) for place, digit in enumerate(digits)) % 11
    return f"{digits}{rest if rest < 2 else 11 - rest}"


def today(database: Database, days: int = 0) -> str:
    """The local day, some days away."""
    return (datetime.now(UTC).astimezone(database.jurisdiction.timezone) + timedelta(days=days)).date().isoformat()


def packed(text: bytes) -> bytes:
    """Packed with gzip."""
    return gzip.compress(text)


def until(happened: Callable[[], bool]) -> None:
    """Return when it has happened; AssertionError when it does not within ten seconds."""
    for _ in range(1000):
        if happened():
            return
        time.sleep(0.01)
    raise AssertionError("it did not happen")
