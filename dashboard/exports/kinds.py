"""The kinds of files an answer can be taken away as."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from dashboard.exports import book, csv, slides
from dashboard.exports.taken import Taken

_OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True)
class Kind:
    """What writes a file, what it is for browsers, and the icon of it; its name is the text ``file.<ending>``."""

    write: Callable[[Taken], bytes]
    content_type: str
    icon: str


KINDS: Final = {
    "pptx": Kind(slides.document, f"{_OFFICE}.presentationml.presentation", "file-earmark-slides"),
    "xlsx": Kind(book.document, f"{_OFFICE}.spreadsheetml.sheet", "file-earmark-spreadsheet"),
    "csv": Kind(csv.document, "text/csv; charset=utf-8", "filetype-csv"),
}
"""By the ending of their names, in the order they are offered."""
