from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from dashboard.text import LANGUAGES, text
from dashboard.text.bidi import END, LEFT_TO_RIGHT, RIGHT_TO_LEFT

EN, FA, VI = map(text, ("en", "fa", "vi"))
DAY = date(2026, 11, 21)
TEHRAN = ZoneInfo("Asia/Tehran")


def test_direction_and_calendar_follow_the_language() -> None:
    assert [(t.direction, t.calendar_name) for t in (EN, FA, VI)] == [
        ("ltr", "gregorian"),
        ("rtl", "jalali"),
        ("ltr", "gregorian"),
    ]


def test_days_in_every_style() -> None:
    assert [EN.day(DAY, style) for style in ("short", "medium", "long", "weekday")] == [
        "21 Nov",
        "21 Nov 2026",
        "Saturday, 21 November 2026",
        "Sat 21 Nov",
    ]
    assert [FA.day(DAY, style) for style in ("short", "medium", "long")] == [
        "۳۰ آبان",
        "۳۰ آبان ۱۴۰۵",
        "شنبه ۳۰ آبان ۱۴۰۵",
    ]
    assert [VI.day(date(2026, 3, 5), style) for style in ("short", "medium")] == ["05/03", "05/03/2026"]


def test_months() -> None:
    assert [t.month(DAY) for t in (EN, FA, VI)] == ["November 2026", "آبان ۱۴۰۵", "tháng 11 năm 2026"]


def test_spans_name_the_year_once_where_it_is_one() -> None:
    assert EN.span(date(2026, 10, 23), DAY) == "23 Oct – 21 Nov 2026"
    assert EN.span(date(2025, 12, 30), DAY) == "30 Dec 2025 – 21 Nov 2026"
    assert FA.span(date(2026, 10, 23), DAY) == "۱ آبان تا ۳۰ آبان ۱۴۰۵"
    assert EN.span(DAY, DAY) == "21 Nov 2026"


def test_moments_are_those_of_the_zone() -> None:
    moment = datetime(2026, 11, 21, 21, 2, tzinfo=UTC)
    assert EN.moment(moment, TEHRAN) == "22 Nov 2026, 00:32"
    assert FA.moment(moment, TEHRAN) == "۱ آذر ۱۴۰۵، ساعت ۰۰:۳۲"
    assert FA.clock(moment, UTC) == "۲۱:۰۲"
    assert FA.hour(9) == "۰۹:۰۰"


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        EN.clock(datetime(2026, 11, 21, 12), TEHRAN)  # noqa: DTZ001  (refused for that)


def test_plurals() -> None:
    assert [EN.days(n) for n in (1, 34, None, float("nan"))] == ["1 day", "34 days", "–", "–"]
    assert [t.days(34) for t in (FA, VI)] == ["۳۴ روز", "34 ngày"]
    assert EN.days(1.4, 1) == "1.4 days"


def test_points() -> None:
    assert EN.points(-0.006) == "\u22120.6 pt"
    assert FA.points(0.012) == f"{LEFT_TO_RIGHT}+۱٫۲{END} واحد درصد"


@pytest.mark.parametrize(
    ("form", "value", "written"),
    [
        ("count", 1284, "1,284"),
        ("share", 0.838, "83.8\u00a0%"),
        ("change", 0.041, "+4.1\u00a0%"),
        ("points", 0.012, "+1.2 pt"),
        ("days", 3, "3 days"),
        ("hour", 14, "14:00"),
        ("hour", None, "–"),
    ],
)
def test_written_as_the_format_wants_it(form: str, value: float | None, written: str) -> None:
    assert EN.written(value, form) == written


def test_a_format_of_words_writes_no_numbers() -> None:
    with pytest.raises(ValueError, match="province"):
        EN.written(1, "province")


def test_whole_numbers_fill_places_in_the_digits_of_the_language() -> None:
    assert [t("filter.all_n", n=1031) for t in (EN, FA)] == ["All 1,031", "هر ۱٬۰۳۱"]


def test_values_of_the_other_direction_are_isolated() -> None:
    assert FA("live.as_of", time="load.csv") == f"داده‌ها تا {LEFT_TO_RIGHT}load.csv{END}"
    assert EN("live.as_of", time="فارس") == f"data as of {RIGHT_TO_LEFT}فارس{END}"
    assert EN("live.as_of", time="14:32") == "data as of 14:32"
    assert FA("live.as_of", time="۱۴:۳۲") == "داده‌ها تا ۱۴:۳۲"


def test_what_is_missing_is_an_error() -> None:
    with pytest.raises(KeyError):
        EN("no.such.key")
    with pytest.raises(KeyError):
        EN("live.as_of")
    with pytest.raises(KeyError):
        text("de")
    assert EN.has("app.name")
    assert not EN.has("no.such.key")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_day_and_month_can_be_named(language: str) -> None:
    t = text(language)
    for month in range(1, 13):
        for day in (1, 28):
            for style in ("short", "medium", "long", "weekday"):
                assert t.day(date(2026, month, day), style)


def test_plotly_gets_islands_in_persian_and_plain_words_elsewhere() -> None:
    assert FA.isolate("۲۱ آبان") == f"{RIGHT_TO_LEFT}۲۱ آبان{END}"
    assert EN.isolate("21 Nov") == "21 Nov"
