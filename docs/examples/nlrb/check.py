"""Counts what the two files of the example hold, and compares it with what the claims database says.

    python -m docs.examples.nlrb.check nlrb_2010_petitions.csv nlrb_2010_actions.csv

The counting shares no code with Rasad: `csv`, dictionaries, and rules of its own for what is left out. Rasad only opens
the database, which is then read with plain SQL. Ends with status 1 when a single count differs.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg

from dashboard.commands.opening import one_sentence, opened, settings_with

AS_OF = date(2011, 6, 10)
AIM_DAYS, AIM_TYPES, AIM_FROM, AIM_TO = 100, ("RC", "RD", "RM"), date(2006, 10, 1), date(2012, 9, 30)
OUTCOMES = {
    "Rep": "certified_representative",
    "Resul": "certified_results",
    "With": "withdrawn",
    "Dismi": "dismissed",
    "UniCl": "unit_clarified",
    "Trans": "transferred",
    "AmCrt": "amended",
    "Admin": "administrative",
    "": "",
}
MILESTONES = {
    "RRAGR.Appr": "conciliation",
    "RPRHR.Open": "hearing",
    "RPSHR.Open": "hearing",
    "RPRRD.Issue": "ruling",
    "RPSRD.Actn": "ruling",
    "RCERT.Rep": "ruling",
    "RCERT.Resul": "ruling",
    "RDISM.Lettr": "ruling",
    "RPEBD.Recvd": "appealed",
    "RPOBD.Recvd": "appealed",
    "RPEBD.Rulng": "appeal_ruling",
    "RPEBD.BdDec": "appeal_ruling",
    "RPOBD.Rulng": "appeal_ruling",
    "RPOBD.BdDec": "appeal_ruling",
}
STEPS = ("conciliation", "hearing", "ruling", "appealed", "appeal_ruling")

Key = tuple[Any, ...]
Counts = dict[str, Counter[Key]]


@dataclass
class Case:
    """A petition that can be true, and the first day of each milestone."""

    id: str
    office: str
    type: str
    filed: date
    closed: date | None
    outcome: str
    steps: dict[str, date] = field(default_factory=dict)

    @property
    def due(self) -> date | None:
        """The day the Board's aim of 100 days ends, where it has one."""
        aimed = self.type in AIM_TYPES and AIM_FROM <= self.filed <= AIM_TO
        return self.filed + timedelta(days=AIM_DAYS) if aimed else None

    @property
    def timing(self) -> str:
        """Whether it was closed by then."""
        if self.closed is None or self.due is None:
            return ""
        return "early" if self.closed < self.due else "on_time" if self.closed == self.due else "late"


@dataclass(frozen=True, order=True)
class LeftOut:
    """A row that is not counted."""

    file: str
    line: int
    why: str
    row: str = field(compare=False)


def rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV file with the line each ends on; no value in the files runs over a line."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            yield reader.line_num, row


def cases_of(petitions: Path, actions: Path) -> tuple[dict[str, Case], list[LeftOut]]:
    """The cases by number, and the rows left out."""
    cases: dict[str, Case] = {}
    out: list[LeftOut] = []
    for line, row in rows(petitions):
        filed = date.fromisoformat(row["date_filed"])
        closed = date.fromisoformat(row["date_closed"]) if row["date_closed"] else None
        if closed and closed > AS_OF:
            out.append(LeftOut(petitions.name, line, "after_as_of", ",".join(row.values())))
        elif closed and closed < filed:
            out.append(LeftOut(petitions.name, line, "closed_before_opened", ",".join(row.values())))
        else:
            outcome = OUTCOMES[row["closing_method"]]
            cases[row["case_number"]] = Case(
                row["case_number"], row["office"], row["case_type"], filed, closed, outcome
            )
    for line, row in rows(actions):
        step = MILESTONES.get(row["action"])
        if step is None:
            continue
        at, case = date.fromisoformat(row["action_date"]), cases.get(row["case_number"])
        why = (
            "after_as_of"
            if at > AS_OF
            else "unknown_case"
            if case is None
            else "milestone_before_opened"
            if at < case.filed
            else ""
        )
        if why or case is None:
            out.append(LeftOut(actions.name, line, why, ",".join(row.values())))
        else:
            case.steps[step] = min(at, case.steps.get(step, at))
    return cases, sorted(out)


def expected(cases: dict[str, Case]) -> Counts:
    """What the files say: for every question the count under each key."""
    counts: Counts = {question: Counter() for question in QUESTIONS}
    for case in cases.values():
        opened, office = case.filed, case.office
        steps = (case.steps.get(step) for step in STEPS)
        counts["cases, column by column"][
            (case.id, office, case.type, opened, case.closed, case.outcome, case.timing, case.due, *steps)
        ] += 1
        counts["filed by office"][(office,)] += 1
        counts["filed by type"][(case.type,)] += 1
        counts["filed by day"][(opened,)] += 1
        counts["filed by month, office, type"][(_month(opened), office, case.type)] += 1
        if case.closed:
            counts["closed by day, office, outcome, timing"][(case.closed, office, case.outcome, case.timing)] += 1
            counts["closed by month"][(_month(case.closed),)] += 1
            counts["closed by month, office, type, outcome"][
                (_month(case.closed), office, case.type, case.outcome)
            ] += 1
            if (case.closed - opened).days <= 90:
                counts["closed within 90 days, by month of closing"][(_month(case.closed),)] += 1
                counts["closed within 90 days, by day of filing"][(opened,)] += 1
        else:
            counts["open now by day of filing, office, type, day due"][(opened, office, case.type, case.due)] += 1
        for day in _month_ends():
            if opened <= day and not (case.closed and case.closed <= day):
                counts["backlog at the end of 24 months, by office"][(day, office)] += 1
        for step, at in case.steps.items():
            counts["milestones by month"][(step, _month(at))] += 1
            counts["milestones by day and office"][(step, at, office)] += 1
    return counts


_DISPUTES = "subject = 'disputes' AND source = 'cases'"
_STEPS = f"milestone IN {STEPS}"
_ZONE = "AT TIME ZONE 'America/New_York'"
QUESTIONS = {
    "cases, column by column": (
        f"SELECT id, province, category, (opened_at {_ZONE})::date, (closed_at {_ZONE})::date, coalesce(outcome, ''), "
        "coalesce(timing, ''), due_on, " + ", ".join(f"({step}_at {_ZONE})::date" for step in STEPS) + ", 1 "
        "FROM disputes WHERE office = province"
    ),
    "filed by office": f"SELECT province, sum(n) FROM day_cells WHERE {_DISPUTES} AND milestone = 'opened' GROUP BY 1",
    "filed by type": (
        f"SELECT category, sum(n) FROM month_full_cells WHERE {_DISPUTES} AND milestone = 'opened' GROUP BY 1"
    ),
    "filed by day": f"SELECT day, sum(n) FROM day_cells WHERE {_DISPUTES} AND milestone = 'opened' GROUP BY 1",
    "filed by month, office, type": (
        "SELECT month, province, category, sum(n) FROM month_full_cells "
        f"WHERE {_DISPUTES} AND milestone = 'opened' GROUP BY 1, 2, 3"
    ),
    "closed by month": f"SELECT month, sum(n) FROM month_cells WHERE {_DISPUTES} AND milestone = 'closed' GROUP BY 1",
    "closed by day, office, outcome, timing": (
        "SELECT day, province, outcome, timing, sum(n) FROM day_full_cells "
        f"WHERE {_DISPUTES} AND milestone = 'closed' GROUP BY 1, 2, 3, 4"
    ),
    "closed by month, office, type, outcome": (
        "SELECT month, office, category, outcome, sum(n) FROM office_month_cells "
        f"WHERE {_DISPUTES} AND milestone = 'closed' GROUP BY 1, 2, 3, 4"
    ),
    "closed within 90 days, by month of closing": (
        f"SELECT month, sum(n) FROM duration_cells WHERE {_DISPUTES} AND milestone = 'closed' AND age < 91 GROUP BY 1"
    ),
    "closed within 90 days, by day of filing": (
        "SELECT opened_day, sum(n) FROM cohort_cells "
        f"WHERE {_DISPUTES} AND milestone = 'closed' AND age < 91 GROUP BY 1"
    ),
    "open now by day of filing, office, type, day due": (
        "SELECT opened_day, province, category, nullif(due_on, '0001-01-01'), sum(n) FROM pending_cells "
        f"WHERE {_DISPUTES} GROUP BY 1, 2, 3, 4"
    ),
    "backlog at the end of 24 months, by office": (
        "SELECT e.day, c.province, sum(CASE milestone WHEN 'opened' THEN n ELSE -n END) "
        "FROM unnest(%(month_ends)s::date[]) e(day) JOIN day_cells c ON c.day <= e.day "
        f"WHERE {_DISPUTES} AND milestone IN ('opened', 'closed') GROUP BY 1, 2"
    ),
    "milestones by month": (
        f"SELECT milestone, month, sum(n) FROM month_cells WHERE {_DISPUTES} AND {_STEPS} GROUP BY 1, 2"
    ),
    "milestones by day and office": (
        f"SELECT milestone, day, province, sum(n) FROM day_cells WHERE {_DISPUTES} AND {_STEPS} GROUP BY 1, 2, 3"
    ),
}
"""Every question with the statement that asks the claims database: the key, and last the count."""


def found(connection: psycopg.Connection[Any]) -> Counts:
    """What the claims database says."""
    counts: Counts = {}
    for question, statement in QUESTIONS.items():
        parameters = {"month_ends": list(_month_ends())} if "%(" in statement else None
        answer = connection.execute(statement.encode(), parameters).fetchall()
        counts[question] = Counter({tuple(key): int(n) for *key, n in answer if n})
    return counts


def quarantined(connection: psycopg.Connection[Any], *files: str) -> list[LeftOut]:
    """The rows of those files in quarantine, once each however often they were loaded."""
    statement = "SELECT DISTINCT source, line, code FROM quarantine WHERE source = ANY(%s)"
    answer = connection.execute(statement, (list(files),))
    return sorted(LeftOut(source, line, code, "") for source, line, code in answer)


def compare(petitions: Path, actions: Path, connection: psycopg.Connection[Any]) -> int:
    """Print a table of all questions, every count that differs, and the rows left out; how many counts differ."""
    cases, out = cases_of(petitions, actions)
    ours, theirs = expected(cases), found(connection)
    print(f"{'':<52}{'counts':>8}{'cases':>9}{'differ':>8}")
    differing = 0
    for question in QUESTIONS:
        keys = ours[question].keys() | theirs[question].keys()
        wrong = [key for key in keys if ours[question][key] != theirs[question][key]]
        print(f"{question:<52}{len(keys):>8,}{sum(ours[question].values()):>9,}{len(wrong):>8,}")
        for key in sorted(wrong, key=str)[:10]:
            print(f"    {key}: files {ours[question][key]}, database {theirs[question][key]}")
        differing += len(wrong)
    print(f"\n{len(out)} rows are left out of the counts:")
    for one in out:
        print(f"    {one.file}, line {one.line}: {one.why}: {one.row}")
    in_quarantine = quarantined(connection, petitions.name, actions.name)
    print(f"in quarantine: {'the same' if in_quarantine == out else in_quarantine}")
    return differing + (in_quarantine != out)


def _month(day: date) -> date:
    return day.replace(day=1)


def _month_ends() -> Iterator[date]:
    """The last days of the 24 months of 2009 and 2010."""
    for number in range(1, 25):
        yield date(2009 + number // 12, number % 12 + 1, 1) - timedelta(days=1)


def main() -> None:
    """Compare the files named on the command line with the claims database of the example."""
    petitions, actions = (Path(name) for name in sys.argv[1:3])
    with one_sentence():
        database = opened(settings_with(jurisdiction=str(Path(__file__).parent))).database
        with psycopg.connect(database.url) as connection:
            differing = compare(petitions, actions, connection)
    raise SystemExit(1 if differing else 0)


if __name__ == "__main__":
    main()
