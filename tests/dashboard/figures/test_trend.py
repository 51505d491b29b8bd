from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dashboard.figures import trend
from dashboard.text.bidi import plain
from tests.dashboard.figures.drawings import trend_frame


def test_bars_mean_and_compared_are_drawn_in_order_of_time(look: Any) -> None:
    figure = trend.draw(trend_frame(30), look())
    bars, mean, compared = figure.data
    assert (bars.type, mean.mode, compared.mode) == ("bar", "lines", "lines")
    assert list(bars.y) == [1000 + 7 * place for place in range(30)]
    assert compared.line.dash
    assert not mean.line.dash
    assert list(figure.layout.xaxis.range) == [-0.5, 29.5]


def test_a_missing_line_is_neither_drawn_nor_named(look: Any) -> None:
    frame = trend_frame(30).drop(columns=["mean", "compared", "provisional"])
    frame.attrs["compare"] = "none"
    figure = trend.draw(frame, look())
    assert len(figure.data) == 1
    assert "7-day mean" not in figure.layout.annotations[0].text


def test_persian_mirrors_time_and_values(look: Any) -> None:
    layout = trend.draw(trend_frame(30), look("fa")).layout
    assert list(layout.xaxis.range) == [29.5, -0.5]
    assert layout.yaxis.side == "right"
    assert layout.hoverlabel.align == "right"
    assert layout.annotations[0].x == 1


def test_days_are_told_in_the_calendar_of_the_language(look: Any) -> None:
    labels = {code: trend.draw(trend_frame(30), look(code)).layout.xaxis.ticktext[-1] for code in ("en", "fa", "vi")}
    assert {code: plain(label) for code, label in labels.items()} == {"en": "22 Nov", "fa": "۱ آذر", "vi": "22/11"}


@pytest.mark.parametrize("language", ["en", "fa", "vi"])
@pytest.mark.parametrize(("count", "step"), [(24, "hour"), (92, "day"), (31, "day"), (57, "week"), (60, "month")])
def test_ticks_are_few_and_end_with_the_present(look: Any, language: str, count: int, step: str) -> None:
    axis = trend.draw(trend_frame(count, step), look(language)).layout.xaxis
    assert 2 <= len(axis.tickvals) <= 7
    assert len(axis.ticktext) == len(axis.tickvals)
    assert axis.tickvals[-1] == count - 1 or step == "hour"


def test_a_bin_not_over_is_hatched_and_says_so(look: Any) -> None:
    figure = trend.draw(trend_frame(30), look())
    shapes = figure.data[0].marker.pattern.shape
    assert [place for place, shape in enumerate(shapes) if shape] == [29]
    assert "Not yet complete" in figure.data[0].hovertext[29]
    assert "Not yet complete" not in figure.data[0].hovertext[28]


def test_pointing_tells_day_values_and_day_off(look: Any) -> None:
    hover = trend.draw(trend_frame(30), look()).data[0].hovertext
    friday = next(text for text in hover if "Friday, 20 November 2026" in text)
    assert friday.split("<br>") == [
        "<b>Friday, 20 November 2026</b>",
        "Registered: 1,189",
        "7-day mean: 1,001",
        "A year before: 1,070",
        "Day off",
    ]


def test_days_off_are_those_of_the_country(look: Any) -> None:
    def off(country: str) -> set[int]:
        bands = trend.draw(trend_frame(14), look("en", country)).layout.shapes
        return {int(place) for band in bands for place in range(int(band.x0 + 0.5), int(band.x1 + 0.5))}

    bins = trend_frame(14)["bin"].tolist()
    assert {bins[place].weekday() for place in off("ir")} >= {4}
    assert {bins[place].weekday() for place in off("vn")} == {5, 6}


def test_a_gap_stays_a_gap(look: Any) -> None:
    frame = trend_frame(5)
    frame.loc[2, ["n", "mean"]] = None
    figure = trend.draw(frame, look())
    assert figure.data[0].y[2] is None
    assert "Registered" not in figure.data[0].hovertext[2]


def test_shares_have_ticks_in_percent(look: Any) -> None:
    frame = trend_frame(5)
    frame[["n", "mean", "compared"]] = 0.8
    labels = trend.draw(frame, look(), measure="eligibility_rate").layout.yaxis.ticktext
    assert labels[0] == "0\u00a0%"
    assert "Eligibility rate: 80.0\u00a0%" in trend.draw(frame, look(), measure="eligibility_rate").data[0].hovertext[0]


def test_weeks_and_months_are_named(look: Any) -> None:
    weeks = trend.draw(trend_frame(57, "week"), look())
    assert "<b>Week of 22 Nov 2026</b>" in weeks.data[0].hovertext[-1]
    assert weeks.layout.xaxis.ticktext[0].endswith("<br>2025")
    months = trend.draw(trend_frame(6, "month"), look("fa"))
    assert plain(months.layout.xaxis.ticktext[-1]) == "آذر"
    hours = trend.draw(trend_frame(24, "hour"), look())
    assert "<b>09:00 to 10:00</b>" in hours.data[0].hovertext[9]


def test_the_last_hour_of_a_day_ends_at_midnight(look: Any) -> None:
    assert "23:00 to 24:00" in trend.draw(trend_frame(24, "hour"), look()).data[0].hovertext[23]


def test_frames_of_timestamps_are_days_too(look: Any) -> None:
    frame = trend_frame(3)
    stamped = frame.assign(bin=frame["bin"].astype("datetime64[ns]"))
    stamped.attrs |= frame.attrs
    assert trend.draw(stamped, look()).data[0].hovertext == trend.draw(frame, look()).data[0].hovertext
    assert isinstance(frame["bin"][0], date)


def test_a_target_is_a_line_with_its_words_in_the_legend(look: Any) -> None:
    frame = trend_frame(5)
    frame[["n", "mean", "compared"]] = 0.5
    frame.attrs["target"] = 0.95
    layout = trend.draw(frame, look(), measure="eligibility_rate").layout
    assert [(line.y0, line.y1) for line in layout.shapes if line.yref == "y"] == [(0.95, 0.95)]
    assert "Target 95" in plain(layout.annotations[0].text)
    assert layout.yaxis.range[1] >= 0.95, "the scale reaches to it"
