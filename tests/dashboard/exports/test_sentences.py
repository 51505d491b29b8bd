"""Sentences say what the figures say: each number in them is one of the answer, or follows from its numbers."""

from __future__ import annotations

import itertools
import math
import random
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from dashboard.answers import Answer
from dashboard.claims.database import Database
from dashboard.exports.sentences import LEAST, provisional, sentences
from dashboard.exports.taken import Taken
from dashboard.exports.words import cell, compared_with, heading
from dashboard.figures.look import Look
from dashboard.filters import Filters
from dashboard.jurisdictions import load
from dashboard.panel import Panel
from dashboard.scope import NATION, Scope
from dashboard.text import LANGUAGES, text
from dashboard.text.bidi import plain
from layouts.pages import pages_of
from tests.conftest import UNTIL

TODAY = date(2026, 11, 22)
PANELS = [
    (country, panel)
    for country in ("ir", "vn")
    for page in pages_of(load(country))
    for panel in page.panels
    if panel.there(load(country))
]
NAMES = [f"{country}-{panel.key}" for country, panel in PANELS]
BY_KEY = {f"{country}-{panel.key}": panel for country, panel in PANELS}
CLOCK = {"en": "10:00", "fa": "۱۰:۰۰", "vi": "10:00"}


def made(database: Database, panel: Panel, language: str, scope: Scope = NATION, **asked: Any) -> Taken:
    look = Look(text(language), "light", database.jurisdiction)
    filters = Filters(TODAY, look.text.calendar_name, **asked)
    heeded = panel.heeded(filters)
    frame = panel.query(database, heeded, scope)
    return Taken(panel, Answer(frame, 1, UNTIL), filters, look, look.text("scope.nation"), demo=True)


def of(frame: pd.DataFrame, language: str = "en", **changes: Any) -> Taken:
    """An answer to "how many were registered" as told."""
    panel = BY_KEY["ir-overview-registered"]
    look = Look(text(language), "light", load("ir"))
    filters = Filters(TODAY, look.text.calendar_name, **changes)
    return Taken(panel, Answer(frame, 1, UNTIL), filters, look, "", demo=True)


def headline(value: float | None, compared: float | None, n: int = 1000, measure: str = "registered") -> pd.DataFrame:
    return pd.DataFrame({"measure": [measure], "value": [value], "compared": [compared], "n": [n], "spark": [[]]})


def numbers(said: str) -> set[str]:
    """The numbers in a sentence, as they are written."""
    return set(re.findall(r"[0-9۰-۹]+(?:[.,٬٫:/][0-9۰-۹]+)*", plain(said)))


def allowed(taken: Taken) -> set[str]:
    """Every number that may be written of an answer: its own, and sums, differences and quotients of them."""
    frame, words, panel = taken.answer.frame, taken.look.text, taken.panel
    filters = panel.heeded(taken.filters)
    found: list[float] = []
    names: list[str] = [words.number(filters.window.days), words.number(filters.months), CLOCK[words.language]]
    for column in panel.columns:
        names.append(heading(column, words, frame.attrs))
        for value in frame[column.name]:
            if isinstance(value, int | float | np.number) and not isinstance(value, bool):
                found.append(float(value))
            names.append(cell(column, value, words, taken.look.jurisdiction, frame.attrs))
    if panel.kind == "number":
        values = (
            [float(v) for v in frame[["value", "compared"]].to_numpy().ravel() if not pd.isna(v)]
            if "compared" in frame
            else []
        )
        for one, other in itertools.permutations(values, 2):
            found += [abs(one - other), abs(one - other) * 100, *([abs(one - other) / abs(other)] if other else [])]
    elif "n" in frame:
        found.append(float(pd.to_numeric(frame["n"]).sum()))
    found.append(float(max(len(frame) - 3, 0)))
    written = itertools.chain.from_iterable(
        (
            words.number(v),
            words.number(v, 1),
            words.share(v),
            words.days(v),
            words.number(v, 2),
            words.money(v, taken.look.jurisdiction.currency),
            words.hours(v),
        )
        for v in found
        if math.isfinite(v)
    )
    told: Iterable[str] = [
        *names,
        *written,
        taken.title,
        *([] if len(frame) else [taken.nothing]),
        compared_with(filters, words),
    ]
    return set().union(*(numbers(each) for each in told))


@pytest.mark.parametrize(("country", "panel"), PANELS, ids=NAMES)
def test_every_number_in_a_sentence_is_one_of_the_answer(
    demo_claims: Callable[[str], Database], country: str, panel: Panel
) -> None:
    chance = random.Random(panel.key)
    database, language = demo_claims(country), chance.choice(LANGUAGES)
    provinces = [province.code for province in database.jurisdiction.provinces]
    taken = made(
        *(database, panel, language),
        period=chance.choice(["today", "7d", "30d", "90d", "month", "year"]),
        provinces=(chance.choice(provinces),) if chance.random() < 0.3 else (),
        compare=chance.choice(["none", "previous", "year"]),
    )
    said = sentences(taken, CLOCK[language])
    for sentence in said:
        assert numbers(sentence) <= allowed(taken), sentence
        assert "{" not in sentence
        assert sentence.endswith((".", "؟", "?", "۔")), sentence


@pytest.mark.parametrize(
    ("language", "value", "before", "said"),
    [
        ("en", 1284, 1233, "Registered: 1,284, 4.1\u00a0% more than the 30 days before (1,233)."),
        ("en", 1233, 1284, "Registered: 1,233, 4.0\u00a0% fewer than the 30 days before (1,284)."),
        ("en", 12, 7, "Registered: 12, 5 more than the 30 days before (7)."),
        ("en", 5, 0, "Registered: 5, 5 more than the 30 days before (0)."),
        ("en", 40, 40, "Registered: 40, the same as the 30 days before (40)."),
        ("fa", 1284, 1233, "ثبت‌نام در دوره: ۱٬۲۸۴؛ ۴٫۱٪ بیش از ۳۰ روز پیش از آن (۱٬۲۳۳)."),
        ("vi", 1284, 1233, "Đăng ký trong kỳ: 1.284, nhiều hơn 4,1% so với 30 ngày trước đó (1.233)."),
    ],
)
def test_a_change_in_words(language: str, value: float, before: float, said: str) -> None:
    assert [plain(each) for each in sentences(of(headline(value, before), language))] == [said]


def test_shares_change_in_points_and_not_where_few_were_counted() -> None:
    rate = headline(0.712, 0.699, 1029, "eligibility_rate")
    found = plain(sentences(of(rate))[0])
    assert found.endswith(
        ": 71.2\u00a0% (of 1,029 decided), 1.3 percentage points higher than the 30 days before (69.9\u00a0%)."
    )
    assert sentences(of(headline(0.7, 0.6, LEAST - 1, "eligibility_rate"))) == []


def test_nothing_is_said_of_what_is_withheld_or_missing() -> None:
    withheld = headline(7, 5)
    withheld.attrs["withheld"] = {"value": [0]}
    assert sentences(of(withheld)) == []
    before = headline(700, 5)
    before.attrs["withheld"] = {"compared": [0]}
    assert [plain(each) for each in sentences(of(before))] == ["Registered: 700."]
    assert sentences(of(headline(None, 5))) == []
    assert [plain(each) for each in sentences(of(headline(700, None)))] == ["Registered: 700."]
    assert [plain(each) for each in sentences(of(headline(700, 600), compare="none"))] == ["Registered: 700."]


def test_only_a_target_judges() -> None:
    rate = headline(0.712, 0.6, 1029, "eligibility_rate")
    rate.attrs["targets"] = {"eligibility_rate": 0.8}
    stock = headline(40, 50, measure="backlog")
    stock.attrs["targets"] = {"backlog": 45}
    assert len(sentences(of(rate))) == 1  # no direction of it is welcome
    assert sentences(of(stock))[1:] == ["The target of 45 is met."]
    assert not re.search("better|worse|good|bad", " ".join(sentences(of(headline(40, 50, measure="backlog")))))


def test_where_most_are_is_not_said_where_it_would_tell_what_is_withheld() -> None:
    panel = replace(BY_KEY["ir-overview-map"])
    look = Look(text("en"), "light", load("ir"))
    codes = [province.code for province in load("ir").provinces][:6]
    frame = pd.DataFrame({"province": codes, "registered": [100, 300, 90, 200, 80, 70]})
    for name in ("registered_per_100k", "eligibility_rate", "decided", "backlog"):
        frame[name] = np.nan
    taken = Taken(panel, Answer(frame, 1, UNTIL), Filters(TODAY, "gregorian"), look, "", demo=True)
    names = load("ir").names_of("provinces", "en")
    wanted = f"Registered, the most: {names[codes[1]]} (300), {names[codes[3]]} (200), {names[codes[0]]} (100)."
    assert [plain(each) for each in sentences(taken)] == [wanted]
    hidden = frame.copy()
    hidden.attrs["withheld"] = {"registered": [5]}
    assert sentences(replace(taken, answer=Answer(hidden, 1, UNTIL))) == []
    tied = frame.assign(registered=[100, 300, 100, 200, 80, 70])
    assert sentences(replace(taken, answer=Answer(tied, 1, UNTIL))) == []


def test_a_period_that_runs_is_provisional() -> None:
    assert provisional(of(headline(1, 1))) == "22 Nov 2026 is not over: its numbers are provisional."
    over = of(headline(1, 1), period="custom", start=date(2026, 10, 1), end=date(2026, 10, 31))
    assert provisional(over) == ""
