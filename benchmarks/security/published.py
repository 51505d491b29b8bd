"""The gate of what an analyst gets: every answer of the API, put together and attacked by linear programming.

The attack knows the figures of every published card, for each of some months, for them together and by each filter
that is heeded, and what each figure is a sum or a share of. The unknowns are the cases of a month told apart by
province, category, channel and part, all at once. Withheld are the figures that the tables of published figures hold
back, and those that the API does.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from benchmarks.security import Findings
from benchmarks.security.attack import LEAST, Published, narrow
from benchmarks.security.ground import ground
from dashboard.claims.database import Database
from dashboard.disclosure import editions
from dashboard.disclosure.tables import ALL, TABLES
from dashboard.filters import Window
from dashboard.text.calendars import calendar_named
from layouts.pages import page_of, panels
from queries import published as published_queries
from queries.counts import working_days
from queries.subjects import insured, one_total
from tests.pages import application, client, signed_in

TRIES = 6
"""Months."""
_MILESTONES = ("opened", "closed", "decided")
_SELECTED = ("province", "category", "channel")
_PARTS = {
    ("registrations", "decided"): ("outcome", {"eligible": "eligible", "not_eligible": "not_eligible"}, ""),
    ("procedures", "closed"): ("timing", {"early": "in_time", "on_time": "in_time", "late": "late"}, "unlimited"),
    ("service_requests", "closed"): ("timing", {"early": "in_time", "on_time": "in_time", "late": "late"}, "unlimited"),
}

Ask = Callable[[str, Mapping[str, str]], dict[str, Any]]
Mask = NDArray[np.bool_]


def run(tries: int = TRIES, cases: int = 60_000) -> Findings:
    """Publish a demo and attack ``tries`` of its months, three by three."""
    found = Findings("what the analyst gets", 0, "no withheld figure narrower than 10")
    with tempfile.TemporaryDirectory(prefix="rasad-gate-") as folder, ground(Path(folder), cases=cases) as made:
        editions.take(made.whole, published_queries.counted, datetime.now(UTC))
        with application(made.whole) as app:
            analyst = client(app, signed_in(app, "analyst"))

            def ask(key: str, query: Mapping[str, str]) -> dict[str, Any]:
                response = analyst.get(f"/api/v1/panels/{key}", query_string=query)
                if response.status_code != 200:
                    raise RuntimeError(f"{key}: {response.status_code} {response.text}")
                answer: dict[str, Any] = response.json
                return answer

            attack(made.whole, ask, tries, found)
    return found


def attack(db: Database, ask: Ask, tries: int, found: Findings, last: int = 0, every: int = 1) -> None:
    """Attack the ``tries`` last published months but ``last``, and add what could be worked out to ``found``.

    Of each filter's values every ``every``-th is asked for.
    """
    months = published_months(db)
    months = months[len(months) - last - tries : len(months) - last]
    figures = withheld = 0
    for first in range(0, len(months), 3):
        together = months[first : first + 3]
        heard = list(answers(db, ask, together, every))
        for subject in ("registrations", "disputes", "procedures", "service_requests"):
            for milestone in _MILESTONES:
                cells = _cells(db, subject, milestone, together)
                if cells.empty:
                    continue
                system = _system(db, cells, subject, milestone, heard, found)
                figures += int((~system.hidden).sum())
                withheld += int(system.hidden.sum())
                for place, width in narrow(system).items():
                    figure = f"{subject} {milestone} of {together}, figure {place}"
                    found.found.append(f"{figure}, {system.values[place]:.0f}: to within {width:.1f}")
        found.tries += len(together)
    found.figures |= {"figures told": f"{figures:,}", "figures withheld and attacked": f"{withheld:,}"}


def published_months(db: Database) -> list[date]:
    """The months of which anything is published."""
    with db.write() as connection:
        rows = connection.execute("SELECT DISTINCT month FROM published_figures ORDER BY month").fetchall()
    return [row[0] for row in rows]


@dataclass(frozen=True)
class Told:
    """A figure of an answer: ``value`` (None: withheld) = ``factor`` × cases that match ``part`` ÷ those of ``whole``.

    Both say dimension → values. Without a ``whole`` it is a count; of two milestones it is no sum and not used.
    """

    subject: str
    milestone: str
    months: tuple[date, ...]
    value: float | None
    part: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    whole: Mapping[str, tuple[str, ...]] | None = None
    factor: float = 1.0
    count: bool = True


def answers(db: Database, ask: Ask, months: Sequence[date], every: int) -> Iterator[Told]:
    """All that the API tells of some months: one by one, two by two and together, by each value of each filter."""
    calendar = calendar_named(db.jurisdiction.calendar)
    spans = [(a, b) for a in range(len(months)) for b in range(a, len(months))]
    for key, panel in panels().items():
        if panel.published is None:
            continue
        subjects = [panel.subject] if panel.subject else ["registrations", "disputes", "procedures", "service_requests"]
        for subject, (a, b) in product(subjects, spans):
            end = calendar.next_month(months[b]) - timedelta(days=1)
            query = {"period": "custom", "from": str(months[a]), "to": str(end), "compare": "none"}
            page = page_of(panel)
            query |= {"subject": subject} if page is not None and page.chooses else {}
            chosen: list[dict[str, str]] = [{}]
            for name in sorted(panel.published.answers & set(_SELECTED)):
                chosen += [{name: value} for value in _values(db, subject, name)[::every]]
            for selected in chosen:
                answer = ask(key, {**query, **selected})
                within = {name: (value,) for name, value in selected.items()}
                span = tuple(months[a : b + 1])
                for row in answer["rows"]:
                    yield from _told(db, key, subject, span, within, row)


def _values(db: Database, subject: str, name: str) -> list[str]:
    if name == "province":
        return [province.code for province in db.jurisdiction.provinces]
    codes = "channels" if name == "channel" else f"{subject}.category"
    return [code.key for code in db.jurisdiction.codes[codes]]


def _told(  # noqa: C901  a card a case
    db: Database, key: str, subject: str, span: tuple[date, ...], within: Mapping[str, tuple[str, ...]], row: Any
) -> Iterator[Told]:
    """What the columns of a row are. KeyError for a card whose meaning is not written here."""
    name = key.partition("-")[2]
    worked = _worked(db, span)

    def told(column: str, milestone: str, months: tuple[date, ...] = span, **more: Any) -> Iterator[Told]:
        if column in row:
            raw = row[column]
            if raw is None:
                return
            value = None if isinstance(raw, dict) else float(raw)
            own = more.pop("part", {})
            whole = more.pop("whole", None)
            yield Told(
                *(subject, milestone, months, value, {**within, **own}),
                None if whole is None else {**within, **whole},
                **more,
            )

    place = {dim: (str(row[dim]),) for dim in ("province", "category") if dim in row}
    in_time, limited = {"part": ("in_time",)}, {"part": ("in_time", "late")}
    match name:
        case "registered" | "opened" | "received":
            yield from told("value", "opened")
            yield from told("n", "opened")
        case "eligibility":
            decided = {"part": ("eligible", "not_eligible")}
            yield from told("value", "decided", part={"part": ("eligible",)}, whole=decided)
            yield from told("n", "decided", part=decided)
        case "procedures-on-time" if row["measure"] == "closed":
            yield from told("n", "closed")
        case "procedures-on-time":
            yield from told("value", "closed", part=in_time, whole=limited)
            yield from told("n", "closed", part=limited)
        case "closed":
            yield from told("value", "closed", factor=1 / worked, count=False)
            yield from told("n", "closed")
        case "online":
            yield from told("value", "opened", part={"channel": ("online",)}, whole={})
            yield from told("n", "opened")
        case "trend" if "category" not in row:
            yield from told("n", "opened", (date.fromisoformat(row["bin"]),))
        case "trend" | "channels":
            of = place or {"channel": (str(row["series"]),)}
            yield from told("value", "opened", (date.fromisoformat(row["bin"]),), part=of)
        case "flow":
            yield from told("value", row["series"], (date.fromisoformat(row["bin"]),))
        case "map":
            people = {province.code: province.population for province in db.jurisdiction.provinces}
            for what in ("registered", "opened"):
                yield from told(what, "opened", part=place)
                if per_head := people[row["province"]]:
                    per = 100_000 / per_head
                    yield from told(f"{what}_per_100k", "opened", part=place, factor=per, count=False)
            yield from told("closed", "closed", part=place)
            yield from told("decided", "decided", part=place)
            yield from told("eligibility_rate", "decided", part={**place, "part": ("eligible",)}, whole=place)
        case "places":
            yield from told("registered", "opened", part=place)
        case "schemes":
            yield from told("registered", "opened", part=place)
            yield from told("decided", "decided", part=place)
            yield from told("eligibility_rate", "decided", part={**place, "part": ("eligible",)}, whole=place)
        case "outcomes":
            of = {"outcome": (row["outcome"],)}
            yield from told("closed", "closed", part=of)
            yield from told("share", "closed", part=of, whole={})
        case "procedures" | "each" | "glance":
            yield from told("received", "opened", part=place)
            yield from told("finished", "closed", part=place)
            yield from told("opened", "opened", part=place, factor=1 / worked, count=False)
            yield from told("closed", "closed", part=place, factor=1 / worked, count=False)
            yield from told("n_limit", "closed", part={**place, **limited})
            yield from told("on_time", "closed", part={**place, **in_time}, whole={**place, **limited})
        case _:
            raise KeyError(f"nobody has said what the figures of {key} are")


def _worked(db: Database, span: Sequence[date]) -> int:
    end = calendar_named(db.jurisdiction.calendar).next_month(span[-1]) - timedelta(days=1)
    return working_days(db, Window(span[0], end))


def _cells(db: Database, subject: str, milestone: str, months: Sequence[date]) -> pd.DataFrame:
    """Every case of a subject at a milestone told apart by all at once, those there are none of too."""
    split, named, rest = _PARTS.get((subject, milestone), ("outcome", {}, None))
    with db.write() as connection:
        rows = connection.execute(
            f"SELECT month, province, category, channel, {split}, sum(n)::bigint FROM month_full_cells "
            "WHERE subject = %s AND milestone = %s AND month = ANY(%s) GROUP BY 1, 2, 3, 4, 5",
            (subject, milestone, list(months)),
        ).fetchall()
    frame = pd.DataFrame(rows, columns=["month", *_SELECTED, "split", "n"])
    frame["part"] = frame["split"].map(named) if named else frame["split"]
    frame["part"] = frame["part"].fillna(rest) if rest else frame["part"]
    frame = frame[frame["part"].notna() & (frame["part"] != "")] if milestone == "decided" else frame
    only = insured(db) if milestone == "decided" else one_total(db, subject)
    if only:
        frame = frame[frame["category"].isin(only["category"])]
    if frame.empty:
        return frame
    # What was never found anywhere has no row in any table, and nobody reckons with it.
    with db.write() as connection:
        listed = connection.execute(
            "SELECT DISTINCT told_by, key FROM published_figures WHERE subject = %s AND milestone = %s AND key <> '*'",
            (subject, milestone),
        ).fetchall()
    keys = {name: {*frame[name], *(key for by, key in listed if by == name)} for name in _SELECTED}
    keys["part"] = {*frame["part"], *named.values(), *(key for by, key in listed if by == "outcome")}
    axes = [list(months), *(sorted(keys[name]) for name in (*_SELECTED, "part"))]
    every = pd.MultiIndex.from_product(axes, names=["month", *_SELECTED, "part"])
    return frame.groupby(["month", *_SELECTED, "part"])["n"].sum().reindex(every, fill_value=0).reset_index()


def _system(  # noqa: C901  an equation a kind of table
    db: Database, cells: pd.DataFrame, subject: str, milestone: str, heard: Sequence[Told], found: Findings
) -> Published:
    """The figures told of a milestone, and those of its tables that are not shown, over its cells."""
    columns = {name: cells[name].to_numpy() for name in ("month", *_SELECTED, "part")}
    counts = cells["n"].to_numpy(dtype=np.float64)

    def mask(months: Sequence[date], of: Mapping[str, tuple[str, ...]]) -> Mask:
        chosen = np.isin(columns["month"], list(months))
        for name, values in of.items():
            chosen &= np.isin(columns["part" if name == "outcome" else name].astype(str), values)
        return chosen

    known: dict[bytes, tuple[Mask, bool]] = {}
    lines: list[NDArray[np.float64]] = []
    rights: list[float] = []
    for told in heard:
        if (told.subject, told.milestone) != (subject, milestone):
            continue
        part = mask(told.months, told.part)
        if told.whole is None:
            if told.value is None:
                if part.any():
                    known.setdefault(part.tobytes(), (part, True))
                continue
            if told.count and told.value < LEAST and told.value:
                found.found.append(f"{told.value:.0f} is shown: {told}")
            if abs(told.value / told.factor - counts[part].sum()) > 1e-6:
                found.found.append(f"not what was counted, {counts[part].sum():.0f}: {told}")
            known[part.tobytes()] = (part, False)
        elif told.value is not None:
            line = part - told.value * mask(told.months, told.whole)
            if abs(line @ counts) > 1e-4:
                found.found.append(f"not the share of what was counted: {told}")
            lines.append(line)
            rights.append(0.0)
    for table in TABLES:  # what is withheld there is nowhere shown
        if (table.subject, table.milestone) != (subject, milestone):
            continue
        with db.write() as connection:
            rows = connection.execute(
                "SELECT month, key, part FROM published_figures WHERE subject = %s AND milestone = %s "
                "AND told_by = %s AND month = ANY(%s) AND n IS NULL",
                (subject, milestone, table.told_by, sorted(set(columns["month"]))),
            ).fetchall()
        for month, key, part_name in rows:
            of = {} if key == ALL else {table.told_by: (key,)}
            of |= {} if part_name == ALL else {"part": (part_name,)}
            place = mask([month], of)
            known.setdefault(place.tobytes(), (place, True))
    sums = [place.astype(np.float64) for place, _ in known.values()]
    hidden = [kept for _, kept in known.values()]
    every = np.array([*sums, *lines]) if sums or lines else np.zeros((0, len(counts)))
    shares = every[len(sums) :]
    values = np.concatenate([every[: len(sums)] @ counts, np.zeros(len(shares))])
    return Published(csr_array(every), values, np.array([*hidden, *[False] * len(shares)], dtype=np.bool_), counts)
