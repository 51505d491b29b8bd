"""Province codes through the Vietnamese merger of 2025-07-01: seven codes were given to provinces of another name."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.jurisdictions import ProvinceProblem, load

VIETNAM = load("vn")
BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


@pytest.mark.parametrize(
    ("code", "former", "province", "code_of_the_namesake"),
    [
        ("15", "Yên Bái", "Lào Cai", "10"),
        ("24", "Bắc Giang", "Bắc Ninh", "27"),
        ("44", "Quảng Bình", "Quảng Trị", "45"),
        ("52", "Bình Định", "Gia Lai", "64"),
        ("80", "Long An", "Tây Ninh", "72"),
        ("82", "Tiền Giang", "Đồng Tháp", "87"),
        ("91", "Kiên Giang", "An Giang", "89"),
    ],
)
def test_a_reused_code_means_the_former_unit_before_the_merger(
    code: str, former: str, province: str, code_of_the_namesake: str
):
    assert VIETNAM.province_names_on(code, BEFORE)["vi"] == former
    assert VIETNAM.province_names_on(code, AFTER)["vi"] == province
    absorbed_by = VIETNAM.resolve_province(code, BEFORE)
    assert isinstance(absorbed_by, str)
    assert VIETNAM.province(absorbed_by).names["vi"] == province
    assert VIETNAM.resolve_province(code_of_the_namesake, BEFORE) == absorbed_by
    assert VIETNAM.province_names_on(code_of_the_namesake, BEFORE)["vi"] == province
    assert VIETNAM.resolve_province(code_of_the_namesake, AFTER) == ProvinceProblem(
        code_of_the_namesake, AFTER, "retired", absorbed_by
    )


def test_63_former_units_went_into_34():
    assert len(VIETNAM.merges) == 63
    assert {merge.new for merge in VIETNAM.merges.values()} == {province.code for province in VIETNAM.provinces}
    assert set(VIETNAM.provinces_on(BEFORE)) == set(VIETNAM.merges)
    assert set(VIETNAM.provinces_on(AFTER)) == {province.code for province in VIETNAM.provinces}


def test_a_former_unit_counts_for_the_province_that_absorbed_it():
    assert VIETNAM.resolve_province("74", BEFORE) == "79"
    assert VIETNAM.merges["74"].names == {"en": "Binh Duong", "fa": "بین زونگ", "vi": "Bình Dương"}


@pytest.mark.parametrize("day", [BEFORE, AFTER])
def test_a_code_never_used_is_a_problem_on_any_day(day: date):
    assert VIETNAM.resolve_province("03", day) == ProvinceProblem("03", day, "unknown")
    with pytest.raises(KeyError):
        VIETNAM.province_names_on("03", day)
