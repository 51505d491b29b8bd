"""``python -m benchmarks [NAME …]``: run the benchmarks, all unless named, and fail when a gate is missed.

``--small`` runs every benchmark at a tenth of its size, to try it; its gates then say little.
"""

from __future__ import annotations

import sys
import time

from benchmarks import damage, exports, live, load, order, page, queries
from benchmarks.ground import Report, machine

ALL = {
    "load": (load.run, {"rows": 1_000_000}),
    "order": (order.run, {"rows": 100_000}),
    "damage": (damage.run, {"good": 100_000, "damaged": 10_000}),
    "live": (live.run, {"rounds": 20}),
    "page": (page.run, {"cases": 300_000}),
    "exports": (exports.run, {"cases": 1_000_000}),
    "queries": (queries.run, {"small": 1_000_000, "large": 10_000_000}),
}


def main(arguments: list[str]) -> int:
    """Run the named benchmarks; the number of those that missed a gate."""
    small = "--small" in arguments
    names = [argument for argument in arguments if argument != "--small"] or list(ALL)
    unknown = sorted(set(names) - set(ALL))
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are {', '.join(ALL)}", file=sys.stderr)
        return 2
    print(f"{machine()}{' (a tenth of the size)' if small else ''}", flush=True)
    missed = 0
    for name in names:
        run, sizes = ALL[name]
        report = Report(name)
        print(f"\n{name}", flush=True)
        begun = time.perf_counter()
        run(report, **{key: max(value // 10, 5) if small else value for key, value in sizes.items()})
        print(f"  {time.perf_counter() - begun:,.0f} s", flush=True)
        missed += bool(report.failed)
    return min(missed, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
