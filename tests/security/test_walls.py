"""Each wall holds without the other, for every question there is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from benchmarks.security import walls
from benchmarks.security.ground import Ground

Grounds = Callable[[str], Ground]


@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    ("jurisdiction", "person", "tries"),
    [
        ("ir", "one province", 240),
        ("ir", "social security", 60),
        ("ir", "analyst", 60),
        ("vn", "two provinces", 240),
        ("vn", "social security of a province", 60),
    ],
)
def test_each_wall_holds_without_the_other(grounds: Grounds, jurisdiction: str, person: str, tries: int) -> None:
    findings = walls.run(tries, grounds(jurisdiction), (person,))
    assert findings.held, findings.found
    told = findings.figures[f"{jurisdiction}, {person}: questions that tell more where both walls are removed"]
    telling, asked = map(int, told.split(" of "))
    assert telling > asked / 4, "questions that tell nothing try nothing"
