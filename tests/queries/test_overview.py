"""Every question of the overview, against the same counted from the facts themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pandas as pd
import pytest

from dashboard.claims.database import Database
from dashboard.filters import SUBJECTS, Filters, Window
from dashboard.scope import NATION
from dashboard.text.calendars import calendar_named
from queries import overview
from tests.queries.facts import CASES, TODAY, facts, open_on, question, together, within

Claims = Callable[[str], Database]
every_question = pytest.mark.parametrize(("jurisdiction", "seed"), CASES)


def filed(frame: pd.DataFrame, window: Window) -> int:
    return int(within(frame["opened"], window.start, window.end).sum())


@every_question
def test_registered(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = question(db, seed)
    frame = facts(db, "registrations", filters, scope)
    answer = overview.registered(db, filters, scope).iloc[0]
    assert answer["value"] == answer["n"] == filed(frame, filters.window)
    assert answer["compared"] == (filed(frame, filters.compared) if filters.compared else None)
    days = [filters.window.start + timedelta(days=n) for n in range(filters.window.days)]
    assert answer["spark"] == [float((frame["opened"] == day).sum()) for day in days]


@every_question
def test_eligibility(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = question(db, seed)
    frame = facts(db, "registrations", filters, scope)
    frame = frame[frame["category"] != "special_support"]

    def rate(window: Window) -> tuple[float | None, int]:
        decided = frame[within(frame["decided"], window.start, window.end)]
        n = int(decided["outcome"].isin(["eligible", "not_eligible"]).sum())
        return ((decided["outcome"] == "eligible").sum() / n if n else None), n

    answer = overview.eligibility(db, filters, scope).iloc[0]
    assert (answer["value"], answer["n"]) == rate(filters.window)
    assert answer["compared"] == (rate(filters.compared)[0] if filters.compared else None)


@every_question
@pytest.mark.parametrize("subject", ["disputes", "registrations"])
def test_open(demo_claims: Claims, jurisdiction: str, seed: int, subject: str) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = question(db, seed)
    frame = facts(db, subject, filters, scope)
    asked = overview.disputes_open if subject == "disputes" else overview.registrations_open
    answer = asked(db, filters, scope).iloc[0]
    assert answer["value"] == len(open_on(frame, filters.window.end))
    assert answer["compared"] == (len(open_on(frame, filters.compared.end)) if filters.compared else None)
    assert answer["spark"][0] == len(open_on(frame, filters.window.start))
    now = frame[frame["closed_at"].isna()]
    ages = sorted((TODAY - day).days for day in now["opened"])
    assert answer["age"] == (ages[(len(ages) - 1) // 2] if ages else None)
    assert answer["overdue"] == sum(due is not None and due < TODAY for due in now["due_on"])


@every_question
def test_procedures_on_time(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = question(db, seed)
    frame = together(db, facts(db, "procedures", filters, scope), "procedures")

    def expected(window: Window) -> tuple[float | None, int]:
        closed = frame[within(frame["closed"], window.start, window.end)]
        if jurisdiction == "ir":
            return len(closed), len(closed)
        n = int(closed["timing"].isin(["early", "on_time", "late"]).sum())
        return (closed["timing"].isin(["early", "on_time"]).sum() / n if n else None), n

    answer = overview.procedures_on_time(db, filters, scope).iloc[0]
    assert answer["measure"] == ("closed" if jurisdiction == "ir" else "on_time_rate")
    assert (answer["value"], answer["n"]) == expected(filters.window)
    assert answer["compared"] == (expected(filters.compared)[0] if filters.compared else None)


@every_question
@pytest.mark.parametrize("subject", SUBJECTS)
def test_trend(demo_claims: Claims, jurisdiction: str, seed: int, subject: str) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = question(db, seed, subject=subject)
    cases = together(db, facts(db, subject, filters, scope), subject)
    window, step = filters.window, filters.step
    answer = overview.trend(db, filters, scope)

    def by_bin(over: Window) -> list[int]:
        days = [over.start + timedelta(days=n) for n in range(over.days)]
        calendar = calendar_named(filters.calendar)
        starts = sorted({max(calendar.bin_start(d, step, db.jurisdiction.week_start), over.start) for d in days})
        ends = [*(start - timedelta(days=1) for start in starts[1:]), over.end]
        return [filed(cases, Window(*span)) for span in zip(starts, ends, strict=True)]

    assert answer.attrs["step"] == step
    assert answer["n"].tolist() == by_bin(window)
    assert answer["n"].sum() == filed(cases, window)
    if step == "day":
        means = [filed(cases, Window(day - timedelta(days=6), day)) / 7 for day in answer["bin"]]
        assert answer["mean"].tolist() == pytest.approx(means)
    if filters.compared:
        before = by_bin(filters.compared)[: len(answer)]
        assert answer["compared"].tolist()[: len(before)] == before
    else:
        assert answer["compared"].isna().all()
    assert answer["provisional"].sum() == (window.end == TODAY)


def test_trend_of_a_day_is_told_by_the_hour(demo_claims: Claims) -> None:
    db = demo_claims("ir")
    day = TODAY - timedelta(days=3)
    filters = Filters(TODAY, "jalali", "custom", day, day, subject="disputes")
    answer = overview.trend(db, filters, NATION)
    frame = facts(db, "disputes", filters, NATION)
    hours = pd.to_datetime(frame["opened_at"], utc=True).dt.tz_convert(db.jurisdiction.timezone).dt.hour
    for column, asked in (("n", day), ("compared", day - timedelta(days=1))):
        of_day = hours[frame["opened"] == asked]
        assert answer[column].tolist() == [float((of_day == hour).sum()) for hour in range(24)]
    assert answer.attrs["step"] == "hour"


def test_hours_that_are_not_held_are_neither_shown_nor_compared_with(demo_claims: Claims) -> None:
    """A zero would be taken for a count: a day long ago is one bin, a year before today nothing to compare with."""
    db = demo_claims("ir")
    long_ago = TODAY - timedelta(days=400)
    filters = Filters(TODAY, "jalali", "custom", long_ago, long_ago)
    answer = overview.trend(db, filters, NATION)
    assert answer.attrs["step"] == "day"
    assert answer["n"].tolist() == [filed(facts(db, "registrations", filters, NATION), filters.window)]
    today = overview.trend(db, Filters(TODAY, "jalali", "today", compare="year"), NATION)
    assert today.attrs["step"] == "hour"
    assert today["compared"].isna().all()


def test_a_day_of_procedures_is_one_bin_where_some_are_kept_apart(demo_claims: Claims) -> None:
    """Hours are not held by procedure, so a total without the notices has none."""
    db = demo_claims("vn")
    day = TODAY - timedelta(days=3)
    filters = Filters(TODAY, "gregorian", "custom", day, day, subject="procedures")
    answer = overview.trend(db, filters, NATION)
    everything = facts(db, "procedures", filters, NATION)
    assert answer["n"].tolist() == [filed(together(db, everything, "procedures"), filters.window)]
    assert answer["n"].sum() < filed(everything, filters.window)


@every_question
@pytest.mark.parametrize("subject", SUBJECTS)
def test_provinces(demo_claims: Claims, jurisdiction: str, seed: int, subject: str) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = question(db, seed, subject=subject)
    cases = together(db, facts(db, subject, filters, scope), subject)
    answer = overview.provinces(db, filters, scope).set_index("province")
    seen = {p.code for p in db.jurisdiction.provinces}
    seen &= set(filters.provinces or seen) & set(scope.provinces or seen)
    assert set(answer.index) == seen
    name = "registered" if subject == "registrations" else "opened"
    window = filters.window
    for province, row in answer.iterrows():
        mine = cases[cases["province"] == province]
        people = db.jurisdiction.province(str(province)).population
        assert people
        assert row[name] == filed(mine, window)
        assert row[f"{name}_per_100k"] == pytest.approx(filed(mine, window) * 100_000 / people)
        assert row["backlog"] == len(open_on(mine, window.end))
        if subject == "registrations":
            insured = mine[mine["category"] != "special_support"]
            decided = insured[within(insured["decided"], window.start, window.end)]
            n = decided["outcome"].isin(["eligible", "not_eligible"]).sum()
            assert row["decided"] == n
            assert (
                pd.isna(row["eligibility_rate"])
                if n == 0
                else row["eligibility_rate"] == pytest.approx((decided["outcome"] == "eligible").sum() / n)
            )
        else:
            assert row["closed"] == within(mine["closed"], window.start, window.end).sum()


@every_question
def test_procedures(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = question(db, seed)
    frame, window = facts(db, "procedures", filters, scope), filters.window
    days = [window.start + timedelta(days=n) for n in range(window.days)]
    worked = sum(db.jurisdiction.workdays.is_working(day) for day in days if day <= db.today())
    answer = overview.procedures(db, filters, scope).set_index("category")
    assert list(answer.index) == [p.key for p in sorted(db.jurisdiction.procedures, key=lambda p: p.order)]
    for category, row in answer.iterrows():
        mine = frame[frame["category"] == category]
        closed = mine[within(mine["closed"], window.start, window.end)]
        limited = closed["timing"].isin(["early", "on_time", "late"]).sum()
        assert (row["received"], row["finished"], row["n_limit"]) == (filed(mine, window), len(closed), limited)
        assert row["backlog"] == len(open_on(mine, window.end))
        if worked:
            assert row["opened"] == pytest.approx(filed(mine, window) / worked)
            assert row["closed"] == pytest.approx(len(closed) / worked)
        in_time = closed["timing"].isin(["early", "on_time"]).sum()
        assert pd.isna(row["on_time"]) if limited == 0 else row["on_time"] == pytest.approx(in_time / limited)


@every_question
def test_registered_today(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = question(db, seed)
    frame = facts(db, "registrations", filters, scope)
    hours = pd.to_datetime(frame["opened_at"], utc=True).dt.tz_convert(db.jurisdiction.timezone).dt.hour
    answer = overview.registered_today(db, filters, scope).iloc[0]
    now = datetime.now(db.jurisdiction.timezone).hour
    assert answer["value"] == (frame["opened"] == TODAY).sum()
    weeks: list[date] = [TODAY - timedelta(weeks=week) for week in range(1, 5)]
    usual = (frame["opened"].isin(weeks) & (hours <= now)).sum() / 4
    assert answer["compared"] == (usual if frame["opened"].isin(weeks).any() else None)


@pytest.mark.parametrize("jurisdiction", ["ir", "vn"])
@pytest.mark.parametrize("days", [92, 93, 500])
def test_the_course_of_eligibility(demo_claims: Claims, jurisdiction: str, days: int) -> None:
    """A point a day with decisions; over a long period a point a month of the official calendar."""
    db = demo_claims(jurisdiction)
    window = Window(TODAY - timedelta(days=days - 1), TODAY)
    filters = Filters(TODAY, "gregorian", "custom", window.start, window.end)
    frame = facts(db, "registrations", filters, NATION)
    frame = frame[(frame["category"] != "special_support") & within(frame["decided"], window.start, window.end)]
    frame = frame[frame["outcome"].isin(["eligible", "not_eligible"])]
    calendar = calendar_named(db.jurisdiction.calendar)
    places = frame["decided"] if days <= 92 else frame["decided"].map(calendar.month_start)
    expected = (frame["outcome"] == "eligible").groupby(places).mean()
    answer = overview.eligibility(db, filters, NATION).iloc[0]
    assert answer["spark"] == pytest.approx(expected.sort_index().tolist())
