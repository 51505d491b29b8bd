"""Figures as plotly draws them fastest: nothing is lost, and what looked the same is drawn as one."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import plotly.graph_objects as go
import pytest

from dashboard.figures import spare
from tests.dashboard.figures.test_shapes import CASES

HEIGHT = 400


def lean(figure: go.Figure) -> dict[str, Any]:
    figure.layout.height = figure.layout.height or HEIGHT
    found: dict[str, Any] = json.loads(spare.written(figure))
    return found


def each(trace: dict[str, Any], name: str) -> list[Any]:
    """A value of a trace for each of its points, or of the whole trace for all of them."""
    value, points = trace.get(name), len(trace["y"])
    return value if isinstance(value, list) and len(value) == points else [value] * points


def marks(traces: list[dict[str, Any]]) -> Counter[str]:
    """Every point that is drawn, with where it is, what it is like, what it says and what it asks for."""
    found: Counter[str] = Counter()
    for trace in traces:
        if trace.get("mode") == "text" or trace["type"] == "heatmap":
            continue
        colour = each({**trace.get("marker", {}), "y": trace["y"]}, "color")
        names = ("x", "y", "base", "width", "text", "hovertext", "customdata", "hoverinfo", "xaxis")
        for point in zip(colour, *(each(trace, name) for name in names), strict=True):
            if point[2] is not None:  # a gap between two lines
                found[json.dumps(point)] += 1
    return found


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("name", CASES)
def test_every_mark_and_every_word_is_still_there(look: Any, name: str, language: str) -> None:
    draw, frame = CASES[name]
    figure = draw(frame(look(language)), look(language))
    drawn = lean(figure)
    before = json.loads(str(figure.to_json()))
    assert marks(drawn["data"]) == marks(before["data"])
    texts = [word for trace in drawn["data"] if trace.get("mode") == "text" for word in trace["text"]]
    words = [note["text"] for note in drawn["layout"]["annotations"]] + [word.strip("\u2002\u2005") for word in texts]
    own = [word for trace in before["data"] if trace.get("mode") == "text" for word in trace["text"]]
    assert Counter(words) == Counter([note["text"] for note in before["layout"].get("annotations", [])] + own)


@pytest.mark.parametrize(("name", "traces"), [("stacked", 3), ("steps", 3), ("all procedures", 3), ("multiples", 3)])
def test_rows_of_a_kind_are_one_trace_and_their_words_another(look: Any, name: str, traces: int) -> None:
    draw, frame = CASES[name]
    drawn = lean(draw(frame(look()), look()))
    assert len(drawn["data"]) == traces
    assert len(drawn["layout"]["annotations"]) <= 1  # the legend, which stands above the plot


@pytest.mark.parametrize("barmode", ["stack", "group"])
def test_bars_beside_or_on_one_another_stay_apart(barmode: str) -> None:
    figure = go.Figure([go.Bar(x=[1], y=[place], hoverinfo="skip") for place in range(3)], {"barmode": barmode})
    assert len(lean(figure)["data"]) == 3
    figure.layout.barmode = "overlay"
    assert len(lean(figure)["data"]) == 1


def words(**more: Any) -> go.Figure:
    note = {"text": "words", "xref": "paper", "yref": "y", "x": 1, "y": 20, "xanchor": "right", "yanchor": "bottom"}
    axes = {"xaxis": {"range": [5, 0]}, "yaxis": {"range": [100, 0]}}
    layout = {"height": 120, "margin": {"t": 10, "b": 10}, "font": {"size": 12, "color": "#111"}, **axes}
    return go.Figure(layout={**layout, "annotations": [{**note, "showarrow": False, **more}]})


def test_words_stand_where_the_annotation_stood() -> None:
    text = lean(words(yshift=8))["data"][0]
    assert (text["x"], text["y"], text["textposition"]) == ([0], [12], ["top left"])
    behind = lean(words(xref="x", x=3, xanchor="left", xshift=7))["data"][0]
    assert behind["x"] == [3]
    assert behind["text"] == ["\u2002\u2005words"]


@pytest.mark.parametrize(
    "more", [{"bgcolor": "#fff"}, {"y": 101}, {"xshift": 40}, {"textangle": 90}, {"yref": "y2"}, {"showarrow": True}]
)
def test_more_than_words_stays_an_annotation(more: dict[str, Any]) -> None:
    drawn = lean(words(**more))
    assert len(drawn["layout"]["annotations"]) == 1
    assert not drawn["data"]
