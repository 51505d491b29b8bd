"""The service index: the published scores as they are, and the estimate against the same counted by hand."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import dashboard.jurisdictions
from dashboard.claims.database import Database
from dashboard.claims.subjects import PROCEDURES
from dashboard.filters import Filters
from dashboard.intake.load import Loader
from dashboard.intake.mapping import plain
from dashboard.scope import NATION, Scope
from queries import service_index
from tests.conftest import KEY
from tests.queries.facts import TODAY, facts, question, within

Claims = Callable[[str], Database]
SCORES = Path(dashboard.jurisdictions.__file__).parent / "vn" / "index_scores.csv"
FILED = ("benefit_grant", "benefit_resume", "benefit_terminate", "benefit_transfer")
"""The procedures of Vietnam that applicants file, without the monthly notices."""


def published() -> dict[str, dict[str, float]]:
    with SCORES.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {row.pop("province"): {name: float(value) for name, value in row.items()} for row in rows}


def test_published_groups_of_every_province_add_to_the_published_total(demo_claims: Claims) -> None:
    db = demo_claims("vn")
    groups = service_index.groups(db, Filters(TODAY, "gregorian"), NATION)
    totals = service_index.ranking(db, Filters(TODAY, "gregorian"), NATION).set_index("province")["index_total"]
    added = groups.groupby("province")["points"].sum()
    assert len(totals) == 34
    assert (groups.groupby("province")["group"].nunique() == 6).all()
    assert ((added - totals).abs() < 0.01 + 1e-9).all()
    assert groups.groupby("group")["most"].first().sum() == 100
    for row in groups.to_dict("records"):
        assert row["points"] == published()[row["province"]][row["group"]]
        assert row["index_share"] == pytest.approx(row["points"] / row["most"])


def test_the_ranking_is_the_nations_whatever_is_chosen(demo_claims: Claims) -> None:
    db = demo_claims("vn")
    some = Filters(TODAY, "gregorian", provinces=("01",))
    answer = service_index.ranking(db, some, Scope(("79",)))
    by_hand = sorted(published().items(), key=lambda item: -item[1]["total"])
    assert answer["province"].tolist() == [province for province, _ in by_hand]
    assert answer["rank"].tolist() == list(range(1, 35)), "no two totals are the same"
    assert answer.iloc[0].to_dict() == {"rank": 1, "province": "82", "index_total": 68.8}
    assert answer.attrs["source_day"] == date(2026, 10, 10)


@pytest.mark.parametrize("seed", range(8))
def test_progress_is_counted_from_the_cases(demo_claims: Claims, seed: int) -> None:
    db = demo_claims("vn")
    filters, scope = question(db, seed, channels=())
    answer = service_index.progress(db, filters, scope).set_index("province")
    frame = facts(db, "procedures", filters, scope)
    frame = frame[frame["category"].isin(FILED) & within(frame["opened"], filters.window.start, filters.window.end)]
    seen = {p.code for p in db.jurisdiction.provinces}
    assert set(answer.index) == seen & set(filters.provinces or seen) & set(scope.provinces or seen)
    for province, row in answer.iterrows():
        mine = frame[frame["province"] == province]
        ends = [closed or TODAY for closed in mine["closed"]]
        late = [due is not None and end > due for due, end in zip(mine["due_on"], ends, strict=True)]
        received, on_time = len(mine), len(mine) - sum(late)
        assert (row["index_received"], row["index_on_time"]) == (received, on_time)
        assert row["index_published"] == published()[str(province)]["progress"]
        if received:
            assert row["index_estimate"] == pytest.approx(20 * on_time / received)
            assert row["online_share"] == pytest.approx((mine["channel"] == "online").sum() / received)
        else:
            assert pd.isna(row["index_estimate"])
            assert pd.isna(row["online_share"])


SMALL = """\
id,province,category,channel,opened_at,returned_at,resubmitted_at,closed_at,outcome,updated_at
closed in time,01,benefit_grant,online,2026-10-01,,,2026-10-15,approved,2026-11-20
closed late,01,benefit_grant,office,2026-10-01,,,2026-11-10,approved,2026-11-20
supplement waited for,01,benefit_grant,office,2026-10-01,2026-10-05,2026-10-20,2026-11-09,denied,2026-11-20
open and overdue,01,benefit_grant,online,2026-10-02,,,,,2026-11-20
open and not yet due,01,benefit_resume,office,2026-11-20,,,,,2026-11-20
with the claimant,01,benefit_grant,post,2026-10-01,2026-10-06,,,,2026-11-20
a notice,01,job_search_notice,online,2026-10-01,,,2026-11-10,recorded,2026-11-20
ex officio,01,benefit_suspend,,2026-10-01,,,2026-11-10,suspended,2026-11-20
filed before,01,benefit_grant,online,2026-09-01,,,2026-11-10,approved,2026-11-20
"""


def test_progress_of_a_small_set_by_hand(new_claims: Claims, tmp_path: Path) -> None:
    """Six received; twenty working days end on 29 and 30 October, so two are late: 20 · 4 ÷ 6 points. Without the
    eleven days of the supplement the third would be late too.
    """
    db = new_claims("vn")
    path = tmp_path / "procedures.csv"
    path.write_text(SMALL, encoding="utf-8")
    loaded = Loader(db, PROCEDURES, KEY).file(path, plain(PROCEDURES))
    assert loaded.account.accepted == 9
    filters = Filters(TODAY, "gregorian", "custom", date(2026, 10, 1), TODAY)
    answer = service_index.progress(db, filters, NATION).set_index("province")
    assert answer.loc["01", ["index_received", "index_on_time"]].tolist() == [6, 4]
    assert answer.loc["01", "index_estimate"] == pytest.approx(20 * 4 / 6)
    assert answer.loc["01", "online_share"] == pytest.approx(2 / 6)
    assert answer.loc["01", "index_published"] == 14.81
    assert answer.drop("01")["index_received"].sum() == 0


def test_rules_say_what_is_known(demo_claims: Claims) -> None:
    db = demo_claims("vn")
    answer = service_index.rules(db, Filters(TODAY, "gregorian"), NATION).set_index("metric")
    assert len(answer) == 17
    assert answer["most"].sum() == 100
    assert answer.index[answer["rule"] == "unknown"].tolist() == ["ONLINE_FULL_SERVICE_DOSSIERS"]
    assert answer.index[answer["source"] == "estimated"].tolist() == ["ON_TIME_PROCESSING"]
    assert set(answer["remark"].dropna()) == {"online", "satisfaction"}
    for language in db.jurisdiction.languages:
        names = db.jurisdiction.names_of("index.rules", language)
        assert set(names) == set(answer.index[answer["rule"] != "unknown"])
    assert "tiếp nhận" in db.jurisdiction.names_of("index.rules", "vi")["ON_TIME_PROCESSING"]
    assert "دریافت" in db.jurisdiction.names_of("index.rules", "fa")["ON_TIME_PROCESSING"]


def test_a_country_without_an_index_has_no_answers(demo_claims: Claims) -> None:
    db = demo_claims("ir")
    for asked in (service_index.ranking, service_index.groups, service_index.progress, service_index.rules):
        assert asked(db, Filters(TODAY, "jalali"), NATION).empty
