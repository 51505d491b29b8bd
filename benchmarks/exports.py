"""Taking data away: how fast and at what cost of memory, and what pages feel of it meanwhile."""

from __future__ import annotations

import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import psutil

from benchmarks.ground import Report, database, load_subject, scratch, signed_in
from benchmarks.processes import page
from dashboard.claims.database import Database

_LIST = "/export/cases.csv?filed=ever&subject=registrations&lang=fa"
_PANEL = "/api/v1/panels/registrations-trend?period=12m"
_PICTURE = "/export/registrations-trend.png?period=12m&lang=fa"
_EXPORTS = 10
_ASKED = 120


def run(report: Report, cases: int = 1_000_000) -> None:
    """Take one list of ``cases`` away, then ten at once while a page goes on asking."""
    with scratch() as folder, database(folder / "var") as claims:
        rows = load_subject(claims, "registrations", cases)
        with page(claims, folder) as address:
            ask = _Asking(claims, address)
            _one(report, ask, rows)
            _pictures(report, ask)
            _beside(report, ask)


class _Asking:
    """Requests of one person who is signed in."""

    def __init__(self, claims: Database, address: str) -> None:
        [cookie] = signed_in(claims, address)
        self._address, self._headers = address, {"Cookie": f"{cookie['name']}={cookie['value']}"}

    def get(self, path: str, ended: threading.Event | None = None) -> tuple[float, bytes]:
        """How long an answer took, and its last bytes; given up when ``ended``."""
        begun, last = time.perf_counter(), b""
        asked = urllib.request.Request(f"{self._address}{path}", headers=self._headers)  # noqa: S310  (our own)
        with urllib.request.urlopen(asked, timeout=600) as answer:  # noqa: S310  (our own)
            while piece := answer.read(1 << 16):
                last = (last + piece)[-400:]
                if ended is not None and ended.is_set():
                    break
        return time.perf_counter() - begun, last


def _one(report: Report, ask: _Asking, rows: int) -> None:
    ask.get(_PANEL)
    with _peak() as memory:
        seconds, last = ask.get(_LIST)
    told = int(last.rsplit(b",", 1)[1])
    report.gate("rows of a list of cases that its file lacks", rows - told, most=0)
    report.gate(f"rows a second of a list of {rows:,} cases", told / seconds, least=50_000)
    report.gate("memory that it takes beside, MB", memory[0], most=150)


def _pictures(report: Report, ask: _Asking) -> None:
    try:
        ask.get(_PICTURE)
        took = sorted(ask.get(f"{_PICTURE}&step={step}")[0] for step in ("day", "week", "month") * 3)
    except urllib.error.HTTPError as error:
        report.say(f"no picture: {error.code}")
        report.failed.append("picture")
        return
    report.gate("a picture of a chart, warm, s", float(np.median(took)), most=2.0)


def _beside(report: Report, ask: _Asking) -> None:
    """A panel's answer with and without lists being taken away; each asked of another period, so not from the cache."""
    alone = _p95(ask, 0)
    ended = threading.Event()
    exports = [threading.Thread(target=_again, args=(ask, ended)) for _ in range(_EXPORTS)]
    for each in exports:
        each.start()
    time.sleep(2)
    beside = _p95(ask, _ASKED)
    ended.set()
    for each in exports:
        each.join()
    report.say(f"an answer, 95th percentile: {1000 * alone:.0f} ms alone, {1000 * beside:.0f} ms beside exports")
    report.gate(f"that ratio beside {_EXPORTS} exports", beside / alone, most=1.5)


def _again(ask: _Asking, ended: threading.Event) -> None:
    while not ended.is_set():
        try:
            ask.get(_LIST, ended)
        except urllib.error.HTTPError as refused:  # more at a time than a process gives out: try again in a moment
            if refused.code != 503:
                raise
            time.sleep(0.5)


def _p95(ask: _Asking, first: int) -> float:
    took = []
    for number in range(first, first + _ASKED):
        day = np.datetime64("2025-01-01") + number
        took.append(ask.get(f"/api/v1/panels/registrations-trend?period=custom&from={day}&to=2026-06-30")[0])
        time.sleep(0.05)
    return float(np.percentile(took, 95))


@contextmanager
def _peak() -> Iterator[list[float]]:
    """By how many megabytes the server's processes grew at most."""
    ended, grown = threading.Event(), [0.0]
    servers = [each for each in psutil.Process().children(recursive=True) if "gunicorn" in " ".join(each.cmdline())]
    before = {each.pid: each.memory_info().rss for each in servers}

    def watch() -> None:
        while not ended.wait(0.05):
            grown[0] = max(grown[0], *((each.memory_info().rss - before[each.pid]) / 2**20 for each in servers))

    watcher = threading.Thread(target=watch)
    watcher.start()
    yield grown
    ended.set()
    watcher.join()
