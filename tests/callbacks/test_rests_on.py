"""What every card rests on: its n, the same wherever the same is counted, and without what stands in no total."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from dashboard.claims.database import Database
from dashboard.exports.words import format_of
from dashboard.filters import Filters
from dashboard.jurisdictions import SHIPPED, load
from dashboard.measures import MEASURES
from dashboard.panel import Column, Panel
from dashboard.scope import NATION
from dashboard.text import LANGUAGES, text
from layouts.pages import pages_of, panels
from tests.queries.facts import TODAY

Claims = Callable[[str], Database]
YEAR = Filters(TODAY, "gregorian", period="12m")
COUNTED = [
    pytest.param(name, panel.about(subject), subject, id=f"{name}-{panel.key}-{subject}")
    for name in SHIPPED
    for page in pages_of(load(name))
    for panel in page.panels
    for subject in (("registrations", "procedures") if panel.follows else ("registrations",))
]


def answer(db: Database, panel: Panel, filters: Filters = YEAR) -> pd.DataFrame:
    return panel.query(db, panel.heeded(filters), NATION)


def counts_cases(panel: Panel) -> bool:
    """Whether its numbers are counted here: neither what others published nor a list of texts."""
    own = [MEASURES[key] for key in panel.measures if MEASURES[key].basis != "published"]
    return bool(own) and any(measure.format != "text" for measure in own)


@pytest.mark.parametrize(("jurisdiction", "panel", "subject"), COUNTED)
def test_every_card_of_counted_cases_says_its_n(
    demo_claims: Claims, jurisdiction: str, panel: Panel, subject: str
) -> None:
    filters = Filters(TODAY, "gregorian", period="12m", subject=subject, usual=subject)
    frame = answer(demo_claims(jurisdiction), panel, filters)
    if panel.kind == "number":
        measure = MEASURES[frame["measure"].iloc[0]]
        # A count is its own n; any other number says in words what it is a share, a mean or a sum of.
        assert measure.format == "count" or all(text(name).has(f"number.{measure.key}.n") for name in LANGUAGES)
        return
    n = panel.rests_on(frame)
    if panel.key in ("health-reports", "health-readiness"):
        assert n is None, "reports are listed, and staff is counted by somebody else"
    elif counts_cases(panel):
        assert n is not None
        counted = [c.name for c in panel.columns if format_of(c) == "count" and c.name in frame]
        if any(pd.to_numeric(frame[name]).fillna(0).any() for name in counted):
            assert n > 0
    else:
        assert n is None


@pytest.mark.parametrize("jurisdiction", SHIPPED)
@pytest.mark.parametrize(
    ("key", "of"),
    [
        ("overview-trend", "overview-registered"),
        ("overview-map", "overview-registered"),
        ("registrations-places", "overview-registered"),
        ("registrations-schemes", "overview-registered"),
        ("registrations-channels", "overview-registered"),
        ("eligibility-course", "eligibility-rate"),
        ("eligibility-provinces", "eligibility-rate"),
        ("overview-procedures", "procedures-received"),
        ("procedures-each", "procedures-received"),
        ("procedures-online-each", "procedures-online"),
        ("disputes-flow", "disputes-opened"),
        ("disputes-claims", "disputes-opened"),
        ("disputes-stock", "disputes-open"),
        ("services-glance", "services-received"),
        ("services-trend", "services-received"),
        ("due-category", "due-late"),
        ("due-place", "due-late"),
        ("due-actor", "due-late"),
    ],
)
def test_the_same_cases_are_the_same_n(demo_claims: Claims, jurisdiction: str, key: str, of: str) -> None:
    """A card and the headline number of the same cases rest on as many, kept-apart procedures in neither."""
    db, every = demo_claims(jurisdiction), panels()
    headline = answer(db, every[of])
    assert every[key].rests_on(answer(db, every[key])) == headline["n"].iloc[0] > 0


def test_what_is_counted_apart_is_not_in_n(demo_claims: Claims) -> None:
    panel = panels()["overview-procedures"]
    frame = answer(demo_claims("vn"), panel)
    apart = [p.key for p in demo_claims("vn").jurisdiction.procedures if p.kept_apart]
    notices = int(frame.loc[frame["category"].isin(apart), "received"].sum())
    assert notices > 0
    assert panel.rests_on(frame) == int(frame["received"].sum()) - notices
    judged, headline = (panels()[f"procedures-{key}"] for key in ("promptness", "on-time"))
    n = answer(demo_claims("vn"), headline)["n"].iloc[0]
    assert judged.rests_on(answer(demo_claims("vn"), judged)) == n > 0


def test_n_is_the_sum_of_the_columns_named_unless_the_query_says_it() -> None:
    panel = Panel("n", lambda *_: frame, (Column("a"), Column("b")), (), kind="table", n=("a", "b"))
    frame = pd.DataFrame({"a": [1, 2], "b": [None, 4.0]})
    assert panel.rests_on(frame) == 7
    frame.attrs["n"] = 5
    assert panel.rests_on(frame) == 5
    assert Panel("n", lambda *_: frame, (), (), kind="table").rests_on(pd.DataFrame()) is None
