"""What the controls offer and say."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.choices import choices, traits_of
from dashboard.claims.flows import FLOWS
from dashboard.filters import Filters
from dashboard.jurisdictions import load
from dashboard.text import LANGUAGES, text
from layouts.day_picker import chosen, picked
from layouts.filter_choices import alphabetical, chips, choice, options, step_options, trait_options
from tests.pages import TODAY, words


def test_persian_is_sorted_by_its_alphabet() -> None:
    names = {"1": "یزد", "2": "گلستان", "3": "آذربایجان شرقی", "4": "کرمان", "5": "چهارمحال و بختیاری", "6": "تهران"}
    assert list(alphabetical(names, text("fa"))) == ["3", "6", "5", "4", "2", "1"]


def test_vietnamese_is_sorted_without_regard_to_tones() -> None:
    names = {"1": "Đồng Nai", "2": "Điện Biên", "3": "An Giang", "4": "Đà Nẵng", "5": "Cà Mau", "6": "Gia Lai"}
    assert list(alphabetical(names, text("vi"))) == ["3", "5", "4", "2", "1", "6"]


@pytest.mark.parametrize(
    ("language", "parts", "day"),
    [
        ("en", ("22", "11", "2026"), date(2026, 11, 22)),
        ("fa", ("1", "9", "1405"), date(2026, 11, 22)),
        ("en", ("31", "2", "2028"), date(2028, 2, 29)),
        ("fa", ("31", "7", "1405"), date(2026, 10, 22)),
        ("fa", ("30", "12", "1404"), date(2026, 3, 20)),
    ],
)
def test_picked_days_are_days_of_the_readers_calendar(language: str, parts: tuple[str, str, str], day: date) -> None:
    """A day the month does not have is its last one."""
    assert picked(parts, text(language)) == day


def test_chosen_and_picked_are_each_others_inverse() -> None:
    for language in ("en", "fa", "vi"):
        assert picked(chosen(TODAY, text(language)), text(language)) == TODAY


@pytest.mark.parametrize("parts", [(None, "1", "2026"), ("1", "13", "2026"), ("x", "1", "2026")])
def test_half_a_day_is_refused(parts: tuple[str | None, str | None, str | None]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        picked(parts, text("en"))


def test_choices_are_named_alone_and_counted_together() -> None:
    jurisdiction, t = load("ir"), text("en")
    names = jurisdiction.names_of("provinces", "en")
    first, second = list(names)[:2]

    def said(*codes: str) -> str:
        filters = Filters(TODAY, "gregorian", provinces=codes)
        return choice("province", filters, t, jurisdiction, 31)

    assert said() == "All 31"
    assert said(first) == names[first]
    assert said(first, second) == "2 chosen"


def test_further_filters_have_chips_that_say_what_they_are() -> None:
    jurisdiction, t = load("ir"), text("en")
    filters = Filters(
        TODAY,
        "gregorian",
        provinces=("IR-23",),
        offices=("IR-23-01",),
        categories=("special_support",),
        trait="age:25-34",
        chosen_step="month",
    )
    said = [words(chip) for chip in chips(filters, t, jurisdiction)]
    assert said[1:-1] == [
        "Labour office – Tehran",
        "Special support (uninsured businesses)",
        "Age: 25–34 years",
        "Step: Months",
    ]
    assert choice("more", filters, t, jurisdiction, 31) == "4"
    assert choice("more", Filters(TODAY, "gregorian"), t, jurisdiction, 31) == ""


def test_what_no_case_has_says_so_in_words() -> None:
    t = text("en")
    some, none = options({"a": "A", "b": "B"}, frozenset({"a"}), t)
    assert some["label"] == "A"
    assert "".join(map(words, none["label"])) == "Bnone in this period"
    assert [option["label"] for option in options({"a": "A"}, None, t)] == ["A"], "nobody can tell"
    traits = trait_options({"sex:female": "Female", "sex:male": "Male"}, frozenset({"sex:male"}), t)
    assert [option["label"] for option in traits[1:]] == ["Sex: Female – none in this period", "Sex: Male"]


def test_steps_too_fine_for_the_period_cannot_be_chosen() -> None:
    def closed(period: str) -> set[str]:
        found = step_options(Filters(TODAY, "gregorian", period=period), text("en"))
        return {option["value"] for option in found if option.get("disabled")}

    assert closed("today") == set()
    assert closed("12m") == {"hour"}


@pytest.mark.parametrize("jurisdiction", ["ir", "vn"])
@pytest.mark.parametrize("subject", FLOWS)
def test_every_trait_offered_is_counted_and_has_a_name(jurisdiction: str, subject: str) -> None:
    for language in LANGUAGES:
        offered = choices("trait", Filters(TODAY, "gregorian"), subject, load(jurisdiction), text(language))
        assert {code.partition(":")[0] for code in offered} == set(traits_of(subject))
        assert all(offered.values())
        trait_options(offered, None, text(language))


def test_each_chosen_value_has_a_chip_and_all_can_be_cleared_at_once() -> None:
    jurisdiction, t = load("ir"), text("en")
    filters = Filters(TODAY, "gregorian", provinces=("IR-07", "IR-23"), channels=("online",))
    found = chips(filters, t, jurisdiction)
    assert len(found) == 4
    assert t("filter.clear_all") in words(found[-1])
    assert chips(Filters(TODAY, "gregorian"), t, jurisdiction) == []
