"""The gates of the web, with few tries: `make security` runs them with all."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.security import anonymous, fuzz, xss
from dashboard.claims.database import Database
from dashboard.intake.demo.loading import load_demo
from tests.conftest import KEY, UNTIL

DemoClaims = Callable[[str], Database]


def test_who_is_not_signed_in_is_refused_everything(demo_claims: DemoClaims) -> None:
    findings = anonymous.run(4_000, demo_claims("ir"))
    assert findings.tries >= 4_000
    assert findings.found == []


def test_no_request_is_a_fault_of_the_server(claims: Database) -> None:
    load_demo(claims, KEY, cases=600, until=UNTIL)
    findings = fuzz.run(400, claims)
    assert findings.found == []


def test_no_text_of_the_data_is_ever_code(claims: Database) -> None:
    load_demo(claims, KEY, cases=600, until=UNTIL)
    findings = xss.run(2, claims)
    assert findings.found == []
