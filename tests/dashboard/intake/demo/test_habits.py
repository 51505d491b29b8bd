"""Offices and boards of the demo differ a little, and the few that differ by far can be seen."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dashboard.intake.demo.generate import generate, prepare
from dashboard.jurisdictions import Jurisdiction
from queries.alike import judged
from tests.demo import UNTIL, joined

GRANTED, REFUSED = ["for_petitioner", "partly"], "against_petitioner"


def compared(frame: pd.DataFrame, who: str, counted: pd.Series) -> pd.DataFrame:
    """Offices or boards held against all, as the page of like cases does."""
    cases = pd.DataFrame({"n": frame.groupby(who).size(), "k": counted.groupby(frame[who]).sum()}).astype(int)
    return judged(cases.rename_axis("key").reset_index().assign(province=""))


@pytest.mark.parametrize("seed", [1, 2])
def test_one_board_rules_otherwise_and_few_others_seem_to(iran: Jurisdiction, seed: int) -> None:
    made = joined(generate(iran, cases=42_000, until=UNTIL, seed=seed, subjects=("disputes",)))["disputes"]
    frame = pd.DataFrame({name: made[name] for name in ("office", "board", "outcome")})
    frame = frame[frame["outcome"].isin([*GRANTED, REFUSED])]
    found = compared(frame, "board", frame["outcome"].isin(GRANTED)).set_index("key")
    habits = prepare(iran, cases=1_000, until=UNTIL, seed=seed).world.habits
    office, number = np.argwhere(habits.of_boards == habits.of_boards.min())[0]
    codes = np.concatenate(prepare(iran, cases=1_000, until=UNTIL, seed=seed).world.places.offices)
    assert found.loc[f"{codes[office]}/{number + 1}", "outside"] == -1
    assert 1 <= (found["outside"] != 0).sum() <= 12
    assert found["judged"].sum() > 80


def test_one_office_denies_and_one_returns_otherwise(iran: Jurisdiction) -> None:
    made = joined(generate(iran, cases=300_000, until=UNTIL, subjects=("procedures",)))["procedures"]
    frame = pd.DataFrame({name: made[name] for name in ("office", "category", "outcome")})
    frame = frame[(frame["category"] == "benefit_grant") & frame["outcome"].isin(["approved", "denied"])]
    places, habits = (getattr(prepare(iran, cases=1_000, until=UNTIL).world, name) for name in ("places", "habits"))
    far = np.concatenate(places.offices)[int(np.argmin(habits.offices["approved"]))]
    found = compared(frame, "office", frame["outcome"] == "approved").set_index("key")
    assert found.loc[far, "outside"] == -1
    assert (found["outside"] != 0).sum() <= 8


def test_a_board_belongs_to_the_office_that_has_the_case(demo: dict[str, dict[str, np.ndarray]]) -> None:
    disputes = demo["disputes"]
    given = disputes["board"] != ""
    assert [code.rpartition("/")[0] for code in disputes["board"][given]] == disputes["office"][given].tolist()
    if "staffing" in demo:
        boards = dict(zip(demo["staffing"]["office"], demo["staffing"]["boards"].astype(int), strict=True))
        numbers = [int(code.rpartition("/")[2]) for code in disputes["board"][given]]
        assert all(1 <= n <= boards[office] for n, office in zip(numbers, disputes["office"][given], strict=True))
        assert given.any()
    assert not (given & np.isin(disputes["outcome"], ["settled"])).any()


def test_a_scenario_keeps_its_totals_whatever_offices_do(iran: Jurisdiction) -> None:
    """No application is refused by habit where the answer is fixed."""
    demo = prepare(iran, cases=20_000, until=UNTIL, scenario="spring-1399")
    plan = demo.plan(np.arange(20_000))
    assert plan.granted.sum() == round(20_000 * 723_496 / 863_605)
