from __future__ import annotations

from typing import Any

from dashboard.figures import multiples
from dashboard.text.bidi import plain
from tests.dashboard.figures.drawings import LAST, multiples_frame


def test_each_has_its_own_chart_over_the_same_bins(look: Any) -> None:
    frame = multiples_frame(look().jurisdiction)
    frame = frame[~((frame["key"] == frame["key"].iloc[-1]) & (frame["bin"] == LAST))]
    figure = multiples.draw(frame, look())
    assert len(figure.data) == frame["key"].nunique()
    assert len({trace.xaxis for trace in figure.data}) == len(figure.data)
    assert {len(trace.x) for trace in figure.data} == {12}
    assert figure.data[-1].y[-1] is None


def test_counts_have_a_scale_each_and_shares_the_whole(look: Any) -> None:
    frame = multiples_frame(look().jurisdiction)
    frame.loc[frame["key"] == frame["key"].iloc[0], "value"] *= 10
    tops = [multiples.draw(frame, look()).layout[axis].range[1] for axis in ("yaxis", "yaxis2")]
    assert tops[0] > 9 * tops[1]
    frame["value"] /= 1000
    frame.attrs["measure"] = "on_time_rate"
    assert multiples.draw(frame, look()).layout.yaxis2.range == (0, 1)


def test_a_bin_that_runs_is_hatched_and_told(look: Any) -> None:
    figure = multiples.draw(multiples_frame(look().jurisdiction), look())
    assert list(figure.data[0].marker.pattern.shape) == [""] * 11 + ["/"]
    hover = [plain(line) for line in figure.data[0].hovertext[-1].split("<br>")]
    assert hover[-1] == "Received: 31"


def test_the_first_stands_where_reading_starts(look: Any) -> None:
    frame = multiples_frame(look().jurisdiction)
    english, persian = (multiples.draw(frame, look(language)).layout for language in ("en", "fa"))
    assert english.xaxis.domain[0] == 0 < english.xaxis2.domain[0]
    assert persian.xaxis.domain[1] == 1 > persian.xaxis2.domain[1]
    assert persian.xaxis.range[0] > persian.xaxis.range[1]


def test_one_alone_takes_the_whole_width(look: Any) -> None:
    frame = multiples_frame(look().jurisdiction)
    alone = frame[frame["key"] == frame["key"].iloc[0]]
    for language in ("en", "fa"):
        assert multiples.draw(alone, look(language)).layout.xaxis.domain == (0, 1)


def test_a_name_stands_above_its_own_bars_however_many_lines_its_neighbour_takes(look: Any) -> None:
    frame = multiples_frame(look().jurisdiction)
    layout = multiples.draw(frame, look()).layout
    first, second = layout.annotations[0], layout.annotations[2]
    assert first.y == second.y == layout.yaxis.domain[1]
    assert first.yanchor == second.yanchor == "bottom"
    assert first.yshift == second.yshift > 0
