"""From facts to rollups: the SQL that counts what a set of cases contributes to every cube.

Everything here is generated from the declarations in ``flows`` and ``cubes``. The same contribution statement runs over
the old rows of the touched cases with weight -1 and over their new rows with +1; a replay therefore adds nothing, and a
correction or a late row needs no special case. All statements are set-based. Loaders of different subjects touch
different cells, and those of one subject wait for each other, so that no two can wait in a ring.
"""

from __future__ import annotations

from dashboard.claims.cubes import AGE_BANDS, AGE_EDGES, HOUR, PENDING, Cube
from dashboard.claims.flows import CLOSED, DECIDED, FLOWS, OPENED, Flow

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
    "traits": "text[]",
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
    # OFFSET 0 keeps the planner from computing the same again for every milestone.
    source = (
        f"{rows} f CROSS JOIN LATERAL (SELECT ({opened} AT TIME ZONE '{time_zone}')::date AS opened_day, "
        f"{_traits(flow)} AS traits OFFSET 0) o"
    )
    if flow.unnest:
        source += f" CROSS JOIN LATERAL unnest(f.{flow.unnest}) AS u({flow.category})"
    local = f"(m.at AT TIME ZONE '{time_zone}')"
    # Truncating every moment to its hour is the dearest expression here, and only the last weeks' hours are kept.
    hour = f"CASE WHEN d.day >= (SELECT day FROM cube_horizons WHERE cube = '{HOUR.table}') THEN date_trunc('hour', m.at) END"
    traits = f"CASE WHEN m.milestone IN ('{OPENED}', '{DECIDED}') THEN traits END"
    return (
        f"SELECT '{flow.subject}', m.milestone, d.day, d.month, {hour}, opened_day, province, "
        f"coalesce(office, ''), {flow.category}, coalesce(channel, ''), m.outcome, m.reason, m.timing, "
        f"{traits}, "
        f"({_EDGES})[width_bucket(greatest(d.day - opened_day, 0), {_EDGES})]::smallint, "
        f"{flow.next_actor}, {_due(flow)}, 'cases', {sign} "
        f"FROM {source} CROSS JOIN LATERAL (VALUES {', '.join(values)}) AS m(milestone, at, outcome, reason, timing) "
        f"JOIN calendar_days d ON d.day = {local}::date WHERE m.at IS NOT NULL"
    )


def select_tally_events(rows: str, sign: int) -> str:
    """The events of tallies: counts a province sent instead of cases, told apart by their source."""
    return (
        "SELECT subject, milestone, d.day, d.month, NULL::timestamptz, d.day, province, '', category, "
        f"coalesce(channel, ''), coalesce(outcome, ''), '', '', NULL::text[], 0::smallint, '', '{NO_DAY}'::date, "
        f"'tally', ({sign} * n)::integer FROM {rows} f JOIN calendar_days d ON d.day = f.day"
    )


def add_events(cube: Cube) -> str:
    """Add the gathered events to the cells of a cube.

    MERGE and not INSERT … ON CONFLICT, which takes three times as long over cells that exist: nobody else writes the
    cells of a subject while its lock is held, so there is nothing to conflict with.
    """
    key = ", ".join(cube.key)
    same = " AND ".join(f"c.{name} = d.{name}" for name in cube.key)
    values = ", ".join(f"d.{name}" for name in cube.key)
    # In the order of the key the index is written from left to right.
    return (
        f"MERGE INTO {cube.table} c USING (SELECT * FROM ({count_events(cube, 'events')} "
        f"HAVING sum(weight) <> 0 OFFSET 0) t ORDER BY {key}) d ON {same} "
        f"WHEN MATCHED THEN UPDATE SET n = c.n + d.n WHEN NOT MATCHED THEN INSERT ({key}, n) VALUES ({values}, d.n)"
    )


def count_events(cube: Cube, events: str) -> str:
    """The cells of a cube counted from a relation of events, without HAVING or ORDER."""
    key = ", ".join(cube.key)
    source = f"{events} e"
    conditions = _counted(cube)
    if cube.traits:
        conditions += " AND trait IS NOT NULL"
        source += " CROSS JOIN LATERAL unnest(e.traits) AS t(trait)"
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


def _traits(flow: Flow) -> str:
    """The traits of a case as an array of ``name:value``; NULL for what is not known."""
    if not flow.traits:
        return "NULL::text[]"
    bands = " ".join(
        f"WHEN age < {above} THEN 'age:{edge}-{above - 1}'" for edge, above in zip(AGE_BANDS, AGE_BANDS[1:], strict=False)
    )
    known = {"age": f"CASE {bands} WHEN age IS NOT NULL THEN 'age:{AGE_BANDS[-1]}+' END"}
    elements = [known.get(name, f"'{name}:' || {name}") for name in flow.traits]
    return f"ARRAY[{', '.join(elements)}]"


def _due(flow: Flow) -> str:
    return f"coalesce({flow.due}, '{NO_DAY}'::date)" if flow.due else f"'{NO_DAY}'::date"


def _or_empty(expression: str) -> str:
    return f"coalesce({expression}, '')" if expression else "''"


def _quoted(keys: tuple[str, ...]) -> str:
    return ", ".join(f"'{key}'" for key in keys)


