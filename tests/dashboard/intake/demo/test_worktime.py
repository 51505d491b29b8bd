"""Office hours, working days and how moments are written."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np

from dashboard.intake.demo.arrays import DAY, NEVER
from dashboard.intake.demo.worktime import WorkTime, worktime
from dashboard.jurisdictions import Jurisdiction


def _time(jurisdiction: Jurisdiction) -> WorkTime:
    return worktime(jurisdiction, date(2026, 1, 1), date(2026, 12, 1), 8.0, 6.0)


def test_after_agrees_with_the_calendar_of_the_jurisdiction(iran: Jurisdiction) -> None:
    time = _time(iran)
    days = np.arange(time.day(date(2026, 3, 1)), time.day(date(2026, 4, 30)))
    for steps in (0, 1, 7):
        landed = time.after(days * DAY, np.full(len(days), steps), np.zeros(len(days))) // DAY
        expected = [time.day(iran.workdays.add(time.date(int(day)), steps)) for day in days]
        assert landed.tolist() == expected


def test_after_is_never_before_and_never_stays_never(iran: Jurisdiction) -> None:
    time = _time(iran)
    start = np.array([time.seconds(datetime.fromisoformat("2026-06-07T23:58")), NEVER])
    then = time.after(start, np.zeros(2, np.int64), np.full(2, 0.5))
    assert start[0] < then[0] < (start[0] // DAY + 1) * DAY
    assert then[1] == NEVER


def test_moments_are_written_as_clocks_show_them(iran: Jurisdiction) -> None:
    time = _time(iran)
    seconds = np.array([time.seconds(datetime.fromisoformat("2026-02-28T03:04:59")), NEVER])
    assert time.moments(seconds).tolist() == ["2026-02-28T03:04:59", ""]
    assert time.dates(np.array([time.day(date(2026, 2, 28)), -1])).tolist() == ["2026-02-28", ""]
