"""What is asked: the period, the comparison and the choices of one reader, as frozen, hashable values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from dashboard.text.calendars import Calendar, calendar_named

Step = Literal["hour", "day", "week", "month"]

SUBJECTS = ("registrations", "disputes", "procedures", "service_requests")
"""The subjects that can be asked about: those whose cases an office works off. Benefits run until entitlement ends."""
PERIODS = ("today", "7d", "30d", "month", "year", "custom")
COMPARISONS = ("previous", "year", "none")
_ROLLING = {"today": 1, "7d": 7, "30d": 30}


@dataclass(frozen=True)
class Window:
    """Days from ``start`` to ``end``, both included."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """How many days the window spans."""
        return (self.end - self.start).days + 1


class BadFilter(ValueError):
    """A filter that cannot be understood; ``name`` says which, the message why."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")
        self.name = name


@dataclass(frozen=True)
class Filters:
    """The question of a page: which subject, which days, compared with what, which provinces and channels.

    ``today`` and ``calendar`` ("jalali" or "gregorian") belong to the question: "this month" is another one tomorrow,
    and in another calendar. ``usual`` is the subject meant when none is named. Empty tuples ask for all.
    """

    today: date
    calendar: str
    period: str = "30d"
    start: date | None = None
    end: date | None = None
    provinces: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    compare: str = "previous"
    subject: str = SUBJECTS[0]
    usual: str = SUBJECTS[0]

    @property
    def window(self) -> Window:
        """The days asked for."""
        if self.period == "custom":
            if self.start is None or self.end is None:
                raise BadFilter("period", "a custom period needs from and to")
            return Window(self.start, self.end)
        if self.period in _ROLLING:
            return Window(self.today - timedelta(days=_ROLLING[self.period] - 1), self.today)
        calendar = calendar_named(self.calendar)
        first = calendar.month_start(self.today) if self.period == "month" else calendar.year_start(self.today)
        return Window(first, self.today)

    @property
    def compared(self) -> Window | None:
        """The days compared with, aligned to the calendar; ``None`` when nothing is compared."""
        window = self.window
        if self.compare == "none":
            return None
        calendar = calendar_named(self.calendar)
        if self.compare == "year":
            return _shift(window, calendar, months=-12)
        if self.period == "month":
            return _shift(window, calendar, months=-1)
        if self.period == "year":
            return _shift(window, calendar, months=-12)
        span = timedelta(days=window.days)
        return Window(window.start - span, window.end - span)

    @property
    def step(self) -> Step:
        """The bin of a time axis over the window: as fine as is still readable."""
        days = self.window.days
        return "hour" if days == 1 else "day" if days <= 92 else "week" if days <= 400 else "month"

    def over(self, window: Window) -> Filters:
        """The same question over other days, compared with nothing."""
        return replace(self, period="custom", start=window.start, end=window.end, compare="none")

    @classmethod
    def from_query(cls, query: Mapping[str, str], today: date, calendar: str, usual: str = SUBJECTS[0]) -> Filters:
        """Filters out of the parameters of an address; BadFilter names the first that cannot be understood."""
        subject = query.get("subject", usual)
        if subject not in SUBJECTS:
            raise BadFilter("subject", f"{subject!r} is none of {', '.join(SUBJECTS)}")
        period = query.get("period", "30d")
        if period not in PERIODS:
            raise BadFilter("period", f"{period!r} is none of {', '.join(PERIODS)}")
        compare = query.get("compare", "previous")
        if compare not in COMPARISONS:
            raise BadFilter("compare", f"{compare!r} is none of {', '.join(COMPARISONS)}")
        start = end = None
        if period == "custom":
            start, end = _day(query, "from"), _day(query, "to")
            if start > end:
                raise BadFilter("from", f"{start} is after {end}")
        return cls(
            today=today,
            calendar=calendar,
            period=period,
            start=start,
            end=end,
            provinces=_several(query, "province"),
            channels=_several(query, "channel"),
            compare=compare,
            subject=subject,
            usual=usual,
        )

    def to_query(self) -> dict[str, str]:
        """The parameters of an address that ask the same; what is at its default is left out."""
        query: dict[str, str] = {}
        if self.subject != self.usual:
            query["subject"] = self.subject
        if self.period != "30d":
            query["period"] = self.period
        if self.period == "custom" and self.start and self.end:
            query |= {"from": self.start.isoformat(), "to": self.end.isoformat()}
        if self.provinces:
            query["province"] = ",".join(self.provinces)
        if self.channels:
            query["channel"] = ",".join(self.channels)
        if self.compare != "previous":
            query["compare"] = self.compare
        return query


def _day(query: Mapping[str, str], name: str) -> date:
    try:
        day = date.fromisoformat(query.get(name, ""))
    except ValueError:
        raise BadFilter(name, f"{query.get(name, '')!r} is no day as YYYY-MM-DD") from None
    if not date(1990, 1, 1) <= day <= date(2100, 12, 31):
        raise BadFilter(name, f"{day} is outside 1990 to 2100")
    return day


def _several(query: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(sorted({code for code in query.get(name, "").split(",") if code}))


def _shift(window: Window, calendar: Calendar, months: int) -> Window:
    return Window(calendar.add_months(window.start, months), calendar.add_months(window.end, months))
