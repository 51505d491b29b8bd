from __future__ import annotations

from collections.abc import Callable

import pytest

from dashboard.figures.look import Look
from dashboard.jurisdictions import load
from dashboard.text import text


@pytest.fixture(scope="session")
def look() -> Callable[..., Look]:
    """A look by language, country and appearance."""

    def made(language: str = "en", country: str = "ir", theme: str = "light") -> Look:
        return Look(text(language), theme, load(country))

    return made
