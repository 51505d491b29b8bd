"""Requests that no page of ours sends: callbacks, interfaces, files and forms with parts changed, cut off or invented.

Whatever comes is refused or answered; nothing may fail. A fault that a card or a door catches for itself counts too: it
is written into the log as one.
"""

from __future__ import annotations

import copy
import json
import logging
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from benchmarks.security import Findings
from benchmarks.security._ground import applied
from callbacks.index import Rasad
from dashboard import ids
from dashboard.access import tokens
from dashboard.claims.database import Database
from dashboard.claims.subjects import SUBJECTS
from dashboard.filters import COMPARISONS, NAMES, PERIODS, STEPS
from layouts.cases import CASE, LIST
from layouts.pages import PAGES, panels
from layouts.shell import PICK
from tests.pages import body_of, client, signed_in

TRIES: Final = 10_000
_CALLBACK: Final = "/_dash-update-component"
_LONG: Final = 20_000
_DEEP: Final = 400
_STRANGE: Final[tuple[Any, ...]] = (
    *(None, True, False, 0, -1, 1, 2**31, 2**63, -(2**63) - 1, 10**400, 0.1, 1e308, -1e308, 5e-324),
    *(float("nan"), float("inf"), float("-inf")),
    *("", " ", "\0", "a\0b", "\ud800", "\udfff\ud800", "\U0010ffff", "\u202e\u2066", "\ufeff", "x" * _LONG, "٣" * 500),
    *("NaN", "1e400", "-0", "٠١٢٣", "2026-13-45", "0000-00-00", "9999-12-31", "1405-12-30", "2026-11-22T25:00:00Z"),
    *("' OR 1=1 --", "%s%n%(x)s", "{0.__class__}", "{name}", "../../etc/passwd", "<script>", "\r\nSet-Cookie: a=b"),
    *("__class__", "constructor", "__proto__", "all", "*", ",", "IR-23,", "IR-23" * 100, "today", "custom", "none"),
    *([], {}, [[]], [None], [{}], {"": ""}, {"__proto__": {"x": 1}}, ["IR-23", 1, None], {"data": {"data": {}}}),
    *([0] * 2_000, {str(n): n for n in range(300)}),
)
_HEADERS: Final[tuple[tuple[str, str], ...]] = (
    *(
        ("Content-Type", kind)
        for kind in ("text/plain", "application/xml", "application/json; charset=utf-16", "", "/")
    ),
    *(("Content-Type", kind) for kind in ("multipart/form-data", "multipart/form-data; boundary=x", "x" * 3000)),
    *(("Content-Encoding", kind) for kind in ("gzip", "br", "gzip, gzip", "\u00ff")),
    *(("Accept", kind) for kind in ("text/html", "text/html;q=x", "*/*;q=-1", "\u00e9", "a" * 5000)),
    *(("Accept-Language", kind) for kind in ("fa", "vi;q=2", "*", "-", "x" * 5000, "\u00e9;q=nan")),
    *(
        ("Cookie", kind)
        for kind in ("rasad_language=tlh", "rasad_theme=\u00e9", "=; ;=;", "rasad_session=", "a" * 5000)
    ),
    *(("Referer", kind) for kind in ("http://[", "//", "javascript:alert(1)", "http://localhost\\@evil/", "\u00e9")),
    *(("Origin", kind) for kind in ("null", "http://[::1", "file://", "http://localhost", "\u00e9", "x" * 3000)),
    *(("Sec-Fetch-Site", kind) for kind in ("none", "cross-site", "", "same-origin,same-origin")),
    *(("X-Rasad-Token", kind) for kind in ("", "0", "\u00e9", "x" * 5000)),
    *(("Idempotency-Key", kind) for kind in ("", "x" * 300, "\u00e9", "a b")),
    *(("Range", "bytes=99999999999-"), ("If-Modified-Since", "yesterday"), ("If-None-Match", 'W/"' + "x" * 3000)),
    *(("Expect", "100-continue"), ("X-Forwarded-For", "\u00e9, , ,"), ("Host", "a" * 300), ("Host", "[::1")),
    *(("Authorization", kind) for kind in ("Bearer", "Bearer \u00e9", "Basic =", "Digest " + "x" * 3000)),
)
_NOT_OURS: Final = frozenset({501, 505})
"""What the HTTP server itself says of a method or version it does not know."""


class _Chance(random.Random):
    """Chance with what the gate throws."""

    def value(self) -> Any:
        """Something strange, new each time."""
        if self.random() < 0.05:
            return self.deep()
        return copy.deepcopy(self.choice(_STRANGE))

    def deep(self) -> Any:
        """Something nested far deeper than anything of ours."""
        value: Any = 1
        for _ in range(self.choice((50, _DEEP))):
            value = [value] if self.random() < 0.5 else {"a": value}
        return value

    def changed(self, value: Any, times: int) -> Any:
        """A copy of JSON with some places holding something else, left out or doubled."""
        value = copy.deepcopy(value)
        for _ in range(times):
            places = list(_places(value))
            if not places:
                return self.value()
            holder, key = self.choice(places)
            act = self.random()
            if act < 0.75:
                holder[key] = self.value()
            elif act < 0.9:
                del holder[key]
            elif isinstance(holder, list):
                holder.append(copy.deepcopy(holder[key]))
            else:
                holder[str(self.choice(_STRANGE))[:50]] = self.value()
        return value

    def bytes_of(self, value: Any) -> bytes:
        """JSON as bytes, sometimes damaged."""
        text = json.dumps(value)
        act = self.random()
        if act < 0.85:
            return text.encode()
        if act < 0.9:
            return text[: self.randrange(len(text) + 1)].encode()
        if act < 0.94:
            return b"\xff\xfe" + text.encode("utf-16-le")
        if act < 0.97:
            return self.randbytes(self.randrange(1, 400))
        return b"[" * 50_000


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a JSON value: what holds it, and under which key."""
    if isinstance(value, dict | list):
        for key, inner in list(value.items()) if isinstance(value, dict) else list(enumerate(value)):
            yield value, key
            yield from _places(inner)


def run(tries: int = TRIES, claims: Database | None = None, seed: int = 1, most_found: int = 100) -> Findings:
    """Send ``tries`` requests as people of four roles and as a system with a token, fewer when so much was found that
    more would say nothing new. The data are written to.
    """
    findings = Findings("fuzzed API and callback calls", tries, "no unhandled 5xx")
    with applied(claims) as (database, made), _listening() as faults:
        chance = _Chance(seed)
        province, other = (each.code for each in database.jurisdiction.provinces[:2])
        sessions = [signed_in(made), signed_in(made, "province", [province]), signed_in(made, "analyst")]
        clients = [client(made, cookie) for cookie in [*sessions, signed_in(made, "admin"), ""]]
        with database.write() as connection:
            token = tokens.issue(connection, "fuzz", tuple(SUBJECTS))
        kinds = [_callbacks(made, chance), _data(made, chance), _doors(chance, token), _forms(made, chance)]
        answered: dict[int, int] = {}
        for number in range(tries):
            if len(findings.found) >= most_found:
                break
            # Half of all are callbacks: they take the most, in the most shapes.
            address, method, body, headers = next(kinds[(0, 1, 0, 2, 0, 3)[number % 6]])
            if number % 6 == 5:  # a form may end every session of who sends it
                asking = client(made, signed_in(made, "province", [other]))
            else:
                asking = chance.choice(clients) if chance.random() < 0.4 else clients[0]
            headers = dict(headers)
            if chance.random() < 0.15:
                headers |= [chance.choice(_HEADERS)]
            faults.clear()
            answer = asking.open(address, method=method, data=body, headers=headers)
            answered[answer.status_code] = answered.get(answer.status_code, 0) + 1
            if answer.status_code >= 500 and answer.status_code not in _NOT_OURS:
                findings.found.append(f"{method} {address[:120]} {body[:300]!r}: {answer.status}; {faults[:1]}")
            elif faults:
                findings.found.append(f"{method} {address[:120]} {body[:300]!r}: {faults[0]}")
        findings.figures = {f"answered with {status}": f"{n:,}" for status, n in sorted(answered.items())}
    return findings


class _Faults(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        trace = str(record.exc_info[1]) if record.exc_info else ""
        self.told.append(f"{record.getMessage()[-900:]} {trace}")


@contextmanager
def _listening() -> Iterator[list[str]]:
    """What is logged as an error by anybody."""
    handler = _Faults()
    logging.getLogger().addHandler(handler)
    try:
        yield handler.told
    finally:
        logging.getLogger().removeHandler(handler)


_Request = tuple[str, str, bytes, dict[str, str]]
_JSON: Final = {"Content-Type": "application/json"}


def _callbacks(made: Rasad, chance: _Chance) -> Iterator[_Request]:
    known = _plausible(made)
    there = [key for key, entry in made.callback_map.items() if "callback" in entry]
    bodies = {key: body_of(made, key.strip(".").split("...")[0]) for key in there}
    while True:
        body = copy.deepcopy(bodies[chance.choice(there)])
        entries = [entry for entry in [*body["inputs"], *body["state"]] if isinstance(entry, dict)]
        for entry in entries:
            entry["value"] = known(f"{entry['id']}.{entry['property']}", chance)
        if body["inputs"]:
            changed = chance.choice(body["inputs"])
            body["changedPropIds"] = [f"{changed['id']}.{changed['property']}"]
        act = chance.random()
        if act < 0.8:  # well-formed, with strange values
            for entry in chance.sample(entries, min(len(entries), chance.choice((1, 1, 2, 3)))):
                deeper = isinstance(entry["value"], dict | list) and chance.random() < 0.7
                entry["value"] = chance.changed(entry["value"], chance.choice((1, 2, 4))) if deeper else chance.value()
        else:
            body = chance.changed(body, chance.choice((1, 2, 5)))
        yield _CALLBACK, "POST", chance.bytes_of(body), _JSON


def _plausible(made: Rasad) -> Callable[[str, _Chance], Any]:
    """What a page would hold in a store or a control, by ``id.property``."""
    provinces = [province.code for province in made.server.extensions["rasad"].jurisdiction.provinces]
    keys = list(panels())
    own = {"subject": "disputes", "state": "open", "sort": "due", "cursor": {"after": ["2026-11-01", "x"]}}
    case = {"filters": {"case": {"subject": "disputes", "number": "1"}}, "serial": 1}

    def value(name: str, chance: _Chance) -> Any:
        province, path = chance.choice(provinces), chance.choice(PAGES).path
        filters = {"period": chance.choice(PERIODS), "province": province, "subject": "disputes"}
        asked = {"panels": dict.fromkeys(chance.sample(keys, 3), ""), "tables": [keys[0]], "filters": filters}
        known: dict[str, Any] = {
            f"{ids.ADDRESS}.data": {"path": path, "query": f"?province={province}&period=30d"},
            f"{ids.shell('path')}.data": path,
            f"{ids.FILTERS}.data": filters,
            f"{PICK}.data": {"picks": [{"filter": chance.choice(NAMES), "value": province}], "mode": "toggle"},
            f"{ids.panel(LIST, 'ask')}.data": {"filters": {**filters, "list": own}, "serial": 1},
            f"{ids.panel(CASE, 'ask')}.data": case,
            **{f"{ids.lane(n, 'ask')}.data": {**asked, "theme": "light", "serial": 1} for n in range(ids.LANES)},
        }
        if name in known:
            return known[name]
        if name.endswith(("n_clicks", "n_submit")):
            return 1
        return chance.choice(("en", "fa", "vi", province, "registrations", "1", "on_time_rate", None))

    return value


def _data(made: Rasad, chance: _Chance) -> Iterator[_Request]:
    """Pages, files and panels by address, with parameters that are known and strange."""
    keys = list(panels())
    rules = [rule.rule for rule in made.server.url_map.iter_rules() if not rule.arguments]
    known = {"period": PERIODS, "compare": COMPARISONS, "step": STEPS, "lang": ("en", "fa"), "subject": ("disputes",)}
    while True:
        key = chance.choice(keys)
        strange = _in_address(chance.value())
        address = chance.choice(
            (
                *(f"/export/{key}.csv", f"/api/v1/panels/{key}", f"/export/{strange}.csv", f"/api/v1/panels/{strange}"),
                *(chance.choice(PAGES).path, f"/cases/disputes/{strange}", chance.choice(rules), f"/{strange}"),
            )
        )
        names = chance.sample([*NAMES, "subject", "from", "to", "lang", strange[:40]], chance.randrange(5))
        values = [chance.choice(known[name]) if name in known else "" for name in names]
        asked = "&".join(
            f"{name}={value if value and chance.random() < 0.5 else _in_address(chance.value())}"
            for name, value in zip(names, values, strict=True)
        )
        method = chance.choice(("GET", "GET", "GET", "GET", "HEAD", "POST", "OPTIONS", "DELETE", "PATCH"))
        yield f"{address}?{asked}", method, b"", {"Accept": chance.choice(("text/html", "*/*", "application/json"))}


def _in_address(value: Any) -> str:
    """A value as it may stand in an address: bytes of no encoding among them."""
    text = value if isinstance(value, str) else json.dumps(value)
    raw = text.encode("utf-8", "surrogatepass")[:3_000]
    return "".join(chr(byte) if chr(byte).isalnum() or chr(byte) in "-_.,~" else f"%{byte:02X}" for byte in raw)


def _doors(chance: _Chance, token: str) -> Iterator[_Request]:
    """Records and questions of a system with a token."""
    day = "2026-11-01 10:00:00"
    while True:
        headers = {**_JSON, "Authorization": f"Bearer {token}"}
        if chance.random() < 0.3:
            asked = {"national_code": "0012345679", "workshop_code": "0183630045", "on": "2026-11-01"}
            yield "/api/v1/eligibility", "POST", chance.bytes_of(chance.changed(asked, chance.choice((1, 2)))), headers
            continue
        subject = SUBJECTS[chance.choice(list(SUBJECTS))]
        record = {field.name: chance.choice((day, "IR-23", "online", "1", 7, True)) for field in subject.fields}
        body: Any = chance.changed([record, dict(record), dict(record)], chance.choice((1, 3, 6)))
        raw = chance.bytes_of(body)
        if isinstance(body, list) and chance.random() < 0.3:
            headers["Content-Type"] = "application/x-ndjson"
            raw = b"\n".join(chance.bytes_of(each) for each in body)
        yield f"/api/v1/records/{subject.key}", "POST", raw, headers


def _forms(made: Rasad, chance: _Chance) -> Iterator[_Request]:
    """Forms: every address that takes one."""
    closed = ("/_dash", "/api/")
    rules = [
        rule.rule
        for rule in made.server.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and not rule.arguments and not rule.rule.startswith(closed)
    ]
    names = ("login", "password", "next", "token", "now", "new", "again", "end", "as", "id", "name", "role", "province")
    while True:
        fields = "&".join(f"{name}={_in_address(chance.value())}" for name in chance.sample(names, 5))
        if chance.random() < 0.3:
            fields += f"&login=test-hq&password={_in_address(chance.value())}"
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
        raw = fields.encode() if chance.random() < 0.9 else chance.randbytes(300)
        yield chance.choice(rules or ["/sign-in"]), "POST", raw, kind
