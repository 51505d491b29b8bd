"""Which subjects there are to ask about."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.claims.database import Database
from dashboard.claims.flows import FLOWS
from dashboard.claims.subjects import SUBJECTS as RECORDS
from dashboard.filters import BadFilter, Filters
from dashboard.intake.load import Loader
from dashboard.intake.mapping import plain
from dashboard.scope import NATION, Scope
from queries.subjects import insured, loaded, one_total
from tests.conftest import KEY
from tests.queries.facts import TODAY

FILTERS = Filters(TODAY, "gregorian")


def test_subjects_are_known_once_something_of_them_is_loaded(claims: Database, tmp_path: Path) -> None:
    assert loaded(claims, FILTERS, NATION)["subject"].tolist() == []
    path = tmp_path / "disputes.csv"
    moment = "2010-03-04T08:00:00Z"
    path.write_text(
        "id,province,channel,category,opened_at,updated_at\n" + f"a,IR-23,online,individual,{moment},{moment}\n"
    )
    Loader(claims, RECORDS["disputes"], KEY).file(path, plain(RECORDS["disputes"]))
    assert loaded(claims, FILTERS, NATION)["subject"].tolist() == ["disputes"]
    assert loaded(claims, FILTERS, Scope(("IR-23",)))["subject"].tolist() == ["disputes"]
    assert loaded(claims, FILTERS, Scope(("IR-07",)))["subject"].tolist() == []


def test_all_are_known_in_their_order_whatever_is_filtered(demo_claims: Callable[[str], Database]) -> None:
    narrow = Filters(TODAY, "gregorian", provinces=("XX",), subject="disputes")
    assert tuple(loaded(demo_claims("ir"), narrow, NATION)["subject"]) == tuple(FLOWS)


def test_what_may_not_stand_in_one_total(demo_claims: Callable[[str], Database]) -> None:
    iran, vietnam = demo_claims("ir"), demo_claims("vn")
    apart = {p.key for p in vietnam.jurisdiction.procedures if p.kept_apart}
    kept = one_total(vietnam, "procedures")
    assert kept
    assert set(kept["category"]) == {p.key for p in vietnam.jurisdiction.procedures} - apart
    assert [one_total(vietnam, subject) for subject in ("registrations", "disputes", "service_requests")] == [None] * 3
    assert one_total(iran, "procedures") is None
    schemes = insured(iran)
    assert schemes
    assert "special_support" not in schemes["category"]


def test_a_subject_lives_in_the_address_and_the_usual_one_does_not() -> None:
    asked = Filters.from_query({"subject": "procedures"}, TODAY, "gregorian", "disputes")
    assert asked.subject == "procedures"
    assert asked.to_query() == {"subject": "procedures"}
    usual = Filters.from_query({}, TODAY, "gregorian", "disputes")
    assert (usual.subject, usual.to_query()) == ("disputes", {})
    assert Filters.from_query({"subject": "registrations"}, TODAY, "gregorian", "disputes").to_query() == {
        "subject": "registrations"
    }
    with pytest.raises(BadFilter, match="subject: 'benefits'"):
        Filters.from_query({"subject": "benefits"}, TODAY, "gregorian")
