"""Answers of panels: computed once a data version, and once a minute where they age."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import pytest
from flask import Flask
from flask_caching import Cache

from dashboard.answers import Answers
from dashboard.claims.database import Database
from dashboard.claims.feed import Feed
from dashboard.filters import Filters
from dashboard.panel import Panel
from dashboard.scope import NATION, Scope
from layouts.pages import panels
from tests.queries.facts import TODAY

FILTERS = Filters(TODAY, "gregorian")


class Clock:
    """Seconds that pass when a test says so."""

    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def answers(claims: Database) -> Answers:
    """Over an empty database; the feed is not started, so the data version stays."""
    return Answers(claims, Feed(claims), Cache(Flask("answers"), config={"CACHE_TYPE": "SimpleCache"}), Clock())


def counted(ages: bool) -> tuple[Panel, list[int]]:
    """A panel, and how often it was asked."""
    asked: list[int] = []

    def query(_db: Database, _filters: Filters, _scope: Scope) -> pd.DataFrame:
        asked.append(1)
        return pd.DataFrame({"n": [len(asked)]})

    return Panel("counted", query, (), (), kind="table", ages=ages), asked


@pytest.mark.parametrize(("ages", "times"), [(True, [1, 1, 2]), (False, [1, 1, 1])])
def test_what_ages_is_asked_anew_each_minute(answers: Answers, ages: bool, times: list[int]) -> None:
    panel, asked = counted(ages)
    assert isinstance(answers.clock, Clock)
    told = []
    for seconds in (0, 1, 60):
        answers.clock.now += seconds
        answers.of(panel, FILTERS, NATION)
        told.append(len(asked))
    assert told == times


def test_a_silent_feed_grows_older_without_new_data(answers: Answers) -> None:
    """An hour more of silence is told although no data version has come since."""
    panel, claims = panels()["health-feeds"], answers.database
    assert isinstance(answers.clock, Clock)

    def heard(hours: int) -> None:
        with claims.write() as connection:
            connection.execute(
                "INSERT INTO feeds (province, subject, heard_at, updated_at) VALUES ('IR-23', 'disputes', %s, now()) "
                "ON CONFLICT (province, subject) DO UPDATE SET heard_at = excluded.heard_at",
                (pd.Timestamp.now("UTC") - timedelta(hours=hours, minutes=1),),
            )
            connection.commit()

    def hours() -> int:
        frame = answers.of(panel, FILTERS, NATION).frame.set_index("province")
        return int(frame.loc["IR-23", "reasons"][0]["values"]["hours"])

    heard(5)
    assert hours() == 5
    heard(6)  # an hour later, as the query sees it
    assert hours() == 5, "within the minute"
    answers.clock.now += 60
    assert hours() == 6
