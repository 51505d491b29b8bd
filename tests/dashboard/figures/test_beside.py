from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from dashboard.figures import beside
from dashboard.text import LANGUAGES
from dashboard.text.bidi import plain
from tests.dashboard.figures.drawings import isolated, texts


def pair_frame(jurisdiction: Any) -> pd.DataFrame:
    frame = pd.DataFrame({"province": [province.code for province in jurisdiction.provinces][:3]})
    frame["index_published"] = [14.81, 18.63, 18.91]
    frame["index_estimate"] = [19.32, None, 18.0]
    frame["index_received"] = [59, 0, 10]
    frame.attrs = {"pair": ["index_published", "index_estimate"]}
    return frame


def test_a_ring_and_a_dot_lie_where_their_values_are(look: Any) -> None:
    seen = look("en", "vn")
    line, rings, dots = beside.draw(pair_frame(seen.jurisdiction), seen).data
    assert (rings.marker.symbol, dots.marker.symbol) == ("circle-open", "circle")
    assert list(rings.x) == [14.81, 18.63, 18.91]
    assert list(dots.x) == [19.32, None, 18.0]
    assert list(line.x) == [14.81, 19.32, None, 18.91, 18.0, None], "no line where one of both is missing"


def test_the_scale_begins_at_nought_and_holds_all(look: Any) -> None:
    seen = look("en", "vn")
    low, high = beside.draw(pair_frame(seen.jurisdiction), seen).layout.xaxis.range
    assert low == 0
    assert high > 19.32


def test_the_signs_are_explained_and_everything_is_told(look: Any) -> None:
    seen = look("en", "vn")
    figure = beside.draw(pair_frame(seen.jurisdiction), seen)
    legend = plain(figure.layout.annotations[0].text)
    assert "○" in legend
    assert "Published points" in legend
    assert "Estimate" in legend
    hover = plain(figure.data[1].hovertext[0])
    assert "Published points: 14.81" in hover
    assert "Estimate: 19.32" in hover
    assert "Received: 59" in hover
    assert list(figure.data[2].customdata[2]) == ["08"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_persian_runs_from_the_right(look: Any, language: str) -> None:
    seen = look(language, "vn")
    figure = beside.draw(pair_frame(seen.jurisdiction), seen)
    first, last = figure.layout.xaxis.range
    assert (first > last) is (language == "fa")
    assert language != "fa" or all(isolated(line) for line in texts(figure))


def test_nothing_draws_nothing(look: Any) -> None:
    seen = look("en", "vn")
    assert len(beside.draw(pair_frame(seen.jurisdiction).head(0), seen).data) == 0
