"""Who asks for what: the caller's scope and the filters of an address, checked against the jurisdiction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

import orjson

from callbacks.session import current_session
from dashboard.access.person import Person
from dashboard.answers import Unavailable, Withheld
from dashboard.choices import choices, offered
from dashboard.deployment import Deployment
from dashboard.filters import SUBJECTS, BadFilter, Filters
from dashboard.jurisdictions import Jurisdiction
from dashboard.panel import Page, Panel, Published
from dashboard.scope import Scope
from dashboard.settings import Settings
from dashboard.text import LANGUAGES, Text, text
from queries import presence, published, subjects

_LOADED = Panel(
    "loaded",
    subjects.loaded,
    (),
    (),
    kind="table",
    answers=frozenset(),
    published=Published(published.loaded, answers=frozenset()),
)
_PRESENCE = Panel("presence", presence.presence, (), (), kind="table", answers=frozenset({"period"}))
"""Questions on no page, answered and kept like a panel's."""
_SEVERAL = {"province": "provinces", "office": "offices", "channel": "channels", "category": "categories"}
_MOST_BAD = 8
_LONGEST = 40


@dataclass(frozen=True)
class Refused:
    """A filter of an address that was left out: its parameter, what it said, and why it cannot be heeded."""

    name: str
    value: str
    why: str


def current_person() -> Person:
    """The person behind the present request. NotSignedIn when there is none."""
    return current_session().person


def current_scope() -> Scope:
    """What the person behind the present request may see. NotSignedIn when there is none."""
    return current_person().scope


def language_named(wanted: object, settings: Settings, jurisdiction: Jurisdiction) -> Text:
    """The texts of a language asked for, or of the deployment's own when that is not known."""
    default = settings.language or jurisdiction.languages[0]
    return text(wanted if isinstance(wanted, str) and wanted in LANGUAGES else default)


def language_of(wanted: object, deployment: Deployment) -> Text:
    """`language_named` for a running deployment."""
    return language_named(wanted, deployment.settings, deployment.jurisdiction)


def read(
    query: Mapping[str, str],
    deployment: Deployment,
    calendar: str,
    page: Page | None = None,
    today: date | None = None,
    scope: Scope | None = None,
) -> tuple[Filters, tuple[Refused, ...]]:
    """The filters that the parameters of a page's address ask for, and those of them that had to be left out.

    Only the bad ones are left out: an address with one mistake still shows everything else it asks for. A page with a
    subject of its own has no choice of it. What lies outside the ``scope`` (that of who asks, unless told) is no more
    known than what does not exist; who is bound to one province has it chosen.
    """
    scope = current_scope() if scope is None else scope
    day = today or deployment.database.today()
    open_to = [subject for subject in SUBJECTS if scope.covers(subject)] or list(SUBJECTS)
    usual = next((subject for subject in open_to if subject in loaded(deployment, scope)), open_to[0])
    own = scope.provinces[0] if scope.provinces is not None and len(scope.provinces) == 1 else ""
    if page is not None and page.subject:
        usual = page.subject
    left, refused = dict(query), []
    if page is not None and not page.chooses and left.get("subject", usual) != usual:
        refused.append(Refused("subject", left["subject"][:_LONGEST], "subject: this page has one of its own"))
        del left["subject"]
    if left.get("subject", usual) not in (usual, *open_to):
        refused.append(Refused("subject", left.pop("subject")[:_LONGEST], "subject: there is no such subject here"))
    filters = Filters(
        today=day, calendar=calendar, subject=usual, usual=usual, provinces=(own,) if own else (), own=own
    )
    for _ in range(_MOST_BAD):
        try:
            filters = Filters.from_query(left, day, calendar, usual, own)
            break
        except BadFilter as bad:
            refused.append(Refused(bad.name, left.get(bad.name, "")[:_LONGEST], str(bad)))
            for name in _together(bad.name):
                left.pop(name, None)
    filters = replace(filters, official=deployment.jurisdiction.calendar)
    filters = deployment.answers.as_published(filters) if scope.published else filters
    about = subject_of(page, filters)
    for name, field in _SEVERAL.items():
        codes = getattr(filters, field)
        known = offered(name, filters, about, deployment.jurisdiction, text("en"), scope) if codes else {}
        wrong = [code for code in codes if code not in known]
        refused += [Refused(name, code[:_LONGEST], f"{name}: there is no {name} {code!r} here") for code in wrong]
        kept: Any = {field: tuple(code for code in codes if code in known)}
        if name == "province" and own:
            kept = {field: (own,)}
        filters = replace(filters, **kept)
    if filters.trait and filters.trait not in choices("trait", filters, about, deployment.jurisdiction, text("en")):
        refused.append(Refused("trait", filters.trait[:_LONGEST], f"trait: there is no trait {filters.trait!r} here"))
        filters = replace(filters, trait="")
    return filters, tuple(refused[:_MOST_BAD])


def subject_of(page: Page | None, filters: Filters) -> str:
    """The subject that categories and traits of a page are those of; empty where it has none."""
    return filters.subject if page is None or page.chooses else page.subject


def loaded(deployment: Deployment, scope: Scope) -> frozenset[str]:
    """The subjects of which anything was ever loaded within a scope; all of them while nobody can tell.

    Asked once per version of the data, also when the database is silent: every request needs it, and must not wait for
    it beside its own question.
    """
    answers = deployment.answers
    key = f"loaded:{answers.version_for(scope).number}:{orjson.dumps(asdict(scope)).decode()}"
    known: frozenset[str] | None = answers.cache.get(key)
    if known is not None:
        return known
    try:
        answer = answers.of(_LOADED, Filters(today=date.min, calendar="gregorian"), scope)
    except Unavailable:
        return frozenset(SUBJECTS)
    found = frozenset(map(str, answer.frame["subject"]))
    answers.cache.set(key, found)
    return found


def present(filters: Filters, deployment: Deployment) -> dict[str, frozenset[str]] | None:
    """Filter to the values that some case of the period has; ``None`` while nobody can tell, or nobody may."""
    try:
        frame = deployment.answers.of(_PRESENCE, filters, current_scope()).frame
    except (Unavailable, Withheld):
        return None
    return {name: frozenset(frame.loc[frame["filter"] == name, "value"]) for name in presence.TOLD}


def _together(name: str) -> tuple[str, ...]:
    """A custom period is of one piece: with one of its days wrong, none of it can be kept."""
    return ("period", "from", "to") if name in ("period", "from", "to") else (name,)
