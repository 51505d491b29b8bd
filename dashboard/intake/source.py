"""The bytes of an input file, plain or gzip, piece by piece, with how far into the file they reach."""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from dashboard.intake.reasons import BrokenInput

PIECE: Final = 1 << 20
_GZIP: Final = b"\x1f\x8b"


class CutOff(Exception):
    """A compressed stream that ends, or turns to garbage, before its end; what came before has been handed out."""


class Source:
    """A file on disk. ``bytes_read`` counts its bytes as they lie there, for progress against its size."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.bytes_read = 0
        try:
            self.size = path.stat().st_size
            with path.open("rb") as file:
                self.compressed = file.read(2) == _GZIP
        except OSError as error:
            raise BrokenInput(str(path), 0, error.strerror or str(error)) from error
        if not self.size:
            raise BrokenInput(str(path), 0, "the file is empty")

    def pieces(self) -> Iterator[bytes]:
        """The content about a megabyte at a time. CutOff when a gzip stream breaks off."""
        with self.path.open("rb") as file:
            yield from self._inflated(file) if self.compressed else iter(lambda: self._read(file), b"")

    @contextmanager
    def seekable(self) -> Iterator[BinaryIO]:
        """The content as a file to be read in any order: the file itself, or its content on a temporary one."""
        if not self.compressed:
            with self.path.open("rb") as file:
                yield file
            return
        with tempfile.TemporaryFile() as file:
            for piece in self.pieces():
                file.write(piece)
            file.seek(0)
            yield file

    def _read(self, file: BinaryIO) -> bytes:
        piece = file.read(PIECE)
        self.bytes_read += len(piece)
        return piece

    def _inflated(self, file: BinaryIO) -> Iterator[bytes]:
        """The content of all members of a gzip file, in pieces of bounded size however well it was compressed."""
        member, pending = zlib.decompressobj(wbits=31), b""
        while True:
            pending = pending or self._read(file)
            if not pending:
                if not member.eof:
                    raise CutOff("the gzip stream breaks off")
                return
            if member.eof:
                if not pending.strip(b"\0"):  # padding, as tape and some uploads add it
                    pending = b""
                    continue
                member = zlib.decompressobj(wbits=31)
            try:
                piece = member.decompress(pending, PIECE)
            except zlib.error as error:
                raise CutOff(f"the gzip stream is damaged ({error})") from error
            pending = member.unused_data if member.eof else member.unconsumed_tail
            if piece:
                yield piece
