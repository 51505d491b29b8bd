"""The pages, in the order of the navigation, and the look-ups that follow from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dashboard.access.person import Person
from dashboard.jurisdictions import Jurisdiction
from dashboard.panel import Page, Panel
from dashboard.scope import Scope
from layouts.alike import ALIKE
from layouts.audit import AUDIT
from layouts.briefings import BRIEFINGS
from layouts.cases import CASES
from layouts.disputes import DISPUTES
from layouts.due import DUE
from layouts.eligibility import ELIGIBILITY
from layouts.files import FILES
from layouts.health import HEALTH
from layouts.judgement import JUDGEMENT
from layouts.overview import OVERVIEW
from layouts.people import PEOPLE
from layouts.procedures import PROCEDURES
from layouts.registrations import REGISTRATIONS
from layouts.service_index import SERVICE_INDEX
from layouts.services import SERVICES
from layouts.tokens import TOKENS

_WIDTH = 12
_SHARES = ((12,), (6, 6), (4, 4, 4), (3, 3, 3, 3), (2, 2, 2, 3, 3))
"""The widths of so many panels that fill a row."""

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
    BRIEFINGS,
    FILES,
    PEOPLE,
    TOKENS,
    AUDIT,
)


def pages_of(jurisdiction: Jurisdiction) -> tuple[Page, ...]:
    """The pages there are in a jurisdiction: all but those that need what it does not define."""
    return tuple(page for page in PAGES if not page.needs or getattr(jurisdiction, page.needs) is not None)


def pages_for(person: Person | None, jurisdiction: Jurisdiction) -> tuple[Page, ...]:
    """The pages a person has in a jurisdiction, with the panels that person has; none for nobody.

    A page is there for who has its right, and whose scope holds its subject and something on it.
    """
    if person is None:
        return ()
    found = []
    for page in pages_of(jurisdiction):
        if person.may(page.right) and (not page.subject or person.scope.covers(page.subject)):
            rows = _rows([panel for panel in page.panels if panel.there(jurisdiction)])
            kept = replace(page, panels=tuple(panel for row in rows for panel in _filled(_seen(row, person.scope))))
            if kept.panels or kept.body is not None:
                found.append(kept)
    return tuple(found)


def _rows(panels: Sequence[Panel]) -> list[list[Panel]]:
    """Panels as they stand side by side."""
    rows: list[list[Panel]] = []
    used = _WIDTH
    for panel in panels:
        if used + panel.width > _WIDTH:
            rows.append([])
            used = 0
        rows[-1].append(panel)
        used += panel.width
    return rows


def _seen(row: Sequence[Panel], scope: Scope) -> list[Panel]:
    """The panels of a row that a scope opens, as it opens them."""
    seen = (panel.seen_by(scope) for panel in row if panel.within(scope))
    return [panel for panel in seen if panel is not None]


def _filled(row: Sequence[Panel]) -> list[Panel]:
    """A row of which some were left out, the others made wider, so that no gap tells of what is not there."""
    used = sum(panel.width for panel in row)
    if used in (0, _WIDTH):
        return list(row)
    return [replace(panel, width=width) for panel, width in zip(row, _SHARES[len(row) - 1], strict=True)]


def page_at(path: str, jurisdiction: Jurisdiction) -> Page | None:
    """The page at an address in a jurisdiction, whoever has it; ``None`` when there is none."""
    return _at(path, pages_of(jurisdiction))


def page_for(path: str, person: Person | None, jurisdiction: Jurisdiction) -> Page | None:
    """The page at an address as a person has it; ``None`` when there is none, or not for that person."""
    return _at(path, pages_for(person, jurisdiction))


def panels_for(person: Person | None, jurisdiction: Jurisdiction) -> dict[str, Panel]:
    """Every panel that a person has, by its key."""
    return {panel.key: panel for page in pages_for(person, jurisdiction) for panel in page.panels}


def _at(path: str, pages: tuple[Page, ...]) -> Page | None:
    wanted = path.rstrip("/") or "/"
    exact = next((page for page in pages if page.path == wanted), None)
    return exact or next((page for page in pages if page.beneath and wanted.startswith(f"{page.path}/")), None)


def page_of(panel: Panel) -> Page | None:
    """The page a panel stands on; ``None`` for a question on no page."""
    return next((page for page in PAGES if any(each.key == panel.key for each in page.panels)), None)


def panels(jurisdiction: Jurisdiction | None = None) -> dict[str, Panel]:
    """Every panel of every page by its key, whoever has it; of the pages that a jurisdiction has, where one is told."""
    pages = PAGES if jurisdiction is None else pages_of(jurisdiction)
    return {panel.key: panel for page in pages for panel in page.panels}
