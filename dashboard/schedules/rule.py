"""When something is due again: every day, every week or every month, at a time of the clock of a zone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, Literal, get_args
from zoneinfo import ZoneInfo

from dashboard.text.calendars import CALENDARS, calendar_named

Every = Literal["day", "week", "month"]
EVERY: Final[tuple[Every, ...]] = get_args(Every)
_LONGEST_MONTH: Final = 31


class BadRule(ValueError):
    """No rule; ``why`` names the field that is at fault: every, hour, minute, weekday, day, calendar."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Rule:
    """Every day; every week on a ``weekday`` (Monday = 0); every month of a ``calendar`` on a ``day`` of it.

    A day that a month does not have is its last one. Fields that ``every`` does not ask for say nothing.
    """

    every: Every
    hour: int
    minute: int = 0
    weekday: int = 0
    day: int = 1
    calendar: str = "gregorian"

    def __post_init__(self) -> None:
        bounds = {"hour": (0, 23), "minute": (0, 59), "weekday": (0, 6), "day": (1, _LONGEST_MONTH)}
        for name, (least, most) in bounds.items():
            value = getattr(self, name)
            if type(value) is not int or not least <= value <= most:
                raise BadRule(name)
        if self.every not in EVERY:
            raise BadRule("every")
        if self.calendar not in CALENDARS:
            raise BadRule("calendar")

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Rule:
        """The rule that `told` was called on. BadRule where it is none."""
        try:
            return cls(**kept)
        except TypeError as error:
            raise BadRule("every") from error

    def told(self) -> dict[str, Any]:
        """The rule as JSON can hold it."""
        return asdict(self)

    def next(self, after: datetime, zone: ZoneInfo) -> datetime:
        """The first moment after an aware one at which it is due, in UTC."""
        begin = after.astimezone(zone).date() - timedelta(days=1)
        return next(moment for day in self._days(begin) if (moment := self._moment(day, zone)) > after)

    def _moment(self, day: date, zone: ZoneInfo) -> datetime:
        """When it is due on a day. A time that the clock leaves out is as much later as the clock is put forward.

        A time that there is twice is the first of both.
        """
        return datetime.combine(day, time(self.hour, self.minute), zone).astimezone(UTC)

    def _days(self, begin: date) -> Iterator[date]:
        """The days it is due on, from ``begin`` on, in order."""
        if self.every == "month":
            calendar = calendar_named(self.calendar)
            start = calendar.month_start(begin)
            while True:
                after = calendar.next_month(start)
                day = min(start + timedelta(days=self.day - 1), after - timedelta(days=1))
                if day >= begin:
                    yield day
                start = after
        step = 1
        if self.every == "week":
            begin += timedelta(days=(self.weekday - begin.weekday()) % 7)
            step = 7
        while True:
            yield begin
            begin += timedelta(days=step)
