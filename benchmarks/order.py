"""The same records twice, shuffled, split in ten, by four processes at once: facts and rollups come out the same."""

from __future__ import annotations

from pathlib import Path

from benchmarks.ground import Report, connected, load_subject, scratch, shuffle_csv, write_csv
from benchmarks.processes import Loading
from dashboard.claims import server
from dashboard.claims.cubes import CUBES
from dashboard.claims.database import Database
from dashboard.claims.reconcile import reconcile
from dashboard.claims.subjects import REGISTRATIONS


def run(report: Report, rows: int = 100_000) -> None:
    """Load ``rows`` registrations in each of these ways into a database of its own and compare them with the first."""
    with scratch() as folder:
        cluster = server.ensure_running(folder / "var")
        try:
            databases = {way: connected(cluster, folder, way) for way in ("once", "twice", "shuffled", "split", "four")}
            ordered, shuffled = folder / "ordered.csv", folder / "shuffled.csv"
            for claims in databases.values():
                load_subject(claims, "premiums", rows)
            write_csv(databases["once"], "registrations", rows, ordered)
            shuffle_csv(ordered, shuffled)
            ways: dict[str, list[list[Path]]] = {
                "once": [[ordered]],
                "twice": [[ordered], [ordered]],
                "shuffled": [[shuffled]],
                "split": [[part] for part in _split(shuffled, 10)],
                "four": [_overlapping(shuffled)],
            }
            states = {}
            for way, steps in ways.items():
                for files in steps:
                    for process in [Loading(databases[way], folder, file) for file in files]:
                        process.end()
                states[way] = _state(databases[way])
                with databases[way].write() as connection:
                    differing = reconcile(connection, databases[way].setting(connection))
                report.gate(f"{way}: cells that differ from a recount", sum(d.cells for d in differing), most=0)
                report.gate(f"{way}: tables that differ from loading once", _differing(states, way), most=0)
            for claims in databases.values():
                claims.close()
        finally:
            server.release(cluster)


def _state(claims: Database) -> dict[str, str]:
    """A digest of the facts and of every cube."""
    facts = ", ".join([*(field.column for field in REGISTRATIONS.columns), "content_hash"])
    found = {}
    with claims.write() as connection:
        for table, columns, key, condition in [
            ("registrations", facts, "id", "true"),
            *((cube.table, ", ".join((*cube.key, "n")), ", ".join(cube.key), "n <> 0") for cube in CUBES),
        ]:
            row = connection.execute(
                f"SELECT md5(string_agg(md5(t::text), '' ORDER BY {key})) "
                f"FROM (SELECT {columns} FROM {table} WHERE {condition}) t"
            ).fetchone()
            found[table] = str(row[0] if row else "")
    return found


def _differing(states: dict[str, dict[str, str]], way: str) -> int:
    return sum(states[way][table] != digest for table, digest in states["once"].items())


def _split(file: Path, parts: int) -> list[Path]:
    header, *lines = file.read_bytes().splitlines(keepends=True)
    made = []
    for number in range(parts):
        part = file.with_name(f"part{number}.csv")
        part.write_bytes(header + b"".join(lines[number::parts]))
        made.append(part)
    return made


def _overlapping(file: Path) -> list[Path]:
    """Four files that together hold every record, each record in two of them."""
    header, *lines = file.read_bytes().splitlines(keepends=True)
    made = []
    for number in range(4):
        mine = [line for place, line in enumerate(lines) if place % 4 in (number, (number + 1) % 4)]
        part = file.with_name(f"loader{number}.csv")
        part.write_bytes(header + b"".join(mine))
        made.append(part)
    return made
