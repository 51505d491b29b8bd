"""Doors over a fresh claims database of Iran."""

from __future__ import annotations

import pytest

from dashboard.claims.database import Database
from tests.dashboard.intake.door.doors import Doors, opened


@pytest.fixture
def doors(claims: Database) -> Doors:
    """The doors of a demo deployment."""
    return opened(claims)
