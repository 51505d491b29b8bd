"""The gate of disclosure: random tables, masked as published ones are, attacked by linear programming.

Each try is a cube of counts (province × kind × part). Tables of it are released as those of a month are, and released
again on the next day, when more has been counted (`dashboard.disclosure.release`). The attack knows both releases with
every total, that the tables are about the same cases, and that counts only grow. It finds the least and the greatest
value of each figure withheld; and it takes one release from the other.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from benchmarks.security import Findings
from benchmarks.security.attack import LEAST, Published, narrow
from dashboard.disclosure import release

TRIES = 1000
Cube = NDArray[np.int64]

_APART = ({"province": (0,), "kind": (1,)}, {"province": (0, 2), "kind": (1,)}, {"province": (0, 2), "kind": (1, 2)})
"""What is released together: tables, and the axes of the cube that each tells apart."""


def run(tries: int = TRIES, seed: int = 4) -> Findings:
    """Release and attack ``tries`` random tables."""
    rng = np.random.default_rng(seed)
    found = Findings("linear programming", 0, "no withheld figure narrower than 10")
    figures = hidden = withheld = 0
    while found.tries < tries:
        cube = _cube(rng)
        grown = cube + rng.poisson(rng.choice([0.05, 0.5, 5.0]), cube.shape) * (rng.random(cube.shape) < 0.3)
        tables = _APART[rng.integers(3)] if cube.shape[1] > 1 else {"province": (0, 2)}
        first = release.released(_counted(cube, tables))
        second = release.released(_counted(grown, tables), earlier=first)
        found.tries += len(tables)
        withheld += len(tables) - len(first)
        figures += sum(shown.size for shown in first.values())
        hidden += sum(int(np.isnan(shown).sum()) for shown in first.values())
        found.found += attacked(cube, grown, tables, first, second)
    found.figures = {
        "figures released": f"{figures:,}",
        "of them withheld": f"{hidden:,}",
        "tables not released at all": f"{withheld:,}",
    }
    return found


def attacked(
    cube: Cube,
    grown: Cube,
    tables: dict[str, tuple[int, ...]],
    first: dict[str, release.Shown],
    second: dict[str, release.Shown],
) -> list[str]:
    """What could be worked out of two releases, a sentence each."""
    found = []
    size = cube.size
    systems, values, hidden, names = [], [], [], []
    for day, counts, shown_on in ((0, cube, first), (1, grown, second)):
        for name, shown in shown_on.items():
            if day and name in first and np.array_equal(shown, first[name], equal_nan=True):
                continue  # the same figures once more: about the counts of the first day, and nothing new
            sums = _sums(cube.shape, tables[name])
            true = sums @ counts.ravel()
            lying = ~np.isnan(shown.ravel()) & (shown.ravel() != true)
            found += [f"{name}: a figure shown is not the one counted"] * int(lying.sum())
            found += [f"{name}: {figure:.0f} is shown" for figure in shown[shown < LEAST]]
            empty = csr_array((sums.shape[0], size))
            systems.append(csr_array(_beside(sums, empty) if not day else _beside(empty, sums)))
            values.append(true)
            hidden.append(np.isnan(shown.ravel()))
            names += [f"{name}, day {day + 1}, figure {place}" for place in range(sums.shape[0])]
            if day and name in first:
                step = shown - first[name]
                small = (step > 0) & (step < LEAST)
                found += [f"{name}: {step.flat[place]:.0f} came in a day" for place in np.flatnonzero(small)]
    if systems:
        both = np.r_[cube.ravel(), grown.ravel()].astype(np.float64)
        once = len(systems) == len(first)
        asked = Published(
            csr_array(vstack(systems)),
            np.concatenate(values),
            np.concatenate(hidden),
            both,
            () if once else tuple((place, place + size) for place in range(size)),
        )
        found += [f"{names[place]} to within {width:.1f}" for place, width in narrow(asked).items()]
    return found


def _cube(rng: np.random.Generator) -> Cube:
    """Counts as provinces and kinds have them: a few large, most small, some none; one in twenty is 34 × 12."""
    shape = (34, 1, 12) if rng.random() < 0.05 else tuple(rng.integers((2, 2, 2), (14, 7, 5)))
    sizes = [rng.lognormal(0, rng.uniform(0.3, 1.6), length) for length in shape]
    mean = np.einsum("i,j,k->ijk", *(size / size.sum() for size in sizes)) * rng.choice([20, 200, 2000, 20000])
    return rng.poisson(mean * rng.gamma(2, 0.5, shape)).astype(np.int64)


def _counted(cube: Cube, tables: dict[str, tuple[int, ...]]) -> dict[str, Cube]:
    """The tables of a cube, without their totals."""
    return {name: cube.sum(axis=tuple({0, 1, 2} - set(axes))) for name, axes in tables.items()}


def _sums(shape: tuple[int, ...], axes: tuple[int, ...]) -> csr_array:
    """Which counts of a cube each figure of a table with its totals is the sum of."""
    places = np.indices(shape).reshape(3, -1)
    lengths = [shape[axis] for axis in axes]
    lines, columns = [], []
    for totalled in np.ndindex(*(2,) * len(axes)):
        at = [
            np.full(places.shape[1], length) if total else places[axis]
            for axis, length, total in zip(axes, lengths, totalled, strict=True)
        ]
        lines.append(np.ravel_multi_index(at, [length + 1 for length in lengths]))
        columns.append(np.arange(places.shape[1]))
    where = (np.concatenate(lines), np.concatenate(columns))
    return csr_array((np.ones(len(where[0])), where), (int(np.prod([n + 1 for n in lengths])), places.shape[1]))


def _beside(left: csr_array, right: csr_array) -> csr_array:
    return csr_array(np.hstack([left.toarray(), right.toarray()]))
