"""The kinds of files an answer can be taken away as."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from dashboard.exports import book, csv, slides
from dashboard.exports.pictures import Pictures
from dashboard.exports.taken import Taken

_OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True)
class Kind:
    """What writes a file, what it is for browsers, and the icon of it; its name is the text ``file.<ending>``.

    ``write`` is given the answer, and what draws it for files that show more than numbers.
    """

    write: Callable[[Taken, Pictures], bytes]
    content_type: str
    icon: str


KINDS: Final = {
    "pptx": Kind(slides.document, f"{_OFFICE}.presentationml.presentation", "file-earmark-slides"),
    "xlsx": Kind(lambda taken, _: book.document(taken), f"{_OFFICE}.spreadsheetml.sheet", "file-earmark-spreadsheet"),
    "csv": Kind(lambda taken, _: csv.document(taken), "text/csv; charset=utf-8", "filetype-csv"),
    "png": Kind(lambda _, pictures: pictures.card("png"), "image/png", "filetype-png"),
    "svg": Kind(lambda _, pictures: pictures.card("svg"), "image/svg+xml", "filetype-svg"),
    "pdf": Kind(lambda _, pictures: pictures.card("pdf"), "application/pdf", "filetype-pdf"),
}
"""By the ending of their names, in the order they are offered."""
