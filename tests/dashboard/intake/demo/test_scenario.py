"""Spring 1399 as it was published."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.claims.subjects import SUBJECTS
from dashboard.intake.demo import scenario
from dashboard.intake.demo.generate import generate, plan, prepare
from dashboard.intake.demo.loading import chunk_of
from dashboard.intake.eligibility import apply, decide
from dashboard.intake.validate import validate
from dashboard.jurisdictions import Jurisdiction
from tests.demo import UNTIL, joined, moments


def test_the_published_totals_are_met_exactly(iran: Jurisdiction) -> None:
    demo = prepare(iran, until=UNTIL, scenario="spring-1399")
    everyone = np.arange(scenario.REGISTERED)
    planned = demo.plan(everyone)
    time = demo.world.time
    day = planned.opened // 86_400
    spring = (day >= time.day(scenario.NEW_YEAR)) & (day < time.day(scenario.SUMMER))
    assert demo.rows("registrations") == 863_605
    assert planned.granted.sum() == 723_496
    assert (day < time.day(scenario.NEW_YEAR)).sum() == 24_000
    assert (spring.sum(), day.max()) == (750_000, time.day(scenario.LAST))
    for name, n in (("Tehran", 151_724), ("Fars", 73_195), ("Khuzestan", 31_942)):
        number = [iran.province(code).names["en"] for code in demo.world.places.provinces].index(name)
        assert (spring & (planned.province == number)).sum() == n


def test_the_match_gives_what_was_planned(iran: Jurisdiction) -> None:
    found = joined(generate(iran, cases=8_000, until=UNTIL, scenario="spring-1399"))
    frames = {
        s: validate(chunk_of(c, SUBJECTS[s]), SUBJECTS[s], iran, True, b"k" * 32, UNTIL) for s, c in found.items()
    }
    assert all(validated.rejected == [] for validated in frames.values())
    filed = frames["registrations"].frame
    answered = apply(filed, decide(filed, frames["premiums"].frame, iran), iran)
    assert (answered["outcome"] == "eligible").sum() == round(8_000 * 723_496 / 863_605)
    assert not answered["outcome"].isna().any()
    excused = answered["review_at"].notna() & (answered["match"] == "late") & (answered["outcome"] == "eligible")
    assert excused.sum() > 100
    special = answered["category"] == "special_support"
    assert (answered.loc[special, "outcome"] == "not_eligible").mean() > 0.8


def test_it_ends_with_the_answer_and_in_its_own_time(iran: Jurisdiction) -> None:
    found = joined(generate(iran, cases=4_000, until=UNTIL, scenario="spring-1399"))
    assert plan(iran, cases=4_000, until=UNTIL, scenario="spring-1399") == {
        s: len(c["updated_at"]) for s, c in found.items()
    }
    registered = found["registrations"]
    assert all((registered[step] == "").all() for step in ("referred_at", "established_at", "account_at", "paid_at"))
    assert moments(registered["updated_at"]).max() < np.datetime64("2020-07-20")
    assert (registered["channel"] != "online").mean() < 0.03


def test_it_is_of_iran_only(vietnam: Jurisdiction) -> None:
    with pytest.raises(ValueError, match="of Iran"):
        prepare(vietnam, until=UNTIL, scenario="spring-1399")
