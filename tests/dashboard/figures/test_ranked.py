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


def test_names_may_be_texts(look: Any) -> None:
    frame = pd.DataFrame({"office": ["none"], "province": ["IR-23"], "registered": [3]})
    frame.attrs |= {"key": "office", "codes": "offices", "labels": "registrations.place"}
    figure = ranked.draw(frame, look())
    assert plain(figure.layout.yaxis.ticktext[0]) == "No office named"
