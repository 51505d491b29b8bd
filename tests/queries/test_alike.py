"""Offices against all others: the same counted from the facts, and who is called outside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from dashboard.claims.cubes import OFFICE
from dashboard.claims.database import Database
from dashboard.filters import Filters, Window
from dashboard.scope import Scope
from dashboard.text.calendars import calendar_named
from queries import alike
from queries.chance import Binomial
from tests.queries.facts import CASES, TODAY, facts, question, within

Claims = Callable[[str], Database]
SUBJECTS = {"eligibility": "registrations", "returned": "registrations", "approved": "procedures", "ruled": "disputes"}
QUESTIONS = {
    "eligibility": alike.eligibility,
    "returned": alike.returned,
    "approved": alike.approved,
    "ruled": alike.ruled,
}


def days(db: Database, filters: Filters) -> Window:
    """By hand: a day that is no longer held is counted with its whole month."""
    calendar = calendar_named(db.jurisdiction.calendar)
    forgotten = filters.today - timedelta(days=OFFICE.keep_days)
    start, end = filters.window.start, filters.window.end
    if start < forgotten:
        start = calendar.month_start(start)
        if calendar.month_start(end) < forgotten:
            end = calendar.next_month(end) - timedelta(days=1)
    return Window(start, end)


def by_hand(db: Database, name: str, filters: Filters, scope: Scope) -> pd.DataFrame:
    """Cases the rate rests on and those counted of them, by office, whatever provinces and channels are chosen."""
    frame = facts(db, SUBJECTS[name], replace(filters, provinces=(), channels=()), scope)
    window = days(db, filters)
    if name in ("eligibility", "returned"):
        frame = frame[frame["category"] != "special_support"]
    if name == "returned":
        local = pd.to_datetime(frame["returned_at"], utc=True).dt.tz_convert(db.jurisdiction.timezone)
        back = pd.Series([None if pd.isna(at) else at.date() for at in local], index=frame.index, dtype=object)
        whole = frame[within(frame["opened"], window.start, window.end)]
        part = frame[within(back, window.start, window.end)]
    else:
        column, part_of, whole_of = {
            "eligibility": ("decided", ["eligible"], ["eligible", "not_eligible"]),
            "approved": ("closed", ["approved"], ["approved", "denied"]),
            "ruled": ("closed", ["for_petitioner", "partly"], ["for_petitioner", "partly", "against_petitioner"]),
        }[name]
        if name == "approved":
            frame = frame[frame["category"] == "benefit_grant"]
        done = frame[within(frame[column], window.start, window.end)]
        whole, part = done[done["outcome"].isin(whole_of)], done[done["outcome"].isin(part_of)]
    n, k = (cases.fillna({"office": ""}).groupby(["office", "province"]).size() for cases in (whole, part))
    return pd.DataFrame({"n": n, "k": k}).fillna(0).astype(int).reset_index()


@pytest.mark.parametrize(("jurisdiction", "seed"), CASES)
@pytest.mark.parametrize("name", QUESTIONS)
def test_rates_of_offices(demo_claims: Claims, jurisdiction: str, seed: int, name: str) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = question(db, seed)
    answer = QUESTIONS[name](db, filters, scope)
    expected = by_hand(db, name, filters, scope)
    mean = expected["k"].sum() / expected["n"].sum() if len(expected) else 0
    assert answer.attrs["mean"] == pytest.approx(mean)
    assert answer.attrs["cases"] == expected["n"].sum()
    offices = expected[(expected["n"] > 0) & (expected["office"] != "")]
    if filters.provinces:
        offices = offices[offices["province"].isin(filters.provinces)]
    offices = offices.set_index("office")
    assert set(answer["key"]) == set(offices.index)
    for row in answer.to_dict("records"):
        own = offices.loc[row["key"]]
        n, k = int(own["n"]), int(own["k"])
        assert (row["n"], row["province"]) == (n, own["province"])
        assert row["rate"] == pytest.approx(k / n)
        assert row["off"] == pytest.approx(k / n - mean)
        judged = n >= 30 and 0 < mean < 1
        assert row["judged"] == judged
        chance = Binomial(n, mean)
        above, below = judged and chance.at_least(k) <= 0.001, judged and chance.at_most(k) <= 0.001
        assert row["outside"] == int(above) - int(below)
        assert pd.isna(row["low"]) if not judged else (row["low"], row["high"]) == pytest.approx(chance.limits(0.001))
    assert answer.attrs["by_chance"] == pytest.approx(0.002 * answer["judged"].sum())
    assert ("start" in answer.attrs) == (days(db, filters) != filters.window)


@pytest.mark.parametrize(("jurisdiction", "seed"), CASES)
def test_overridden_by_province(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = question(db, seed)
    answer = alike.overridden(db, filters, scope)
    frame = facts(db, "registrations", replace(filters, provinces=(), channels=()), scope)
    calendar = calendar_named(db.jurisdiction.calendar)
    start = calendar.month_start(filters.window.start)
    end = calendar.next_month(calendar.month_start(filters.window.end)) - timedelta(days=1)
    frame = frame[(frame["category"] != "special_support") & within(frame["decided"], start, end)]
    frame = frame[frame["match"].notna() & frame["outcome"].isin(["eligible", "not_eligible"])]
    against = (frame["match"] == "covered") != (frame["outcome"] == "eligible")
    assert answer.attrs["mean"] == pytest.approx(against.mean() if len(frame) else 0)
    own = frame.assign(against=against).groupby("province")["against"].agg(["size", "sum"])
    if filters.provinces:
        own = own[own.index.isin(filters.provinces)]
    assert answer.set_index("key")["n"].to_dict() == own["size"].to_dict()
    assert answer.set_index("key")["rate"].to_dict() == pytest.approx((own["sum"] / own["size"]).to_dict())


def judged(n: list[int], k: list[int]) -> pd.DataFrame:
    return alike.judged(pd.DataFrame({"key": [f"o{i}" for i in range(len(n))], "province": "p", "n": n, "k": k}))


DEVIATION = (10_000 * 0.2 * 0.8) ** 0.5


def test_few_cases_are_never_accused() -> None:
    answer = judged([29, 30, 10_000], [29, 30, 2_000])
    assert answer["outside"].tolist() == [0, 1, 0]
    assert answer["judged"].tolist() == [False, True, True]
    assert alike.outside(answer)["key"].tolist() == ["o1"]


def test_cases_of_no_known_office_count_for_the_mean_only() -> None:
    cases = pd.DataFrame({"key": ["", "o1"], "province": "p", "n": [900, 100], "k": [0, 100]})
    answer = alike.judged(cases)
    assert answer["key"].tolist() == ["o1"]
    assert (answer.attrs["mean"], answer.attrs["cases"]) == (0.1, 1000)


def test_far_outside_is_sure_and_just_outside_is_not() -> None:
    """Of 101 offices, 3.4 standard deviations off may be chance (0.05 ÷ 101 asks for 3.5); ten off is not."""
    ones = [round(2000 + DEVIATION * z) for z in np.linspace(-1.2, 1.2, 99)]
    answer = judged([10_000] * 101, [*ones, round(2000 + 3.3 * DEVIATION), round(2000 - 10 * DEVIATION)])
    found = alike.outside(answer)
    assert answer.attrs["spread"] is None
    assert found["key"].tolist() == ["o100", "o99"]
    assert [reasons[0]["code"] for reasons in found["reasons"]] == ["alike_below_sure", "alike_above"]
    assert found["reasons"][0][0]["values"]["offices"] == found.attrs["observed"] == 101


def test_offices_that_all_vary_are_said_to() -> None:
    """Where everybody is four times as far off as chance makes them, nobody stands out for sure."""
    answer = judged([10_000] * 40, [round(2000 + 4 * DEVIATION * z) for z in np.linspace(-2, 2, 40)])
    assert answer.attrs["spread"] > 3
    assert (answer["outside"] != 0).sum() > 10
    assert not answer["sure"].any()


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2026, 11, 1), date(2026, 11, 22), (date(2026, 11, 1), date(2026, 11, 22))),
        (date(2026, 8, 20), date(2026, 8, 25), (date(2026, 8, 20), date(2026, 8, 25))),
        (date(2026, 3, 10), date(2026, 11, 20), (date(2026, 3, 1), date(2026, 11, 20))),
        (date(2026, 3, 10), date(2026, 8, 20), (date(2026, 3, 1), date(2026, 8, 31))),
        (date(2024, 2, 10), date(2024, 2, 12), (date(2024, 2, 1), date(2024, 2, 29))),
    ],
)
def test_days_no_longer_held_are_counted_with_their_month(
    demo_claims: Claims, start: date, end: date, expected: tuple[date, date]
) -> None:
    filters = Filters(TODAY, "gregorian", "custom", start, end)
    assert alike.countable(demo_claims("vn"), filters) == Window(*expected)
