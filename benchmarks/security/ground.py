"""What the gates stand on: persons, copies of a claims database in which all that one of them may not see can be
recognised or is not there, and how their answers are read.
"""

from __future__ import annotations

import base64
import itertools
import math
import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pandas as pd
import psycopg
from psycopg import sql

from benchmarks.ground import KEY, UNTIL, connected
from dashboard.access.roles import ROLES
from dashboard.claims import server
from dashboard.claims.database import APP_ROLE, Database
from dashboard.claims.flows import FLOWS
from dashboard.claims.walls import PUBLIC
from dashboard.intake.demo.loading import load_demo
from dashboard.scope import Scope

CANARY = "CANARY"
"""Begins every text that somebody must not see: case numbers, boards, names, titles, sources."""
MUCH = 70_000_000_000_000
"""Added to every count that somebody must not see: no sum of what they may see comes near it."""
_FACTS = frozenset(flow.table for flow in FLOWS.values())
_numbers = itertools.count(1)
_DIGITS = {ord(digit): str(n % 10) for n, digit in enumerate("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩")}
_WRITTEN = re.compile(r"(?<![\w.])(?:\d{1,3}(?:[,.٬\u00a0\u202f]\d{3}){4,6}|\d{14,20})(?!\w)")
"""A large number as the three languages write it."""


@dataclass(frozen=True)
class Ground:
    """A claims database with a small demo (``whole``, which nobody changes) and how to copy it."""

    whole: Database
    run: Callable[[str], None] = field(repr=False)
    """Runs a statement on the server, outside of the database."""

    @cached_property
    def own(self) -> tuple[str, str]:
        """The two provinces with the most cases: whose directors ask."""
        with self.whole.write() as connection:
            rows = connection.execute(
                "SELECT province FROM month_cells GROUP BY province ORDER BY sum(n) DESC, province LIMIT 2"
            ).fetchall()
        self.whole.close()
        first, second = (str(row[0]) for row in rows)
        return first, second

    @property
    def persons(self) -> dict[str, Scope]:
        """Who asks: directors of one and of two provinces, social security, an analyst, who administers accounts."""
        first, _ = self.own
        return {
            "one province": ROLES["province"].scope((first,)),
            "two provinces": ROLES["province"].scope(self.own),
            "social security": ROLES["sso"].scope(None),
            "social security of a province": ROLES["sso"].scope((first,)),
            "analyst": ROLES["analyst"].scope(None),
            "administrator": ROLES["admin"].scope(None),
        }

    @contextmanager
    def copy(self) -> Iterator[Database]:
        """A copy that is gone afterwards."""
        name = f"copy_{next(_numbers)}"
        self.whole.close()  # of a database that somebody uses there is no copy
        source = _name_of(self.whole.url)
        self.run(f"CREATE DATABASE {name} TEMPLATE {source}")
        made = Database(self.whole.url.replace(f"/{source}", f"/{name}"), self.whole.jurisdiction, self.whole.demo)
        try:
            yield made
        finally:
            made.close()
            self.run(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def planted(self, scope: Scope, much: int = MUCH) -> Iterator[Database]:
        """A copy in which all that lies outside of a scope is marked."""
        with self.copy() as made:
            plant(made, scope, much)
            yield made

    @contextmanager
    def stripped(self, scope: Scope) -> Iterator[Database]:
        """A copy that holds what lies in a scope and nothing else."""
        with self.copy() as made:
            strip(made, scope)
            yield made


@contextmanager
def ground(folder: Path, jurisdiction: str = "ir", cases: int = 6_000) -> Iterator[Ground]:
    """A ground on a server of its own."""
    cluster = server.ensure_running(folder)
    try:
        whole = connected(cluster, folder, f"whole_{jurisdiction}", jurisdiction)
        load_demo(whole, KEY, cases=cases, until=UNTIL)
        whole.close()
        yield Ground(whole, lambda statement: run(cluster, statement))
    finally:
        server.release(cluster)


def run(cluster: server.Cluster, statement: str) -> None:
    """Run a statement on a server, outside of any transaction."""
    with psycopg.connect(cluster.url, autocommit=True) as connection:
        connection.execute(sql.SQL(statement))  # type: ignore[arg-type]  # written in this file


def plant(db: Database, scope: Scope, much: int = MUCH) -> None:
    """Mark all that lies outside of a scope: texts begin with `CANARY`, counts are so ``much`` larger."""
    with db.write() as owner:
        for table, columns in _readable(owner).items():
            outside = _outside(table, columns, scope)
            counted = [name for name in ("n", "cells", "cases") if columns.get(name) == "bigint"]
            changed = [f"{name} = {name} + {much}" for name in counted]
            texts = {
                **dict.fromkeys(_FACTS, ("id", "office")),
                "board_cells": ("board",),
                "problem_reports": ("title", "body", "reporter"),
                "annotations": ("words", "set_by"),
                "targets": ("set_by",),
                "batches": ("source", "error"),
                "quarantine": ("source", "value", "field"),
            }
            changed += [f"{name} = '{CANARY}-' || coalesce({name}, '')" for name in texts.get(table, ())]
            if table == "problem_reports":
                _run(owner, f"UPDATE {table} SET reporter = '{CANARY}-' || reporter WHERE published AND ({outside})")
                outside = f"NOT published AND ({outside})"
            if table == "staffing":
                changed += ["experts = experts + 7000000"]
            if changed:
                _run(owner, f"UPDATE {table} SET {', '.join(changed)} WHERE {outside}")
        if scope.provinces is not None:
            outside = _outside("month_trait_cells", {"province": "text", "subject": "text"}, scope)
            _run(
                owner,
                "INSERT INTO month_trait_cells (subject, milestone, month, province, category, outcome, trait, source, "
                f"n) SELECT DISTINCT ON (subject, milestone, month, province) subject, milestone, month, province, "
                f"category, outcome, 'sector:{CANARY}-' || province, source, n FROM month_trait_cells WHERE {outside} "
                "AND starts_with(trait, 'sector:')",
            )
        owner.commit()


def leaks(answer: bytes, sent: Collection[str] = ()) -> list[str]:
    """What an answer (JSON, CSV, HTML) says that is marked as `plant` marks it; not what was ``sent`` and is echoed."""
    text = answer.decode("utf-8", "replace")
    for echoed in sorted(sent, key=len, reverse=True):
        text = text.replace(echoed, "")
    found = [text[max(place - 40, 0) : place + 60] for place in _places(text)]
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        value = text
    return found + [f"a number of {number}" for number in _large(value)]


def _places(text: str) -> Iterator[int]:
    place = text.find(CANARY)
    while place >= 0:
        yield place
        place = text.find(CANARY, place + 1)


def _large(value: Any) -> Iterator[str]:
    """The numbers of an answer that no sum of what somebody may see comes near: plain, in words, packed as columns."""
    if isinstance(value, dict):
        yield from _packed(value) if "bdata" in value else _large(list(value.values()))
    elif isinstance(value, list):
        for inner in value:
            yield from _large(inner)
    elif isinstance(value, str) and value.startswith("{"):  # a figure: its lists are no numbers with thousands apart
        try:
            yield from _large(orjson.loads(value))
        except orjson.JSONDecodeError:
            yield from _large(f" {value}")
    elif isinstance(value, str):
        for match in _WRITTEN.finditer(value.translate(_DIGITS)):
            if int(re.sub(r"\D", "", match[0])) >= MUCH / 2:
                yield match[0]
    elif isinstance(value, int | float) and abs(value) >= MUCH / 2:
        yield str(value)


def _packed(column: dict[str, Any]) -> Iterator[str]:
    """The large numbers of a column as plotly packs it."""
    numbers = np.frombuffer(base64.b64decode(column["bdata"]), column["dtype"]).astype(float)
    yield from map(str, numbers[np.nan_to_num(np.abs(numbers)) >= MUCH / 2])


def strip(db: Database, scope: Scope) -> None:
    """Delete all that lies outside of a scope; reports published to all stay, with who asked."""
    with db.write() as owner:
        for table, columns in _readable(owner).items():
            outside = _outside(table, columns, scope)
            published = " AND NOT published" if table == "problem_reports" else ""
            _run(owner, f"DELETE FROM {table} WHERE ({outside}){published}")
        owner.commit()


def unwall(db: Database) -> None:
    """Take the second wall away: no table heeds its policies."""
    with db.write() as owner:
        for table in _readable(owner):
            _run(owner, f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        owner.commit()


def _readable(owner: psycopg.Connection[Any]) -> dict[str, dict[str, str]]:
    """The tables that pages may read anything of, but what is public, with their columns and the types of these."""
    rows = owner.execute(
        "SELECT c.relname, a.attname, format_type(a.atttypid, NULL) FROM pg_class c "
        "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
        "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') "
        "AND c.relname <> ALL (%s) AND has_any_column_privilege(%s, c.oid, 'SELECT') ORDER BY 1, a.attnum",
        (list(PUBLIC), APP_ROLE),
    ).fetchall()
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        found.setdefault(table, {})[column] = kind
    return found


def _outside(table: str, columns: dict[str, str], scope: Scope) -> str:
    """The condition for the rows of a table that lie outside of a scope."""
    parts = []
    if scope.provinces is not None:
        if "province" in columns:
            held = _array(scope.provinces)
            everybodys = " AND province <> ''" if table in ("targets", "annotations") else ""
            parts.append(f"(province IS NULL OR (province <> ALL ({held}){everybodys}))")
        else:
            parts.append("true")
    if scope.subjects is not None:
        tables = [key for key, flow in FLOWS.items() if flow.table in scope.subjects]
        if "subject" in columns:
            everybodys = " AND subject <> ''" if table in ("annotations", "problem_reports") else ""
            parts.append(f"(subject <> ALL ({_array((*tables, *scope.subjects))}){everybodys})")
        elif table in _FACTS and table not in scope.subjects:
            parts.append("true")
    if table in _FACTS and not scope.cases:
        parts.append("true")
    return " OR ".join(parts) or "false"


def _array(codes: tuple[str, ...]) -> str:
    return "ARRAY[" + ", ".join(f"'{code}'" for code in codes) + "]::text[]"


def _run(owner: psycopg.Connection[Any], statement: str) -> None:
    owner.execute(sql.SQL(statement))  # type: ignore[arg-type]  # composed of names and codes of our own


def _name_of(url: str) -> str:
    return url.rpartition("/")[2].partition("?")[0] if "?" in url else url.rpartition("/")[2]


def plain(answer: Any) -> Any:
    """An answer as lists, dicts and scalars, so that two can be compared and read."""
    if isinstance(answer, pd.DataFrame):
        attrs = {str(key): plain(value) for key, value in answer.attrs.items()}
        if "hours" in answer:  # which pass while one asks
            answer = answer.assign(hours=answer["hours"].astype(float).round())
        return [list(answer.columns), [[plain(v) for v in row] for row in answer.itertuples(index=False)], attrs]
    if isinstance(answer, pd.Series):
        return plain(answer.to_dict())
    if isinstance(answer, np.ndarray):
        return [plain(value) for value in answer.tolist()]
    if isinstance(answer, np.generic):
        return plain(answer.item())
    if isinstance(answer, dict):
        return {str(key): plain(value) for key, value in answer.items()}
    if isinstance(answer, list | tuple | set | frozenset):
        values = sorted(answer, key=str) if isinstance(answer, set | frozenset) else answer
        return [plain(value) for value in values]
    if answer is None or answer is pd.NaT or (isinstance(answer, float) and math.isnan(answer)):
        return None
    if isinstance(answer, datetime | date):
        return answer.isoformat()
    return answer if isinstance(answer, str | int | float | bool) else str(answer)


def same(one: Any, other: Any) -> bool:
    """Whether two plain answers say the same, but for the last digits of a fraction."""
    if isinstance(one, float) or isinstance(other, float):
        numbers = isinstance(one, int | float) and isinstance(other, int | float)
        return numbers and math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)
