"""Who asks for what: the caller's scope and the filters of an address, checked against the jurisdiction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from dashboard.answers import Unavailable
from dashboard.deployment import Deployment
from dashboard.filters import SUBJECTS, BadFilter, Filters
from dashboard.jurisdictions import Jurisdiction
from dashboard.panel import Panel
from dashboard.scope import NATION, Scope
from dashboard.settings import Settings
from dashboard.text import LANGUAGES, Text, text
from queries import subjects

_LOADED = Panel("loaded", subjects.loaded, (), (), kind="table", answers=frozenset())
"""A question on no page, answered and kept like a panel's."""
_MOST_BAD = 8
_LONGEST = 40


@dataclass(frozen=True)
class Refused:
    """A filter of an address that was left out: its parameter, what it said, and why it cannot be heeded."""

    name: str
    value: str
    why: str


def current_scope() -> Scope:
    """What the person behind the present request may see."""
    return NATION


def language_named(wanted: object, settings: Settings, jurisdiction: Jurisdiction) -> Text:
    """The texts of a language asked for, or of the deployment's own when that is not known."""
    default = settings.language or jurisdiction.languages[0]
    return text(wanted if isinstance(wanted, str) and wanted in LANGUAGES else default)


def language_of(wanted: object, deployment: Deployment) -> Text:
    """`language_named` for a running deployment."""
    return language_named(wanted, deployment.settings, deployment.jurisdiction)


def read(
    query: Mapping[str, str], deployment: Deployment, calendar: str, today: date | None = None
) -> tuple[Filters, tuple[Refused, ...]]:
    """The filters that the parameters of an address ask for, and those of them that had to be left out.

    Only the bad ones are left out: an address with one mistake still shows everything else it asks for.
    """
    day = today or deployment.database.today()
    usual = next((subject for subject in SUBJECTS if subject in loaded(deployment)), SUBJECTS[0])
    left, refused = dict(query), []
    filters = Filters(today=day, calendar=calendar, subject=usual, usual=usual)
    for _ in range(_MOST_BAD):
        try:
            filters = Filters.from_query(left, day, calendar, usual)
            break
        except BadFilter as bad:
            refused.append(Refused(bad.name, left.get(bad.name, "")[:_LONGEST], str(bad)))
            for name in _together(bad.name):
                left.pop(name, None)
    provinces, unknown = _known(filters.provinces, deployment.jurisdiction.names_of("provinces", "en"))
    refused += [Refused("province", code[:_LONGEST], f"province: there is no province {code!r}") for code in unknown]
    channels, unknown = _known(filters.channels, deployment.jurisdiction.names_of("channels", "en"))
    refused += [Refused("channel", code[:_LONGEST], f"channel: there is no channel {code!r}") for code in unknown]
    return replace(filters, provinces=provinces, channels=channels), tuple(refused[:_MOST_BAD])


def loaded(deployment: Deployment) -> frozenset[str]:
    """The subjects of which anything was ever loaded; all of them while nobody can tell.

    Asked once per version of the data, also when the database is silent: every request needs it, and must not wait for
    it beside its own question.
    """
    scope, answers = current_scope(), deployment.answers
    seen = "*" if scope.provinces is None else ",".join(scope.provinces)
    key = f"loaded:{deployment.feed.current.number}:{seen}"
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


def _together(name: str) -> tuple[str, ...]:
    """A custom period is of one piece: with one of its days wrong, none of it can be kept."""
    return ("period", "from", "to") if name in ("period", "from", "to") else (name,)


def _known(codes: tuple[str, ...], names: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(code for code in codes if code in names), tuple(code for code in codes if code not in names)
