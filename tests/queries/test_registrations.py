"""Every question of the page of registrations, against the same counted from the facts themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest

from dashboard.claims.database import Database
from dashboard.filters import Filters, Window
from dashboard.scope import NATION, Scope
from dashboard.text import LANGUAGES, text
from dashboard.text.calendars import calendar_named
from queries import online, registrations
from tests.queries.facts import CASES, TODAY, facts, months_of, open_on, question, within

Claims = Callable[[str], Database]
every_question = pytest.mark.parametrize(("jurisdiction", "seed"), CASES)


def asked(db: Database, seed: int, **fixed: Any) -> tuple[Filters, Scope, pd.DataFrame]:
    filters, scope = question(db, seed, **{"subject": "registrations", **fixed})
    return filters, scope, facts(db, "registrations", filters, scope)


def filed(frame: pd.DataFrame, window: Window) -> pd.DataFrame:
    return frame[within(frame["opened"], window.start, window.end)]


@every_question
def test_online(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope, cases = asked(db, seed, channels=())
    answer = online.of("registrations")(db, filters, scope).iloc[0]

    def rate(window: Window) -> tuple[float | None, int]:
        mine = filed(cases, window)
        return ((mine["channel"] == "online").mean() if len(mine) else None), len(mine)

    value, n = rate(filters.window)
    assert answer["n"] == n
    assert answer["value"] == (None if value is None else pytest.approx(value))
    before = rate(filters.compared)[0] if filters.compared else None
    assert answer["compared"] == (None if before is None else pytest.approx(before))
    assert answer["measure"] == ("online_share" if jurisdiction == "ir" else "online_share_chosen")
    mine = filed(cases, filters.window)
    bins = mine["opened"].map(lambda day: filters.cut_by.bin_start(day, filters.step, db.jurisdiction.week_start))
    shares = (mine["channel"] == "online").groupby(bins).mean().sort_index()
    assert answer["spark"] == pytest.approx(shares.tolist())


@every_question
def test_hours(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope, cases = asked(db, seed)
    hours = pd.to_datetime(cases["opened_at"], utc=True).dt.tz_convert(db.jurisdiction.timezone).dt.hour
    before = [TODAY - timedelta(weeks=week) for week in range(1, 5)]
    answer = registrations.hours(db, filters, scope).set_index("bin")
    now = datetime.now(db.jurisdiction.timezone)
    for hour in range(24):
        assert answer.loc[hour, "usual"] == (cases["opened"].isin(before) & (hours == hour)).sum() / 4
        if now.date() == TODAY and hour > now.hour:
            assert pd.isna(answer.loc[hour, "today"])
        else:
            assert answer.loc[hour, "today"] == ((cases["opened"] == TODAY) & (hours == hour)).sum()


@every_question
def test_places(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope, cases = asked(db, seed, channels=())
    answer = registrations.places(db, filters, scope)
    seen = {p.code for p in db.jurisdiction.provinces}
    seen &= set(filters.provinces or seen) & set(scope.provinces or seen)
    if len(seen) == 1:
        return
    assert set(answer["province"]) == seen
    now = filed(cases, filters.window)["province"].value_counts()
    before = filed(cases, filters.compared)["province"].value_counts() if filters.compared else {}
    for row in answer.itertuples():
        assert row.registered == now.get(row.province, 0)
        earlier = before.get(row.province, 0)
        assert pd.isna(row.change) if not earlier else row.change == pytest.approx(row.registered / earlier - 1)
    assert answer["registered"].is_monotonic_decreasing


@pytest.mark.parametrize("jurisdiction", ["ir", "vn"])
@pytest.mark.parametrize("days", [29, 400])
def test_places_of_a_province_are_its_offices(demo_claims: Claims, jurisdiction: str, days: int) -> None:
    db = demo_claims(jurisdiction)
    largest = facts(db, "registrations", Filters(TODAY, "gregorian"), NATION)["province"].value_counts().index[0]
    filters, _, _ = asked(db, 0, channels=(), provinces=(largest,), start=TODAY - timedelta(days), end=TODAY)
    cases = facts(db, "registrations", filters, NATION)
    answer = registrations.places(db, filters, NATION)
    span = answer.attrs.get("span")
    assert (span is not None) == (days > 100)
    window = Window(*map(date.fromisoformat, span)) if span else filters.window
    mine = filed(cases, window)
    expected = mine["office"].fillna("none").value_counts()
    assert dict(zip(answer["office"], answer["registered"], strict=True)) == {
        **{office.code: 0 for office in db.jurisdiction.offices if office.province == largest},
        **expected.to_dict(),
    }
    one = answer["office"].iloc[0]
    chosen = replace(filters, offices=(one,), start=TODAY - timedelta(20))
    alone = registrations.places(db, chosen, NATION)
    assert alone["office"].tolist() == [one]
    assert alone["registered"].sum() == (filed(mine, chosen.window)["office"] == one).sum()


@every_question
@pytest.mark.parametrize("step", ["", "day", "month"])
def test_channels(demo_claims: Claims, jurisdiction: str, seed: int, step: str) -> None:
    db = demo_claims(jurisdiction)
    filters, scope, cases = asked(db, seed, chosen_step=step)
    answer = registrations.channels(db, filters, scope)
    mine = filed(cases, filters.window)
    calendar = calendar_named(filters.calendar)
    starts = mine["opened"].map(
        lambda day: max(calendar.bin_start(day, filters.step, db.jurisdiction.week_start), filters.window.start)
    )
    expected = mine.groupby([starts, "channel"]).size()
    found = answer[answer["value"] > 0].set_index(["bin", "series"])["value"]
    assert found.to_dict() == expected.to_dict()
    assert answer.groupby("series").size().nunique() <= 1, "every channel has every bin"


@every_question
def test_schemes(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope, cases = asked(db, seed)
    answer = registrations.schemes(db, filters, scope)
    window = filters.window
    assert answer["category"].is_unique
    assert "special_support" not in answer["category"].tolist()[:-1]
    for row in answer.itertuples():
        mine = cases[cases["category"] == row.category]
        assert row.registered == len(filed(mine, window))
        assert row.closed == within(mine["closed"], window.start, window.end).sum()
        assert row.backlog == len(open_on(mine, window.end))
        decided = mine[within(mine["decided"], window.start, window.end)]
        outcomes = decided["outcome"].value_counts()
        n = outcomes.get("eligible", 0) + outcomes.get("not_eligible", 0)
        assert row.decided == n
        if row.category == "special_support" or n == 0:
            assert pd.isna(row.eligibility_rate)
        else:
            assert row.eligibility_rate == pytest.approx(outcomes.get("eligible", 0) / n)
    assert answer["registered"].sum() == len(filed(cases, window))


@every_question
@pytest.mark.parametrize("kind", ["cause", "sector", "skill", "sex", "filer", "device"])
def test_traits(demo_claims: Claims, jurisdiction: str, seed: int, kind: str) -> None:
    db = demo_claims(jurisdiction)
    filters, scope, cases = asked(db, seed, channels=())
    answer = registrations.of(kind)(db, filters, scope)
    months = months_of(db, filters.window)
    expected = filed(cases, months)[kind].value_counts()
    assert dict(zip(answer["key"], answer["registered"], strict=True)) == expected.to_dict()
    assert answer["registered"].is_monotonic_decreasing
    if len(answer):
        assert answer["registered_share"].sum() == pytest.approx(1)
    assert answer.attrs["span"] == [months.start.isoformat(), min(months.end, TODAY).isoformat()]


def test_ages_have_a_name_in_every_language(demo_claims: Claims) -> None:
    db = demo_claims("ir")
    filters, _, _ = asked(db, 0, channels=(), start=TODAY - timedelta(900), provinces=())
    answer = registrations.of("age")(db, filters, NATION)
    assert len(answer) > 3
    for language in LANGUAGES:
        assert all(text(language).has(f"{answer.attrs['labels']}.{band}") for band in answer["key"])
