"""Which figures have a form that office programs can edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.figures import amounts, bars, beside, control, lines, multiples, ranked, spans, stacked, steps, trend
from dashboard.figures.chart import Chart, Charts

if TYPE_CHECKING:
    import pandas as pd

    from dashboard.figures.look import Look
    from dashboard.panel import Figure

_CHARTS: dict[Figure, Charts] = {
    shape.draw: shape.charts
    for shape in (amounts, bars, beside, control, lines, multiples, ranked, spans, stacked, steps, trend)
}
"""A map and a heat table are not among them: they go into documents as pictures, with their table."""


def editable(figure: Figure | None) -> bool:
    """Whether office programs can edit what a figure draws."""
    return figure in _CHARTS


def charts(figure: Figure | None, frame: pd.DataFrame, look: Look) -> tuple[Chart, ...]:
    """The charts of a panel's figure; none where it has no editable form, or nothing to draw."""
    make = _CHARTS.get(figure) if figure is not None else None
    made = make(frame, look) if make is not None and not frame.empty else ()
    return tuple(chart for chart in made if any(value is not None for each in chart.series for value in each.values))
