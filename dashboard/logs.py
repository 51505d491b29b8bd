"""What the rooms have to say goes to standard error, from the least level that is wanted; nothing of persons does."""

from __future__ import annotations

import logging
from typing import Any

from gunicorn.glogging import Logger

from dashboard.intake.person import masked

_ROOMS = ("callbacks", "layouts", "queries", "dashboard")
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class Masking(logging.Formatter):
    """Lines in which whatever could be the number of a person is blotted out.

    Nothing of ours is written with one; but an error repeats what it failed at, and that is anybody's to type.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line, its trace included."""
        return masked(super().format(record))


class ServerLog(Logger):  # type: ignore[misc]  # gunicorn has no types
    """The log of gunicorn, which repeats requests that are none."""

    def setup(self, cfg: Any) -> None:
        """Blot out there too."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(Masking(self.error_fmt, self.datefmt))


def begin(least: str) -> None:
    """Log ``least`` and above of ours, and warnings of everyone else."""
    handler = logging.StreamHandler()
    handler.setFormatter(Masking(_FORMAT))
    logging.basicConfig(handlers=[handler])
    for room in _ROOMS:
        logging.getLogger(room).setLevel(least)
    # The server of ``python app.py`` would write every address, with what was typed into it.
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
