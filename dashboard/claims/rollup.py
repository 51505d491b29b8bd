"""From facts to rollups: the SQL that counts what a set of cases contributes to every cube.

Everything here is generated from the declarations in ``flows`` and ``cubes``. The same contribution statement runs over
the old rows of the touched cases with weight -1 and over their new rows with +1; a replay therefore adds nothing, and a
correction or a late row needs no special case. All statements are set-based and touch cells in the order of their key,
so that concurrent loaders of different subjects never wait for each other in a ring.
"""

from __future__ import annotations

from dashboard.claims.cubes import AGE_EDGES, FACETS, HOUR, PENDING, Cube
from dashboard.claims.flows import CLOSED, FLOWS, OPENED, Flow

_EDGES = f"ARRAY[{','.join(map(str, AGE_EDGES))}]"

EVENT_COLUMNS = {
    "subject": "text",
    "milestone": "text",
    "day": "date",
    "month": "date",
    "hour": "timestamptz",
    "opened_day": "date",
    "province": "text",
    "office": "text",
    "category": "text",
    "channel": "text",
    "outcome": "text",
    "reason": "text",
    "timing": "text",
    "sector": "text",
    "skill": "text",
    "sex": "text",
    "age_band": "text",
    "cause": "text",
    "age": "smallint",
    "actor": "text",
    "due_on": "date",
    "source": "text",
    "weight": "integer",
}
"""What one event carries: a case (or a tally of ``weight`` cases) at one milestone."""

NO_DAY = "0001-01-01"
"""Stands for "no day" in a key column, where NULL cannot."""


def create_events() -> str:
    """The temporary table the contributions of one merge are gathered in."""
    columns = ", ".join(f"{name} {kind}" for name, kind in EVENT_COLUMNS.items())
    return f"CREATE TEMP TABLE IF NOT EXISTS events ({columns}) ON COMMIT DELETE ROWS"


def insert_events(flow: Flow, rows: str, sign: int, time_zone: str) -> str:
    """Add to ``events`` what the fact rows of the relation ``rows`` contribute, each with weight ``sign``."""
    return f"INSERT INTO events {select_events(flow, rows, sign, time_zone)}"


def select_events(flow: Flow, rows: str, sign: int, time_zone: str) -> str:
    """One event for every milestone the cases of ``rows`` have passed, and a pending one for each open case."""
    values = [
        f"('{step.key}', {step.at}, {_or_empty(step.outcome)}, {_or_empty(step.reason)}, {_or_empty(step.timing)})"
        for step in flow.milestones
    ]
    opened, closed = flow.milestone(OPENED).at, flow.milestone(CLOSED).at
    if not flow.unnest:
        values.append(f"('{PENDING}', CASE WHEN {closed} IS NULL THEN {opened} END, '', '', '')")
    # OFFSET 0 keeps the planner from computing the day again at every use.
    source = f"{rows} f CROSS JOIN LATERAL (SELECT ({opened} AT TIME ZONE '{time_zone}')::date AS opened_day OFFSET 0) o"
    if flow.unnest:
        source += f" CROSS JOIN LATERAL unnest(f.{flow.unnest}) AS u({flow.category})"
    local = f"(m.at AT TIME ZONE '{time_zone}')"
    # Truncating every moment to its hour is the dearest expression here, and only the last weeks' hours are kept.
    hour = f"CASE WHEN d.day >= (SELECT day FROM cube_horizons WHERE cube = '{HOUR.table}') THEN date_trunc('hour', m.at) END"

    def person(column: str, expression: str) -> str:
        return expression if column in flow.person else "''"

    age_band = (
        "CASE WHEN age IS NULL THEN '' WHEN age < 25 THEN '15-24' WHEN age < 35 THEN '25-34' "
        "WHEN age < 45 THEN '35-44' WHEN age < 55 THEN '45-54' ELSE '55+' END"
    )
    return (
        f"SELECT '{flow.subject}', m.milestone, d.day, d.month, {hour}, opened_day, province, "
        f"coalesce(office, ''), {flow.category}, coalesce(channel, ''), m.outcome, m.reason, m.timing, "
        f"{person('sector', _or_empty('sector'))}, {person('skill', _or_empty('skill'))}, "
        f"{person('sex', _or_empty('sex'))}, {person('age', age_band)}, {person('cause', _or_empty('cause'))}, "
        f"({_EDGES})[width_bucket(greatest(d.day - opened_day, 0), {_EDGES})]::smallint, "
        f"{flow.next_actor}, {_due(flow)}, 'cases', {sign} "
        f"FROM {source} CROSS JOIN LATERAL (VALUES {', '.join(values)}) AS m(milestone, at, outcome, reason, timing) "
        f"JOIN calendar_days d ON d.day = {local}::date WHERE m.at IS NOT NULL"
    )


def select_tally_events(rows: str, sign: int) -> str:
    """The events of tallies: counts a province sent instead of cases, told apart by their source."""
    return (
        "SELECT subject, milestone, d.day, d.month, NULL::timestamptz, d.day, province, '', category, "
        f"coalesce(channel, ''), coalesce(outcome, ''), '', '', '', '', '', '', '', 0::smallint, '', '{NO_DAY}'::date, "
        f"'tally', ({sign} * n)::integer FROM {rows} f JOIN calendar_days d ON d.day = f.day"
    )


def add_events(cube: Cube) -> str:
    """Add the gathered events to the cells of a cube."""
    key = ", ".join(cube.key)
    return (
        # In the order of the key the index is written from left to right.
        f"INSERT INTO {cube.table} AS c ({key}, n) SELECT * FROM ({count_events(cube, 'events')} "
        f"HAVING sum(weight) <> 0 OFFSET 0) t ORDER BY {key} ON CONFLICT ({key}) DO UPDATE SET n = c.n + excluded.n"
    )


def count_events(cube: Cube, events: str) -> str:
    """The cells of a cube counted from a relation of events, without HAVING or ORDER."""
    key = ", ".join(cube.key)
    source = f"{events} e"
    conditions = _counted(cube)
    if cube.facets:
        values = ", ".join(f"('{facet}', e.{facet})" for facet in FACETS)
        source += f" CROSS JOIN LATERAL (VALUES {values}) AS f(facet, value)"
        conditions += " AND f.value <> ''"
    return f"SELECT {key}, sum(weight) AS n FROM {source} WHERE {conditions} GROUP BY {key}"


def flows_of(table: str) -> tuple[Flow, ...]:
    """The flows that read a fact table."""
    return tuple(flow for flow in FLOWS.values() if flow.table == table)


def _counted(cube: Cube) -> str:
    conditions = []
    if cube.milestones:
        conditions.append(f"milestone IN ({_quoted(cube.milestones)})")
    else:
        conditions.append(f"milestone NOT IN ({_quoted((PENDING, *cube.without))})")
    if not cube.tallies:
        conditions.append("source = 'cases'")
    if cube.keep_days:
        conditions.append(f"day >= (SELECT day FROM cube_horizons WHERE cube = '{cube.table}')")
    return " AND ".join(conditions)


def _due(flow: Flow) -> str:
    return f"coalesce({flow.due}, '{NO_DAY}'::date)" if flow.due else f"'{NO_DAY}'::date"


def _or_empty(expression: str) -> str:
    return f"coalesce({expression}, '')" if expression else "''"


def _quoted(keys: tuple[str, ...]) -> str:
    return ", ".join(f"'{key}'" for key in keys)


