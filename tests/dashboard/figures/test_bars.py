from __future__ import annotations

from typing import Any

import pytest

from dashboard.figures import bars, ranked
from dashboard.figures.rows import digits_of
from dashboard.measures import MEASURES
from dashboard.text.bidi import plain
from tests.dashboard.figures.drawings import procedure_frame, province_frame


def test_a_row_is_two_bars_with_their_numbers_outside(look: Any) -> None:
    seen = look()
    figure = bars.draw(procedure_frame(seen.jurisdiction, 1), seen)
    row, received, closed = figure.data
    assert (received.x[0], closed.x[0]) == (318.4, 310)
    assert (received.text[0], closed.text[0]) == ("318", "310")
    assert {received.textposition, closed.textposition} == {"outside"}
    assert {received.constraintext, closed.constraintext} == {"none"}
    assert not received.cliponaxis
    assert received.x[0] * 1.15 < figure.layout.xaxis.range[1]
    assert row.width * 0.6 > received.width


def test_the_whole_row_is_clicked_and_told(look: Any) -> None:
    seen = look()
    frame = procedure_frame(seen.jurisdiction)
    figure = bars.draw(frame, seen)
    rows = [trace for trace in figure.data if trace.customdata]
    assert [row.customdata[0][0] for row in rows] == list(frame["category"])
    assert all(trace.hoverinfo == "skip" for trace in figure.data if not trace.customdata)
    assert "88.0\u00a0% on time" in rows[0].hovertext[0]
    assert "n = 1,200" in rows[0].hovertext[0]


def test_what_is_kept_apart_has_its_own_scale(look: Any) -> None:
    seen = look("en", "vn")
    frame = procedure_frame(seen.jurisdiction)
    frame.loc[frame["category"] == "job_search_notice", ["opened", "closed"]] = 29_300.0
    figure = bars.draw(frame, seen)
    axes = {trace.customdata[0][0]: trace.xaxis for trace in figure.data if trace.customdata}
    assert {key for key, axis in axes.items() if axis == "x2"} == {"job_search_notice"}
    assert figure.layout.xaxis.range[1] < 400
    assert figure.layout.xaxis2.range[1] > 29_300
    assert any("own scale" in note.text for note in figure.layout.annotations)


def test_only_what_is_kept_apart(look: Any) -> None:
    seen = look("en", "vn")
    frame = procedure_frame(seen.jurisdiction)
    figure = bars.draw(frame[frame["category"] == "job_search_notice"], seen)
    assert not any("own scale" in note.text for note in figure.layout.annotations)


def test_no_limit_is_said_and_not_judged(look: Any) -> None:
    seen = look()
    frame = procedure_frame(seen.jurisdiction, 2)
    frame.loc[1, "on_time"] = None
    notes = [note.text for note in bars.draw(frame, seen).layout.annotations]
    assert "88\u00a0% on time" in notes
    assert "no time limit" in notes


@pytest.mark.parametrize(("target", "said"), [(0.9, True), (0.88, False), (None, False)])
def test_a_missed_target_has_a_sign_and_words_beside_its_colour(look: Any, target: float | None, said: bool) -> None:
    seen = look()
    frame = procedure_frame(seen.jurisdiction, 1)
    frame.attrs["targets"] = {} if target is None else {"on_time_rate": target}
    notes = bars.draw(frame, seen).layout.annotations
    below = [note for note in notes if "below target" in note.text]
    assert bool(below) is said
    assert all(note.text.startswith("▼") and note.font.color == seen.colours.attention for note in below)


@pytest.mark.parametrize("shape", ["bars", "ranked"])
def test_persian_bars_grow_from_the_right(look: Any, shape: str) -> None:
    seen = look("fa")
    figure = (
        bars.draw(procedure_frame(seen.jurisdiction), seen)
        if shape == "bars"
        else ranked.draw(province_frame(seen.jurisdiction), seen)
    )
    low, high = figure.layout.xaxis.range
    assert low > high == 0


def test_long_names_stand_in_full(look: Any) -> None:
    for country, language in (("vn", "vi"), ("ir", "fa")):
        seen = look(language, country)
        notes = {
            plain(note.text).replace("<br>", " ")
            for note in bars.draw(procedure_frame(seen.jurisdiction), seen).layout.annotations
        }
        assert {procedure.names[language] for procedure in seen.jurisdiction.procedures} <= notes


def test_the_figure_is_as_tall_as_its_rows(look: Any) -> None:
    seen = look("vi", "vn")
    one, all_ = (bars.draw(procedure_frame(seen.jurisdiction, n), seen).layout.height for n in (1, None))
    assert all_ - one > 54 * 4


def test_ranked_puts_the_greatest_on_top_and_the_unknown_last(look: Any) -> None:
    seen = look()
    frame = province_frame(seen.jurisdiction)
    frame.loc[5, "registered_per_100k"] = None
    figure = ranked.draw(frame, seen)
    (trace,) = figure.data
    keys = [data[0] for data in trace.customdata]
    assert keys[0] == frame["province"].iloc[-1]
    assert keys[-1] == frame["province"][5]
    assert trace.text[-1] == "No data"
    assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1]
    assert figure.layout.hovermode == "y"


def test_ranked_fits_the_room_there_is_and_says_what_is_left(look: Any) -> None:
    seen = look("en", "ir")
    frame = province_frame(seen.jurisdiction)
    frame.attrs["room"] = 330
    figure = ranked.draw(frame, seen)
    shown = len(figure.data[0].x)
    assert figure.layout.height <= 330
    assert shown == 12
    assert [note.text for note in figure.layout.annotations] == [f"and {len(frame) - shown} more, in the table"]
    assert max(frame["registered_per_100k"]) == figure.data[0].x[0]
    frame.attrs["room"] = 10_000
    assert len(ranked.draw(frame, seen).data[0].x) == len(frame)
    assert not ranked.draw(frame, seen).layout.annotations


@pytest.mark.parametrize(
    ("values", "digits"), [([3, 4], 0), ([130.4, 99.0], 0), ([13.4, 2.0], 1), ([0.14, 0.31, None], 2), ([], 0)]
)
def test_decimals_tell_small_numbers_apart(values: list[float | None], digits: int) -> None:
    assert digits_of(MEASURES["registered_per_100k"], values) == digits
