"""Putting files into a folder below the one that is set for deliveries: whole, or not at all."""

from __future__ import annotations

import os
from pathlib import Path


class FolderDown(RuntimeError):
    """The file cannot be put there; it may be possible in a while."""


def put(root: Path, folder: str, name: str, content: bytes) -> Path:
    """Put a file into ``root / folder``, which is made where it is missing; the same name again replaces it.

    Nobody ever sees half of it. ``root`` has to be there, and a folder that leads elsewhere is not followed.
    FolderDown.
    """
    place = root / folder
    if not (_plain(folder) and _plain(name)):
        raise ValueError("a folder and a file have plain names")
    try:
        if not root.is_dir():
            raise NotADirectoryError(root)
        place.mkdir(exist_ok=True)
        if place.is_symlink():
            raise NotADirectoryError(place)
        part = place / f".{name}.part"
        try:
            with part.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(place / name)
        except OSError:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise FolderDown(f"{folder}/{name}: {error.strerror or type(error).__name__}") from error
    return place / name


def _plain(name: str) -> bool:
    return name not in ("", ".", "..") and not {"/", "\\", "\0"} & set(name)
