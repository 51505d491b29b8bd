"""From a changed filter to the last card drawn anew, on every page, in a real Chromium; and what the time goes into."""

from __future__ import annotations

import shutil
import statistics
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page as Tab
from playwright.sync_api import sync_playwright

from benchmarks.ground import KEY, Report, database, scratch, signed_in
from benchmarks.live import FLAGS
from benchmarks.processes import page
from dashboard import ids
from dashboard.intake.demo.loading import load_demo
from layouts.filter_choices import USUAL
from layouts.pages import pages_of

ROUNDS = 7
_PERIODS = ("7d", "90d")
_CHANGE = """
([control, place]) => new Promise((resolve) => {
  performance.clearResourceTimings();
  const input = document.querySelectorAll(`#${control} input`)[place];
  const begun = performance.now();
  let asked = false, still = 0, drawn = 0;
  const look = () => {
    const sent = performance.getEntriesByType("resource").filter((e) => e.name.includes("_dash-update-component"));
    asked = asked || !dash_clientside.rasad.idle();
    still = asked && dash_clientside.rasad.idle() ? still + 1 : 0;
    if (still === 1) { drawn = performance.now(); }
    if (still < 3) { requestAnimationFrame(look); return; } // it may be idle for a moment between two steps
    const last = Math.max(...sent.map((e) => e.responseEnd));
    const server = (name) => sent.map((e) => (e.serverTiming.find((t) => t.name === name) || {}).duration || 0);
    resolve({
      whole: drawn - begun, answered: last - begun, requests: sent.length,
      bytes: sent.reduce((sum, e) => sum + e.transferSize, 0),
      query: Math.max(0, ...server("query")), figure: Math.max(0, ...server("figure")),
      queries: server("query").reduce((a, b) => a + b, 0), figures: server("figure").reduce((a, b) => a + b, 0),
    });
  };
  input.click();
  requestAnimationFrame(look);
})
"""
_IDLE = (
    "() => document.querySelector('.panel-body') && !document.querySelector('.panel-body.is-loading') "
    "&& dash_clientside.rasad.idle()"
)


@dataclass(frozen=True)
class Change:
    """One change of a filter: milliseconds until all was drawn and until all was answered, requests, bytes, and the
    sums of what the server spent on queries and figures.
    """

    whole: float
    answered: float
    requests: float
    bytes: float
    query: float
    figure: float
    queries: float
    figures: float


def run(report: Report, cases: int = 300_000) -> None:
    """Change the period to and fro on every page and report the medians."""
    with scratch() as folder, database(folder / "var") as claims:
        load_demo(claims, KEY, cases=cases)
        with page(claims, folder) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            context.add_cookies(signed_in(claims, address))
            worst = 0.0
            for spec in pages_of(claims.jurisdiction):
                if not spec.panels:
                    continue
                tab = context.new_page()
                tab.goto(address + spec.path)
                tab.wait_for_function(_IDLE)
                changes = [_changed(tab, _PERIODS[number % 2]) for number in range(2 * ROUNDS)]
                tab.close()
                cold, warm = changes[:2], changes[2:]
                worst = max(worst, _tell(report, f"{spec.key}, computed", cold), _tell(report, spec.key, warm))
            browser.close()
            report.gate("filter change to all panels redrawn, slowest page's median, ms", worst, most=500)


def _changed(tab: Tab, period: str) -> Change:
    told: dict[str, Any] = tab.evaluate(_CHANGE, [ids.control("period"), USUAL.index(period)])
    tab.wait_for_timeout(300)
    return Change(**told)


def _tell(report: Report, name: str, changes: list[Change]) -> float:
    def median(part: str) -> float:
        return statistics.median(getattr(change, part) for change in changes)

    drawing = median("whole") - median("answered")
    report.say(
        f"{name:<24} {median('whole'):5.0f} ms = answered {median('answered'):5.0f} + drawn {drawing:4.0f}; "
        f"queries {median('queries'):5.0f} (longest {median('query'):4.0f}), "
        f"figures {median('figures'):5.0f} (longest {median('figure'):4.0f}), "
        f"{median('requests'):.0f} requests, {median('bytes') / 1000:,.0f} kB"
    )
    return median("whole")
