"""What is taken away, put together in one place: for a route, a worker and the command line alike.

From who asks, a panel and the parameters of an address to the answer in its reader's words (`Taken`), how it looks
(`Looks`) and a file of it. Nothing here rests on a request, and nothing is written into the audit: who gives it out
does that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from werkzeug.exceptions import HTTPException

from callbacks.asking import language_of, loaded, read
from callbacks.drawing import draw, note
from callbacks.judging import Judging
from dashboard.access.person import Person
from dashboard.answers import Answer, Unavailable, Withheld
from dashboard.deployment import Deployment
from dashboard.exports.kinds import KINDS
from dashboard.exports.native import editable
from dashboard.exports.pictures import Form, NoRenderer, NotPictured
from dashboard.exports.taken import Taken
from dashboard.figures.look import Look
from dashboard.filters import NAMES, Filters
from dashboard.panel import Panel
from dashboard.text import LANGUAGES, Text
from layouts.markup import markup
from layouts.pages import page_of, panels, panels_for
from layouts.sheet import LEAST, TALLER, Face, Style, card, figure_alone
from layouts.trail import scope_name

PARAMETERS = frozenset({"subject", "from", "to", "lang", *NAMES})
"""What the address of a question may say."""


class Refusal(HTTPException):
    """A question that cannot be answered: a status of HTTP and a sentence that says what to do."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = status


def taken(deployment: Deployment, person: Person, key: str, query: Mapping[str, str], calendar: str = "") -> Taken:
    """The answer to a panel's question under a person's scope as of now. Refusal where there is none.

    Days are told, and periods like this month are meant, in the ``calendar``: that of the language unless told.
    """
    panel, filters, text = asked(deployment, person, key, dict(query), calendar)
    look = Look(text, "light", deployment.jurisdiction)
    whose = scope_name(person.scope, text, deployment.jurisdiction)
    answer = _answered(deployment, person, panel, filters)
    return Taken(panel, answer, filters, look, whose, deployment.settings.demo)


def file(deployment: Deployment, person: Person, of: Taken, kind: str, style: Style = "light") -> bytes:
    """An answer as a file of a kind. Refusal where there is no such kind, or where a picture cannot be drawn now."""
    if kind not in KINDS:
        raise Refusal(404, f"there is no kind {kind!r} of file; there are: {', '.join(KINDS)}")
    try:
        return KINDS[kind].write(of, Looks(deployment, person, of, style))
    except NotPictured as error:
        again = "" if isinstance(error, NoRenderer) else "; try again in a moment"
        raise Refusal(503, f"{error}{again}") from error


@dataclass(frozen=True)
class Looks:
    """How an answer looks: what stands on its card, on sheets of its own (`dashboard.exports.pictures.Pictures`)."""

    deployment: Deployment
    person: Person
    taken: Taken
    style: Style = "light"

    def card(self, form: Form) -> bytes:
        """The whole card as a file. Raises NotPictured."""
        return self.deployment.renderer.picture(card(self.taken, self.face(), self.style), form)

    def figure(self) -> bytes:
        """Its figure alone as PNG; empty where it has none, and where there is no Chromium. Raises Busy."""
        drawn = self.face()
        if not drawn.figure:
            return b""
        try:
            return self.deployment.renderer.picture(figure_alone(self.taken, drawn), "png")
        except NoRenderer:
            return b""

    def face(self, paged: bool = False) -> Face:
        """What stands on the card; ``paged`` where it has a page for itself."""
        of, deployment, scope = self.taken, self.deployment, self.person.scope
        panel, filters, text = of.panel, of.filters, of.look.text
        answer = Judging(deployment, scope).of(panel, of.answer, filters)
        now = datetime.now(UTC)
        drawn = draw(
            panel,
            answer.frame,
            panel.heeded(filters),
            loaded(deployment, scope),
            of.look,
            text.clock(now, deployment.jurisdiction.timezone),
            least=LEAST if editable(panel.figure) and not paged else TALLER,
        )
        return Face(
            title=drawn.title or markup(of.title),
            subtitle=drawn.subtitle,
            state=drawn.state,
            content=drawn.content or drawn.empty,
            figure=drawn.figure,
            note=markup(note(panel, answer, filters, of.look, now, timed=False)),
        )


def asked(
    deployment: Deployment, person: Person, key: str, query: dict[str, str], calendar: str = ""
) -> tuple[Panel, Filters, Text]:
    """The panel, filters and language of a question; Refusal when one of them is not understood."""
    own = panels_for(person, deployment.jurisdiction)
    if key not in panels(deployment.jurisdiction):
        raise Refusal(404, f"there is no panel {key!r}; there are: {', '.join(own)}")
    if key not in own:
        raise Refusal(403, f"the panel {key!r} is not open to you; there are: {', '.join(own)}")
    panel = own[key]
    strange = sorted(set(query) - PARAMETERS)
    if strange:
        raise Refusal(400, f"{strange[0]}: no such parameter; there are: {', '.join(sorted(PARAMETERS))}")
    language = query.pop("lang", "")
    if language and language not in LANGUAGES:
        raise Refusal(400, f"lang: {language!r} is none of {', '.join(LANGUAGES)}")
    text = language_of(language, deployment)
    text = text.reckoned(calendar) if calendar else text
    calendar = calendar or (text.calendar_name if language else deployment.jurisdiction.calendar)
    filters, bad = read(query, deployment, calendar, page_of(panel), scope=person.scope)
    if bad:
        raise Refusal(400, bad[0].why)
    return panel.about(filters.subject), filters, text


def _answered(deployment: Deployment, person: Person, panel: Panel, filters: Filters) -> Answer:
    try:
        return deployment.answers.of(panel, filters, person.scope)
    except Unavailable as error:
        raise Refusal(503, f"{error}; try again in a moment") from error
    except Withheld as error:
        raise Refusal(403, str(error)) from error
