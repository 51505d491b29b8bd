"""An index of services: what Vietnam's says, and everything that can be wrong with one, each told with its place."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

import dashboard.jurisdictions
from dashboard.jurisdictions import JurisdictionError, load

SHIPPED = Path(dashboard.jurisdictions.__file__).parent
INDEX, SCORES = "index.toml", "index_scores.csv"
HANOI = "01,55.23,11.20,14.81,9.23,4.69,8.01,7.29"


@pytest.fixture
def vietnam(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED / "vn", tmp_path / "vn"))


def test_vietnams_index() -> None:
    index = load("vn").index
    assert index is not None
    assert [(group.key, group.max) for group in index.groups] == [
        ("transparency", 18),
        ("progress", 20),
        ("online", 12),
        ("payment", 10),
        ("digitisation", 22),
        ("satisfaction", 18),
    ]
    assert (index.total, len(index.scores), index.published_on) == (100, 34, date(2026, 10, 10))
    assert index.estimated("on_time") is index.groups[1]
    assert [group.key for group in index.groups if group.remark] == ["online", "satisfaction"]
    assert {score.province for score in index.scores} == {province.code for province in load("vn").provinces}


def test_a_country_may_have_none() -> None:
    iran = load("ir")
    assert iran.index is None
    assert iran.names_of("index.groups", "fa") == {}


def _swap(file: str, old: str, new: str) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


BROKEN: dict[str, tuple[Callable[[Path], None], str]] = {
    "scores are missing": (lambda folder: (folder / SCORES).unlink(), "index_scores.csv: the file is missing"),
    "a key is unknown": (_swap(INDEX, "total = 100", "sum = 100"), "index.toml: sum: is not known here"),
    "the total is another": (
        _swap(INDEX, "total = 100", "total = 90"),
        "index.toml: total: 90 is not what the groups add to, 100",
    ),
    "a group is more than its metrics": (
        _swap(INDEX, "max = 18", "max = 19"),
        "index.toml, [[group]] 1: max: 19 is not what the metrics add to, 18",
    ),
    "a group stands twice": (_swap(INDEX, 'key = "online"', 'key = "progress"'), "key: 'progress' stands twice"),
    "a metric without a name": (
        _swap(INDEX, 'en = "Dossiers handled on time"', 'xx = "x"'),
        "index.toml, [[group]] 2 [[metric]] 1 names: en: is missing",
    ),
    "an estimate that is not known": (
        _swap(INDEX, 'estimate = "on_time"', 'estimate = "magic"'),
        "index.toml, [[group]] 2 [[metric]] 1: estimate: 'magic' is none of on_time",
    ),
    "an estimate without a rule": (
        _swap(INDEX, 'rule = { en = "20 · on time', 'remark = { en = "20 · on time'),
        "[[group]] 2 [[metric]] 1: estimate: a metric without a rule cannot be estimated",
    ),
    "a rule without a translation": (
        _swap(INDEX, ', vi = "20 · đúng hạn', ', xx = "20 · đúng hạn'),
        "index.toml, [[group]] 2 [[metric]] 1 rule: vi: is missing",
    ),
    "no day": (_swap(INDEX, "day = 2026-10-10\n", ""), "index.toml, published: day: is missing"),
    "a group without its column": (
        _swap(SCORES, "payment", "payments"),
        "index_scores.csv, line 1: payment: the column is missing",
    ),
    "more points than there are": (
        _swap(SCORES, HANOI, HANOI.replace("14.81", "24.81").replace("55.23", "65.23")),
        "index_scores.csv, line 2: progress: 24.81 is not between 0 and 20",
    ),
    "points that do not add up": (
        _swap(SCORES, HANOI, HANOI.replace("55.23", "55.25")),
        "index_scores.csv, line 2: total: 55.25 is not what the groups add to, 55.23",
    ),
    "no number": (_swap(SCORES, HANOI, HANOI.replace("4.69", "many")), "line 2: payment: 'many' is not a number"),
    "no such province": (
        _swap(SCORES, HANOI, HANOI.replace("01,", "02,", 1)),
        "index_scores.csv, line 2: province: '02' is no province of provinces.csv",
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_wrong_is_said_with_file_place_and_key(what: str, vietnam: Path) -> None:
    edit, sentence = BROKEN[what]
    edit(vietnam)
    with pytest.raises(JurisdictionError) as caught:
        load(str(vietnam))
    assert sentence in str(caught.value)


def test_rounding_of_a_hundredth_is_no_fault(vietnam: Path) -> None:
    _swap(SCORES, HANOI, HANOI.replace("55.23", "55.24"))(vietnam)
    assert load(str(vietnam)).index is not None
