"""A panel's answer made fit for its card: figure, table, note and state, drawn once for everyone who sees the same.

What is drawn is text: HTML, and the JSON of a figure. It is kept as it is sent.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

import numpy as np
import orjson
import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.answers import Answer
from dashboard.choices import called
from dashboard.claims.flows import FLOWS
from dashboard.exports.words import format_of, kept_apart, titled
from dashboard.figures import spare
from dashboard.figures.judged import FLAG
from dashboard.figures.look import Look
from dashboard.figures.prepared import prepared, told
from dashboard.filters import Filters
from dashboard.measures import MEASURES
from dashboard.panel import Figure, Panel
from dashboard.text import Text
from layouts.card import defined
from layouts.empty import calm, nothing_found, nothing_loaded, withheld
from layouts.marks import icon
from layouts.markup import markup
from layouts.number_card import body
from layouts.table import table

_KEPT = 512


@dataclass(frozen=True)
class Drawn:
    """What a card shows: the class of its body as ``state``, and a mark of all it was drawn from as ``digest``.

    All else is HTML and empty where it stays as it is: the ``content`` of its table or number, why there is nothing
    (``empty``), the ``title`` of a headline number, ``subtitle`` and ``definition`` of a card that follows the subject
    asked about. ``figure`` is plotly's JSON.
    """

    digest: str
    state: str
    content: str = ""
    figure: str = ""
    empty: str = ""
    title: str = ""
    subtitle: str = ""
    definition: str = ""


@dataclass
class Drawings:
    """The drawings of late, by digest: a viewer more costs nothing."""

    _known: OrderedDict[str, Drawn] = field(default_factory=OrderedDict)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def of(
        self,
        panel: Panel,
        answer: Answer,
        filters: Filters,
        loaded: frozenset[str],
        look: Look,
        hour: str,
        tabled: bool = False,
    ) -> Drawn:
        """The drawing of an answer; ``hour`` is the time that "usual by" names, ``loaded`` are the subjects at hand.

        ``tabled`` asks for the table of a panel that has a figure: a card shows one of them.
        """
        mark = digest(panel, answer.frame, filters, _lacking(panel, filters, loaded), look, hour, tabled)
        with self._guard:
            if mark in self._known:
                self._known.move_to_end(mark)
                return self._known[mark]
        drawn = draw(panel, answer.frame, filters, loaded, look, hour, mark, tabled)
        with self._guard:
            self._known[mark] = drawn
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return drawn


def digest(
    panel: Panel, frame: pd.DataFrame, filters: Filters, lacking: str, look: Look, hour: str, tabled: bool
) -> str:
    """A mark of everything a drawing depends on; the same mark, the same drawing."""
    asked: list[Any] = [panel.key, sorted(filters.to_query().items()), filters.subject, str(filters.today), lacking]
    asked += [look.text.language, look.theme, tabled]
    rows = frame.to_dict("split")
    usual = hour if "registered_usual" in panel.measures else ""
    content = orjson.dumps([asked, rows, frame.attrs, usual], default=_plain, option=orjson.OPT_NON_STR_KEYS)
    return hashlib.blake2b(content, digest_size=12).hexdigest()


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else str(value)


def draw(
    panel: Panel,
    frame: pd.DataFrame,
    filters: Filters,
    loaded: frozenset[str],
    look: Look,
    hour: str,
    mark: str = "",
    tabled: bool = False,
    least: int = 0,
) -> Drawn:
    """Draw a panel's frame for one look, as `Drawings.of` says.

    A figure without a height of its own is as high as its card, and at least ``least`` pixels.
    """
    text, lacking = look.text, _lacking(panel, filters, loaded)
    if panel.kind == "number":
        if lacking:
            return Drawn(mark, "panel-body is-empty", empty=markup(nothing_loaded(lacking, text)))
        heading = titled(panel, str(frame["measure"].iloc[0]), text)
        content = markup(body(panel, frame, filters, look, hour))
        return Drawn(mark, "panel-body", content, title=markup(heading))
    measures = told(panel, frame)
    words = subtitle(panel, measures[0], filters, text)
    drawn = Drawn(mark, "panel-body")
    if panel.follows:
        definition = markup(defined(measures, words, text))
        drawn = replace(drawn, subtitle=markup(words), definition=definition)
    if lacking or is_empty(frame, panel):
        if frame.attrs.get("observed") and not lacking:
            said = calm(str(frame.attrs.get("calm", panel.key)), text)
            return replace(drawn, state="panel-body is-calm", content=markup(said))
        suppressed = any(frame.attrs.get("withheld", {}).values())
        nothing = withheld(text) if suppressed else nothing_found(text)
        why = nothing_loaded(lacking, text) if lacking else nothing
        return replace(drawn, state="panel-body is-empty", empty=markup(why))
    if panel.figure is None or tabled:
        return replace(drawn, content=markup(table(panel, frame, look)))
    return replace(drawn, figure=figure(panel, panel.figure, frame, filters, look, max(panel.height, least)))


def _lacking(panel: Panel, filters: Filters, loaded: frozenset[str]) -> str:
    """The subject a panel is about where nothing of that was ever loaded, else nothing."""
    about = panel.subject or filters.subject
    return about if about in FLOWS and about not in loaded else ""


def figure(panel: Panel, make: Figure, frame: pd.DataFrame, filters: Filters, look: Look, high: int) -> str:
    """The figure of a frame as plotly's JSON, ``high`` pixels unless it has a height of its own."""
    shown = prepared(panel, frame, filters)
    shown.attrs["room"] = high
    made = make(shown, look)
    made.layout.height = made.layout.height or high
    made.layout.uirevision = urlencode(filters.to_query())  # a zoom outlives new data, but no other question
    return spare.written(made)


def subtitle(panel: Panel, measure: str, filters: Filters, text: Text) -> str:
    """The line under the title: by the measure that is drawn, and naming the subject asked about."""
    special = f"panel.{panel.key}.subtitle.{measure}"
    key = special if text.has(special) else f"panel.{panel.key}.subtitle"
    filed = f"filed.{filters.subject}"
    return text(key, filed=text(filed) if text.has(filed) else "") if text.has(key) else ""


def is_empty(frame: pd.DataFrame, panel: Panel) -> bool:
    """Whether there is nothing to show: no rows, or no count in them; of what is drawn, where that is counted."""
    if frame.empty:
        return True
    if panel.kind == "table" and "reasons" in frame:  # each row says something, also of nothing counted
        return False
    drawn = told(panel, frame)[0]
    if panel.figure is not None and drawn in frame and MEASURES[drawn].format == "count":
        return not (frame[drawn].fillna(0) != 0).any()
    counts = [c.name for c in panel.columns if format_of(c) == "count" and pd.api.types.is_numeric_dtype(frame[c.name])]
    return bool(counts) and not (frame[counts].fillna(0) != 0).any(axis=None)


def note(
    panel: Panel, answer: Answer, filters: Filters, look: Look, now: datetime, timed: bool = True
) -> list[Component]:
    """The line under a card: n, as of when, which set filters it does not heed, whether newer data could not be had.

    Without ``timed`` it does not say as of when, unless that is long ago: what it stands under does.
    """
    text, zone = look.text, look.jurisdiction.timezone
    lines: list[Component] = []
    if answer.stale and answer.as_of is not None:
        age = text.counted("unit.minutes", max(1, int((now - answer.as_of).total_seconds() // 60)))
        lines.append(
            html.Span(
                [
                    icon("clock-history"),
                    html.Span(text("note.stale", time=text.moment(answer.as_of, zone), age=age)),
                ],
                className="stale",
            )
        )
    counted = panel.rests_on(answer.frame) if panel.kind != "number" else None
    if counted:
        lines.append(html.Span(text("unit.n", n=counted)))
    if timed and answer.as_of is not None and not answer.stale and panel.kind != "number":
        local = answer.as_of.astimezone(zone)
        shown = text.clock(local, zone) if local.date() == filters.today else text.moment(local, zone)
        lines.append(html.Span(text("note.as_of", time=shown)))
    lines += [html.Span(text("note.published"))] if "withheld" in answer.frame.attrs and panel.kind != "number" else []
    if "source" in answer.frame.attrs:
        source, day = answer.frame.attrs["source"][text.language], answer.frame.attrs.get("source_day")
        dated = text("note.source", source=source, day=text.day(day)) if day else text("note.rules", source=source)
        lines.append(html.Span(dated))
    apart = kept_apart(filters, text, look.jurisdiction) if panel.follows else ""
    if apart:
        lines.append(html.Span(apart))
    for day, words in answer.frame.attrs.get("notes", ()):
        lines.append(html.Span(f"{FLAG} {text.day(date.fromisoformat(day))}: {words}", className="noted"))
    heeded = panel.heeded(filters)
    if "span" in answer.frame.attrs:
        start, end = map(date.fromisoformat, answer.frame.attrs["span"])
        lines.append(html.Span(text("note.span", span=text.span(start, end))))
    elif heeded.whole_months and "period" in panel.answers:
        lines.append(html.Span(text("note.months", span=text.span(heeded.window.start, heeded.window.end))))
    unheeded = panel.unheeded(filters)
    if unheeded:
        names = text("note.and").join(called(name, filters.subject, text) for name in unheeded)
        lines.append(html.Span(text("note.unheeded", names=names), className="unheeded"))
    return lines
