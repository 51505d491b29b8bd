"""The catalogues: gettext files read into one mapping a language.

A catalogue is a folder of .po files, one a domain (``common.po``, ``panels.po`` …), whose msgid is the key and whose
msgstr the text, with ``{named}`` places for values. The same keys stand in every language.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from babel.messages.pofile import read_po

FOLDER: Final = Path(__file__).resolve().parent / "catalogue"


class CatalogueError(Exception):
    """A catalogue that contradicts itself; the message names file and key."""


def files(language: str, folder: Path = FOLDER) -> list[Path]:
    """The .po files of a language, by name; CatalogueError when it has none."""
    found = sorted((folder / language / "LC_MESSAGES").glob("*.po"))
    if not found:
        raise CatalogueError(f"{folder / language}: no catalogue of this language")
    return found


@lru_cache(maxsize=8)
def catalogue(language: str, folder: Path = FOLDER) -> Mapping[str, str]:
    """All texts of a language by key; CatalogueError when two files hold the same key."""
    texts: dict[str, str] = {}
    for path in files(language, folder):
        with path.open("rb") as file:
            messages = read_po(file, locale=language, abort_invalid=True)
        for message in messages:
            if not message.id:
                continue
            key = str(message.id)
            if key in texts:
                raise CatalogueError(f"{path}: {key} stands in another file too")
            texts[key] = str(message.string or "")
    return MappingProxyType(texts)
