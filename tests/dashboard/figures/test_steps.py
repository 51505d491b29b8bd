from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.figures import steps
from dashboard.text.bidi import plain


def frame() -> pd.DataFrame:
    made = pd.DataFrame(
        {
            "step": ["opened", "decided", "paid"],
            "n": [1000, 1010, 700],
            "share": [1.0, 1.01, 0.7],
            "lost": [None, -10, 310],
            "median": [None, 0, 23],
        }
    )
    made.attrs["labels"] = "eligibility.step"
    return made


def test_behind_a_step_stands_what_passed_the_one_before(look: Any) -> None:
    figure = steps.draw(frame(), look())
    drawn = [bar.x[0] for bar in figure.data if bar.hoverinfo == "skip"]
    assert drawn == [1000, 1000, 1010, 1010, 1010, 700]
    assert min(figure.layout.xaxis.range) == 0


def test_numbers_share_and_days_are_written(look: Any) -> None:
    figure = steps.draw(frame(), look())
    written = [plain(note.text) for note in figure.layout.annotations]
    assert "Registered" in written
    assert plain(figure.layout.annotations[1].text) == "Registered"
    assert any("700" in words and "70" in words for words in written)
    assert sum("half within" in words for words in written) == 2
    hover = [plain(line) for line in figure.data[-3].hovertext[0].split("<br>")]
    assert "Fewer than at the step before: 310" in hover


def test_persian_runs_from_the_right(look: Any) -> None:
    layout = steps.draw(frame(), look("fa")).layout
    assert layout.xaxis.range[1] == 0
    assert layout.annotations[1].xanchor == "right"


def test_no_steps_no_bars(look: Any) -> None:
    assert not steps.draw(frame().iloc[:0], look()).data
