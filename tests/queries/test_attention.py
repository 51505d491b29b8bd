"""Which provinces need attention: every figure against the facts, every rule at its threshold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import psycopg
import pytest

from dashboard.claims.database import Database
from dashboard.claims.subjects import SUBJECTS as RECORDS
from dashboard.filters import SUBJECTS, Filters, Window
from dashboard.intake.load import Loader
from dashboard.intake.mapping import plain
from dashboard.scope import NATION
from queries.attention import attention, since
from queries.counts import working_days
from tests.conftest import KEY
from tests.queries.facts import CASES, TODAY, facts, open_on, question, together, within

Claims = Callable[[str], Database]
BEFORE = TODAY - timedelta(days=30)


@pytest.fixture
def everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thresholds so low that nearly every province is told about."""
    for name in ("GROWTH", "GROWTH_SIGMAS", "LATE_SHARE", "DEPARTURE"):
        monkeypatch.setattr(f"queries.attention.{name}", 1e-9)
    for name in ("LEAST_CASES", "LEAST_LATE"):
        monkeypatch.setattr(f"queries.attention.{name}", 1)
    monkeypatch.setattr("queries.attention.SILENT_HOURS", 10**9)


def expected(db: Database, cases: dict[str, pd.DataFrame], province: str, subject: str) -> dict[str, dict[str, Any]]:
    """The reasons of a province and its figures, counted from the facts."""
    mine = {name: frame[frame["province"] == province] for name, frame in cases.items()}
    found: dict[str, dict[str, Any]] = {}
    for name, frame in mine.items():
        start, end = len(open_on(frame, BEFORE)), len(open_on(frame, TODAY))
        if start >= 1 and end > start:
            found[f"backlog_grows {name}"] = {"subject": name, "growth": end / start - 1}
        now = frame[frame["closed_at"].isna()]
        late = sum(due is not None and due < TODAY for due in now["due_on"])
        if late:
            found[f"backlog_late {name}"] = {"subject": name, "share": late / len(now), "n": late}
        third = next(day for day in days_after(TODAY) if working_days_between(db, TODAY, day) == 3)
        soon = sum(due is not None and TODAY <= due < third for due in now["due_on"])
        month = Window(BEFORE + timedelta(days=1), TODAY)
        pace = within(frame["closed"], month.start, month.end).sum() / working_days(db, month) * 3
        if soon > pace:
            found[f"late_soon {name}"] = {"subject": name, "n": soon, "closed": round(pace)}
    weeks = [Window(TODAY - timedelta(days=7 * n + 7), TODAY - timedelta(days=7 * n + 1)) for n in range(9)]
    worked = [working_days(db, week) for week in weeks]
    rates = [
        within(mine[subject]["opened"], week.start, week.end).sum() / days
        for week, days in zip(weeks, worked, strict=True)
        if days >= 3
    ]
    usual = float(np.mean(rates[1:]))
    if usual * worked[0] >= 1 and rates[0] != usual:
        code = "filed_above" if rates[0] > usual else "filed_below"
        found[f"{code} {subject}"] = {"subject": subject, "change": rates[0] / usual - 1}
    return found


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize(("jurisdiction", "seed"), CASES)
def test_every_figure_is_that_of_the_facts(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = question(db, seed)
    cases = {name: together(db, facts(db, name, filters, scope), name) for name in SUBJECTS}
    answer = attention(db, filters, scope).set_index("province")
    seen = {p.code for p in db.jurisdiction.provinces}
    seen &= set(filters.provinces or seen) & set(scope.provinces or seen)
    with psycopg.connect(db.url) as connection:
        open_reports = "SELECT province, count(*) FROM problem_reports WHERE answered_at IS NULL GROUP BY province"
        reports = dict(connection.execute(open_reports).fetchall())
    observed = 0
    for province in seen:
        reasons = expected(db, cases, province, filters.subject)
        if waiting := reports.get(province):
            reasons["problem_waits "] = {"n": waiting}
        observed += any((frame["province"] == province).any() for frame in cases.values())
        if not reasons:
            assert province not in answer.index
            continue
        row = answer.loc[province]
        told = {
            f"{reason['code']} {reason['values'].get('subject', '')}": reason["values"] for reason in row["reasons"]
        }
        assert set(told) == set(reasons)
        for name, values in reasons.items():
            left = ("subject", "hours")  # hours pass while this runs
            numbers, counted = ({k: v for k, v in each.items() if k not in left} for each in (told[name], values))
            assert numbers == pytest.approx(counted)
        frames = [frame[frame["province"] == province] for frame in cases.values()]
        start, end = (sum(len(open_on(frame, day)) for frame in frames) for day in (BEFORE, TODAY))
        assert (row["spark"][0], row["spark"][-1], row["backlog"]) == (start, end, end)
        assert pd.isna(row["backlog_change"]) if not start else row["backlog_change"] == pytest.approx(end / start - 1)
        closed = pd.concat(frame[within(frame["closed"], BEFORE + timedelta(days=1), TODAY)] for frame in frames)
        limited = closed["timing"].isin(["early", "on_time", "late"]).sum()
        share = closed["timing"].isin(["early", "on_time"]).sum() / limited if limited else None
        assert pd.isna(row["on_time"]) if share is None else row["on_time"] == pytest.approx(share)
    assert set(answer.index) <= seen
    assert answer.shape == (len(answer), 7)
    assert attention(db, filters, scope).attrs["observed"] == observed


def days_after(day: date) -> Iterator[date]:
    while True:
        day += timedelta(days=1)
        yield day


def working_days_between(db: Database, day: date, later: date) -> int:
    """Working days after a day up to another."""
    workdays = db.jurisdiction.workdays
    return sum(workdays.is_working(day + timedelta(days=n)) for n in range(1, (later - day).days + 1))


class Desk:
    """Files disputes of one province: ``(opened, closed or None, due or None)``."""

    def __init__(self, claims: Database, folder: Path) -> None:
        self.claims, self.folder, self.filed = claims, folder, 0

    def file(self, n: int, opened: date, closed: date | None = None, due: date | None = None) -> None:
        rows = ["id,province,channel,category,opened_at,closed_at,outcome,due_on,updated_at"]
        for _ in range(n):
            self.filed += 1
            ended = f"{closed}T10:00:00Z,settled" if closed else ","
            rows.append(
                f"d{self.filed},IR-23,online,individual,{opened}T08:00:00Z,{ended},{due or ''},{TODAY}T09:00:00Z"
            )
        path = self.folder / f"{self.filed}.csv"
        path.write_text("\n".join(rows) + "\n")
        account = Loader(self.claims, RECORDS["disputes"], KEY).file(path, plain(RECORDS["disputes"])).account
        assert account.accepted == n, account

    def reasons(self, subject: str = "disputes") -> list[str]:
        answer = attention(self.claims, Filters(TODAY, "jalali", subject=subject), NATION)
        return [reason["code"] for row in answer["reasons"] for reason in row]


@pytest.fixture
def desk(claims: Database, tmp_path: Path) -> Desk:
    return Desk(claims, tmp_path)


def test_with_no_data_there_is_nothing_to_be_calm_about(claims: Database) -> None:
    answer = attention(claims, Filters(TODAY, "jalali"), NATION)
    assert (len(answer), answer.attrs["observed"]) == (0, 0)


def test_a_province_with_data_and_no_trouble_is_calm(desk: Desk) -> None:
    desk.file(3, TODAY - timedelta(days=40))
    answer = attention(desk.claims, Filters(TODAY, "jalali"), NATION)
    assert (len(answer), answer.attrs["observed"]) == (0, 1)


def test_growth_is_more_than_chance(desk: Desk) -> None:
    """100 open; 150 come and 110 go: +40 %, of a standard deviation of √260 = 16, less than three of them."""
    desk.file(100, TODAY - timedelta(days=60))
    desk.file(40, TODAY - timedelta(days=20))
    assert desk.reasons("registrations") == ["backlog_grows"], "40 more and nothing else is more than 3 √40"
    desk.file(110, TODAY - timedelta(days=25), TODAY - timedelta(days=5))
    assert desk.reasons("registrations") == []
    desk.file(20, TODAY - timedelta(days=10))
    assert desk.reasons("registrations") == ["backlog_grows"], "60 more is more than 3 √(170 + 110) = 50"


def test_a_few_cases_do_not_grow(desk: Desk) -> None:
    desk.file(29, TODAY - timedelta(days=60))
    desk.file(60, TODAY - timedelta(days=20))
    assert desk.reasons("registrations") == []


def test_five_late_cases_of_ten_are_told_and_four_are_not(desk: Desk) -> None:
    due, later = TODAY - timedelta(days=1), TODAY + timedelta(days=30)
    desk.file(4, TODAY - timedelta(days=60), due=due)
    desk.file(5, TODAY - timedelta(days=60), due=later)
    assert desk.reasons() == []
    desk.file(1, TODAY - timedelta(days=60), due=due)
    assert desk.reasons() == ["backlog_late"]
    desk.file(40, TODAY - timedelta(days=60), due=later)
    assert desk.reasons() == [], "five of fifty is no more than a tenth"


def test_what_becomes_late_sooner_than_it_is_closed_is_told(desk: Desk) -> None:
    """Nine become late within three working days: more than nothing and than three, and no more than nine."""
    days = desk.claims.jurisdiction.workdays
    last, after = days.add(TODAY, 3) - timedelta(days=1), days.add(TODAY, 3)
    opened = TODAY - timedelta(days=60)
    desk.file(4, opened, due=last)
    desk.file(50, opened, due=after)
    assert desk.reasons() == [], "four are single cases, and who is late on the fourth day is not late on the third"
    desk.file(5, opened, due=TODAY)
    assert desk.reasons() == ["late_soon"]
    answer = attention(desk.claims, Filters(TODAY, "jalali", subject="disputes"), NATION)
    assert answer["reasons"].iloc[0][0]["values"] == {"subject": "disputes", "n": 9, "closed": 0}
    assert answer["severity"].tolist() == ["bad"], "nothing is closed at all"
    worked = working_days(desk.claims, Window(BEFORE + timedelta(days=1), TODAY))
    desk.file(worked, opened, TODAY - timedelta(days=3))
    answer = attention(desk.claims, Filters(TODAY, "jalali", subject="disputes"), NATION)
    assert answer["reasons"].iloc[0][0]["values"] == {"subject": "disputes", "n": 9, "closed": 3}
    desk.file(2 * worked, opened, TODAY - timedelta(days=3))
    assert desk.reasons() == [], "nine are closed in three days"


def test_filings_depart_only_of_the_subject_asked_about(desk: Desk) -> None:
    """Ten on each working day for eight weeks, then forty: four times the usual."""
    for back in range(1, 64):
        day = TODAY - timedelta(days=back)
        if desk.claims.jurisdiction.workdays.is_working(day):
            desk.file(40 if back <= 7 else 10, day, day)
    answer = attention(desk.claims, Filters(TODAY, "jalali", subject="disputes"), NATION)
    (reason,) = answer["reasons"].iloc[0]
    assert reason["code"] == "filed_above"
    assert reason["values"]["change"] == pytest.approx(3.0)
    assert desk.reasons("registrations") == []


def test_since_is_the_last_day_as_low_as_the_first() -> None:
    assert since(np.array([5, 4, 5, 6, 7])) == 2
    assert since(np.array([5, 6, 7])) == 2


def test_a_feed_not_heard_of_for_days_is_silent(desk: Desk) -> None:
    desk.file(1, TODAY - timedelta(days=40))
    with desk.claims.write() as connection:
        long_ago = datetime.combine(TODAY - timedelta(days=9), time())
        connection.execute("UPDATE feeds SET heard_at = %s", (long_ago,))
        connection.commit()
    answer = attention(desk.claims, Filters(TODAY, "jalali"), NATION)
    assert [reason["code"] for row in answer["reasons"] for reason in row] == ["feed_silent"]
    assert answer["severity"].tolist() == ["bad"]
