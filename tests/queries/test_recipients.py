"""Recipients: their number, states and months left, who comes and goes, and the money, counted from the facts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pandas as pd
import pytest

from dashboard.claims.database import Database
from dashboard.filters import Filters, Window
from dashboard.scope import NATION, Scope
from dashboard.text.calendars import calendar_named
from queries import recipients
from tests.queries.facts import CASES, TODAY, facts, open_on, question, within

Claims = Callable[[str], Database]
every_question = pytest.mark.parametrize(("jurisdiction", "seed"), CASES)


def benefits(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    return facts(db, "benefits", filters, scope)


@every_question
def test_run_off_in_money(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = question(db, seed, channels=(), categories=())
    now = benefits(db, filters, scope)
    now = now[now["closed"].isna() & ~(now["suspended_at"].notna() & now["resumed_at"].isna())]
    stated = now[(now["months_granted"] > 0) & now["amount_granted"].notna()]
    monthly = stated["amount_granted"].astype("int64") // stated["months_granted"].astype("int64")
    calendar = calendar_named(db.jurisdiction.calendar)
    answer = recipients.run_off_money(db, filters, scope)
    if not monthly.sum():
        assert answer.empty
        return
    first = calendar.month_start(TODAY)
    assert answer["bin"].tolist() == [calendar.add_months(first, ahead) for ahead in range(7)]
    assert answer.attrs["n"] == len(now)
    before = int(monthly.sum())
    for row in answer.to_dict("records"):
        after = calendar.next_month(row["bin"])
        covered = stated["due_on"].map(lambda day, after=after: day is None or day >= after).astype(bool)
        assert row["n"] == monthly[covered].sum()
        assert row["ending"] == before - row["n"]
        before = row["n"]
    heads = recipients.run_off(db, filters, scope)
    assert heads["bin"].tolist() == answer["bin"].tolist()


def months_later(filters: Filters, months: int) -> date:
    return calendar_named(filters.calendar).add_months(TODAY, months)


@every_question
def test_recipients(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = question(db, seed, channels=())
    cases, window = benefits(db, filters, scope), filters.window
    answer = recipients.recipients(db, filters, scope).iloc[0]
    assert answer["value"] == len(open_on(cases, window.end))
    assert answer["compared"] == (len(open_on(cases, filters.compared.end)) if filters.compared else None)
    assert answer["spark"][0] == len(open_on(cases, window.start))


@every_question
def test_months_left(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = question(db, seed, channels=())
    now = benefits(db, filters, scope)
    now = now[now["closed"].isna()]
    rests = now["suspended_at"].notna() & now["resumed_at"].isna()
    answer = recipients.left(db, filters, scope).set_index("state")
    edges = [date.min, TODAY, *(months_later(filters, n) for n in (3, 6, 12)), date.max]
    parts = ("ended", "to_3", "to_6", "to_12", "over_12")
    for state, cases in (("suspended", now[rests]), ("active", now[~rests])):
        if cases.empty:
            assert state not in answer.index
            continue
        ends = cases["due_on"]
        for part, low, high in zip(parts, edges, edges[1:], strict=False):
            assert answer.at[state, part] == sum(pd.notna(day) and low <= day < high for day in ends), part
        assert answer.at[state, "unknown"] == ends.isna().sum()


@every_question
def test_run_off(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = question(db, seed, channels=())
    now = benefits(db, filters, scope)
    now = now[now["closed"].isna()]
    answer = recipients.run_off(db, filters, scope)
    if now.empty:
        assert answer.empty
        return
    calendar = calendar_named(filters.calendar)
    assert answer["bin"].iloc[0] == calendar.month_start(TODAY)
    assert len(answer) == 7
    for row in answer.to_dict("records"):
        last = calendar.next_month(row["bin"]) - timedelta(days=1)
        assert row["n"] == sum(pd.isna(day) or day > last for day in now["due_on"])
    assert answer["n"].iloc[0] + answer["ending"].iloc[0] == len(now)
    assert (-answer["n"].diff().iloc[1:]).tolist() == answer["ending"].iloc[1:].tolist()


@every_question
def test_movement(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = question(db, seed, channels=())
    cases, window = benefits(db, filters, scope), filters.window
    ended = cases[within(cases["closed"], window.start, window.end)]
    answer = recipients.movement(db, filters, scope)
    bins = sorted(set(answer["bin"]))
    assert bins[0] == window.start
    assert answer.groupby("series")["bin"].nunique().eq(len(bins)).all()
    assert answer.attrs["step"] != "day" or window.days <= 31
    totals = answer.groupby("series")["value"].sum()
    assert totals["opened"] == within(cases["opened"], window.start, window.end).sum()
    assert totals.drop("opened").sum() == len(ended)
    reasons = ended["outcome"].value_counts()
    apart = [series for series in totals.index if series not in ("opened", "other")]
    assert len(apart) == min(3, len(reasons))
    assert {reason: totals[reason] for reason in apart} == {reason: reasons[reason] for reason in apart}
    assert "other" not in totals.index or reasons[apart].min() >= reasons.drop(apart).max()
    for place, series in ((0, "opened"), (len(bins) - 1, "opened")):
        end = bins[place + 1] - timedelta(days=1) if place + 1 < len(bins) else window.end
        counted = within(cases["opened"], bins[place], end).sum()
        assert answer[(answer["series"] == series) & (answer["bin"] == bins[place])]["value"].sum() == counted


def test_movement_by_day_when_asked_for(demo_claims: Claims) -> None:
    filters = Filters(TODAY, "jalali", "90d", chosen_step="day")
    assert recipients.movement(demo_claims("ir"), filters, NATION).attrs["step"] == "day"


@every_question
def test_money(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = question(db, seed, channels=())
    calendar = calendar_named(db.jurisdiction.calendar)
    cases = benefits(db, filters, scope)
    month = cases["opened"].map(calendar.month_start)
    answer = recipients.money(db, filters, scope).set_index("bin")
    last = calendar.month_start(filters.window.end)
    first = min(calendar.add_months(last, -12), calendar.month_start(filters.window.start))
    inside = cases[(month >= first) & (month <= last)].groupby(month)[["amount_granted", "amount_paid"]].sum()
    assert answer["granted"].sum() == inside["amount_granted"].sum()
    for start, row in answer.iterrows():
        expected = inside.loc[start] if start in inside.index else {"amount_granted": 0, "amount_paid": 0}
        assert (row["granted"], row["paid"]) == (expected["amount_granted"], expected["amount_paid"])
        assert row["provisional"] == (start == calendar.month_start(TODAY))
    if len(answer):
        assert answer["granted"].iloc[0] > 0
    window = Window(calendar.month_start(filters.window.start), calendar.next_month(last) - timedelta(days=1))
    established = cases[within(cases["opened"], window.start, window.end)]
    headline = recipients.granted(db, filters, scope).iloc[0]
    assert headline["n"] == len(established)
    assert headline["value"] == (established["amount_granted"].sum() if len(established) else None)
