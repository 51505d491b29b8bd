"""The direction of text: marks that keep Persian, Latin and numbers in the order they are read.

Browsers lay out a page by its own direction, plotly draws everything left-to-right; a text that holds signs, numbers
or the other script comes out in the wrong order in one of them unless it is isolated (Unicode Standard Annex 9).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LEFT_TO_RIGHT: Final = "\u2066"
RIGHT_TO_LEFT: Final = "\u2067"
END: Final = "\u2069"

_MARKS: Final = re.compile("[\u200e\u200f\u2066-\u2069]")
_UNFIT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no XML document may hold, and so no file of an office program."""
_BREAKS: Final = re.compile(r"(<br ?/?>|\n)")


def is_rtl(content: str) -> bool:
    """Whether ``content`` holds a letter of a right-to-left script. Persian digits are no letters."""
    return any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in content)


def isolate(content: str, always: bool = True) -> str:
    """``content`` as an island of its own direction, line by line (``<br>`` and newline part lines).

    Lines with a right-to-left letter read right-to-left, all others left-to-right. With ``always`` off, only lines
    with right-to-left letters are marked: enough where everything around reads left-to-right. Isolating twice changes
    nothing.
    """
    return "".join(
        part if _BREAKS.fullmatch(part) or not part else _island(part, always) for part in _BREAKS.split(content)
    )


def plain(content: str) -> str:
    """``content`` without marks of direction and characters unfit for XML: for files, which lay out nothing."""
    return _UNFIT.sub("", _MARKS.sub("", content))


def _island(line: str, always: bool) -> str:
    rtl = is_rtl(line)
    if _is_island(line) or not (rtl or always):
        return line
    return f"{RIGHT_TO_LEFT if rtl else LEFT_TO_RIGHT}{line}{END}"


def _is_island(line: str) -> bool:
    """Whether one pair of marks already encloses the whole line."""
    if line[0] not in (LEFT_TO_RIGHT, RIGHT_TO_LEFT) or line[-1] != END:
        return False
    depth = 0
    for index, letter in enumerate(line):
        depth += (letter in (LEFT_TO_RIGHT, RIGHT_TO_LEFT)) - (letter == END)
        if depth == 0:
            return index == len(line) - 1
    return False
