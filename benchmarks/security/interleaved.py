"""Users at once over one warm cache: what each is answered is what is theirs, also after the rule changes midway.

What is right is what the same request is answered when nobody else asks, out of an empty cache. Halfway, the provinces
of one of them are changed: from the next request on, the answers are those of the new ones.
"""

from __future__ import annotations

import random
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson
from flask.testing import FlaskClient

from benchmarks.ground import scratch
from benchmarks.security import Findings
from benchmarks.security.ground import Ground, ground, same
from callbacks.index import Rasad
from dashboard import ids
from dashboard.access import people
from dashboard.access.person import Person
from dashboard.access.roles import ROLES
from layouts.cases import LIST
from layouts.pages import pages_for
from tests.pages import application, body_of, client, signed_in

TRIES: Final = 10_000
_PERIODS: Final = ("30d", "12m")
_CALLBACK: Final = "/_dash-update-component"
_PASSING: Final = frozenset(
    {"as_of", "version", "serial", "stale", "note", "digest", "download", ids.panel(LIST, "note")}
)
"""What an answer says of itself and of the moment, and not of the data."""


@dataclass(frozen=True)
class Request:
    """An address to get, or with ``body`` a callback to call."""

    address: str
    body: dict[str, Any] | None = field(default=None, hash=False)

    def of(self, asking: FlaskClient) -> Any:
        """What it is answered: the status and what the answer says of the data."""
        answer = asking.get(self.address) if self.body is None else asking.post(self.address, json=self.body)
        if answer.status_code != 200:
            return answer.status_code
        return _without(orjson.loads(answer.get_data()))


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without(inner) for key, inner in value.items() if key not in _PASSING}
    return [_without(inner) for inner in value] if isinstance(value, list) else value


def run(tries: int = TRIES, on: Ground | None = None, different: int = 1_000) -> Findings:
    """Send ``tries`` requests in all, out of the cache of the process and out of Redis where there is one.

    ``different`` is how many different ones there are at most.
    """
    findings = Findings("interleaved requests of three users, warm shared cache, rule change midway", tries, "0 leaks")
    with ExitStack() as stack:
        if on is None:
            on = stack.enter_context(ground(stack.enter_context(scratch())))
        caches = {"cache of the process": ""}
        if shutil.which("redis-server"):
            caches["Redis"] = stack.enter_context(_redis())
        db = stack.enter_context(on.copy())
        with application(db) as alone:
            requests = _requests(alone, on)
            requests = requests[:: -(-len(requests) // different)]
            right = {who: _expected(alone, requests, *rule) for who, rule in _rules(*on.own).items()}
        told = sum(not same(right["first"][request], right["second"][request]) for request in requests)
        findings.figures["requests that tell the two provinces apart"] = f"{told} of {len(requests)}"
        for name, url in caches.items():
            begun = time.perf_counter()
            with application(db, redis_url=url) as made:
                findings.found += [f"{name}: {wrong}" for wrong in interleave(made, on, tries // len(caches), right)]
            findings.figures[f"{name}: requests a second"] = (
                f"{tries / len(caches) / (time.perf_counter() - begun):.0f}"
            )
    return findings


def interleave(made: Rasad, on: Ground, tries: int, right: dict[str, dict[Request, Any]]) -> list[str]:
    """Let headquarters, social security and a director ask at once; midway the director's province becomes another.

    ``right`` is what each request is answered to whom. What was answered otherwise, a sentence each.
    """
    (first, second), database = on.own, made.server.extensions["rasad"].database
    director, requests = signed_in(made, "province", [first]), list(right["first"])
    account = people.by_login(database, f"test-province-{first}".lower())
    assert account is not None
    people.set_role(database, account.person.id, "province", [first])

    def ask(cookie: str, wanted: list[str], seed: str) -> list[str]:
        chance, asking, wrong = random.Random(seed), client(made, cookie), []
        for place, who in enumerate(wanted):
            if place and wanted[place - 1] != who:
                people.set_role(database, account.person.id, "province", [second])
            request = chance.choice(requests)
            if not same(request.of(asking), right[who][request]):
                wrong.append(f"{who}: {request.address} {request.body} was answered with what is not theirs")
        return wrong

    each = -(-tries // 3)
    turns = (
        (signed_in(made), ["headquarters"] * each, "headquarters"),
        (signed_in(made, "sso"), ["social security"] * each, "headquarters"),
        (director, ["first"] * (each // 2) + ["second"] * (each - each // 2), "director"),
    )
    with ThreadPoolExecutor(len(turns)) as pool:
        return [wrong for asked in [pool.submit(ask, *turn) for turn in turns] for wrong in asked.result()]


def _rules(first: str, second: str) -> dict[str, tuple[str, list[str] | None]]:
    return {
        "headquarters": ("hq", None),
        "social security": ("sso", None),
        "first": ("province", [first]),
        "second": ("province", [second]),
    }


def _expected(made: Rasad, requests: list[Request], role: str, provinces: list[str] | None) -> dict[Request, Any]:
    """What each request is answered when nobody else has asked."""
    made.server.extensions["rasad"].answers.cache.clear()
    asking = client(made, signed_in(made, role, provinces))
    found = {request: request.of(asking) for request in requests}
    made.server.extensions["rasad"].answers.cache.clear()
    return found


def _requests(made: Rasad, on: Ground) -> list[Request]:
    """The cards of a director's pages, as data and as drawn, and a list of cases; none that ages by the minute."""
    jurisdiction = on.whole.jurisdiction
    person = Person(0, "director", "director", ROLES["province"], on.own[:1])
    cards = [card for page in pages_for(person, jurisdiction) for card in page.panels]
    keys = [card.key for card in cards if not card.ages and all(column.name != "hour" for column in card.columns)]
    found = [Request(f"/api/v1/panels/{key}?period={period}") for key in keys for period in _PERIODS]
    for key in keys[::4]:
        ask = {"panels": {key: ""}, "tables": [key], "filters": {"period": "30d"}, "serial": 1, "theme": "light"}
        named = {f"{ids.lane(0, 'ask').replace('-', '_')}__data": ask}
        found.append(Request(_CALLBACK, body_of(made, f"{ids.lane(0, 'answer')}.data", **named)))
    for subject in ("registrations", "disputes"):
        asked = {"filters": {"period": "30d", "list": {"subject": subject, "filed": "ever"}}, "serial": 1}
        named = {f"{ids.panel(LIST, 'ask').replace('-', '_')}__data": asked}
        found.append(Request(_CALLBACK, body_of(made, f"{ids.panel(LIST, 'held')}.data", **named)))
    return found


@contextmanager
def _redis() -> Iterator[str]:
    """The address of a Redis of its own."""
    with scratch() as folder, socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        taken.close()
        program = [str(shutil.which("redis-server")), "--port", str(port), "--save", "", "--dir", str(Path(folder))]
        process = subprocess.Popen(program, stdout=subprocess.DEVNULL)
        try:
            for _ in range(200):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            yield f"redis://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait()
