"""What is late and becomes late, and how much there is to do for each, against the same counted from the facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from dashboard.claims.database import Database
from dashboard.filters import SUBJECTS, Filters
from dashboard.scope import NATION, Scope
from queries import due, workload
from queries.staffing import staff
from tests.queries.facts import CASES, TODAY, facts, question, together, within

Claims = Callable[[str], Database]
every_question = pytest.mark.parametrize(("jurisdiction", "seed"), CASES)
DUE = (*due.PARTS, "later")


def asked(db: Database, seed: int) -> tuple[Filters, Scope]:
    """A question of which every third is about one province and every sixth about one of its offices."""
    filters, scope = question(db, seed)
    if seed % 3 == 0:
        seen = scope.provinces or tuple(p.code for p in db.jurisdiction.provinces)
        filters = replace(filters, provinces=(seen[seed % len(seen)],))
    if seed % 6 == 3:
        offices = [o.code for o in db.jurisdiction.offices if o.province == filters.provinces[0]]
        filters = replace(filters, offices=(offices[0],))
    return filters, scope


def still_open(db: Database, subject: str, filters: Filters, scope: Scope, apart: bool = False) -> pd.DataFrame:
    """The open cases of a subject with how soon they become late; without those kept apart unless asked for."""
    frame = facts(db, subject, filters, scope)
    frame = frame if apart else together(db, frame, subject)
    frame = frame[frame["closed_at"].isna()]
    if filters.offices:
        frame = frame[frame["office"].isin(filters.offices)]
    working = [day for day in days_from(TODAY + timedelta(days=1), 40) if db.jurisdiction.workdays.is_working(day)]

    def part(day: Any) -> str:
        if pd.isna(day):
            return "free"
        if day < TODAY:
            return "late"
        # Late from the day after: on the first working day after the one it is due.
        days = next(place for place, at in enumerate(working, 1) if at > day) if day < working[-1] else len(working)
        return "in_one" if days <= 1 else "in_three" if days <= 3 else "in_seven" if days <= 7 else "later"

    return frame.assign(part=[part(day) for day in frame["due_on"]], subject=subject)


def days_from(first: date, n: int) -> list[date]:
    return [first + timedelta(days=back) for back in range(n)]


def all_open(db: Database, filters: Filters, scope: Scope, apart: bool = False) -> pd.DataFrame:
    return pd.concat([still_open(db, subject, filters, scope, apart) for subject in SUBJECTS])


def parts_of(frame: pd.DataFrame) -> dict[str, int]:
    counted = frame["part"].value_counts()
    return {part: int(counted.get(part, 0)) for part in (*DUE, "free")}


@every_question
def test_headlines(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = asked(db, seed)
    counted = parts_of(all_open(db, filters, scope))
    limited = sum(counted[part] for part in DUE)
    soon = counted["in_one"], counted["in_three"], counted["in_seven"]
    expected = [counted["late"], soon[0], soon[0] + soon[1], sum(soon)]
    answers = [
        query(db, filters, scope).iloc[0] for query in (due.late, due.late_in_one, due.late_in_three, due.late_in_seven)
    ]
    assert [answer["n"] for answer in answers] == [limited] * 4
    if limited:
        assert [answer["value"] for answer in answers] == expected
    else:
        assert all(pd.isna(answer["value"]) for answer in answers)


@every_question
def test_by_category(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = asked(db, seed)
    cases = all_open(db, filters, scope, apart=True)
    cases["category"] = cases["subject"] + ":" + cases["category"]
    check(due.by_category(db, filters, scope), cases, "category")


@every_question
def test_by_place(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = asked(db, seed)
    cases = all_open(db, filters, scope)
    cases["office"] = [office or due.NOWHERE for office in cases["office"]]
    answer = due.by_place(db, filters, scope)
    place = "office" if len(filters.provinces) == 1 else "province"
    check(answer, cases, place)
    assert answer["office"].isna().all() is not (place == "office") or answer.empty
    assert answer["late"].is_monotonic_decreasing


@every_question
def test_by_actor(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = asked(db, seed)
    cases = all_open(db, filters, scope)
    cases["actor"] = [actor(case) for case in cases.to_dict("records")]
    check(due.by_actor(db, filters, scope), cases, "actor")


def actor(case: dict[str, Any]) -> str:
    if case["subject"] == "disputes":
        return "board"
    if not pd.isna(case["returned_at"]) and pd.isna(case["resubmitted_at"]):
        return "claimant"
    referred = case["subject"] == "registrations" and not pd.isna(case["referred_at"])
    return "social_security" if referred else "office"


def check(answer: pd.DataFrame, cases: pd.DataFrame, key: str) -> None:
    """The same parts for the same keys; a key with nothing under a limit has no row."""
    expected = {str(value): parts_of(rows) for value, rows in cases.groupby(key)}
    expected = {value: parts for value, parts in expected.items() if sum(parts[part] for part in DUE)}
    found = answer.set_index(key)[[*DUE, "free"]].to_dict("index")
    assert found == expected


@every_question
def test_how_late(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = asked(db, seed)
    cases = all_open(db, filters, scope)
    cases = cases[cases["part"] == "late"]
    days = [(TODAY - day).days for day in cases["due_on"]]
    edges = [0, *due.BANDS.values(), 10**6]
    cases["band"] = [next(n for n, edge in enumerate(edges[1:]) if day <= edge) for day in days]
    answer = due.how_late(db, filters, scope)
    assert answer["overdue"].sum() == len(cases)
    if len(cases):
        assert answer["band"].tolist() == [*due.BANDS, due.BEYOND]
        for subject in SUBJECTS:
            mine = cases[cases["subject"] == subject]
            expected = [int((mine["band"] == n).sum()) for n in range(5)]
            assert answer[subject].fillna(0).astype(int).tolist() == expected


@every_question
def test_staff_is_that_of_the_latest_record(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = asked(db, seed)
    day = TODAY - timedelta(days=[0, 200, 400, 700, 5000][seed])
    records = facts(db, "staffing", replace(filters, channels=()), scope)
    records = records[within(records["since"], date.min, day)].sort_values("since")
    expected = records.groupby("office")[["experts", "boards"]].last()
    found = staff(db, filters, scope, day).set_index("office")
    assert found[["experts", "boards"]].to_dict("index") == expected.to_dict("index")


@every_question
@pytest.mark.parametrize("query", ["per_expert", "per_board", "closed_per_expert"])
def test_workload(demo_claims: Claims, jurisdiction: str, seed: int, query: str) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = asked(db, seed)
    start = TODAY - timedelta(days=25 + 60 * seed)
    filters = replace(filters, channels=(), start=start, end=TODAY)
    everywhere = replace(filters, provinces=(), offices=())
    unit, subjects = ("boards", ("disputes",)) if query == "per_board" else ("experts", workload.IN_HAND)
    place = "office" if len(filters.provinces) == 1 else "province"
    if query == "closed_per_expert" and place == "office" and seed:
        return  # offices have no days so long ago; that they are counted in months is another test
    days = 1
    if query == "closed_per_expert":
        days = sum(db.jurisdiction.workdays.is_working(day) for day in days_from(start, (TODAY - start).days + 1))
        cases = pd.concat([together(db, facts(db, s, everywhere, scope), s) for s in subjects])
        cases = cases[within(cases["closed"], start, TODAY)]
    else:
        cases = pd.concat([still_open(db, s, everywhere, scope) for s in subjects])
        turn = "board" if query == "per_board" else "office"
        cases["actor"] = [actor(case) for case in cases.to_dict("records")]
        cases = cases[cases["actor"] == turn]
    people = staff(db, everywhere, scope, TODAY)
    workers = people.groupby(place)[unit].sum()
    counted = cases.groupby(place).size()
    answer = getattr(workload, query)(db, filters, scope)
    for row in answer.to_dict("records"):
        assert row["cases"] == counted.get(row[place], 0)
        assert row[query] == pytest.approx(row["cases"] / workers[row[place]] / days)
    if place == "office":
        offices = [o.code for o in db.jurisdiction.offices if o.province == filters.provinces[0]]
        assert sorted(answer["office"]) == sorted(filters.offices or offices)
    seen = set(people["province"])
    assert answer.attrs["mean"] == pytest.approx(cases["province"].isin(seen).sum() / people[unit].sum() / days)


def test_an_office_without_a_staffing_record_is_named_and_has_no_number(demo_claims: Claims) -> None:
    db = demo_claims("ir")
    first = min(day for day in facts(db, "staffing", Filters(TODAY, "jalali"), NATION)["since"])
    before = Filters(TODAY, "jalali", "custom", first - timedelta(days=5), first - timedelta(days=1))
    nation = workload.closed_per_expert(db, before, NATION)
    offices = {p.code: sum(o.province == p.code for o in db.jurisdiction.offices) for p in db.jurisdiction.provinces}
    assert nation["closed_per_expert"].isna().all()
    assert dict(zip(nation["province"], nation["unrecorded"], strict=True)) == offices
    assert "mean" not in nation.attrs


def test_closings_of_offices_long_ago_are_those_of_whole_months(demo_claims: Claims) -> None:
    db = demo_claims("ir")
    province = db.jurisdiction.provinces[0].code
    # 5 Mehr to 5 Aban 1404: the days of offices are no longer held.
    filters = Filters(TODAY, "jalali", "custom", date(2025, 9, 27), date(2025, 10, 27), (province,))
    cases = pd.concat([facts(db, subject, filters, NATION) for subject in workload.IN_HAND])
    mehr, azar = date(2025, 9, 23), date(2025, 11, 22)
    cases = cases[within(cases["closed"], mehr, azar - timedelta(days=1))]
    answer = workload.closed_per_expert(db, filters, NATION).set_index("office")
    assert answer["cases"].to_dict() == {
        office.code: int((cases["office"] == office.code).sum())
        for office in db.jurisdiction.offices
        if office.province == province
    }
    assert answer["cases"].sum() > 0
