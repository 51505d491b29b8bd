"""What figures that leave the house rest on: the same lines in every kind of file."""

from __future__ import annotations

from dashboard.choices import called, chosen
from dashboard.exports.taken import Taken
from dashboard.exports.words import kept_apart
from dashboard.filters import Filters
from dashboard.jurisdictions import Jurisdiction
from dashboard.panel import Panel
from dashboard.text import Text
from dashboard.text.bidi import plain

_SEPARATOR = " · "
_CHOSEN = ("province", "office", "channel", "category", "trait")


def headline(taken: Taken) -> str:
    """The line beneath a title: that it is a demo, the period, whose figures, as of when."""
    parts = [taken.look.text("demo.badge")] if taken.demo else []
    return plain(_SEPARATOR.join([*parts, *context(taken)]))


def context(taken: Taken) -> list[str]:
    """The period, whose figures, as of when."""
    text, panel = taken.look.text, taken.panel
    window = panel.heeded(taken.filters).window
    parts = [text.span(window.start, window.end)] if "period" in panel.answers else []
    parts.append(taken.scope_name)
    if taken.answer.as_of is not None:
        zone = taken.look.jurisdiction.timezone
        parts.append(text("note.as_of", time=text.moment(taken.answer.as_of, zone)))
    return parts


def narrowed(taken: Taken) -> list[str]:
    """What the question was narrowed to and held against, a phrase each: "Provinces: Fars, Tehran"."""
    return narrowed_to(taken.panel, taken.filters, taken.look.text, taken.look.jurisdiction)


def narrowed_to(panel: Panel, asked: Filters, text: Text, jurisdiction: Jurisdiction) -> list[str]:
    """`narrowed`, of a question before it is answered."""
    filters = panel.heeded(asked)
    phrases = [text(f"show.{asked.subject}")] if panel.follows else []
    for name in _CHOSEN:
        names = chosen(name, filters, filters.subject, jurisdiction, text)
        if names:
            phrases.append(f"{called(name, filters.subject, text)}: {text('note.and').join(names.values())}")
    if compared := filters.compared:
        phrases.append(f"{text('filter.compare')}: {text.span(compared.start, compared.end)}")
    return phrases


def notes(taken: Taken) -> list[list[str]]:
    """What the figures are, a line each: its name, then what there is to say; days are ISO and in words."""
    panel, filters, text = taken.panel, taken.filters, taken.look.text
    jurisdiction = taken.look.jurisdiction
    heeded = panel.heeded(filters)
    window, compared = heeded.window, heeded.compared
    lines = [[text("export.title"), text(f"panel.{panel.key}.title")]]
    if "period" in panel.answers:
        span = text.span(window.start, window.end)
        lines.append([text("filter.period"), window.start.isoformat(), window.end.isoformat(), span])
    if panel.follows:
        lines.append([text("filter.subject"), text(f"show.{filters.subject}")])
        lines += [[line] for line in [kept_apart(filters, text, jurisdiction)] if line]
    if compared:
        span = text.span(compared.start, compared.end)
        lines.append([text("filter.compare"), compared.start.isoformat(), compared.end.isoformat(), span])
    for name in _CHOSEN:
        names = chosen(name, heeded, heeded.subject, jurisdiction, text)
        if names or (name in ("province", "channel") and name in panel.answers):
            lines.append([called(name, heeded.subject, text), *(names.values() or [text("filter.all")])])
    unheeded = [called(name, filters.subject, text) for name in panel.unheeded(filters)]
    if unheeded:
        lines.append([text("note.unheeded", names=text("note.and").join(unheeded))])
    n = panel.rests_on(taken.answer.frame)
    if n is not None:
        lines.append([text("unit.n", n=n)])
    if taken.answer.as_of is not None:
        zone = jurisdiction.timezone
        local = taken.answer.as_of.astimezone(zone)
        lines.append([text("export.as_of"), local.isoformat(timespec="seconds"), text.moment(local, zone)])
    lines.append([text("export.scope"), taken.scope_name])
    lines += [[text("note.published")]] if "withheld" in taken.answer.frame.attrs else []
    lines += [
        [text("export.definition"), text(f"measure.{key}.label"), text(f"measure.{key}.definition")]
        for key in panel.measures
    ]
    if taken.demo:
        lines.append([text("demo.badge"), text("demo.notice")])
    return [[plain(part) for part in line] for line in lines]
