"""Single cases, for those entitled to them: pages of a list, one case, and the cases found by number or by person.

Lists have keyset pages: a page begins after the last case of the one before, however many there are. They are read in
the order of an index, of a few provinces or of open cases province by province, so that a page costs the same in a
table of any size.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Literal, get_args

import pandas as pd
import pyarrow as pa

from dashboard.claims import turns
from dashboard.claims.cubes import AGE_BANDS
from dashboard.claims.database import Database
from dashboard.claims.flows import FLOWS
from dashboard.claims.subjects import SUBJECTS, Subject
from dashboard.claims.walls import IN_SCOPE
from dashboard.filters import CLAIMS, Filters
from dashboard.intake.coverage import Coverage, Pair
from dashboard.intake.coverage import coverage as covered
from dashboard.scope import Scope
from queries.due import STEPS
from queries.limits import against, standings

State = Literal["all", "open", "late", "in_one", "in_three", "in_seven", "closed"]
Sort = Literal["newest", "due"]
Place = tuple[str, str]
"""Where a case stands in its list: the moment or day that it is ordered by, in ISO 8601, and its number."""

LISTED: Final = ("registrations", "disputes", "procedures", "service_requests", "benefits")
"""The subjects whose records are cases."""
STATES: Final = get_args(State)
TURNS: Final = tuple(dict.fromkeys(turn.actor for subject in LISTED for turn in FLOWS[subject].turns))
"""Those whose turn it may be."""
SORTS: Final = ("newest", "due")
GAPS: Final = {
    subject: {each.key: each for each in FLOWS[subject].milestones if each.standing and not each.amount}
    for subject in LISTED
}
"""The gaps that the cases of a subject can stand in, by name."""
ROWS: Final = 25
"""Cases of a page."""

_OPEN: Final = ("open", "late", "in_one", "in_three", "in_seven")
_WITHIN: Final = {f"in_{name}": days for name, days in STEPS.items()}
_NO_DAY: Final = date(9999, 12, 31)
"""Where a case stands that has no day it is due: last."""
_MOST_FOUND: Final = 100
_IN_LIST: Final = ("id", "province", "office", "category", "channel", "opened_at", "closed_at", "outcome", "due_on")
_FOUND: Final = ("subject", "id", "province", "office", "category", "opened_at", "closed_at", "outcome")
_WAITS: Final = ("returned_at", "resubmitted_at")


class NotEntitled(PermissionError):
    """Somebody asks for single cases whose scope opens none, or none of that subject."""


@dataclass(frozen=True)
class Asked:
    """Which list, in which order, and which page of it: that ``after`` a place, or the one ``before`` it.

    ``late`` cases are open past the day they are due; ``in_one``, ``in_three`` and ``in_seven`` those that are not yet,
    but will be within as many working days. ``turn`` asks for those that wait for one actor alone. Ordered by the day
    they are due are those that are open. Cases filed at any time are asked for ``ever``, else those of the period.
    ``gap`` asks for those that stand between two steps (a standing milestone of the flow), where its cases can.
    """

    subject: str
    state: State = "all"
    sort: Sort = "newest"
    turn: str = ""
    ever: bool = False
    gap: str = ""
    after: Place | None = None
    before: Place | None = None

    @property
    def by_due(self) -> bool:
        """Whether the list is ordered by the day its cases are due."""
        return self.sort == "due" and self.only_open

    @property
    def only_open(self) -> bool:
        """Whether the list holds open cases alone: a closed one is nobody's turn."""
        return self.state in _OPEN or bool(self.turn)

    @property
    def first(self) -> Asked:
        """The first page of the same list."""
        return replace(self, after=None, before=None)


@dataclass(frozen=True)
class ListPage:
    """A page of a list.

    ``rows``: a case a row, with the columns ``id``, ``province``, ``office``, ``category``, ``channel``, ``opened_at``,
    ``closed_at``, ``outcome``, ``due_on``, ``actor`` and ``since`` (whose turn it is, since when) and those of
    `limits.against`. ``previous`` and ``next`` are the questions for the pages beside it, ``None`` where there is none.
    """

    rows: pd.DataFrame
    previous: Asked | None
    next: Asked | None


def entitled(scope: Scope, subject: str = "") -> None:
    """NotEntitled unless the scope opens single cases, of a ``subject`` where one is named."""
    if not scope.cases:
        raise NotEntitled("only counts are open to this person, not single cases")
    if subject and not scope.covers(subject):
        raise NotEntitled(f"{subject} are not open to this person")


def _open_to(scope: Scope) -> list[str]:
    """The subjects of which the scope opens single cases."""
    entitled(scope)
    return [subject for subject in LISTED if scope.covers(subject)]


def heeded(filters: Filters, subject: str, ever: bool = False) -> frozenset[str]:
    """The names of the set filters that the list of a subject is narrowed by: its cases know what they ask for.

    A list of cases filed at any time (``ever``) has no period.
    """
    known = {"province", "office", "channel", "compare"}
    if not ever:
        known.add("period")
    if filters.subject == subject:
        known.add("category")
    if filters.trait.partition(":")[0] in {field.column for field in SUBJECTS[subject].columns}:
        known.add("trait")
    return frozenset(known)


def page(db: Database, filters: Filters, scope: Scope, asked: Asked) -> ListPage:
    """A page of the cases of a subject, under the filters and further as asked."""
    rows, beyond = _rows(db, filters, scope, asked, ROWS)
    if (asked.after or asked.before) and (rows.empty or (asked.before and not beyond)):
        # Turned back to the beginning, or the list has become shorter than it was: the first page, and a whole one.
        asked = asked.first
        rows, beyond = _rows(db, filters, scope, asked, ROWS)
    if rows.empty:
        return ListPage(rows, None, None)
    first, last = ((str(row["place"].isoformat()), str(row["id"])) for row in (rows.iloc[0], rows.iloc[-1]))
    earlier = replace(asked, before=first, after=None)
    later = replace(asked, before=None, after=last)
    if asked.before:
        has_earlier, has_later = beyond, True
    else:
        has_earlier = asked.after is not None and not _rows(db, filters, scope, earlier, 1)[0].empty
        has_later = beyond
    found = against(rows.drop(columns="place"), asked.subject, db.jurisdiction, db.today())
    return ListPage(found, earlier if has_earlier else None, later if has_later else None)


def every(db: Database, filters: Filters, scope: Scope, asked: Asked) -> Generator[pa.Table, None, None]:
    """All cases of a list in its order, as of one moment, block by block; never all of them held.

    Columns: ``id``, ``province``, ``office``, ``category``, ``channel``, ``outcome`` (texts), ``opened_on``,
    ``closed_on``, ``due_on`` (local days), ``actor``, ``since_on`` (whose turn it is since when, of open cases), and of
    `limits.standings` ``left`` (null where there is no day), ``in_working_days`` and ``stopped``.
    """
    subject, flow, zone = asked.subject, FLOWS[asked.subject], str(db.jurisdiction.timezone)
    conditions, parameters = _conditions(db, filters, asked)
    key, way, provinces = _order(db, filters, scope, asked.first)
    waits = "returned_at IS NOT NULL AND resubmitted_at IS NULL" if _has(subject, "returned_at") else "false"
    names = ("id", "province", "office", "category", "channel", "outcome")
    days = {"opened_on": "opened_at", "closed_on": "closed_at", "since_on": turns.since(flow)}
    told = [
        *names,
        f"{turns.actor(flow)} AS actor",
        *(f"CAST(({at}) AT TIME ZONE :zone AS date) AS {name}" for name, at in days.items()),
        "due_on",
        f"{waits} AS waits",
    ]
    statement = (
        f"SELECT {', '.join(told)} FROM {subject} WHERE province = ANY(CAST(:places AS text[])) AND {IN_SCOPE} "
        f"AND {' AND '.join(conditions)} ORDER BY {key} {way}, id {way}"
    )
    types = {
        **dict.fromkeys((*names, "actor"), pa.string()),
        **dict.fromkeys((*days, "due_on"), pa.date32()),
        "waits": pa.bool_(),
    }
    bound = {**parameters, "places": list(provinces), "zone": zone}
    for block in db.blocks(statement, bound, scope, types):
        opened, closed, due = (block[name].to_numpy() for name in ("opened_on", "closed_on", "due_on"))
        found = standings(
            *(block["category"].to_numpy(), opened, closed, due, block["waits"].to_numpy()),
            *(subject, db.jurisdiction, filters.today),
        )
        against_limit = {
            "left": pa.array(found.left, mask=~found.has_day),
            "in_working_days": pa.array(found.in_working_days),
            "stopped": pa.array(found.stopped),
        }
        kept = block.drop_columns("waits")
        yield pa.table({**dict(zip(kept.column_names, kept.columns, strict=True)), **against_limit})


def case(db: Database, scope: Scope, subject: str, number: str) -> pd.Series[Any] | None:
    """One case with all that is known of it but the person, as a row; ``None`` when the scope has none of that number.

    Beside the subject's own columns: ``actor``, ``since``, and those of `limits.against`.
    """
    entitled(scope, subject)
    statement = f"SELECT {_columns(SUBJECTS[subject])} FROM {subject} WHERE id = :number AND {IN_SCOPE}"
    found = db.frame(statement, {"number": number}, scope)
    if found.empty:
        return None
    return against(found, subject, db.jurisdiction, db.today()).iloc[0]


def numbered(db: Database, scope: Scope, number: str) -> pd.DataFrame:
    """The cases of a number, of every subject in scope. Columns: ``subject``, and those that say which case it is."""
    parts = [f"{_found(subject)} WHERE id = :number AND {IN_SCOPE}" for subject in _open_to(scope)]
    return db.frame(" UNION ALL ".join(parts), {"number": number}, scope) if parts else pd.DataFrame(columns=_FOUND)


def of_pair(db: Database, scope: Scope, pair: Pair) -> pd.DataFrame:
    """The cases of a person at a workshop, the newest first. Columns as `numbered`.

    Procedures and benefits name no workshop: those of the person are found when a registration in scope ties the
    person to the workshop.
    """
    seen = _open_to(scope)
    person = f"person_hash = :person AND {IN_SCOPE}"
    tied = f"EXISTS (SELECT FROM registrations WHERE workshop_code = :workshop AND {person})"
    parts = [
        f"{_found(subject)} WHERE {person} AND {'workshop_code = :workshop' if own else tied}"
        for subject, own in ((subject, _has(subject, "workshop_code")) for subject in seen)
        if _has(subject, "person_hash") and (own or "registrations" in seen)
    ]
    if not parts:
        return pd.DataFrame(columns=_FOUND)
    statement = f"{' UNION ALL '.join(parts)} ORDER BY opened_at DESC, id LIMIT {_MOST_FOUND}"
    return db.frame(statement, {"person": pair.person_hash, "workshop": pair.workshop_code}, scope)


def coverage(db: Database, scope: Scope, pair: Pair) -> Coverage:
    """Whether a person at a workshop is covered, and why: asked of the premium register, which knows no provinces, by
    those who see registrations.
    """
    entitled(scope, "registrations")
    return covered(db, pair)


def _rows(db: Database, filters: Filters, scope: Scope, asked: Asked, limit: int) -> tuple[pd.DataFrame, bool]:
    """At most ``limit`` cases from a place on, in the order of the list, and whether there are more beyond them."""
    flow = FLOWS[asked.subject]
    key, way, provinces = _order(db, filters, scope, asked)
    order = f"place {way}, id {way}"
    conditions, parameters = _conditions(db, filters, asked)
    if cursor := asked.after or asked.before:
        parse = date if asked.by_due else datetime
        conditions.append(f"({key}, id) {'>' if way == 'ASC' else '<'} (:at, :number)")
        parameters |= {"at": parse.fromisoformat(cursor[0]), "number": cursor[1]}
    part = (
        f"SELECT id, {key} AS place FROM {asked.subject} WHERE {{}} AND {IN_SCOPE} AND {' AND '.join(conditions)} "
        f"ORDER BY {key} {way}, id {way} LIMIT :rows"
    )
    # Each province has to find a page of its own, all together only one, but among the cases of every other.
    if asked.only_open or asked.gap in GAPS[asked.subject] or len(provinces) ** 2 <= len(db.jurisdiction.provinces):
        of_page = (
            "SELECT f.id, f.place FROM unnest(CAST(:places AS text[])) AS p (code) CROSS JOIN LATERAL ("
            f"{part.format('province = p.code')}) f ORDER BY {order} LIMIT :rows"
        )
    else:
        of_page = part.format("province = ANY(CAST(:places AS text[]))")
    frame = db.frame(
        f"SELECT {key} AS place, {', '.join(_listed(asked.subject))}, {turns.actor(flow)} AS actor, "
        f"{turns.since(flow)} AS since FROM {asked.subject} WHERE id IN (SELECT id FROM ({of_page}) of_page) "
        f"AND {IN_SCOPE} ORDER BY {order}",
        {**parameters, "places": list(provinces), "rows": limit + 1},
        scope,
    )
    beyond = len(frame) > limit
    frame = frame.head(limit)
    return (frame.iloc[::-1].reset_index(drop=True) if asked.before else frame), beyond


def _order(db: Database, filters: Filters, scope: Scope, asked: Asked) -> tuple[str, str, tuple[str, ...]]:
    """What a list is ordered by, which way, and the provinces whose cases it holds. NotEntitled where it holds none."""
    entitled(scope, asked.subject)
    key = f"coalesce(due_on, DATE '{_NO_DAY}')" if asked.by_due else "opened_at"
    narrowed = scope.narrow(filters.provinces)
    provinces = tuple(province.code for province in db.jurisdiction.provinces) if narrowed is None else narrowed
    return key, "ASC" if asked.by_due != bool(asked.before) else "DESC", provinces


def _conditions(db: Database, filters: Filters, asked: Asked) -> tuple[list[str], dict[str, Any]]:
    """What the filters and the state asked for make of a list."""
    zone = db.jurisdiction.timezone
    window = filters.asked
    parameters: dict[str, Any] = {"today": filters.today}
    conditions: list[str] = []
    if not asked.ever:
        conditions += ["opened_at >= :start", "opened_at < :end"]
        parameters["start"] = datetime.combine(window.start, time(), zone)
        parameters["end"] = datetime.combine(window.end + timedelta(days=1), time(), zone)
    by_name = heeded(filters, asked.subject)
    for name, column, values in (
        ("channel", "channel", filters.channels),
        ("office", "office", filters.offices),
        ("category", "category", filters.categories),
    ):
        if values and name in by_name:
            conditions.append(f"{column} = ANY(CAST(:{name} AS text[]))")
            parameters[name] = list(values)
    if filters.trait and "trait" in by_name:
        conditions.append(_trait(filters.trait, parameters))
    if asked.only_open:
        conditions.append("closed_at IS NULL")
    if asked.turn:
        conditions.append(f"{turns.actor(FLOWS[asked.subject])} = :turn")
        parameters["turn"] = asked.turn
    conditions += _gap(asked)
    # Days due are said of the same expression that their index holds.
    due = f"coalesce(due_on, DATE '{_NO_DAY}')"
    if asked.state == "closed":
        conditions.append("closed_at IS NOT NULL")
    elif asked.state == "late":
        conditions.append(f"{due} < :today")
    elif asked.state in _WITHIN:
        conditions.append(f"{due} >= :today AND {due} < :term")
        parameters["term"] = db.jurisdiction.workdays.add(filters.today, _WITHIN[asked.state])
    return conditions or ["true"], parameters


def _gap(asked: Asked) -> list[str]:
    """The conditions for standing in a gap, in the words of the index of those who are not paid yet."""
    gap = GAPS[asked.subject].get(asked.gap)
    if gap is None:
        return []
    return [f"outcome = '{gap.when}'", f"{gap.at} IS NOT NULL", *(f"{never} IS NULL" for never in gap.unless)]


def _trait(trait: str, parameters: dict[str, Any]) -> str:
    """The condition for a trait as filters name it: ``sector:construction``, ``age:25-34``, ``age:55+``."""
    name, _, value = trait.partition(":")
    if name == CLAIMS:
        parameters["trait"] = value
        return f":trait = ANY({name})"
    if name != "age":
        parameters["trait"] = value
        return f"{name} = :trait"
    first = int(value.rstrip("+").partition("-")[0])
    parameters["youngest"] = first
    above = next((edge for edge in AGE_BANDS if edge > first), None)
    if above is None:
        return "age >= :youngest"
    parameters["oldest"] = above
    return "age >= :youngest AND age < :oldest"


def _listed(subject: str) -> list[str]:
    return [name for name in (*_IN_LIST, *_WAITS) if _has(subject, name)]


def _columns(subject: Subject) -> str:
    """All that a case's page may show: everything but who it is."""
    flow = FLOWS[subject.key]
    names = [field.column for field in subject.columns if field.kind != "person"]
    return f"{', '.join(names)}, {turns.actor(flow)} AS actor, {turns.since(flow)} AS since"


def _found(subject: str) -> str:
    return f"SELECT '{subject}' AS {', '.join(_FOUND)} FROM {subject}"


def _has(subject: str, column: str) -> bool:
    return any(field.column == column for field in SUBJECTS[subject].columns)
