from __future__ import annotations

import re
from datetime import date
from typing import Any

import pandas as pd

from dashboard.figures import lines
from dashboard.text.bidi import plain
from tests.dashboard.figures.drawings import lines_frame

SOME = [
    (date(2026, 11, 19), "online", 40.0),
    (date(2026, 11, 19), "office", 4.0),
    (date(2026, 11, 20), "online", 12.0),
    (date(2026, 11, 21), "office", 6.0),
]


def frame(rows: list[tuple[date, str, float]]) -> pd.DataFrame:
    made = pd.DataFrame(rows, columns=["bin", "series", "value"])
    made.attrs |= {"step": "day", "codes": "channels", "measure": "registered"}
    return made


def test_a_line_each_with_gaps_where_nothing_is_known(look: Any) -> None:
    online, office, _ = lines.draw(frame(SOME), look()).data
    assert online.y == (40.0, 12.0, None)
    assert office.y == (4.0, None, 6.0)


def test_lines_are_told_apart_by_more_than_colour(look: Any) -> None:
    figure = lines.draw(lines_frame(20, 8), look())
    courses = figure.data[:-1]
    told = {(course.marker.symbol, course.line.dash) for course in courses}
    assert len(told) == len(courses) == 8
    legend = figure.layout.annotations[0].text
    assert all(sign in legend for sign in "●■▲◆▼")


def test_a_value_between_gaps_is_seen(look: Any) -> None:
    rows = [(date(2026, 1 + day // 28, 1 + day % 28), "office", 5.0 if day % 2 else float("nan")) for day in range(60)]
    office = lines.draw(frame(rows), look()).data[0]
    assert all(size > 0 for size, value in zip(office.marker.size, office.y, strict=True) if value is not None)


def test_a_bin_not_over_has_an_open_sign(look: Any) -> None:
    running = frame(SOME).assign(provisional=[row[0] == date(2026, 11, 21) for row in SOME])
    figure = lines.draw(running, look())
    surface = look().colours.surface
    assert [colour == surface for colour in figure.data[1].marker.color] == [False, False, True]
    assert "Not yet complete" in plain(figure.layout.annotations[0].text)


def test_pointing_tells_all_courses_of_a_bin(look: Any) -> None:
    told = [plain(line) for line in lines.draw(frame(SOME), look()).data[-1].hovertext]
    assert told[0] == "<b>Thursday, 19 November 2026</b><br>Online: 40<br>In person at a labour office: 4"
    assert told[1].startswith("<b>Friday, 20 November 2026</b><br>Online: 12<br>")
    assert "labour office" not in told[1]


def test_persian_is_mirrored(look: Any) -> None:
    layout = lines.draw(frame(SOME), look("fa")).layout
    assert layout.xaxis.range[0] > layout.xaxis.range[1]
    assert layout.yaxis.side == "right"


def test_series_may_be_columns_of_which_only_one_is_provisional(look: Any) -> None:
    wide = pd.DataFrame({"bin": [8, 9], "today": [3.0, 1.0], "usual": [4.0, 5.0], "provisional": [False, True]})
    wide.attrs |= {"step": "hour", "measure": "registered", "columns": ["today", "usual"], "settled": ["usual"]}
    today, usual, _ = lines.draw(wide, look()).data
    assert (today.y, usual.y) == ((3.0, 1.0), (4.0, 5.0))
    surface = look().colours.surface
    assert [line.marker.color[1] == surface for line in (today, usual)] == [True, False]


def test_a_target_is_a_line_with_its_words_in_the_legend(look: Any) -> None:
    shares = frame([(day, key, value / 100) for day, key, value in SOME])
    shares.attrs |= {"measure": "prompt_share", "target": 0.9}
    layout = lines.draw(shares, look()).layout
    assert [(line.y0, line.y1) for line in layout.shapes if line.yref == "y"] == [(0.9, 0.9)]
    assert "Target 90" in plain(layout.annotations[0].text)
    assert layout.yaxis.range[1] >= 0.9, "the scale reaches to it"
    shares.attrs.pop("target")
    assert "Target" not in plain(lines.draw(shares, look()).layout.annotations[0].text)


def test_a_count_that_is_nought_all_along_is_said_in_the_legend(look: Any) -> None:
    wide = pd.DataFrame({"bin": [0, 1, 2], "today": [0.0, 0.0, None], "usual": [0.0, 1.0, 0.0]})
    wide.attrs |= {"step": "hour", "columns": ["today", "usual"], "labels": "registrations.hours"}
    for measure, said in (
        ("registered", ["● Today: none", "■ Usual day"]),
        ("online_share", ["● Today", "■ Usual day"]),
    ):
        figure = lines.draw(wide, look(), measure)
        legend = plain(re.sub(r"<[^>]*>", "", figure.layout.annotations[0].text)).replace("\u00a0", " ")
        assert [each.strip() for each in legend.split("\u2003")][: len(said)] == said
