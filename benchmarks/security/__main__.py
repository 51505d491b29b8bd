"""``python -m benchmarks.security [GATE …]``: run the gates, all unless named, and fail when one is not held.

A gate is a module of this folder that has ``run`` and ``TRIES``; there is no list of them to forget one in. ``--small``
runs each with a hundredth of its tries.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
import time
from types import ModuleType

import benchmarks.security
from benchmarks.ground import machine
from benchmarks.security import Findings

_SHOWN = 20


def gates() -> dict[str, ModuleType]:
    """Every gate by the name of its module."""
    found = {}
    for module in pkgutil.iter_modules(benchmarks.security.__path__):
        if module.name.startswith("_"):
            continue
        loaded = importlib.import_module(f"benchmarks.security.{module.name}")
        if hasattr(loaded, "run") and hasattr(loaded, "TRIES"):
            found[module.name] = loaded
    return found


def main(arguments: list[str]) -> int:
    """Run the named gates and print the table; 1 when any is not held."""
    small = "--small" in arguments
    known = gates()
    names = [argument for argument in arguments if argument != "--small"] or list(known)
    if unknown := sorted(set(names) - set(known)):
        print(f"no gate {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    print(machine(), flush=True)
    every: list[Findings] = []
    for name in names:
        begun = time.perf_counter()
        tries = known[name].TRIES
        findings: Findings = known[name].run(max(tries // 100, 1) if small else tries)
        every.append(findings)
        print(f"\n{name}: {time.perf_counter() - begun:,.0f} s", flush=True)
        for what, value in findings.figures.items():
            print(f"  {what}: {value}", flush=True)
        for failure in findings.found[:_SHOWN]:
            print(f"  MISS {failure}", flush=True)
    print(f"\n| gate | tries | target | found |\n|{'---|' * 4}", flush=True)
    for findings in every:
        print(f"| {findings.gate} | {findings.tries:,} | {findings.target} | {len(findings.found)} |", flush=True)
    return int(not all(findings.held for findings in every))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
