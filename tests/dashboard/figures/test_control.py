from __future__ import annotations

import math
from datetime import date
from typing import Any

import pandas as pd
import pytest

from dashboard.figures import control
from dashboard.text import LANGUAGES
from dashboard.text.bidi import plain
from tests.dashboard.figures.drawings import isolated, texts


def funnel_frame(jurisdiction: Any) -> pd.DataFrame:
    """Four offices: inside, above, below, and one with too few cases."""
    offices = jurisdiction.offices[:4]
    frame = pd.DataFrame(
        {
            "key": [office.code for office in offices],
            "province": [office.province for office in offices],
            "n": [400, 1_000, 90, 12],
            "rate": [0.82, 0.93, 0.6, 1.0],
            "off": [0.0, 0.11, -0.22, 0.18],
            "outside": [0, 1, -1, 0],
            "judged": [True, True, True, False],
            "distance": [0.0, 9.0, -5.4, 0.0],
        }
    )
    frame.attrs = {
        "measure": "eligibility_rate",
        "mean": 0.82,
        "cases": 1_502,
        "limits": {
            "n": [12, 100, 1000],
            "inner_low": [0.6, 0.74, 0.79],
            "inner_high": [1.0, 0.89, 0.84],
            "outer_low": [0.4, 0.69, 0.78],
            "outer_high": [1.0, 0.92, 0.86],
        },
        "judged": 3,
        "least": 30,
        "by_chance": 0.006,
        "spread": None,
    }
    return frame


def points(figure: Any) -> Any:
    return next(trace for trace in figure.data if trace.mode == "markers")


def test_who_is_outside_has_a_sign_and_words_beside_the_colour(look: Any) -> None:
    seen = look()
    figure = control.draw(funnel_frame(seen.jurisdiction), seen)
    assert points(figure).marker.symbol == ("circle", "triangle-up", "triangle-down", "circle-open")
    told = [plain(hover) for hover in points(figure).hovertext]
    for hover, words in zip(told, ("Inside", "Outside, above", "Outside, below", "Too few cases"), strict=True):
        assert words in hover
    legend = plain(figure.layout.annotations[0].text)
    for sign in ("▲", "▼", "●", "○"):
        assert sign in legend


def test_the_card_says_how_many_chance_puts_outside(look: Any) -> None:
    seen = look()
    frame = funnel_frame(seen.jurisdiction)
    frame.attrs["by_chance"] = 0.24

    def words() -> str:
        return plain(control.draw(frame, seen).layout.annotations[0].text).replace("<br>", " ")

    assert "2 of 3 lie outside" in words()
    assert "about 0.2" in words()
    assert "All together: 82.0\u00a0% · n = 1,502" in words()
    assert "vary" not in words()
    frame.attrs |= {"spread": 2.4, "start": date(2026, 1, 1), "end": date(2026, 3, 31)}
    assert "vary 2.4 times" in words()
    assert "whole months: 1 Jan – 31 Mar 2026" in words()
    frame.attrs["judged"] = 0
    assert "None has cases enough to be judged: 30 are asked for." in words()


def test_limits_and_mean_lie_where_the_frame_says(look: Any) -> None:
    seen = look()
    frame = funnel_frame(seen.jurisdiction)
    figure = control.draw(frame, seen)
    lines = [trace for trace in figure.data if trace.mode == "lines"]
    assert [list(line.y) for line in lines[:4]] == [
        frame.attrs["limits"][name] for name in ("outer_low", "outer_high", "inner_low", "inner_high")
    ]
    assert list(lines[0].x) == [math.log10(n) for n in (12, 100, 1000)]
    assert set(lines[4].y) == {0.82}
    low, high = figure.layout.yaxis.range
    assert 0.5 < low < 0.6, "limits of cases too few to be judged would flatten all others"
    assert high > 1.0


def test_the_farthest_outside_are_named(look: Any) -> None:
    seen = look()
    frame = funnel_frame(seen.jurisdiction)
    names = seen.names("offices")
    notes = [plain(note.text).replace("<br>", " ") for note in control.draw(frame, seen).layout.annotations[1:]]
    assert notes == [names[frame["key"][1]], names[frame["key"][2]]]


def test_a_click_asks_for_the_province(look: Any) -> None:
    seen = look()
    frame = funnel_frame(seen.jurisdiction)
    frame.attrs["picks"] = {"province": {code: {"province": code} for code in frame["province"]}}
    data = points(control.draw(frame, seen)).customdata
    assert [each[-1] for each in data] == [{"province": code} for code in frame["province"]]


def test_persian_runs_from_the_right(look: Any) -> None:
    seen = look("fa")
    figure = control.draw(funnel_frame(seen.jurisdiction), seen)
    first, last = figure.layout.xaxis.range
    assert first > last
    assert figure.layout.yaxis.side == "right"


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_text_is_isolated_where_needed(look: Any, language: str) -> None:
    seen = look(language)
    frame = funnel_frame(seen.jurisdiction)
    frame.attrs |= {"spread": 2.4, "start": date(2026, 1, 1), "end": date(2026, 3, 31)}
    lines = list(texts(control.draw(frame, seen)))
    assert lines
    if language == "fa":
        assert all(isolated(line) for line in lines)


def test_a_single_office_and_none(look: Any) -> None:
    seen = look()
    frame = funnel_frame(seen.jurisdiction).head(1)
    frame.attrs["limits"] = {name: [] for name in frame.attrs["limits"]}
    assert len(points(control.draw(frame, seen)).x) == 1
    assert len(control.draw(frame.head(0), seen).data) == 0
