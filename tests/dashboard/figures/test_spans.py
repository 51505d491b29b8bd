from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.figures import spans
from dashboard.text.bidi import plain


def frame() -> pd.DataFrame:
    made = pd.DataFrame(
        {"key": ["settled", "joined"], "median": [6.0, 22.0], "p90": [14.0, None], "n": [3000, 4], "limit": [15, None]}
    )
    made.attrs["codes"] = "disputes.outcome"
    return made


def test_a_bar_ends_at_the_median_and_a_line_at_the_ninth_tenth(look: Any) -> None:
    figure = spans.draw(frame(), look())
    bars = [trace for trace in figure.data if trace.type == "bar" and trace.hoverinfo == "skip"]
    lines = [trace for trace in figure.data if trace.type == "scatter"]
    assert [list(bar.x) for bar in bars] == [[6.0], [22.0]]
    assert [list(line.x) for line in lines] == [[6.0, 14.0], [15.0, 15.0]]
    assert min(figure.layout.xaxis.range) == 0


def test_days_cases_and_limit_are_told_in_words(look: Any) -> None:
    figure = spans.draw(frame(), look())
    written = [plain(note.text) for note in figure.layout.annotations]
    assert "Settled (conciliated)" in written
    assert "6 · 14 days" in written
    assert "22 days" in written
    assert "n = 3,000" in written
    assert "Time limit" in written[0]
    hover = figure.data[0].hovertext[0]
    assert hover.endswith("<br>Time limit: 15 days<br>n = 3,000")


def test_no_limit_no_sign_of_one(look: Any) -> None:
    assert "Time limit" not in spans.draw(frame().drop(columns="limit"), look()).layout.annotations[0].text


def test_persian_runs_from_the_right(look: Any) -> None:
    layout = spans.draw(frame(), look("fa")).layout
    assert layout.xaxis.range[1] == 0
    assert layout.annotations[1].xanchor == "right"


def test_a_click_tells_the_stage(look: Any) -> None:
    keys = [trace.customdata[0][0] for trace in spans.draw(frame(), look()).data if trace.customdata]
    assert keys == ["settled", "joined"]
