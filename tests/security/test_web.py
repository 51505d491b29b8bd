"""The gates of the web, with few tries: `make security` runs them with all."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.security import anonymous
from dashboard.claims.database import Database

DemoClaims = Callable[[str], Database]


def test_who_is_not_signed_in_is_refused_everything(demo_claims: DemoClaims) -> None:
    findings = anonymous.run(4_000, demo_claims("ir"))
    assert findings.tries >= 4_000
    assert findings.found == []
