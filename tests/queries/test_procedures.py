"""Every question of the page of procedures, against the same counted from the facts themselves."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pandas as pd
import pytest

from dashboard.claims.database import Database
from dashboard.filters import Filters, Window
from dashboard.scope import NATION, Scope
from dashboard.text.calendars import calendar_named
from queries import online, overview, procedures
from tests.queries.facts import CASES, TODAY, facts, open_on, question, together, within

Claims = Callable[[str], Database]
every_question = pytest.mark.parametrize(("jurisdiction", "seed"), CASES)


def asked(db: Database, seed: int, **fixed: Any) -> tuple[Filters, Scope, pd.DataFrame]:
    filters, scope = question(db, seed, subject="procedures", **fixed)
    return filters, scope, facts(db, "procedures", filters, scope)


def during(frame: pd.DataFrame, window: Window, column: str = "opened") -> pd.DataFrame:
    return frame[within(frame[column], window.start, window.end)]


@every_question
def test_headlines(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope, every = asked(db, seed)
    frame = together(db, every, "procedures")
    window, compared = filters.window, filters.compared

    def pace(over: Window) -> float | None:
        days = [over.start + timedelta(days=n) for n in range(over.days)]
        worked = sum(db.jurisdiction.workdays.is_working(day) for day in days if day <= db.today())
        return len(during(frame, over, "closed")) / worked if worked else None

    received = procedures.received(db, filters, scope).iloc[0]
    assert received["value"] == sum(received["spark"]) == len(during(frame, window))
    assert received["compared"] == (len(during(frame, compared)) if compared else None)
    closed = procedures.closed_per_day(db, filters, scope).iloc[0]
    assert (closed["value"], closed["n"]) == (pytest.approx(pace(window)), len(during(frame, window, "closed")))
    assert closed["compared"] == (pytest.approx(pace(compared)) if compared else None)
    waiting = procedures.waiting(db, filters, scope).iloc[0]
    assert waiting["value"] == waiting["spark"][-1] == len(open_on(frame, window.end))
    assert waiting["spark"][0] == len(open_on(frame, window.start))
    assert waiting["compared"] == (len(open_on(frame, compared.end)) if compared else None)
    now = frame[frame["closed_at"].isna()]
    assert waiting["overdue"] == sum(due is not None and due < TODAY for due in now["due_on"])


@every_question
@pytest.mark.parametrize("apart", [False, True])
def test_chosen_procedures_are_counted_alone(demo_claims: Claims, jurisdiction: str, seed: int, apart: bool) -> None:
    """Also one that stands in no total, where nothing else is chosen."""
    db = demo_claims(jurisdiction)
    keys = [procedure.key for procedure in db.jurisdiction.procedures if procedure.kept_apart is apart]
    if not keys:
        pytest.skip("nothing is kept apart here")
    chosen = tuple(random.Random(seed).sample(keys, min(2, len(keys))))
    filters, scope, every = asked(db, seed, categories=chosen)
    frame = every[every["category"].isin(chosen)]
    filed, closed = (during(frame, filters.window, column) for column in ("opened", "closed"))
    assert procedures.received(db, filters, scope).iloc[0]["value"] == len(filed)
    assert procedures.closed_per_day(db, filters, scope).iloc[0]["n"] == len(closed)
    assert procedures.waiting(db, filters, scope).iloc[0]["value"] == len(open_on(frame, filters.window.end))
    assert procedures.backlog_by_turn(db, filters, scope)["n"].sum() == frame["closed_at"].isna().sum()
    each = overview.procedures(db, filters, scope)
    assert set(each["category"]) == set(chosen)
    for row in each.itertuples():
        assert row.received == (filed["category"] == row.category).sum()
        assert row.finished == (closed["category"] == row.category).sum()
    assert each.attrs["n"] == len(filed)


@every_question
def test_on_time_by_filing_cohort(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    """A case open past its due day is late as well; one that is not yet due says nothing."""
    db = demo_claims(jurisdiction)
    filters, scope, every = asked(db, seed, channels=())
    frame = together(db, every, "procedures")

    def come_to(cases: pd.DataFrame) -> dict[str, int]:
        overdue = cases["closed_at"].isna() & cases["due_on"].map(lambda due: due is not None and due < TODAY)
        counted = {part: int((cases["timing"] == part).sum()) for part in ("late", "on_time", "early")}
        return {"open_overdue": int(overdue.sum()), **counted}

    def rate(over: Window) -> tuple[float | None, int]:
        counted = come_to(during(frame, over))
        n = sum(counted.values())
        return ((counted["on_time"] + counted["early"]) / n if n else None), n

    answer = procedures.on_time(db, filters, scope).iloc[0]
    parts = procedures.promptness(db, filters, scope)
    if jurisdiction == "ir":
        assert answer["measure"] == "closed_unlimited"
        assert answer["value"] == len(during(frame, filters.window, "closed"))
        assert parts.empty
        assert parts.attrs["observed"]
        return
    assert (answer["value"], answer["n"]) == rate(filters.window)
    assert answer["compared"] == (rate(filters.compared)[0] if filters.compared else None)
    filed = during(frame, filters.window)
    for category, of_category in parts.groupby("category"):
        counted = come_to(filed[filed["category"] == category])
        assert of_category.set_index("part")["n"].to_dict() == counted
        assert list(of_category["part"]) == list(counted)
        assert of_category["share"].sum() == pytest.approx(1)
    assert parts["n"].sum() == answer["n"]


@every_question
def test_backlog_by_who_must_act(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope, every = asked(db, seed)
    now = together(db, every, "procedures")
    now = now[now["closed_at"].isna()]
    claimant = now["returned_at"].notna() & now["resubmitted_at"].isna()
    ages = now["opened"].map(lambda day: (TODAY - day).days)
    bands = {"over_90": ages > 90, "to_90": ages.between(31, 90), "to_30": ages.between(8, 30), "to_7": ages < 8}
    answer = procedures.backlog_by_turn(db, filters, scope)
    assert answer["n"].sum() == len(now)
    for row in answer.itertuples():
        mine = claimant if row.actor == "claimant" else ~claimant
        assert row.n == (mine & bands[row.part]).sum()


@every_question
def test_notices_stand_apart(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope, frame = asked(db, seed)
    answer = procedures.apart(db, filters, scope)
    if jurisdiction == "ir":
        assert answer.empty
        assert answer.attrs["observed"]
        return
    notices = frame[frame["category"] == "job_search_notice"]
    assert answer["n"].sum() == len(during(notices, filters.window))
    first, second = answer["bin"].iloc[:2]
    assert answer["n"].iloc[0] == len(during(notices, Window(first, second - timedelta(days=1))))
    if filters.compared and filters.compared.days == filters.window.days and filters.step == "day":
        assert answer["compared"].sum() == len(during(notices, filters.compared))


@every_question
def test_movement(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope, _ = asked(db, seed, channels=())
    benefits = facts(db, "benefits", filters, scope)
    answer = procedures.movement(db, filters, scope)
    zone = db.jurisdiction.timezone
    for series, column in (
        ("granted", "opened_at"),
        ("suspended", "suspended_at"),
        ("resumed", "resumed_at"),
        ("ended", "closed_at"),
    ):
        local = pd.to_datetime(benefits[column], utc=True).dt.tz_convert(zone)
        days = pd.Series([None if pd.isna(day) else day.date() for day in local], dtype=object)
        expected = int(within(days, filters.window.start, filters.window.end).sum())
        assert answer.loc[answer["series"] == series, "value"].sum() == expected


@every_question
def test_both_legs_of_transfers(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope, _ = asked(db, seed, channels=(), provinces=())
    moves = facts(db, "procedures", filters, NATION)
    moves = during(moves[moves["category"] == "benefit_transfer"], filters.window)
    seen = set(scope.provinces or (p.code for p in db.jurisdiction.provinces))
    answer = procedures.legs(db, filters, scope)
    sent, received = (moves[moves[name].isin(seen)][name].value_counts() for name in ("province", "to_province"))
    assert set(answer["province"]) == {*sent.index, *received.index}
    for row in answer.itertuples():
        assert (row.sent, row.received) == (sent.get(row.province, 0), received.get(row.province, 0))
        assert row.net == row.received - row.sent
    routes = procedures.routes(db, filters, scope)
    known = {(row.from_province, row.province): row.transfers for row in routes.itertuples()}
    arrived = moves[moves["to_province"].isin(seen)]
    ends = pd.concat([arrived["province"], arrived["to_province"]]).value_counts()
    beyond = ends.iloc[12] if len(ends) > 12 else 0
    among = arrived[arrived["province"].map(ends).gt(beyond) & arrived["to_province"].map(ends).gt(beyond)]
    for route, transfers in among.groupby(["province", "to_province"]).size().items():
        assert known[route] == transfers
    assert len({end for route in known for end in route}) <= 12
    for (sender, receiver), transfers in known.items():
        assert transfers == ((arrived["province"] == sender) & (arrived["to_province"] == receiver)).sum()


def test_the_nation_counts_a_transfer_once_in_either_leg(demo_claims: Claims) -> None:
    db = demo_claims("vn")
    filters = Filters(TODAY, "gregorian", "custom", TODAY - timedelta(days=700), TODAY)
    answer = procedures.legs(db, filters, NATION)
    assert answer["sent"].sum() == answer["received"].sum() > 0


@every_question
def test_online_shares(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope, frame = asked(db, seed, channels=())
    filed = during(frame, filters.window)
    by_office = [p.key for p in db.jurisdiction.procedures if p.ex_officio]
    assert by_office
    applied = together(db, filed[~filed["category"].isin(by_office)], "procedures")
    answer = online.of("procedures")(db, filters, scope).iloc[0]
    assert answer["measure"] == ("online_share" if jurisdiction == "ir" else "online_share_chosen")
    assert answer["n"] == len(applied)
    if len(applied):
        assert answer["value"] == (applied["channel"] == "online").sum() / len(applied)
    for row in procedures.online_by_procedure(db, filters, scope).itertuples():
        mine = filed[filed["category"] == row.category]
        assert row.opened == len(mine)
        if row.category in by_office:
            assert pd.isna(row.online_share)
        else:
            assert row.online_share == pytest.approx((mine["channel"] == "online").mean())


@every_question
def test_online_by_skill_in_whole_months(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope, frame = asked(db, seed, channels=())
    calendar = calendar_named(db.jurisdiction.calendar)
    after = calendar.next_month(filters.window.end)
    months = Window(calendar.month_start(filters.window.start), after - timedelta(days=1))
    by_office = [p.key for p in db.jurisdiction.procedures if p.ex_officio]
    filed = together(db, during(frame[~frame["category"].isin(by_office)], months), "procedures")
    filed = filed[filed["skill"].notna() & filed["channel"].notna()]
    answer = procedures.online_by_skill(db, filters, scope).set_index("skill")
    assert answer["opened"].to_dict() == filed["skill"].value_counts().to_dict()
    for skill, row in answer.iterrows():
        assert row["online_share"] == pytest.approx((filed[filed["skill"] == skill]["channel"] == "online").mean())
