from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.figures import heat
from dashboard.text.bidi import plain


def frame(cells: list[tuple[str, str, float | None]]) -> pd.DataFrame:
    made = pd.DataFrame(cells, columns=["row", "column", "value"])
    made["n"] = 40
    made.attrs |= {"rows": "provinces", "columns": "claim_types", "measure": "on_time_rate"}
    return made


CELLS = [("IR-23", "wage_arrears", 0.48), ("IR-23", "bonus", 0.1), ("IR-03", "bonus", 0.3), ("IR-03", "overtime", None)]


def test_rows_and_columns_stand_in_the_order_of_their_lists(look: Any) -> None:
    figure = heat.draw(frame(CELLS), look())
    keys = [list(map(tuple, row)) for row in figure.data[0].customdata]
    provinces = [p.code for p in look().jurisdiction.provinces if p.code in ("IR-23", "IR-03")]
    types = [c.key for c in look().jurisdiction.codes["claim_types"]]
    types = [key for key in types if key in ("wage_arrears", "bonus", "overtime")]
    assert keys == [[(province, key) for key in types] for province in provinces]


def test_the_more_the_darker_and_nothing_stays_empty(look: Any) -> None:
    figure = heat.draw(frame(CELLS), look())
    shade = {
        tuple(key): value
        for keys, values in zip(figure.data[0].customdata, figure.data[0].z, strict=True)
        for key, value in zip(keys, values, strict=True)
    }
    assert shade["IR-23", "bonus"] < shade["IR-03", "bonus"] < shade["IR-23", "wage_arrears"]
    assert shade["IR-03", "overtime"] is None
    assert shade["IR-03", "wage_arrears"] is None


def test_pointing_tells_the_value_and_what_it_rests_on(look: Any) -> None:
    told = [line for row in heat.draw(frame(CELLS), look()).data[0].hovertext for line in row]
    assert "<b>Tehran · Wage arrears</b><br>Closed on time: 48\u00a0%<br>n = 40" in told
    assert "<b>East Azerbaijan · Overtime</b><br>Closed on time: No data<br>n = 40" in told


def test_persian_is_mirrored(look: Any) -> None:
    layout = heat.draw(frame(CELLS), look("fa")).layout
    assert layout.xaxis.range[0] > layout.xaxis.range[1]
    assert layout.yaxis.side == "right"
    assert "تهران" in map(plain, layout.yaxis.ticktext)


def test_a_column_named_like_the_measure_is_the_value(look: Any) -> None:
    renamed = frame(CELLS).rename(columns={"row": "province", "value": "on_time_rate"})
    renamed.attrs["row"] = "province"
    assert heat.draw(renamed, look()).data[0].z == heat.draw(frame(CELLS), look()).data[0].z


def test_few_different_values_are_told_apart(look: Any) -> None:
    cells = [("IR-23", key, 1) for key in ("bonus", "leave", "overtime", "severance")] + [("IR-03", "bonus", 3)]
    shades = {value for row in heat.draw(frame(cells), look()).data[0].z for value in row} - {None}
    assert len(shades) == 2


def test_the_greatest_value_does_not_run_into_the_limit_before_it(look: Any) -> None:
    wide = [("IR-23", "bonus", 0.1), ("IR-23", "leave", 0.4), ("IR-03", "bonus", 1.0)]
    limits = [plain(note.text) for note in heat.draw(frame(wide), look()).layout.annotations if note.text]
    assert "100\u00a0%" not in limits
    assert "10\u00a0%" in limits


def test_the_scale_of_whole_numbers_says_none_twice(look: Any) -> None:
    counted = frame([("IR-23", key, 1) for key in ("bonus", "leave", "overtime")] + [("IR-03", "bonus", 2)])
    counted.attrs["measure"] = "transfers"
    figure = heat.draw(counted, look())
    limits = [plain(note.text) for note in figure.layout.annotations if plain(note.text).isdecimal()]
    assert limits == ["1", "2"]
    shades = {value for row in figure.data[0].z for value in row} - {None}
    assert shades == {0, 1}


def test_names_of_two_lines_have_room(look: Any) -> None:
    short, long = [("IR-23", "bonus", 0.1), ("IR-07", "bonus", 0.2)], [("IR-23", "bonus", 0.1), ("IR-14", "bonus", 0.2)]
    assert max(text.count("<br>") for text in heat.draw(frame(long), look()).layout.yaxis.ticktext) == 1
    assert heat.draw(frame(long), look()).layout.height > heat.draw(frame(short), look()).layout.height
