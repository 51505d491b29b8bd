"""Verbs of upkeep: ``reconcile``, ``token`` and ``export``."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from dashboard.access import tokens
from dashboard.access.audit import at_command_line, entry, record, this_host
from dashboard.claims.reconcile import reconcile as recount
from dashboard.claims.subjects import SUBJECTS
from dashboard.commands.opening import one_sentence, opened, settings_with
from dashboard.intake.person import masked

token = typer.Typer(help="Tokens of the systems that send records.", no_args_is_help=True)


def reconcile(
    repair: Annotated[bool, typer.Option("--repair", help="Put right what differs")] = False,
    jurisdiction: Annotated[str | None, typer.Option(help="ir, vn or a folder; else as set")] = None,
) -> None:
    """Recount the rollups from the facts; ends with status 1 when cells differ and were not repaired."""
    with one_sentence():
        database = opened(settings_with(jurisdiction=jurisdiction)).database
        record(database, at_command_line(), "reconcile", this_host(), detail={"repair": repair})
        with database.write() as connection:
            found = recount(connection, database.setting(connection), repair)
    for difference in found:
        print(f"{difference.cube}: {difference.cells:,} cells differ, by {difference.cases:,} in all")
    if not found:
        print("rollups = facts")
    elif repair:
        print("repaired")
    raise SystemExit(1 if found and not repair else 0)


@token.command("new")
def new_token(
    name: Annotated[str, typer.Argument(help="Who will use it")],
    subjects: Annotated[
        str | None, typer.Option(help=f"Separated by commas: {', '.join(SUBJECTS)}; all unless told")
    ] = None,
    provinces: Annotated[str | None, typer.Option(help="Codes separated by commas; all unless told")] = None,
    days: Annotated[int | None, typer.Option(min=1, help="Days until it expires; never unless told")] = None,
) -> None:
    """Make a token and show it, this once."""
    with one_sentence():
        database = opened(settings_with()).database
        chosen = tuple(SUBJECTS) if subjects is None else _parts(subjects)
        places = None if provinces is None else _parts(provinces)
        unknown = sorted(set(chosen) - set(SUBJECTS)) + sorted(
            set(places or ()) - {province.code for province in database.jurisdiction.provinces}
        )
        if unknown:
            print(f"unknown: {', '.join(name or 'an empty name' for name in unknown)}", file=sys.stderr)
            raise SystemExit(2)
        detail = {"name": masked(name), "subjects": chosen, "days": days, **({"provinces": places} if places else {})}
        with database.write() as connection:

            def noted(number: int) -> None:
                entry(connection, database, at_command_line(), "token_made", this_host(), f"token/{number}", detail)

            print(tokens.issue(connection, name, chosen, places, days, noted))


def _parts(listed: str) -> tuple[str, ...]:
    """What stands between commas. Nothing is one part that nobody knows, lest an empty variable open everything."""
    return tuple(part.strip() for part in listed.split(","))


@token.command("list")
def list_tokens() -> None:
    """List tokens: number, name, subjects, provinces, whether still good. The tokens themselves cannot be shown."""
    with one_sentence(), opened(settings_with()).database.write() as connection:
        for number, name, subjects, provinces, expires, revoked in tokens.listed(connection):
            state = f"revoked {revoked:%Y-%m-%d}" if revoked else f"until {expires:%Y-%m-%d}" if expires else "no end"
            print(f"{number:>4}  {name:<24} {','.join(subjects)}  {','.join(provinces or ['all provinces'])}  {state}")


@token.command("revoke")
def revoke_token(number: Annotated[int, typer.Argument(help="Its number, as listed")]) -> None:
    """End a token at once."""
    with one_sentence():
        database = opened(settings_with()).database
        with database.write() as connection:

            def noted(number: int) -> None:
                entry(connection, database, at_command_line(), "token_revoked", this_host(), f"token/{number}")

            done = tokens.revoke(connection, number, noted)
        if not done:
            print(f"no token {number} that could be revoked", file=sys.stderr)
            raise SystemExit(1)
        print(f"token {number} is revoked")
