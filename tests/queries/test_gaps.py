"""Gaps between ministry and social security: counted by hand from the facts, and each the list of its cases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import ceil
from pathlib import Path

import pandas as pd
import pytest

from dashboard.claims.database import Database
from dashboard.claims.subjects import REGISTRATIONS
from dashboard.filters import Filters
from dashboard.intake.load import Loader
from dashboard.intake.mapping import plain
from dashboard.scope import NATION, Scope
from queries import cases, gaps
from tests.conftest import KEY
from tests.queries.facts import CASES, TODAY, facts, question

Claims = Callable[[str], Database]
every_question = pytest.mark.parametrize(("jurisdiction", "seed"), CASES)
BANDS = (("to_7", 0, 7), ("to_30", 8, 30), ("to_90", 31, 90), ("over_90", 91, 99_999))


def standing(db: Database, filters: Filters, scope: Scope) -> dict[str, pd.DataFrame]:
    """The cases of each gap, with the days since the step before."""
    frame = facts(db, "registrations", filters, scope)
    frame = frame[frame["outcome"] == "eligible"]
    referred, established, account, paid = (
        frame[f"{step}_at"].notna() for step in ("referred", "established", "account", "paid")
    )
    chosen = {
        "to_establish": (referred & ~established & ~account & ~paid, "referred_at"),
        "to_pay": (established & ~paid, "established_at"),
        "to_announce": (established & ~account & ~paid, "established_at"),
    }
    found = {}
    for gap, (inside, since) in chosen.items():
        mine = frame[inside]
        days = pd.to_datetime(mine[since], utc=True).dt.tz_convert(db.jurisdiction.timezone)
        found[gap] = mine.assign(age=[(TODAY - day.date()).days for day in days])
    return found


def at(ages: pd.Series[int], share: float) -> float | None:
    """The age at that share of the cases, the youngest first."""
    return None if ages.empty else sorted(ages)[ceil(share * len(ages) - 1e-9) - 1]


@every_question
def test_gaps_and_their_ages(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = question(db, seed, subject="registrations")
    by_hand = standing(db, filters, scope)
    answer = gaps.gaps(db, filters, scope)
    assert answer["gap"].tolist() == list(by_hand)
    for row in answer.to_dict("records"):
        ages = by_hand[row["gap"]]["age"]
        assert row["waiting"] == len(ages)
        for name, share in (("median", 0.5), ("p90", 0.9)):
            expected = at(ages, share)
            assert pd.isna(row[name]) if expected is None else row[name] == expected
        assert {band: row[band] for band, *_ in BANDS} == {
            band: ages.between(least, most).sum() for band, least, most in BANDS
        }
    both = {*by_hand["to_establish"]["id"], *by_hand["to_pay"]["id"], *by_hand["to_announce"]["id"]}
    assert answer.attrs["n"] == len(both)


@every_question
def test_gaps_by_province(demo_claims: Claims, jurisdiction: str, seed: int) -> None:
    db = demo_claims(jurisdiction)
    filters, scope = question(db, seed, subject="registrations", channels=())
    by_hand = standing(db, filters, scope)
    answer = gaps.provinces(db, filters, scope)
    assert set(answer["province"]) == {p for frame in by_hand.values() for p in frame["province"]}
    for row in answer.to_dict("records"):
        for gap, frame in by_hand.items():
            ages = frame.loc[frame["province"] == row["province"], "age"]
            assert row[gap] == len(ages)
            expected = at(ages, 0.9)
            assert pd.isna(row[f"{gap}_p90"]) if expected is None else row[f"{gap}_p90"] == expected
    waiting = answer["to_establish"] + answer["to_pay"]
    assert waiting.is_monotonic_decreasing
    assert answer.attrs["n"] == waiting.sum()


@pytest.mark.parametrize("jurisdiction", ["ir", "vn"])
@pytest.mark.parametrize("gap", gaps.GAPS)
def test_the_list_of_a_gap_holds_exactly_its_cases(demo_claims: Claims, jurisdiction: str, gap: str) -> None:
    """Whatever the filters, the number on the card is the number of cases in the list it leads to."""
    db = demo_claims(jurisdiction)
    for seed in range(3):
        filters, scope = question(db, seed, subject="registrations")
        card = gaps.gaps(db, filters, scope).set_index("gap")["waiting"][gap]
        asked: cases.Asked | None = cases.Asked("registrations", ever=True, gap=gap)
        listed: list[str] = []
        while asked is not None:
            page = cases.page(db, filters, replace(scope, cases=True), asked)
            listed += page.rows.get("id", pd.Series(dtype=object)).tolist()
            asked = page.next
        assert len(listed) == len(set(listed)) == card
        assert set(listed) == set(standing(db, filters, scope)[gap]["id"])


SMALL = """\
id,province,category,channel,opened_at,decided_at,outcome,referred_at,established_at,account_at,paid_at,updated_at
decided,IR-23,insured,online,2026-10-01,2026-10-02,eligible,,,,,2026-11-20
referred,IR-23,insured,online,2026-10-01,2026-10-02,eligible,2026-11-12,,,,2026-11-20
referred long ago,IR-07,insured,online,2026-05-01,2026-05-02,eligible,2026-05-20,,,,2026-11-20
paid unreferred,IR-23,insured,online,2026-10-01,2026-10-02,eligible,,,,2026-11-02,2026-11-20
account missing,IR-23,insured,online,2026-10-01,2026-10-02,eligible,2026-10-03,2026-10-23,,,2026-11-20
account unasked,IR-23,insured,online,2026-10-01,2026-10-02,eligible,2026-10-03,2026-11-02,,2026-11-12,2026-11-20
account there,IR-07,insured,online,2026-10-01,2026-10-02,eligible,2026-10-03,2026-11-18,2026-11-19,,2026-11-20
account without more,IR-07,insured,online,2026-10-01,2026-10-02,eligible,2026-10-03,,2026-11-19,,2026-11-20
not eligible,IR-07,insured,online,2026-10-01,2026-10-02,not_eligible,2026-10-03,,,,2026-11-20
"""


def test_gaps_of_a_small_set_by_hand(new_claims: Claims, tmp_path: Path) -> None:
    """Who has passed a later step waits for none before it, whatever is missing in between."""
    db = new_claims("ir")
    scheme = db.jurisdiction.codes["registrations.category"][0].key
    path = tmp_path / "registrations.csv"
    path.write_text(SMALL.replace("insured", scheme), encoding="utf-8")
    assert Loader(db, REGISTRATIONS, KEY).file(path, plain(REGISTRATIONS)).account.accepted == 9
    filters = Filters(TODAY, "jalali")
    answer = gaps.gaps(db, filters, NATION).set_index("gap")
    assert answer["waiting"].to_dict() == {"to_establish": 2, "to_pay": 2, "to_announce": 1}
    assert answer["median"].to_dict() == {"to_establish": 10, "to_pay": 4, "to_announce": 30}
    assert answer["p90"].to_dict() == {"to_establish": 186, "to_pay": 30, "to_announce": 30}
    assert answer.attrs["n"] == 4
    listed = {
        gap: cases.page(db, filters, Scope(None, cases=True), cases.Asked("registrations", ever=True, gap=gap)).rows
        for gap in gaps.GAPS
    }
    assert {gap: set(rows["id"]) for gap, rows in listed.items()} == {
        "to_establish": {"referred", "referred long ago"},
        "to_pay": {"account missing", "account there"},
        "to_announce": {"account missing"},
    }
    provinces = gaps.provinces(db, filters, NATION).set_index("province")
    assert provinces.loc["IR-23", list(gaps.GAPS)].tolist() == [1, 1, 1]
    assert provinces.loc["IR-07", list(gaps.GAPS)].tolist() == [1, 1, 0]


def test_the_demo_has_what_is_asked(demo_claims: Claims) -> None:
    """Else the tests above would hold nothing against nothing."""
    for jurisdiction in ("ir", "vn"):
        db = demo_claims(jurisdiction)
        answer = gaps.gaps(db, Filters(TODAY, db.jurisdiction.calendar, "12m"), NATION).set_index("gap")
        assert (answer.loc[["to_establish", "to_pay"], "waiting"] > 0).all()


def test_other_subjects_have_no_gaps(demo_claims: Claims) -> None:
    db = demo_claims("ir")
    assert {subject for subject, of in cases.GAPS.items() if of} == {"registrations"}
    everything = Filters(TODAY, "jalali", "12m", subject="disputes")
    entitled = Scope(None, cases=True)
    plain, odd = (cases.page(db, everything, entitled, cases.Asked("disputes", gap=gap)).rows for gap in ("", "to_pay"))
    assert plain["id"].tolist() == odd["id"].tolist()
