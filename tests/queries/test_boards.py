"""Boards against all others and by what they have open: the same counted from the facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from dashboard.claims.database import Database
from dashboard.claims.subjects import DISPUTES
from dashboard.filters import Filters
from dashboard.scope import NATION, Scope
from queries import boards
from queries.chance import Binomial
from tests.dashboard.claims.test_merge import load
from tests.queries.facts import CASES, TODAY, facts, months_of, question, within

Claims = Callable[[str], Database]
every_question = pytest.mark.parametrize(("jurisdiction", "seed"), CASES)
GRANTED = ["for_petitioner", "partly"]


def everywhere(db: Database, filters: Filters, scope: Scope) -> pd.DataFrame:
    """The disputes of a reader's whole scope, whatever is filtered."""
    frame = facts(db, "disputes", replace(filters, provinces=(), channels=()), scope)
    return frame.assign(board=frame["board"].fillna(""))


@every_question
def test_rulings_of_boards(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = question(db, seed)
    answer = boards.ruled(db, filters, scope)
    frame = everywhere(db, filters, scope)
    months = months_of(db, filters.window)
    frame = frame[within(frame["closed"], months.start, months.end)]
    frame = frame[frame["outcome"].isin([*GRANTED, "against_petitioner"])]
    granted = frame["outcome"].isin(GRANTED)
    mean = granted.mean() if len(frame) else 0.0
    assert answer.attrs["mean"] == pytest.approx(mean)
    assert answer.attrs["cases"] == len(frame)
    known = frame[frame["board"] != ""]
    if filters.provinces:
        known = known[known["province"].isin(filters.provinces)]
    assert set(answer["key"]) == set(known["board"])
    for row in answer.to_dict("records"):
        mine = known[(known["board"] == row["key"]) & (known["province"] == row["province"])]
        n, k = len(mine), int(mine["outcome"].isin(GRANTED).sum())
        assert (row["n"], row["rate"]) == (n, pytest.approx(k / n))
        chance = Binomial(n, mean)
        above = n >= 30 and chance.at_least(k) <= 0.001
        below = n >= 30 and chance.at_most(k) <= 0.001
        assert row["outside"] == int(above) - int(below)
    outside = boards.ruled_outside(db, filters, scope)
    assert set(outside["key"]) == set(answer.loc[answer["outside"] != 0, "key"])


@every_question
def test_what_boards_have_open(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = question(db, seed)
    frame = everywhere(db, filters, scope)
    frame = frame[frame["closed_at"].isna() & (frame["board"] != "")]
    counted = frame.groupby(["province", "board"]).size()
    answer = boards.open_now(db, filters, scope)
    if len(counted):
        assert answer.attrs["mean"] == pytest.approx(counted.mean())
    if filters.provinces:
        counted = counted[counted.index.get_level_values("province").isin(filters.provinces)]
    found = answer.set_index(["province", "board"])["board_open"]
    assert found.to_dict() == counted.to_dict()
    assert answer["board_open"].is_monotonic_decreasing
    assert answer["share"].sum() == pytest.approx(1 if len(counted) else 0)


def test_every_open_dispute_is_with_a_board_or_with_none(demo_claims: Claims) -> None:
    """Opened − closed, board by board, is what is open: summed over boards it is the backlog of the province."""
    db = demo_claims("ir")
    with db.write() as connection:
        by_board, by_province = (
            connection.execute(
                f"SELECT province, sum(CASE milestone WHEN 'opened' THEN n ELSE -n END)::bigint FROM {cells} "
                "WHERE subject = 'disputes' AND milestone IN ('opened', 'closed') GROUP BY 1 ORDER BY 1"
            ).fetchall()
            for cells in ("board_cells", "month_cells")
        )
    assert by_board == by_province
    assert by_board


def test_boards_of_one_code_in_two_provinces_are_two(new_claims: Callable[..., Database]) -> None:
    db = new_claims()
    opened = {"channel": "online", "category": "individual", "opened_at": "2026-09-01T08:00:00Z"}
    records = [
        {**opened, "id": f"D{n}", "province": "IR-23" if n < 3 else "IR-07", "board": "2", "updated_at": "2026-10-01"}
        for n in range(5)
    ]
    assert load(db, DISPUTES, records).account.accepted == 5
    answer = boards.open_now(db, Filters(TODAY, "jalali"), NATION)
    assert dict(zip(answer["board"], answer["board_open"], strict=True)) == {"2 · IR-23": 3, "2 · IR-07": 2}
    one = boards.open_now(db, Filters(TODAY, "jalali", provinces=("IR-07",)), NATION)
    assert one["board"].tolist() == ["2 · IR-07"]


def test_where_no_board_is_known_there_is_nothing_to_compare(new_claims: Callable[..., Database]) -> None:
    db = new_claims()
    for query in (boards.ruled, boards.ruled_outside, boards.open_now):
        assert query(db, Filters(TODAY, "jalali", "12m"), NATION).empty
