"""One column of text turned into what its kind holds, with the values that are at fault."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.claims.subjects import Field
from dashboard.intake.characters import by_unique, flags
from dashboard.intake.moments import MomentReader
from dashboard.intake.person import persons
from dashboard.jurisdictions import Jurisdiction

Mask = npt.NDArray[np.bool_]

LONGEST_TEXT: Final = 128
"""Characters of an id or another text; what is longer is no id but something that slipped into its column."""
_AMOUNT: Final = 10**14
"""More than any benefit comes to in the smallest of currencies, and sums of ten thousands of it still fit."""
_LARGEST: Final[Mapping[str, int]] = {
    "age": 120,
    "n": 2**31 - 1,
    "amount_granted": _AMOUNT,
    "amount_paid": _AMOUNT,
}
_LARGEST_WHOLE: Final = 32_767
_FLAGS: Final = {
    **dict.fromkeys(("true", "t", "yes", "y", "1", "بله", "بلی", "có"), "true"),
    **dict.fromkeys(("false", "f", "no", "n", "0", "خیر", "không"), "false"),
}
_FIXED_WIDTH: Final = re.compile(r"\^?(?:\\d|\[0-9\])\{(\d+)\}\$?")


@dataclass(frozen=True)
class Fault:
    """Rows whose value is at fault, and the reason code."""

    code: str
    rows: Mask


@dataclass(frozen=True)
class Typed:
    """A column of its kind's arrow type, null where nothing stood or what stood was at fault."""

    column: pa.Array
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class ValueReader:
    """Reads the values of one source for one jurisdiction. ``key`` hashes persons; ``demo`` admits synthetic codes."""

    jurisdiction: Jurisdiction
    moments: MomentReader
    key: bytes
    demo: bool

    def typed(self, field: Field, column: pa.Array) -> Typed:
        """A column of cleaned strings as the kind of ``field`` wants it."""
        match field.kind:
            case "text":
                # JSON and sheets can hold the character NUL, which PostgreSQL's text cannot.
                too_long = _fault("too_long", pc.greater(pc.utf8_length(column), LONGEST_TEXT))
                return Typed(column, _fault("nul_byte", pc.match_substring(column, "\0")) + too_long)
            case "code" | "codes":
                return self._codes(field, column)
            case "moment":
                found, bad = self.moments.moments(column)
                return Typed(found, (Fault("bad_moment", bad),))
            case "day":
                found, bad = self.moments.days(column)
                return Typed(found, (Fault("bad_day", bad),))
            case "whole":
                return _whole(field, column)
            case "flag":
                found = by_unique(column, lambda values: [_FLAGS.get(v.casefold()) if v else None for v in values])
                return Typed(found.cast(pa.bool_()), _lost("bad_flag", column, found))
            case "workshop":
                return self._workshops(column)
            case "person":
                known = persons(column, self.jurisdiction.person_code, self.key, self.demo)
                return Typed(known.hashes, tuple(Fault(code, rows) for code, rows in known.faults.items()))

    def keys(self, field: Field) -> dict[str, str]:
        """The keys of a field's code list by what they are written as, without regard to capitals."""
        if field.codes == "provinces":
            codes = [province.code for province in self.jurisdiction.provinces] + list(self.jurisdiction.merges)
        elif field.codes == "offices":
            codes = [office.code for office in self.jurisdiction.offices]
        else:
            codes = [code.key for code in self.jurisdiction.codes[field.codes]]
        return {code.casefold(): code for code in codes}

    def _codes(self, field: Field, column: pa.Array) -> Typed:
        keys = self.keys(field)
        if field.kind == "code":
            found = by_unique(column, lambda values: [keys.get(v.casefold()) if v else None for v in values])
        else:
            found = by_unique(column, lambda values: [_several(v, keys) if v else None for v in values])
        return Typed(found, _lost("unknown_province" if field.codes == "provinces" else "unknown_code", column, found))

    def _workshops(self, column: pa.Array) -> Typed:
        pattern = self.jurisdiction.workshop_pattern
        width = _FIXED_WIDTH.fullmatch(pattern)
        if width:  # a number of fixed length, so what is shorter lost its leading zeros
            digits = pc.fill_null(pc.ascii_is_decimal(column), False)
            column = pc.if_else(digits, pc.ascii_lpad(column, int(width[1]), "0"), column)
        fits = pc.match_substring_regex(column, f"^(?:{pattern})$")
        return Typed(pc.if_else(fits, column, pa.scalar(None, pa.string())), _fault("bad_workshop", pc.invert(fits)))


def _several(text: str, keys: Mapping[str, str]) -> str | None:
    """Several keys as an array of PostgreSQL, sorted, each once; ``None`` when one is unknown."""
    found = {keys.get(part.strip().casefold()) for part in text.split("|")}
    return None if None in found else "{" + ",".join(sorted(key for key in found if key)) + "}"


def _whole(field: Field, column: pa.Array) -> Typed:
    digits = pc.replace_substring_regex(column, r"^([0-9]{1,15})(?:\.0+)?$", r"\1")
    fits = pc.fill_null(pc.match_substring_regex(digits, "^[0-9]{1,15}$"), False)
    numbers = pc.if_else(fits, digits, pa.scalar(None, pa.string())).cast(pa.int64())
    small = pc.less_equal(numbers, _LARGEST.get(field.name, _LARGEST_WHOLE))
    numbers = pc.if_else(small, numbers, pa.scalar(None, pa.int64()))
    return Typed(numbers, _lost("bad_whole", column, numbers))


def _fault(code: str, rows: pa.Array) -> tuple[Fault, ...]:
    return (Fault(code, flags(rows)),)


def _lost(code: str, before: pa.Array, after: pa.Array) -> tuple[Fault, ...]:
    """The fault of values that were there before and are not any more."""
    return _fault(code, pc.and_(before.is_valid(), after.is_null()))
