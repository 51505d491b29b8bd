"""Frames to draw, and what is read out of a figure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.jurisdictions import Jurisdiction
from dashboard.text.bidi import END, LEFT_TO_RIGHT, RIGHT_TO_LEFT

LAST = date(2026, 11, 22)
WORDS = ("text", "hovertext", "ticktext", "name", "title", "texttemplate", "hovertemplate")


def trend_frame(count: int, step: str = "day", compare: str = "year") -> pd.DataFrame:
    days = {"day": 1, "week": 7, "month": 30}
    bins: list[Any] = (
        list(range(count))
        if step == "hour"
        else [LAST - timedelta(days=days[step] * back) for back in range(count)][::-1]
    )
    frame = pd.DataFrame({"bin": bins, "n": [1000 + 7 * place for place in range(count)]})
    frame["mean"] = 1000.5 if step == "day" else float("nan")
    frame["compared"] = frame["n"] * 0.9
    frame["provisional"] = [place == count - 1 for place in range(count)]
    frame.attrs |= {"step": step, "measure": "registered", "compare": compare}
    return frame


def province_frame(jurisdiction: Jurisdiction, count: int | None = None) -> pd.DataFrame:
    codes = [province.code for province in jurisdiction.provinces][:count]
    frame = pd.DataFrame({"province": codes, "registered": range(100, 100 + len(codes))})
    frame["registered_per_100k"] = [10.0 + 7 * place for place in range(len(codes))]
    frame["eligibility_rate"] = 0.838
    frame.attrs["measure"] = "registered_per_100k"
    return frame


def procedure_frame(jurisdiction: Jurisdiction, count: int | None = None) -> pd.DataFrame:
    keys = [procedure.key for procedure in jurisdiction.procedures][:count]
    frame = pd.DataFrame({"category": keys, "opened": 318.4, "closed": 310.0, "on_time": 0.88, "n_limit": 1200})
    frame.attrs["codes"] = "procedures.category"
    return frame


def heat_frame(jurisdiction: Jurisdiction) -> pd.DataFrame:
    types = [code.key for code in jurisdiction.codes["claim_types"]]
    cells = [(p.code, key, place % 40) for place, p in enumerate(jurisdiction.provinces) for key in types]
    frame = pd.DataFrame(cells, columns=["row", "column", "value"])
    frame.attrs |= {"rows": "provinces", "columns": "claim_types", "measure": "opened"}
    return frame


def span_frame(jurisdiction: Jurisdiction) -> pd.DataFrame:
    keys = [code.key for code in jurisdiction.codes["disputes.outcome"]]
    frame = pd.DataFrame({"key": keys, "median": 12.0, "p90": 40.0, "n": 1200, "limit": 30})
    frame.attrs["codes"] = "disputes.outcome"
    return frame


def stacked_frame(jurisdiction: Jurisdiction) -> pd.DataFrame:
    keys = [code.key for code in jurisdiction.codes["disputes.category"]]
    parts = [code.key for code in jurisdiction.codes["channels"]]
    frame = pd.DataFrame([(key, part, 1200) for key in keys for part in parts], columns=["key", "part", "n"])
    frame.attrs |= {"codes": "disputes.category", "part_codes": "channels"}
    return frame


def lines_frame(count: int, series: int = 3, step: str = "day") -> pd.DataFrame:
    days = [row["bin"] for _, row in trend_frame(count, step).iterrows()]
    rows = [(day, key, 100 + place) for place, day in enumerate(days) for key in "abcdefgh"[:series]]
    frame = pd.DataFrame(rows, columns=["bin", "series", "value"])
    frame.attrs |= {"step": step, "measure": "registered"}
    return frame


def multiples_frame(jurisdiction: Jurisdiction) -> pd.DataFrame:
    keys = [code.key for code in jurisdiction.codes["service_requests.category"]]
    days = [LAST - timedelta(days=back) for back in range(12)][::-1]
    cells = [(key, day, 20 + place, day == LAST) for key in keys for place, day in enumerate(days)]
    frame = pd.DataFrame(cells, columns=["key", "bin", "value", "provisional"])
    frame.attrs |= {"codes": "service_requests.category", "step": "day", "measure": "opened"}
    return frame


def step_frame() -> pd.DataFrame:
    steps = ["opened", "matched", "decided", "eligible", "referred", "established", "account", "paid"]
    frame = pd.DataFrame({"step": steps, "n": range(800, 0, -100), "share": 0.5, "lost": 100, "median": 12.0})
    frame.attrs["labels"] = "eligibility.step"
    return frame


def amount_frame(count: int) -> pd.DataFrame:
    frame = trend_frame(count, "month")[["bin", "provisional"]]
    return frame.assign(granted=4.2e12, paid=1.1e12)


def texts(figure: go.Figure) -> Iterator[str]:
    """Every text plotly draws, line by line, without the tags around a line."""

    def walk(node: Any, key: str) -> Iterator[str]:
        if isinstance(node, dict):
            for name, value in node.items():
                yield from walk(value, name)
        elif isinstance(node, list | tuple):
            for value in node:
                yield from walk(value, key)
        elif isinstance(node, str) and key in WORDS:
            yield from (re.sub(r"^(<b>)|(</b>)$", "", line) for line in node.split("<br>"))

    yield from (content for content in walk(figure.to_plotly_json(), "") if content)


def isolated(line: str) -> bool:
    return line[0] in (LEFT_TO_RIGHT, RIGHT_TO_LEFT) and line[-1] == END
