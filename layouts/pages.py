"""The pages, in the order of the navigation, and the look-ups that follow from them."""

from __future__ import annotations

from dashboard.jurisdictions import Jurisdiction
from dashboard.panel import Page, Panel
from layouts.alike import ALIKE
from layouts.cases import CASES
from layouts.disputes import DISPUTES
from layouts.due import DUE
from layouts.eligibility import ELIGIBILITY
from layouts.health import HEALTH
from layouts.judgement import JUDGEMENT
from layouts.overview import OVERVIEW
from layouts.procedures import PROCEDURES
from layouts.registrations import REGISTRATIONS
from layouts.service_index import SERVICE_INDEX
from layouts.services import SERVICES

PAGES: tuple[Page, ...] = (
    OVERVIEW,
    DUE,
    REGISTRATIONS,
    ELIGIBILITY,
    DISPUTES,
    PROCEDURES,
    SERVICES,
    ALIKE,
    SERVICE_INDEX,
    CASES,
    HEALTH,
    JUDGEMENT,
)


def pages_of(jurisdiction: Jurisdiction) -> tuple[Page, ...]:
    """The pages there are in a jurisdiction: all but those that need what it does not define."""
    return tuple(page for page in PAGES if not page.needs or getattr(jurisdiction, page.needs) is not None)


def page_at(path: str, jurisdiction: Jurisdiction) -> Page | None:
    """The page at an address in a jurisdiction; ``None`` when there is none."""
    wanted = path.rstrip("/") or "/"
    pages = pages_of(jurisdiction)
    exact = next((page for page in pages if page.path == wanted), None)
    return exact or next((page for page in pages if page.beneath and wanted.startswith(f"{page.path}/")), None)


def page_of(panel: Panel) -> Page | None:
    """The page a panel stands on; ``None`` for a question on no page."""
    return next((page for page in PAGES if any(each.key == panel.key for each in page.panels)), None)


def panels() -> dict[str, Panel]:
    """Every panel of every page by its key."""
    return {panel.key: panel for page in PAGES for panel in page.panels}
