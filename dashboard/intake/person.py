"""National codes: checked, turned into keyed hashes, and never kept.

A code is recognised by the algorithm of the jurisdiction, hashed, and forgotten. ``#`` and 32 hexadecimal digits stand
for a code already hashed with the same key: that is how a quarantined row names its person, and it is accepted again.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.intake.characters import flags

Mask = npt.NDArray[np.bool_]
Digits = npt.NDArray[np.uint8]

HASH_BYTES: Final = 16
_HASHED: Final = r"^#[0-9a-f]{32}$"
_BLOCK: Final = 64  # bytes of a block of SHA-256, to which HMAC fills the key up

_WEIGHTS: Final = np.array([10, 9, 8, 7, 6, 5, 4, 3, 2], dtype=np.int64)
_SYNTHETIC_PREFIX: Final = "000"
"""No register gives out codes that begin so; demo data do, and only demo mode takes them."""


@dataclass(frozen=True)
class _Shape:
    """The length of a code and the fewest digits a code still has when leading zeros were lost on the way."""

    length: int
    shortest: int


_SHAPES: Final = {"ir": _Shape(10, 8), "vn": _Shape(12, 10)}
_SHORTEST_SYNTHETIC: Final = 4


def person_hash(code: str, key: bytes) -> bytes:
    """The keyed hash that stands for a national code: HMAC-SHA256, cut to 16 bytes."""
    return hmac.digest(key, code.encode(), "sha256")[:HASH_BYTES]


def hashes(codes: Iterable[str], key: bytes) -> list[str]:
    """``person_hash`` of many codes in hexadecimal. The key is set up once instead of once a code."""
    key = hashlib.sha256(key).digest() if len(key) > _BLOCK else key
    padded = key.ljust(_BLOCK, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded)).copy
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded)).copy
    found: list[str] = []
    for code in codes:
        first, second = inner(), outer()
        first.update(code.encode())
        second.update(first.digest())
        found.append(second.digest()[:HASH_BYTES].hex())
    return found


@dataclass(frozen=True)
class Persons:
    """A column of persons: the hashes in hexadecimal (null where there is none), and the codes at fault by reason."""

    hashes: pa.Array
    faults: dict[str, Mask]


def persons(column: pa.Array, algorithm: str, key: bytes, demo: bool) -> Persons:
    """Normalised national codes, or hashes of them, as hashes; ``algorithm`` is the jurisdiction's ``person_code``."""
    given = np.asarray(column.is_valid().to_numpy(zero_copy_only=False), dtype=np.bool_)
    hashed = flags(pc.match_substring_regex(column, _HASHED))
    faults: dict[str, Mask] = {}
    codes = column
    if algorithm in _SHAPES:
        codes = padded(column, algorithm, demo)
        faults = _faults(codes, algorithm, given & ~hashed, demo)
    sound = given & ~hashed
    for mask in faults.values():
        sound &= ~mask
    found = np.full(len(column), None, dtype=object)
    found[sound] = hashes(codes.filter(pa.array(sound)).to_pylist(), key)
    found[hashed] = [value[1:] for value in column.filter(pa.array(hashed)).to_pylist()]
    return Persons(pa.array(found, pa.string()), faults)


def padded(column: pa.Array, algorithm: str, demo: bool) -> pa.Array:
    """Codes with the separators dropped that people write into them, and with leading zeros that were lost."""
    shape = _SHAPES[algorithm]
    codes = pc.replace_substring_regex(column, r"^(\d{3})-(\d{6})-(\d)$", r"\1\2\3") if algorithm == "ir" else column
    short = pc.and_(
        pc.ascii_is_decimal(codes),
        pc.greater_equal(pc.binary_length(codes), _SHORTEST_SYNTHETIC if demo else shape.shortest),
    )
    return pc.if_else(pc.fill_null(short, False), pc.ascii_lpad(codes, shape.length, "0"), codes)


def _faults(codes: pa.Array, algorithm: str, asked: Mask, demo: bool) -> dict[str, Mask]:
    """Where codes are at fault, by reason, in the order in which the reasons go before each other."""
    length = _SHAPES[algorithm].length
    whole = asked & flags(pc.match_substring_regex(codes, rf"^[0-9]{{{length}}}$"))
    digits = _digits(codes.filter(pa.array(whole)), length)
    repeated = (digits == digits[:, :1]).all(axis=1)
    synthetic = (digits[:, :3] == 0).all(axis=1) & ~repeated
    check = ~_plausible(digits, algorithm) & ~synthetic & ~repeated
    found = {"bad_national_code_length": asked & ~whole}
    for code, mask in (
        ("bad_national_code_repeated", repeated),
        ("synthetic_code", synthetic & (not demo)),
        ("bad_national_code_check", check),
    ):
        found[code] = np.zeros(len(codes), dtype=np.bool_)
        found[code][whole] = mask
    return found


def _digits(codes: pa.Array, length: int) -> Digits:
    """Codes of equal length as a table of digits."""
    text = "".join(codes.to_pylist()).encode()
    return np.frombuffer(text, dtype=np.uint8).reshape(-1, length) - ord("0")


def _plausible(digits: Digits, algorithm: str) -> Mask:
    return _check_digit_fits(digits) if algorithm == "ir" else _structure_fits(digits)


def _check_digit_fits(digits: Digits) -> Mask:
    """Iran: s = Σ dᵢ·(10−i) over the first nine digits, r = s mod 11, the tenth is r if r < 2, else 11 − r."""
    rest = (digits[:, :9].astype(np.int64) @ _WEIGHTS) % 11
    return np.asarray(digits[:, 9] == np.where(rest < 2, rest, 11 - rest), dtype=np.bool_)


def _structure_fits(digits: Digits) -> Mask:
    """Viet Nam: three digits of a place 001 to 096, one of century and sex (0 to 3 since 1900), two of the year."""
    place = digits[:, :3].astype(np.int64) @ np.array([100, 10, 1])
    return np.asarray((place >= 1) & (place <= 96) & (digits[:, 3] <= 3), dtype=np.bool_)


def names_person(text: str, algorithm: str) -> bool:
    """Whether a normalised text holds a run of digits that passes for a national code, synthetic ones included."""
    if algorithm not in _SHAPES:
        return False
    shape = _SHAPES[algorithm]
    for run in re.findall(r"\d+", text):
        if shape.shortest <= len(run) <= shape.length:
            digits = _digits(pa.array([run.zfill(shape.length)]), shape.length)
            if _plausible(digits, algorithm)[0] or run.zfill(shape.length).startswith(_SYNTHETIC_PREFIX):
                return True
    return False


_PERSONAL: Final = re.compile(r"\d{3}-\d{6}-\d|(?:\d\0?){8,}")


def masked(text: str) -> str:
    """``text`` with every digit of a run that may be a national code (8 digits or more, of any script) as •."""
    return _PERSONAL.sub(lambda run: re.sub(r"\d", "•", run.group()), text)
