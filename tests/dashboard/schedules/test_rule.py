"""When a schedule is due: in order, never twice a day, through clocks put forward and back, in both calendars."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import jdatetime
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.schedules.rule import BadRule, Rule

TEHRAN, BERLIN, HANOI = map(ZoneInfo, ("Asia/Tehran", "Europe/Berlin", "Asia/Ho_Chi_Minh"))
ZONES = st.sampled_from([TEHRAN, BERLIN, HANOI, ZoneInfo("Africa/Cairo"), ZoneInfo("America/St_Johns")])
MOMENTS = st.datetimes(datetime(2005, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  (bounds)
RULES = st.builds(
    Rule,
    every=st.sampled_from(["day", "week", "month"]),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    weekday=st.integers(0, 6),
    day=st.integers(1, 31),
    calendar=st.sampled_from(["jalali", "gregorian"]),
)


def days(rule: Rule, after: datetime, zone: ZoneInfo, count: int) -> list[date]:
    found = []
    for _ in range(count):
        after = rule.next(after, zone)
        found.append(after.astimezone(zone).date())
    return found


def at(zone: ZoneInfo, *parts: int) -> datetime:
    return datetime(*parts, tzinfo=zone)  # type: ignore[misc, arg-type]


@given(RULES, MOMENTS, ZONES)
def test_due_is_later_and_on_another_day_each_time(rule: Rule, after: datetime, zone: ZoneInfo) -> None:
    first = rule.next(after, zone)
    second = rule.next(first, zone)
    assert after < first < second
    assert first.astimezone(zone).date() < second.astimezone(zone).date()
    assert first.tzinfo is UTC


@given(RULES, MOMENTS, ZONES)
def test_nothing_due_lies_between(rule: Rule, after: datetime, zone: ZoneInfo) -> None:
    first = rule.next(after, zone)
    between = after + (first - after) / 2
    assert rule.next(between, zone) == first
    most = {"day": timedelta(days=1, hours=2), "week": timedelta(days=7, hours=2), "month": timedelta(days=32)}
    assert first - after <= most[rule.every]


@given(RULES, MOMENTS, ZONES)
def test_the_clock_shows_what_was_asked_unless_it_leaves_that_out(rule: Rule, after: datetime, zone: ZoneInfo) -> None:
    due = rule.next(after, zone).astimezone(zone)
    wall = due.replace(hour=rule.hour, minute=rule.minute)
    exists = wall.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None)
    assert ((due.hour, due.minute) == (rule.hour, rule.minute)) == exists
    assert exists or due.replace(tzinfo=None) > wall.replace(tzinfo=None)


@given(st.integers(1, 31), st.integers(1390, 1440), st.integers(1, 12))
def test_a_jalali_month_has_its_day_or_its_last(day: int, year: int, month: int) -> None:
    rule = Rule("month", 7, day=day, calendar="jalali")
    before = jdatetime.date(year, month, 1).togregorian() - timedelta(days=1)
    due = jdatetime.date.fromgregorian(
        date=days(rule, at(TEHRAN, before.year, before.month, before.day, 12), TEHRAN, 1)[0]
    )
    length = 31 if month <= 6 else 30 if month < 12 or jdatetime.date(year, 1, 1).isleap() else 29
    assert (due.year, due.month, due.day) == (year, month, min(day, length))


def test_the_thirtieth_of_esfand_is_there_in_leap_years_alone() -> None:
    rule = Rule("month", 7, day=30, calendar="jalali")
    assert days(rule, at(TEHRAN, 2024, 3, 1), TEHRAN, 1) == [date(2024, 3, 19)]  # 29 Esfand 1402
    assert days(rule, at(TEHRAN, 2025, 3, 1), TEHRAN, 1) == [date(2025, 3, 20)]  # 30 Esfand 1403, a leap year


def test_the_last_of_a_gregorian_month() -> None:
    rule = Rule("month", 8, day=31)
    found = days(rule, at(HANOI, 2027, 12, 31, 9), HANOI, 4)
    assert found == [date(2028, 1, 31), date(2028, 2, 29), date(2028, 3, 31), date(2028, 4, 30)]


def test_an_hour_that_is_left_out_is_the_next_one() -> None:
    assert Rule("day", 2).next(at(BERLIN, 2026, 3, 28, 12), BERLIN) == at(BERLIN, 2026, 3, 29, 3).astimezone(UTC)
    # Until 2022 clocks in Iran were put forward at midnight.
    assert Rule("day", 0).next(at(TEHRAN, 2021, 3, 21, 12), TEHRAN) == at(TEHRAN, 2021, 3, 22, 1).astimezone(UTC)


def test_an_hour_that_there_is_twice_is_due_once() -> None:
    rule, noon = Rule("day", 2, 30), at(BERLIN, 2026, 10, 24, 12)
    first = rule.next(noon, BERLIN)
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # the first of the two
    assert rule.next(first, BERLIN) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


def test_a_week_has_one_such_day() -> None:
    found = days(Rule("week", 6, weekday=5), at(TEHRAN, 2026, 11, 23), TEHRAN, 3)
    assert found == [date(2026, 11, 28), date(2026, 12, 5), date(2026, 12, 12)]


@pytest.mark.parametrize(
    ("kept", "why"),
    [
        ({"every": "hour", "hour": 1}, "every"),
        ({"every": "day", "hour": 24}, "hour"),
        ({"every": "day", "hour": "7"}, "hour"),
        ({"every": "day", "hour": True}, "hour"),
        ({"every": "day", "hour": 7, "minute": 60}, "minute"),
        ({"every": "week", "hour": 7, "weekday": 7}, "weekday"),
        ({"every": "month", "hour": 7, "day": 0}, "day"),
        ({"every": "month", "hour": 7, "calendar": "lunar"}, "calendar"),
        ({"every": "day", "hour": 7, "zone": "UTC"}, "every"),
        ({}, "every"),
    ],
)
def test_what_is_no_rule_says_which_part(kept: dict[str, object], why: str) -> None:
    with pytest.raises(BadRule) as bad:
        Rule.of(kept)
    assert bad.value.why == why


@given(RULES)
def test_what_is_kept_is_the_same_rule(rule: Rule) -> None:
    assert Rule.of(rule.told()) == rule
