"""Verbs that bring records in: ``load``, ``simulate``, ``quarantine`` and ``schema``."""

from __future__ import annotations

import csv
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import typer
from tqdm import tqdm

from dashboard.access.audit import By, at_command_line, record, this_host
from dashboard.claims import quarantine as kept
from dashboard.claims.cases import open_records
from dashboard.claims.ledger import Account
from dashboard.claims.subjects import CASES, SUBJECTS, Subject
from dashboard.commands.opening import Opened, one_sentence, opened, settings_with
from dashboard.exports.csv import safe
from dashboard.intake.chunk import Chunk
from dashboard.intake.demo.loading import chunk_of
from dashboard.intake.demo.simulate import simulate as simulated
from dashboard.intake.load import Loaded, Loader
from dashboard.intake.mapping import SourceMapping, load_mapping, plain
from dashboard.intake.reasons import BrokenInput, sentence
from dashboard.text import text

_OPEN_CASES = 2000
"""Open cases of each subject that a simulation takes up from the database."""


def load(
    file: Annotated[Path, typer.Argument(help="CSV, TSV, NDJSON, Parquet or XLSX, plain or gzip")],
    subject: Annotated[str, typer.Option("--as", help=f"One of: {', '.join(SUBJECTS)}")],
    mapping: Annotated[Path | None, typer.Option(help="TOML file that says which of their columns is which")] = None,
    jurisdiction: Annotated[str | None, typer.Option(help="ir, vn or a folder; else as set")] = None,
) -> None:
    """Load a file of records; ends with status 1 when it broke off, 0 otherwise, whatever was quarantined."""
    with one_sentence():
        deployment = opened(settings_with(jurisdiction=jurisdiction))
        chosen = _subject(subject)
        # Arrow's own allocator keeps what it once had; a loader gives a chunk's memory back before it takes the next.
        pa.set_memory_pool(pa.system_memory_pool())
        loader = Loader(deployment.database, chosen, deployment.key, by=By(at_command_line(), this_host()))
        loaded = _with_progress(loader, file, load_mapping(mapping, chosen) if mapping else plain(chosen))
    raise SystemExit(_report(loaded, file.name))


def simulate(
    rate: Annotated[float, typer.Option(help="Records a second on average over the week")] = 0.2,
    seed: Annotated[int, typer.Option(help="Seed of what happens")] = 1,
) -> None:
    """Let demo cases go on from now at the local hour's rhythm, corrections and late records among them."""
    with one_sentence():
        deployment = opened(settings_with(demo=True))
        print(f"Simulating {rate:g} records a second into {deployment.database.jurisdiction.key} (Ctrl-C ends it)")
        try:
            run_simulation(deployment, rate, seed, lambda: True)
        except KeyboardInterrupt:
            print("ended")


def run_simulation(deployment: Opened, rate: float, seed: int, go_on: Callable[[], bool]) -> None:
    """Load what the simulator gives, part by part, as long as ``go_on``; asked at every tick, for a night is quiet."""
    database = deployment.database
    loaders = {key: Loader(database, subject, deployment.key) for key, subject in SUBJECTS.items()}
    with database.write() as connection:
        known = {subject.key: list(open_records(connection, subject, _OPEN_CASES)) for subject in CASES}

    def wait(seconds: float) -> None:
        time.sleep(seconds)
        if not go_on():
            raise _Ended

    try:
        for key, columns in simulated(database.jurisdiction, seed=seed, rate=rate, open_cases=known, wait=wait):
            chunk = chunk_of(columns, SUBJECTS[key])
            loaders[key].chunks("simulator", [chunk].__iter__)
    except _Ended:
        return


class _Ended(Exception):
    """The simulation is not to go on."""


def quarantine(
    subject: Annotated[str | None, typer.Option("--as", help="Only this subject")] = None,
    download: Annotated[Path | None, typer.Option(help="Write the records to this CSV file")] = None,
    replay: Annotated[bool, typer.Option("--replay", help="Try the records again")] = False,
    corrected: Annotated[Path | None, typer.Option(help="A downloaded file whose column raw was corrected")] = None,
    mapping: Annotated[Path | None, typer.Option(help="The mapping the records were first loaded with")] = None,
    language: Annotated[str, typer.Option(help="Language of the sentences: en, fa or vi")] = "en",
) -> None:
    """Show what was rejected and why; write it to a file to be corrected; try it again, corrected or as it stands."""
    with one_sentence():
        deployment = opened(settings_with())
        with deployment.database.write() as connection:
            if download:
                about = {"subject": subject} if subject else {}
                rows = sum(n for key, _, n in kept.tally(connection) if subject in (None, key))
                record(
                    deployment.database,
                    *(at_command_line(), "quarantine_download", this_host()),
                    detail=about,
                    rows=rows,
                )
                _write(download, connection, subject, language)
            elif not replay and not corrected:
                for key, code, n in kept.tally(connection):
                    if subject in (None, key):
                        print(f"{n:>9,}  {key:<18} {code}")
        if replay or corrected:
            texts = _corrected(corrected) if corrected else None
            for key in [subject] if subject else list(SUBJECTS):
                _replay(deployment, _subject(key), mapping, texts)


def schema(subject: Annotated[str, typer.Argument(help=f"One of: {', '.join(SUBJECTS)}")]) -> None:
    """List the columns of a subject: name, kind, whether it is required, and the code list its values come from."""
    for field in _subject(subject).fields:
        print(f"{field.name:<18} {field.kind:<9} {'required' if field.required else '':<9} {field.codes}")


def _subject(key: str) -> Subject:
    if key not in SUBJECTS:
        print(f"{key!r} is no subject; there are {', '.join(SUBJECTS)}", file=sys.stderr)
        raise SystemExit(2)
    return SUBJECTS[key]


def _with_progress(loader: Loader, file: Path, mapping: SourceMapping) -> Loaded:
    size = file.stat().st_size if file.exists() else 0
    with tqdm(total=size, unit="B", unit_scale=True, desc=file.name, disable=None) as bar:

        def progress(chunk: Chunk, account: Account) -> None:
            bar.update(chunk.bytes_read - bar.n)
            bar.set_postfix(received=account.received, quarantined=account.quarantined)

        return loader.file(file, mapping, progress)


def _report(loaded: Loaded, name: str) -> int:
    account = loaded.account
    print(
        f"{name}: batch {loaded.batch_id} {loaded.status}: received {account.received:,} = "
        f"accepted {account.accepted:,} + unchanged {account.unchanged:,} + quarantined {account.quarantined:,}"
        + (f"; {account.conflicts:,} conflicts" if account.conflicts else "")
    )
    words = text("en")
    for rejected in loaded.rejected[:10]:
        why = sentence(words, rejected.code, rejected.column, rejected.value, rejected.detail)
        print(f"  line {rejected.line}: {why}")
    if account.quarantined > len(loaded.rejected[:10]):
        print(f"  … `python -m dashboard quarantine` shows all {account.quarantined:,}")
    if loaded.error:
        print(f"broken off: {loaded.error}", file=sys.stderr)
    return 1 if loaded.error else 0


def _write(file: Path, connection: kept.Connection, subject: str | None, language: str) -> None:
    """All records in quarantine as CSV: where from, why, and the text; formulas in it are defused."""
    words = text(language)
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("id", "subject", "source", "line", "code", "reason", "header", "raw"))
        n = 0
        for record in kept.listed(connection, subject):
            n += 1
            reason = sentence(words, record.code, record.field, record.value, record.detail)
            raw = [safe(cell) for cell in (record.source, reason, record.header, record.raw)]
            writer.writerow((record.id, record.subject, raw[0], record.line, record.code, *raw[1:]))
    print(f"{file}: {n:,} records")


def _corrected(file: Path) -> dict[int, str]:
    """The texts of a downloaded file by the number of the record."""
    with file.open(encoding="utf-8-sig", newline="") as rows:
        try:
            return {int(row["id"]): row["raw"].removeprefix("'") for row in csv.DictReader(rows)}
        except (KeyError, ValueError) as error:
            raise BrokenInput(str(file), 0, f"not a file that --download wrote: {error}") from error


def _replay(deployment: Opened, subject: Subject, mapping: Path | None, texts: dict[int, str] | None) -> None:
    """Load records in quarantine once more, source by source; what fails again is kept anew, the old entry closed."""
    database = deployment.database
    with database.write() as connection:
        groups: dict[tuple[str, str], list[kept.Kept]] = defaultdict(list)
        for record in kept.listed(connection, subject.key):
            if texts is None or record.id in texts:
                groups[(record.source, record.header)].append(record)
    loader = Loader(database, subject, deployment.key, by=By(at_command_line(), this_host(), "replay"))
    chosen = load_mapping(mapping, subject) if mapping else plain(subject)
    for (source, header), records in groups.items():
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / source
            lines = [record.raw if texts is None else texts[record.id] for record in records]
            file.write_text("\n".join(([header] if header else []) + lines) + "\n", encoding="utf-8")
            loaded = loader.file(file, chosen)
        if not loaded.error:
            with database.write() as connection:
                kept.mark_replayed(connection, [record.id for record in records], loaded.batch_id)
                connection.commit()
        _report(loaded, f"{source} again")
