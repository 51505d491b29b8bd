"""What clicks ask for, of the frames of real panels."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest

from dashboard.figures import bars, heat, lines, multiples, ranked, stacked, trend
from dashboard.figures.look import Look
from dashboard.filters import Filters
from dashboard.jurisdictions import load
from dashboard.panel import Column, Page, Panel
from dashboard.picks import held, key_of, picks, window_of
from dashboard.text import LANGUAGES, text
from layouts.pages import page_of, panels

IRAN = load("ir")
TODAY = date(2026, 11, 22)


def asked_of(key: str, frame: pd.DataFrame, page: Page | None = None, **changes: Any) -> dict[str, Any]:
    filters = replace(Filters(TODAY, "gregorian"), **changes)
    panel = panels()[key].about(filters.subject)
    return picks(panel, page or page_of(panel), frame, filters, IRAN)


def bins(*days: str, step: str = "month", name: str = "bin") -> pd.DataFrame:
    frame = pd.DataFrame({name: [date.fromisoformat(day) for day in days], "n": 1})
    frame.attrs["step"] = step
    return frame


def test_every_province_of_a_map_can_be_asked_for() -> None:
    found = asked_of("overview-map", pd.DataFrame({"province": ["IR-07"]}))
    assert found == {"province": {p.code: {"province": p.code} for p in IRAN.provinces}}


def test_a_bin_lasts_until_the_next_and_the_last_until_the_end_of_the_days_counted() -> None:
    year = {"period": "custom", "start": date(2026, 9, 10), "end": date(2026, 11, 22)}
    found = asked_of("registrations-trend", bins("2026-09-10", "2026-10-01", "2026-11-01"), **year)["bin"]
    assert found == {
        "2026-09-10": {"period": "2026-09-10..2026-09-30"},
        "2026-10-01": {"period": "2026-10-01..2026-10-31"},
        "2026-11-01": {"period": "2026-11-01..2026-11-22"},
    }
    assert [window_of(each["period"]).days for each in found.values()] == [21, 31, 22]


def test_one_goes_from_the_year_to_its_months_and_from_a_month_to_its_days() -> None:
    span = {"period": "custom", "start": date(2025, 1, 1), "end": TODAY}
    found = asked_of("registrations-trend", bins("2025-01-01", "2026-01-01", step="year"), **span)["bin"]
    assert found["2025-01-01"] == {"period": "2025-01-01..2025-12-31", "step": "month"}
    month = Filters(TODAY, "gregorian", "custom", date(2025, 3, 1), date(2025, 3, 31))
    assert month.step == "day", "a month is looked at in days without more being asked for"


def test_hours_and_a_bin_that_is_the_whole_period_ask_for_nothing() -> None:
    hours = pd.DataFrame({"bin": range(24), "n": 1})
    hours.attrs["step"] = "hour"
    day = {"period": "custom", "start": TODAY, "end": TODAY}
    assert asked_of("overview-trend", hours, period="today") == {}
    assert asked_of("overview-trend", bins("2026-11-22", step="day"), **day) == {}


def test_months_of_a_table_and_those_of_whole_months_counted() -> None:
    frame = bins("2026-09-23", "2026-10-23", name="month")
    frame.attrs["span"] = ["2026-09-23", "2026-11-21"]
    found = asked_of("registrations-lateness", frame)["month"]
    assert found["2026-10-23"] == {"period": "2026-10-23..2026-11-21"}


def test_an_office_that_is_none_asks_for_nothing() -> None:
    frame = pd.DataFrame({"province": ["IR-23"] * 2, "office": ["IR-23-01", "none"]})
    assert asked_of("registrations-places", frame)["office"] == {"IR-23-01": {"office": "IR-23-01"}}


def test_traits_and_categories_are_those_of_the_subject() -> None:
    frame = pd.DataFrame({"key": ["25-34"], "registered": [1]})
    assert asked_of("registrations-age", frame)["key"]["25-34"] == {"trait": "age:25-34"}
    schemes = pd.DataFrame({"category": ["special_support"]})
    found = asked_of("registrations-schemes", schemes)["category"]
    assert found["special_support"] == {"category": "special_support"}


def test_a_cell_of_claims_asks_for_the_province_and_the_type_of_claim() -> None:
    frame = pd.DataFrame({"province": ["IR-23"], "claim_type": ["bonus"], "claim_share": [0.5]})
    frame.attrs |= {"row": "province", "rows": "provinces", "column": "claim_type", "columns": "claim_types"}
    found = asked_of("disputes-claims", frame)
    assert found["claim_type"]["bonus"] == {"trait": "claim_types:bonus"}
    frame.attrs["picks"] = found
    (cell,) = heat.draw(frame, Look(text("en"), "light", IRAN)).data[0].customdata[0]
    assert cell[-1] == {"province": "IR-23", "trait": "claim_types:bonus"}


def test_a_category_of_another_subject_asks_for_it_where_the_page_can() -> None:
    frame = pd.DataFrame({"category": [procedure.key for procedure in IRAN.procedures]})
    key = str(frame["category"].iloc[0])
    assert asked_of("overview-procedures", frame)["category"][key] == {"subject": "procedures", "category": key}
    already = asked_of("overview-procedures", frame, subject="procedures")
    assert already["category"][key] == {"category": key}
    bound = Page("bound", "/bound", "x", (), "counts", subject="registrations")
    assert asked_of("overview-procedures", frame, bound) == {}
    column = Column("category", "category", picks="category")
    every = Panel("every", lambda *_: frame, (column,), (), kind="table", subject="cases")
    free = Page("free", "/free", "x", (every,), "counts", choosing=True)
    found = picks(every, free, frame, Filters(TODAY, "gregorian"), IRAN)["category"]
    assert found["disputes:individual"] == {"subject": "disputes", "category": "individual"}
    assert found["registrations:special_support"] == {"category": "special_support"}


def test_days_are_named_alike_whatever_holds_them() -> None:
    assert key_of(pd.Timestamp("2026-11-22")) == key_of(TODAY) == "2026-11-22"


def drawn(jurisdiction: str = "ir") -> list[tuple[Any, pd.DataFrame, dict[str, Any], str]]:
    """Figure, frame, picks by column, and the first key of the frame."""
    codes = [province.code for province in load(jurisdiction).provinces][:3]
    of_province = {"province": {code: {"province": code} for code in codes}}
    days = [date(2026, 11, day) for day in (1, 2, 3)]
    of_bin = {"bin": {day.isoformat(): {"period": f"{day}..{day}"} for day in days}}
    ranks = pd.DataFrame({"province": codes, "registered": [3, 2, 1]})
    parts = pd.DataFrame({"province": codes, "one": 1, "two": 2})
    parts.attrs |= {"key": "province", "codes": "provinces", "columns": ["one", "two"]}
    course = pd.DataFrame({"bin": days, "n": [1, 2, 3]})
    several = pd.DataFrame({"bin": days, "series": "online", "value": [1, 2, 3]})
    several.attrs |= {"codes": "channels", "measure": "opened"}
    cells = pd.DataFrame({"province": codes, "column": "x", "value": [1, 2, 3]})
    cells.attrs |= {"row": "province", "rows": "provinces", "columns": "channels", "measure": "opened"}
    small = pd.DataFrame({"key": "x", "bin": days, "value": [1, 2, 3]})
    small.attrs |= {"measure": "opened"}
    pairs = pd.DataFrame({"category": ["a"], "opened": 1.0, "closed": 1.0, "on_time": 0.5, "n_limit": 3})
    return [
        (ranked, ranks, of_province, codes[0]),
        (stacked, parts, of_province, codes[0]),
        (heat, cells, {**of_province, "column": {"x": {"channel": "x"}}}, codes[0]),
        (trend, course, of_bin, str(days[0])),
        (lines, several, of_bin, str(days[0])),
        (multiples, small, {**of_bin, "key": {"x": {"category": "x"}}}, "x"),
        (bars, pairs, {"category": {"a": {"category": "a"}}}, "a"),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", range(len(drawn())), ids=lambda place: drawn()[place][0].__name__.split(".")[-1])
def test_a_mark_carries_what_it_asks_for_and_says_so(place: int, language: str) -> None:
    shape, frame, asked, first = drawn()[place]
    look = Look(text(language), "light", IRAN)

    def marks(frame: pd.DataFrame) -> list[tuple[list[Any], str]]:
        found: list[tuple[list[Any], str]] = []
        for trace in shape.draw(frame, look).data:
            if trace.customdata is not None:
                data, hover = list(trace.customdata), list(trace.hovertext)
                nested = isinstance(data[0][0], list | tuple)
                if nested:
                    data, hover = ([each for row in rows for each in row] for rows in (data, hover))
                found += [(list(keys), words) for keys, words in zip(data, hover, strict=True)]
        return found

    plain = marks(frame)
    assert plain
    assert not [keys for keys, _ in plain if any(isinstance(key, dict) for key in keys)]
    frame.attrs["picks"] = asked
    expected: dict[str, str] = {}
    for by_value in asked.values():
        expected |= next(iter(by_value.values()))
    keys, words = next((keys, words) for keys, words in marks(frame) if keys[0] == first)
    assert keys[-1] == expected
    click = "period" if set(expected) == {"period"} else "filter"
    assert look.text(f"figure.click.{click}") in words
    frame.attrs["held"] = {name: (value,) for name, value in expected.items()}
    assert any(look.text("figure.click.lift") in words for _, words in marks(frame))


def test_what_is_in_force_can_be_lifted() -> None:
    filters = Filters(TODAY, "gregorian", provinces=("IR-07",), trait="sex:female")
    assert held(filters)["province"] == ("IR-07",)
    assert held(filters)["trait"] == ("sex:female",)
