"""What an answer says, in sentences: only what its figures say, in the words of the language.

Every number in a sentence is one of the answer, or follows from its numbers by a sum, a difference or a quotient.
Nothing is said of a share that rests on fewer than `LEAST` cases, nor of what is withheld; a change of a small number
is told as a number and not as a share. Whether a change is welcome is nobody's to say but a target's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from dashboard.exports.taken import Taken
from dashboard.exports.words import cell, compared_with, format_of, heading, is_withheld, missing, titled
from dashboard.figures.prepared import told
from dashboard.measures import MEASURES, Measure
from dashboard.panel import Column

LEAST: Final = 30
"""Cases below which a share is chance more than anything else (`queries.departures.LEAST_EXPECTED`)."""
_NAMED: Final = 3
"""Places that a sentence names."""
_FLOWS: Final = frozenset({"registered", "opened", "closed"})
"""What adds up over the bins of a time axis."""
_STATES: Final = "data"
"""The subject whose tables tell the state of everybody, not only what stands out."""
_PLACES: Final = frozenset({"province", "office", "category", "key", "channel", "sector"})


def sentences(taken: Taken, clock: str = "") -> list[str]:
    """What an answer says; ``clock`` is the time that "usual by" names.

    Empty where there is nothing that could be said in a sentence.
    """
    frame, panel = taken.answer.frame, taken.panel
    if panel.kind == "number":
        return list(_number(taken, clock)) if len(frame) else []
    if "reasons" in frame and "observed" in frame.attrs and panel.subject != _STATES:
        return list(_standing_out(taken))
    if frame.empty:
        return []
    return list(_course(taken) if "bin" in frame and "n" in frame else _foremost(taken))


def provisional(taken: Taken) -> str:
    """That the last day of the period is not over, where that is so."""
    window = taken.panel.heeded(taken.filters).window
    if "period" not in taken.panel.answers or window.end < taken.filters.today:
        return ""
    return taken.look.text("sentence.provisional", day=taken.look.text.day(window.end))


def _number(taken: Taken, clock: str) -> Iterator[str]:
    """A headline number, its change, its target; of a stock also how old it is and what is overdue."""
    frame, text = taken.answer.frame, taken.look.text
    row: dict[str, Any] = {"n": None, "compared": None, "age": None} | {
        str(name): it for name, it in frame.iloc[0].items()
    }
    measure = MEASURES[str(row["measure"])]
    if missing(row["value"]) or is_withheld(frame.attrs, "value", 0):
        return
    n = row["n"]
    if measure.format == "share" and not missing(n) and float(n) < LEAST:
        return
    value, key = float(row["value"]), f"number.{measure.key}.n"
    of = f" ({text(key, n=int(n))})" if text.has(key) and not missing(n) else ""
    parts = {
        "title": titled(taken.panel, measure.key, text),
        "value": f"{_written(value, measure, taken)}{of}",
    }
    yield _changed(taken, row, measure, value, parts, clock)
    target = frame.attrs.get("targets", {}).get(measure.key)
    if target is not None and measure.good:
        met = value >= target if measure.good > 0 else value <= target
        yield text("sentence.target.met" if met else "sentence.target.missed", value=_written(target, measure, taken))
    if not missing(row["age"]):
        yield text("sentence.age", age=text.days(float(row["age"])))
    if row.get("overdue"):
        yield text("sentence.overdue", n=int(row["overdue"]))


def _changed(
    taken: Taken, row: dict[str, Any], measure: Measure, value: float, parts: dict[str, str], clock: str
) -> str:
    """The number, and by how much it is more or less than what it is held against."""
    text, filters = taken.look.text, taken.panel.heeded(taken.filters)
    usual = "registered_usual" in taken.panel.measures
    before = row["compared"]
    held = clock if usual else filters.compared
    if missing(before) or not held or is_withheld(taken.answer.frame.attrs, "compared", 0):
        return text("sentence.value", **parts)
    before = float(before)
    compared = text("compared.usual", time=clock) if usual else compared_with(filters, text)
    parts |= {"compared": compared, "before": _written(before, measure, taken)}
    difference = value - before
    if _written(value, measure, taken) == parts["before"]:
        return text("sentence.same", **parts)
    share = measure.format == "share"
    if share:
        parts["by"] = text("sentence.points", n=text.number(abs(difference) * 100, 1))
    elif before >= LEAST and measure.format in ("count", "money") and abs(difference / before) >= 0.0005:
        parts["by"] = text.share(abs(difference) / before)
    else:
        parts["by"] = _written(abs(difference), measure, taken)
    word = ("higher", "lower") if measure.format != "count" else ("more", "fewer")
    return text(f"sentence.{word[0] if difference > 0 else word[1]}", **parts)


def _course(taken: Taken) -> Iterator[str]:
    """How many there were over a period, and when most."""
    frame, text = taken.answer.frame, taken.look.text
    column = next(each for each in taken.panel.columns if each.name == "n")
    values = pd.to_numeric(frame["n"], errors="coerce")
    if column.measure not in _FLOWS or frame.attrs.get("withheld", {}).get("n") or not values.sum() > 0:
        return
    over = ~frame["provisional"].astype(bool) if "provisional" in frame else pd.Series(True, index=frame.index)
    whole, label = int(values.sum()), heading(column, text, frame.attrs)
    most = values[over].max() if over.any() else float("nan")
    at = [place for place in range(len(frame)) if over.iloc[place] and values.iloc[place] == most]
    if len(frame) < _NAMED or len(at) != 1 or most < LEAST:
        yield text("sentence.course", label=label, n=whole)
        return
    bins = next(each for each in taken.panel.columns if each.name == "bin")
    when = cell(bins, frame["bin"].iloc[at[0]], text, taken.look.jurisdiction, frame.attrs)
    yield text("sentence.course.most", label=label, n=whole, most=int(most), when=when)


def _foremost(taken: Taken) -> Iterator[str]:
    """Where there are most, where rows are places or kinds of cases and are counted."""
    frame, text, look = taken.answer.frame, taken.look.text, taken.look
    first = taken.panel.columns[0]
    if first.name not in _PLACES or len(frame) <= _NAMED or frame[first.name].duplicated().any():
        return
    column = _counted(taken)
    if column is None or frame.attrs.get("withheld", {}).get(column.name):
        return
    counted = pd.to_numeric(frame[column.name], errors="coerce").fillna(0).reset_index(drop=True)
    ordered = sorted(range(len(counted)), key=lambda place: -counted.iloc[place])
    last, next_one = (counted.iloc[ordered[place]] for place in (_NAMED - 1, _NAMED))
    if last < LEAST or last == next_one:
        return
    named = [
        text(
            "sentence.named",
            name=cell(first, frame[first.name].iloc[place], text, look.jurisdiction, frame.attrs),
            n=int(counted.iloc[place]),
        )
        for place in ordered[:_NAMED]
    ]
    yield text("sentence.foremost", label=heading(column, text, frame.attrs), names=text("sentence.comma").join(named))


def _counted(taken: Taken) -> Column | None:
    """The column of a table that counts cases, if it shows one: what is drawn, or else the first."""
    drawn = told(taken.panel, taken.answer.frame)[0]
    counted = [each for each in taken.panel.columns if format_of(each) == "count" and each.measure]
    counted = [each for each in counted if MEASURES[each.measure].formula.startswith("cases ")]
    return next((each for each in counted if each.measure == drawn), counted[0] if counted else None)


def _standing_out(taken: Taken) -> Iterator[str]:
    """What is out of the ordinary, and why; or that nothing was seen."""
    frame, text, look = taken.answer.frame, taken.look.text, taken.look
    if frame.empty:
        if frame.attrs.get("observed"):
            yield taken.nothing
        return
    first = taken.panel.columns[0]
    reasons = next(each for each in taken.panel.columns if each.name == "reasons")
    rows = [row for row in frame.to_dict("records") if len(row["reasons"])]
    for row in rows[:_NAMED]:
        name = cell(first, row[first.name], text, look.jurisdiction, frame.attrs)
        yield text(
            "sentence.reasons", name=name, reasons=cell(reasons, row["reasons"], text, look.jurisdiction, frame.attrs)
        )
    if len(rows) > _NAMED:
        yield text.counted("sentence.further", len(rows) - _NAMED)


def _written(value: float, measure: Measure, taken: Taken) -> str:
    if measure.format == "money":
        return taken.look.text.money(value, taken.look.jurisdiction.currency)
    small = measure.format == "count" and abs(value) < 100 and value != round(value)
    return taken.look.text.written(value, measure.format, 1 if small else None)
