"""The part of the page of briefings that says which are sent by themselves, when, to whom, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from dash import dcc, html
from dash.development.base_component import Component

from dashboard import ids
from dashboard.jurisdictions import Jurisdiction
from dashboard.schedules.kept import LONGEST_FOLDER, MOST_ADDRESSES, Run, Schedule
from dashboard.schedules.rule import Rule
from dashboard.text import LANGUAGES, Text
from layouts.administration import act, button, field, form, listing, select

FORMS: Final = ("pptx", "pdf", "xlsx")
RHYTHMS: Final = ("day", "week", "jalali", "gregorian")
"""How often: every day, every week, every month of a calendar."""
MINUTES: Final = (0, 15, 30, 45)
WAYS: Final = ("mail", "folder")
FIELDS: Final = (
    *("what", "kind", "language", "rhythm", "weekday", "day", "hour", "minute", "way", "addresses", "folder"),
)
"""What the form asks, in the order it is sent."""
_LONGEST_ADDRESSES: Final = 60 * MOST_ADDRESSES
_USUAL_HOUR: Final = 7
_LAST_DAY: Final = 31
_SECONDS: Final = 3


def part(name: str) -> str:
    """The id of a part of the page."""
    return ids.panel("schedules", name)


def place(text: Text) -> html.Div:
    """Where it stands: the list, and the place of the form; hidden where the page shows one briefing."""
    there = form(
        part("list-title"),
        text("schedules.title"),
        text("schedules.hint"),
        [
            html.P(id=part("act-said"), className="said", role="status"),
            html.Div(id=part("list"), className="kept"),
        ],
    )
    return html.Div(
        [
            there,
            html.Div(id=part("shown")),
            dcc.Store(id=part("act")),
            *(dcc.Store(id=part(f"{name}-done")) for name in ("make", "act")),
            dcc.Interval(id=part("tick"), interval=_SECONDS * 1000, disabled=True),
        ],
        id=part("whole"),
        className="schedules",
        hidden=True,
    )


def shown(names: Mapping[str, str], ways: Sequence[str], text: Text, jurisdiction: Jurisdiction) -> list[Component]:
    """The form. ``names`` are the briefings that can be sent, by id; ``ways`` those that are set up."""
    if not ways:
        return [html.P(text("schedules.off"), className="hint")]
    return [_form(names, ways, text, jurisdiction)] if names else []


def asking(rhythm: str, way: str) -> str:
    """The class of the form's fields: it leaves out those that a choice does not ask for."""
    when = {"day": "every-day", "week": "every-week"}.get(rhythm, "every-month")
    return f"fields {when} by-{'folder' if way == 'folder' else 'mail'}"


def listed(
    schedules: Sequence[Schedule], names: Mapping[str, str], text: Text, jurisdiction: Jurisdiction
) -> Component:
    """Schedules as a table. ``names`` are those of briefings, by id or by the key of a ready one."""
    heads = [text(f"schedules.{name}") for name in ("what", "when", "where", "last", "acts")]
    rows = []
    for schedule in schedules:
        name = names.get(schedule.briefing or schedule.ready or "", schedule.ready or "")
        kind = f"{text(f'schedules.kind.{schedule.kind}')} · {text(f'language.{schedule.language}')}"
        rows.append(
            [
                [html.Bdi(name), html.Div(kind, className="beneath")],
                [told(schedule.rule, text), html.Div(_next(schedule, text, jurisdiction), className="beneath")],
                _where(schedule, text),
                _last(schedule.last, text, jurisdiction),
                html.Div(_acts(schedule, name, text), className="ends"),
            ]
        )
    return listing(text("schedules.title"), heads, rows, text("schedules.none"))


def told(rule: Rule, text: Text) -> str:
    """A rule in words: "Every Saturday at 07:30"."""
    clock = text.digits(f"{rule.hour:02}:{rule.minute:02}")
    every = rule.calendar if rule.every == "month" else rule.every
    values = {"weekday": text(f"weekday.{rule.weekday}")} if every == "week" else {}
    if rule.every == "month":
        values["day"] = text.digits(rule.day)
    return text(f"schedules.rule.{every}", time=clock, **values)


def _form(names: Mapping[str, str], ways: Sequence[str], text: Text, jurisdiction: Jurisdiction) -> html.Section:
    week = [(jurisdiction.week_start + number) % 7 for number in range(7)]
    rhythms = {key: text(f"schedules.every.{key}") for key in RHYTHMS}
    if jurisdiction.calendar != "jalali":
        del rhythms["jalali"]
    weekday = select(part("weekday"), text("schedules.weekday"), {str(n): text(f"weekday.{n}") for n in week})
    days = {str(number): text.digits(number) for number in range(1, _LAST_DAY + 1)}
    day = select(part("day"), text("schedules.day"), days)
    hours = {str(number): text.digits(f"{number:02}") for number in range(24)}
    minutes = {str(number): text.digits(f"{number:02}") for number in MINUTES}
    hour = select(part("hour"), text("schedules.hour"), hours, str(_USUAL_HOUR))
    minute = select(part("minute"), text("schedules.minute"), minutes)
    addresses = field(part("addresses"), text("schedules.addresses"), "name@example.org", _LONGEST_ADDRESSES)
    folder = field(part("folder"), text("schedules.folder"), longest=LONGEST_FOLDER)
    for label, name in ((weekday, "of-week"), (day, "of-month"), (addresses, "of-mail"), (folder, "of-folder")):
        label.className = name  # type: ignore[attr-defined]  # Dash makes these as it is loaded
    fields = [
        select(part("what"), text("schedules.what"), names),
        select(part("kind"), text("schedules.kind"), {kind: text(f"schedules.kind.{kind}") for kind in FORMS}),
        select(
            part("language"),
            text("schedules.language"),
            {name: text(f"language.{name}") for name in LANGUAGES},
            text.language,
        ),
        select(part("rhythm"), text("schedules.every"), rhythms),
        *(weekday, day, hour, minute),
        select(part("way"), text("schedules.way"), {way: text(f"schedules.way.{way}") for way in ways}),
        *(addresses, folder),
    ]
    return form(
        part("make-title"),
        text("schedules.make"),
        text("schedules.make.hint", zone=jurisdiction.names[text.language]),
        [
            html.Div(fields, id=part("fields"), className=asking("day", ways[0])),
            act(part("make"), text("schedules.make.do"), part("make-said"), "calendar-plus"),
        ],
    )


def _next(schedule: Schedule, text: Text, jurisdiction: Jurisdiction) -> str:
    if schedule.paused_at:
        return text("schedules.paused")
    zone = jurisdiction.timezone
    day = text.day(schedule.next_at.astimezone(zone).date(), "long")
    return text("schedules.next", day=day, time=text.clock(schedule.next_at, zone))


def _where(schedule: Schedule, text: Text) -> list[Component]:
    if schedule.folder:
        return [html.Span(text("schedules.in_folder", name=schedule.folder))]
    return [html.Div(html.Bdi(address, dir="ltr"), className="address") for address in schedule.addresses]


def _last(run: Run | None, text: Text, jurisdiction: Jurisdiction) -> list[Component]:
    """What came of the last time, and why it is not as it should be where that is so."""
    if run is None:
        return [html.Span(text("schedules.never"))]
    zone = jurisdiction.timezone

    def at(name: str) -> str:
        moment = getattr(run, name)
        return text.moment(moment, zone) if moment else ""

    state = run.state
    if state == "waiting" and run.again_at:
        said = text("schedules.state.again", time=at("again_at"))
    elif state == "done" and run.late:
        said = text("schedules.state.late", time=at("ended_at"), due=at("due_at"))
    elif run.open:
        said = text(f"schedules.state.{state}")
    else:
        said = text(f"schedules.state.{state}", time=at("ended_at"))
    of = {"partly": run.refused, "unsure": run.unsure}.get(run.error)
    why = text(f"schedules.error.{run.error}", **({"addresses": ", ".join(of)} if of else {})) if run.error else ""
    bad = state in ("failed", "refused") or (state == "done" and run.error)
    return [
        html.Span(said, className="not-sent" if bad else "sent"),
        *([html.Div(why, className="beneath")] if why else []),
    ]


def _acts(schedule: Schedule, name: str, text: Text) -> list[html.Button]:
    def way(key: str, sign: str, confirm: str = "") -> html.Button:
        return button(sign, text(f"schedules.{key}", name=name), part("act"), f"{key}:{schedule.id}", confirm)

    rest = way("resume", "play") if schedule.paused_at else way("pause", "pause")
    return [way("now", "send"), rest, way("drop", "trash", text("schedules.drop.sure", name=name))]
