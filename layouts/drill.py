"""The way from a number to the cases behind it, and from a reason to the page that shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from dash import html
from dash.development.base_component import Component

from dashboard.filters import SUBJECTS, Filters
from dashboard.jurisdictions import Jurisdiction
from dashboard.measures import MEASURES
from dashboard.panel import Panel
from dashboard.scope import Scope
from dashboard.text import Text
from layouts.marks import icon, marked
from queries.cases import LISTED
from queries.workload import IN_HAND

CASES = "/cases"
_EVERY = "cases"
"""The subject of panels about the cases of all subjects."""
_LISTS = {
    "overdue": {"state": "late"},
    "due_in_one": {"state": "in_one"},
    "due_in_three": {"state": "in_three"},
    "due_in_seven": {"state": "in_seven"},
    "per_expert": {"state": "open", "turn": "office"},
    "per_board": {"state": "open", "turn": "board"},
    "closed_per_expert": {"state": "closed"},
}
"""A panel's first measure → the list of the cases that it counts, where that is a list of its own."""
_OF_EVERY = {"per_expert": IN_HAND, "per_board": ("disputes",), "closed_per_expert": IN_HAND}
"""The subjects that a measure about several counts, where those are not all."""
_TODAY = "registered_usual"
"""The measure of panels about today, whatever the period."""
_PAGES = {
    "registrations": "/registrations",
    "disputes": "/disputes",
    "procedures": "/procedures",
    "service_requests": "/services",
}


def to_cases(panel: Panel, filters: Filters, text: Text, jurisdiction: Jurisdiction, scope: Scope) -> list[Component]:
    """Links to the lists of the cases that a panel is about, a list a subject, under the filters that it heeds.

    Cases open now are listed whenever they were filed, any others as far as they were filed in the period. A panel that
    is not about cases, or about none of a time that can be asked for, has no link; nor is there one to cases that are
    not in the reader's scope.
    """
    lists = [found for found in _lists(panel, filters, jurisdiction) if scope.cases and scope.covers(found[0])]
    title = text(f"panel.{panel.key}.title")
    links: list[Component] = []
    for subject, address in lists:
        known = text(f"show.{subject}") if subject in SUBJECTS else text(f"cases.of.{subject}")
        name = text("cases.link.of", subject=known) if len(lists) > 1 else text("cases.link")
        spoken = text("figure.line", label=name, value=title)
        marks = {"data-page": CASES, "data-own": "cases", "aria-label": spoken}
        links.append(
            html.A([icon("folder2-open"), html.Span(name)], href=address, className="to-cases", **marked(marks))
        )
    return links


def of_reason(reason: Mapping[str, Any], row: Mapping[Any, Any], jurisdiction: Jurisdiction) -> str:
    """The address of what shows a reason (``{"code", "values"}``) of a row's province; empty where nothing does."""
    place, code, subject = row.get("province"), str(reason["code"]), str(reason["values"].get("subject", ""))
    if not isinstance(place, str):
        return ""
    match code:
        case "feed_silent" | "problem_waits":
            return _address("/health", province=place)
        case "backlog_grows" if subject in _PAGES:
            return _address(_PAGES[subject], province=place)
        case "backlog_late" if subject in SUBJECTS:
            more = _in_total(subject, jurisdiction)
            return _address(CASES, subject=subject, province=place, **more, state="late", filed="ever")
        case "filed_above" | "filed_below" if subject in _PAGES:
            return _address(_PAGES[subject], period="90d", province=place)
        case "departs_above" | "departs_below":
            return _address("/registrations", period="90d", province=place)
    return ""


def _lists(panel: Panel, filters: Filters, jurisdiction: Jurisdiction) -> Iterator[tuple[str, str]]:
    """Subject and address of the lists."""
    about, first = panel.subject or filters.subject, panel.measures[0] if panel.measures else ""
    if about not in LISTED and about != _EVERY:
        return
    heeded = panel.heeded(filters)
    asked = {name: value for name, value in heeded.to_query().items() if name not in ("subject", "compare", "step")}
    own = _LISTS.get(first, {"state": "open"} if first and MEASURES[first].basis == "stock" else {})
    if own.get("state") not in (None, "closed"):
        own = {**own, "filed": "ever"}
        for name in ("period", "from", "to"):
            asked.pop(name, None)
    elif _TODAY in panel.measures:
        asked["period"] = "today"
    elif "period" not in panel.answers:
        return
    for subject in (about,) if about in LISTED else _OF_EVERY.get(first, SUBJECTS):
        more = {} if heeded.categories else _in_total(subject, jurisdiction)
        of = {"subject": subject} if subject in SUBJECTS else {"of": subject}
        yield subject, _address(CASES, **of, **asked, **more, **own)


def _in_total(subject: str, jurisdiction: Jurisdiction) -> dict[str, str]:
    """The categories that stand in totals, where some do not."""
    kept = [procedure for procedure in jurisdiction.procedures if not procedure.kept_apart]
    if subject != "procedures" or len(kept) == len(jurisdiction.procedures):
        return {}
    return {"category": ",".join(procedure.key for procedure in kept)}


def _address(path: str, **query: str) -> str:
    return f"{path}?{urlencode(query, safe=',:')}"
