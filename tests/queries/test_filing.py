"""How soon people file and whether in time, against the facts: day by day, without bins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pandas as pd
import pytest

from dashboard.claims.database import Database
from dashboard.filters import Filters, Window
from dashboard.jurisdictions.workdays import WorkdayException
from dashboard.scope import NATION, Scope
from queries import filing
from tests.queries.facts import CASES, TODAY, facts, months_of, question, within

Claims = Callable[[str], Database]
every_question = pytest.mark.parametrize(("jurisdiction", "seed"), CASES)


def limit_on(db: Database, day: object) -> int | None:
    """The days within which to file by the rule in force on a day."""
    found = [rule.parameters["days"] for rule in db.jurisdiction.rules_on(day) if rule.check == "filed_within"]  # type: ignore[arg-type]
    return int(str(found[0])) if found else None


def timed(db: Database, cases: pd.DataFrame, months: Window) -> pd.DataFrame:
    """Insured registrations of these months with the days since the loss of the job and their limit."""
    mine = cases[(cases["category"] != "special_support") & cases["job_lost_on"].notna()]
    mine = mine[within(mine["opened"], months.start, months.end)]
    days = [max((opened - lost).days, 0) for opened, lost in zip(mine["opened"], mine["job_lost_on"], strict=True)]
    return mine.assign(days=days, limit=[limit_on(db, day) for day in mine["opened"]])


@every_question
def test_in_time(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = question(db, seed, subject="registrations", channels=())
    answer = filing.in_time(db, filters, scope).iloc[0]
    mine = timed(db, facts(db, "registrations", filters, scope), months_of(db, filters.window))
    judged = mine[mine["limit"].notna()]
    assert answer["n"] == len(judged)
    if len(judged):
        assert answer["value"] == pytest.approx((judged["days"] <= judged["limit"]).mean())
    else:
        assert answer["value"] is None


@every_question
def test_days_to_filing(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = question(db, seed, subject="registrations", channels=())
    answer = filing.days_to_filing(db, filters, scope)
    mine = timed(db, facts(db, "registrations", filters, scope), months_of(db, filters.window))
    if answer.empty:
        assert mine.empty
        return
    assert answer["registered"].sum() == len(mine)
    edges = [*(int(band) for band in answer["band"]), 10**6]
    for (first, after), row in zip(pairwise(edges), answer.itertuples(), strict=True):
        of_band = mine[(mine["days"] >= first) & (mine["days"] < after)]
        within_limit = (of_band["days"] <= of_band["limit"]).sum()
        for column, expected in (
            ("within", within_limit),
            ("late", of_band["limit"].notna().sum() - within_limit),
            ("unlimited", of_band["limit"].isna().sum()),
        ):
            found = getattr(row, column)
            assert (0 if pd.isna(found) else found) == expected, (first, column)


@every_question
def test_lateness(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = question(db, seed, subject="registrations", channels=())
    answer = filing.lateness(db, filters, scope)
    cases = facts(db, "registrations", filters, scope)
    span = months_of(db, filters.window)
    assert answer["month"].min() == span.start
    for row in answer.itertuples():
        month = months_of(db, Window(row.month, row.month))
        mine = timed(db, cases, month)
        judged = mine[mine["limit"].notna()]
        late = (judged["days"] > judged["limit"]).sum()
        assert (row.registered, row.late) == (len(judged), late)
        assert (
            pd.isna(row.filed_in_time) if judged.empty else row.filed_in_time == pytest.approx(1 - late / len(judged))
        )
        decided = cases[within(cases["decided"], month.start, month.end)]
        assert row.refused_late == ((decided["outcome"] == "not_eligible") & (decided["reason"] == "late")).sum()
        assert row.excused == ((decided["outcome"] == "eligible") & decided["excuse"].notna()).sum()
        days = [month.start + timedelta(n) for n in range(month.days)]
        assert row.closed_days == sum(not db.jurisdiction.workdays.is_working(day) for day in days if day <= db.today())


def test_all_of_it_is_there_to_be_seen(demo_claims: Claims) -> None:
    """The demo holds late, excused and refused cases: the questions above do not compare nothing with nothing."""
    db = demo_claims("ir")
    filters = Filters(TODAY, "jalali", "custom", TODAY - timedelta(700), TODAY)
    answer = filing.lateness(db, filters, NATION)
    assert (answer[["late", "refused_late", "excused"]].sum() > 0).all()
    assert set(answer["limit"]) == {30}


def test_only_the_support_scheme_chosen_leaves_nothing_to_be_timed(demo_claims: Claims) -> None:
    filters = Filters(TODAY, "jalali", categories=("special_support",))
    db = demo_claims("ir")
    assert filing.in_time(db, filters, NATION)["n"].iloc[0] == 0
    assert filing.days_to_filing(db, filters, NATION).empty


def test_days_off_of_the_one_province_in_view(demo_claims: Claims) -> None:
    db = demo_claims("ir")
    off = WorkdayException(TODAY - timedelta(20), TODAY - timedelta(11), working=False, province="IR-23")
    workdays = replace(db.jurisdiction.workdays, exceptions=(off,))
    here = replace(db, jurisdiction=replace(db.jurisdiction, workdays=workdays))
    filters = Filters(TODAY, "jalali", "custom", TODAY - timedelta(29), TODAY, ("IR-23",))
    usual, closed = (filing.lateness(each, filters, NATION)["closed_days"].sum() for each in (db, here))
    worked = sum(db.jurisdiction.workdays.is_working(TODAY - timedelta(n)) for n in range(11, 21))
    assert worked
    assert closed == usual + worked
    both = replace(filters, provinces=("IR-07", "IR-23"))
    assert filing.lateness(here, both, NATION)["closed_days"].sum() == usual
    assert filing.lateness(here, replace(filters, provinces=()), Scope(("IR-23",)))["closed_days"].sum() == closed
    here.close()
