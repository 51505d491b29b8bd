"""Each wall with the other removed, and what the second one costs.

Answers are held against those of a database that holds nothing but what the person may see: they must be the same,
whatever else there is in the other. So nothing that lies outside can have reached a figure, a mean, a rank or a list.
What is marked outside (`ground.plant`) is looked for besides.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson
from psycopg import sql
from sqlalchemy import Connection

from benchmarks.ground import scratch
from benchmarks.security import Findings
from benchmarks.security.ground import CANARY, Ground, ground, plain, same, unwall
from dashboard.claims.database import Database
from dashboard.claims.walls import OutOfScope
from dashboard.filters import SUBJECTS, Filters
from dashboard.scope import NATION, NOTHING, Scope
from layouts.pages import pages_of
from queries import attention, cases, judgement, presence, problems, subjects
from queries.cases import LISTED, STATES, Asked, NotEntitled

TRIES = 4_000
ROUNDS = 9
MOST = 1.25
"""How much longer all panels together may take with policies than without."""
MORE = 7
"""Added to each count outside: enough to be seen where answers are held against each other."""
WAYS = ("policies alone", "statements alone")
Question = Callable[[Database, Filters, Scope], Any]


@dataclass(frozen=True)
class Unasked(Database):
    """A database whose first wall is gone: for whomever a statement speaks, the settings are those of the person."""

    person: Scope = NOTHING

    def reading(self, scope: Scope) -> Any:  # noqa: ARG002  it is the person's, whoever the statement speaks for
        """A connection of the person."""
        return super().reading(self.person)


def run(tries: int, on: Ground | None = None, persons: tuple[str, ...] = ()) -> Findings:
    """Ask as each of the ``persons`` (all unless named), with each wall removed in turn."""
    findings = Findings("each wall with the other removed", tries, "0 leaks")
    if on is not None:
        _held(on, tries, persons, findings)
        return findings
    with scratch() as folder:
        for jurisdiction in ("ir", "vn"):
            with ground(Path(folder), jurisdiction) as made:
                _held(made, tries // 2, persons, findings)
        with ground(Path(folder) / "cost", cases=300_000) as made:
            cost(made, findings)
    return findings


def _held(on: Ground, tries: int, persons: tuple[str, ...], findings: Findings) -> None:
    for name, scope in on.persons.items():
        if not persons or name in persons:
            _hold(on, name, scope, -(-tries // (len(persons) or len(on.persons)) // len(WAYS)), findings)


def _hold(on: Ground, name: str, scope: Scope, tries: int, findings: Findings) -> None:
    questions = list(_questions(on.whole))
    told = telling = 0
    with on.planted(scope, MORE) as full, on.stripped(scope) as bare:
        for way in WAYS:
            there, wanted, said = full, bare, scope
            if way == "policies alone":
                there, wanted, said = _unasked(full, scope), _unasked(bare, scope), NATION
            else:
                unwall(full)
            for number in range(tries):
                key, question = questions[number % len(questions)]
                filters = asked_by(on, random.Random(f"{name} {number}"))
                answer, expected = (_answer(question, db, filters, said) for db in (there, wanted))
                if not same(answer, expected):
                    findings.found.append(f"{name}, {way}: {key} tells of what lies outside, {filters.to_query()}")
                elif CANARY.encode() in orjson.dumps(answer):
                    findings.found.append(f"{name}, {way}: {key} names what lies outside, {filters.to_query()}")
                if way == "policies alone" and number % 4 == 0:
                    told += 1
                    telling += not same(_answer(question, on.whole, filters, NATION), answer)
            there.close()
            wanted.close()
    on.whole.close()
    key = f"{on.whole.jurisdiction.key}, {name}: questions that tell more where both walls are removed"
    findings.figures[key] = f"{telling:,} of {told:,}"


def _unasked(db: Database, person: Scope) -> Database:
    return Unasked(db.url, db.jurisdiction, db.demo, person)


def _answer(question: Question, db: Database, filters: Filters, scope: Scope) -> Any:
    try:
        return plain(question(db, filters, scope))
    except (NotEntitled, OutOfScope):
        return "not entitled"


def _questions(db: Database) -> Iterator[tuple[str, Question]]:
    """Everything that can be asked: each panel under any subject, choices, lists, single cases, look-ups."""

    def of_panel(panel: Any) -> Question:
        def ask(db: Database, filters: Filters, scope: Scope) -> Any:
            about = panel.about(filters.subject)
            return about.query(db, about.heeded(filters), scope)

        return ask

    for page in pages_of(db.jurisdiction):
        for panel in page.panels:
            yield panel.key, of_panel(panel)
    yield "presence", presence.presence
    yield "loaded", subjects.loaded
    yield "targets", judgement.targets
    yield "annotations", judgement.annotated
    yield "reports that wait", lambda db, _, scope: problems.waiting(db, scope)
    yield "feeds that are silent", lambda db, _, scope: attention.silent(db, scope)
    for place, subject in enumerate(LISTED):
        yield f"list of {subject}", _list(subject, STATES[place])
        yield f"cases of {subject} by number", _numbered(subject)


def _list(subject: str, state: Any) -> Question:
    def ask(db: Database, filters: Filters, scope: Scope) -> Any:
        page = cases.page(db, filters, scope, Asked(subject, state))
        further = [cases.page(db, filters, scope, page.next).rows] if page.next else []
        return [page.rows, *further]

    return ask


def _numbered(subject: str) -> Question:
    """Looking up cases by their numbers, own and others': those that the table has, whoever may see them."""

    def ask(db: Database, _: Filters, scope: Scope) -> Any:
        with db.write() as owner:
            statement = sql.SQL("SELECT province, min(id), max(id) FROM {} GROUP BY province ORDER BY province")
            rows = owner.execute(statement.format(sql.Identifier(subject))).fetchall()
        found = []
        for _, *numbers in rows:
            for number in numbers:
                one = cases.case(db, scope, subject, number)
                found += [plain(one)] if one is not None else []
                found += plain(cases.numbered(db, scope, number))[1]
        return found

    return ask


def asked_by(on: Ground, chance: random.Random) -> Filters:
    """Any question: of all places, one's own, others', or both."""
    db = on.whole
    own, foreign = on.own, tuple(p.code for p in db.jurisdiction.provinces if p.code not in on.own)
    subject = chance.choice(SUBJECTS)
    day = db.today()
    codes = db.jurisdiction.codes
    provinces = chance.choice([(), (), own[:1], own, (chance.choice(foreign),), (own[0], chance.choice(foreign))])
    filters = Filters(
        day,
        chance.choice(["jalali", "gregorian"]),
        period=chance.choice(["30d", "90d", "month", "12m", "today"]),
        provinces=tuple(sorted(provinces)),
        compare=chance.choice(["previous", "year", "none"]),
        subject=subject,
        usual=subject,
        official=db.jurisdiction.calendar,
    )
    if len(provinces) == 1 and chance.random() < 0.3:
        offices = [office.code for office in db.jurisdiction.offices if office.province == provinces[0]]
        return replace(filters, offices=(chance.choice(offices),)) if offices else filters
    if chance.random() < 0.2:
        return replace(filters, trait=f"sector:{chance.choice(codes['sectors']).key}")
    if chance.random() < 0.2:
        return replace(filters, channels=(chance.choice(codes["channels"]).key,))
    return filters


def cost(on: Ground, findings: Findings) -> None:
    """Ask every panel with the policies and without them, in turns: the second wall's price."""
    with on.copy() as walled, on.copy() as open_:
        unwall(open_)
        for name, scope in (("nation", NATION), ("one province", on.persons["one province"])):
            times: dict[str, tuple[list[float], list[float]]] = {}
            for number in range(ROUNDS):
                for place, db in enumerate((walled, open_) if number % 2 else (open_, walled)):
                    for page in pages_of(db.jurisdiction):
                        for panel in page.panels:
                            subject = panel.subject if panel.subject in SUBJECTS else page.subject or SUBJECTS[0]
                            filters = Filters(db.today(), "jalali", period="12m", subject=subject, official="jalali")
                            begun = time.perf_counter()
                            panel.query(db, panel.heeded(filters), scope)
                            taken = times.setdefault(panel.key, ([], []))[place if number % 2 else 1 - place]
                            taken.append((time.perf_counter() - begun) * 1000)
            best = {key: (min(with_), min(without)) for key, (with_, without) in times.items()}
            ratios = [with_ / without for with_, without in best.values()]
            whole = sum(with_ for with_, _ in best.values()) / sum(without for _, without in best.values())
            dearest = max(best, key=lambda key: best[key][0] - best[key][1])
            with_, without = best[dearest]
            findings.figures[f"cost, {name}: all panels with ÷ without policies"] = f"{whole:.3f} (at most {MOST})"
            findings.figures[f"cost, {name}: median panel"] = (
                f"{statistics.median(ratios):.3f}, {statistics.median(w - o for w, o in best.values()):+.2f} ms"
            )
            findings.figures[f"cost, {name}: the dearest panel"] = f"{dearest}, {without:.1f} → {with_:.1f} ms"
            if whole > MOST:
                findings.found.append(f"the second wall costs {name} {whole:.2f} times the time of all panels")
        findings.figures["cost of setting the scope"] = f"{_settings(walled):.2f} ms a statement"


def _settings(db: Database) -> float:
    """What it takes, in ms, to set the scope of a transaction: a statement with it against one without."""

    def median(connected: Callable[[], Any]) -> float:
        times = []
        for _ in range(200):
            begun = time.perf_counter()
            with connected() as connection:
                _one(connection)
            times.append((time.perf_counter() - begun) * 1000)
        return statistics.median(times)

    return median(lambda: db.reading(NATION)) - median(db.engine.connect)


def _one(connection: Connection) -> None:
    connection.exec_driver_sql("SELECT 1").all()
