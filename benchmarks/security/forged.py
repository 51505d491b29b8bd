"""Forged requests: whatever a person sends, nothing comes back that lies outside of what that person may see.

Every callback, file, interface and page is asked with what a page of ours would send, changed: provinces, offices,
cases, subjects and cards of others, fields that claim a scope, cookies, headers. All that lies outside is marked
(`ground.plant`); every answer is searched for the marks.
"""

from __future__ import annotations

import copy
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

import orjson
from psycopg import sql

from benchmarks.ground import scratch
from benchmarks.security import Findings
from benchmarks.security.ground import Ground, ground, leaks
from callbacks.index import Rasad
from dashboard import ids
from dashboard.access.roles import ROLES
from dashboard.claims.database import Database
from dashboard.filters import COMPARISONS, NAMES, PERIODS, STEPS, SUBJECTS
from dashboard.scope import Scope
from layouts.cases import CASE, FIND, LIST
from layouts.pages import PAGES, panels
from layouts.problem_forms import ANSWER
from queries.cases import GAPS, LISTED, SORTS, STATES, TURNS
from tests.pages import application, body_of, client, signed_in

TRIES: Final = 20_000
ROLE_OF: Final = {
    "one province": "province",
    "two provinces": "province",
    "social security": "sso",
    "social security of a province": "sso",
    "analyst": "analyst",
    "administrator": "admin",
}
_CALLBACK: Final = "/_dash-update-component"
_CLAIMS: Final[dict[str, Any]] = {
    "scope": {"provinces": None, "subjects": None, "cases": True},
    "provinces": ["*"],
    "person": 1,
    "role": "hq",
    "rasad.provinces": "*",
    "national": True,
    "published": False,
}
_HEADERS: Final = (
    ("X-Forwarded-For", "127.0.0.1"),
    ("X-Forwarded-Host", "localhost"),
    ("X-Forwarded-Proto", "https"),
    ("X-Forwarded-User", "hq"),
    ("X-Remote-User", "hq"),
    ("X-Original-URL", "/export/cases.csv"),
    ("X-Rewrite-URL", "/api/v1/panels/overview-attention"),
    ("X-HTTP-Method-Override", "GET"),
    ("Authorization", "Bearer hq"),
    ("Authorization", "Basic aHE6aHE="),
    ("Cookie", "role=hq; rasad_scope=*"),
    ("Cookie", "rasad_language=vi"),
    ("Forwarded", "for=127.0.0.1;host=localhost"),
    ("If-None-Match", "*"),
    ("Accept", "text/html"),
)


@dataclass(frozen=True)
class Foreign:
    """What a person may not see, by name: what a forger would try."""

    db: Database
    own: tuple[str, ...]

    @cached_property
    def provinces(self) -> list[str]:
        """Provinces of others, and things that may be taken for all."""
        return [p.code for p in self.db.jurisdiction.provinces if p.code not in self.own] + ["*", "", "%", "IR", "all"]

    @cached_property
    def offices(self) -> list[str]:
        """Offices of others."""
        return [office.code for office in self.db.jurisdiction.offices if office.province not in self.own]

    @cached_property
    def numbers(self) -> list[tuple[str, str]]:
        """Cases: subject and number, one of each province."""
        found: list[tuple[str, str]] = []
        with self.db.write() as owner:
            for subject in LISTED:
                statement = sql.SQL("SELECT max(id) FROM {} GROUP BY province").format(sql.Identifier(subject))
                found += [(subject, str(row[0])) for row in owner.execute(statement).fetchall()]
        return found

    @cached_property
    def reports(self) -> list[str]:
        """Numbers of problem reports."""
        with self.db.write() as owner:
            return [str(row[0]) for row in owner.execute("SELECT id FROM problem_reports").fetchall()] or ["1"]


class Forger:
    """Makes requests: what a page would send, with parts changed."""

    def __init__(self, made: Rasad, foreign: Foreign, chance: random.Random) -> None:
        self._made, self._foreign, self._chance = made, foreign, chance
        there = [key for key, entry in made.callback_map.items() if "callback" in entry]
        self._bodies = {key: body_of(made, key.strip(".").split("...")[0]) for key in there}
        self._rules = [
            rule
            for rule in made.server.url_map.iter_rules()
            if not rule.rule.startswith(("/sign-out", "/assets", "/_dash", "/live"))
        ]
        self._round = 0

    def requests(self) -> Iterator[tuple[str, str, bytes, list[tuple[str, str]]]]:
        """Address, method, body and headers of one request after the other: every callback and every rule in turn."""
        chance = self._chance
        while True:
            for key in self._bodies:
                # The lanes bring the cards, and all are alike: most of what can be seen passes through the first.
                yield self._called(key)
                yield self._called(next(iter(k for k in self._bodies if ids.lane(0, "answer") in k)))
                yield self._addressed(chance.choice(self._rules))
                yield self._data()
            for rule in self._rules:
                yield self._addressed(rule)

    def _called(self, key: str) -> tuple[str, str, bytes, list[tuple[str, str]]]:
        chance = self._chance
        body = copy.deepcopy(self._bodies[key])
        entries = [*body["inputs"], *body["state"]]
        for entry in entries:
            entry["value"] = self._value(f"{entry['id']}.{entry['property']}")
        if body["inputs"]:
            changed = chance.choice(body["inputs"])
            body["changedPropIds"] = [f"{changed['id']}.{changed['property']}"]
        if chance.random() < 0.2:
            body |= dict([chance.choice(list(_CLAIMS.items()))])
        if entries and chance.random() < 0.2:
            entry = chance.choice(entries)
            if isinstance(entry["value"], dict):
                entry["value"] |= dict([chance.choice(list(_CLAIMS.items()))])
            else:
                entry["value"] = chance.choice(
                    [*self._foreign.provinces, self._chance.choice(self._foreign.numbers)[1]]
                )
        return _CALLBACK, "POST", orjson.dumps(body), [("Content-Type", "application/json"), *self._headers()]

    def _addressed(self, rule: Any) -> tuple[str, str, bytes, list[tuple[str, str]]]:
        chance, foreign = self._chance, self._foreign
        subject, number = chance.choice(foreign.numbers)
        address = rule.rule
        for name in rule.arguments:
            value = {
                "key": chance.choice(list(panels())),
                "subject": subject,
                "number": chance.choice([number, chance.choice(foreign.reports)]),
            }.get(name, chance.choice([f"cases/{subject}/{number}", chance.choice(PAGES).path.strip("/"), number]))
            for form in (f"<{name}>", f"<path:{name}>", f"<int:{name}>", f"<string:{name}>"):
                address = address.replace(form, quote(value, safe="/"))
        methods = sorted((rule.methods or {"GET"}) - {"OPTIONS", "HEAD"}) or ["GET"]
        return f"{address}?{self._query()}", chance.choice(methods), b"", self._headers()

    def _data(self) -> tuple[str, str, bytes, list[tuple[str, str]]]:
        key = self._chance.choice(list(panels()))
        address = self._chance.choice([f"/export/{key}.csv", f"/api/v1/panels/{key}"])
        return f"{address}?{self._query()}", "GET", b"", self._headers()

    def _query(self) -> str:
        wanted = {name: value for name, value in self._filters().items() if isinstance(value, str)}
        if self._chance.random() < 0.1:
            wanted["scope"] = "*"
        return urlencode(wanted)

    def _headers(self) -> list[tuple[str, str]]:
        return [self._chance.choice(_HEADERS)] if self._chance.random() < 0.2 else []

    def _filters(self) -> dict[str, Any]:
        """Filters as an address holds them, mostly of others."""
        chance, foreign = self._chance, self._foreign
        codes = foreign.db.jurisdiction.codes
        filters: dict[str, Any] = {
            "period": chance.choice(("30d", "90d", "12m", *PERIODS[:4])),
            "subject": chance.choice(SUBJECTS),
        }
        act = chance.random()
        if act < 0.5:
            filters["province"] = ",".join(chance.sample(foreign.provinces, chance.choice((1, 1, 2, 5))))
        elif act < 0.7 and foreign.own:
            filters["province"] = ",".join([foreign.own[0], chance.choice(foreign.provinces)])
        if chance.random() < 0.2 and foreign.offices:
            office = chance.choice(foreign.offices)
            of = next(each.province for each in foreign.db.jurisdiction.offices if each.code == office)
            filters |= {"province": of, "office": office}
        if chance.random() < 0.2:
            filters["trait"] = f"sector:{chance.choice(codes['sectors']).key}"
        if chance.random() < 0.2:
            filters["compare"] = chance.choice(COMPARISONS)
        if chance.random() < 0.1:
            filters["step"] = chance.choice(STEPS)
        if chance.random() < 0.2:
            filters["lang"] = chance.choice(("en", "fa", "vi"))
        return filters

    def _value(self, name: str) -> Any:
        """What a store or a control would hold, by ``id.property``."""
        chance, foreign = self._chance, self._foreign
        subject, number = chance.choice(foreign.numbers)
        filters = self._filters()
        if name.startswith(("lane-",)) or any(name == f"{ids.lane(n, 'ask')}.data" for n in range(ids.LANES)):
            keys = chance.sample(list(panels()), 2)
            tables = keys if chance.random() < 0.7 else []
            return {"panels": dict.fromkeys(keys, ""), "tables": tables, "filters": filters, "serial": 1}
        if name == f"{ids.panel(LIST, 'ask')}.data":
            return {"filters": {**filters, "list": self._list(subject, number)}, "serial": 1}
        if name == f"{ids.panel(CASE, 'ask')}.data":
            return {"filters": {**filters, "case": {"subject": subject, "number": number}}, "serial": 1}
        if name == f"{ids.panel(FIND, 'number')}.value":
            return number
        if name == f"{ids.panel(ANSWER, 'number')}.value":
            return chance.choice(foreign.reports)
        path = chance.choice([page.path for page in PAGES] + [f"/cases/{subject}/{number}"])
        known: dict[str, Any] = {
            f"{ids.ADDRESS}.data": {"path": path, "query": f"?{self._query()}"},
            f"{ids.shell('path')}.data": path,
            f"{ids.FILTERS}.data": filters,
            f"{ids.VERSION}.data": 1,
        }
        if name in known:
            return known[name]
        if name.endswith((".n_clicks", ".n_submit")):
            return 1
        if name.endswith(".options"):
            return []
        if name.endswith(".data"):
            return chance.choice(
                [
                    filters,
                    {"key": chance.choice(foreign.reports), "at": 1},
                    {"picks": [{"filter": chance.choice(NAMES), "value": chance.choice(foreign.provinces)}]},
                    {"page": "cases", "cards": "", "lanes": ids.LANES},
                    "en",
                ]
            )
        return chance.choice(
            [
                "en",
                chance.choice(foreign.provinces),
                number,
                subject,
                "0012345679",
                "1234567890",
                "5",
                None,
                *foreign.own,
            ]
        )

    def _list(self, subject: str, number: str) -> dict[str, Any]:
        chance = self._chance
        asked: dict[str, Any] = {
            "subject": subject,
            "state": chance.choice(STATES),
            "sort": chance.choice(SORTS),
            "turn": chance.choice(("", *TURNS)),
            "filed": chance.choice(("ever", "")),
            "gap": chance.choice(("", *GAPS[subject])),
            "page": 2,
        }
        if chance.random() < 0.4:
            at = chance.choice(("2026-01-01T00:00:00+00:00", "2027-01-01T00:00:00+00:00", "2026-11-01"))
            asked["cursor"] = {chance.choice(("after", "before")): [at, number]}
        return asked


def run(tries: int = TRIES, on: Ground | None = None, persons: tuple[str, ...] = ()) -> Findings:
    """Send ``tries`` forged requests, as the ``persons`` in turn (all unless named)."""
    findings = Findings("forged requests, marks in all that lies outside", tries, "0 leaks")
    if on is not None:
        _forge(on, tries, persons, findings)
        return findings
    with scratch() as folder:
        for jurisdiction, share in (("ir", 0.7), ("vn", 0.3)):
            with ground(Path(folder), jurisdiction) as made:
                _forge(made, round(tries * share), persons, findings)
    return findings


def _forge(on: Ground, tries: int, persons: tuple[str, ...], findings: Findings) -> None:
    asking = {name: scope for name, scope in on.persons.items() if not persons or name in persons}
    for name, scope in asking.items():
        with on.planted(scope) as db, application(db) as made:
            answered = attack(made, db, name, scope, -(-tries // len(asking)), findings)
        told = ", ".join(f"{status} {n:,}" for status, n in sorted(answered.items()))
        findings.figures[f"{db.jurisdiction.key}, {name}"] = told


def attack(made: Rasad, db: Database, name: str, scope: Scope, tries: int, findings: Findings) -> Counter[int]:
    """Send requests as one person; how often they were answered with which status."""
    role = ROLES[ROLE_OF[name]]
    provinces = None if scope.provinces is None else list(scope.provinces)
    own = signed_in(made, role.key, provinces)
    asking = client(made, own)
    foreign = Foreign(db, scope.provinces or ())
    forger = Forger(made, foreign, random.Random(f"{name} {db.jurisdiction.key}"))
    answered: Counter[int] = Counter()
    for _, (address, method, body, headers) in zip(range(tries), forger.requests(), strict=False):
        answer = asking.open(address, method=method, data=body, headers=headers)
        if answer.status_code == 401 or "/sign-in" in answer.headers.get("Location", ""):
            asking = client(made, signed_in(made, role.key, provinces))  # signed out by what was sent
        answered[answer.status_code] += 1
        sent = {number for _, number in foreign.numbers if number in address or number.encode() in body}
        heads = "\n".join(f"{key}: {value}" for key, value in answer.headers).encode()
        for leak in leaks(answer.get_data(), sent) + leaks(heads, {*sent, *map(quote, sent)}):
            findings.found.append(f"{name}: {method} {address[:150]} {body[:400]!r}: {leak!r}")
    return answered
