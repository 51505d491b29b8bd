"""Targets and annotations: what may be set, who sees it, and what of it a chart shows."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.claims import judgement
from dashboard.claims.database import Database
from dashboard.filters import Filters
from dashboard.measures import MEASURES
from dashboard.scope import NATION, Scope
from queries.judgement import annotated, noted, target_of, targets
from tests.conftest import NewClaims

TODAY = date(2026, 11, 22)
FILTERS = Filters(today=TODAY, calendar="gregorian", period="custom", start=date(2026, 10, 1), end=TODAY)


def test_a_province_has_its_own_target_or_the_nations(claims: Database) -> None:
    own, other, third = (p.code for p in claims.jurisdiction.provinces[:3])
    before = claims.version().number
    with claims.write() as connection:
        judgement.set_target(connection, claims.jurisdiction, "on_time_rate", "", 0.8, "hq")
        judgement.set_target(connection, claims.jurisdiction, "on_time_rate", own, 0.6, "hq")
        judgement.set_target(connection, claims.jurisdiction, "on_time_rate", own, 0.7, "hq")
    assert claims.version().number == before + 3, "every open page learns of each"
    found = targets(claims, FILTERS, NATION)
    assert target_of(found, "on_time_rate", (own,)) == 0.7
    assert target_of(found, "on_time_rate", (other,)) == 0.8
    assert target_of(found, "on_time_rate", (own, other)) == 0.8
    assert target_of(found, "eligibility_rate", ()) is None
    assert set(targets(claims, FILTERS, Scope((third,)))["province"]) == {""}, "another province's target is not shown"
    with claims.write() as connection:
        judgement.drop_target(connection, "on_time_rate", "")
    assert target_of(targets(claims, FILTERS, NATION), "on_time_rate", ()) is None


@pytest.mark.parametrize(
    ("measure", "province", "value", "reason"),
    [
        ("registered", "", 10.0, "measure"),
        ("nothing", "", 0.5, "measure"),
        ("on_time_rate", "nowhere", 0.5, "province"),
        ("on_time_rate", "", 1.5, "value"),
        ("on_time_rate", "", float("nan"), "value"),
    ],
)
def test_what_no_target_can_be(claims: Database, measure: str, province: str, value: float, reason: str) -> None:
    with claims.write() as connection, pytest.raises(judgement.BadJudgement) as bad:
        judgement.set_target(connection, claims.jurisdiction, measure, province, value, "hq")
    assert bad.value.reason == reason
    assert targets(claims, FILTERS, NATION).empty


def test_where_the_country_is_neutral_no_target_presses_people_online(new_claims: NewClaims) -> None:
    neutral, aiming = new_claims("vn").jurisdiction, new_claims("ir").jurisdiction
    choices = {key for key, measure in MEASURES.items() if measure.choice}
    assert choices == {"online_share", "online_share_chosen"}
    assert not choices & set(judgement.measures(neutral))
    assert choices & set(judgement.measures(aiming)) == {"online_share"}


def test_a_chart_shows_the_annotations_of_its_days_subject_and_provinces(claims: Database) -> None:
    own, other = (p.code for p in claims.jurisdiction.provinces[:2])
    with claims.write() as connection:
        for day, words, subject, province in (
            (date(2026, 10, 5), "a new rule", "", ""),
            (date(2026, 10, 3), "an\n outage", "disputes", ""),
            (date(2026, 10, 7), "a flood", "", own),
            (date(2026, 9, 30), "before", "", ""),
        ):
            judgement.annotate(connection, claims.jurisdiction, day, words, "hq", subject, province)
    found = annotated(claims, FILTERS, NATION)
    assert noted(found, FILTERS, "registrations") == [("2026-10-05", "a new rule")]
    assert noted(found, FILTERS, "disputes") == [("2026-10-03", "an outage"), ("2026-10-05", "a new rule")]
    with_own = Filters(**{**FILTERS.__dict__, "provinces": (own,)})
    assert ("2026-10-07", "a flood") in noted(found, with_own, "registrations")
    assert len(annotated(claims, FILTERS, Scope((other,)))) == 3
    number = int(found.loc[found["words"] == "a new rule", "id"].iloc[0])
    with claims.write() as connection:
        judgement.drop_annotation(connection, number)
    assert noted(annotated(claims, FILTERS, NATION), FILTERS, "registrations") == []


@pytest.mark.parametrize("words", ["", "   ", "x" * (judgement.LONGEST + 1)])
def test_an_annotation_needs_words_and_not_too_many(claims: Database, words: str) -> None:
    with claims.write() as connection, pytest.raises(judgement.BadJudgement):
        judgement.annotate(connection, claims.jurisdiction, TODAY, words, "hq")
