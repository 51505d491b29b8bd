"""What a click on a row asks for: which filters it sets to what, by column and value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pandas as pd

from dashboard.choices import choices, of_trait, traits_of
from dashboard.filters import SUBJECTS, Filters, Window
from dashboard.jurisdictions import Jurisdiction
from dashboard.panel import Column, Page, Panel
from dashboard.text import text

Picks = dict[str, dict[str, dict[str, str]]]
"""Column → value of a row → filter → value: ``{"province": {"IR-07": {"province": "IR-07"}}}``."""
_FINER = {"year": "month", "quarter": "month"}
"""The steps of bins whose own days would be too many to read, and the step they are looked at in."""


def picks(panel: Panel, page: Page | None, frame: pd.DataFrame, filters: Filters, jurisdiction: Jurisdiction) -> Picks:
    """What the rows of a panel's frame ask for on its page, by column; values that ask for nothing are left out.

    A bin asks for its days as the period, ``{"period": "2026-03-21..2026-04-20"}``, a category of a subject that the
    page has yet to be about for that subject too. A column of keys ``<subject>:<category>`` asks for both.
    """
    found: Picks = {}
    for column in panel.columns:
        if not column.picks or column.name not in frame:
            continue
        if column.picks == "period":
            asked = dict(_bins(column, frame, panel.heeded(filters)))
        elif column.picks == "gap":  # no filter: the list of the cases that stand in it
            asked = {str(key): {"gap": str(key)} for key in frame[column.name]}
        else:
            asked = dict(_codes(column, panel, page, frame, filters, jurisdiction))
        if asked:
            found[column.name] = asked
    return found


def held(filters: Filters) -> dict[str, tuple[str, ...]]:
    """The filters in force that a click can lift, with their values."""
    return {
        "province": filters.provinces,
        "office": filters.offices,
        "channel": filters.channels,
        "category": filters.categories,
        "trait": (filters.trait,) if filters.trait else (),
        "subject": (filters.subject,),
    }


def key_of(value: Any) -> str:
    """A value of a row as `Picks` names it: a day in ISO 8601, anything else as text."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def days_of(window: Window) -> str:
    """Days as a pick of the period holds them; `window_of` reads them."""
    return f"{window.start.isoformat()}..{window.end.isoformat()}"


def window_of(days: str) -> Window:
    """The days of a pick of the period; ValueError where they cannot be read."""
    start, _, end = days.partition("..")
    return Window(date.fromisoformat(start), date.fromisoformat(end))


def _bins(column: Column, frame: pd.DataFrame, filters: Filters) -> Iterator[tuple[str, dict[str, str]]]:
    """A bin lasts until the next one begins, the last until the end of the days counted. Hours are no period."""
    step = "month" if column.format == "month" else str(frame.attrs.get("step", "month"))
    starts = sorted({date.fromisoformat(key_of(value)) for value in frame[column.name]}) if step != "hour" else []
    if not starts:
        return
    last = date.fromisoformat(frame.attrs["span"][1]) if "span" in frame.attrs else filters.window.end
    for start, after in pairwise([*starts, last + timedelta(days=1)]):
        window = Window(start, after - timedelta(days=1))
        if window.days > 0 and window != filters.asked:
            yield start.isoformat(), {"period": days_of(window), **({"step": _FINER[step]} if step in _FINER else {})}


def _codes(
    column: Column, panel: Panel, page: Page | None, frame: pd.DataFrame, filters: Filters, jurisdiction: Jurisdiction
) -> Iterator[tuple[str, dict[str, str]]]:
    """Whatever can be chosen of the filter, also where the frame does not hold it: a map shows all provinces."""
    name = column.picks
    if name in ("province", "channel"):
        for code in choices(name, filters, "", jurisdiction, text("en")):
            yield code, {name: code}
    elif name == "office":
        shown = set(frame[column.name])
        for office in jurisdiction.offices:
            if office.code in shown:
                yield office.code, {name: office.code}
    else:
        about = panel.subject or filters.subject
        for subject in SUBJECTS if about not in SUBJECTS else (about,):
            asked = _asked_before(subject, page, filters)
            if asked is not None:
                before = "" if subject == about else f"{subject}:"
                for key, value in _of_subject(name, subject, filters, jurisdiction).items():
                    yield f"{before}{key}", {**asked, name.partition(":")[0]: value}


def _of_subject(name: str, subject: str, filters: Filters, jurisdiction: Jurisdiction) -> dict[str, str]:
    """Key of a row → category, or trait of the kind that ``name`` says."""
    words, kind = text("en"), name.partition(":")[2]
    if name == "category":
        return {key: key for key in choices(name, filters, subject, jurisdiction, words)}
    if kind not in traits_of(subject):
        return {}
    return {trait.removeprefix(f"{kind}:"): trait for trait in of_trait(kind, subject, jurisdiction, words)}


def _asked_before(subject: str, page: Page | None, filters: Filters) -> Mapping[str, str] | None:
    """What has to be asked for before a category of a subject means anything; ``None`` where the page cannot ask it."""
    if page is None:
        return None
    if page.chooses:
        return {} if subject == filters.subject else {"subject": subject}
    return {} if subject == page.subject else None
