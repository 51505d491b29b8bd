"""Lists, single cases and look-ups, against the facts themselves; and never a case outside the scope."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from sqlalchemy.exc import DBAPIError

from dashboard.claims import database
from dashboard.claims.database import Database
from dashboard.claims.flows import FLOWS
from dashboard.claims.subjects import SUBJECTS
from dashboard.claims.walls import IN_SCOPE
from dashboard.filters import Filters
from dashboard.intake import coverage
from dashboard.scope import NATION, Scope
from queries import cases, due
from queries.cases import LISTED, SORTS, STATES, TURNS, Asked, NotEntitled
from tests.conftest import KEY
from tests.pair import OTHER, WORKSHOP, code, load_pairs
from tests.queries.facts import CASES, TODAY, facts, question, within

Claims = Callable[[str], Database]
every_question = pytest.mark.parametrize(("jurisdiction", "seed"), CASES)
every_subject = pytest.mark.parametrize("subject", LISTED)
ENTITLED = Scope(None, cases=True)
LONG = {"period": "custom", "start": date(2020, 1, 1), "end": TODAY, "provinces": (), "channels": ()}


def everything(db: Database, **changes: Any) -> Filters:
    return Filters(TODAY, db.jurisdiction.calendar, **{**LONG, **changes})


def asked(db: Database, seed: int, subject: str) -> tuple[Filters, Scope, Asked]:
    """A question as of the others, and a list of it."""
    chance = random.Random(f"{subject}{seed}")
    filters, scope = question(db, seed, subject="registrations" if subject == "benefits" else subject)
    wanted = Asked(
        subject, chance.choice(STATES), chance.choice(SORTS), chance.choice(("", *TURNS)), chance.random() < 0.5
    )
    return filters, Scope(scope.provinces, cases=True), wanted


def expected(db: Database, filters: Filters, scope: Scope, wanted: Asked) -> list[str]:
    """The numbers of a list's cases in order, by hand from the facts."""
    frame = facts(db, wanted.subject, filters, scope)
    if not wanted.ever:
        frame = frame[within(frame["opened"], filters.window.start, filters.window.end)]
    frame = frame.assign(due=[date.max if day is None else day for day in frame["due_on"]])
    workdays, today = db.jurisdiction.workdays, filters.today
    ahead = {name: workdays.add(today, n) for name, n in (("in_one", 1), ("in_three", 3), ("in_seven", 7))}
    still_open = wanted.state not in ("all", "closed") or wanted.turn != ""
    if still_open:
        frame = frame[frame["closed_at"].isna()]
    match wanted.state:
        case "late":
            frame = frame[frame["due"] < today]
        case "in_one" | "in_three" | "in_seven":
            frame = frame[(frame["due"] >= today) & (frame["due"] < ahead[wanted.state])]
        case "closed":
            frame = frame[frame["closed_at"].notna()]
    if wanted.turn:
        turns = [turn_of(wanted.subject, fact) for fact in frame.to_dict("records")]
        frame = frame[pd.Series(turns, frame.index, dtype=object) == wanted.turn]
    if wanted.sort == "due" and still_open:
        return list(frame.sort_values(["due", "id"])["id"])
    return list(frame.sort_values(["opened_at", "id"], ascending=False)["id"])


def turn_of(subject: str, fact: dict[Any, Any]) -> str:
    """Whose turn it is in an open case, by hand."""
    suspended, resumed = ("suspended_at", "resumed_at") if subject == "benefits" else ("returned_at", "resubmitted_at")
    if suspended in fact and pd.notna(fact[suspended]) and pd.isna(fact[resumed]):
        return "claimant"
    if subject == "registrations" and pd.notna(fact["referred_at"]):
        return "social_security"
    return {"disputes": "board", "benefits": "social_security"}.get(subject, "office")


def walked(db: Database, filters: Filters, scope: Scope, wanted: Asked) -> list[pd.DataFrame]:
    """All pages of a list, one after the other."""
    pages, ask = [], wanted
    while ask is not None:
        found = cases.page(db, filters, scope, ask)
        pages.append(found.rows)
        assert len(pages) < 400
        ask = found.next
    return pages


@every_question
@every_subject
def test_the_first_page_is_what_the_facts_say(demo_claims: Claims, jurisdiction: str, seed: int, subject: str) -> None:
    db = demo_claims(jurisdiction)
    filters, scope, wanted = asked(db, seed, subject)
    answer = cases.page(db, filters, scope, wanted)
    want = expected(db, filters, scope, wanted)
    assert list(answer.rows.get("id", [])) == want[: cases.ROWS]
    assert (answer.next is not None) is (len(want) > cases.ROWS)
    assert answer.previous is None


@pytest.mark.parametrize("jurisdiction", ["ir", "vn"])
@pytest.mark.parametrize(("state", "sort"), [("all", "newest"), ("open", "due"), ("late", "newest"), ("closed", "due")])
def test_pages_hold_every_case_once_and_lead_back(
    demo_claims: Claims, jurisdiction: str, state: Any, sort: Any
) -> None:
    db = demo_claims(jurisdiction)
    filters, wanted = everything(db, subject="disputes"), Asked("disputes", state, sort)
    pages = walked(db, filters, ENTITLED, wanted)
    numbers = [number for page in pages for number in page.get("id", [])]
    assert numbers == expected(db, filters, ENTITLED, wanted)
    assert len(pages) == max(1, -(-len(numbers) // cases.ROWS))
    last = cases.page(db, filters, ENTITLED, wanted)
    for _ in pages[1:]:
        assert last.next is not None
        last = cases.page(db, filters, ENTITLED, last.next)
    for page in reversed(pages[:-1]):
        assert last.previous is not None
        last = cases.page(db, filters, ENTITLED, last.previous)
        assert list(last.rows["id"]) == list(page["id"])
    assert last.previous is None


@every_question
@every_subject
def test_a_whole_list_is_what_the_facts_say(demo_claims: Claims, jurisdiction: str, seed: int, subject: str) -> None:
    db = demo_claims(jurisdiction)
    filters, scope, wanted = asked(db, seed, subject)
    blocks = list(cases.every(db, filters, scope, wanted))
    numbers = [number for block in blocks for number in block["id"].to_pylist()]
    assert numbers == expected(db, filters, scope, wanted)


@pytest.mark.parametrize("jurisdiction", ["ir", "vn"])
@every_subject
def test_a_whole_list_tells_of_each_case_what_its_pages_tell(
    demo_claims: Claims, jurisdiction: str, subject: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_PIECE", 5_000)  # so that there is more than one block
    db = demo_claims(jurisdiction)
    today = db.today()
    filters = everything(db, subject="disputes" if subject == "benefits" else subject)
    filters = dataclasses.replace(filters, today=today, start=today - timedelta(days=700), end=today)
    wanted = Asked(subject)
    blocks = list(cases.every(db, filters, ENTITLED, wanted))
    assert len(blocks) > 1
    told = {row["id"]: row for block in blocks for row in block.to_pylist()}
    zone, seen, ask, pages = db.jurisdiction.timezone, 0, wanted, 0
    while ask is not None and pages < 40:
        page = cases.page(db, filters, ENTITLED, ask)
        for row in page.rows.to_dict("records"):
            found = told[row["id"]]
            for name in ("province", "office", "category", "channel", "outcome", "actor", "left", "due_on"):
                wants = None if pd.isna(row[name]) else row[name]
                assert found[name] == wants, (name, row)
            assert found["stopped"] is bool(row["stopped"])
            assert found["in_working_days"] is (row["unit"] == "working_day")
            assert found["opened_on"] == row["opened_at"].astimezone(zone).date()
            if pd.isna(row["closed_at"]):
                assert found["closed_on"] is None
                assert found["since_on"] == row["since"].astimezone(zone).date()
            else:
                assert found["closed_on"] == row["closed_at"].astimezone(zone).date()
            seen += 1
        ask, pages = page.next, pages + 1
    assert seen > 100


def test_a_whole_list_holds_what_the_scope_holds_whatever_the_statement_says(
    demo_claims: Claims, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = demo_claims("ir")
    one = Scope(("IR-23",), cases=True)
    wanted = [
        row for block in cases.every(db, everything(db), one, Asked("registrations")) for row in block["province"]
    ]
    assert {str(code) for code in wanted} == {"IR-23"}
    monkeypatch.setattr(cases, "_order", lambda *_: ("opened_at", "DESC", db.jurisdiction.names_of("provinces", "en")))
    monkeypatch.setattr(cases, "IN_SCOPE", "(CAST(:scope AS text[]) IS NULL OR true)")  # a statement that forgets
    held = [row for block in cases.every(db, everything(db), one, Asked("registrations")) for row in block["province"]]
    assert len(held) == len(wanted)
    monkeypatch.undo()
    for closed in (Scope(None), Scope(None, subjects=("disputes",), cases=True)):
        with pytest.raises(NotEntitled):
            next(cases.every(db, everything(db), closed, Asked("registrations")))


def test_categories_offices_and_traits_narrow_where_cases_know_them(demo_claims: Claims) -> None:
    db = demo_claims("ir")
    wanted = Asked("registrations")
    frame = facts(db, "registrations", everything(db), ENTITLED)
    office = frame["office"].mode().iloc[0]
    province = frame.loc[frame["office"] == office, "province"].iloc[0]
    choices: list[tuple[dict[str, Any], pd.Series[bool]]] = [
        ({"categories": ("special_support",)}, frame["category"] == "special_support"),
        ({"provinces": (province,), "offices": (office,)}, frame["office"] == office),
        ({"trait": "sector:construction"}, frame["sector"] == "construction"),
        ({"trait": "age:25-34"}, frame["age"].between(25, 34)),
        ({"trait": "age:55+"}, frame["age"] >= 55),
    ]
    for changes, chosen in choices:
        found = walked(db, everything(db, **changes), ENTITLED, wanted)
        assert {number for page in found for number in page["id"]} == set(frame.loc[chosen, "id"])
    assert "category" not in cases.heeded(everything(db), "disputes"), "categories are those of the filters' subject"
    assert "trait" not in cases.heeded(everything(db, trait="cause:closure", subject="disputes"), "disputes")


@pytest.mark.parametrize("jurisdiction", ["ir", "vn"])
def test_lists_hold_exactly_the_cases_that_the_page_of_limits_counts(demo_claims: Claims, jurisdiction: str) -> None:
    db = demo_claims(jurisdiction)
    counted = due.by_category(db, everything(db), ENTITLED).set_index("category")
    parts = {"late": ("late",), "in_three": ("in_one", "in_three"), "in_seven": ("in_one", "in_three", "in_seven")}
    found = 0
    for key, row in counted.iterrows():
        subject, _, category = str(key).partition(":")
        filters = Filters(TODAY, db.jurisdiction.calendar, subject=subject, categories=(category,))
        for state, names in parts.items():
            wanted = Asked(subject, state, ever=True)  # type: ignore[arg-type]  # a key of parts, each a State
            listed = sum(len(page) for page in walked(db, filters, ENTITLED, wanted))
            assert listed == row[list(names)].sum(), (key, state)
            found += listed
    assert found
    by_actor = due.by_actor(db, everything(db), ENTITLED).set_index("actor")["late"]
    for actor in by_actor.index:
        lists = 0
        for subject in set(counted["subject"]):
            apart = {p.key for p in db.jurisdiction.procedures if p.kept_apart} if subject == "procedures" else set()
            rows = pd.concat(walked(db, everything(db), ENTITLED, Asked(subject, "late", turn=str(actor), ever=True)))
            lists += int((~rows["category"].isin(apart)).sum()) if len(rows) else 0
        assert lists == by_actor[actor], actor


@pytest.mark.parametrize("jurisdiction", ["ir", "vn"])
@every_subject
def test_whose_turn_it_is_agrees_with_the_cells_of_open_cases(
    demo_claims: Claims, jurisdiction: str, subject: str
) -> None:
    db = demo_claims(jurisdiction)
    rows = pd.concat(walked(db, everything(db, subject=subject), ENTITLED, Asked(subject, "open")))
    with db.write() as connection:
        counted = connection.execute(
            "SELECT actor, sum(n)::int FROM pending_cells WHERE subject = %s AND source = 'cases' GROUP BY 1",
            (subject,),
        ).fetchall()
    assert rows["actor"].value_counts().to_dict() == {actor: n for actor, n in counted if n}
    assert (rows["since"] >= rows["opened_at"]).all()


def same(one: Any, other: Any) -> bool:
    if isinstance(one, list) or isinstance(other, list):
        return bool(one == other)
    return bool(pd.isna(one) and pd.isna(other)) or bool(one == other)


@pytest.mark.parametrize("jurisdiction", ["ir", "vn"])
@every_subject
def test_one_case_is_its_fact_without_the_person(demo_claims: Claims, jurisdiction: str, subject: str) -> None:
    db = demo_claims(jurisdiction)
    frame = facts(db, subject, everything(db), ENTITLED).set_index("id")
    for number in random.Random(subject).sample(sorted(frame.index), 20):
        answer = cases.case(db, ENTITLED, subject, number)
        assert answer is not None
        assert not {"person_hash", "content_hash", "batch_id"} & set(answer.index)
        fact = frame.loc[number]
        for name in {field.column for field in SUBJECTS[subject].columns} - {"person_hash", "id"}:
            assert same(answer[name], fact[name]), name
        if pd.isna(fact["closed_at"]):
            returned = "returned_at" in fact and pd.notna(fact["returned_at"]) and pd.isna(fact["resubmitted_at"])
            usual = {"disputes": "board", "benefits": "social_security"}.get(subject, "office")
            if subject == "registrations" and pd.notna(fact["referred_at"]):
                usual = "social_security"
            assert answer["actor"] == ("claimant" if returned else usual)
            assert answer["since"] == (fact["returned_at"] if returned else answer["since"])
        else:
            assert answer["actor"] is None


@pytest.mark.parametrize("jurisdiction", ["ir", "vn"])
@every_subject
def test_days_against_the_limit_agree_with_the_timing_of_intake(
    demo_claims: Claims, jurisdiction: str, subject: str
) -> None:
    db = demo_claims(jurisdiction)
    frame = facts(db, subject, everything(db), ENTITLED)
    for fact in frame.sample(40, random_state=1).to_dict("records"):
        answer = cases.case(db, ENTITLED, subject, str(fact["id"]))
        assert answer is not None
        if subject == "benefits" or fact["due_on"] is None:
            assert answer["left"] is None
            continue
        if answer["unit"] == "day":
            assert answer["left"] == (fact["due_on"] - (fact["closed"] or db.today())).days
        if fact.get("timing"):
            way = {"early": answer["left"] >= 0, "on_time": answer["left"] == 0, "late": answer["left"] <= 0}
            assert way[str(fact["timing"])]


@pytest.fixture
def with_pairs(new_claims: Callable[..., Database]) -> Database:
    return load_pairs(new_claims("ir"))


def test_a_look_up_finds_the_cases_of_a_pair_and_no_others(with_pairs: Database) -> None:
    def found(n: int, workshop: str, scope: Scope = ENTITLED) -> set[str]:
        question = {"national_code": code(n), "workshop_code": workshop}
        return set(cases.of_pair(with_pairs, scope, coverage.pair(question, with_pairs, KEY.encode()))["id"])

    assert found(7, WORKSHOP) == {"mine", "away", "paid"}
    assert found(7, WORKSHOP, Scope(("IR-23",), cases=True)) == {"mine", "paid"}
    assert found(7, OTHER) == {"else", "paid"}
    assert found(8, OTHER) == set()
    assert found(7, "1234567892") == set(), "a person alone opens nothing"
    assert set(cases.numbered(with_pairs, ENTITLED, "mine")["subject"]) == {"registrations"}


def test_a_scope_of_one_province_never_sees_a_case_of_another(demo_claims: Claims) -> None:
    db = demo_claims("ir")
    scope = Scope(("IR-23",), cases=True)
    for subject in LISTED:
        frame = facts(db, subject, everything(db), ENTITLED)
        own, others = frame[frame["province"] == "IR-23"], frame[frame["province"] != "IR-23"]
        assert len(own)
        assert len(others)
        listed = [
            page
            for ask in (everything(db), everything(db, provinces=("IR-01", "IR-23")))
            for page in walked(db, ask, scope, Asked(subject))
        ]
        assert {place for page in listed for place in page["province"]} == {"IR-23"}
        assert cases.page(db, everything(db, provinces=("IR-01",)), scope, Asked(subject)).rows.empty
        for number in others["id"].head(10):
            assert cases.case(db, scope, subject, number) is None
            assert cases.numbered(db, scope, number).empty
        for number in own["id"].head(3):
            assert cases.case(db, scope, subject, number) is not None
            assert len(cases.numbered(db, scope, number))


def test_who_is_not_entitled_to_cases_sees_none(with_pairs: Database) -> None:
    counts_only = Scope(None)
    pair = coverage.pair({"national_code": code(7), "workshop_code": WORKSHOP}, with_pairs, KEY.encode())
    for ask in (
        lambda: cases.page(with_pairs, everything(with_pairs), counts_only, Asked("registrations")),
        lambda: cases.case(with_pairs, counts_only, "registrations", "mine"),
        lambda: cases.numbered(with_pairs, counts_only, "mine"),
        lambda: cases.of_pair(with_pairs, counts_only, pair),
        lambda: cases.coverage(with_pairs, counts_only, pair),
    ):
        with pytest.raises(NotEntitled):
            ask()


def test_the_role_of_pages_reads_what_is_declared_and_no_bookkeeping(demo_claims: Claims) -> None:
    db = demo_claims("ir")
    for subject in LISTED:
        columns = [field.column for field in SUBJECTS[subject].columns]
        assert len(db.frame(f"SELECT {', '.join(columns)} FROM {subject} WHERE {IN_SCOPE} LIMIT 1", {}, NATION)) == 1
        for kept in ("content_hash", "batch_id"):
            with pytest.raises(DBAPIError, match="permission denied"):
                db.frame(f"SELECT {kept} FROM {subject} WHERE {IN_SCOPE} LIMIT 1", {}, NATION)
    assert set(LISTED) == {flow.table for flow in FLOWS.values()}


def test_a_page_is_read_off_an_index_whatever_is_asked(demo_claims: Claims) -> None:
    """The order of the list is the order of an index: no statement sorts a table to cut a page off it."""
    db = demo_claims("ir")
    with db.write() as connection:
        for index, condition, key in (
            ("newest", "province = ANY('{IR-01,IR-23}')", "opened_at"),
            ("filed", "province = 'IR-23'", "opened_at"),
            ("open", "province = 'IR-23' AND closed_at IS NULL", "opened_at"),
            ("due", "province = 'IR-23' AND closed_at IS NULL", "coalesce(due_on, DATE '9999-12-31')"),
        ):
            connection.execute("SET LOCAL enable_seqscan = off")
            connection.execute("SET LOCAL enable_bitmapscan = off")
            plan = "\n".join(
                row[0]
                for row in connection.execute(
                    f"EXPLAIN SELECT id FROM disputes WHERE {condition} "  # type: ignore[arg-type]
                    f"ORDER BY {key}, id LIMIT 26"
                )
            )
            assert f"disputes_{index}" in plan
            assert "Sort" not in plan
