"""Eligibility: decisions, the register against them, and the way to the payment, counted from the facts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pandas as pd
import pytest

from dashboard.claims.database import Database
from dashboard.filters import Filters, Window
from dashboard.scope import Scope
from dashboard.text.calendars import calendar_named
from queries import eligibility, promptness
from tests.queries.facts import CASES, TODAY, facts, question, within

Claims = Callable[[str], Database]
every_question = pytest.mark.parametrize(("jurisdiction", "seed"), CASES)
MOMENTS = {"referred": "referred_at", "established": "established_at", "account": "account_at", "paid": "paid_at"}
SPEEDS = {"at_once": (0, 0), "in_week": (1, 7), "in_month": (8, 30), "later": (31, 99999)}


def whole(db: Database, window: Window) -> Window:
    """The official months that a window touches."""
    calendar = calendar_named(db.jurisdiction.calendar)
    return Window(calendar.month_start(window.start), calendar.next_month(window.end) - timedelta(days=1))


def applications(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Registrations with the local day of every step."""
    frame = facts(db, "registrations", filters, scope)
    for step, column in MOMENTS.items():
        local = pd.to_datetime(frame[column], utc=True).dt.tz_convert(db.jurisdiction.timezone)
        frame[step] = pd.Series([None if pd.isna(at) else at.date() for at in local], index=frame.index, dtype=object)
    return frame


def insured(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["category"] != "special_support"]


def passed(frame: pd.DataFrame, step: str, window: Window) -> pd.DataFrame:
    return frame[within(frame[step], window.start, window.end)]


def answered(frame: pd.DataFrame, window: Window) -> pd.DataFrame:
    """The cases decided eligible or not in a window."""
    decided = passed(frame, "decided", window)
    return decided[decided["outcome"].isin(["eligible", "not_eligible"])]


def days_to(frame: pd.DataFrame, step: str) -> pd.Series[int]:
    return pd.Series(
        [max((day - opened).days, 0) for day, opened in zip(frame[step], frame["opened"], strict=True)],
        index=frame.index,
        dtype=int,
    )


@every_question
def test_the_rate_over_time(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = question(db, seed)
    cases = insured(applications(db, filters, scope))
    answer = eligibility.over_time(db, filters, scope)
    window = filters.window
    monthly = window.days > 92
    assert answer.attrs["step"] == ("month" if monthly else "day")
    starts = answer["bin"].tolist()
    assert starts[0] == window.start
    ends = [*(start - timedelta(days=1) for start in starts[1:]), window.end]
    calendar = calendar_named(db.jurisdiction.calendar)
    for row, end in zip(answer.to_dict("records"), ends, strict=True):
        assert calendar.month_start(end) <= row["bin"] if monthly else end == row["bin"] or row["bin"] == window.start
        decided = answered(cases, Window(row["bin"], end))
        assert row["decided"] == len(decided)
        rate = (decided["outcome"] == "eligible").mean()
        assert pd.isna(row["n"]) if not len(decided) else row["n"] == pytest.approx(rate)
        assert row["provisional"] == (end == TODAY)
    if filters.compared is None:
        assert answer["compared"].isna().all()
    elif not monthly:
        first = answered(cases, Window(filters.compared.start, filters.compared.start))
        expected = (first["outcome"] == "eligible").mean()
        assert answer["compared"].iloc[:1].tolist() == pytest.approx([expected], nan_ok=True)


@every_question
def test_rates_of_provinces(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = question(db, seed)
    decided = answered(insured(applications(db, filters, scope)), filters.window)
    answer = eligibility.provinces(db, filters, scope)
    expected = decided.groupby("province")["outcome"].agg(["size", lambda of: (of == "eligible").mean()])
    assert answer.set_index("province")["decided"].to_dict() == expected["size"].to_dict()
    rates = expected.iloc[:, 1].to_dict()
    assert answer.set_index("province")["eligibility_rate"].to_dict() == pytest.approx(rates)
    if len(decided):
        assert answer.attrs["mean"] == pytest.approx((decided["outcome"] == "eligible").mean())


@every_question
def test_reasons_of_refusal(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = question(db, seed)
    decided = answered(insured(applications(db, filters, scope)), whole(db, filters.window))
    refused = decided[decided["outcome"] == "not_eligible"]
    answer = eligibility.reasons(db, filters, scope)
    assert answer.set_index("reason")["refused"].to_dict() == refused["reason"].fillna("").value_counts().to_dict()
    assert answer["refused"].is_monotonic_decreasing
    assert answer["share"].sum() == pytest.approx(1 if len(refused) else 0)


@every_question
def test_how_soon_it_is_answered(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = question(db, seed, channels=())
    cases = passed(insured(applications(db, filters, scope)), "decided", whole(db, filters.window))
    days = days_to(cases, "decided")
    headline = eligibility.at_once(db, filters, scope).iloc[0]
    assert headline["n"] == len(cases)
    assert headline["value"] == (pytest.approx((days == 0).mean()) if len(cases) else None)
    answer = eligibility.speed(db, filters, scope).set_index("province")
    assert set(answer.index) == set(cases["province"])
    for name, (least, most) in SPEEDS.items():
        counted = cases[days.between(least, most)].groupby("province").size()
        assert answer[name].to_dict() == {p: counted.get(p, 0) for p in answer.index}


@every_question
def test_the_register_against_the_decision(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = question(db, seed, channels=())
    decided = answered(insured(applications(db, filters, scope)), whole(db, filters.window))
    known = decided[decided["match"].notna()]
    answer = eligibility.register_and_decision(db, filters, scope)
    expected = known.groupby(["match", "outcome"]).size()
    for row in answer.to_dict("records"):
        counted = {outcome: expected.get((row["match"], outcome), 0) for outcome in ("eligible", "not_eligible")}
        assert {outcome: row[outcome] for outcome in counted} == counted
        covered = row["match"] == "covered"
        assert (row["said"], row["by_hand"]) == (
            ("yes", counted["not_eligible"]) if covered else ("no", counted["eligible"])
        )
    assert set(answer["match"]) == set(known["match"])
    against = (known["match"] == "covered") != (known["outcome"] == "eligible")
    headline = eligibility.overridden(db, filters, scope).iloc[0]
    assert headline["n"] == len(known)
    assert headline["value"] == (pytest.approx(against.mean()) if len(known) else None)


@every_question
def test_steps(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = question(db, seed, channels=())
    cases, window = insured(applications(db, filters, scope)), whole(db, filters.window)
    decided = passed(cases, "decided", window)
    expected = {
        "opened": len(passed(cases, "opened", window)),
        "matched": int(passed(cases, "opened", window)["match"].notna().sum()),
        "decided": len(decided),
        "eligible": int((decided["outcome"] == "eligible").sum()),
        **{step: len(passed(cases, step, window)) for step in MOMENTS},
    }
    answer = eligibility.steps(db, filters, scope)
    assert answer["step"].tolist() == list(expected)
    assert answer["n"].tolist() == list(expected.values())
    assert answer["lost"].tolist()[1:] == [a - b for a, b in zip(answer["n"], answer["n"][1:], strict=False)]
    if expected["opened"]:
        assert answer["share"].tolist() == pytest.approx([n / expected["opened"] for n in expected.values()])
    rows = answer.set_index("step")
    for step in ("decided", "referred", "paid"):
        days = days_to(passed(cases, step, window), step).sort_values()
        if len(days):  # days are kept in bins, exact for a week and some 15 % wide beyond
            exact = int(days.iloc[(len(days) + 1) // 2 - 1])
            assert rows.at[step, "median"] == pytest.approx(exact, abs=0 if exact <= 7 else max(3, exact * 0.25))
    assert rows.loc[["opened", "matched", "eligible"], "median"].isna().all()


@every_question
def test_what_waits_between_ministry_and_social_security(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = question(db, seed, channels=())
    cases = applications(db, filters, scope)
    eligible = cases[cases["outcome"] == "eligible"]
    waits = {
        "to_refer": eligible["referred"].isna(),
        "to_establish": eligible["referred"].notna() & eligible["established"].isna(),
        "to_announce": eligible["established"].notna() & eligible["account"].isna(),
        "to_pay": eligible["account"].notna() & eligible["paid"].isna(),
    }
    answer = eligibility.between(db, filters, scope).set_index("province")
    assert set(answer.index) == set(eligible.loc[eligible["paid"].isna(), "province"])
    for gap, chosen in waits.items():
        counted = eligible[chosen].groupby("province").size()
        assert answer[gap].to_dict() == {p: counted.get(p, 0) for p in answer.index}
    waiting = eligible[eligible["paid"].isna()]
    assert eligibility.unpaid(db, filters, scope).iloc[0]["value"] == len(waiting)
    bands = eligibility.unpaid_ages(db, filters, scope).set_index("province")
    ages = waiting["opened"].map(lambda day: (TODAY - day).days)
    for band, least, most in (("to_7", 0, 7), ("to_30", 8, 30), ("to_90", 31, 90), ("over_90", 91, 99999)):
        counted = waiting[ages.between(least, most)].groupby("province").size()
        assert bands[band].to_dict() == {p: counted.get(p, 0) for p in bands.index}


@every_question
def test_promptness(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = question(db, seed, channels=())
    cases = insured(applications(db, filters, scope))
    answer = promptness.promptness(db, filters, scope)
    calendar = calendar_named(db.jurisdiction.calendar)
    last = calendar.month_start(filters.window.end)
    assert answer.empty or answer["bin"].max() <= last
    assert answer.empty or answer["bin"].min() >= calendar.add_months(last, -12)
    limited = jurisdiction == "vn"
    assert ("in_limit" in set(answer["series"])) == (limited and not answer.empty)
    for row in answer.to_dict("records"):
        end = calendar.next_month(row["bin"]) - timedelta(days=1)
        of_month = passed(cases, "opened", Window(row["bin"], end))
        n, part, old = by_hand(db, of_month, row["series"], end)
        assert row["n"] == n, row
        assert pd.isna(row["value"]) if not (old and n) else row["value"] == pytest.approx(part / n), row


def by_hand(db: Database, filed: pd.DataFrame, series: str, end: date) -> tuple[int, int, bool]:
    """What a share of the cases filed in a month rests on, what is counted of it, and whether it is old enough."""
    if series == "in_limit":
        timed = filed["timing"].isin(["early", "on_time", "late"])
        overdue = filed["closed"].isna() & filed["due_on"].map(lambda day: pd.notna(day) and day < TODAY).astype(bool)
        due = db.jurisdiction.workdays.add(end, 20)
        return int((timed | overdue).sum()), int(filed["timing"].isin(["early", "on_time"]).sum()), due < TODAY
    step, _, days = series.partition("_")
    whole_of = filed if step == "decided" else filed[filed["outcome"] == "eligible"]
    done = filed[filed[step].notna()]
    return len(whole_of), int((days_to(done, step) <= int(days)).sum()), end + timedelta(days=int(days)) < TODAY


def test_the_demo_has_what_is_asked(demo_claims: Claims) -> None:
    """Else the tests above would hold nothing against nothing."""
    for jurisdiction in ("ir", "vn"):
        db = demo_claims(jurisdiction)
        filters, scope = Filters(TODAY, db.jurisdiction.calendar, "custom", date(2020, 1, 1), TODAY), Scope(None)
        assert eligibility.overridden(db, filters, scope)["value"].iloc[0] > 0
        assert eligibility.between(db, filters, scope)["to_establish"].sum() > 0
        assert promptness.promptness(db, filters, scope)["value"].notna().any()
