"""Reading a figure's frame: which measures it holds, as numbers and in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from dashboard.figures import base
from dashboard.figures.look import Look
from dashboard.measures import MEASURES, Measure


def number(value: Any) -> float | None:
    """A cell as a number; ``None`` for every kind of null."""
    return None if pd.isna(value) else float(value)


def numbers(frame: pd.DataFrame, column: str) -> list[float | None]:
    """A column as numbers; nothing but ``None`` when the frame has no such column."""
    if column not in frame:
        return [None] * len(frame)
    return [number(value) for value in frame[column].tolist()]


def measure_of(frame: pd.DataFrame, wanted: str = "") -> Measure:
    """The measure a figure is about: ``wanted``, ``frame.attrs["measure"]``, or the first column that is one."""
    named = wanted or frame.attrs.get("measure") or next((str(name) for name in frame.columns if name in MEASURES), "")
    return MEASURES[str(named)]


def digits_of(measure: Measure, values: Iterable[float | None]) -> int:
    """Decimals that tell the values of a measure apart: one for shares, two for scores, one or two for small counts
    that are not whole.
    """
    if measure.format == "score":
        return 2
    if measure.format != "count":
        return 1 if measure.format in ("share", "change", "points") else 0
    known = [value for value in values if value is not None]
    if not any(value % 1 for value in known) or max(known) >= 100:
        return 0
    return 1 if max(known) >= 2 else 2


def nothing(frame: pd.DataFrame, look: Look) -> str:
    """What is said where there is no value: that there are no data, or of published figures that it is withheld."""
    return look.text("figure.withheld" if any(frame.attrs.get("withheld", {}).values()) else "figure.no_data")


def described(frame: pd.DataFrame, key: str, look: Look) -> Mapping[str, tuple[str, ...]]:
    """Key of a row → its measures in words, one a line: "Registered: 1,284"."""
    lines: dict[str, list[str]] = {str(value): [] for value in frame[key]}
    for name in frame.columns:
        if name not in MEASURES:
            continue
        measure = MEASURES[str(name)]
        values = numbers(frame, str(name))
        digits = digits_of(measure, values)
        label = look.text(f"measure.{measure.key}.label")
        for row, value in zip(lines.values(), values, strict=True):
            known = nothing(frame, look) if value is None else look.text.written(value, measure.format, digits)
            row.append(base.line(look, label, known))
    return {code: tuple(row) for code, row in lines.items()}
