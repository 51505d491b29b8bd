"""What the rooms have to say goes to standard error, from the least level that is wanted; nothing of persons does."""

from __future__ import annotations

import logging

_ROOMS = ("callbacks", "layouts", "queries", "dashboard")


def begin(least: str) -> None:
    """Log ``least`` and above of ours, and warnings of everyone else."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for room in _ROOMS:
        logging.getLogger(room).setLevel(least)
