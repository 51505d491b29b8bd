"""Merging: whatever the order, the chunks, the repetition and the company, facts and rollups come out the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.claims import cells
from dashboard.claims.cubes import CUBES
from dashboard.claims.database import Database
from dashboard.claims.reconcile import reconcile
from dashboard.claims.subjects import DISPUTES, SUBJECTS, Subject
from dashboard.intake.demo.loading import chunk_of
from dashboard.intake.load import Loaded, Loader

KEY = "a key for tests only, of more than thirty-two characters"
Record = dict[str, str]


def load(database: Database, subject: Subject, *chunks: Sequence[Record]) -> Loaded:
    """Load records chunk by chunk, as one batch."""
    made = [chunk_of(_columns(records, subject), subject) for records in chunks if records]
    return Loader(database, subject, KEY).chunks("test", lambda: made)


def _columns(records: Sequence[Record], subject: Subject) -> dict[str, Any]:
    names = [field.name for field in subject.fields]
    return {name: np.array([record.get(name, "") for record in records], dtype=np.str_) for name in names}


def state(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """All facts and all cells that are not zero."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    with database.write() as connection:
        for subject in SUBJECTS.values():
            columns = ", ".join([field.column for field in subject.columns] + ["content_hash"])
            key = ", ".join(subject.identity)
            found[subject.key] = connection.execute(f"SELECT {columns} FROM {subject.key} ORDER BY {key}").fetchall()
        for cube in CUBES:
            key = ", ".join(cube.key)
            found[cube.table] = connection.execute(
                f"SELECT {key}, n FROM {cube.table} WHERE n <> 0 ORDER BY {key}"
            ).fetchall()
    return found


def empty(database: Database) -> None:
    tables = [*SUBJECTS, *(cube.table for cube in CUBES), "batches", "quarantine", "conflicts", "feeds"]
    with database.write() as connection:
        connection.execute(f"TRUNCATE {', '.join(tables)}")
        connection.commit()


def differences(database: Database) -> list[Any]:
    with database.write() as connection:
        return list(reconcile(connection, database.setting(connection)))


@st.composite
def versions(draw: st.DrawFn) -> list[Record]:
    """Versions of a few disputes: some later, some equally old but different, some the same."""
    made = []
    for _ in range(draw(st.integers(1, 12))):
        opened = draw(st.integers(1, 20))
        closed = draw(st.one_of(st.none(), st.integers(opened, 28)))
        made.append(
            {
                "id": f"D{draw(st.integers(1, 4))}",
                "province": draw(st.sampled_from(["IR-23", "IR-07"])),
                "channel": draw(st.sampled_from(["online", "office"])),
                "category": "individual",
                "opened_at": f"2026-09-{opened:02}T08:00:00Z",
                "closed_at": f"2026-09-{closed:02}T09:00:00Z" if closed else "",
                "outcome": draw(st.sampled_from(["settled", "for_petitioner"])) if closed else "",
                "board": draw(st.sampled_from(["", "1", "2"])),
                "ruling_at": f"2026-09-{closed:02}T08:30:00Z" if closed and draw(st.booleans()) else "",
                "judicial_review_at": "2026-09-29T08:00:00Z" if closed and draw(st.booleans()) else "",
                "claim_types": draw(st.sampled_from(["wage_arrears", "wage_arrears|bonus", ""])),
                "updated_at": f"2026-10-{draw(st.integers(1, 3)):02}T00:00:00Z",
            }
        )
    return made


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=versions(), data=st.data())
def test_order_chunks_and_repetition_change_nothing(
    claims: Database, records: list[Record], data: st.DataObject
) -> None:
    empty(claims)
    load(claims, DISPUTES, records)
    once = state(claims)
    assert differences(claims) == []
    again = load(claims, DISPUTES, records)
    assert (again.account.accepted, again.account.unchanged) == (0, len(records))
    assert state(claims) == once

    empty(claims)
    shuffled = data.draw(st.permutations(records))
    cut = data.draw(st.integers(0, len(records)))
    loaded = load(claims, DISPUTES, shuffled[:cut], shuffled[cut:])
    assert state(claims) == once
    assert differences(claims) == []
    account = loaded.account
    assert account.received == len(records) == account.accepted + account.unchanged + account.quarantined


def _dispute(number: int, **changes: str) -> Record:
    return {
        "id": f"D{number}",
        "province": "IR-23",
        "channel": "online",
        "category": "individual",
        "opened_at": "2026-09-01T08:00:00Z",
        "updated_at": "2026-10-01T00:00:00Z",
        **changes,
    }


@pytest.mark.parametrize("first", ["online", "office"])
def test_a_conflict_is_recorded_and_settled_the_same_whoever_comes_first(
    new_claims: Callable[..., Database], first: str
) -> None:
    def loaded(order: tuple[str, str]) -> Database:
        database = new_claims()
        for channel in order:
            result = load(database, DISPUTES, [_dispute(1, channel=channel)])
        assert result.account.conflicts == 1
        with database.write() as connection:
            assert connection.execute("SELECT record FROM conflicts").fetchall() == [("D1",)]
        return database

    second = "office" if first == "online" else "online"
    one, other = loaded((first, second)), loaded((second, first))
    assert state(one) == state(other)


def test_an_older_version_is_unchanged_and_a_correction_moves_the_count(claims: Database) -> None:
    load(claims, DISPUTES, [_dispute(1)])
    older = load(claims, DISPUTES, [_dispute(1, province="IR-07", updated_at="2026-09-30T00:00:00Z")])
    assert older.account.unchanged == 1
    load(claims, DISPUTES, [_dispute(1, province="IR-07", updated_at="2026-10-02T00:00:00Z")])
    with claims.write() as connection:
        cells = connection.execute(
            "SELECT province, n FROM day_cells WHERE subject = 'disputes' AND milestone = 'opened' AND n <> 0"
        ).fetchall()
    assert cells == [("IR-07", 1)]
    assert differences(claims) == []


def test_four_loaders_bringing_the_same_new_cases_at_once_count_them_once(claims: Database) -> None:
    records = [
        _dispute(n, opened_at=f"2026-{n % 9 + 1:02}-{n % 27 + 1:02}T08:00:00Z", updated_at="2026-10-01T00:00:00Z")
        for n in range(2_000)
    ]

    def work(offset: int) -> Loaded:
        mine = records[offset:] + records[:offset]
        return load(claims, DISPUTES, *(mine[n : n + 250] for n in range(0, len(mine), 250)))

    with ThreadPoolExecutor(4) as loaders:
        loaded = list(loaders.map(work, (0, 500, 900, 1500)))
    assert {each.status for each in loaded} == {"complete"}
    assert sum(each.account.accepted for each in loaded) == 2_000
    assert differences(claims) == []
    with claims.write() as connection:
        total = connection.execute(
            "SELECT sum(n) FROM day_cells WHERE subject = 'disputes' AND milestone = 'opened'"
        ).fetchone()
    assert total == (2_000,)


def test_reconcile_reports_what_differs_and_puts_it_right(claims: Database) -> None:
    load(claims, DISPUTES, [_dispute(n) for n in range(5)])
    right = state(claims)
    with claims.write() as connection:
        connection.execute("UPDATE day_cells SET n = n + 3 WHERE milestone = 'opened'")
        connection.execute("DELETE FROM pending_cells")
        connection.execute("UPDATE board_cells SET board = '7'")
        connection.commit()
    found = {difference.cube: difference for difference in differences(claims)}
    assert set(found) == {"day_cells", "pending_cells", "board_cells"}
    assert (found["board_cells"].cells, found["board_cells"].cases) == (2, 10)
    assert (found["day_cells"].cells, found["day_cells"].cases) == (1, 3)
    assert (found["pending_cells"].cells, found["pending_cells"].cases) == (1, 5)
    with claims.write() as connection:
        reconcile(connection, claims.setting(connection), repair=True)
    assert differences(claims) == []
    assert state(claims) == right


def test_a_recount_of_many_blocks_is_that_of_one(claims: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    load(claims, DISPUTES, [_dispute(n, province="IR-07" if n % 3 else "IR-23") for n in range(500)])
    monkeypatch.setattr(cells, "_BLOCK", 1_000)
    assert differences(claims) == []


def _tally(n: int, updated: str = "2026-10-01T00:00:00Z") -> Record:
    return {
        "day": "2026-09-01",
        "province": "IR-16",
        "subject": "disputes",
        "milestone": "opened",
        "category": "individual",
        "n": str(n),
        "updated_at": updated,
    }


def test_tallies_count_beside_cases_and_are_never_erased(claims: Database) -> None:
    aggregates = SUBJECTS["aggregates"]
    load(claims, DISPUTES, [_dispute(1, province="IR-16")])
    load(claims, aggregates, [_tally(40)])
    load(claims, aggregates, [_tally(42, "2026-10-02T00:00:00Z")])
    with claims.write() as connection:
        reconcile(connection, claims.setting(connection), repair=True)
        cells = connection.execute(
            "SELECT source, n FROM day_cells WHERE province = 'IR-16' AND milestone = 'opened' "
            "AND subject = 'disputes' AND n <> 0 ORDER BY source"
        ).fetchall()
    assert cells == [("cases", 1), ("tally", 42)]
