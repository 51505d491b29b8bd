from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from dashboard.figures import stacked
from dashboard.text.bidi import plain


def frame(rows: int = 2) -> pd.DataFrame:
    keys = ["individual", "collective"][:rows]
    made = pd.DataFrame(
        [(key, part, n + place) for place, key in enumerate(keys) for part, n in (("office", 5), ("claimant", 2))],
        columns=["key", "part", "n"],
    )
    made.attrs |= {"codes": "disputes.category", "part_codes": "", "parts": ""}
    return made


def pieces(figure: Any) -> list[Any]:
    return [trace for trace in figure.data if trace.hoverinfo == "skip"]


def test_a_piece_begins_where_the_one_before_ends(look: Any) -> None:
    first, second = pieces(stacked.draw(frame(), look()))
    assert (list(first.base), list(first.x)) == ([0, 0], [5, 6])
    assert (list(second.base), list(second.x)) == ([5, 6], [2, 3])
    assert first.marker.color != second.marker.color


def test_a_bar_tells_its_total_and_its_parts(look: Any) -> None:
    figure = stacked.draw(frame(), look())
    written = [plain(note.text) for note in figure.layout.annotations]
    assert written[1:] == ["Individual dispute", "7", "Collective dispute", "9"]
    hover = [plain(line) for line in figure.data[0].hovertext[0].split("<br>")]
    assert hover[1:] == ["office: 5", "claimant: 2"]


def test_parts_stand_in_the_order_in_which_they_first_appear(look: Any) -> None:
    made = frame().iloc[[1, 0, 3, 2]]
    made.attrs = frame().attrs
    legend = plain(stacked.draw(made, look()).layout.annotations[0].text)
    assert legend.index("claimant") < legend.index("office")


def test_a_group_has_its_heading_once(look: Any) -> None:
    made = frame()
    made["key"] = "disputes:" + made["key"]
    made["group"], made["codes"] = "disputes", "disputes.category"
    made.attrs |= {"groups": "show", "codes": ""}
    figure = stacked.draw(made, look())
    written = [plain(note.text) for note in figure.layout.annotations]
    assert sum("Disputes" in words for words in written) == 1
    assert "Individual dispute" in written
    assert list(figure.data[0].customdata[0]) == ["disputes:individual"]


def test_what_does_not_fit_is_counted(look: Any) -> None:
    codes = [province.code for province in look().jurisdiction.provinces]
    made = pd.DataFrame({"key": codes, "part": "office", "n": 1})
    made.attrs |= {"codes": "provinces", "room": 330}
    figure = stacked.draw(made, look())
    shown = len(figure.data[0].y)
    assert figure.layout.height <= 330
    assert plain(figure.layout.annotations[-1].text) == f"and {len(codes) - shown} more, in the table"
    del made.attrs["room"]
    assert len(stacked.draw(made, look()).data[0].y) == len(codes)


@pytest.mark.parametrize("language", ["en", "fa"])
def test_bars_run_from_the_side_where_reading_starts(look: Any, language: str) -> None:
    reach = stacked.draw(frame(), look(language)).layout.xaxis.range
    assert reach[1 if language == "fa" else 0] == 0
