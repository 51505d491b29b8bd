"""Forged requests and a shared cache give nothing away."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from benchmarks.security import forged, interleaved
from benchmarks.security.ground import CANARY, MUCH, Ground, leaks

Grounds = Callable[[str], Ground]


@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    ("jurisdiction", "person"),
    [("ir", "one province"), ("ir", "social security"), ("vn", "two provinces"), ("ir", "analyst")],
)
def test_forged_requests_give_nothing_away(grounds: Grounds, jurisdiction: str, person: str) -> None:
    findings = forged.run(120, grounds(jurisdiction), (person,))
    assert findings.held, findings.found
    told = dict(part.split() for part in findings.figures[f"{jurisdiction}, {person}"].split(", "))
    assert int(told["200"]) > 15, "who is refused everything tries nothing"


@pytest.mark.timeout(400)
def test_two_users_over_one_cache_are_answered_their_own(grounds: Grounds) -> None:
    findings = interleaved.run(200, grounds("ir"), different=40)
    assert findings.held, findings.found


@pytest.mark.parametrize(
    "answer",
    [
        f'{{"rows": [{{"n": {MUCH}}}]}}',
        f'{{"drawn": {{"words": "{CANARY}-IR-07"}}}}',
        '{"words": "۷۰٬۰۰۰٬۰۰۰٬۰۰۰٬۱۲۳"}',
        '{"words": "70.000.000.000.123 hồ sơ"}',
        '{"y": {"dtype": "f8", "bdata": "AAAAzCrrz0I="}}',
        f"id,province\r\n{CANARY}-x,IR-07\r\n",
        f"n\r\n{MUCH + 5}\r\n",
    ],
)
def test_what_is_marked_is_found_however_it_is_written(answer: str) -> None:
    assert leaks(answer.encode())
    assert not leaks(b'{"rows": [{"n": 12345678901, "at": 1763856000000, "share": 0.5}], "words": "12.345.678"}')
    assert not leaks(f"no case {CANARY}-x".encode(), {f"{CANARY}-x"})
