from __future__ import annotations

from typing import Any

import pytest

from dashboard.figures import multiples
from dashboard.text.bidi import plain
from tests.dashboard.figures.drawings import LAST, multiples_frame

BINS = 12


def heights(figure: Any) -> list[float | None]:
    """How high the bars are, chart after chart."""
    return [None if y is None else -y for y in figure.data[1].y]


def test_each_has_its_own_chart_over_the_same_bins(look: Any) -> None:
    frame = multiples_frame(look().jurisdiction)
    frame = frame[~((frame["key"] == frame["key"].iloc[-1]) & (frame["bin"] == LAST))]
    grounds, bars = multiples.draw(frame, look()).data
    assert len(grounds.x) == frame["key"].nunique()
    assert list(bars.base) == [depth for depth in grounds.base for _ in range(BINS)]
    for place, middle in enumerate(grounds.x):
        mine = bars.x[place * BINS : (place + 1) * BINS]
        assert middle - grounds.width / 2 < min(mine) < max(mine) < middle + grounds.width / 2
    assert bars.y[-1] is None
    assert len(bars.hovertext) == len(bars.customdata) == len(bars.y) == len(grounds.x) * BINS


def test_counts_have_a_scale_each_and_shares_the_whole(look: Any) -> None:
    frame = multiples_frame(look().jurisdiction)
    frame.loc[frame["key"] == frame["key"].iloc[0], "value"] *= 10
    drawn = heights(multiples.draw(frame, look()))
    whole = max(drawn[:BINS])
    assert whole == max(drawn[BINS : 2 * BINS]) > 0
    frame["value"] /= 1000
    frame.attrs["measure"] = "on_time_rate"
    shares = heights(multiples.draw(frame, look()))
    assert shares == pytest.approx([value * whole for value in frame["value"]])


def test_a_bin_that_runs_is_hatched_and_told(look: Any) -> None:
    figure = multiples.draw(multiples_frame(look().jurisdiction), look())
    bars = figure.data[1]
    assert list(bars.marker.pattern.shape[:BINS]) == [""] * 11 + ["/"]
    hover = [plain(line) for line in bars.hovertext[BINS - 1].split("<br>")]
    assert hover[-1] == "Received: 31"


def test_the_first_stands_where_reading_starts(look: Any) -> None:
    frame = multiples_frame(look().jurisdiction)
    english, persian = (multiples.draw(frame, look(language)) for language in ("en", "fa"))
    assert english.data[0].x[0] < english.data[0].x[1] < english.layout.xaxis.range[1]
    assert persian.data[0].x == english.data[0].x
    assert persian.layout.xaxis.range == english.layout.xaxis.range[::-1]


def test_one_alone_takes_the_whole_width(look: Any) -> None:
    frame = multiples_frame(look().jurisdiction)
    alone = frame[frame["key"] == frame["key"].iloc[0]]
    for language in ("en", "fa"):
        assert multiples.draw(alone, look(language)).data[0].width == 1


def test_a_name_stands_above_its_own_bars_however_many_lines_its_neighbour_takes(look: Any) -> None:
    frame = multiples_frame(look().jurisdiction)
    figure = multiples.draw(frame, look())
    first, second = figure.layout.annotations[0], figure.layout.annotations[2]
    assert first.yanchor == second.yanchor == "bottom"
    top = figure.data[0].base[0] - max(heights(figure))
    assert first.y == second.y < top
