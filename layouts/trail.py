"""Where one stands: from the nation to a province, to an office, to the cases, with the way back to each."""

from __future__ import annotations

from urllib.parse import unquote, urlencode

from dash import html

from dashboard.access.person import Person
from dashboard.choices import chosen
from dashboard.filters import SUBJECTS, Filters
from dashboard.jurisdictions import Jurisdiction
from dashboard.panel import Page
from dashboard.scope import Scope
from dashboard.text import Text
from layouts.marks import marked

_MOST_NAMED = 3
Place = tuple[str, str]
"""What a place is called, and where it is seen; no address where one stands."""


def trail(
    page: Page | None, path: str, filters: Filters, text: Text, jurisdiction: Jurisdiction, person: Person
) -> list[html.Li]:
    """A link for every place above the one in view, and that one itself. ``path`` is the address in view.

    It begins with all that the person may see: the nation, or the person's provinces.

    From the cases the way up leads to the page one came from; the script knows which, and takes the overview for it
    where one came from nowhere.
    """
    cases = page is not None and page.key == "cases"
    above = "/" if cases or page is None else page.path
    places = [(scope_name(person.scope, text, jurisdiction), _address(above, filters, ("province", "office")))]
    for name, left in (("province", ("office",)), ("office", ())):
        if name not in filters.chosen:  # who is bound to one province began with it
            continue
        names = list(chosen(name, filters, filters.subject, jurisdiction, text).values())
        if names:
            several = text.counted(f"trail.{name}", len(names))
            places.append((names[0] if len(names) == 1 else several, _address(above, filters, left)))
    if cases and page is not None:
        places.append((text(f"page.{page.key}.title"), page.path))
        if path.rstrip("/") != page.path:
            places.append((unquote(path.rstrip("/").rpartition("/")[2]), ""))
    *before, here = places
    items = [html.Li(_link(*place)) for place in before]
    items.append(html.Li(html.Bdi(here[0], **marked({"aria-current": "true"}))))
    if page is not None and not cases and person.may("cases"):
        items.append(html.Li(_link(text("page.cases.title"), _down(page, filters), "down")))
    return items


def scope_name(scope: Scope, text: Text, jurisdiction: Jurisdiction) -> str:
    """All that a scope holds, in words: the whole country, a province, or several by their names or number."""
    if scope.provinces is None:
        return text("scope.nation")
    names = jurisdiction.names_of("provinces", text.language)
    if len(scope.provinces) > _MOST_NAMED:
        return text.counted("trail.province", len(scope.provinces))
    return text("note.and").join(names.get(code, code) for code in scope.provinces) or text("scope.nothing")


def _down(page: Page, filters: Filters) -> str:
    """The cases of the subject in view, under the filters in force."""
    about = filters.subject if page.chooses else page.subject
    query = {**filters.to_query(), **({"subject": about} if about in SUBJECTS else {})}
    return f"/cases?{urlencode(query, safe=',:')}" if query else "/cases"


def _link(name: str, address: str, kind: str = "") -> html.A:
    path, _, query = address.partition("?")
    marks = {"data-page": path, "data-chooses": "subject"}
    if path != "/cases" or query:  # the list of cases is where it was left, any other place what its address says
        marks["data-own"] = query or "all"
    return html.A(html.Bdi(name), href=address, className=kind or None, **marked(marks))


def _address(path: str, filters: Filters, left: tuple[str, ...]) -> str:
    query = {name: value for name, value in filters.to_query().items() if name not in left}
    return f"{path}?{urlencode(query, safe=',:')}" if query else path
