"""How office programs show numbers: format codes by what a number is, in the digits of the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from dashboard.panel import Format
from dashboard.text import Text

_CODES: Final[dict[Format, str]] = {
    "share": "0.0%",
    "change": "+0.0%;-0.0%;0.0%",
    "points": "+0.0%;-0.0%;0.0%",
    "score": "0.00",
    "days": "#,##0.0",
    "hours": "#,##0.0",
}
_PERSIAN: Final = "[$-3000429]"
"""Before a number's format: Persian digits (LCID 0x0429, numeral shape 3)."""


def number_format(kind: Format, values: Iterable[Any], text: Text) -> str:
    """The code for numbers of a kind; counts are whole, with a decimal where one of ``values`` has."""
    broken = any(isinstance(value, float) and value % 1 for value in values)
    code = _CODES.get(kind, "#,##0.0" if broken and kind != "money" else "#,##0")
    return ";".join(_PERSIAN + part for part in code.split(";")) if text.language == "fa" else code
