from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from dashboard.figures import ranked
from dashboard.text.bidi import plain
from tests.dashboard.figures.drawings import province_frame


@pytest.mark.parametrize(("name", "said"), [("mean", "Mean 12"), ("target", "Target 12")])
def test_what_is_held_against_is_a_line_with_its_words(look: Any, name: str, said: str) -> None:
    frame = province_frame(look().jurisdiction, 3)
    plain_one = ranked.draw(frame, look())
    frame.attrs[name] = 12.0
    figure = ranked.draw(frame, look())
    assert [(line.x0, line.x1) for line in figure.layout.shapes] == [(12.0, 12.0)]
    assert said in [plain(note.text) for note in figure.layout.annotations]
    assert not plain_one.layout.shapes
    assert figure.layout.height > plain_one.layout.height


def test_the_scale_reaches_to_what_is_held_against(look: Any) -> None:
    frame = province_frame(look().jurisdiction, 3)
    frame.attrs["mean"] = 400.0
    assert ranked.draw(frame, look()).layout.xaxis.range[1] > 400


def test_no_number_is_crossed_by_what_is_held_against(look: Any) -> None:
    """With a line, every number is a label with a ground of its own, and the line lies beneath the labels."""
    frame = province_frame(look().jurisdiction, 6)
    frame.attrs["room"] = 112  # for three of them, and a line for the rest
    written = [plain(words) for words in ranked.draw(frame, look()).data[0].text]
    frame.attrs["mean"] = 12.0
    for language, side in (("en", "left"), ("fa", "right")):
        figure = ranked.draw(frame, look(language))
        numbers = figure.layout.annotations[:3]
        assert figure.data[0].text is None
        assert {note.bgcolor for note in figure.layout.annotations} == {look().colours.surface}
        assert [(note.y, note.xanchor) for note in numbers] == [(place, side) for place in range(3)]
        assert [note.x for note in numbers] == list(figure.data[0].x)
        if language == "en":
            assert [plain(note.text) for note in numbers] == written


def test_no_line_reaches_the_words_about_the_rest(look: Any) -> None:
    frame = province_frame(look().jurisdiction, 9)
    frame.attrs |= {"room": 184, "target": 12.0, "mean": 14.0}
    figure = ranked.draw(frame, look())
    rest = figure.layout.annotations[-1]
    assert plain(rest.text).endswith("more, in the table")
    assert max(line.y1 for line in figure.layout.shapes) < rest.y
    assert max(note.y for note in figure.layout.annotations) == rest.y < figure.layout.yaxis.range[0]


def test_target_and_mean_look_different_and_their_words_stand_within_the_figure(look: Any) -> None:
    frame = province_frame(look().jurisdiction, 3)
    most = ranked.draw(frame, look()).layout.xaxis.range[1]
    frame.attrs |= {"target": most * 0.99, "mean": most * 0.01}
    figure = ranked.draw(frame, look())
    assert len({line.line.dash for line in figure.layout.shapes}) == 2
    target, mean = figure.layout.annotations[-2:]
    assert (target.xanchor, mean.xanchor) == ("right", "left")
    assert target.y != mean.y


def test_names_may_be_texts(look: Any) -> None:
    frame = pd.DataFrame({"office": ["none"], "province": ["IR-23"], "registered": [3]})
    frame.attrs |= {"key": "office", "codes": "offices", "labels": "registrations.place"}
    figure = ranked.draw(frame, look())
    assert plain(figure.layout.yaxis.ticktext[0]) == "No office named"
