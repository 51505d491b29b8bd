"""The body of a request: bounded, unpacked and taken apart; what it holds is not judged here."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any, Final

import orjson
from flask import request

from dashboard.intake.chunk import Broken
from dashboard.intake.door.problems import Problem
from dashboard.intake.person import masked

MOST_SENT: Final = 10 << 20
"""Bytes of a body as it is sent."""
MOST_UNPACKED: Final = 32 << 20
"""Bytes of a body that was packed: 50,000 records of 670 bytes."""
MOST_RECORDS: Final = 50_000

JSON: Final = "application/json"
NDJSON: Final = "application/x-ndjson"


def kind(*accepted: str) -> str:
    """The media type of the body; Problem 415 when it is none of those accepted, or not in UTF-8."""
    charset = request.mimetype_params.get("charset", "utf-8")
    if request.mimetype not in accepted or charset.lower().replace("_", "-") not in ("utf-8", "utf8"):
        raise Problem(415, f"send {' or '.join(accepted)} in UTF-8", {"Accept-Post": ", ".join(accepted)})
    return request.mimetype


def content(most_sent: int = MOST_SENT, most_unpacked: int = MOST_UNPACKED) -> bytes:
    """The body, unpacked; Problem 413 when it is too long, 400 empty or damaged, 415 packed in another way."""
    packing = request.headers.get("Content-Encoding", "identity").strip().lower()
    if packing not in ("identity", "gzip", "x-gzip"):
        raise Problem(415, "this Content-Encoding is not understood; gzip is", {"Accept-Encoding": "gzip"})
    too_long = Problem(413, f"the body is longer than {most_sent:,} bytes; send it in parts")
    if (request.content_length or 0) > most_sent:
        raise too_long
    sent = request.stream.read(most_sent + 1)  # a body sent in pieces does not say its length
    if len(sent) > most_sent:
        raise too_long
    if not sent.strip():
        raise Problem(400, "the body is empty")
    return sent if packing == "identity" else _unpacked(sent, most_unpacked)


def one(text: bytes) -> Any:
    """The one value of a JSON body; Problem 400 when it is not JSON."""
    try:
        return orjson.loads(text.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise Problem(400, f"the body is not valid JSON: {error}") from error


def several(text: bytes, form: str) -> Sequence[Any]:
    """The records of a body, a `Broken` for each line that is no JSON; Problem 400 or 413 when it cannot be taken."""
    if form == NDJSON:
        return _lines(text.removeprefix(b"\xef\xbb\xbf"))
    values = one(text)
    if not isinstance(values, list):
        raise Problem(400, f"the body is not a JSON array of records; one object a line is sent as {NDJSON}")
    _few_enough(len(values))
    return values


def _lines(text: bytes) -> Sequence[Any]:
    if text.lstrip().startswith(b"["):
        raise Problem(400, f"the body is a JSON array: send it as {JSON}, or one object a line")
    lines = [line for line in text.split(b"\n") if line.strip()]
    _few_enough(len(lines))
    return [_line(number, line) for number, line in enumerate(lines, start=1)]


def _line(number: int, line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError as error:
        text = line.decode(errors="replace").rstrip("\r")
        undecodable = "�" in text and "�".encode() not in line
        code, detail = ("undecodable", "") if undecodable else ("bad_json", error.msg)
        return Broken(number, masked(text), code, detail)


def _few_enough(records: int) -> None:
    if records > MOST_RECORDS:
        raise Problem(413, f"the body holds {records:,} records; send at most {MOST_RECORDS:,} at a time")


def _unpacked(sent: bytes, most: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while sent:  # a packed file may be several, one behind the other
        unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        try:
            parts.append(unpacking.decompress(sent, most - size + 1))
        except zlib.error as error:
            raise Problem(400, "the body says it is gzip, and cannot be unpacked") from error
        size += len(parts[-1])
        if size > most:
            raise Problem(413, f"the unpacked body is longer than {most:,} bytes; send it in parts")
        if not unpacking.eof:
            raise Problem(400, "the body says it is gzip, and breaks off")
        sent = unpacking.unused_data
    return b"".join(parts)
