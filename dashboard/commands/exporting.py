"""The verb ``export``: what a card shows to somebody, as a file, without a browser."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Annotated
from urllib.parse import parse_qs

import typer
from werkzeug.exceptions import HTTPException

from dashboard import logs
from dashboard.access import people
from dashboard.access.audit import at_command_line, record, this_host
from dashboard.access.person import Person
from dashboard.claims.database import Database
from dashboard.commands import above
from dashboard.commands.opening import one_sentence, settings_with
from dashboard.exports.kinds import KINDS
from dashboard.jobs.files import Made
from dashboard.text import LANGUAGES


def export(
    panel: Annotated[str, typer.Argument(help="The card, as addresses of files name it: registrations-trend")],
    login: Annotated[str, typer.Option("--as", help="Who sees it: the file holds what this account may see")],
    out: Annotated[Path, typer.Option(help="The file to write; - writes to standard output")],
    kind: Annotated[str, typer.Option(help=f"{', '.join(KINDS)}; the ending of --out unless told")] = "",
    filters: Annotated[str, typer.Option(help="As in a page's address: period=30d&province=IR-23")] = "",
    language: Annotated[str, typer.Option(help=", ".join(LANGUAGES))] = "",
    style: Annotated[str, typer.Option(help="Of pictures: light, print")] = "light",
) -> None:
    """Write what a card shows to somebody into a file; the audit names who did it, and as whom."""
    kind = kind or out.suffix.removeprefix(".")
    if kind not in KINDS:
        print(f"--kind is one of {', '.join(KINDS)}", file=sys.stderr)
        raise SystemExit(2)
    query = {name: values[-1] for name, values in parse_qs(filters, keep_blank_values=True).items()}
    if language:
        query["lang"] = language
    with one_sentence():
        settings = settings_with()
        logs.begin(settings.log_level)
        deployment = above.deployment_of(settings)
        try:
            made = above.shown(deployment, _person(deployment.database, login), panel, kind, query, style)
            detail = {"as": people.folded(login), "format": kind, **made.detail}
            where = this_host()
            record(deployment.database, at_command_line(), "export", where, f"panel/{panel}", detail, made.rows)
            _write(made, out)
        except HTTPException as refusal:
            print(refusal.description, file=sys.stderr)
            raise SystemExit(1) from None
        finally:
            above.end(deployment)


def _person(database: Database, login: str) -> Person:
    """Whoever has the login; SystemExit where nobody has, or whose account is closed."""
    account = people.by_login(database, login)
    if account is None or account.disabled_at is not None:
        print(f"there is no account {login!r}" if account is None else f"{login!r} is closed", file=sys.stderr)
        raise SystemExit(1)
    return account.person


def _write(made: Made, out: Path) -> None:
    """Write the file whole or not at all, for this account alone."""
    if str(out) == "-":
        sys.stdout.buffer.write(made.content)
        return
    with tempfile.NamedTemporaryFile(dir=out.parent, prefix=".rasad-", delete=False) as file:
        try:
            file.write(made.content)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(out)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    print(f"{out}: {made.rows:,} rows" if made.rows is not None else str(out))
