"""Folders of one's own: a third country from scratch, and everything that can be wrong, each told with its place."""

from __future__ import annotations

import json
import shutil
import tomllib
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

import dashboard.jurisdictions
from dashboard.jurisdictions import JurisdictionError, ProvinceProblem, load
from dashboard.jurisdictions.lists import COMMON, LISTS
from dashboard.jurisdictions.model import Ring
from dashboard.jurisdictions.rules import CHECKS
from dashboard.settings import ROOT

SHIPPED = Path(dashboard.jurisdictions.__file__).parent


@pytest.fixture
def iran(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED / "ir", tmp_path / "ir"))


@pytest.fixture
def vietnam(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED / "vn", tmp_path / "vn"))


@pytest.fixture
def minimal(tmp_path: Path) -> Path:
    """The least a folder needs: one language, two provinces, no boundaries, holidays, merges or rules of its own."""
    folder = tmp_path / "atlantis"
    folder.mkdir()
    codes = [f"{name},{key},{key}" for name in LISTS for key in COMMON.get(name, ("one",))]
    files = {
        "jurisdiction.toml": """
            key = "atlantis"
            names = { en = "Atlantis" }
            languages = ["en"]
            timezone = "Atlantic/Azores"
            calendar = "gregorian"
            week_start = "sunday"
            weekend = []
            person_code = "none"
            workshop_pattern = ".+"
            legacy_encodings = []
            online_is_aim = false
        """,
        "provinces.csv": "code,name_en,valid_from\nN,North,\nS,South,2020-01-01\n",
        "directorates.csv": "code,name_en,province\nD,Both,N\nD,Both,S\n",
        "offices.csv": "code,province,kind,name_en\nN-1,N,one,Port\n",
        "codes.csv": "list,key,name_en\n" + "\n".join(codes) + "\n",
        "procedures.toml": "procedure = []\n",
        "limits.csv": (
            "subject,category,step,days,unit,kind,source,confidence,valid_from,valid_to\n"
            "disputes,,closing,60,day,target,council,sure,,\n"
            "disputes,one,closing,30,day,target,council,sure,2024-01-01,\n"
        ),
        "eligibility.toml": "rule = []\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_third_country_without_boundaries(minimal: Path):
    country = load(str(minimal))
    assert country.languages == ("en",)
    assert country.boundaries == {}
    assert country.boundary_notice == ""
    assert country.currency == ""
    assert country.islands == ()
    assert country.directorates[0].provinces == ("N", "S")
    assert country.province("N").population is None
    assert country.workdays.is_working(date(2026, 1, 1))
    assert country.rules_on(date(2026, 1, 1)) == ()
    assert country.names_of("procedures.category", "en") == {}


def test_a_province_that_begins_later_is_a_problem_before(minimal: Path):
    country = load(str(minimal))
    assert country.resolve_province("S", date(2019, 12, 31)) == ProvinceProblem("S", date(2019, 12, 31), "not_yet")
    assert country.provinces_on(date(2019, 12, 31)) == ("N",)


def test_the_limit_of_a_category_goes_before_the_general_one(minimal: Path):
    country = load(str(minimal))
    days = [
        limit.days
        for limit in (
            country.limit("disputes", "one", date(2024, 1, 1)),
            country.limit("disputes", "one", date(2023, 12, 31)),
            country.limit("disputes", "", date(2024, 1, 1)),
        )
        if limit
    ]
    assert days == [30, 60, 60]


def test_a_unit_merged_twice_is_followed_to_the_end(minimal: Path):
    (minimal / "merges.csv").write_text(
        "old_code,name_en,new_code,day\nA,Old A,B,2008-01-01\nB,Old B,N,2015-01-01\n", encoding="utf-8"
    )
    country = load(str(minimal))
    assert country.resolve_province("A", date(2000, 1, 1)) == "N"
    assert country.resolve_province("B", date(2010, 1, 1)) == "N"
    assert country.resolve_province("A", date(2010, 1, 1)) == ProvinceProblem("A", date(2010, 1, 1), "retired", "B")


def test_a_merger_into_a_province_that_does_not_yet_exist(minimal: Path):
    (minimal / "merges.csv").write_text("old_code,name_en,new_code,day\nA,Old A,S,2019-01-01\n", encoding="utf-8")
    with pytest.raises(JurisdictionError, match="line 2: day: 2019-01-01 is before 'S' begins, 2020-01-01"):
        load(str(minimal))


def test_rings_are_turned_the_same_way_whichever_way_the_file_has_them(minimal: Path):
    square = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]
    hole = [[1, 1], [2, 1], [2, 2], [1, 2], [1, 1]]
    shapes = {"N": [square, hole], "S": [square[::-1], hole[::-1]]}
    features = [{"id": code, "geometry": {"type": "Polygon", "coordinates": rings}} for code, rings in shapes.items()]
    (minimal / "boundaries.geojson").write_text(json.dumps({"features": features}), encoding="utf-8")
    _append("jurisdiction.toml", 'boundary_notice = "drawn by hand"')(minimal)
    boundaries = load(str(minimal)).boundaries
    for outer, inner in boundaries.values():
        assert _area(outer) > 0 > _area(inner)
    assert set(boundaries["N"][0]) == set(boundaries["S"][0])


def _area(ring: Ring) -> float:
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring))


def test_exceptions_to_the_working_week_come_from_the_folder(iran: Path):
    with (iran / "workdays.csv").open("a", encoding="utf-8") as file:
        file.write(
            "2025-06-01,,thursday,IR-06,no,,,,circular\n2025-07-23,2025-07-23,,,no,Heat,گرما,Nắng nóng,cabinet\n"
        )
    days = load(str(iran)).workdays
    assert days.is_working(date(2025, 7, 17))
    assert not days.is_working(date(2025, 7, 17), "IR-06")
    assert days.holiday_name(date(2025, 7, 23), "fa") == "گرما"


def _swap(file: str, old: str, new: str) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


def _append(file: str, line: str) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        with (folder / file).open("a", encoding="utf-8") as opened:
            opened.write(line + "\n")

    return edit


def _without(file: str) -> Callable[[Path], None]:
    return lambda folder: (folder / file).unlink()


def _bytes(file: str, content: bytes) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        (folder / file).write_bytes(content)

    return edit


HEAD, PROVINCES, CODES = "jurisdiction.toml", "provinces.csv", "codes.csv"
ARAK = "مرکزی,Markazi,1429475"
LIMIT = "disputes,,appeal,15,day,law,x,y,,,"
BROKEN: dict[str, tuple[Callable[[Path], None], str]] = {
    "a file is missing": (_without("offices.csv"), "offices.csv: the file is missing"),
    "the head is missing": (_without(HEAD), "jurisdiction.toml: the file is missing"),
    "a key is missing": (_swap(HEAD, 'calendar = "jalali"', ""), "jurisdiction.toml: calendar: is missing"),
    "a key is unknown": (_swap(HEAD, "week_start", "week_begin"), "week_begin: is not known here"),
    "a key has the wrong type": (
        _swap(HEAD, "online_is_aim = true", 'online_is_aim = "maybe"'),
        "jurisdiction.toml: online_is_aim: 'maybe' is neither yes nor no",
    ),
    "a value is none of the known": (_swap(HEAD, '"jalali"', '"julian"'), "calendar: 'julian' is none of jalali"),
    "no such time zone": (_swap(HEAD, "Asia/Tehran", "Asia/Teheran"), "timezone: 'Asia/Teheran' is no time zone"),
    "no such language": (_swap(HEAD, '"vi"]', '"de"]'), "jurisdiction.toml: languages: 'de' is none of en, fa, vi"),
    "no such country": (_swap(HEAD, 'holidays = "IR"', 'holidays = "XX"'), "holidays: 'XX' is no country"),
    "no such weekday": (_swap(HEAD, '["friday"]', '["fryday"]'), "weekend: 'fryday' is none of monday"),
    "no such encoding": (_swap(HEAD, "cp1256", "cp9999"), "legacy_encodings: 'cp9999' is no encoding"),
    "a bad pattern": (_swap(HEAD, "[0-9]{10}", "[0-9"), "workshop_pattern: '[0-9' is no regular expression"),
    "a name is missing in a language": (
        _swap(HEAD, 'vi = "Iran"', 'xx = "Iran"'),
        "jurisdiction.toml, names: vi: is missing",
    ),
    "bad TOML": (_append(HEAD, "key = = 1"), "jurisdiction.toml: is not valid TOML"),
    "not UTF-8": (_bytes(PROVINCES, "code,name_fa\n".encode("utf-16")), "provinces.csv: is not UTF-8"),
    "an empty name": (_swap(PROVINCES, "IR-01,Gilan", "IR-01,"), "provinces.csv, line 3: name_en: is empty"),
    "no number": (_swap(PROVINCES, "1429475", "many"), "provinces.csv, line 2: population: 'many' is not a whole"),
    "no day": (
        _append(PROVINCES, "IR-31,X,X,X,,,1404-01-32,,"),
        "provinces.csv, line 33: valid_from: '1404-01-32' is no day as YYYY-MM-DD",
    ),
    "an end before the beginning": (
        _append(PROVINCES, "IR-31,X,X,X,,,2025-01-02,2025-01-01,"),
        "line 33: valid_to: 2025-01-01 is before valid_from",
    ),
    "a figure without a source": (
        _append(PROVINCES, "IR-31,X,X,X,5,,,,"),
        "provinces.csv, line 33: population_source: is empty",
    ),
    "a figure nobody is told the source of": (
        _swap(HEAD, "[population_notice]", "[population]"),
        "jurisdiction.toml: population_notice: is missing",
    ),
    "a code stands twice": (
        _append(PROVINCES, "IR-00,X,X,X,,,,,"),
        "provinces.csv, line 33: code: 'IR-00' stands twice, first in line 2",
    ),
    "too few cells": (_append(PROVINCES, "IR-31,X"), "provinces.csv, line 33: has 2 cells, the header has 9"),
    "a cell of two lines before it": (
        _append(PROVINCES, 'IR-31,"X\nY",X,X,,,,,\nIR-32,X,X,X,many,,,,'),
        "provinces.csv, line 35: population: 'many' is not a whole number",
    ),
    "bad CSV": (_append(PROVINCES, 'IR-31,"X"Y,X,X,,,,,'), "provinces.csv, line 33: is not valid CSV"),
    "a column is missing": (_swap(PROVINCES, "name_vi", "name_xx"), "provinces.csv, line 1: name_vi: the column is"),
    "a column is unknown": (_swap(PROVINCES, "valid_to", "valid_till"), "line 1: valid_till: is no column"),
    "an office in no province": (
        _append("offices.csv", "X-1,IR-99,labour_office,X,X,X"),
        "province: 'IR-99' is no province of provinces.csv",
    ),
    "an office of no kind": (
        _append("offices.csv", "X-1,IR-00,palace,X,X,X"),
        "kind: 'palace' is no key of the list offices.kind",
    ),
    "a directorate over no province": (
        _append("directorates.csv", "D99,X,X,X,IR-99"),
        "directorates.csv, line 33: province: 'IR-99' is no province",
    ),
    "a directorate with two names": (
        _append("directorates.csv", "D00,X,X,X,IR-01"),
        "directorates.csv, line 33: code: 'D00' has other names in an earlier row",
    ),
    "a code list that is not known": (_append(CODES, "colours,red,Red,قرمز,Đỏ,"), "list: 'colours' is none of"),
    "a key of a list stands twice": (_append(CODES, "sexes,male,Men,مرد,Nam,"), "key: 'male' stands twice"),
    "a common key is missing": (_swap(CODES, "sexes,female", "sexes,woman"), "codes.csv: sexes: the key 'female'"),
    "a common key of another list": (_swap(CODES, "filers,worker", "sexes,worker"), "filers: the key 'worker' is"),
    "an outcome that is not known": (
        _swap("procedures.toml", '["suspended"]', '["halted"]'),
        "procedures.toml, [[procedure]] 2: outcomes: 'halted' is no key of the list procedures.outcome",
    ),
    "a limit on nothing": (
        _append("limits.csv", LIMIT.replace("disputes", "weather")),
        "limits.csv, line 6: subject: 'weather' is none of registrations",
    ),
    "a limit of no kind": (_append("limits.csv", LIMIT.replace("law", "wish")), "kind: 'wish' is none of law, by_law"),
    "a limit of no category": (
        _append("limits.csv", LIMIT.replace(",,appeal", ",duel,appeal")),
        "category: 'duel' is no key of the list disputes.category",
    ),
    "two limits at once": (_append("limits.csv", LIMIT), "limits.csv, line 6: valid_from: its validity overlaps"),
    "a check that is not known": (
        _swap("eligibility.toml", 'check = "premium_paid"', 'check = "premium_pade"'),
        "eligibility.toml, [[rule]] 6: check: 'premium_pade' is none of registered",
    ),
    "a parameter that is not known": (
        _swap("eligibility.toml", "{ months = 6 }", "{ monts = 6 }"),
        "eligibility.toml, [[rule]] 7 parameters: monts: is not known here",
    ),
    "a parameter is missing": (
        _swap("eligibility.toml", "{ days = 30, excused_days = 90 }", "{ excused_days = 90 }"),
        "[[rule]] 8 parameters: days: is missing",
    ),
    "a parameter without a check for it": (
        _swap("eligibility.toml", 'check = "premium_paid"', 'check = "premium_paid"\nparameters = { days = 1 }'),
        "[[rule]] 6: parameters: this check takes none",
    ),
    "a reason that is not known": (
        _swap("eligibility.toml", 'reason = "late"', 'reason = "tardy"'),
        "reason: 'tardy' is no key of the list registrations.reason",
    ),
    "a standing that is not known": (
        _swap("eligibility.toml", '["foreign"]', '["alien"]'),
        "excluded: 'alien' is no key of the list standings",
    ),
    "two rules at once": (
        _swap("eligibility.toml", 'key = "in_time"', 'key = "premium"'),
        "eligibility.toml, [[rule]] 8: key: its validity overlaps that of [[rule]] 6",
    ),
    "an exception for no province": (
        _append("workdays.csv", "2025-07-01,2025-07-01,,IR-99,no,,,,"),
        "workdays.csv, line 2: province: 'IR-99' is no province",
    ),
    "no GeoJSON": (_bytes("boundaries.geojson", b"{}"), "boundaries.geojson: features: is no GeoJSON"),
    "a boundary of no province": (
        _swap("boundaries.geojson", '"id":"IR-00"', '"id":"IR-99"'),
        "boundaries.geojson: id: 'IR-99' is no province",
    ),
    "a map without its notice": (
        _swap(HEAD, "© OpenStreetMap contributors", ""),
        "jurisdiction.toml: boundary_notice: is empty",
    ),
    "an unknown currency": (
        _swap(HEAD, '"IRR"', '"IRX"'),
        "jurisdiction.toml: currency: 'IRX' is no ISO 4217 code, such as IRR",
    ),
    "an island nowhere": (_swap("islands.csv", "55.03", "east"), "islands.csv, line 2: lon: 'east' is not a number"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_wrong_is_said_with_file_place_and_key(what: str, iran: Path):
    edit, sentence = BROKEN[what]
    edit(iran)
    with pytest.raises(JurisdictionError) as caught:
        load(str(iran))
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (
            _append("merges.csv", "99,X,X,X,77,2025-07-01"),
            "merges.csv, line 65: new_code: '77' is no province of provinces.csv",
        ),
        (
            _append("merges.csv", "15,X,X,X,79,2025-07-01"),
            "merges.csv, line 65: old_code: '15' stands twice, first in line 11",
        ),
        (
            _swap("procedures.toml", "valid_from = 2026-01-01", "valid_from = 2025-12-31"),
            "[[procedure]] 1 [[code]] 2: code: its validity overlaps that of [[procedure]] 1 [[code]] 1",
        ),
        (
            _swap("procedures.toml", "days = 20", 'days = "twenty"'),
            "[[procedure]] 2 [[deadline]] 1: days: 'twenty' is not a whole number",
        ),
    ],
)
def test_what_is_wrong_with_mergers_and_procedures(edit: Callable[[Path], None], sentence: str, vietnam: Path):
    edit(vietnam)
    with pytest.raises(JurisdictionError) as caught:
        load(str(vietnam))
    assert sentence in str(caught.value)


def test_all_problems_are_told_together_and_each_once(iran: Path):
    for what in ("a key is missing", "a code stands twice", "two limits at once", "a reason that is not known"):
        BROKEN[what][0](iran)
    _append("limits.csv", "disputes,,hearing,15,day,law,x,y,soon,,")(iran)
    with pytest.raises(JurisdictionError) as caught:
        load(str(iran))
    assert sorted((problem.file, problem.key) for problem in caught.value.problems) == [
        ("eligibility.toml", "reason"),
        ("jurisdiction.toml", "calendar"),
        ("limits.csv", "valid_from"),
        ("limits.csv", "valid_from"),
        ("provinces.csv", "code"),
    ]


def test_an_empty_folder_lists_every_file_it_needs(tmp_path: Path):
    with pytest.raises(JurisdictionError) as caught:
        load(str(tmp_path))
    assert {problem.file for problem in caught.value.problems} == {
        "jurisdiction.toml",
        "provinces.csv",
        "directorates.csv",
        "offices.csv",
        "codes.csv",
        "procedures.toml",
        "limits.csv",
        "eligibility.toml",
    }


def test_a_name_that_is_no_folder(tmp_path: Path):
    with pytest.raises(JurisdictionError, match="is neither ir nor vn nor a folder"):
        load(str(tmp_path / "nowhere"))


def test_the_manual_names_every_file_list_check_and_key():
    manual = (ROOT / "docs" / "jurisdictions.md").read_text(encoding="utf-8")
    head = tomllib.loads((SHIPPED / "ir" / HEAD).read_text(encoding="utf-8"))
    files = {path.name for name in ("ir", "vn") for path in (SHIPPED / name).iterdir()}
    parameters = {parameter for check in CHECKS.values() for parameter in check}
    for word in {*head, *files, *LISTS, *CHECKS, *parameters, *(key for keys in COMMON.values() for key in keys)}:
        assert f"`{word}`" in manual, word
    for table in (SHIPPED / "vn").glob("*.csv"):
        for column in table.read_text(encoding="utf-8").partition("\n")[0].split(","):
            assert column.startswith("name_") or f"`{column}`" in manual, (table.name, column)
