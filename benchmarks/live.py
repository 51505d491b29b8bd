"""From the commit of a record to the changed figure in a real browser, and what the page asks of other hosts."""

from __future__ import annotations

import shutil
import statistics
import time
from datetime import UTC, datetime

import numpy as np
from playwright.sync_api import sync_playwright

from benchmarks.ground import KEY, Report, database, scratch, signed_in
from benchmarks.processes import page
from dashboard.claims.database import Database
from dashboard.claims.subjects import DISPUTES
from dashboard.intake.demo.loading import chunk_of, load_demo
from dashboard.intake.load import Loader

FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
VALUE = "#panel-overview-disputes-open-card .value"


def run(report: Report, rounds: int = 20) -> None:
    """Load one dispute at a time and wait until the page shows one more."""
    with scratch() as folder, database(folder / "var") as claims:
        load_demo(claims, KEY, cases=30_000)
        foreign: list[str] = []
        seconds: list[float] = []
        with page(claims, folder) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            context = browser.new_context()
            context.add_cookies(signed_in(claims, address))
            tab = context.new_page()
            own = (address, "data:", "blob:")
            tab.on("request", lambda asked: None if asked.url.startswith(own) else foreign.append(asked.url))
            tab.goto(address)
            tab.wait_for_selector(VALUE)
            tab.wait_for_function(
                "() => !document.querySelector('.panel-body.is-loading') && dash_clientside.rasad.idle()"
            )
            for number in range(rounds):
                before = tab.inner_text(VALUE)
                _open_dispute(claims, number)
                committed = time.perf_counter()
                tab.wait_for_function(
                    "([where, before]) => document.querySelector(where).innerText !== before", arg=[VALUE, before]
                )
                seconds.append(time.perf_counter() - committed)
                time.sleep(0.3 + number % 7 / 10)
            browser.close()
        seconds.sort()
        p95 = seconds[min(len(seconds) - 1, int(len(seconds) * 0.95))]
        report.say(f"{rounds} commits: median {statistics.median(seconds):.2f} s, longest {seconds[-1]:.2f} s")
        report.gate("commit to changed figure, 95th percentile, s", p95, most=2.0)
        report.gate("requests to other hosts", len(foreign), most=0)


def _open_dispute(claims: Database, number: int) -> None:
    now = datetime.now(UTC).isoformat()
    record = {
        "id": f"BENCH{number}",
        "province": claims.jurisdiction.provinces[0].code,
        "channel": "online",
        "category": "individual",
        "opened_at": now,
        "updated_at": now,
    }
    chunk = chunk_of({name: np.array([value]) for name, value in record.items()}, DISPUTES)
    Loader(claims, DISPUTES, KEY).chunks("benchmark", lambda: [chunk])
