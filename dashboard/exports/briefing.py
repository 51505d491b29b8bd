"""A briefing as a document: a title page, its contents, one question a page, definitions and sources at the end.

What stands on it is put together once (`Whole`), whatever becomes of it: slides, a workbook, or pages to print.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from dashboard.exports.book import Book
from dashboard.exports.native import charts
from dashboard.exports.notes import context, headline, narrowed, notes
from dashboard.exports.sentences import provisional
from dashboard.exports.slides import Slides, native
from dashboard.exports.taken import Taken
from dashboard.measures import MEASURES
from dashboard.text import Text
from dashboard.text.bidi import plain


@dataclass(frozen=True)
class Leaf:
    """A question of a briefing: its answer, or in ``refused`` why there is none.

    ``title`` is the question; ``headline`` and ``note`` are the owner's words, ``sentences`` those of the figures.
    """

    title: str
    taken: Taken | None
    headline: str = ""
    note: str = ""
    refused: str = ""
    sentences: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """What stands above it: the owner's headline, or else the question."""
        return self.headline or self.title

    @property
    def remark(self) -> str:
        """What stands beneath that: the owner's note, and what the figures say; a line each.

        Where there is nothing to show, the page says so itself.
        """
        nothing = self.taken is None or self.taken.answer.frame.empty
        return "\n".join(filter(None, (self.note, "" if nothing else " ".join(self.sentences))))

    @property
    def lines(self) -> list[str]:
        """The question, under a headline, and what it was narrowed to."""
        question = [self.title] if self.headline else []
        return question + ([" · ".join(narrowed(self.taken))] if self.taken and narrowed(self.taken) else [])


@dataclass(frozen=True)
class Whole:
    """A briefing with its answers, for a reader who may see ``scope_name``, as of now (``at``)."""

    name: str
    text: Text
    leaves: tuple[Leaf, ...]
    scope_name: str
    demo: bool
    at: datetime
    zone: tzinfo

    @property
    def taken(self) -> list[Taken]:
        """The answers there are, in order."""
        return [leaf.taken for leaf in self.leaves if leaf.taken is not None]

    @property
    def front(self) -> list[str]:
        """What is to be known of the whole: whose figures, of which days, as of when, that it is a demo."""
        text = self.text
        spans = [taken.panel.heeded(taken.filters).window for taken in self.taken if "period" in taken.panel.answers]
        days = [text.span(min(w.start for w in spans), max(w.end for w in spans))] if spans else []
        known = [taken.answer.as_of for taken in self.taken if taken.answer.as_of is not None]
        as_of = [text("note.as_of", time=text.moment(min(known), self.zone))] if known else []
        demo = [f"{text('demo.badge')}: {text('demo.notice')}"] if self.demo else []
        return [self.scope_name, *days, *as_of, *demo]

    @property
    def summary(self) -> list[str]:
        """What the figures say, by the number of the question and with its days; then what is provisional."""
        said = [
            f"{self.text.digits(number)}. {' '.join([*leaf.sentences, *self._days(leaf)])}"
            for number, leaf in enumerate(self.leaves, 1)
            if leaf.sentences
        ]
        last = dict.fromkeys(provisional(leaf.taken) for leaf in self.leaves if leaf.taken and leaf.sentences)
        return said + [each for each in last if each]

    def _days(self, leaf: Leaf) -> list[str]:
        if leaf.taken is None or "period" not in leaf.taken.panel.answers:
            return []
        window = leaf.taken.panel.heeded(leaf.taken.filters).window
        return [f"({self.text.span(window.start, window.end)})"]

    @property
    def contents(self) -> list[str]:
        """The questions by number."""
        return [f"{self.text.digits(number)}. {leaf.heading}" for number, leaf in enumerate(self.leaves, 1)]

    @property
    def definitions(self) -> list[tuple[str, str]]:
        """What is counted, each measure once, and on which basis."""
        text = self.text
        measures = dict.fromkeys(key for taken in self.taken for key in taken.panel.measures)
        basis = sorted({MEASURES[key].basis for key in measures})
        defined = [(text(f"measure.{key}.label"), text(f"measure.{key}.definition")) for key in measures]
        return [*defined, *(("", text(f"basis.{name}")) for name in basis)]

    @property
    def sources(self) -> list[str]:
        """Whose figures they are: who made the document, and the sources that answers name."""
        text, named = self.text, []
        for taken in self.taken:
            if "source" in taken.answer.frame.attrs:
                source, day = (
                    taken.answer.frame.attrs["source"][text.language],
                    taken.answer.frame.attrs.get("source_day"),
                )
                dated = text("note.source", source=source, day=text.day(day)) if day else ""
                named.append(dated or text("note.rules", source=source))
            if "withheld" in taken.answer.frame.attrs:
                named.append(text("note.published"))
        return [*dict.fromkeys(named), text("briefing.made_by", time=text.moment(self.at, self.zone))]


def slides(whole: Whole, picture: Callable[[Taken], bytes]) -> bytes:
    """The briefing as slides (``.pptx``); ``picture`` draws what has no chart that can be edited."""
    made, text = Slides(whole.text), whole.text
    made.title(whole.name, whole.front)
    made.listed(text("briefing.contents"), whole.contents)
    if whole.summary:
        made.listed(text("briefing.summary"), whole.summary, 10)
    for leaf in whole.leaves:
        if leaf.taken is None:
            made.listed(leaf.heading, [*filter(None, [leaf.title if leaf.headline else "", leaf.note]), leaf.refused])
        elif leaf.taken.panel.kind == "number" and len(leaf.taken.answer.frame):
            made.number(leaf.taken, leaf.headline, leaf.remark)
        else:
            drawn = b"" if native(leaf.taken) or leaf.taken.answer.frame.empty else picture(leaf.taken)
            made.add(leaf.taken, drawn, leaf.headline, leaf.remark)
    made.listed(text("briefing.definitions"), [*_defined(whole), *whole.sources], 12)
    return made.document()


def workbook(whole: Whole) -> bytes:
    """The briefing as a workbook (``.xlsx``): contents, a sheet a question with table and chart, definitions."""
    text = whole.text
    book = Book(text, plain(whole.name), plain(" · ".join(whole.front)), whole.demo)
    book.lines(book.sheet(text("briefing.contents")), _front_sheet(whole))
    for number, leaf in enumerate(whole.leaves, 1):
        sheet = book.sheet(f"{text.digits(number)} {plain(leaf.heading)}")
        if leaf.taken is None:
            book.lines(sheet, [[plain(leaf.heading)], [plain(leaf.refused)]])
            continue
        words = [leaf.heading, *leaf.lines, *filter(None, leaf.remark.split("\n"))]
        words += [leaf.taken.nothing] if leaf.taken.answer.frame.empty else []
        used = book.figures(sheet, leaf.taken, [plain(each) for each in words])
        made = charts(leaf.taken.panel.figure, leaf.taken.shown, leaf.taken.look)
        if made:
            book.charts(sheet, made, leaf.taken.title, used + 1)
    book.lines(book.sheet(text("briefing.definitions")), _back_sheet(whole))
    return book.document()


def _defined(whole: Whole) -> list[str]:
    return [f"{label}: {words}" if label else words for label, words in whole.definitions]


def _front_sheet(whole: Whole) -> list[list[str]]:
    lines: list[Sequence[str]] = [
        [whole.name],
        *([each] for each in whole.front),
        [""],
        [whole.text("briefing.contents")],
    ]
    for line, leaf in zip(whole.contents, whole.leaves, strict=True):
        lines.append([line, " · ".join(context(leaf.taken)) if leaf.taken else leaf.refused])
    if whole.summary:
        lines += [[""], [whole.text("briefing.summary")], *(["", each] for each in whole.summary)]
    return [[plain(part) for part in line] for line in lines]


def _back_sheet(whole: Whole) -> list[list[str]]:
    """Definitions and sources, then what each answer rests on."""
    lines: list[Sequence[str]] = [*whole.definitions, *(["", each] for each in whole.sources)]
    for number, leaf in enumerate(whole.leaves, 1):
        if leaf.taken is not None:
            lines += [[""], [f"{whole.text.digits(number)}. {leaf.heading}", headline(leaf.taken)], *notes(leaf.taken)]
    return [[plain(part) for part in line] for line in lines]
