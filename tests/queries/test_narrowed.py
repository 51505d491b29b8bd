"""Offices, categories and traits: what is counted under each, against the facts themselves."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dashboard.claims.database import Database
from dashboard.claims.flows import CLOSED, DECIDED, FLOWS, OPENED
from dashboard.claims.subjects import SUBJECTS as RECORDS
from dashboard.filters import SUBJECTS, Filters, Window
from dashboard.intake.load import Loader
from dashboard.intake.mapping import plain
from dashboard.scope import NATION, Scope
from dashboard.text.calendars import calendar_named
from queries.counts import backlog, backlog_by_day, counts, pending, total
from queries.presence import TOLD, presence
from tests.conftest import KEY
from tests.queries.facts import CASES, TODAY, facts, open_on, question, within

Claims = Callable[[str], Database]
every_question = pytest.mark.parametrize(("jurisdiction", "seed"), CASES)


def asked(db: Database, seed: int, **fixed: Any) -> tuple[Filters, Scope]:
    """A question about days long enough ago that offices are known by months only."""
    chance = random.Random(seed)
    end = TODAY - timedelta(days=chance.randrange(60, 500))
    start = end - timedelta(days=chance.choice([60, 200, 400]))
    days = {"start": start, "end": end, "compare": chance.choice(["previous", "year"])}
    filters, scope = question(db, seed, **{**days, **fixed})
    return replace(filters, official=db.jurisdiction.calendar), scope


def passed(frame: pd.DataFrame, milestone: str, window: Window) -> pd.DataFrame:
    return frame[within(frame[milestone], window.start, window.end)]


@every_question
@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_category_is_counted_alone(demo_claims: Claims, jurisdiction: str, seed: int, subject: str) -> None:
    db = demo_claims(jurisdiction)
    keys = [code.key for code in db.jurisdiction.codes[f"{subject}.category"]]
    chosen = tuple(random.Random(seed).sample(keys, min(2, len(keys))))
    filters, scope = question(db, seed, subject=subject, categories=chosen)
    frame = facts(db, subject, filters, scope)
    frame = frame[frame["category"].isin(chosen)]
    found = counts(db, filters, scope, subject, (OPENED, CLOSED), filters.window)
    for milestone in (OPENED, CLOSED):
        assert total(found, milestone) == len(passed(frame, milestone, filters.window))
    assert int(backlog(db, filters, scope, subject, filters.window.end)["n"].iloc[0]) == len(
        open_on(frame, filters.window.end)
    )
    assert pending(db, filters, scope, subject)["n"].sum() == frame["closed_at"].isna().sum()
    only = {"category": (chosen[0],)}
    both = counts(db, filters, scope, subject, (OPENED,), filters.window, only=only)
    of_one = frame[frame["category"] == chosen[0]]
    assert total(both, OPENED) == len(passed(of_one, OPENED, filters.window)), "what both restrict"


@every_question
def test_a_category_is_one_of_its_own_subject(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = question(db, seed, subject="registrations", categories=("unemployment_insurance",))
    frame = facts(db, "disputes", filters, scope)
    found = counts(db, filters, scope, "disputes", (OPENED,), filters.window)
    assert total(found, OPENED) == len(passed(frame, OPENED, filters.window))


@every_question
@pytest.mark.parametrize("subject", SUBJECTS)
def test_offices_long_ago_are_counted_in_whole_months(
    demo_claims: Claims, jurisdiction: str, seed: int, subject: str
) -> None:
    db = demo_claims(jurisdiction)
    office = random.Random(seed).choice(db.jurisdiction.offices)
    filters, _ = asked(db, seed, subject=subject, provinces=(office.province,), offices=(office.code,), channels=())
    frame = facts(db, subject, filters, NATION)
    frame = frame[frame["office"] == office.code]
    calendar, window = calendar_named(db.jurisdiction.calendar), filters.window
    assert filters.whole_months
    assert window.start == calendar.month_start(filters.asked.start)
    assert window.end + timedelta(days=1) == calendar.next_month(filters.asked.end)
    assert filters.compared is not None
    for days in (window, filters.compared):
        found = counts(db, filters, NATION, subject, (OPENED, CLOSED), days)
        for milestone in (OPENED, CLOSED):
            assert total(found, milestone) == len(passed(frame, milestone, days))
    by_month = counts(db, filters, NATION, subject, (OPENED,), window, ("day",)).set_index("day")["n"]
    assert set(by_month.index) <= set(calendar.bins(window.start, window.end, "month"))
    assert by_month.sum() == len(passed(frame, OPENED, window))
    course = backlog_by_day(db, filters, NATION, subject, window)
    assert len(course) == filters.months
    assert [int(n) for n in course] == [len(open_on(frame, day)) for day in course.index]


@every_question
@pytest.mark.parametrize("subject", [subject for subject in SUBJECTS if FLOWS[subject].traits])
def test_a_trait_is_counted_in_whole_months(demo_claims: Claims, jurisdiction: str, seed: int, subject: str) -> None:
    db = demo_claims(jurisdiction)
    kind = random.Random(seed).choice([k for k in ("sector", "sex", "skill", "age") if k in FLOWS[subject].traits])
    filters, scope = asked(db, seed, subject=subject, channels=())
    frame = facts(db, subject, filters, scope)
    # Of skills there are five, of sectors more: any of them will do, also one that nobody here has.
    codes = "skills" if kind == "skill" else "sexes" if kind == "sex" else "sectors"
    value = "25-34" if kind == "age" else random.Random(seed).choice(db.jurisdiction.codes[codes]).key
    filters = replace(filters, trait=f"{kind}:{value}")
    has = frame["age"].between(25, 34) if kind == "age" else frame[kind] == value
    window = filters.window
    outcomes = counts(db, filters, scope, subject, (OPENED,), window, ("province",))
    expected = passed(frame[has], OPENED, window).groupby("province").size()
    assert outcomes.set_index("province")["n"].to_dict() == expected.to_dict()
    if "decided" in frame:
        decided = counts(db, filters, scope, subject, (DECIDED,), window, ("outcome",))
        of_outcome = passed(frame[has], DECIDED, window).groupby("outcome").size()
        assert decided.set_index("outcome")["n"].to_dict() == of_outcome.to_dict()


def test_days_that_no_cube_remembers_are_no_answer(demo_claims: Claims) -> None:
    db = demo_claims("ir")
    filters = Filters(TODAY, "jalali", offices=("IR-23-01",), provinces=("IR-23",), official="jalali")
    window = Window(TODAY - timedelta(days=401), TODAY - timedelta(days=365))
    with pytest.raises(ValueError, match="whole months"):
        counts(db, filters, NATION, "registrations", (OPENED,), window)


def test_offices_of_late_are_counted_by_day(new_claims: Callable[..., Database], tmp_path: Path) -> None:
    db = new_claims()
    now = datetime.now(UTC)
    rows = [
        f"case-{n},IR-23,IR-23-0{1 + n % 3},online,individual,{(now - timedelta(days=n)).isoformat()},{now.isoformat()}"
        for n in range(60)
    ]
    path = tmp_path / "disputes.csv"
    path.write_text("\n".join(["id,province,office,channel,category,opened_at,updated_at", *rows]) + "\n")
    assert Loader(db, RECORDS["disputes"], KEY).file(path, plain(RECORDS["disputes"])).account.accepted == 60
    offices = ("IR-23-01", "IR-23-02")
    filters = Filters(db.today(), "jalali", subject="disputes", provinces=("IR-23",), offices=offices)
    assert not filters.whole_months
    found = counts(db, filters, NATION, "disputes", (OPENED,), filters.window, ("day", "office"))
    assert len(found) == sum(n % 3 < 2 for n in range(30))
    course = backlog_by_day(db, filters, NATION, "disputes", filters.window)
    assert (course.iloc[0], course.iloc[-1]) == (sum(n % 3 < 2 for n in range(29, 60)), 40)


@every_question
@pytest.mark.parametrize("subject", SUBJECTS)
def test_what_no_case_of_the_months_has_is_known(
    demo_claims: Claims, jurisdiction: str, seed: int, subject: str
) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = question(db, seed, subject=subject)
    calendar = calendar_named(db.jurisdiction.calendar)
    months = Window(
        calendar.month_start(filters.window.start), calendar.next_month(filters.window.end) - timedelta(days=1)
    )
    frame = passed(facts(db, subject, filters.only(()), scope), OPENED, months)
    found = presence(db, filters, scope)
    for name in TOLD[:4]:
        there = set(found.loc[found["filter"] == name, "value"]) - {""}
        assert there == set(frame[name].dropna())
    traits = {trait for trait in found.loc[found["filter"] == "trait", "value"] if trait.startswith("sector:")}
    assert traits == {f"sector:{sector}" for sector in frame["sector"].dropna()}
