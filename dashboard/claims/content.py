"""The content of a record: its column types on the way to the database, and the hash two versions are compared by."""

from __future__ import annotations

from hashlib import blake2b

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.claims.subjects import Kind, Subject

ARROW_TYPES: dict[Kind, pa.DataType] = {
    "text": pa.string(),
    "code": pa.string(),
    "codes": pa.string(),
    "workshop": pa.string(),
    "person": pa.string(),
    "moment": pa.timestamp("us", "UTC"),
    "day": pa.date32(),
    "whole": pa.int64(),
    "flag": pa.bool_(),
}

_NOT_CONTENT = frozenset({"updated_at", "match", "timing"})
"""When it was reported, and what the intake itself found: neither is what the province says of the case."""


def to_arrow(subject: Subject, frame: pd.DataFrame) -> list[pa.Array]:
    """The columns of ``subject.columns`` out of a frame, each as its kind's type."""
    return [
        pa.array(frame[field.column], type=ARROW_TYPES[field.kind], from_pandas=True, safe=field.kind != "moment")
        for field in subject.columns
    ]


def content_hashes(subject: Subject, arrays: list[pa.Array]) -> pa.Array:
    """A 128-bit hash of the content of each record, as text of 32 hexadecimal digits."""
    texts = [
        pc.fill_null(_as_text(array), "")
        for field, array in zip(subject.columns, arrays, strict=True)
        if field.column not in _NOT_CONTENT
    ]
    joined = pc.binary_join_element_wise(*texts, "\x1f")
    return pa.array([blake2b(text.encode(), digest_size=16).hexdigest() for text in joined.to_pylist()])


def _as_text(array: pa.Array) -> pa.Array:
    # Numbers print much faster than moments, and just as unmistakably.
    if pa.types.is_timestamp(array.type):
        array = array.cast(pa.int64())
    elif pa.types.is_date(array.type):
        array = array.cast(pa.int32())
    return array.cast(pa.string())
