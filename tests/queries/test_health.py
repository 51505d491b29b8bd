"""Feeds, quarantine, batches, recounts, readiness and problem reports, each counted again from the tables."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import mean, median
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from dashboard.claims.database import Database
from dashboard.claims.problems import Report, answer, report
from dashboard.claims.reconcile import reconcile
from dashboard.claims.subjects import SUBJECTS
from dashboard.filters import Filters
from dashboard.intake.load import Loader
from dashboard.intake.mapping import plain
from dashboard.scope import NATION, Scope
from queries import attention, health, problems
from tests.conftest import KEY
from tests.queries.facts import CASES, question

Claims = Callable[[str], Database]
every_question = pytest.mark.parametrize(("jurisdiction", "seed"), CASES)
PROVINCES = ("IR-23", "IR-07", "IR-04")
HEADER = "id,province,channel,category,opened_at,updated_at,national_code"


def rows(db: Database, statement: str) -> list[tuple[Any, ...]]:
    with db.write() as connection:
        return connection.execute(statement).fetchall()  # type: ignore[call-overload,no-any-return]


def today(db: Database, **changes: Any) -> Filters:
    return Filters(db.today(), db.jurisdiction.calendar, **{"period": "7d", **changes})


def within(filters: Filters, scope: Scope) -> Callable[[str], bool]:
    """Whether a province is one that a question is about."""
    seen = scope.narrow(filters.provinces)
    return lambda code: seen is None or code in seen


@pytest.fixture
def loaded(claims: Database, tmp_path: Path) -> Database:
    """Two files of registrations: sound records of three provinces, some at fault, and one file loaded twice."""
    chance = random.Random(3)
    lines = [HEADER]
    for number in range(60):
        province = chance.choice(PROVINCES)
        lines.append(f"r{number},{province},online,unemployment_insurance,2024-05-01,2024-05-02,")
    lines += [
        "x1,IR-23,online,wekfare,2024-05-01,2024-05-02,",
        "x2,IR-07,online,unemployment_insurance,2024-13-45 10:20:30,2024-05-02,",
        "x3,IR-07,online,unemployment_insurance,2024-05-01,2024-05-02,0932833811",
        "x4,nowhere,online,unemployment_insurance,2024-05-01,2024-05-02,",
        "x5,IR-23,online",
    ]
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_text("\n".join(lines) + "\n")
    second.write_text("\n".join([HEADER, *lines[1:11]]) + "\n")
    for file in (first, second):
        subject = SUBJECTS["registrations"]
        Loader(claims, subject, KEY).file(file, plain(subject))
    return claims


def test_every_record_received_is_one_of_a_day_and_a_province(demo_claims: Claims, loaded: Database) -> None:
    for db in (demo_claims("ir"), loaded):
        by_batch = "SELECT subject, sum(received), sum(accepted), sum(quarantined) FROM batches GROUP BY 1 ORDER BY 1"
        assert rows(db, by_batch.replace("batches", "feed_days")) == rows(db, by_batch)
    facts = "SELECT province, count(*) FROM registrations GROUP BY 1 ORDER BY 1"
    noted = "SELECT province, sum(accepted) FROM feed_days WHERE accepted > 0 GROUP BY 1 ORDER BY 1"
    assert rows(loaded, noted) == rows(loaded, facts)


def test_feeds_and_the_share_quarantined(loaded: Database) -> None:
    filters = today(loaded)
    frame = health.feeds(loaded, filters, NATION).set_index("province")
    assert len(frame) == len(loaded.jurisdiction.provinces)
    came = dict(rows(loaded, "SELECT province, count(*) FROM registrations GROUP BY 1"))
    again = {code: frame["received"][code] - frame["accepted"][code] - frame["quarantined"][code] for code in PROVINCES}
    assert {code: frame["accepted"][code] for code in PROVINCES} == came
    assert sum(again.values()) == 10
    assert frame["quarantined"][["IR-23", "IR-07", "IR-04"]].tolist() == [1, 2, 0]
    assert frame["share"]["IR-07"] == 2 / frame["received"]["IR-07"]
    assert {frame["reasons"][code][0]["code"] for code in PROVINCES} == {"feed_live"}
    never = frame.drop(list(PROVINCES))
    assert {reasons[0]["code"] for reasons in never["reasons"]} == {"feed_never"}
    assert never["share"].isna().all()
    lag = rows(loaded, "SELECT extract(epoch FROM heard_at - updated_at) / 3600 FROM feeds WHERE province = 'IR-23'")
    assert frame["lag"]["IR-23"] == pytest.approx(float(lag[0][0]))
    share = health.quarantined(loaded, filters, NATION).iloc[0]
    assert (share["value"], share["n"]) == (5 / 75, 75)
    one = health.quarantined(loaded, today(loaded, provinces=("IR-07",)), NATION).iloc[0]
    assert (one["value"], one["n"]) == (frame["share"]["IR-07"], frame["received"]["IR-07"])
    before = today(loaded, period="custom", start=loaded.today() - timedelta(9), end=loaded.today() - timedelta(1))
    assert health.quarantined(loaded, before, NATION).iloc[0]["n"] == 0


def test_a_silent_feed_is_told_first(loaded: Database) -> None:
    with loaded.write() as connection:
        connection.execute("UPDATE feeds SET heard_at = heard_at - interval '12 days' WHERE province = 'IR-04'")
        connection.commit()
    frame = health.feeds(loaded, today(loaded), NATION)
    assert frame["reasons"][0] == [{"code": "feed_silent", "values": {"hours": 12 * 24}}]
    assert (frame["province"][0], frame["severity"][0]) == ("IR-04", "bad")
    count = health.feeds_silent(loaded, today(loaded), NATION).iloc[0]
    assert (count["value"], count["n"]) == (31 - 2, 31)
    three = health.feeds_silent(loaded, today(loaded, provinces=PROVINCES), Scope(("IR-04", "IR-23"))).iloc[0]
    assert (three["value"], three["n"]) == (1, 2)


def test_quarantine_says_why_without_naming_anybody(loaded: Database) -> None:
    frame = health.in_quarantine(loaded, today(loaded), NATION)
    counted = rows(loaded, "SELECT subject, code, source, count(*) FROM quarantine GROUP BY 1, 2, 3")
    told = [
        (subject, reasons[0]["code"].removeprefix("intake.reason."), source, n)
        for subject, reasons, source, n in frame[["subject", "reasons", "source", "n"]].itertuples(index=False)
    ]
    assert sorted(told) == sorted(counted)
    values = {reasons[0]["code"].rpartition(".")[2]: reasons[0]["values"]["value"] for reasons in frame["reasons"]}
    assert values["unknown_code"] == "wekfare"
    assert values["bad_moment"] == "••••-••-•• ••:••:••"
    assert values["bad_national_code_check"] == "…"
    mine = health.in_quarantine(loaded, today(loaded), Scope(("IR-07",)))
    assert mine["n"].sum() == 2


def test_pages_may_not_read_raw_records(loaded: Database) -> None:
    for column in ("raw", "value", "header", "detail"):
        with loaded.reading(NATION) as connection, pytest.raises(DBAPIError, match="permission denied"):
            connection.execute(text(f"SELECT {column} FROM quarantine"))


def test_batches_balance_and_belong_to_the_nation(loaded: Database) -> None:
    frame = health.batches(loaded, today(loaded), NATION)
    assert frame["source"].tolist() == ["second.csv", "first.csv"]
    assert (frame["received"] == frame["accepted"] + frame["unchanged"] + frame["quarantined"]).all()
    assert frame[["received", "unchanged", "quarantined"]].to_numpy().tolist() == [[10, 10, 0], [65, 0, 5]]
    assert health.batches(loaded, today(loaded), Scope(("IR-23",))).empty


def test_the_last_recount_is_told(loaded: Database) -> None:
    assert health.recounts(loaded, today(loaded), NATION).empty
    for damage, repair in (("n", False), ("n + 1", False), ("n", True), ("n", False)):
        with loaded.write() as connection:
            connection.execute(f"UPDATE day_cells SET n = {damage} WHERE milestone = 'opened'")  # type: ignore[call-overload]
            reconcile(connection, loaded.setting(connection), repair)
    frame = health.recounts(loaded, today(loaded), NATION)
    codes = [reasons[0]["code"] for reasons in frame["reasons"]]
    assert codes == ["recount_equal", "recount_repaired", "recount_differs", "recount_equal"]
    wrong = rows(loaded, "SELECT count(*) FROM day_cells WHERE milestone = 'opened'")[0][0]
    assert frame["cells"].tolist() == frame["cases"].tolist() == [0, wrong, wrong, 0]
    assert health.recounts(loaded, today(loaded), Scope(("IR-23",))).empty


@every_question
def test_readiness(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = question(db, seed)
    frame = health.readiness(db, filters, scope)
    wanted = within(filters, scope)
    known: dict[str, list[tuple[Any, ...]]] = {}
    for row in sorted(
        rows(
            db,
            "SELECT province, day, staff, staff_trained, accounts, accounts_delegated, systems, "
            "systems_integrated FROM readiness",
        )
    ):
        if wanted(row[0]) and row[1] <= filters.window.end:
            known.setdefault(row[0], []).append(row)
    assert set(frame["province"]) == set(known)
    assert frame["ready"].is_monotonic_increasing
    for told in frame.itertuples(index=False):
        course = [mean((r[3] / r[2], r[5] / r[4], r[7] / r[6])) for r in known[told.province]]
        last = known[told.province][-1]
        assert (told.day, told.staff, told.accounts, told.systems) == (last[1], last[2], last[4], last[6])
        assert [told.trained, told.delegated, told.integrated] == pytest.approx(
            [last[3] / last[2], last[5] / last[4], last[7] / last[6]]
        )
        assert told.spark == pytest.approx(course)
        assert told.ready == pytest.approx(course[-1])


@pytest.fixture
def reported(claims: Database) -> Database:
    """Reports of three provinces over the last days, some answered, some published."""
    chance = random.Random(5)
    for number in range(24):
        told = Report(chance.choice(PROVINCES), "a clerk", f"title {number}", urgent=chance.random() < 0.3)
        with claims.write() as connection:
            kept = report(connection, told, claims.jurisdiction)
            if number % 2:
                answer(connection, kept, f"answer {number}", "desk", claims.jurisdiction, publish=number % 4 == 1)
            age, took = timedelta(hours=chance.randrange(30, 200)), timedelta(minutes=chance.randrange(10, 1700))
            connection.execute(
                "UPDATE problem_reports SET reported_at = now() - %s, answered_at = CASE WHEN answered_at IS NULL "
                "THEN NULL ELSE now() - %s + %s END WHERE id = %s",
                (age, age, took, kept),
            )
            connection.commit()
    return claims


@pytest.mark.parametrize("scope", [NATION, Scope(("IR-23", "IR-04")), Scope(())])
@pytest.mark.parametrize("chosen", [(), ("IR-23",)])
def test_open_reports_and_the_time_to_an_answer(reported: Database, scope: Scope, chosen: tuple[str, ...]) -> None:
    filters = today(reported, provinces=chosen, compare="none")
    wanted, zone, now = within(filters, scope), reported.jurisdiction.timezone, datetime.now(UTC)
    every = rows(reported, "SELECT province, urgent, reported_at, answered_at FROM problem_reports")
    mine = [row for row in every if wanted(row[0])]
    waits = [(now - row[2]).total_seconds() / 3600 for row in mine if row[3] is None]
    told = problems.problems_open(reported, filters, scope).iloc[0]
    assert (told["value"], told["n"]) == (len(waits), sum(row[1] for row in mine if row[3] is None))
    assert told["hours"] == pytest.approx(median(waits), abs=0.1) if waits else told["hours"] is None
    took = [
        (row[3] - row[2]).total_seconds() / 3600
        for row in mine
        if row[3] is not None and filters.window.start <= row[3].astimezone(zone).date() <= filters.window.end
    ]
    spent = problems.answer_time(reported, filters, scope).iloc[0]
    assert spent["n"] == len(took)
    assert spent["value"] == pytest.approx(median(took)) if took else spent["value"] is None


def test_the_list_begins_with_the_urgent_and_the_oldest(reported: Database) -> None:
    frame = problems.reports(reported, today(reported), NATION)
    every = {
        str(row[0]): row[1:]
        for row in rows(reported, "SELECT id, urgent, reported_at, answered_at, answer FROM problem_reports")
    }
    is_open = sorted((i for i, row in every.items() if row[2] is None), key=lambda i: (not every[i][0], every[i][1]))
    closed = sorted((i for i, row in every.items() if row[2] is not None), key=lambda i: every[i][2], reverse=True)
    assert frame["id"].tolist() == [*is_open, *closed]
    codes = [reasons[0]["code"] for reasons in frame["reasons"]]
    urgent = sum(every[i][0] for i in is_open)
    assert codes[: len(is_open)] == ["problem_urgent"] * urgent + ["problem_open"] * (len(is_open) - urgent)
    assert set(codes[len(is_open) :]) == {"problem_answered"}
    province = problems.reports(reported, today(reported), Scope(("IR-04",)))
    assert set(province["province"]) == {"IR-04"}


def test_what_is_published_is_known_to_all(reported: Database) -> None:
    published = rows(reported, "SELECT title, answer FROM problem_reports WHERE published ORDER BY answered_at DESC")
    assert len(published) == 6
    for scope in (NATION, Scope(("IR-29",))):
        frame = problems.known(reported, today(reported, provinces=("IR-29",)), scope)
        assert list(frame[["title", "answer"]].itertuples(index=False, name=None)) == published


def test_the_overview_tells_of_open_reports(reported: Database) -> None:
    frame = attention.attention(reported, today(reported), NATION).set_index("province")
    every = rows(reported, "SELECT province, count(*) FROM problem_reports WHERE answered_at IS NULL GROUP BY 1")
    told = {
        province: reason["values"]["n"]
        for province, reasons in frame["reasons"].items()
        for reason in reasons
        if reason["code"] == "problem_waits"
    }
    assert told == dict(every)
