"""What headquarters of the demo judge by."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.claims.judgement import measures
from dashboard.filters import Filters
from dashboard.intake.demo import judgements
from dashboard.scope import NATION
from queries.judgement import annotated, targets
from tests.conftest import NewClaims

TODAY = date(2026, 11, 21)
FILTERS = Filters(today=TODAY, calendar="gregorian")


@pytest.mark.parametrize("jurisdiction", ["ir", "vn"])
def test_targets_and_annotations_are_there_once_in_the_language_of_the_country(
    new_claims: NewClaims, jurisdiction: str
) -> None:
    claims = new_claims(jurisdiction)
    for _ in range(2):
        with claims.write() as connection:
            judgements.judge(connection, claims.jurisdiction, TODAY)
        set_, noted = targets(claims, FILTERS, NATION), annotated(claims, FILTERS, NATION)
        assert set(set_["measure"]) <= set(measures(claims.jurisdiction))
        assert ("online_share" in set(set_["measure"])) == claims.jurisdiction.online_is_aim
        assert set_["province"].ne("").sum() == 1
        assert not noted["words"].duplicated().any()
        assert (TODAY - noted["day"].min()).days > 90
        assert noted["day"].max() < TODAY
        letters = "".join(noted["words"])
        assert any("\u0600" <= letter <= "\u06ff" for letter in letters) == (jurisdiction == "ir")
