"""What is asked: the period, the comparison and the choices of one reader, as frozen, hashable values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Literal, get_args

from dashboard.claims.cubes import OFFICE
from dashboard.text.calendars import Calendar, calendar_named

Step = Literal["hour", "day", "week", "month", "quarter", "year"]

SUBJECTS = ("registrations", "disputes", "procedures", "service_requests")
"""The subjects that can be asked about: those whose cases an office works off. Benefits run until entitlement ends."""
PERIODS = ("today", "7d", "30d", "90d", "month", "quarter", "year", "12m", "custom")
"""Month, quarter and year are those of the reader's calendar that run now, up to today; ``12m`` is the year up to today
that began on the day after today's a year ago."""
COMPARISONS = ("previous", "year", "none")
STEPS: tuple[str, ...] = get_args(Step)
NAMES = ("period", "compare", "province", "office", "channel", "category", "trait", "step")
"""The filters by name; a panel says which of them it heeds."""
CLAIMS = "claim_types"
"""The kind of trait that a petition has several of. Those with one of them are counted by day, as other cases are."""
HEEDED = frozenset({"period", "compare", "province", "channel"})
"""The filters that a question heeds unless it says otherwise."""

_FIELDS = {
    "period": ("period", "start", "end"),
    "compare": ("compare",),
    "province": ("provinces",),
    "office": ("offices",),
    "channel": ("channels",),
    "category": ("categories",),
    "trait": ("trait",),
    "step": ("chosen_step",),
}
_ROLLING = {"today": 1, "7d": 7, "30d": 30, "90d": 90}
_MOST_DAYS = {"hour": 1, "day": 400, "week": 2800}
"""How long a period may be for a step that is asked for: of more bins than that nothing can be read off."""


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
    """The question of a page: which subject, which days, compared with what, and which part of the cases.

    ``today`` and ``calendar`` ("jalali" or "gregorian") belong to the question: "this month" is another one tomorrow,
    and in another calendar. ``usual`` is the subject meant when none is named; ``official`` the calendar that months
    are counted by (empty: the same calendar). ``categories`` are those of the subject, ``offices`` those of the one
    province chosen. ``own`` is the one province that a reader is bound to: it is chosen without being named, and cannot
    be let go of. ``trait`` is what the claimant is or claims, one at a time: ``sector:construction``,
    ``claim_types:bonus``. Empty tuples and texts ask for all; without a ``chosen_step`` the step of a time axis follows
    from the period. ``until`` is the last day that is published, the end of a month, where nothing else may be told:
    then a period is the whole months it touches up to that day, or the last of them.
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
    offices: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    trait: str = ""
    chosen_step: str = ""
    official: str = ""
    own: str = ""
    until: date | None = None

    @property
    def asked(self) -> Window:
        """The days asked for, as far as any can be told."""
        window = self._asked
        if self.until is None or window.end <= self.until:
            return window
        return Window(min(window.start, self._months.month_start(self.until)), self.until)

    @property
    def _asked(self) -> Window:
        if self.period == "custom":
            if self.start is None or self.end is None:
                raise BadFilter("period", "a custom period needs from and to")
            return Window(self.start, self.end)
        if self.period in _ROLLING:
            return Window(self.today - timedelta(days=_ROLLING[self.period] - 1), self.today)
        calendar = calendar_named(self.calendar)
        match self.period:
            case "month":
                first = calendar.month_start(self.today)
            case "quarter":
                first = calendar.quarter_start(self.today)
            case "12m":
                first = calendar.add_months(self.today, -12) + timedelta(days=1)
            case _:
                first = calendar.year_start(self.today)
        return Window(first, self.today)

    @property
    def window(self) -> Window:
        """The days counted: those asked for, or the months they touch where only `whole_months` are known."""
        asked = self.asked
        if not self.whole_months:
            return asked
        calendar = self._months
        end = calendar.next_month(asked.end) - timedelta(days=1)
        return Window(calendar.month_start(asked.start), min(end, max(self.today, asked.end)))

    @property
    def compared(self) -> Window | None:
        """The days compared with, aligned to the calendar; ``None`` when nothing is compared.

        Where only whole months are known, nothing is when the last month still runs: a part cannot be held against a
        whole.
        """
        if not self.whole_months:
            return self._compared
        window, calendar = self.window, self._months
        after = window.end + timedelta(days=1)
        if self.compare == "none" or calendar.month_start(after) != after:
            return None
        months = 12 if self.compare == "year" else self.months
        first = calendar.add_months(window.start, -months)
        return Window(first, calendar.add_months(first, self.months) - timedelta(days=1))

    @property
    def whole_months(self) -> bool:
        """Whether the question can be answered in whole months only.

        Traits are counted by month; of offices, days are remembered for some weeks and months for ever; months are
        what is published.
        """
        if self.until is not None or (self.trait and not self.claim):
            return True
        if not self.offices:
            return False
        compared = self._compared
        first = min(self.asked.start, compared.start) if compared else self.asked.start
        # A level at the beginning is counted from the start of its month, a moving mean from the week before.
        before = self._months.month_start(first - timedelta(days=7))
        return before <= self.today - timedelta(days=OFFICE.keep_days)

    @property
    def claim(self) -> str:
        """The type of claim that alone is asked about; empty for all."""
        kind, _, value = self.trait.partition(":")
        return value if kind == CLAIMS else ""

    @property
    def months(self) -> int:
        """How many months of the official calendar the window touches."""
        first, last = (self._months.parts(day) for day in (self.window.start, self.window.end))
        return (last[0] - first[0]) * 12 + last[1] - first[1] + 1

    @property
    def step(self) -> Step:
        """The bin of a time axis over the window: as chosen, or as fine as is still readable."""
        days = self.asked.days
        step: Step = "hour" if days == 1 else "day" if days <= 92 else "week" if days <= 400 else "month"
        step = next((name for name in get_args(Step) if name == self.chosen_step), step)
        return "month" if self.whole_months and step in ("hour", "day", "week") else step

    @property
    def cut_by(self) -> Calendar:
        """The calendar a time axis is cut by: the reader's, or the official one where only its months are known."""
        return self._months if self.whole_months else calendar_named(self.calendar)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The names of the filters that are not at their default."""
        query = self.to_query()
        return tuple(name for name in NAMES if name in query)

    def over(self, window: Window) -> Filters:
        """The same question over other days, compared with nothing."""
        return replace(self, period="custom", start=window.start, end=window.end, compare="none")

    def only(self, names: Iterable[str]) -> Filters:
        """The same question without the filters not among ``names``; without "compare" nothing is compared."""
        kept = frozenset(names)
        usual = {field.name: field.default for field in fields(self)} | {"compare": "none"}
        left = {field: usual[field] for name, of in _FIELDS.items() if name not in kept for field in of}
        return replace(self, **left)  # type: ignore[arg-type]  # each field's own default

    @property
    def _months(self) -> Calendar:
        return calendar_named(self.official or self.calendar)

    @property
    def _compared(self) -> Window | None:
        window = self.asked
        if self.compare == "none":
            return None
        calendar = calendar_named(self.calendar)
        months = 12 if self.compare == "year" else {"month": 1, "quarter": 3, "year": 12, "12m": 12}.get(self.period, 0)
        if months:
            return _shift(window, calendar, months=-months)
        span = timedelta(days=window.days)
        return Window(window.start - span, window.end - span)

    @classmethod
    def from_query(
        cls, query: Mapping[str, str], today: date, calendar: str, usual: str = SUBJECTS[0], own: str = ""
    ) -> Filters:
        """Filters out of the parameters of an address; BadFilter names the first that cannot be understood."""
        subject = query.get("subject", usual)
        if subject != usual and subject not in SUBJECTS:
            raise BadFilter("subject", f"{subject!r} is none of {', '.join(SUBJECTS)}")
        start = end = None
        period = _among(query, "period", PERIODS, "30d")
        if period == "custom":
            start, end = _day(query, "from"), _day(query, "to")
            if start > end:
                raise BadFilter("from", f"{start} is after {end}")
        filters = cls(
            today=today,
            calendar=calendar,
            period=period,
            start=start,
            end=end,
            provinces=_several(query, "province") or ((own,) if own else ()),
            own=own,
            channels=_several(query, "channel"),
            compare=_among(query, "compare", COMPARISONS, "previous"),
            subject=subject,
            usual=usual,
            offices=_several(query, "office"),
            categories=_several(query, "category"),
            trait=query.get("trait", ""),
            chosen_step=_among(query, "step", ("", *STEPS), ""),
        )
        if filters.offices and len(filters.provinces) != 1:
            raise BadFilter("office", "offices are those of one province, and not one is chosen")
        if too_fine(filters.chosen_step, filters.asked.days):
            raise BadFilter("step", f"{filters.chosen_step!r} is too fine for {filters.asked.days} days")
        return filters

    def to_query(self) -> dict[str, str]:
        """The parameters of an address that ask the same; what is at its default is left out."""
        query: dict[str, str] = {}
        if self.subject != self.usual:
            query["subject"] = self.subject
        if self.period != "30d":
            query["period"] = self.period
        if self.period == "custom" and self.start and self.end:
            query |= {"from": self.start.isoformat(), "to": self.end.isoformat()}
        several = {
            "province": self.provinces if self.provinces != (self.own,) else (),
            "office": self.offices,
            "channel": self.channels,
            "category": self.categories,
        }
        query |= {name: ",".join(codes) for name, codes in several.items() if codes}
        if self.trait:
            query["trait"] = self.trait
        if self.compare != "previous":
            query["compare"] = self.compare
        if self.chosen_step:
            query["step"] = self.chosen_step
        return query


def too_fine(step: str, days: int) -> bool:
    """Whether a period of so many days has too many bins of a step to be read."""
    return days > _MOST_DAYS.get(step, days)


def _among(query: Mapping[str, str], name: str, known: tuple[str, ...], usual: str) -> str:
    value = query.get(name, usual)
    if value not in known:
        raise BadFilter(name, f"{value!r} is none of {', '.join(filter(None, known))}")
    return value


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
