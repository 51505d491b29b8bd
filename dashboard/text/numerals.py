"""Numbers as readers of a language write them: digits, separators, percent and signs.

Patterns and symbols come from Babel's locale data; Persian takes its own digits (numbering system ``arabext``). In
Persian every number with a sign or percent is isolated left-to-right, or the sign ends up on its other side.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Final

from babel import Locale
from babel.numbers import format_compact_decimal, format_decimal, get_currency_symbol

from dashboard.text.bidi import isolate

MISSING: Final = "–"
"""Stands where there is no number."""
MINUS: Final = "\u2212"
_PERSIAN_DIGITS: Final = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_PERCENT: Final = {"en": "\u00a0%", "fa": "٪", "vi": "%"}
"""Between number and percent sign stands a no-break space in the English style of this house, nothing elsewhere."""


@dataclass(frozen=True)
class Numerals:
    """How a language ("en", "fa", "vi") writes numbers. Where a number is missing (None or NaN), a dash."""

    language: str

    def digits(self, content: object) -> str:
        """``content`` with the digits of the language and nothing else changed."""
        written = str(content)
        return written.translate(_PERSIAN_DIGITS) if self.language == "fa" else written

    def number(self, value: float | None, digits: int = 0) -> str:
        """A number with thousands apart and ``digits`` decimals: "1,284", "۱٬۲۸۴"."""
        return self._written(value, digits)

    def signed(self, value: float | None, digits: int = 0) -> str:
        """A number with its sign, plus included: "+1.2". What rounds to nought has none."""
        return self._written(value, digits, plus="+")

    def share(self, value: float | None, digits: int = 1) -> str:
        """A share of one in percent: 0.838 → "83.8 %", "۸۳٫۸٪"."""
        return self._written(value, digits, percent=True)

    def change(self, value: float | None, digits: int = 1) -> str:
        """A relative change in percent with its sign: 0.041 → "+4.1 %", "+۴٫۱٪"."""
        return self._written(value, digits, plus="+", percent=True)

    def money(self, value: float | None, currency: str = "") -> str:
        """An amount in words for its size, in ``currency`` (ISO 4217) if one is named: "1.2 billion IRR".

        In Persian "۱٫۲ میلیارد ریال": a sum of benefits has so many noughts that no one reads them.
        """
        if value is None or math.isnan(value):
            return MISSING
        system = "arabext" if self.language == "fa" else "latn"
        amount = format_compact_decimal(
            value, format_type="long", locale=self.language, fraction_digits=1, numbering_system=system
        )
        amount = self.digits(amount.replace("-", MINUS))
        return f"{amount}\u00a0{self.currency(currency)}" if currency else amount

    def currency(self, code: str) -> str:
        """The sign of a currency, or its code where the language has none: "₫", "ریال", "IRR"."""
        return get_currency_symbol(code, locale=self.language)

    def _written(self, value: float | None, digits: int, plus: str = "", percent: bool = False) -> str:
        if value is None or math.isnan(value):
            return MISSING
        rounded = _rounded(Decimal(repr(float(value))) * (100 if percent else 1), digits)
        sign = MINUS if rounded < 0 else plus if rounded > 0 else ""
        unsigned = self.digits(_formatted(self.language, abs(rounded), digits))
        written = sign + unsigned + (_PERCENT[self.language] if percent else "")
        return isolate(written) if self.language == "fa" and (sign or percent) else written


def _rounded(value: Decimal, digits: int) -> Decimal:
    """Rounded half up, as people do by hand; as binary floats 0.125 and 0.135 would go to different sides."""
    return value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


@lru_cache(maxsize=4096)
def _formatted(language: str, value: Decimal, digits: int) -> str:
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    system = "arabext" if language == "fa" else "latn"
    return format_decimal(value, format=pattern, locale=Locale(language), numbering_system=system)
