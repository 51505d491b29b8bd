"""The log: ours from the level that is set, on standard error."""

from __future__ import annotations

import subprocess
import sys

import pytest

_SAYING = """
import logging
from dashboard.logs import begin
begin({least!r})
for name in ("dashboard.intake.door", "callbacks.panels", "alembic"):
    logging.getLogger(name).info("news")
    logging.getLogger(name).warning("trouble")
"""


@pytest.mark.parametrize(("least", "ours"), [("INFO", ["news", "trouble"]), ("WARNING", ["trouble"]), ("ERROR", [])])
def test_the_least_level_is_heeded(least: str, ours: list[str]) -> None:
    said = subprocess.run(
        [sys.executable, "-c", _SAYING.format(least=least)], capture_output=True, text=True, check=True
    )
    lines = [line.partition(" INFO ")[2] or line.partition(" WARNING ")[2] for line in said.stderr.splitlines()]
    expected = [f"{name}: {word}" for name in ("dashboard.intake.door", "callbacks.panels") for word in ours]
    assert lines == [*expected, "alembic: trouble"]
    assert said.stdout == ""
