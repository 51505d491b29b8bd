"""What holds for every shape: nothing, one row and much of it, in both directions, with nothing plotly would fetch."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

import dashboard.figures
from dashboard.figures import amounts, areas, bars, base, heat, lines, multiples, ranked, spans, stacked, steps, trend
from dashboard.figures.look import Look
from dashboard.text import LANGUAGES, text
from dashboard.text.bidi import is_rtl
from tests.dashboard.figures.drawings import (
    amount_frame,
    heat_frame,
    isolated,
    lines_frame,
    multiples_frame,
    procedure_frame,
    province_frame,
    span_frame,
    stacked_frame,
    step_frame,
    texts,
    trend_frame,
)

Shape = Callable[[pd.DataFrame, Look], go.Figure]
CASES: dict[str, tuple[Shape, Callable[[Look], pd.DataFrame]]] = {
    "trend of a day": (trend.draw, lambda _: trend_frame(1)),
    "trend of hours": (trend.draw, lambda _: trend_frame(24, "hour")),
    "trend of a quarter": (trend.draw, lambda _: trend_frame(92)),
    "trend of weeks": (trend.draw, lambda _: trend_frame(57, "week")),
    "trend of months": (trend.draw, lambda _: trend_frame(60, "month", "previous")),
    "one procedure": (bars.draw, lambda look: procedure_frame(look.jurisdiction, 1)),
    "all procedures": (bars.draw, lambda look: procedure_frame(look.jurisdiction)),
    "map of one": (areas.draw, lambda look: province_frame(look.jurisdiction, 1)),
    "map of all": (areas.draw, lambda look: province_frame(look.jurisdiction)),
    "one ranked": (ranked.draw, lambda look: province_frame(look.jurisdiction, 1)),
    "all ranked": (ranked.draw, lambda look: province_frame(look.jurisdiction)),
    "lines of a day": (lines.draw, lambda _: lines_frame(1)),
    "lines of hours": (lines.draw, lambda _: lines_frame(24, 2, "hour")),
    "lines of a quarter": (lines.draw, lambda _: lines_frame(92, 6)),
    "multiples": (multiples.draw, lambda look: multiples_frame(look.jurisdiction)),
    "heat": (heat.draw, lambda look: heat_frame(look.jurisdiction)),
    "spans": (spans.draw, lambda look: span_frame(look.jurisdiction)),
    "steps": (steps.draw, lambda _: step_frame()),
    "one month of money": (amounts.draw, lambda _: amount_frame(1)),
    "years of money": (amounts.draw, lambda _: amount_frame(37)),
    "stacked": (stacked.draw, lambda look: stacked_frame(look.jurisdiction)),
}
PLAIN_TRACES = {"scatter", "bar", "heatmap"}


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> tuple[Shape, Callable[[Look], pd.DataFrame]]:
    return CASES[request.param]


def drawn(case: Any, look: Look) -> go.Figure:
    draw, frame = case
    return draw(frame(look), look)


@pytest.mark.parametrize(
    "shape", [trend, bars, areas, ranked, heat, spans, stacked, multiples], ids=lambda shape: shape.__name__
)
def test_no_rows_give_an_empty_figure_in_the_same_style(shape: Any, look: Any) -> None:
    figure = shape.draw(pd.DataFrame(), look())
    assert len(figure.data) == 0
    assert not list(texts(figure))
    assert figure.layout.paper_bgcolor == base.TRANSPARENT
    assert figure.layout.xaxis.visible is False


@pytest.mark.parametrize("country", ["ir", "vn"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_are_whole_in_every_language(case: Any, look: Any, language: str, country: str) -> None:
    figure = drawn(case, look(language, country))
    assert figure.data
    assert {trace.type for trace in figure.data} <= PLAIN_TRACES
    assert not any(re.search(r"\b(nan|none)\b", line, re.IGNORECASE) for line in texts(figure))
    assert all(line.strip() for line in texts(figure))


@pytest.mark.parametrize("country", ["ir", "vn"])
def test_every_text_is_isolated_in_persian(case: Any, look: Any, country: str) -> None:
    assert [line for line in texts(drawn(case, look("fa", country))) if not isolated(line)] == []


def test_no_persian_text_stands_open_in_other_languages(case: Any, look: Any) -> None:
    assert [line for line in texts(drawn(case, look("en"))) if is_rtl(line) and not isolated(line)] == []


def test_persian_figures_hold_no_latin_digits(case: Any, look: Any) -> None:
    assert [line for line in texts(drawn(case, look("fa"))) if re.search("[0-9]", untagged(line))] == []


def test_figures_share_what_outlives_new_data(case: Any, look: Any) -> None:
    revisions = {drawn(case, look(language)).layout.uirevision for language in LANGUAGES}
    assert len(revisions) == 1
    assert None not in revisions


def test_a_finger_scrolls_the_page_and_not_the_figure(case: Any, look: Any) -> None:
    layout = drawn(case, look()).layout
    assert layout.dragmode is False
    axes = [layout[name] for name in layout if name.startswith(("xaxis", "yaxis"))]
    assert all(axis.fixedrange for axis in axes)


def test_the_look_changes_colours_and_nothing_else(case: Any, look: Any) -> None:
    light, dark = (drawn(case, look("en", "ir", theme)) for theme in ("light", "dark"))
    assert list(texts(light)) != []
    assert list(map(untagged, texts(light))) == list(map(untagged, texts(dark)))
    assert light.to_json() != dark.to_json()


def untagged(line: str) -> str:
    return re.sub(r"</?(span|b)[^>]*>", "", line)


def test_no_trace_of_another_kind_is_named_in_the_code() -> None:
    """The smaller plotly bundle draws cartesian traces only; geo traces would fetch a map, WebGL needs ``eval``."""
    for file in Path(dashboard.figures.__file__).parent.glob("*.py"):
        named = {
            node.attr
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "go"
        }
        assert named <= {"Figure", "Scatter", "Bar", "Heatmap", "layout"}, file


def test_names_cannot_write_tags(look: Any) -> None:
    assert base.words(look("en"), "<b>a & b</b>") == "&lt;b&gt;a &amp; b&lt;/b&gt;"


def test_long_names_are_parted_and_never_cut() -> None:
    name = "Monthly job-search notice (force-majeure cases)"
    assert " ".join(base.wrapped(name, 20)) == name
    assert max(map(len, base.wrapped(name, 20))) <= 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_legend_grows_by_lines(look: Any, language: str) -> None:
    entries = [base.Entry(base.BLOCK, "#000000", text(language)("measure.registered.label"))] * 12
    one, short = base.legend(look(language), entries[:1])
    many, tall = base.legend(look(language), entries)
    assert "<br>" not in one["text"]
    assert many["text"].count(base.BLOCK) == 12
    assert tall - short == 16 * many["text"].count("<br>")
    assert one["xanchor"] == ("right" if language == "fa" else "left")
