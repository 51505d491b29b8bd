"""What the two shipped folders say, held against the facts they were written from."""

from __future__ import annotations

import itertools
import re
from datetime import date

import pytest

from dashboard.claims.subjects import CASES, PREMIUMS
from dashboard.jurisdictions import SHIPPED, Jurisdiction, load

IRAN, VIETNAM = (load(name) for name in ("ir", "vn"))
BOTH = pytest.mark.parametrize("country", [IRAN, VIETNAM], ids=SHIPPED)


def test_heads():
    assert (IRAN.key, IRAN.languages[0], IRAN.timezone.key, IRAN.calendar) == ("ir", "fa", "Asia/Tehran", "jalali")
    assert (VIETNAM.key, VIETNAM.languages[0], VIETNAM.calendar) == ("vn", "vi", "gregorian")
    assert VIETNAM.timezone.key == "Asia/Ho_Chi_Minh"
    assert (IRAN.week_start, VIETNAM.week_start) == (5, 0)
    assert (IRAN.person_code, VIETNAM.person_code) == ("ir", "vn")
    assert (IRAN.online_is_aim, VIETNAM.online_is_aim) == (True, False)
    assert IRAN.names["fa"] == "ایران"
    assert VIETNAM.names["vi"] == "Việt Nam"
    assert re.fullmatch(IRAN.workshop_pattern, "0183630045")
    assert not re.fullmatch(IRAN.workshop_pattern, "183630045")
    assert IRAN.legacy_encodings == ("cp1256",)


def test_iran_has_31_provinces_and_a_directorate_each():
    assert len(IRAN.provinces) == len(IRAN.directorates) == 31
    assert sorted(code for each in IRAN.directorates for code in each.provinces) == [p.code for p in IRAN.provinces]
    assert sum(province.population or 0 for province in IRAN.provinces) == 79_926_270
    assert IRAN.province("IR-23").names == {"en": "Tehran", "fa": "تهران", "vi": "Tehran"}


def test_vietnam_has_34_provinces_whose_population_is_that_of_the_merger_resolution():
    assert len(VIETNAM.provinces) == 34
    assert round(sum(province.population or 0 for province in VIETNAM.provinces) / 1e6) == 112
    assert "101 million" in VIETNAM.province("79").population_source
    assert VIETNAM.province("66").names["vi"] == "Đắk Lắk"


def test_an_iranian_code_of_the_older_series_is_told_but_never_read_by_day():
    assert IRAN.province("IR-00").former_code == "IR-22"
    assert IRAN.resolve_province("IR-22", date(2019, 1, 1)) == "IR-22"


@BOTH
def test_every_code_a_record_may_carry_has_a_list_and_every_key_a_name(country: Jurisdiction):
    lists = {field.codes for subject in (*CASES, PREMIUMS) for field in subject.fields if field.codes}
    assert "procedures.category" in lists
    for name in lists:
        for language in ("en", "fa", "vi"):
            names = country.names_of(name, language)
            assert names, name
            assert all(names.values()), name


@BOTH
def test_names_are_written_in_the_script_of_their_language(country: Jurisdiction):
    for name in (*country.codes, "provinces", "offices", "directorates"):
        for key, text in country.names_of(name, "fa").items():
            assert re.search(r"[\u0600-\u06ff]", text), (name, key)
            assert not re.search(r"[\u064a\u0643\u06c0A-Za-z]", text), f"Arabic ye or kaf, or Latin, in {name} {key}"
        for language in ("en", "vi"):
            for key, text in country.names_of(name, language).items():
                assert not re.search(r"[\u0600-\u06ff]", text), (name, key)


@BOTH
def test_no_two_keys_of_a_list_share_a_name(country: Jurisdiction):
    for name in {*country.codes, "provinces", "offices"} - {"index.rules"}:  # which are no names: metrics may share one
        for language in country.languages:
            names = list(country.names_of(name, language).values())
            assert len(set(names)) == len(names), (name, language)


@BOTH
def test_every_province_has_two_to_six_offices(country: Jurisdiction):
    for province in country.provinces:
        assert 2 <= sum(office.province == province.code for office in country.offices) <= 6


def test_no_iranian_province_is_said_to_work_through_agencies_for_which_seven_is_unknown():
    assert {office.kind for office in IRAN.offices} == {"labour_office"}
    assert {office.kind for office in VIETNAM.offices} == {"job_service_centre"}


def test_procedures():
    assert [each.key for each in IRAN.procedures] == [
        "benefit_grant",
        "benefit_suspend",
        "benefit_resume",
        "benefit_terminate",
        "benefit_transfer",
    ]
    assert [each.key for each in VIETNAM.procedures] == ["job_search_notice", *(p.key for p in IRAN.procedures)]
    assert [each.key for each in VIETNAM.procedures if each.kept_apart] == ["job_search_notice"]
    assert [each.key for each in VIETNAM.procedures if each.ex_officio] == ["benefit_suspend"]
    grant = VIETNAM.procedures[1]
    assert [(code.code, code.valid_from, code.valid_to) for code in grant.codes] == [
        ("1.001978", date(2021, 1, 1), date(2025, 12, 31)),
        ("1.014748", date(2026, 1, 1), None),
    ]


def test_no_clock_runs_where_the_iranian_law_sets_none():
    assert all(not each.deadlines for each in IRAN.procedures)
    for subject in CASES:
        for category in ("", *IRAN.names_of(f"{subject.key}.category", "en")):
            assert IRAN.limit(subject.key, category, date(2026, 1, 1)) is None


def test_steps_of_iranian_disputes_carry_their_limits_and_their_kind():
    limits = {limit.step: (limit.days, limit.unit, limit.kind) for limit in IRAN.limits}
    assert limits == {
        "appeal": (15, "day", "law"),
        "ruling": (7, "day", "by_law"),
        "settlement_ruling": (30, "day", "law"),
        "judicial_review": (90, "day", "law"),
    }
    assert all(limit.source and limit.confidence for limit in (*IRAN.limits, *VIETNAM.limits))


@pytest.mark.parametrize(
    ("procedure", "days"),
    [
        ("job_search_notice", 0),
        ("benefit_grant", 20),
        ("benefit_suspend", 2),
        ("benefit_resume", 2),
        ("benefit_terminate", 2),
        ("benefit_transfer", 3),
    ],
)
def test_vietnamese_deadlines_are_by_law_until_the_decree_was_replaced_then_targets(procedure: str, days: int):
    last, next_year = (VIETNAM.limit("procedures", procedure, day) for day in (date(2025, 12, 31), date(2026, 1, 1)))
    assert last is not None
    assert next_year is not None
    assert (last.days, last.unit, last.kind) == (days, "working_day", "by_law")
    assert (next_year.days, next_year.kind) == (days, "target")
    assert "not found" in next_year.confidence
    assert VIETNAM.limit("procedures", procedure, date(2014, 12, 31)) is None


def test_a_limit_of_a_step_is_no_limit_to_closing():
    found = VIETNAM.limit("registrations", "unemployment_insurance", date(2025, 6, 1))
    assert found is not None
    assert found.days == 20
    assert VIETNAM.limit("registrations", "special_support", date(2025, 6, 1)) is None


def test_iranian_rules_in_their_order():
    rules = IRAN.rules_on(date(2026, 1, 1))
    assert [(rule.check, dict(rule.parameters), rule.reason) for rule in rules] == [
        ("registered", {}, "no_premium"),
        ("workshop_matches", {}, "wrong_workshop"),
        ("insurance_is", {"allowed": ("compulsory",)}, "optional_insured"),
        ("standing_not", {"excluded": ("retired", "disabled")}, "retired"),
        ("standing_not", {"excluded": ("foreign",)}, "foreign"),
        ("premium_paid", {}, "no_premium"),
        ("min_months", {"months": 6}, "short_history"),
        ("filed_within", {"days": 30, "excused_days": 90}, "late"),
    ]


def test_vietnamese_rules_change_law_with_the_year():
    before, after = VIETNAM.rules_on(date(2025, 12, 31)), VIETNAM.rules_on(date(2026, 1, 1))
    assert [rule.key for rule in before] == [rule.key for rule in after]
    assert all(old.source != new.source for old, new in zip(before, after, strict=True))
    months = next(rule for rule in after if rule.check == "min_months")
    assert months.parameters == {"months": 12, "within_months": 24}
    assert next(rule for rule in after if rule.check == "filed_within").parameters == {"days": 90}


@BOTH
def test_boundaries_cover_every_province_in_a_plane(country: Jurisdiction):
    assert set(country.boundaries) == {province.code for province in country.provinces}
    assert country.boundary_notice == "© OpenStreetMap contributors"
    for rings in country.boundaries.values():
        for ring in rings:
            assert ring[0] == ring[-1]
            area = sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring))
            assert area > 0, "outer rings run counter-clockwise"


def test_the_map_is_as_wide_as_the_country_not_as_its_degrees():
    xs, ys = zip(*(point for rings in IRAN.boundaries.values() for ring in rings for point in ring), strict=True)
    assert (max(xs) - min(xs)) / (max(ys) - min(ys)) == pytest.approx(1.11, abs=0.02)
    tehran, shiraz = (IRAN.boundaries[code][0][0] for code in ("IR-23", "IR-07"))
    assert tehran[1] > shiraz[1], "north is up"


def test_islands_are_markers_that_do_not_shrink_the_mainland():
    islands = {island.key: island for island in VIETNAM.islands}
    assert {key: island.province for key, island in islands.items()} == {"hoang_sa": "48", "truong_sa": "56"}
    assert islands["truong_sa"].names["vi"] == "Trường Sa"
    assert islands["truong_sa"].lon > 114
    xs = [x for rings in VIETNAM.boundaries.values() for ring in rings for x, _ in ring]
    reach = max(island.x for island in islands.values()) - min(xs)
    assert reach < 1.2 * (max(xs) - min(xs))
    assert {island.key for island in IRAN.islands} == {"abu_musa", "tunbs"}


def test_a_jurisdiction_can_be_a_key():
    assert {IRAN: "ir", VIETNAM: "vn"}[IRAN] == "ir"


def test_an_unknown_list_is_an_error():
    with pytest.raises(KeyError):
        IRAN.names_of("colours", "en")
    with pytest.raises(KeyError):
        IRAN.province("IR-99")
