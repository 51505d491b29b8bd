"""The demo has the shape of the real thing: shares, rhythm, lateness, provinces in trouble."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.claims.subjects import SUBJECTS
from dashboard.intake.demo.arrays import Columns
from dashboard.intake.demo.generate import prepare
from dashboard.intake.demo.loading import chunk_of
from dashboard.intake.eligibility import apply, decide
from dashboard.intake.validate import validate
from dashboard.jurisdictions import Jurisdiction
from tests.demo import UNTIL, moments, near

Demo = dict[str, Columns]


def _share(column: np.ndarray, key: str, share: float) -> bool:
    return near(int((column == key).sum()), len(column), share)


def _days(columns: Columns) -> np.ndarray:
    return moments(columns["opened_at"]).astype("datetime64[D]")


def _frame(jurisdiction: Jurisdiction, demo: Demo, subject: str):
    chunk = chunk_of(demo[subject], SUBJECTS[subject])
    return validate(chunk, SUBJECTS[subject], jurisdiction, True, b"k" * 32, UNTIL).frame


def test_the_match_finds_what_was_planned(iran: Jurisdiction, demo_of_iran: Demo) -> None:
    filed = _frame(iran, demo_of_iran, "registrations")
    answered = apply(filed, decide(filed, _frame(iran, demo_of_iran, "premiums"), iran), iran)
    decided = answered[answered["outcome"].isin(["eligible", "not_eligible"])]
    assert near(int((decided["outcome"] == "eligible").sum()), len(decided), 0.837)
    assert not (answered["referred_at"].notna() & (answered["outcome"] != "eligible")).any()
    reasons = set(answered["reason"].dropna())
    assert reasons == {code.key for code in iran.codes["registrations.reason"]}
    assert not answered.loc[answered["review_at"].isna(), "outcome"].isna().any()


def test_iran_is_calibrated(demo_of_iran: Demo) -> None:
    registered, disputes = demo_of_iran["registrations"], demo_of_iran["disputes"]
    assert _share(registered["sex"], "male", 0.77)
    assert _share(registered["cause"], "contract_end", 0.70)
    assert _share(disputes["province"], "IR-23", 0.25)
    assert _share(registered["province"], "IR-23", 0.225)
    assert (disputes["province"] == "IR-17").mean() < 0.006
    assert (registered["channel"] == "online").mean() > 0.93
    assert abs(np.mean(["wage_arrears" in types.split("|") for types in disputes["claim_types"]]) - 0.48) < 0.05
    count = np.array([types.count("|") + 1 for types in disputes["claim_types"]])
    assert set(count.tolist()) == {1, 2, 3, 4}
    assert 0.77 < (disputes["ruling_at"] != "").mean() < 0.86


def test_the_uninsured_fail_the_match_as_their_own_category(iran: Jurisdiction, demo_of_iran: Demo) -> None:
    filed = _frame(iran, demo_of_iran, "registrations")
    found = decide(filed, _frame(iran, demo_of_iran, "premiums"), iran)
    special = (filed["category"] == "special_support").to_numpy()
    refused = (found["match"] != "covered").to_numpy()
    assert refused[special].mean() > 0.8
    assert refused[~special].mean() < 0.13


def test_vietnam_is_calibrated(vietnam: Jurisdiction, demo_of_vietnam: Demo) -> None:
    procedures = demo_of_vietnam["procedures"]
    notices, grants = ((procedures["category"] == key).sum() for key in ("job_search_notice", "benefit_grant"))
    assert 3.6 < notices / grants < 4.5
    today = np.array(
        [
            vietnam.resolve_province(c, d.astype(object))
            for c, d in zip(procedures["province"], _days(procedures), strict=True)
        ]
    )
    assert near(int((today == "79").sum()), len(today), 0.20)
    by_office = procedures["category"] == "benefit_suspend"
    assert (procedures["channel"][by_office] == "").all()
    assert (procedures["channel"][~by_office] != "").all()
    in_2025 = (_days(procedures) >= np.datetime64("2025-01-01")) & (_days(procedures) < np.datetime64("2026-01-01"))
    online = procedures["channel"] == "online"
    assert 0.39 < online[in_2025 & (today == "79") & ~by_office].mean() < 0.49
    assert 0.2 < online[in_2025 & (today != "79") & ~by_office].mean() < 0.4
    moved = procedures["category"] == "benefit_transfer"
    assert (procedures["to_province"][moved] != procedures["province"][moved]).all()
    assert ((procedures["to_province"] != "") == moved).all()


@pytest.mark.parametrize("subject", ["procedures", "registrations"])
def test_nine_of_ten_are_in_time_in_vietnam(vietnam: Jurisdiction, demo_of_vietnam: Demo, subject: str) -> None:
    timing = _frame(vietnam, demo_of_vietnam, subject)["timing"]
    closed = timing[timing.isin(["early", "on_time", "late"])]
    assert 0.86 < (closed != "late").mean() < 0.95


def test_returns_for_completion(demo: Demo) -> None:
    assert 0.05 < (demo["registrations"]["returned_at"] != "").mean() < 0.11
    assert 0.05 < (demo["service_requests"]["returned_at"] != "").mean() < 0.11


def test_free_days_empty_the_desks_and_thin_out_the_rest(jurisdiction: Jurisdiction, demo: Demo) -> None:
    registered = demo["registrations"]
    days = _days(registered)
    every = np.arange(days.min(), days.max())
    working = np.array([jurisdiction.workdays.is_working(day) for day in every.astype(object)])
    free = np.isin(days, every[~working])
    online = np.isin(registered["channel"], ["online", "web"])
    if (registered["channel"] == "online").any():
        assert free[~online].mean() < 0.05
    per_free, per_working = free.sum() / (~working).sum(), (~free).sum() / working.sum()
    assert per_free < 0.6 * per_working


def test_nights_are_quiet(demo: Demo) -> None:
    hour = moments(demo["registrations"]["opened_at"]).astype("datetime64[h]").astype(int) % 24
    counts = np.bincount(hour, minlength=24)
    assert counts[1:5].sum() < 0.2 * counts[9:13].sum()
    assert (counts > 0).sum() >= 20


def test_the_new_year_of_iran_and_the_surge_after_it(demo_of_iran: Demo) -> None:
    days = _days(demo_of_iran["registrations"])

    def between(first: str, last: str) -> int:
        return int(((days >= np.datetime64(first)) & (days < np.datetime64(last))).sum())

    dip, surge = between("2025-03-20", "2025-04-02"), between("2025-04-05", "2025-04-18")
    usual = between("2025-07-01", "2025-10-01") / 92 * 13
    assert dip < 0.5 * usual
    assert surge > 1.25 * usual


def test_some_provinces_are_in_trouble_now(jurisdiction: Jurisdiction) -> None:
    world = prepare(jurisdiction, cases=2_000, until=UNTIL).world
    tempo, troubled = world.places.tempo, list(world.places.troubled)
    assert len(troubled) in (2, 3)
    assert (tempo[-1, troubled] > 2 * tempo[-200, troubled]).all()
    quiet = np.delete(np.arange(tempo.shape[1]), troubled)
    assert np.median(tempo[-1, quiet] / tempo[-200, quiet]) < 1.3


def test_open_cases_are_older_where_there_is_trouble(iran: Jurisdiction, demo_of_iran: Demo) -> None:
    places = prepare(iran, cases=2_000, until=UNTIL).world.places
    troubled = [places.provinces[number] for number in places.troubled]
    disputes = demo_of_iran["disputes"]
    lately = _days(disputes) > np.datetime64(UNTIL.date()) - 100
    there = np.isin(disputes["province"], troubled)
    still = disputes["closed_at"] == ""
    assert still[lately & there].mean() > 1.15 * still[lately & ~there].mean()
