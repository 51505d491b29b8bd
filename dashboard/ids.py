"""Every component id of the page is composed here, and nowhere else."""

from __future__ import annotations

from typing import Final

ADDRESS: Final = "address"
"""Store: ``{"path": …, "query": …}`` as the browser's address bar has it; written on load, on back and on forward."""
FILTERS: Final = "filters"
"""Store: the parameters of the filters now in force. One callback writes it."""
VERSION: Final = "data-version"
"""Store: the version of the data the page knows of; written by the live feed."""
THEME: Final = "theme"
"""Store: ``light`` or ``dark``."""
PAGE: Final = "page"
"""The container of the page in view."""
NOTICE: Final = "notice"
"""The line above the page that says what a bad address or filter was."""
LIVE: Final = "live"
"""The live indicator in the header."""


SHOWN: Final = "shown"
"""Store: ``{"page": key, "cards": HTML, "lanes": LANES}`` of the page in view; written together with the page."""
LANES: Final = 2
"""How many requests a page's cards share: those in view come with the first, the others with the second."""


def lane(number: int, part: str) -> str:
    """The id of a store of a lane: ``ask`` or ``answer``."""
    return f"lane-{number}-{part}"


def cards(page: str) -> str:
    """The id of the place of a page's cards, which a script fills."""
    return f"cards-{page}"


def panel(key: str, part: str) -> str:
    """The id of a part of a panel's card: ``body``, ``graph``, ``table``, ``note``, ``state``, ``download``, others."""
    return f"panel-{key}-{part}"


def control(name: str, part: str = "choice") -> str:
    """The id of a filter's control."""
    return f"filter-{name}-{part}"


def shell(part: str) -> str:
    """The id of a part of the shell around the pages."""
    return f"shell-{part}"
