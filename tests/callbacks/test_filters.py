"""The one writer of the filters, asked from every side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from dash.exceptions import PreventUpdate

from callbacks.changing import changed, custom, strings, with_picks
from callbacks.index import Rasad
from dashboard.filters import NAMES
from dashboard.jurisdictions import load
from dashboard.panel import Page
from dashboard.text import text
from layouts.pages import PAGES, pages_of
from tests.pages import SPAN, body_of

Make = Callable[[str], Rasad]


def written(made: Rasad, language: str = "en", **values: Any) -> dict[str, Any]:
    values.setdefault("address__data", {"path": "/", "query": ""})
    body = body_of(made, "filters.data", **values, shell_language__data=language)
    answer = made.server.test_client().post("/_dash-update-component", json=body)
    assert answer.status_code == 200, answer.text
    return {f"{i}.{name}": v for i, p in answer.json["response"].items() for name, v in p.items()}


def asking(mode: str = "toggle", **picks: str) -> dict[str, Any]:
    """What the page's script says of a click."""
    return {"picks": [{"filter": name, "value": value} for name, value in picks.items()], "mode": mode, "at": 1}


def address(query: str) -> dict[str, Any]:
    return {"address__data": {"path": "/", "query": query}}


def test_an_address_sets_every_control(rasad: Make) -> None:
    query = "?subject=disputes&period=7d&province=IR-07,IR-23&channel=online&compare=year"
    shown = written(rasad("ir"), **address(query))
    assert shown["filters.data"] == {
        "subject": "disputes",
        "period": "7d",
        "province": "IR-07,IR-23",
        "channel": "online",
        "compare": "year",
    }
    assert shown["filter-subject-choice.value"] == "disputes"
    assert shown["filter-subject-label.children"] == "Disputes"
    assert shown["filter-period-choice.value"] == "7d"
    assert shown["filter-province-choice.value"] == ["IR-07", "IR-23"]
    assert shown["filter-channel-choice.value"] == ["online"]
    assert shown["filter-compare-choice.value"] == "year"
    assert shown["filter-province-label.children"] == "2 chosen"
    assert shown["notice.children"] == []


@pytest.mark.parametrize("page", pages_of(load("ir")), ids=lambda page: page.key)
def test_there_is_no_control_for_what_nothing_on_a_page_heeds(rasad: Make, page: Page) -> None:
    """And a sentence names what there is none for; a page that heeds nothing has no filter bar."""
    shown = written(rasad("ir"), address__data={"path": page.path, "query": "?channel=online&compare=year"})
    absent = {name for name in NAMES if shown[f"filter-{name}-box.hidden"]}
    assert absent >= set(NAMES) - page.heeds
    assert absent - (set(NAMES) - page.heeds) <= {"category", "trait"}, "those a subject may have none of"
    assert shown["shell-filter-bar.hidden"] is (not page.heeds)
    assert shown["filter-more-box.hidden"] is ({"category", "office", "trait", "step"} <= absent)
    said = shown["filter-unused-names.children"]
    for name in set(NAMES) - {"category"}:
        assert (text("en")(f"filter.{name}") in said) is (name not in page.heeds)
    window = shown["filter-period-window.children"]
    assert bool(window) is ("period" in page.heeds)
    assert ("compared with" in window.lower()) is ({"period", "compare"} <= page.heeds)


def test_some_pages_heed_all_filters_and_some_heed_none() -> None:
    heeded = {page.key: page.heeds for page in PAGES}
    assert heeded["overview"] == set(NAMES)
    assert not any(heeded[key] for key in ("judgement", "people", "tokens", "audit"))


def test_only_what_is_wrong_in_an_address_is_left_out_and_named(rasad: Make) -> None:
    shown = written(rasad("ir"), **address("?subject=x&period=decade&province=XX,IR-07&channel=pigeon&compare=never"))
    assert shown["filters.data"] == {"province": "IR-07"}
    assert shown["filter-subject-choice.value"] == "registrations"
    assert len(shown["notice.children"]) == 5
    assert "decade" in str(shown["notice.children"])


@pytest.mark.parametrize(
    "query",
    [
        "?period=custom",
        "?period=custom&from=2026-11-30&to=2026-11-01",
        "?period=custom&from=x&to=2026-11-01",
        "?%00=%ff",
    ],
)
def test_a_broken_period_is_the_usual_one(rasad: Make, query: str) -> None:
    shown = written(rasad("ir"), **address(query))
    assert shown["filters.data"] == {}
    assert shown["filter-period-choice.value"] == "30d"


def test_a_custom_period_is_shown_in_the_calendar_of_the_language(rasad: Make) -> None:
    query = "?" + "&".join(f"{name}={value}" for name, value in SPAN.items())
    usual = {"filter_period_choice__value": "30d"}
    english, persian = (written(rasad("ir"), language, **address(query), **usual) for language in ("en", "fa"))
    parts = [f"filter-to-{part}.value" for part in ("day", "month", "year")]
    assert [english[part] for part in parts] == ["22", "11", "2026"]
    assert [persian[part] for part in parts] == ["1", "9", "1405"]
    assert english["filter-period-choice.value"] is None
    assert english["filter-custom-label.children"] == "24 Oct – 22 Nov 2026"
    assert "۱ آذر ۱۴۰۵" in persian["filter-custom-label.children"]


def test_a_control_changes_its_own_filter_and_keeps_the_others(rasad: Make) -> None:
    values: dict[str, Any] = {
        "filter_channel_choice__value": ["online"],
        "filters__data": {"period": "7d", "province": "IR-07"},
    }
    shown = written(rasad("ir"), **values)
    assert shown["filters.data"] == {"period": "7d", "province": "IR-07", "channel": "online"}


def test_a_subject_chosen_by_its_control_keeps_the_other_filters(rasad: Make) -> None:
    before = {"filters__data": {"period": "7d"}}
    shown = written(rasad("ir"), filter_subject_choice__value="procedures", **before)
    assert shown["filters.data"] == {"period": "7d", "subject": "procedures"}
    back = written(rasad("ir"), filter_subject_choice__value="registrations", filters__data=shown["filters.data"])
    assert back["filters.data"] == {"period": "7d"}


def test_further_filters_are_read_shown_and_named_where_bad(rasad: Make) -> None:
    query = "?province=IR-23&office=IR-23-01,IR-07-01&category=special_support,x&trait=sector:construction&step=month"
    shown = written(rasad("ir"), **address(query))
    assert shown["filters.data"] == {
        "province": "IR-23",
        "office": "IR-23-01",
        "category": "special_support",
        "trait": "sector:construction",
        "step": "month",
    }
    assert shown["filter-office-choice.value"] == ["IR-23-01"]
    assert {option["value"][:5] for option in shown["filter-office-choice.options"]} == {"IR-23"}
    assert shown["filter-trait-choice.value"] == "sector:construction"
    assert shown["filter-step-choice.value"] == "month"
    assert shown["filter-more-label.children"] == "4"
    assert len(shown["notice.children"]) == 2
    assert "IR-07-01" in str(shown["notice.children"])


@pytest.mark.parametrize("query", ["?trait=sector:x", "?trait=x", "?step=minute", "?step=hour", "?office=nowhere"])
def test_a_further_filter_that_means_nothing_is_left_out_and_named(rasad: Make, query: str) -> None:
    shown = written(rasad("ir"), **address(query))
    assert shown["filters.data"] == {}
    assert len(shown["notice.children"]) == 1


def test_an_office_brings_its_province_and_goes_with_it(rasad: Make) -> None:
    once = written(rasad("ir"), filter_pick_data__data=asking(office="IR-23-01"), filters__data={"period": "7d"})
    assert once["filters.data"] == {"period": "7d", "province": "IR-23", "office": "IR-23-01"}
    more = written(rasad("ir"), filter_province_choice__value=["IR-23", "IR-07"], filters__data=once["filters.data"])
    assert more["filters.data"] == {"period": "7d", "province": "IR-07,IR-23"}
    assert more["filter-office-choice.options"] == []
    assert more["filter-office-hint.hidden"] is False


def test_another_page_keeps_what_it_knows_and_says_nothing_of_the_rest(rasad: Make) -> None:
    query = "province=IR-23&period=7d&category=special_support"
    for moved, said in ((True, 0), (False, 1)):
        where = {"path": "/disputes", "query": f"?{query}", "moved": moved}
        shown = written(rasad("ir"), address__data=where)
        assert shown["filters.data"] == {"province": "IR-23", "period": "7d"}
        assert len(shown["notice.children"]) == said
        assert "is-absent" in shown["filter-subject-box.className"]
    keys = [option["value"] for option in shown["filter-category-choice.options"]]
    assert keys == list(rasad("ir").server.extensions["rasad"].jurisdiction.names_of("disputes.category", "en"))


def test_a_page_with_a_subject_of_its_own_has_no_choice_of_it(rasad: Make) -> None:
    shown = written(rasad("ir"), address__data={"path": "/disputes", "query": "?subject=procedures"})
    assert shown["filters.data"] == {}
    assert len(shown["notice.children"]) == 1


def test_periods_of_the_calendar_stand_behind_a_button(rasad: Make) -> None:
    before = {"filters__data": {"province": "IR-23"}, "filter_period_choice__value": "30d"}
    shown = written(rasad("ir"), filter_span_choice__value="quarter", **before)
    assert shown["filters.data"] == {"province": "IR-23", "period": "quarter"}
    assert shown["filter-period-choice.value"] is None
    assert shown["filter-custom-label.children"] == "This quarter"
    back = written(rasad("ir"), filter_period_choice__value="30d", filters__data=shown["filters.data"])
    assert back["filters.data"] == {"province": "IR-23"}


def test_a_select_goes_back_to_all(rasad: Make) -> None:
    before = {"trait": "sex:female", "step": "week"}
    assert written(rasad("ir"), filter_trait_choice__value="all", filters__data=before)["filters.data"] == {
        "step": "week"
    }


def test_what_would_give_nothing_says_so(rasad: Make) -> None:
    old = {"period": "custom", "from": "1991-01-01", "to": "1991-01-31"}
    for query, nothing in ((SPAN, False), (old, True)):
        given = "?" + "&".join(f"{name}={value}" for name, value in query.items())
        shown = written(rasad("ir"), **address(given))
        tehran = next(o for o in shown["filter-province-choice.options"] if o["value"] == "IR-23")
        assert ("none in this period" in str(tehran["label"])) is nothing


def test_what_a_control_shows_already_is_not_sent_again(rasad: Make) -> None:
    week = {"filter_period_choice__value": "7d", "filters__data": {"period": "30d"}}
    first = written(rasad("ir"), **week)
    held = {
        "shell_filter_marks__data": first["shell-filter-marks.data"],
        "filter_subject_choice__value": "registrations",
    }
    again = written(rasad("ir"), **week, **held)
    assert again["filters.data"] == first["filters.data"]
    assert {"filter-province-choice.options", "filter-period-window.children"} <= first.keys() - again.keys()
    quarter = written(rasad("ir"), **(week | {"filter_period_choice__value": "90d"}), **held)
    assert quarter["filter-period-window.children"] != first["filter-period-window.children"]
    # A control that shows something else than it is told is told so, whatever the marks say.
    assert "filter-subject-choice.value" not in again
    assert again["filter-compare-choice.value"] == "previous"


def test_the_same_question_is_not_written_again(rasad: Make) -> None:
    values: dict[str, Any] = {"filter_period_choice__value": "7d", "filters__data": {"period": "7d"}}
    assert "filters.data" not in written(rasad("ir"), **values)


def test_a_click_on_a_province_adds_it_and_a_second_takes_it_out() -> None:
    once = with_picks({"period": "7d"}, asking(province="IR-07"))
    assert once == {"period": "7d", "province": "IR-07"}
    assert with_picks(once, asking(province="IR-07")) == {"period": "7d"}
    assert with_picks({"province": "IR-07,IR-23"}, asking("drop", province="IR-07")) == {"province": "IR-23"}
    assert with_picks({}, asking("drop", province="IR-07")) == {}
    assert with_picks({"province": "IR-07", "period": "7d"}, asking("clear", province="")) == {"period": "7d"}
    assert with_picks({"province": "IR-07", "period": "7d"}, asking("clear", all="")) == {}
    female = asking(trait="sex:female")
    assert with_picks({}, female) == {"trait": "sex:female"}
    assert with_picks({"trait": "sex:male"}, female) == {"trait": "sex:female"}
    assert with_picks({"trait": "sex:female"}, female) == {}
    assert with_picks({"trait": "sex:female", "step": "day"}, asking("drop", trait="sex:female")) == {"step": "day"}


def test_a_click_on_a_cell_sets_both_filters_and_a_second_lifts_both() -> None:
    cell = asking(province="IR-07", category="individual")
    both = {"province": "IR-07", "category": "individual"}
    assert with_picks({}, cell) == both
    assert with_picks({"province": "IR-07"}, cell) == both, "what is in force already stays so"
    assert with_picks(both, cell) == {}


def test_a_click_on_a_bin_makes_its_days_the_period() -> None:
    month = {"period": "custom", "from": "2026-10-01", "to": "2026-10-31"}
    days = asking(period="2026-10-01..2026-10-31")
    assert with_picks({"period": "12m", "step": "month", "province": "IR-07"}, days) == {**month, "province": "IR-07"}
    year = asking(period="2025-01-01..2025-12-31", step="month")
    wanted = {"period": "custom", "from": "2025-01-01", "to": "2025-12-31", "step": "month"}
    assert with_picks({"step": "year"}, year) == wanted


def test_a_category_of_another_subject_brings_its_subject() -> None:
    before = {"category": "special_support", "trait": "sex:female", "period": "7d"}
    grant = asking(subject="procedures", category="grant")
    assert with_picks(before, grant) == {"period": "7d", "subject": "procedures", "category": "grant"}


def test_a_click_is_one_change_that_controls_and_chips_follow(rasad: Make) -> None:
    cell = asking(province="IR-23", category="special_support")
    shown = written(rasad("ir"), filter_pick_data__data=cell, filters__data={"period": "7d"})
    assert shown["filters.data"] == {"period": "7d", "province": "IR-23", "category": "special_support"}
    assert shown["filter-province-choice.value"] == ["IR-23"]
    assert shown["filter-category-choice.value"] == ["special_support"]
    assert len(shown["filter-chosen-chips.children"]) == 3
    assert shown["notice.children"] == []


@pytest.mark.parametrize(
    "asked",
    [None, [], "x", {}, {"picks": []}, {"picks": ["x"]}, asking(sector="x"), asking(period="x"), asking(period="2026")],
)
def test_a_click_on_nothing_changes_nothing(asked: Any) -> None:
    with pytest.raises(PreventUpdate):
        with_picks({}, asked)


def test_days_the_wrong_way_round_are_taken_the_right_way() -> None:
    days = ("22", "11", "2026", "24", "10", "2026")
    assert custom(days, text("en")) == SPAN
    with pytest.raises(PreventUpdate):
        custom((None, "1", "2026", "1", "1", "2026"), text("en"))


def test_a_store_is_taken_for_what_it_should_be() -> None:
    assert strings({"period": "7d", "province": 5, "sql": "x"}) == {"period": "7d"}
    assert strings([1]) == strings(None) == {}
    assert changed({"period": "7d", "compare": "year"}, compare="") == {"period": "7d"}
