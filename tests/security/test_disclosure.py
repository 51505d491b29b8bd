"""Disclosure: nothing that is withheld can be worked out, of random tables and of what an analyst is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from benchmarks.security import Findings, disclosure
from benchmarks.security import published as gate
from callbacks.index import Rasad
from dashboard.access.roles import ROLES
from dashboard.answers import Withheld
from dashboard.claims.database import Database
from dashboard.claims.walls import OutOfScope
from dashboard.disclosure import editions, release, suppression
from dashboard.disclosure.suppression import LEAST, mask, with_totals
from dashboard.filters import Filters
from dashboard.panel import Published
from layouts.pages import panels
from queries import overview, published
from tests.pages import application, client, signed_in

ANALYST = ROLES["analyst"].scope(None)
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)

_counts = st.sampled_from([0, 1, 3, 9, 10, 11, 25, 40, 300])
_lists = arrays.arrays(np.int64, st.tuples(st.integers(2, 8)), elements=_counts)
_tables = arrays.arrays(np.int64, st.tuples(st.integers(2, 6), st.integers(2, 5)), elements=_counts)


def _leaks(inner: np.ndarray[Any, Any], shown: release.Shown) -> list[str]:
    """What can be worked out of one table."""
    cube = inner.reshape(len(inner), 1, -1)
    axes = (0,) if inner.ndim == 1 else (0, 2)
    return disclosure.attacked(cube, cube, {"t": axes}, {"t": shown}, {"t": shown})


@settings(max_examples=80, deadline=None)
@given(st.one_of(_lists, _tables))
def test_every_withheld_cell_is_feasible_over_ten_units(inner: np.ndarray[Any, Any]) -> None:
    """Whatever is in a table: no small cell is shown, and none that is withheld can be worked out."""
    hidden = mask(inner)
    assert hidden is not None  # a table of its own can always withhold its total, too
    table = with_totals(inner)
    assert not (table[~hidden] < LEAST).any()
    assert _leaks(inner, np.where(hidden, np.nan, table)) == []


def test_a_table_without_small_cells_is_shown_whole() -> None:
    """Nothing is withheld where nothing need be."""
    assert not mask(np.full((34, 12), LEAST)).any()  # type: ignore[union-attr]


def test_none_is_a_small_count_unless_a_rule_says_there_can_be_none() -> None:
    """A zero is withheld; what is none by rule is shown, and withholds nothing else."""
    inner = np.array([[40, 0], [50, 0], [30, 60]])
    barred = np.array([[False, True], [False, True], [False, False]])
    hidden, by_rule = mask(inner), mask(inner, barred=barred)
    assert hidden is not None
    assert hidden[0, 1]
    assert by_rule is not None
    assert not by_rule.any()


def test_random_tables_of_two_days_hold_against_linear_programming() -> None:
    """The gate with fewer tables."""
    found = disclosure.run(60, seed=11)
    assert found.tries >= 60
    assert found.held, found.found[:5]


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    """A fault switched on."""
    whole = release.released
    match request.param:
        case "no complementary suppression":
            for name in ("_of_list", "_of_table"):
                monkeypatch.setattr(suppression, name, lambda *given: given[1])
        case "threshold off by one":
            monkeypatch.setattr(suppression, "LEAST", LEAST - 1)
        case "released again":
            monkeypatch.setattr(release, "released", lambda tables, **_: whole(tables))
        case "second mask smaller":

            def smaller(tables: Any, earlier: Any = None) -> Any:
                if not earlier:
                    return whole(tables)
                now = {name: with_totals(tables[name]) for name in earlier}
                return {
                    name: np.where(np.isnan(shown) & (now[name] < LEAST), np.nan, now[name])
                    for name, shown in earlier.items()
                }

            monkeypatch.setattr(release, "released", smaller)
    return str(request.param)


FAULTS = ("no complementary suppression", "threshold off by one", "released again", "second mask smaller")


@pytest.mark.parametrize("faulty", FAULTS, indirect=True)
def test_the_gate_sees_each_fault(faulty: str) -> None:
    """A gate that cannot turn red says nothing."""
    assert not disclosure.run(60, seed=11).held, faulty


Told = Callable[[str, Mapping[str, str]], dict[str, Any]]


@pytest.fixture(scope="module")
def edition(demo_claims: Callable[[str], Database]) -> Database:
    """The demo of Iran with an edition of its published figures."""
    claims = demo_claims("ir")
    with claims.write() as connection:
        row = connection.execute("SELECT count(*) FROM published_editions").fetchone()
    if row == (0,):
        editions.take(claims, published.counted, AT)
    return claims


@pytest.fixture
def app(edition: Database) -> Iterator[Rasad]:
    """An application over it."""
    with application(edition) as made:
        yield made


@pytest.fixture
def ask(app: Rasad) -> Told:
    """Asks the API as an analyst."""
    analyst = client(app, signed_in(app, "analyst"))

    def asked(key: str, query: Mapping[str, str]) -> dict[str, Any]:
        response = analyst.get(f"/api/v1/panels/{key}", query_string=dict(query))
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json
        return answer

    return asked


@pytest.mark.timeout(400)
def test_what_an_analyst_is_told_holds_against_linear_programming(edition: Database, ask: Told) -> None:
    """All cards and filters of a month put together; the figures are those of the cells, and no small one is told."""
    found = Findings("analyst", 0, "")
    gate.attack(edition, ask, 1, found, every=8)
    assert found.tries == 1
    assert found.held, found.found[:5]


@pytest.mark.timeout(400)
def test_the_gate_sees_a_card_that_passes_around_the_mask(
    edition: Database, ask: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One table whose withheld figures are told as they are."""
    whole = published._figures

    def unmasked(db: Database, scope: Any, subject: str, milestone: str, told_by: str, *more: Any) -> Any:
        frame = whole(db, scope, subject, milestone, told_by, *more)
        if (subject, milestone, told_by) != ("registrations", "opened", "province"):
            return frame
        table = next(t for t in editions.TABLES if (t.subject, t.milestone, t.told_by) == (subject, milestone, told_by))
        true = published.counted(db, table, date(2026, 10, 22)).set_index(["month", "key"])["n"]
        known = [true.get((row.month, row.key), row.n) for row in frame.itertuples()]
        return frame.assign(n=np.array(known, dtype=float))

    monkeypatch.setattr(published, "_figures", unmasked)
    found = Findings("analyst", 0, "")
    gate.attack(edition, ask, 1, found, last=2, every=8)
    assert not found.held


def test_a_card_that_nobody_published_is_not_answered(app: Rasad, edition: Database) -> None:
    """By default nothing is published: neither by page nor by API nor when the answer is asked for directly."""
    analyst = client(app, signed_in(app, "analyst"))
    answers = app.server.extensions["rasad"].answers
    unpublished = [panel for panel in panels().values() if panel.published is None]
    assert len(unpublished) > 20
    for panel in unpublished:
        assert analyst.get(f"/api/v1/panels/{panel.key}").status_code in (403, 404), panel.key
        assert analyst.get(f"/export/{panel.key}.csv").status_code in (403, 404), panel.key
        with pytest.raises(Withheld):
            answers.of(panel, Filters(today=edition.today(), calendar="jalali"), ANALYST)


def test_a_question_to_the_cells_finds_nothing_under_a_published_scope(edition: Database) -> None:
    """The wall behind: a published card that asks the cells is refused, and the policies show it no row."""
    with pytest.raises(OutOfScope):
        overview.registered(edition, Filters(today=edition.today(), calendar="jalali"), ANALYST)
    with edition.reading(ANALYST) as connection:
        for table in ("month_cells", "nation_month_cells", "registrations"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one() == 0


def test_what_is_published_stays(edition: Database) -> None:
    """A second edition adds nothing to months that are there, and no figure can be changed."""
    with edition.write() as connection:
        before = connection.execute("SELECT count(*), sum(n), max(edition) FROM published_figures").fetchone()
    later = editions.take(edition, published.counted, AT + timedelta(days=1))
    with edition.write() as connection:
        after = connection.execute("SELECT count(*), sum(n) FROM published_figures WHERE edition < %s", (later.number,))
        assert before is not None
        assert after.fetchone() == before[:2]
        with pytest.raises(psycopg.errors.RaiseException):
            connection.execute("UPDATE published_figures SET n = 10")


def test_the_same_is_withheld_in_table_file_and_api(app: Rasad, ask: Told) -> None:
    """One mask: where the API says suppressed, the file has the word and the card has it too."""
    analyst = client(app, signed_in(app, "analyst"))
    rows = ask("overview-map", {"period": "12m", "lang": "en"})["rows"]
    kept = {row["province"] for row in rows if row["registered"] == {"value": None, "suppressed": True}}
    assert kept
    content = analyst.get("/export/overview-map.csv?period=12m&lang=en").text
    assert sum(line.split(",")[1] == "withheld" for line in content.splitlines() if line.count(",") >= 4) == len(kept)
    assert "counts under 10 are withheld" in content


def test_days_cannot_be_cut_out(ask: Told) -> None:
    """Any period is the whole months that it touches, up to the last that is published."""
    of_day = ask("overview-trend", {"period": "custom", "from": "2026-10-10", "to": "2026-10-10"})
    of_month = ask("overview-trend", {"period": "custom", "from": "2026-09-23", "to": "2026-10-22"})
    assert of_day["rows"] == of_month["rows"]
    assert of_day["window"] == {"start": "2026-09-23", "end": "2026-10-22"}
    today = ask("overview-trend", {"period": "today"})
    assert today["window"]["end"] < "2026-11-22"


def test_nothing_is_asked_anew_between_editions(app: Rasad) -> None:
    """The analyst's data version is the number of the edition, however often the data change."""
    analyst, headquarters = client(app, signed_in(app, "analyst")), app.server.test_client()
    deployment = app.server.extensions["rasad"]
    assert analyst.get("/live").json["version"] == deployment.answers.edition().number
    assert headquarters.get("/live").json["version"] == deployment.feed.current.number


def test_an_edition_is_taken_once_a_day(edition: Database) -> None:
    """At the hour, at once where it was missed, and by one process alone."""
    publisher = editions.Publisher(edition, published.counted, 4)
    zone = edition.jurisdiction.timezone
    assert publisher.due(datetime(2026, 11, 22, 3, 59, tzinfo=zone)) == datetime(2026, 11, 21, 4, tzinfo=zone)
    assert publisher.due(datetime(2026, 11, 22, 4, tzinfo=zone)) == datetime(2026, 11, 22, 4, tzinfo=zone)
    now = datetime.now(UTC) + timedelta(days=2)
    assert publisher.publish(now) is not None
    assert publisher.publish(now) is None


def test_a_published_answer_lacks_only_columns_there_are() -> None:
    """A column that was renamed would be told without anybody having said so."""
    for panel in panels().values():
        for each in (panel, panel.otherwise):
            if each is not None and isinstance(each.published, Published):
                names = {column.name for column in (*panel.columns, *each.columns)}
                assert each.published.lacks <= names, panel.key


def test_before_the_first_edition_every_card_is_empty_and_none_fails(claims: Database) -> None:
    """Nothing is published yet: that is an answer, in card, API and file."""
    with application(claims) as made:
        analyst = client(made, signed_in(made, "analyst"))
        for panel in panels().values():
            if panel.published is not None:
                response = analyst.get(f"/api/v1/panels/{panel.key}?period=12m")
                assert response.status_code == 200, (panel.key, response.text)
                assert analyst.get(f"/export/{panel.key}.csv").status_code == 200, panel.key
