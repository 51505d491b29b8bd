"""What every verb begins with: settings, jurisdiction, database and key; and how a verb ends that cannot go on."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_settings import SettingsError

from dashboard.access.audit import Unwritten
from dashboard.access.keys import KeyMissing, secret_key
from dashboard.access.starting import UnsafeStart
from dashboard.claims.database import Database, DatabaseError, connect, remember_key
from dashboard.claims.server import ServerError
from dashboard.intake.mapping import MappingError
from dashboard.intake.reasons import BrokenInput
from dashboard.jurisdictions import JurisdictionError, load
from dashboard.settings import Settings
from dashboard.vendor import VendorError


@dataclass(frozen=True)
class Opened:
    """A deployment as a verb needs it."""

    settings: Settings
    database: Database
    key: str


def settings_with(**changes: object) -> Settings:
    """The settings of the environment with what the command line says otherwise (None: nothing said)."""
    said = {name: value for name, value in changes.items() if value is not None}
    return Settings(**said)  # type: ignore[arg-type]  # pydantic checks them


def opened(settings: Settings) -> Opened:
    """Connect to the claims database, migrated and held to this jurisdiction and key."""
    key = secret_key(settings)
    database = connect(settings.database_url, settings.data_dir, load(settings.jurisdiction), settings.demo)
    with database.write() as connection:
        remember_key(connection, key)
    return Opened(settings, database, key)


def end_in_order() -> None:
    """Asked to end, Python would end on the spot and leave the embedded server running: let it clean up first."""
    signal.signal(signal.SIGTERM, lambda signum, _frame: sys.exit(128 + signum))


@contextmanager
def one_sentence() -> Iterator[None]:
    """End with status 1 and the error's own sentence, not a traceback, where the operator can do something about it."""
    try:
        yield
    except ValidationError as error:
        for problem in error.errors():
            name = "RASAD_" + "_".join(str(part) for part in problem["loc"]).upper() + ": " if problem["loc"] else ""
            print(f"{name}{problem['msg'].removeprefix('Value error, ')}", file=sys.stderr)
        raise SystemExit(2) from None
    except SettingsError as error:  # JSON that is none
        print(f"{error}: {error.__cause__}", file=sys.stderr)
        raise SystemExit(2) from None
    except (
        *(BrokenInput, DatabaseError, JurisdictionError, KeyMissing, MappingError, ServerError, UnsafeStart),
        *(Unwritten, VendorError, OSError),
    ) as error:
        print(str(error), file=sys.stderr)
        raise SystemExit(1) from None
