"""Days on which the country does not work, as quiet bands behind a time axis."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from dashboard.figures.look import Look

_MOST: Final = 130
"""Of more days than that, bands are but noise."""


def names_of(bins: Sequence[date | int], step: str, look: Look) -> dict[int, str]:
    """Index → what day off it is, for the bins that are days on which the country does not work."""
    if step != "day" or len(bins) > _MOST:
        return {}
    workdays = look.jurisdiction.workdays
    return {
        index: workdays.holiday_name(day, look.text.language) or look.text("figure.trend.day_off")
        for index, day in enumerate(bins)
        if isinstance(day, date) and not workdays.is_working(day)
    }


def bands(places: Iterable[int], look: Look) -> list[dict[str, object]]:
    """A shape behind every run of days off, of which ``places`` are the indices."""
    runs: list[list[int]] = []
    for place in sorted(places):
        if runs and place == runs[-1][1] + 1:
            runs[-1][1] = place
        else:
            runs.append([place, place])
    return [
        {
            "type": "rect",
            "xref": "x",
            "yref": "paper",
            "x0": first - 0.5,
            "x1": last + 0.5,
            "y0": 0,
            "y1": 1,
            "fillcolor": look.colours.band,
            "line": {"width": 0},
            "layer": "below",
        }
        for first, last in runs
    ]
