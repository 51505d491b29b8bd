"""What a click on a mark asks for: carried by the mark for the page's script, and said in its hover label.

``frame.attrs["picks"]`` (`dashboard.picks`) holds it by column and value; without it nothing can be clicked. The
``customdata`` of a mark are the keys of the frame's row that it stands for, and after them, where a click asks for
anything, the filters and their values: ``["IR-07", {"province": "IR-07"}]``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.figures.look import Look
from dashboard.picks import key_of


@dataclass(frozen=True)
class Clicks:
    """The clicks of one frame. ``held`` are the filters in force: a click on what they ask for lifts them."""

    picks: Mapping[str, Mapping[str, Mapping[str, str]]]
    held: Mapping[str, tuple[str, ...]]
    look: Look

    def data(self, *keys: Any, **columns: Any) -> list[Any]:
        """The ``customdata`` of a mark: ``keys``, and what a click on the row with those values of columns asks for."""
        asked = self._asked(columns)
        return [*keys, asked] if asked else [*keys]

    def said(self, **columns: Any) -> list[str]:
        """A line of a hover label that says what a click does, if it does anything."""
        asked = self._asked(columns)
        if not asked:
            return []
        if all(value in self.held.get(name, ()) for name, value in asked.items()):
            return [self.look.text("figure.click.lift")]
        what = "cases" if "gap" in asked else "period" if set(asked) <= {"period", "step"} else "filter"
        return [self.look.text(f"figure.click.{what}")]

    def _asked(self, columns: Mapping[str, Any]) -> dict[str, str]:
        asked: dict[str, str] = {}
        for name, value in columns.items():
            asked |= self.picks.get(name, {}).get(key_of(value), {})
        return asked


def clicks(frame: pd.DataFrame, look: Look) -> Clicks:
    """The clicks of a frame."""
    return Clicks(frame.attrs.get("picks", {}), frame.attrs.get("held", {}), look)
