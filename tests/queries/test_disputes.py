"""Every question of the page of disputes, against the same counted from the facts themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from dashboard.claims.database import Database
from dashboard.filters import Filters, Window
from dashboard.scope import NATION, Scope
from dashboard.text.calendars import calendar_named
from queries import disputes, overview
from tests.queries.facts import CASES, TODAY, facts, open_on, question, within

Claims = Callable[[str], Database]
every_question = pytest.mark.parametrize(("jurisdiction", "seed"), CASES)


def asked(db: Database, seed: int, **fixed: Any) -> tuple[Filters, Scope, pd.DataFrame]:
    filters, scope = question(db, seed, subject="disputes", **fixed)
    return filters, scope, facts(db, "disputes", filters, scope)


def local(db: Database, moments: pd.Series[Any]) -> list[date | None]:
    days = pd.to_datetime(moments, utc=True).dt.tz_convert(db.jurisdiction.timezone)
    return [None if pd.isna(day) else day.date() for day in days]


def inside(days: pd.Series[Any] | list[date | None], window: Window) -> int:
    return sum(day is not None and window.start <= day <= window.end for day in days)


@every_question
def test_headlines(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope, frame = asked(db, seed)
    window, compared = filters.window, filters.compared

    def clearance(over: Window) -> float | None:
        opened = inside(frame["opened"], over)
        return inside(frame["closed"], over) / opened if opened else None

    opened = disputes.opened(db, filters, scope).iloc[0]
    assert opened["value"] == sum(opened["spark"]) == inside(frame["opened"], window)
    assert opened["compared"] == (inside(frame["opened"], compared) if compared else None)
    answer = disputes.clearance(db, filters, scope).iloc[0]
    assert (answer["value"], answer["n"]) == (clearance(window), inside(frame["opened"], window))
    assert answer["compared"] == (clearance(compared) if compared else None)


@every_question
def test_petitions_with_one_type_of_claim(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    """Whatever card can count them counts each petition that carries the type once."""
    db = demo_claims(jurisdiction)
    keys = [code.key for code in db.jurisdiction.codes["claim_types"]]
    key = keys[seed % len(keys)]
    filters, scope, frame = asked(db, seed, trait=f"claim_types:{key}")
    assert filters.claim == key
    assert not filters.whole_months
    everything = frame
    frame = frame[frame["claim_types"].map(lambda types: key in (types or [])).astype(bool)]
    window = filters.window
    filed, gone = inside(frame["opened"], window), inside(frame["closed"], window)
    answer = disputes.opened(db, filters, scope).iloc[0]
    assert answer["value"] == sum(answer["spark"]) == filed
    assert disputes.clearance(db, filters, scope).iloc[0]["value"] == (gone / filed if filed else None)
    closed = frame[within(frame["closed"], window.start, window.end)]
    assert disputes.outcomes(db, filters, scope).set_index("outcome")["closed"].to_dict() == (
        closed["outcome"].value_counts().to_dict()
    )
    flow = disputes.flow(db, filters, scope).groupby("series")["value"].sum()
    assert (flow["opened"], flow["closed"]) == (filed, gone)
    assert disputes.stock(db, filters, scope)["n"].iloc[-1] == len(open_on(frame, window.end))
    still = overview.disputes_open(db, filters, scope).iloc[0]
    assert still["value"] == len(open_on(frame, window.end))
    now = sorted((TODAY - day).days for day in frame[frame["closed_at"].isna()]["opened"])
    assert still["age"] == (now[(len(now) - 1) // 2] if now else None)
    shares = disputes.claims(db, filters, scope)
    assert set(shares["claim_type"]) <= {key}
    assert shares["n"].sum() == inside(everything["opened"], window)


@every_question
def test_appeals(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope, frame = asked(db, seed, channels=())
    served, lodged = (inside(local(db, frame[name]), filters.window) for name in ("served_at", "appealed_at"))
    answer = disputes.appealed(db, filters, scope).iloc[0]
    assert (answer["value"], answer["n"]) == (lodged / served if served else None, served)


@every_question
def test_settlements_and_judicial_reviews(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope, frame = asked(db, seed, channels=())
    conciliated, reviewed = (
        pd.Series(local(db, frame[f"{name}_at"]), index=frame.index, dtype=object)
        for name in ("conciliation", "judicial_review")
    )
    ruled = frame["ruling_at"].notna()

    def over(window: Window) -> dict[str, tuple[int, int]]:
        held = frame[within(conciliated, window.start, window.end)]
        closed = within(frame["closed"], window.start, window.end)
        early = frame[closed & ~ruled]
        return {
            "agreed": ((held["outcome"] == "settled").sum(), len(held)),
            "settled_unruled": ((early["outcome"] == "settled").sum(), closed.sum()),
            "reviewed": (inside(reviewed, window), (closed & ruled).sum()),
        }

    now = over(filters.window)
    before = over(filters.compared) if filters.compared else {}
    for name, (part, n) in now.items():
        answer = getattr(disputes, name)(db, filters, scope).iloc[0]
        assert (answer["value"], answer["n"]) == (part / n if n else None, n)
        then, whole = before.get(name, (0, 0))
        assert answer["compared"] == (then / whole if whole else None)


@every_question
def test_flow_and_stock(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope, frame = asked(db, seed)
    window = filters.window
    calendar = calendar_named(filters.calendar)
    step = filters.step
    days = [window.start + timedelta(days=n) for n in range(window.days)]
    starts = sorted({max(calendar.bin_start(day, step, db.jurisdiction.week_start), window.start) for day in days})
    spans = [
        Window(*span) for span in zip(starts, [*(d - timedelta(days=1) for d in starts[1:]), window.end], strict=True)
    ]
    flow = disputes.flow(db, filters, scope)
    for series in ("opened", "closed"):
        of_series = flow[flow["series"] == series]
        assert of_series["bin"].tolist() == starts
        assert of_series["value"].tolist() == [inside(frame[series], span) for span in spans]
    closed = flow[flow["series"] == "closed"]
    for rate, span in zip(closed["clearance"], spans, strict=True):
        opened = inside(frame["opened"], span)
        assert pd.isna(rate) if not opened else rate == pytest.approx(inside(frame["closed"], span) / opened)
    stock = disputes.stock(db, filters, scope)
    assert stock["n"].tolist() == [len(open_on(frame, span.end)) for span in spans]
    assert stock["provisional"].sum() == flow["provisional"].sum() / 2 == (window.end == TODAY)
    if filters.compared:
        assert stock["compared"].iloc[0] in {
            len(open_on(frame, filters.compared.start + timedelta(days=n))) for n in range(31)
        }


@every_question
def test_backlog_age(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope, frame = asked(db, seed)
    now = frame[frame["closed_at"].isna()]
    ages = now["opened"].map(lambda day: (TODAY - day).days)
    bands = {"over_90": ages > 90, "to_90": ages.between(31, 90), "to_30": ages.between(8, 30), "to_7": ages < 8}
    answer = disputes.backlog_age(db, filters, scope)
    assert set(answer["category"]) == set(now["category"])
    assert list(answer["part"].unique()) == (list(bands) if len(now) else [])
    for row in answer.itertuples():
        assert row.n == (bands[row.part] & (now["category"] == row.category)).sum()


@every_question
def test_claims(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope, frame = asked(db, seed)
    filed = frame[within(frame["opened"], filters.window.start, filters.window.end)]
    answer = disputes.claims(db, filters, scope)
    assert set(answer["province"]) == set(filed["province"])
    for row in answer.itertuples():
        mine = filed[filed["province"] == row.province]
        carrying = sum(row.claim_type in types for types in mine["claim_types"])
        assert (row.n, row.claims, row.claim_share) == (len(mine), carrying, pytest.approx(carrying / len(mine)))


def test_claims_are_more_than_petitions(demo_claims: Claims) -> None:
    db = demo_claims("ir")
    answer = disputes.claims(db, Filters(TODAY, "jalali", "year"), NATION)
    assert answer["claims"].sum() > answer.drop_duplicates("province")["n"].sum()


@every_question
def test_filers_and_outcomes(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope, frame = asked(db, seed, channels=())
    window = filters.window
    for query, day, column in ((disputes.filers, "opened", "filer"), (disputes.outcomes, "closed", "outcome")):
        expected = frame[within(frame[day], window.start, window.end)][column].value_counts()
        answer = query(db, filters, scope).set_index(column)
        assert answer[day].to_dict() == expected.to_dict()
        assert answer["share"].to_dict() == pytest.approx((expected / expected.sum()).to_dict())


def test_stages_are_timed_from_the_step_before(demo_claims: Claims) -> None:
    db = demo_claims("ir")
    filters = Filters(TODAY, "jalali", "custom", TODAY - timedelta(days=700), TODAY)
    frame = facts(db, "disputes", filters, NATION)
    answer = disputes.stages(db, filters, NATION).set_index("stage")
    assert list(answer.index) == [stage for stage in disputes.STAGES if stage in answer.index]
    ends = {"hearing": ("opened_at", "hearing_at"), "ruling_after_hearing": ("hearing_at", "ruling_at")}
    months = calendar_named("jalali").month_start(filters.window.start)
    for stage, (since, at) in ends.items():
        pairs = zip(local(db, frame[since]), local(db, frame[at]), strict=True)
        days = sorted((end - start).days for start, end in pairs if start and end and end >= months)
        assert answer.loc[stage, "n"] == len(days)
        assert answer.loc[stage, "median"] == pytest.approx(days[(len(days) - 1) // 2], rel=0.16)
    assert answer.loc["ruling_after_hearing", "limit"] == 7
    assert pd.isna(answer.loc["hearing", "limit"])


@pytest.mark.parametrize("seed", range(5))
def test_limits(demo_claims: Claims, seed: int) -> None:
    """Iran's: 7 days from hearing to ruling, 15 from service to appeal, 30 from appeal to ruling, 90 to the court."""
    db = demo_claims("ir")
    filters, scope, frame = asked(db, seed, channels=())
    calendar = calendar_named("jalali")
    months = Window(calendar.month_start(filters.window.start), calendar.next_month(filters.window.end))
    answer = disputes.limits(db, filters, scope).set_index("step")
    assert set(answer["kind"]) == {"law", "by_law"}
    for step, days, since, at in (
        ("ruling", 7, "hearing_at", "ruling_at"),
        ("appeal", 15, "served_at", "appealed_at"),
        ("settlement_ruling", 30, "appealed_at", "appeal_ruling_at"),
        ("judicial_review", 90, "closed_at", "judicial_review_at"),
    ):
        pairs = zip(local(db, frame[since]), local(db, frame[at]), strict=True)
        spent = [(end - start).days for start, end in pairs if start and end and months.start <= end < months.end]
        assert answer.loc[step, "n"] == len(spent)
        assert answer.loc[step, "late"] == sum(each > days for each in spent)


def test_where_no_limit_is_set_that_is_an_answer(demo_claims: Claims) -> None:
    answer = disputes.limits(demo_claims("vn"), Filters(TODAY, "gregorian", "year"), NATION)
    assert answer.empty
    assert answer.attrs["observed"]


def test_one_day_of_one_province_without_petitions(demo_claims: Claims) -> None:
    db = demo_claims("ir")
    filters = replace(Filters(TODAY, "jalali", "custom", date(1991, 1, 1), date(1991, 1, 1)), provinces=("IR-30",))
    assert disputes.claims(db, filters, NATION).empty
    assert disputes.stages(db, filters, NATION).empty
    assert disputes.flow(db, filters, NATION)["value"].tolist() == [0, 0]
    assert disputes.clearance(db, filters, NATION).iloc[0]["value"] is None
