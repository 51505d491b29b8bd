"""The questions about services against the same counted from the facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest

from dashboard.claims.cubes import AGE_EDGES
from dashboard.claims.database import Database
from dashboard.filters import Filters, Window
from dashboard.scope import Scope
from dashboard.text.calendars import calendar_named
from queries import ages, online, services
from queries.durations import whole_months
from tests.queries.facts import CASES, TODAY, facts, months_of, open_on, question, within

Claims = Callable[[str], Database]
every_question = pytest.mark.parametrize(("jurisdiction", "seed"), CASES)
SUBJECT = services.SUBJECT


def asked(db: Database, seed: int, **fixed: Any) -> tuple[Filters, Scope, pd.DataFrame]:
    """A question about services, every other one about three of them, and the cases it is about."""
    keys = [code.key for code in db.jurisdiction.codes[f"{SUBJECT}.category"]]
    filters, scope = question(db, seed, subject=SUBJECT, usual=SUBJECT, **fixed)
    if seed % 2:
        filters = replace(filters, categories=tuple(sorted(keys[seed : seed + 3])))
    frame = facts(db, SUBJECT, filters, scope)
    if filters.categories:
        frame = frame[frame["category"].isin(filters.categories)]
    return filters, scope, frame


def opened(frame: pd.DataFrame, window: Window) -> pd.DataFrame:
    return frame[within(frame["opened"], window.start, window.end)]


def closed(frame: pd.DataFrame, window: Window) -> pd.DataFrame:
    return frame[within(frame["closed"], window.start, window.end)]


def worked(db: Database, window: Window) -> int:
    days = [window.start + timedelta(days=n) for n in range(window.days)]
    return sum(db.jurisdiction.workdays.is_working(day) for day in days if day <= db.today())


@every_question
def test_headlines(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope, frame = asked(db, seed)
    window, before = filters.window, filters.compared
    answer = services.received(db, filters, scope).iloc[0]
    assert answer["value"] == answer["n"] == len(opened(frame, window)) == sum(answer["spark"])
    assert answer["compared"] == (len(opened(frame, before)) if before else None)
    answer = services.closed_per_day(db, filters, scope).iloc[0]
    assert answer["n"] == len(closed(frame, window))
    days = worked(db, window)
    assert answer["value"] == (pytest.approx(len(closed(frame, window)) / days) if days else None)
    answer = services.waiting(db, filters, scope).iloc[0]
    assert answer["value"] == answer["spark"][-1] == len(open_on(frame, window.end))
    assert answer["compared"] == (len(open_on(frame, before.end)) if before else None)
    now = sorted((TODAY - day).days for day in frame[frame["closed_at"].isna()]["opened"])
    assert answer["age"] == (now[(len(now) - 1) // 2] if now else None)
    answer = online.of(SUBJECT)(db, filters, scope).iloc[0]
    mine = opened(frame, window)
    assert answer["n"] == len(mine)
    assert answer["value"] == ((mine["channel"] == "online").sum() / len(mine) if len(mine) else None)


@every_question
def test_who_is_verified_and_goes_on_to_a_petition(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope, _ = asked(db, seed, channels=())
    filters = replace(filters, categories=())
    frame = facts(db, SUBJECT, filters, scope)
    frame = frame[frame["category"] == "identity_verification"]
    months = months_of(db, filters.window)
    seen = frame[within(frame["opened"], months.start, months.end)].dropna(subset=["filer", "place"])
    answer = services.verified(db, filters, scope)
    counted = answer.set_index(["place", "part"])["n"].to_dict()
    assert counted == seen.groupby(["place", "filer"]).size().to_dict()
    assert answer.attrs["observed"] == (jurisdiction == "vn")
    of_place = answer.groupby("place", sort=False)["n"].sum()
    assert of_place.is_monotonic_decreasing

    filters = replace(filters, start=TODAY - timedelta(days=100 * (seed + 3)), end=TODAY)
    mine = opened(frame, filters.window)
    local = pd.to_datetime(mine["petitioned_at"], utc=True).dt.tz_convert(db.jurisdiction.timezone)
    waited = [None if pd.isna(at) else (at.date() - day).days for at, day in zip(local, mine["opened"], strict=True)]
    expected = {"asked": len(mine), "verified": int(mine["outcome"].isin(["approved", "done"]).sum())}
    expected |= {f"within_{days}": sum(n is not None and n <= days for n in waited) for days in (90, 30, 7)}
    steps = services.petitioned(db, filters, scope).set_index("step")
    assert steps["n"].to_dict() == (expected if len(mine) else {})
    if len(mine) and expected["verified"]:
        assert steps.loc["within_30", "share"] == pytest.approx(expected["within_30"] / expected["verified"])
        assert steps.loc["within_7", "lost"] == expected["within_30"] - expected["within_7"]


@every_question
def test_services_at_a_glance(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope, frame = asked(db, seed, channels=())
    window, days = filters.window, worked(db, filters.window)
    answer = services.services(db, filters, scope).set_index("category")
    keys = [code.key for code in db.jurisdiction.codes[f"{SUBJECT}.category"]]
    met = {*opened(frame, window)["category"], *closed(frame, window)["category"]}
    met |= set(open_on(frame, window.end)["category"])
    assert list(answer.index) == [key for key in keys if key in met]
    for key, row in answer.iterrows():
        mine = frame[frame["category"] == key]
        came, went = opened(mine, window), closed(mine, window)
        assert (row["received"], row["finished"]) == (len(came), len(went))
        assert row["backlog"] == len(open_on(mine, window.end))
        if days:
            assert (row["opened"], row["closed"]) == (pytest.approx(len(came) / days), pytest.approx(len(went) / days))
        online = (came["channel"] == "online").sum()
        assert pd.isna(row["online_share"]) if came.empty else row["online_share"] == pytest.approx(online / len(came))


@every_question
def test_courses_of_the_services(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope, frame = asked(db, seed)
    came = opened(frame, filters.window)
    calendar, week = calendar_named(filters.calendar), db.jurisdiction.week_start
    step = "day" if filters.step == "hour" else filters.step
    bins = [max(calendar.bin_start(day, step, week), filters.window.start) for day in came["opened"]]
    came = came.assign(bin=bins, online=came["channel"] == "online")
    counted = came.groupby(["category", "bin"])["online"].agg(["size", "sum"])
    answer = services.trend(db, filters, scope)
    assert set(answer["category"]) == set(came["category"])
    assert answer["value"].sum() == len(came)
    for row in answer.to_dict("records"):
        key = (row["category"], row["bin"])
        assert row["value"] == (counted.loc[key, "size"] if key in counted.index else 0)
    for row in services.online_by_service(db, filters, scope).to_dict("records"):
        key = (row["category"], row["bin"])
        assert row["n"] == (counted.loc[key, "size"] if key in counted.index else 0)
        expected = counted.loc[key, "sum"] / counted.loc[key, "size"] if key in counted.index else None
        assert pd.isna(row["value"]) if expected is None else row["value"] == pytest.approx(expected)


@every_question
def test_backlog_by_age(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope, frame = asked(db, seed)
    now = frame[frame["closed_at"].isna()]
    days = [(TODAY - day).days for day in now["opened"]]
    now = now.assign(part=["over_90" if n > 90 else "to_90" if n > 30 else "to_30" if n > 7 else "to_7" for n in days])
    expected = now.groupby(["category", "part"]).size()
    answer = services.backlog_by_age(db, filters, scope)
    assert answer["n"].sum() == len(now)
    assert set(answer["part"]) <= set(ages.BANDS)
    for row in answer.to_dict("records"):
        assert row["n"] == expected.get((row["category"], row["part"]), 0)


@every_question
def test_outcomes(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope, frame = asked(db, seed)
    ended = closed(frame, filters.window)
    expected = ended.groupby(["category", "outcome"]).size()
    whole = ended.groupby("category").size()
    answer = services.outcomes(db, filters, scope)
    assert answer["n"].sum() == len(ended)
    for row in answer.to_dict("records"):
        assert row["n"] == expected.get((row["category"], row["part"]), 0)
        assert row["share"] == pytest.approx(row["n"] / whole[row["category"]])


@every_question
def test_contracts(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope, frame = asked(db, seed, channels=())
    filters = replace(filters, categories=())
    frame = facts(db, SUBJECT, filters, scope)
    mine = opened(frame[frame["category"] == services.CONTRACTS], filters.window)
    answer = services.contracts(db, filters, scope).set_index("step")
    assert list(answer.index) == (["registered", *services.STEPS] if len(mine) else [])
    assert answer["n"].sum() == 0 or answer["n"].iloc[0] == len(mine)
    before = len(mine)
    for step, row in answer.iloc[1:].iterrows():
        local = pd.to_datetime(mine[f"{step}_at"].dropna(), utc=True).dt.tz_convert(db.jurisdiction.timezone)
        days = sorted((at.date() - mine.loc[index, "opened"]).days for index, at in local.items())
        assert (row["n"], row["lost"]) == (len(days), before - len(days))
        assert row["share"] == pytest.approx(len(days) / len(mine))
        if days:
            assert same_bin(row["median"], days[(len(days) - 1) // 2])
            assert same_bin(row["p90"], days[-(-9 * len(days) // 10) - 1])
        before = len(days)


def same_bin(found: float, exact: int) -> bool:
    edges = [*AGE_EDGES, 10**9]
    return any(low <= found < high and low <= exact < high for low, high in pairwise(edges))


@every_question
def test_places_of_verification(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope, frame = asked(db, seed, channels=())
    filters = replace(filters, categories=())
    frame = facts(db, SUBJECT, filters, scope)
    mine = opened(frame[frame["category"] == services.IDENTITY], whole_months(db, filters.window))
    answer = services.places(db, filters, scope)
    assert answer.set_index("place")["places_verified"].to_dict() == mine["place"].dropna().value_counts().to_dict()
    assert answer["places_verified"].is_monotonic_decreasing
    assert answer.attrs["observed"] is (jurisdiction == "vn")
    if len(answer):
        assert answer["share"].sum() == pytest.approx(1)
