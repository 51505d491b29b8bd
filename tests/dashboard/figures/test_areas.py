from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard.figures import areas
from dashboard.figures.classes import class_limits, class_of
from dashboard.figures.look import Look
from dashboard.text import LANGUAGES
from dashboard.text.bidi import plain
from tests.dashboard.figures.drawings import province_frame


def provinces(figure: go.Figure) -> dict[str, Any]:
    return {trace.customdata[0]: trace for trace in figure.data if trace.fill == "toself"}


@pytest.mark.parametrize("country", ["ir", "vn"])
def test_every_province_is_a_thing_to_click(look: Any, country: str) -> None:
    seen = look("en", country)
    found = provinces(areas.draw(province_frame(seen.jurisdiction), seen))
    assert set(found) == {province.code for province in seen.jurisdiction.provinces}
    for code, trace in found.items():
        assert trace.hoveron == "fills"
        assert trace.hoverinfo == "text"
        assert list(trace.customdata) == [code]


def test_pointing_tells_the_name_and_all_measures(look: Any) -> None:
    seen = look("fa")
    told = plain(provinces(areas.draw(province_frame(seen.jurisdiction), seen))["IR-07"].text)
    assert told.split("<br>") == [
        "<b>فارس</b>",
        "ثبت‌نام: ۱۰۷",
        "ثبت‌نام در هر ۱۰۰ هزار نفر: ۵۹",
        "نرخ مشمولیت: ۸۳٫۸٪",
    ]


def test_more_is_darker(look: Any) -> None:
    seen = look()
    frame = province_frame(seen.jurisdiction)
    found = provinces(areas.draw(frame, seen))
    order = [seen.colours.sequential.index(found[code].fillcolor) for code in frame["province"]]
    assert order == sorted(order)
    assert set(order) == {0, 1, 2, 3, 4}


def test_the_panel_chooses_the_measure(look: Any) -> None:
    seen = look()
    frame = province_frame(seen.jurisdiction)
    notes = [note.text for note in areas.draw(frame, seen, measure="eligibility_rate").layout.annotations]
    assert "Eligibility rate" in notes
    assert "Registered per 100,000 inhabitants" not in notes


def test_no_data_is_hatched_and_out_of_view_is_not(look: Any) -> None:
    seen = look()
    frame = province_frame(seen.jurisdiction, 8)
    frame.loc[3, "registered_per_100k"] = None
    figure = areas.draw(frame, seen)
    found = provinces(figure)
    hatched = {code for code, trace in found.items() if trace.fillpattern.shape}
    assert hatched == {frame["province"][3]}
    assert "Registered per 100,000 inhabitants: No data" in found[frame["province"][3]].text
    assert "Not in view" in found[seen.jurisdiction.provinces[-1].code].text
    legend = " ".join(note.text for note in figure.layout.annotations)
    assert "No data" in legend
    assert "Not in view" in legend


def test_chosen_provinces_are_outlined_above_all_others(look: Any) -> None:
    seen = look()
    frame = province_frame(seen.jurisdiction)
    frame.attrs["chosen"] = ("IR-07",)
    found = provinces(areas.draw(frame, seen))
    assert list(found)[-1] == "IR-07"
    assert found["IR-07"].line.width > 2
    assert found["IR-06"].line.width < 1


@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_scale_stands_beside_its_numbers_from_the_start_side(look: Any, language: str) -> None:
    seen = look(language)
    layout = areas.draw(province_frame(seen.jurisdiction), seen).layout
    cells = sorted(layout.shapes, key=lambda shape: abs(shape.x0))
    assert [cell.fillcolor for cell in cells] == list(seen.colours.sequential)
    assert {cell.xanchor for cell in cells} == {1 if language == "fa" else 0}
    assert all((cell.x1 < 0) is (language == "fa") for cell in cells)
    limits = [plain(note.text) for note in layout.annotations if note.text and note.font.size == 11.5]
    assert limits[1:7] == (
        ["۱۰", "۶۰", "۱۰۰", "۱۴۰", "۱۸۰", "۲۲۰"] if language == "fa" else ["10", "60", "100", "140", "180", "220"]
    )


@pytest.mark.parametrize("country", ["ir", "vn"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sources_of_boundaries_and_inhabitants_are_named(look: Any, language: str, country: str) -> None:
    seen = look(language, country)

    def notes(frame: pd.DataFrame) -> str:
        lines = [note.text.replace("<br>", " ") for note in areas.draw(frame, seen).layout.annotations]
        return " | ".join(map(plain, lines))

    frame = province_frame(seen.jurisdiction)
    inhabitants = seen.jurisdiction.population_notice[language]
    assert seen.jurisdiction.boundary_notice in notes(frame)
    assert inhabitants in notes(frame)
    counted = frame.drop(columns="registered_per_100k")
    counted.attrs["measure"] = "registered"
    assert inhabitants not in notes(counted), "nothing is divided by inhabitants"


@pytest.mark.parametrize("country", ["ir", "vn"])
def test_islands_are_marked_named_and_clicked_as_their_province(look: Any, country: str) -> None:
    seen = look("en", country)
    figure = areas.draw(province_frame(seen.jurisdiction), seen)
    (markers,) = [trace for trace in figure.data if trace.mode == "markers"]
    islands = seen.jurisdiction.islands
    assert sorted(data[0] for data in markers.customdata) == sorted(island.province for island in islands)
    words = " ".join(note.text.replace("<br>", " ") for note in figure.layout.annotations)
    assert all(island.names["en"] in words for island in islands)
    x, y = figure.layout.xaxis.range, figure.layout.yaxis.range
    assert all(x[0] < place < x[1] for place in markers.x)
    assert all(y[0] < place < y[1] for place in markers.y)


def test_the_country_keeps_its_shape_in_both_directions(look: Any) -> None:
    there, back = (
        areas.draw(province_frame(look(language).jurisdiction), look(language)).layout.xaxis.range
        for language in ("en", "fa")
    )
    assert there == back
    assert there[0] < there[1]


def test_without_boundaries_the_provinces_are_ranked(look: Any) -> None:
    seen = look()
    bare = Look(seen.text, "light", replace(seen.jurisdiction, boundaries={}))
    figure = areas.draw(province_frame(bare.jurisdiction), bare)
    assert {trace.type for trace in figure.data} == {"bar"}
    assert list(figure.data[0].x) == sorted(figure.data[0].x, reverse=True)


def test_one_value_is_one_class(look: Any) -> None:
    seen = look()
    layout = areas.draw(province_frame(seen.jurisdiction, 1), seen).layout
    assert len(layout.shapes) == 1
    assert [note.text for note in layout.annotations].count("10") == 1


def test_all_values_missing_leave_only_words(look: Any) -> None:
    seen = look()
    frame = province_frame(seen.jurisdiction)
    frame["registered_per_100k"] = float("nan")
    figure = areas.draw(frame, seen)
    assert len(figure.layout.shapes) == 0
    assert any("No data" in note.text for note in figure.layout.annotations)


def test_class_limits_are_round_and_leave_no_end_empty() -> None:
    assert class_limits([12, 41, 78, 119, 163, 240]) == [40, 80, 120, 160]
    assert class_limits([5, 5, 5]) == []
    assert class_limits([]) == []
    limits = class_limits([0.71, 0.78, 0.83, 0.86, 0.91])
    assert {class_of(0.71, limits), class_of(0.91, limits)} == {0, len(limits)}
    assert class_of(40, [40, 80]) == 1
