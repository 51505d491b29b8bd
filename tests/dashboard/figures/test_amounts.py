from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from dashboard.figures import amounts
from dashboard.text.bidi import plain


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "bin": [date(2026, 9, 23), date(2026, 10, 23)],
            "granted": [3_000_000_000, 1_500_000_000],
            "paid": [1_500_000_000, 0],
            "provisional": [False, True],
        }
    )


def test_what_is_paid_stands_within_what_was_granted(look: Any) -> None:
    whole, part = amounts.draw(frame(), look()).data
    assert (list(whole.y), list(part.y)) == ([3e9, 1.5e9], [1.5e9, 0])
    assert part.width < whole.width
    assert list(whole.marker.pattern.shape) == ["", "/"]


@pytest.mark.parametrize(("country", "currency"), [("ir", "IRR"), ("vn", "₫")])
def test_amounts_are_told_in_words_with_the_currency(look: Any, country: str, currency: str) -> None:
    figure = amounts.draw(frame(), look("en", country))
    lines = [plain(line) for line in figure.data[0].hovertext[0].split("<br>")]
    assert f"Granted: 3 billion\u00a0{currency}" in lines
    assert "Paid share: 50.0\u00a0%" in lines
    assert f"Granted ({currency})" in plain(figure.layout.annotations[0].text)
    assert plain(figure.layout.yaxis.ticktext[-1]).endswith("billion")


def test_no_months_no_bars(look: Any) -> None:
    assert not amounts.draw(frame().iloc[:0], look()).data
