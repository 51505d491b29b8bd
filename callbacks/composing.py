"""A briefing put together: each of its cards asked under its person's scope as of now, and the files made of that.

Nothing here rests on a request, and nothing is written into the audit: who gives it out does that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qsl

from dash.development.base_component import Component

from callbacks.audited import places
from callbacks.judging import Judging
from callbacks.taking import Looks, Refusal, taken
from dashboard.access.person import Person
from dashboard.briefings import kept
from dashboard.briefings.kept import Briefing, Card
from dashboard.briefings.ready import READY, Ready, ready_for
from dashboard.deployment import Deployment
from dashboard.exports import briefing
from dashboard.exports.briefing import Leaf, Whole
from dashboard.exports.kinds import KINDS
from dashboard.exports.pictures import NoRenderer, NotPictured
from dashboard.exports.sentences import sentences
from dashboard.exports.taken import Taken
from dashboard.text import LANGUAGES, Text, text
from dashboard.text.bidi import plain
from layouts.briefing_sheet import after, before, unanswered
from layouts.pages import panels, panels_for
from layouts.sheet import Page, Style, pages
from layouts.trail import scope_name

FORMS: Final = ("pptx", "pdf", "xlsx")
"""The kinds of files that a briefing can be taken away as, in the order they are offered."""
_MARK: Final = "ready-"
Step = Callable[[str, float], None]


@dataclass(frozen=True)
class Composed:
    """A briefing with its answers, and what it is made into files with."""

    id: str
    whole: Whole
    style: Style
    deployment: Deployment
    person: Person

    @property
    def stem(self) -> str:
        """The beginning of the file's name."""
        return f"rasad-briefing-{self.deployment.database.today()}"

    @property
    def rows(self) -> int:
        """The rows of all its answers together."""
        return sum(len(of.answer.frame) for of in self.whole.taken)

    @property
    def detail(self) -> dict[str, Any]:
        """What the audit is told: the questions, and the provinces they are about; none named means the nation."""
        scopes = [self.person.scope.narrow(of.filters.provinces) for of in self.whole.taken]
        every = None if not scopes or any(codes is None for codes in scopes) else {c for s in scopes for c in s or ()}
        return {"panels": [of.panel.key for of in self.whole.taken], **places(every)}

    def file(self, kind: str, at: Step = lambda _step, _progress: None) -> bytes:
        """The whole as a file of a kind; ``at`` hears how far it is. Refusal."""
        if kind not in FORMS:
            raise Refusal(404, f"there is no kind {kind!r} of briefing; there are: {', '.join(FORMS)}")
        try:
            if kind == "xlsx":
                return briefing.workbook(self.whole)
            return briefing.slides(self.whole, self._picture) if kind == "pptx" else self._pdf(at)
        except NotPictured as error:
            again = "" if isinstance(error, NoRenderer) else "; try again in a moment"
            raise Refusal(503, f"{error}{again}") from error

    def _picture(self, of: Taken) -> bytes:
        return Looks(self.deployment, self.person, of, self.style).figure()

    def _pdf(self, at: Step) -> bytes:
        shown: list[Page | Component] = []
        for number, leaf in enumerate(self.whole.leaves):
            at("drawing", 0.4 + 0.4 * number / len(self.whole.leaves))
            if leaf.taken is None:
                shown.append(unanswered(leaf))
            else:
                face = Looks(self.deployment, self.person, leaf.taken, self.style).face(paged=True)
                shown.append(Page(leaf.taken, face, leaf.headline, leaf.remark))
        text, name = self.whole.text, plain(self.whole.name)
        sheet = pages(text, name, shown, self.style, before(self.whole), after(self.whole))
        return self.deployment.renderer.picture(sheet, "pdf")


def found(deployment: Deployment, person: Person, number: str, language: str = "en") -> Briefing:
    """A briefing of a person by its id, or a ready one of the role in a language. Refusal where it is neither."""
    if number.startswith(_MARK):
        ready = next((each for each in ready_for(person) if ready_id(each) == number), None)
        if ready is None:
            raise Refusal(404, "there is no such briefing")
        return as_briefing(ready, person, deployment, text(language))
    try:
        return kept.find(deployment.database, person.id, number)
    except kept.Unknown as unknown:
        raise Refusal(404, "there is no such briefing") from unknown


def ready_id(ready: Ready) -> str:
    """How a ready briefing is named in addresses; no id of a kept one has a hyphen."""
    return f"{_MARK}{ready.key}"


def is_ready(number: str) -> bool:
    """Whether an id is that of a ready briefing."""
    return number in {ready_id(each) for each in READY}


def as_briefing(ready: Ready, person: Person, deployment: Deployment, words: Text) -> Briefing:
    """A ready briefing as its person has it: without the questions that are not open to the person."""
    own = panels_for(person, deployment.jurisdiction)
    cards = tuple(card for card in ready.cards if card.panel in own)
    name = words(f"briefings.ready.{ready.key}")
    return Briefing(ready_id(ready), name, words.language, words.calendar_name, "light", None, cards)


def composed(
    deployment: Deployment, person: Person, of: Briefing, at: Step = lambda _step, _progress: None
) -> Composed:
    """Ask all questions of a briefing. Refusal (503) while the database is silent; what is not open says so itself."""
    words = text(of.language if of.language in LANGUAGES else "en").reckoned(of.calendar)
    judging = Judging(deployment, person.scope)
    now = datetime.now(UTC)
    clock = words.clock(now, deployment.jurisdiction.timezone)
    leaves = []
    for place, card in enumerate(of.cards):
        at("asking", 0.4 * place / len(of.cards))
        leaf = _leaf(deployment, person, card, words, of.calendar)
        if leaf.taken is not None and is_ready(of.id):
            judged = replace(leaf.taken, answer=judging.of(leaf.taken.panel, leaf.taken.answer, leaf.taken.filters))
            leaf = replace(leaf, sentences=tuple(sentences(judged, clock)))
        leaves.append(leaf)
    whole = Whole(
        name=of.name,
        text=words,
        leaves=tuple(leaves),
        scope_name=scope_name(person.scope, words, deployment.jurisdiction),
        demo=deployment.settings.demo,
        at=now,
        zone=deployment.jurisdiction.timezone,
    )
    return Composed(of.id, whole, of.style, deployment, person)


def title_of(card: Card, words: Text, deployment: Deployment) -> str:
    """The question that a card asks; its key where no such panel is known any more."""
    known = panels(deployment.jurisdiction)
    return words(f"panel.{card.panel}.title") if card.panel in known else card.panel


def query_of(card: Card) -> dict[str, str]:
    """The parameters of a card's question."""
    return dict(parse_qsl(card.query, keep_blank_values=True))


def _leaf(deployment: Deployment, person: Person, card: Card, words: Text, calendar: str) -> Leaf:
    title, query = title_of(card, words, deployment), {**query_of(card), "lang": words.language}
    try:
        of = taken(deployment, person, card.panel, query, calendar)
    except Refusal as refusal:
        if refusal.code == 503:
            raise
        why = "briefings.unasked" if refusal.code == 400 else "briefings.closed"
        return Leaf(title, None, card.headline, card.note, words(why))
    return Leaf(of.title, of, card.headline, card.note)


CONTENT_TYPES: Final = {kind: KINDS[kind].content_type for kind in FORMS}
