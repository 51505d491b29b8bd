"""The overview's questions over ten million cases against one million, under the application's role."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pandas as pd
import psycopg

from benchmarks.ground import KEY, UNTIL, Report, connected, machine, scratch
from dashboard.claims import server
from dashboard.claims.database import Database
from dashboard.filters import Filters
from dashboard.intake.demo.loading import load_demo
from dashboard.scope import NATION
from queries import attention, overview

DAYS = {"30 days": 30, "1 year": 365, "3 years": 1095}
ROUNDS = 7

Question = Callable[[Database, Filters, object], pd.DataFrame]


def run(report: Report, small: int = 1_000_000, large: int = 10_000_000) -> None:
    """Load both, ask every question of every window in turns, and compare the medians."""
    with scratch() as folder:
        cluster = server.ensure_running(folder)
        try:
            databases = [connected(cluster, folder, f"cases_{cases}") for cases in (small, large)]
            rates = [_loaded(report, claims, cases) for claims, cases in zip(databases, (small, large), strict=True)]
            report.gate(f"loading rate, {large:,} ÷ {small:,} cases", rates[1] / rates[0], least=0.8)
            _compare(report, databases)
            for claims in databases:
                claims.engine.dispose()
        finally:
            server.release(cluster)


def _loaded(report: Report, claims: Database, cases: int) -> float:
    """Load the demo; records a second over all subjects."""
    begun = time.perf_counter()
    accounts = load_demo(claims, KEY, cases=cases, until=UNTIL)
    seconds = time.perf_counter() - begun
    records = sum(account.received for account in accounts.values())
    with psycopg.connect(claims.url) as connection:
        size = connection.execute("SELECT pg_size_pretty(pg_database_size(current_database()))").fetchone()
    assert size is not None
    rate = records / seconds
    report.say(f"{cases:,} cases: {records:,} records in {seconds:,.0f} s, {rate:,.0f} a second, {size[0]}")
    return rate


def _compare(report: Report, databases: list[Database]) -> None:
    today = databases[0].today()
    ratios, slowest = [], 0.0
    for name, question in _questions():
        for window, days in DAYS.items():
            filters = Filters(*(today, "jalali", "custom", today - timedelta(days=days - 1), today), compare="previous")
            times: list[list[float]] = [[], []]
            for _ in range(ROUNDS):
                for place, claims in enumerate(databases):
                    begun = time.perf_counter()
                    question(claims, filters, NATION)
                    times[place].append(time.perf_counter() - begun)
            first, second = (statistics.median(each) * 1000 for each in times)
            ratios.append(second / first)
            slowest = max(slowest, second)
            report.say(f"{name:<22} {window:<8} {first:7.1f} ms  {second:7.1f} ms  × {second / first:.2f}")
    report.gate("median ratio over all questions and windows", statistics.median(ratios), most=1.5)
    report.say(f"slowest question at the larger size: {slowest:.0f} ms; largest ratio {max(ratios):.2f}; {machine()}")


def _questions() -> list[tuple[str, Question]]:
    chosen: list[Callable[..., pd.DataFrame]] = [
        *(overview.registered_today, overview.registered, overview.eligibility, overview.disputes_open),
        *(overview.registrations_open, overview.procedures_on_time, overview.trend),
        *(overview.provinces, overview.procedures, attention.attention),
    ]
    return [(question.__name__, partial(question)) for question in chosen]
