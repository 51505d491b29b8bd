from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest

from dashboard.figures.spark import HEIGHT, WIDTH, spark

NUMBER = re.compile(r"-?\d+\.?\d*")


def xs(path: str) -> list[float]:
    return [float(value) for value in NUMBER.findall(path)[::2]]


def ys(path: str) -> list[float]:
    return [float(value) for value in NUMBER.findall(path)[1::2]]


def test_time_runs_from_the_start_side_and_more_is_higher(look: Any) -> None:
    there, back = spark([1, 2, 3], look("en")), spark([1, 2, 3], look("fa"))
    assert xs(there.line) == sorted(xs(there.line))
    assert xs(back.line) == sorted(xs(back.line), reverse=True)
    assert ys(there.line) == ys(back.line) == sorted(ys(there.line), reverse=True)
    assert there.last is not None
    assert back.last is not None
    assert there.last[0] > WIDTH / 2 > back.last[0]


def test_the_line_stays_inside_the_picture(look: Any) -> None:
    drawn = spark([5.0, -1e9, 1e9, 0.1], look())
    assert all(0 < x < WIDTH for x in xs(drawn.line))
    assert all(0 < y < HEIGHT for y in ys(drawn.line))


def test_a_gap_parts_the_line(look: Any) -> None:
    assert spark([1, 2, None, 3, float("nan"), 4, 5], look()).line.count("M") == 3


def test_a_level_course_runs_through_the_middle(look: Any) -> None:
    assert set(ys(spark([7, 7, 7], look()).line)) == {HEIGHT / 2}


@pytest.mark.parametrize("values", [[], [None, None], [float("nan")]])
def test_nothing_known_is_an_empty_picture(look: Any, values: list[float | None]) -> None:
    drawn = spark(values, look())
    assert (drawn.line, drawn.area, drawn.last) == ("", "", None)
    ET.fromstring(drawn.svg)  # noqa: S314  (our own drawing)


def test_a_single_value_is_a_point(look: Any) -> None:
    drawn = spark([3], look())
    assert drawn.last is not None
    assert not drawn.area


def test_the_picture_is_in_the_colours_of_the_look(look: Any) -> None:
    for theme in ("light", "dark"):
        seen = look("en", "ir", theme)
        drawn = spark([1, 2], seen)
        assert seen.colours.accent in drawn.svg
        assert unquote(drawn.uri.partition(",")[2]) == drawn.svg
        assert "#" not in drawn.uri
        assert ET.fromstring(drawn.svg).get("viewBox") == f"0 0 {WIDTH} {HEIGHT}"  # noqa: S314  (our own drawing)
