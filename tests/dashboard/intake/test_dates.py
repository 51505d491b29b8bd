"""Days and moments as people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import jdatetime
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dashboard.claims.localtime import to_local, to_utc
from dashboard.intake.characters import clean, normalised
from dashboard.intake.dates import DateReader, date_pattern
from dashboard.intake.moments import MomentReader

TEHRAN = ZoneInfo("Asia/Tehran")
YEARS = st.dates(date(1922, 1, 1), date(2100, 12, 31))


def day(text: str, date_format: str = "", calendar: str = "auto") -> date | None:
    ordinal = DateReader(date_format, calendar).day(text)
    return None if ordinal is None else date.fromordinal(ordinal)


def moment(text: str, zone: ZoneInfo = TEHRAN, serials: bool = False) -> datetime | None:
    found, bad = MomentReader(zone, DateReader(), serials).moments(pa.array([text]))
    assert bad.tolist() == [found.null_count == 1]
    value: datetime | None = found[0].as_py()
    return value


@given(YEARS, st.sampled_from("-/."), st.booleans())
def test_year_first_in_both_calendars(one: date, separator: str, padded: bool) -> None:
    jalali = jdatetime.date.fromgregorian(date=one)
    for each in (one, jalali):
        width = 2 if padded else 1
        text = f"{each.year}{separator}{each.month:0{width}}{separator}{each.day:0{width}}"
        assert day(text) == one
    assert day(f"{one:%Y%m%d}") == one


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1403-12-30", date(2025, 3, 20)),  # a leap year
        ("1402-12-30", None),
        ("1402-07-31", None),
        ("2024-02-29", date(2024, 2, 29)),
        ("2023-02-29", None),
        ("2024-13-01", None),
        ("1600-01-01", None),
        ("2101-01-01", None),
        ("1700-01-01", None),
        ("2024-01/05", None),
        ("05/01/2024", None),
        ("", None),
    ],
)
def test_days_there_are_and_are_not(text: str, expected: date | None) -> None:
    assert day(text) == expected


@pytest.mark.parametrize(
    ("text", "date_format", "calendar", "expected"),
    [
        ("04/28/2010", "%m/%d/%Y", "auto", date(2010, 4, 28)),
        ("28-Apr-2010", "%d-%b-%Y", "auto", date(2010, 4, 28)),
        ("28 april 10", "%d %B %y", "auto", date(2010, 4, 28)),
        ("28 Foo 2010", "%d %b %Y", "auto", None),
        ("31/04/2010", "%d/%m/%Y", "auto", None),
        ("99/01/01", "%y/%m/%d", "jalali", date(2020, 3, 20)),
        ("03/01/01", "%y/%m/%d", "jalali", date(2024, 3, 20)),
        ("70/01/01", "%y/%m/%d", "auto", date(1970, 1, 1)),
        ("68/01/01", "%y/%m/%d", "auto", date(2068, 1, 1)),
        ("2024-01-01", "%m/%d/%Y", "auto", date(2024, 1, 1)),
        ("2024-01-01", "", "jalali", None),
        ("1402-01-01", "", "gregorian", None),
    ],
)
def test_formats_and_calendars_that_a_mapping_names(
    text: str, date_format: str, calendar: str, expected: date | None
) -> None:
    assert day(text, date_format, calendar) == expected


@pytest.mark.parametrize("text", ["%d/%m", "%Y-%m-%d %H", "%Y%Y%m%d", "%j", "plain"])
def test_a_format_that_names_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"%|plain"):
        date_pattern(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-01-15 08:30:00", "2024-01-15 05:00"),
        ("2024-01-15T08:30", "2024-01-15 05:00"),
        ("2024-01-15", "2024-01-14 20:30"),
        ("2024-01-15T08:30:00Z", "2024-01-15 08:30"),
        ("2024-01-15T08:30:00.000001+07:00", "2024-01-15 01:30:00.000001"),
        ("1402/10/25 08:30:00", "2024-01-15 05:00"),
        ("1402/10/25 8:30 pm", "2024-01-15 17:00"),
        ("1402/1/5 12:00 AM", "2023-03-24 20:30"),
        ("1402-10-25T08:30:00+0700", "2024-01-15 01:30"),
        ("20240115 08:30", "2024-01-15 05:00"),
        ("2024-01-15 24:00:00", None),
        ("2024-01-15 08:61", None),
        ("2024-01-15 13:00 pm", None),
        ("2023-02-29 08:00:00", None),
        ("2024-01-15 8h", None),
        ("08:30", None),
        ("45306.354166667", None),
    ],
)
def test_moments_there_are_and_are_not(text: str, expected: str | None) -> None:
    assert moment(text) == (None if expected is None else datetime.fromisoformat(expected).replace(tzinfo=UTC))


def test_one_day_that_does_not_exist_spoils_no_other() -> None:
    column = pa.array(["2023-02-29 08:00:00", "2024-02-29 08:00:00", None, "2024-02-29T08:00:00Z", "?"])
    found, bad = MomentReader(TEHRAN, DateReader()).moments(column)
    assert bad.tolist() == [True, False, False, False, True]
    assert found.is_valid().to_pylist() == [False, True, False, True, False]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("45306.354166667", "2024-01-15 05:00:00"), ("45306", "2024-01-14 20:30:00"), ("99999", None), ("1", None)],
)
def test_serial_days_of_spreadsheets(text: str, expected: str | None) -> None:
    found = moment(text, serials=True)
    assert found == (None if expected is None else datetime.fromisoformat(expected).replace(tzinfo=UTC))


def test_days_drop_the_time_and_keep_the_local_day() -> None:
    column = pa.array(["2024-01-15", "2024-01-15 23:59:00", "1402/10/25", "2024-01-14T21:00:00Z", "x", None])
    found, bad = MomentReader(TEHRAN, DateReader()).days(column)
    assert found.to_pylist() == [date(2024, 1, 15)] * 4 + [None, None]
    assert bad.tolist() == [False] * 4 + [True, False]


def test_a_time_the_clocks_skipped_comes_out_later_by_what_was_skipped() -> None:
    # In Iran 22 March 2022 had no 00:00 to 01:00.
    assert moment("2022-03-22 00:30:00") == datetime(2022, 3, 21, 21, 0, tzinfo=UTC)
    assert moment("2022-03-22 00:30:00") == moment("2022-03-22 01:30:00")


def test_a_time_that_happened_twice_is_the_first() -> None:
    assert moment("2022-09-21 23:30:00") == datetime(2022, 9, 21, 19, 0, tzinfo=UTC)


@example([datetime(2038, 11, 7, 1, fold=1)])  # noqa: DTZ001 - local times
@given(st.lists(st.datetimes(datetime(1990, 1, 1), datetime(2099, 1, 1)), max_size=20))  # noqa: DTZ001 - local times
@pytest.mark.parametrize("zone", [TEHRAN, ZoneInfo("Asia/Ho_Chi_Minh"), ZoneInfo("America/New_York")])
def test_offsets_are_those_of_the_time_zone(zone: ZoneInfo, moments: list[datetime]) -> None:
    micros = np.array(
        [(one.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) for one in moments],
        dtype=np.int64,
    )
    expected = [one.replace(tzinfo=zone, fold=0).astimezone(UTC) for one in moments]
    utc = to_utc(micros, zone)
    assert [datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(one)) for one in utc] == expected
    back = to_local(utc, zone)
    local = [one.astimezone(zone).replace(tzinfo=UTC) for one in expected]
    assert [datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(one)) for one in back] == local


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  IR-23\u00a0", "IR-23"),
        ("\ufeff۰۱۲٣٤", "01234"),
        ("علي كاظمى", "علی کاظمی"),
        ("می\u200cشود", "میشود"),
        ("\u2067۱۴۰۲/۰۵/۱۳\u2069", "1402/05/13"),
        ("e\u0301", "é"),
        ("شمـــاره", "شماره"),
    ],
)
def test_one_spelling_for_letters_digits_and_what_cannot_be_seen(text: str, expected: str) -> None:
    assert normalised(text) == expected
    assert clean(pa.array([text, "plain", None])).to_pylist() == [expected, "plain", None]


def test_what_is_empty_is_nothing() -> None:
    assert clean(pa.array([" ", "\u200c", "", "a"])).to_pylist() == [None, None, None, "a"]
