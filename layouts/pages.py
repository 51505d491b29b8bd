"""The pages, in the order of the navigation, and the look-ups that follow from them."""

from __future__ import annotations

from dashboard.panel import Page, Panel
from layouts.alike import ALIKE
from layouts.overview import OVERVIEW
from layouts.due import DUE

PAGES: tuple[Page, ...] = (
    OVERVIEW,
    ALIKE,
    DUE,
)


def page_at(path: str) -> Page | None:
    """The page at an address; ``None`` when there is none."""
    wanted = path.rstrip("/") or "/"
    return next((page for page in PAGES if page.path == wanted), None)


def page_of(panel: Panel) -> Page | None:
    """The page a panel stands on; ``None`` for a question on no page."""
    return next((page for page in PAGES if any(each.key == panel.key for each in page.panels)), None)


def panels() -> dict[str, Panel]:
    """Every panel of every page by its key."""
    return {panel.key: panel for page in PAGES for panel in page.panels}
