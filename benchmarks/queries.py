"""Every panel's question over ten million cases against one million, under the application's role."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import psycopg

from benchmarks.ground import KEY, UNTIL, Report, connected, machine, scratch
from dashboard.claims import server
from dashboard.claims.database import Database
from dashboard.filters import SUBJECTS, Filters
from dashboard.intake.demo.loading import load_demo
from dashboard.panel import Panel
from dashboard.scope import NATION, Scope
from layouts.pages import pages_of

DAYS = {"30 days": 30, "1 year": 365, "3 years": 1095}
ROUNDS = 7
MOST = 1.5
"""How much longer a question may take over ten times the cases."""


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
                claims.close()
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
    ratios: dict[str, list[float]] = {}
    slowest: dict[str, float] = {}
    for name, question in _questions(databases[0]):
        for window, days in DAYS.items():
            filters = Filters(*(today, "jalali", "custom", today - timedelta(days=days - 1), today), compare="previous")
            times: list[list[float]] = [[], []]
            for _ in range(ROUNDS):
                for place, claims in enumerate(databases):
                    begun = time.perf_counter()
                    question(claims, filters, NATION)
                    times[place].append(time.perf_counter() - begun)
            first, second = (statistics.median(each) * 1000 for each in times)
            ratios.setdefault(name, []).append(second / first)
            slowest[name] = max(slowest.get(name, 0.0), second)
            report.say(f"{name:<34} {window:<8} {first:7.1f} ms  {second:7.1f} ms  × {second / first:.2f}")
    of_panel = {name: statistics.median(of_windows) for name, of_windows in ratios.items()}
    for name in sorted(of_panel, key=lambda name: -slowest[name]):
        if of_panel[name] > MOST:
            report.say(f"grows: {name}, × {of_panel[name]:.2f}, up to {slowest[name]:.0f} ms")
    every = [ratio for of_windows in ratios.values() for ratio in of_windows]
    report.gate("median ratio over all questions and windows", statistics.median(every), most=MOST)
    report.gate("largest ratio of a panel (median of its windows)", max(of_panel.values()), most=MOST)
    last = max(slowest, key=lambda name: slowest[name])
    report.say(f"slowest question at the larger size: {last}, {slowest[last]:.0f} ms; {machine()}")


def _questions(claims: Database) -> Iterator[tuple[str, Callable[[Database, Filters, Scope], object]]]:
    """The question of every panel there is in the jurisdiction, as the page asks it: with the filters it heeds."""

    def asking(panel: Panel, subject: str) -> Callable[[Database, Filters, Scope], object]:
        return lambda db, filters, scope: panel.query(db, panel.heeded(replace(filters, subject=subject)), scope)

    for page in pages_of(claims.jurisdiction):
        for panel in page.panels:
            yield panel.key, asking(panel, panel.subject or page.subject or SUBJECTS[0])
