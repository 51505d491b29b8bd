"""A panel's frame on its way to its figure: which measure is drawn, beside what, up to what."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from dashboard.filters import Filters
    from dashboard.panel import Panel


def told(panel: Panel, frame: pd.DataFrame) -> tuple[str, ...]:
    """The panel's measures without those that have no value anywhere (numbers per head where nobody was counted)."""
    known = tuple(key for key in panel.measures if key not in frame or frame[key].notna().any())
    return known or panel.measures


def prepared(panel: Panel, frame: pd.DataFrame, filters: Filters) -> pd.DataFrame:
    """The frame as a figure reads it: ``attrs`` say the measure, the provinces chosen, the target, what is compared."""
    measure = told(panel, frame)[0]
    shown = frame.copy(deep=False)  # the answer itself is shared by everyone who asked
    shown.attrs = {**frame.attrs, "measure": measure, "chosen": list(filters.provinces)}
    if (target := frame.attrs.get("targets", {}).get(measure)) is not None:
        shown.attrs["target"] = target
    if filters.compared is not None:
        shown.attrs["compare"] = filters.compare
    return shown
