"""Damaged rows among good ones: every good row comes in, every damaged one is quarantined with its reason and line."""

from __future__ import annotations

import time

from benchmarks.ground import KEY, Report, database, scratch
from dashboard.claims.subjects import REGISTRATIONS
from dashboard.intake.load import Loader
from dashboard.intake.mapping import plain
from tests import damage


def run(report: Report, good: int = 100_000, damaged: int = 10_000) -> None:
    """Load a file of ``good`` and ``damaged`` rows, each damage labelled by the generator."""
    with scratch() as folder, database(folder / "var") as claims:
        file = folder / "damaged.csv"
        written = damage.write(file, good, damaged)
        begun = time.perf_counter()
        loaded = Loader(claims, REGISTRATIONS, KEY).file(file, plain(REGISTRATIONS))
        seconds = time.perf_counter() - begun
        with claims.write() as connection:
            rows = connection.execute("SELECT line, code, raw FROM quarantine").fetchall()
            kept = {line: (code, raw) for line, code, raw in rows}
            ids = {row[0] for row in connection.execute("SELECT id FROM registrations")}
            stored = connection.execute("SELECT string_agg(raw || value || detail, ' ') FROM quarantine").fetchone()
        text = str(stored[0]) if stored else ""
        wrong = [one for one in written.damaged if one.line not in kept or (one.code and kept[one.line][0] != one.code)]
        kinds = len({one.kind for one in written.damaged})
        report.say(f"{good + damaged:,} rows in {seconds:.1f} s; {kinds} kinds of damage")
        report.gate("good rows that are missing", len(set(written.good) - ids), most=0)
        report.gate("damaged rows that came in", len(ids - set(written.good)), most=0)
        report.gate("damaged rows without their line and reason in quarantine", len(wrong), most=0)
        report.gate("quarantined rows without raw text", sum(not raw for _, raw in kept.values()), most=0)
        report.gate("national codes in the quarantine", sum(person in text for person in written.persons), most=0)
        account = loaded.account
        left = account.received - account.accepted - account.unchanged - account.quarantined
        report.gate("received − accepted − unchanged − quarantined", left, most=0)
